//! The one place that sends requests.

mod answer;
mod client;
mod collected;
mod fault;
mod join;
mod oauth;
mod options;
mod private;
#[cfg(test)]
mod private_tests;

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use tokio::sync::{Semaphore, SemaphorePermit};
use url::{Origin, Url};

pub use answer::Answer;
pub use client::Document;
pub use oauth::{ClientAuth, Grant, OAuth, OAuthOptions};
pub use options::{Tls, UpstreamOptions};
pub use private::is_private;

use self::collected::Collected;
use crate::error::{Error, Fault, Result, Retry};
use crate::request::Request;

/// The API behind one server: one pooled client, bounded in time, size and concurrency.
///
/// Follows no redirect, keeps no cookie, reads no proxy from the environment, repeats no request.
pub struct Upstream {
    client: reqwest::Client,
    options: UpstreamOptions,
    permits: Semaphore,
}

impl Upstream {
    /// A client for the base URL.
    ///
    /// # Errors
    /// When the base is not an `http` or `https` URL of scheme, host, port and path alone, or TLS cannot be set up, as on a
    /// machine without CA certificates.
    pub fn new(options: UpstreamOptions) -> Result<Self> {
        join::check_base(&options.base)?;
        let elsewhere = options.origins.iter().map(Origin::ascii_serialization);
        let speaks_tls = options.base.scheme() == "https"
            || elsewhere
                .into_iter()
                .any(|origin| origin.starts_with("https:"));
        private::check(&options.base, options.deny_private)?;
        let client = client::build(&options, speaks_tls)?;
        Ok(Self {
            client,
            permits: Semaphore::new(options.max_concurrent),
            options,
        })
    }

    /// The limits and the base that this upstream was made with.
    pub fn options(&self) -> &UpstreamOptions {
        &self.options
    }

    /// How many more calls may be under way at this moment.
    pub fn free(&self) -> usize {
        self.permits.available_permits()
    }

    /// Sends the request and collects the answer, whatever its status. Dropping the future closes the connection.
    ///
    /// # Errors
    /// One sentence without address, URL or header value: the concurrency limit, DNS, connect, TLS, timeout, protocol.
    pub async fn send(&self, request: Request) -> Result<Answer> {
        self.send_with(request, |_, _| {}).await
    }

    /// As [`Upstream::send`]; `progress` hears of the number of bytes received so far, after each piece of the body, and of
    /// how many there will be where the upstream says so. What comes compressed is counted unpacked, and its end unknown.
    pub async fn send_with(
        &self,
        request: Request,
        progress: impl FnMut(usize, Option<u64>),
    ) -> Result<Answer> {
        self.turn()?.send_with(request, progress).await
    }

    /// A place among the calls under way, for a call that has something to wait for before it is sent.
    ///
    /// # Errors
    /// When all places are taken.
    pub fn turn(&self) -> Result<Turn<'_>> {
        let Ok(permit) = self.permits.try_acquire() else {
            let message = format!(
                "the gateway already has {} calls of this server under way",
                self.options.max_concurrent
            );
            return Err(Error::new(Fault::Gateway, Retry::Maybe, message));
        };
        Ok(Turn {
            upstream: self,
            _permit: permit,
        })
    }

    async fn exchange(
        &self,
        request: Request,
        mut progress: impl FnMut(usize, Option<u64>),
    ) -> Result<Answer> {
        let url = join::join(&self.options, &request)?;
        private::check(&url, self.options.deny_private)?;
        let mut response = self
            .client
            .execute(prepared(request, url))
            .await
            .map_err(|error| fault::of(&error, &self.options))?;
        let status = response.status();
        let length = response.content_length();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Collected::default();
        let mut truncated = false;
        loop {
            let piece = match response.chunk().await {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                // A stream has no end of its own: what came within the time is the answer.
                Err(error) if error.is_timeout() && is_stream(&headers) && !body.is_empty() => {
                    truncated = true;
                    break;
                }
                Err(error) => return Err(fault::of(&error, &self.options)),
            };
            let room = self.options.max_response_bytes - body.len();
            if piece.len() > room {
                body.push(piece.slice(..room));
                truncated = true;
                break;
            }
            body.push(piece);
            progress(body.len(), length);
        }
        Ok(Answer {
            status,
            headers,
            body: body.into_bytes(),
            truncated,
        })
    }
}

fn prepared(request: Request, url: Url) -> reqwest::Request {
    let (method, headers, body) = request.into_parts();
    let expects_body = matches!(method, Method::POST | Method::PUT | Method::PATCH);
    let mut prepared = reqwest::Request::new(method, url);
    *prepared.headers_mut() = headers;
    match body {
        Some(body) => *prepared.body_mut() = Some(body.into()),
        // Servers answer 411 to such a method without a length (RFC 9110 §8.6).
        None if expects_body => {
            let nothing = HeaderValue::from_static("0");
            prepared.headers_mut().insert(CONTENT_LENGTH, nothing);
        }
        None => {}
    }
    prepared
}

/// A place among the calls under way; it is free again once this is dropped.
pub struct Turn<'u> {
    upstream: &'u Upstream,
    _permit: SemaphorePermit<'u>,
}

impl Turn<'_> {
    /// As [`Upstream::send_with`].
    ///
    /// # Errors
    /// As there, but for the concurrency limit.
    pub async fn send_with(
        &self,
        request: Request,
        progress: impl FnMut(usize, Option<u64>),
    ) -> Result<Answer> {
        self.upstream.exchange(request, progress).await
    }
}

/// Whether the body is events or lines of JSON, each of which stands for itself.
fn is_stream(headers: &HeaderMap) -> bool {
    const STREAMS: [&str; 5] = [
        "text/event-stream",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/json-seq",
    ];
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = media_type
        .and_then(|text| text.split(';').next())
        .unwrap_or_default()
        .trim();
    STREAMS
        .iter()
        .any(|stream| essence.eq_ignore_ascii_case(stream))
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upstream")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

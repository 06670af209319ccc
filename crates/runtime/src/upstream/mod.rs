//! The one place that sends requests.

mod answer;
mod collected;
mod dial;
mod document;
mod fault;
mod incoming;
mod join;
mod link;
mod oauth;
mod options;
mod origin;
mod pool;
mod private;
#[cfg(test)]
mod private_tests;
mod resolver;
mod tls;
mod unpack;

use std::pin::pin;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

pub use answer::Answer;
pub use document::Document;
pub use oauth::{ClientAuth, Grant, OAuth, OAuthOptions};
pub use options::{Tls, UpstreamOptions};
pub use private::is_private;

use self::collected::Collected;
use self::fault::Trouble;
use self::origin::Origin;
use crate::error::{Error, Fault, Result, Retry};
use crate::request::Request;

/// The API behind one server: kept connections, bounded in time, size and concurrency.
///
/// Follows no redirect, keeps no cookie, reads no proxy from the environment, repeats no request.
pub struct Upstream {
    /// That of the base first, then those of the options.
    origins: Vec<Origin>,
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
        private::check(&options.base, options.deny_private)?;
        let mut origins = vec![Origin::new(&options.base, &options)?];
        for elsewhere in &options.origins {
            let url = elsewhere.ascii_serialization();
            let url = url.parse().map_err(|_| {
                Error::gateway(format!("`{url}` is no origin that requests can be sent to"))
            })?;
            origins.push(Origin::new(&url, &options)?);
        }
        Ok(Self {
            origins,
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
        let (url, at) = join::join(&self.options, &request)?;
        private::check(&url, self.options.deny_private)?;
        let told = |trouble: Trouble| trouble.told(&self.options);
        let target = origin::target(&url).map_err(told)?;
        let origin = self
            .origins
            .get(at)
            .ok_or_else(|| told(Trouble::Unsendable))?;
        let end = Instant::now() + self.options.timeout;
        let (method, headers, body) = request.into_parts();
        let sent = pin!(origin.send(method, target, headers, body));
        let started = timeout_at(end, sent).await.unwrap_or(Err(Trouble::Timeout));
        let origin::Started {
            status,
            headers,
            mut content,
        } = started.map_err(told)?;
        let length = content.length();
        let mut body = Collected::default();
        let mut truncated = false;
        loop {
            let piece = timeout_at(end, content.chunk()).await;
            let piece = match piece.unwrap_or(Err(Trouble::Timeout)) {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                // A stream has no end of its own: what came within the time is the answer.
                Err(Trouble::Timeout) if is_stream(&headers) && !body.is_empty() => {
                    truncated = true;
                    break;
                }
                Err(trouble) => return Err(told(trouble)),
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

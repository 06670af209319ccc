//! Descriptions from the network, within bounds.

use std::time::Duration;

use reqwest::header::{ACCEPT, ETAG, IF_NONE_MATCH};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::address::shown;
use crate::console::{Failure, Result};
use crate::private::{self, Public};

/// No description is larger: GitHub's, the largest in use, has 12 MB.
pub(crate) const MAX_BYTES: usize = 64 << 20;
/// For all of it: connecting, redirects, and the last byte.
const TIMEOUT: Duration = Duration::from_secs(30);
/// A published document moves once or twice, not more.
const MAX_REDIRECTS: usize = 5;

/// On which terms a document is fetched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms<'a> {
    /// Whether its server, or one that it redirects to, may be in a private network.
    pub(crate) allow_private: bool,
    /// The state that is here already.
    pub(crate) etag: Option<&'a str>,
}

impl Terms<'_> {
    /// From anywhere, whatever is here: for addresses that a person has just written.
    pub(crate) const ANY: Terms<'static> = Terms {
        allow_private: true,
        etag: None,
    };
}

/// A document.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) bytes: Vec<u8>,
    /// What its server calls this state of it.
    pub(crate) etag: Option<String>,
}

/// Gets a document by GET, with redirects followed but never from https down to http; `None` when the server says
/// that it is the state that is here already.
pub(crate) fn fetch(url: &Url, terms: &Terms<'_>) -> Result<Option<Fetched>> {
    // The process may have chosen a provider already; that one does as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime =
        runtime.map_err(|error| Failure::new(format!("cannot start a runtime: {error}")))?;
    runtime
        .block_on(get(url, terms))
        .map_err(|failure| failure.at(shown(url)))
}

fn client(url: &Url, terms: &Terms<'_>) -> reqwest::Result<Client> {
    let allow_private = terms.allow_private;
    let options = || {
        let options = Client::builder()
            .user_agent(concat!("toolwright-xtask/", env!("CARGO_PKG_VERSION")))
            .timeout(TIMEOUT)
            .redirect(Policy::custom(move |attempt| {
                follow(attempt, allow_private)
            }));
        match allow_private {
            true => options,
            false => options.dns_resolver(Public),
        }
    };
    match options().build() {
        // A machine without CA certificates can still fetch what needs none.
        Err(_) if url.scheme() == "http" => options().tls_certs_only([]).build(),
        client => client,
    }
}

async fn get(url: &Url, terms: &Terms<'_>) -> Result<Option<Fetched>> {
    if !terms.allow_private && private::is_literal(url) {
        return Err(Failure::new(private::REFUSED).help(private::HELP));
    }
    let client = client(url, terms).map_err(|error| unsent(&error))?;
    let accept = "application/json, application/yaml;q=0.9, text/yaml;q=0.9, */*;q=0.8";
    let mut request = client.get(url.clone()).header(ACCEPT, accept);
    if let Some(etag) = terms.etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    let response = request.send().await.map_err(|error| unsent(&error))?;
    if terms.etag.is_some() && response.status() == StatusCode::NOT_MODIFIED {
        return Ok(None);
    }
    if !response.status().is_success() {
        return Err(Failure::new(format!("the server answered {}", response.status()))
            .help("is this the address of the description itself? FastAPI publishes it at /openapi.json"));
    }
    let etag = response.headers().get(ETAG);
    // One that is no plain text, or long, is not worth a line in a file that people review.
    let etag = etag
        .and_then(|etag| etag.to_str().ok())
        .filter(|etag| etag.len() <= 200)
        .map(str::to_owned);
    let bytes = body(response).await?;
    Ok(Some(Fetched { bytes, etag }))
}

fn follow(attempt: Attempt<'_>, allow_private: bool) -> reqwest::redirect::Action {
    let was_https = attempt.previous().iter().any(|url| url.scheme() == "https");
    if attempt.previous().len() > MAX_REDIRECTS {
        return attempt.error(format!("more than {MAX_REDIRECTS} redirects"));
    }
    if !matches!(attempt.url().scheme(), "http" | "https")
        || was_https && attempt.url().scheme() == "http"
    {
        return attempt.error("a redirect leads away from https");
    }
    if !allow_private && private::is_literal(attempt.url()) {
        return attempt.error(private::REFUSED);
    }
    attempt.follow()
}

async fn body(mut response: Response) -> Result<Vec<u8>> {
    let too_large = || {
        Failure::new(format!(
            "the document is larger than {} MiB",
            MAX_BYTES >> 20
        ))
    };
    if response
        .content_length()
        .is_some_and(|length| length > MAX_BYTES as u64)
    {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unsent(&error))? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The innermost cause says most; the outer ones repeat the URL, perhaps with its password.
fn unsent(error: &reqwest::Error) -> Failure {
    if error.is_timeout() {
        return Failure::new(format!("no complete answer within {} s", TIMEOUT.as_secs()));
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let failure = Failure::new(format!("cannot be fetched: {cause}"));
    match cause.to_string() == private::REFUSED {
        true => failure.help(private::HELP),
        false => failure,
    }
}

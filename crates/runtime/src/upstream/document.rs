//! Documents that the gateway itself needs, such as the keys of an issuer or a token.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use super::fault::Trouble;
use super::join;
use super::options::UpstreamOptions;
use super::origin::{self, Origin};
use crate::error::{Error, Result, Retry};

/// Fetches one document, such as the keys of an issuer. No redirects, no proxies, bounded in time and size.
#[derive(Debug)]
pub struct Document {
    origin: Origin,
    url: Url,
    timeout: Duration,
}

impl Document {
    /// # Errors
    /// When the URL is none that requests can be sent to, or TLS cannot be set up.
    pub fn new(url: Url) -> Result<Self> {
        join::check_base(&url)?;
        let options = UpstreamOptions::new(url.clone());
        Ok(Self {
            origin: Origin::new(&url, &options)?,
            timeout: options.timeout,
            url,
        })
    }

    /// The document as it is now, of at most `max_bytes`.
    ///
    /// # Errors
    /// When it cannot be had, or is longer.
    pub async fn fetch(&self, max_bytes: usize) -> Result<Vec<u8>> {
        let (method, headers) = (Method::GET, HeaderMap::new());
        let fetching = exchange(&self.origin, method, &self.url, headers, None, max_bytes);
        let fetched = tokio::time::timeout(self.timeout, fetching).await;
        match fetched.unwrap_or(Err(Unfetched::Unreachable)) {
            Ok((StatusCode::OK, document)) => Ok(document),
            Ok((status, _)) => {
                let message = format!("the document's URL answers {}", status.as_u16());
                Err(Error::upstream(Retry::Maybe, message))
            }
            Err(Unfetched::TooLong) => {
                Err(Error::upstream(Retry::Never, "the document is too long"))
            }
            Err(Unfetched::Unreachable) => {
                let message = "the document cannot be fetched from its URL";
                Err(Error::upstream(Retry::Maybe, message))
            }
        }
    }
}

/// Why there is no document.
pub(super) enum Unfetched {
    Unreachable,
    TooLong,
}

impl From<Trouble> for Unfetched {
    fn from(_: Trouble) -> Self {
        Self::Unreachable
    }
}

/// One request and its whole answer of at most `most` bytes. Time is the caller's to bound.
pub(super) async fn exchange(
    origin: &Origin,
    method: Method,
    url: &Url,
    headers: HeaderMap,
    body: Option<Bytes>,
    most: usize,
) -> std::result::Result<(StatusCode, Vec<u8>), Unfetched> {
    let target = origin::target(url)?;
    let mut started = origin.send(method, target, headers, body).await?;
    let mut all = Vec::new();
    while let Some(piece) = started.content.chunk().await? {
        if all.len() + piece.len() > most {
            return Err(Unfetched::TooLong);
        }
        all.extend_from_slice(&piece);
    }
    Ok((started.status, all))
}

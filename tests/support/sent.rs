//! A request over HTTP and its whole answer, kept for the validator. Whoever speaks MCP by a client of HTTP sends by this.

use http::{HeaderMap, StatusCode, Version};
use reqwest::RequestBuilder;

use super::record::record;

/// An answer.
#[derive(Debug)]
pub(crate) struct Sent {
    status: StatusCode,
    headers: HeaderMap,
    version: Version,
    text: String,
}

/// Sends a request, and reads its answer to the end.
pub(crate) async fn send(request: RequestBuilder) -> Sent {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let body = request.body().and_then(reqwest::Body::as_bytes);
    let asked = String::from_utf8_lossy(body.unwrap_or_default()).into_owned();
    let spoken = request.headers().get("mcp-protocol-version").cloned();
    let answer = client.execute(request).await.unwrap();
    let (status, version) = (answer.status(), answer.version());
    let headers = answer.headers().clone();
    let text = answer.text().await.unwrap();
    let spoken = spoken.as_ref().and_then(|value| value.to_str().ok());
    record(spoken, &asked, Some(status.as_u16()), &text);
    Sent {
        status,
        headers,
        version,
        text,
    }
}

impl Sent {
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Of HTTP.
    pub(crate) fn version(&self) -> Version {
        self.version
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

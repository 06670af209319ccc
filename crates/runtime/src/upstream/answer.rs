//! What an upstream answered.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode};

/// An answer of any status.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers as they came, but for those of a compression that has been undone.
    pub headers: HeaderMap,
    /// The body, decompressed, up to the limit.
    pub body: Bytes,
    /// Whether the body was longer than the limit, or, for a stream of events or lines, than the time.
    pub truncated: bool,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("headers", &names)
            .field("body", &self.body.len())
            .field("truncated", &self.truncated)
            .finish()
    }
}

//! Bodies: read within bounds, written without copies.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Frame, SizeHint};

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// Longer than the limit.
    TooLong,
    /// Not there in time.
    TooSlow,
    /// Ended early or is malformed.
    Broken,
}

/// Reads a body of at most `limit` bytes that comes within `time`.
pub(super) async fn read(
    body: axum::body::Body,
    limit: usize,
    time: Duration,
) -> Result<Bytes, Unread> {
    let said = body.size_hint().lower();
    if usize::try_from(said).is_ok_and(|said| said > limit) {
        return Err(Unread::TooLong);
    }
    let reading = Limited::new(body, limit).collect();
    match tokio::time::timeout(time, reading).await {
        Err(_) => Err(Unread::TooSlow),
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(Unread::TooLong),
        Ok(Err(_)) => Err(Unread::Broken),
    }
}

/// The most bytes of a body that are read although nobody wants them, and the time for it.
const UNWANTED: (usize, Duration) = (64 << 10, Duration::from_secs(1));

/// Lets go of a body whose request was answered without it; whether the connection can go on. Closing it at once would
/// often take the answer with it, because the end of unread bytes is a reset.
pub(super) async fn let_go(body: axum::body::Body) -> bool {
    body.is_end_stream() || read(body, UNWANTED.0, UNWANTED.1).await.is_ok()
}

/// A body in parts that are kept elsewhere too.
#[derive(Debug)]
pub(super) struct Parts(VecDeque<Bytes>);

impl Parts {
    pub(super) fn new(parts: Vec<Bytes>) -> Parts {
        Parts(parts.into_iter().filter(|part| !part.is_empty()).collect())
    }
}

impl Body for Parts {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|part| Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let length: usize = self.0.iter().map(Bytes::len).sum();
        SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
    }
}

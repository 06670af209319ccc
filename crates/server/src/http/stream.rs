//! An answer as `text/event-stream`: progress while the call runs, then its result, then the end.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};

use crate::mcp::progress::Progress;
use crate::protocol::reply::Reply;

/// A call under way. Dropped with the connection, which ends the call.
pub(super) type Call = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// The events of one call.
pub(super) struct Events {
    call: Option<Call>,
    progress: Arc<Progress>,
    waiting: VecDeque<Bytes>,
}

impl Events {
    pub(super) fn new(call: Call, progress: Arc<Progress>) -> Events {
        Events {
            call: Some(call),
            progress,
            waiting: VecDeque::new(),
        }
    }
}

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.waiting.is_empty()
            && let Some(call) = &mut this.call
        {
            // Progress is reported while the call is polled, so there is some to fetch exactly now.
            let polled = call.as_mut().poll(context);
            let told = this.progress.take();
            this.waiting
                .extend(told.into_iter().map(|text| event(text.into_bytes())));
            if let Poll::Ready(reply) = polled {
                this.call = None;
                if let Reply::Json { parts, .. } = reply {
                    this.waiting.push_back(event(parts.concat()));
                }
            }
        }
        match this.waiting.pop_front() {
            Some(event) => Poll::Ready(Some(Ok(Frame::data(event)))),
            None if this.call.is_some() => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

/// One event. Line ends in JSON text stand between tokens alone, so that a space can take their place.
fn event(mut text: Vec<u8>) -> Bytes {
    for byte in &mut text {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    let mut event = b"event: message\ndata: ".to_vec();
    event.append(&mut text);
    event.extend_from_slice(b"\n\n");
    Bytes::from(event)
}

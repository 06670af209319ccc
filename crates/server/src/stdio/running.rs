//! A request that is being answered: its progress, then its answer.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::Stream;

use crate::mcp::progress::Progress;
use crate::protocol::reply::Reply;
use crate::protocol::text::quoted;

/// The work behind a request.
pub(super) type Call = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// What a request brings forth.
#[derive(Debug)]
pub(super) enum Item {
    /// A message for the client.
    Message(Vec<u8>),
    /// There is nothing more to come for the request of this id.
    Done(Option<String>),
}

/// One request under way.
pub(super) struct Running {
    id: Option<String>,
    call: Option<Call>,
    progress: Option<Arc<Progress>>,
    waiting: VecDeque<Item>,
}

impl Running {
    pub(super) fn new(id: Option<String>, call: Call, progress: Option<Arc<Progress>>) -> Running {
        Running {
            id,
            call: Some(call),
            progress,
            waiting: VecDeque::new(),
        }
    }
}

impl Stream for Running {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        if this.waiting.is_empty()
            && let Some(call) = &mut this.call
        {
            let polled = call.as_mut().poll(context);
            // Progress is reported while the call is polled.
            let told = this.progress.iter().flat_map(|progress| progress.take());
            this.waiting
                .extend(told.map(|text| Item::Message(line(text.into_bytes()))));
            if let Poll::Ready(reply) = polled {
                this.call = None;
                if let Reply::Json { parts, .. } = reply {
                    this.waiting.push_back(Item::Message(line(parts.concat())));
                }
                this.waiting.push_back(Item::Done(this.id.take()));
            }
        }
        match this.waiting.pop_front() {
            Some(item) => Poll::Ready(Some(item)),
            None if this.call.is_some() => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

/// What tells an id from others: a text may be written in more than one way, a number is compared as it is written.
pub(super) fn key(id: &str) -> String {
    let text = serde_json::from_str::<String>(id);
    text.map_or_else(|_| id.to_owned(), |text| quoted(&text))
}

/// A message as one line. Line ends in JSON text stand between tokens alone, so that a space can take their place.
pub(super) fn line(mut text: Vec<u8>) -> Vec<u8> {
    for byte in &mut text {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    text.push(b'\n');
    text
}

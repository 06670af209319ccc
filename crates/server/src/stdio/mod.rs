//! MCP over standard input and output: one message a line, for a client that started this process.
//!
//! There are no request headers here, so `stdio_headers` stands in for the caller's, and no gateway key: whoever could
//! start the process has what it has. Requests run side by side within one task; `notifications/cancelled` drops a call,
//! and with it the upstream's connection. Only the version of the handshake is remembered; requests that carry their
//! version need no memory.

mod lines;
mod outgoing;
mod running;
mod waiting;

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::stream::{AbortHandle, Abortable, SelectAll, StreamExt as _};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Sleep;

use self::lines::{Line, Lines};
use self::outgoing::Outgoing;
use self::running::{Item, Running};
use self::waiting::Waiting;
use crate::gateway::{Endpoint, Gateway};
use crate::mcp;
use crate::mcp::envelope::{self, Body, Message};
use crate::mcp::progress::Progress;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::reply::Reply;
use crate::protocol::version::Version;

/// The most calls under way; more wait, within the bytes of one message.
const MAX_RUNNING: usize = 256;

/// The most messages of all kinds that are being answered; further ones stay in the pipe.
const MAX_ANSWERED: usize = 1024;

/// How long calls may go on once the input has ended.
const GRACE: Duration = Duration::from_millis(800);

/// What one client is offered.
#[derive(Debug)]
pub struct Offer {
    /// What can be called.
    pub gateway: Gateway,
    /// The one server whose tools keep their bare names; without it all are offered, each tool with its server's name
    /// before it.
    pub server: Option<String>,
    /// What stands in for the caller's headers, by the server's name.
    pub headers: HashMap<String, HeaderMap>,
}

impl Offer {
    fn endpoint(&self) -> &Endpoint {
        let own = self.server.as_ref();
        own.and_then(|server| self.gateway.own.get(server))
            .unwrap_or(&self.gateway.all)
    }

    fn context<'a>(
        &'a self,
        version: Version,
        none: &'a HeaderMap,
        progress: Option<&'a Progress>,
    ) -> mcp::Context<'a> {
        mcp::Context {
            gateway: &self.gateway,
            endpoint: self.endpoint(),
            headers: none,
            key: None,
            caller: None,
            stdio: Some(mcp::Stdio {
                version,
                headers: &self.headers,
            }),
            progress,
        }
    }
}

/// Serves one client until the input ends, the output is closed, or `stop` is ready.
///
/// # Errors
/// Where the input cannot be read.
pub async fn serve(
    offer: Offer,
    input: impl AsyncRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let limit = offer.endpoint().body_bytes;
    let mut session = Session {
        offer: Arc::new(offer),
        version: Version::WHEN_UNSAID,
        running: SelectAll::new(),
        handles: HashMap::new(),
        waiting: Waiting::default(),
    };
    let mut lines = Lines::new(input, limit);
    let mut outgoing = Outgoing::default();
    let (mut stop, mut grace) = (std::pin::pin!(stop), None);
    loop {
        session.begin_waiting();
        let (busy, has_ended) = (!session.running.is_empty(), grace.is_some());
        if has_ended && !busy && outgoing.is_empty() {
            return Ok(());
        }
        tokio::select! {
            () = &mut stop => return Ok(()),
            () = passed(&mut grace), if has_ended => return Ok(()),
            // A client that does not read holds up answers, and neither its own messages nor an end.
            is_read = outgoing.write(&mut output), if !outgoing.is_empty() => if !is_read {
                return Ok(());
            },
            // Nothing comes where the last of them was cancelled.
            item = session.running.next(), if busy && outgoing.is_empty() => if let Some(item) = item {
                session.pass(item, &mut outgoing);
            },
            read = lines.next(), if !has_ended && session.has_room(limit) => match read? {
                None => grace = Some(Box::pin(tokio::time::sleep(GRACE))),
                Some(Line::TooLong) => {
                    let message = format!("the message is longer than {limit} bytes");
                    session.refuse(Refusal::new(Code::InvalidRequest, message));
                }
                Some(Line::Whole(text)) => session.take(text),
            },
        }
    }
}

/// Ready once that time has passed.
async fn passed(time: &mut Option<Pin<Box<Sleep>>>) {
    if let Some(time) = time {
        time.await;
    }
}

/// One client.
struct Session {
    offer: Arc<Offer>,
    /// What the handshake settled.
    version: Version,
    running: SelectAll<Abortable<Running>>,
    /// The calls that can be cancelled, by their id.
    handles: HashMap<String, AbortHandle>,
    waiting: Waiting,
}

impl Session {
    /// Begins with a message, or lets it wait where it is a call and enough are under way.
    fn take(&mut self, text: Vec<u8>) {
        if text.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let mut id = None;
        let is_call = match envelope::parse(&text) {
            Ok(Body::One(Message::Request(request))) => {
                id = Some(running::key(request.id));
                if request.method == "initialize" {
                    self.version = mcp::settled(&request).unwrap_or(self.version);
                }
                request.method == "tools/call"
            }
            Ok(Body::One(Message::Notification { method })) => {
                if method == "notifications/cancelled" {
                    self.cancel(&text);
                }
                return;
            }
            // Nothing is asked of clients: an answer belongs to nothing, and is not answered itself.
            Ok(Body::One(Message::Response)) => return,
            Ok(Body::Batch(_)) => true,
            Err(_) => false,
        };
        match is_call && self.running.len() >= MAX_RUNNING {
            true => self.waiting.push(id, text),
            false => self.begin(id, text),
        }
    }

    /// Begins with what waits, as far as there is room.
    fn begin_waiting(&mut self) {
        while self.running.len() < MAX_RUNNING
            && let Some((id, text)) = self.waiting.pop()
        {
            self.begin(id, text);
        }
    }

    fn begin(&mut self, id: Option<String>, text: Vec<u8>) {
        let none = HeaderMap::new();
        let token = mcp::progress_token(self.offer.context(self.version, &none, None), &text);
        let progress = token.map(|token| Arc::new(Progress::new(token)));
        let call = answered(
            Arc::clone(&self.offer),
            self.version,
            text,
            progress.clone(),
        );
        let (handle, registration) = AbortHandle::new_pair();
        if let Some(id) = &id {
            self.handles.insert(id.clone(), handle);
        }
        let running = Running::new(id, Box::pin(call), progress);
        self.running.push(Abortable::new(running, registration));
    }

    /// Ends the call that a client no longer waits for. It is not answered; an id that is not known is none of ours.
    fn cancel(&mut self, text: &[u8]) {
        #[derive(Deserialize)]
        struct Cancelled<'a> {
            #[serde(borrow)]
            params: Id<'a>,
        }
        #[derive(Deserialize)]
        struct Id<'a> {
            #[serde(borrow, rename = "requestId")]
            id: &'a RawValue,
        }
        let Ok(cancelled) = serde_json::from_slice::<Cancelled<'_>>(text) else {
            return;
        };
        let id = running::key(cancelled.params.id.get());
        match self.handles.remove(&id) {
            Some(handle) => handle.abort(),
            None => self.waiting.remove(&id),
        }
    }

    /// Passes on what a request brought forth.
    fn pass(&mut self, item: Item, outgoing: &mut Outgoing) {
        match item {
            Item::Message(message) => outgoing.push(&message),
            Item::Done(id) => {
                if let Some(id) = id {
                    self.handles.remove(&id);
                }
            }
        }
    }

    /// Whether another message can be taken.
    fn has_room(&self, limit: usize) -> bool {
        self.waiting.bytes < limit && self.running.len() < MAX_ANSWERED
    }

    /// Answers with an error that belongs to no request.
    fn refuse(&mut self, refusal: Refusal) {
        let reply = Reply::error(self.version, None, &refusal);
        let answer = Running::new(None, Box::pin(std::future::ready(reply)), None);
        let (_, registration) = AbortHandle::new_pair();
        self.running.push(Abortable::new(answer, registration));
    }
}

/// The answer to one message. A panic is an error, and the session goes on.
async fn answered(
    offer: Arc<Offer>,
    version: Version,
    text: Vec<u8>,
    progress: Option<Arc<Progress>>,
) -> Reply {
    let none = HeaderMap::new();
    let context = offer.context(version, &none, progress.as_deref());
    let answer = AssertUnwindSafe(mcp::answer(context, &text)).catch_unwind();
    answer.await.unwrap_or_else(|_| {
        let refusal = Refusal::new(
            Code::Internal,
            "the gateway failed while it handled this message",
        );
        Reply::error(version, None, &refusal)
    })
}

#[cfg(test)]
mod tests;

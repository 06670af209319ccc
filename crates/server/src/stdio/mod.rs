//! MCP over standard input and output: one message a line, for a client that started this process.
//!
//! There are no request headers here, so `stdio_headers` stands in for the caller's, and no gateway key: whoever could
//! start the process has what it has. Requests run side by side within one task; `notifications/cancelled` drops a call,
//! and with it the upstream's connection. Only the version of the handshake is remembered; requests that carry their
//! version need no memory.

mod lines;
mod running;

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::stream::{AbortHandle, Abortable, SelectAll, StreamExt as _};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use self::lines::{Line, Lines};
use self::running::{Item, Running, line};
use crate::gateway::{Endpoint, Gateway};
use crate::mcp;
use crate::mcp::envelope::{self, Body, Message};
use crate::mcp::progress::Progress;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::reply::Reply;
use crate::protocol::version::Version;

/// The most requests under way; more wait in the pipe.
const MAX_RUNNING: usize = 256;

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
    };
    let mut lines = Lines::new(input, limit);
    let mut stop = std::pin::pin!(stop);
    loop {
        let free = session.running.len() < MAX_RUNNING;
        let busy = !session.running.is_empty();
        tokio::select! {
            () = &mut stop => return Ok(()),
            Some(item) = session.running.next(), if busy => {
                if !session.pass(item, &mut output).await {
                    return Ok(());
                }
            }
            read = lines.next(), if free => match read? {
                None => break,
                Some(Line::TooLong) => {
                    let message = format!("the message is longer than {limit} bytes");
                    let refusal = Refusal::new(Code::InvalidRequest, message);
                    if !write(&mut output, session.refused(&refusal)).await {
                        return Ok(());
                    }
                }
                Some(Line::Whole(text)) => session.take(text),
            },
        }
    }
    let rest = async {
        while let Some(item) = session.running.next().await {
            if !session.pass(item, &mut output).await {
                break;
            }
        }
    };
    tokio::select! {
        () = &mut stop => {}
        () = rest => {}
        () = tokio::time::sleep(GRACE) => {}
    }
    Ok(())
}

/// One client.
struct Session {
    offer: Arc<Offer>,
    /// What the handshake settled.
    version: Version,
    running: SelectAll<Abortable<Running>>,
    /// The calls that can be cancelled, by the JSON text of their id.
    handles: HashMap<String, AbortHandle>,
}

impl Session {
    /// Begins with a message.
    fn take(&mut self, text: Vec<u8>) {
        if text.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let mut id = None;
        match envelope::parse(&text) {
            Ok(Body::One(Message::Request(request))) => {
                id = Some(request.id.to_owned());
                if request.method == "initialize" {
                    self.version = mcp::settled(&request).unwrap_or(self.version);
                }
            }
            Ok(Body::One(Message::Notification { method })) => {
                if method == "notifications/cancelled" {
                    self.cancel(&text);
                }
                return;
            }
            // Nothing is asked of clients: an answer belongs to nothing, and is not answered itself.
            Ok(Body::One(Message::Response)) => return,
            Ok(Body::Batch(_)) | Err(_) => {}
        }
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
        if let Ok(cancelled) = serde_json::from_slice::<Cancelled<'_>>(text)
            && let Some(handle) = self.handles.remove(cancelled.params.id.get())
        {
            handle.abort();
        }
    }

    /// Passes on what a request brought forth; whether the client still reads.
    async fn pass(&mut self, item: Item, output: &mut (impl AsyncWrite + Unpin)) -> bool {
        match item {
            Item::Message(message) => write(output, message).await,
            Item::Done(id) => {
                if let Some(id) = id {
                    self.handles.remove(&id);
                }
                true
            }
        }
    }

    /// An error that belongs to no request.
    fn refused(&self, refusal: &Refusal) -> Vec<u8> {
        match Reply::error(self.version, None, refusal) {
            Reply::Json { parts, .. } => line(parts.concat()),
            Reply::Accepted => Vec::new(),
        }
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

/// Writes a message; whether the client still reads.
async fn write(output: &mut (impl AsyncWrite + Unpin), message: Vec<u8>) -> bool {
    output.write_all(&message).await.is_ok() && output.flush().await.is_ok()
}

#[cfg(test)]
mod tests;

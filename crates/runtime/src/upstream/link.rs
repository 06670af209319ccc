//! One connection to an upstream.
//!
//! A connection of HTTP/1 belongs to one call at a time, and that call drives it: no task stands between the two, so that
//! an answer wakes whoever waits for it and nobody else. One of HTTP/2 serves many calls and has a task of its own.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::dial::{self, Stream};
use super::fault::Trouble;

/// What is sent.
pub(super) type Outgoing = Request<Full<Bytes>>;

/// An HTTP/2 peer that is silent for so long while calls are under way is asked whether it is still there.
const PING_AFTER: Duration = Duration::from_secs(20);

/// How long it may take to say so.
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection on which a request can be sent.
#[derive(Debug)]
pub(super) enum Link {
    /// Large, and handed on several times for each call.
    Http1(Box<Http1>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

/// Why there is no answer, and the request itself where nothing of it was sent.
pub(super) struct Unsent {
    pub(super) trouble: Trouble,
    pub(super) request: Option<Outgoing>,
}

impl Link {
    /// Begins to speak HTTP on a new connection.
    pub(super) async fn open(stream: Stream) -> Result<Link, Trouble> {
        let trouble = |error| Trouble::of_exchange(&error);
        if dial::is_http2(&stream) {
            let mut builder = http2::Builder::new(TokioExecutor::new());
            builder
                .timer(TokioTimer::new())
                .keep_alive_interval(PING_AFTER)
                .keep_alive_timeout(PING_TIMEOUT);
            let (sender, connection) = builder.handshake(stream).await.map_err(trouble)?;
            // Ends with its last sender.
            tokio::spawn(connection);
            return Ok(Link::Http2(sender));
        }
        let (sender, connection) = http1::handshake(stream).await.map_err(trouble)?;
        Ok(Link::Http1(Box::new(Http1 {
            sender,
            connection: Some(connection),
        })))
    }

    /// Sends the request; its answer's head.
    pub(super) async fn send(&mut self, request: Outgoing) -> Result<Response<Incoming>, Unsent> {
        match self {
            Link::Http1(link) => link.send(request).await,
            Link::Http2(sender) => sender.try_send_request(request).await.map_err(unsent),
        }
    }
}

/// A connection of HTTP/1.1 with the two ends of it that hyper gives out.
#[derive(Debug)]
pub(super) struct Http1 {
    sender: http1::SendRequest<Full<Bytes>>,
    /// Dropped as soon as it has ended: a request that it never began is handed back by its drop alone.
    connection: Option<http1::Connection<Stream, Full<Bytes>>>,
}

impl Http1 {
    async fn send(&mut self, request: Outgoing) -> Result<Response<Incoming>, Unsent> {
        let mut answer = pin!(self.sender.try_send_request(request));
        poll_fn(|context| {
            self.drive(context);
            answer.as_mut().poll(context)
        })
        .await
        .map_err(unsent)
    }

    /// Reads and writes as far as that goes. How it ended is told to whoever waits for an answer or a body.
    pub(super) fn drive(&mut self, context: &mut Context<'_>) {
        if let Some(connection) = &mut self.connection
            && Pin::new(connection).poll(context).is_ready()
        {
            self.connection = None;
        }
    }

    /// Whether another request can be sent, once the answer to the last has been read to its end.
    pub(super) fn is_free(&mut self, context: &mut Context<'_>) -> bool {
        self.drive(context);
        self.connection.is_some() && matches!(self.sender.poll_ready(context), Poll::Ready(Ok(())))
    }
}

fn unsent(mut error: TrySendError<Outgoing>) -> Unsent {
    Unsent {
        trouble: Trouble::of_exchange(error.error()),
        request: error.take_message(),
    }
}

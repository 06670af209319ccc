//! A connection that does not wait for ever, neither for a head nor for a peer that stops reading, and that lets no
//! ambiguous request through.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use super::head::{Inspector, SPOILER};

/// The longest that a peer may take for its first bytes, and for any head once that has begun.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// As many bytes as HTTP/2's preface has: enough to tell the two versions apart.
const FIRST_BYTES: usize = 24;

/// A stream with deadlines.
#[derive(Debug)]
pub(super) struct Watched {
    stream: TcpStream,
    /// How long a peer may leave everything unread.
    patience: Duration,
    inspector: Inspector,
    /// What is read instead of the rest, once a request was refused.
    spoiler: Option<&'static [u8]>,
    missing: usize,
    head: Option<Pin<Box<Sleep>>>,
    write: Option<Pin<Box<Sleep>>>,
}

impl Watched {
    pub(super) fn new(stream: TcpStream, patience: Duration) -> Watched {
        Watched {
            stream,
            patience,
            inspector: Inspector::new(),
            spoiler: None,
            missing: FIRST_BYTES,
            head: None,
            write: None,
        }
    }

    /// Lets the server read what makes it refuse, then the end.
    fn spoil(&mut self, buffer: &mut ReadBuf<'_>) {
        let left = self.spoiler.unwrap_or_default();
        let (now, later) = left.split_at(left.len().min(buffer.remaining()));
        buffer.put_slice(now);
        self.spoiler = Some(later);
    }

    /// Fails once a head has been open for too long.
    fn head_in_time(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.missing == 0 && !self.inspector.in_head() {
            self.head = None;
            return Poll::Pending;
        }
        let time = HEAD_TIMEOUT.min(self.patience);
        let sleep = self
            .head
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
        ready!(sleep.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Passes progress on; without any for too long, the connection is over.
    fn write_in_time(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if outcome.is_ready() {
            self.write = None;
            return outcome;
        }
        let time = self.patience;
        let sleep = self
            .write
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
        ready!(sleep.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.spoiler.is_some() {
            self.spoil(buffer);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(context, buffer);
        if outcome.is_pending() {
            return self.head_in_time(context);
        }
        let read = &buffer.filled()[before..];
        let (length, passed) = (read.len(), self.inspector.feed(read));
        self.missing = self.missing.saturating_sub(length);
        if passed < length {
            buffer.set_filled(before + passed);
            self.spoiler = Some(SPOILER);
            self.spoil(buffer);
        }
        if self.missing == 0 && !self.inspector.in_head() {
            self.head = None;
        }
        outcome
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.write_in_time(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.write_in_time(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

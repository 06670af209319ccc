//! A connection that does not wait for ever: neither for its first bytes, nor for a peer that stops reading.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// How long a peer may leave everything unread.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a peer may take for the bytes that tell HTTP/1 from HTTP/2.
const FIRST_TIMEOUT: Duration = Duration::from_secs(10);

/// As many bytes as HTTP/2's preface has.
const FIRST_BYTES: usize = 24;

/// A stream with deadlines.
#[derive(Debug)]
pub(super) struct Deadlines {
    stream: TcpStream,
    missing: usize,
    first: Pin<Box<Sleep>>,
    write: Option<Pin<Box<Sleep>>>,
}

impl Deadlines {
    pub(super) fn new(stream: TcpStream) -> Deadlines {
        Deadlines {
            stream,
            missing: FIRST_BYTES,
            first: Box::pin(tokio::time::sleep(FIRST_TIMEOUT)),
            write: None,
        }
    }

    /// Passes progress on; without any for too long, the connection is over.
    fn bounded<T>(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<T>,
    ) -> Poll<Result<T, io::Error>> {
        match outcome {
            Poll::Ready(value) => {
                self.write = None;
                Poll::Ready(Ok(value))
            }
            Poll::Pending => {
                let sleep = self.write.get_or_insert_with(|| {
                    Box::pin(tokio::time::sleep_until(Instant::now() + WRITE_TIMEOUT))
                });
                ready!(sleep.as_mut().poll(context));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl AsyncRead for Deadlines {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(context, buffer);
        if self.missing > 0 {
            let read = buffer.filled().len() - before;
            self.missing = self.missing.saturating_sub(read);
            if outcome.is_pending() && self.first.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
        outcome
    }
}

impl AsyncWrite for Deadlines {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.bounded(context, outcome).map(Result::flatten)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.bounded(context, outcome).map(Result::flatten)
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

//! The body of an answer, piece by piece, and what becomes of its connection.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body as _, Incoming};

use super::fault::Trouble;
use super::link::Http1;
use super::pool::Pool;

/// A body. Once it has been read to its end its connection waits in the pool; one that is dropped before is closed.
#[derive(Debug)]
pub(super) struct Body {
    incoming: Incoming,
    /// The connection, where this body alone comes on it.
    link: Option<Box<Http1>>,
    pool: Arc<Pool>,
}

impl Body {
    pub(super) fn new(incoming: Incoming, link: Option<Box<Http1>>, pool: Arc<Pool>) -> Self {
        Self {
            incoming,
            link,
            pool,
        }
    }

    /// How many bytes there will be, where that is known.
    pub(super) fn length(&self) -> Option<u64> {
        self.incoming.size_hint().exact()
    }

    /// The next bytes, nothing at the end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Trouble> {
        poll_fn(|context| self.poll_chunk(context)).await
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Trouble>> {
        loop {
            let frame = match Pin::new(&mut self.incoming).poll_frame(context) {
                Poll::Ready(frame) => frame,
                // What there is may still lie in the connection.
                Poll::Pending => {
                    if let Some(link) = &mut self.link {
                        link.drive(context);
                    }
                    ready!(Pin::new(&mut self.incoming).poll_frame(context))
                }
            };
            match frame {
                Some(Ok(frame)) => {
                    // Trailers say nothing that is passed on.
                    if let Ok(data) = frame.into_data()
                        && !data.is_empty()
                    {
                        return Poll::Ready(Ok(Some(data)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Err(Trouble::of_exchange(&error))),
                None => {
                    if let Some(mut link) = self.link.take()
                        && link.is_free(context)
                    {
                        self.pool.put(link);
                    }
                    return Poll::Ready(Ok(None));
                }
            }
        }
    }
}

//! Connections that wait for their next request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http2;

use super::link::{Http1, Link};

/// The unused connections to one origin.
#[derive(Debug)]
pub(super) struct Pool {
    shelf: Mutex<Shelf>,
    /// How long a connection is kept unused.
    patience: Duration,
    /// How many are kept.
    most: usize,
}

#[derive(Debug, Default)]
struct Shelf {
    /// The one that was put back last is last, and taken first: those at the front become too old.
    http1: Vec<(Box<Http1>, Instant)>,
    /// One serves any number of calls at once.
    http2: Option<(http2::SendRequest<Full<Bytes>>, Instant)>,
    /// Whether somebody throws away what is too old.
    swept: bool,
}

impl Pool {
    pub(super) fn new(patience: Duration, most: usize) -> Arc<Pool> {
        Arc::new(Pool {
            shelf: Mutex::default(),
            patience,
            most,
        })
    }

    /// A connection that was open when it was last looked at.
    pub(super) fn take(&self) -> Option<Link> {
        let mut shelf = self.shelf();
        let now = Instant::now();
        if let Some((sender, used)) = &mut shelf.http2 {
            if !sender.is_closed() && now.duration_since(*used) < self.patience {
                *used = now;
                return Some(Link::Http2(sender.clone()));
            }
            shelf.http2 = None;
        }
        let (link, used) = shelf.http1.pop()?;
        if now.duration_since(used) < self.patience {
            return Some(Link::Http1(link));
        }
        shelf.http1.clear();
        None
    }

    /// Keeps a connection on which no answer is open.
    pub(super) fn put(self: &Arc<Self>, link: Box<Http1>) {
        let mut shelf = self.shelf();
        if shelf.http1.len() < self.most {
            shelf.http1.push((link, Instant::now()));
            self.have_swept(shelf);
        }
    }

    /// Lets others use the connection, too.
    pub(super) fn share(self: &Arc<Self>, sender: &http2::SendRequest<Full<Bytes>>) {
        let mut shelf = self.shelf();
        shelf.http2 = Some((sender.clone(), Instant::now()));
        self.have_swept(shelf);
    }

    /// Lets nobody else use it.
    pub(super) fn unshare(&self) {
        self.shelf().http2 = None;
    }

    /// Nobody asks a pool that is not used any more, so a task closes what is left in it; and ends, once that is nothing.
    fn have_swept(self: &Arc<Self>, mut shelf: MutexGuard<'_, Shelf>) {
        if !std::mem::replace(&mut shelf.swept, true) {
            tokio::spawn(sweep(Arc::downgrade(self), self.patience / 2));
        }
    }

    /// Closes what is too old and what the upstream has closed; whether something is left.
    fn prune(&self) -> bool {
        let mut shelf = self.shelf();
        let now = Instant::now();
        let fresh = |used: &Instant| now.duration_since(*used) < self.patience;
        let mut context = Context::from_waker(Waker::noop());
        shelf
            .http1
            .retain_mut(|(link, used)| fresh(used) && link.is_free(&mut context));
        shelf.http2 = shelf
            .http2
            .take()
            .filter(|(sender, used)| fresh(used) && !sender.is_closed());
        shelf.swept = !shelf.http1.is_empty() || shelf.http2.is_some();
        shelf.swept
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn sweep(pool: Weak<Pool>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        match pool.upgrade() {
            Some(pool) if pool.prune() => {}
            _ => return,
        }
    }
}

//! From the name of a host to addresses that may be connected to.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

use super::private::{Refused, is_private};

/// Resolves names, where that is asked to public addresses alone.
#[derive(Clone)]
pub(super) struct Resolver {
    pub(super) lookup: Lookup,
    pub(super) refuses: fn(IpAddr) -> bool,
}

/// All addresses of a name.
type Lookup = Arc<dyn Fn(String) -> Pending<io::Result<Vec<SocketAddr>>> + Send + Sync>;

type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl Resolver {
    /// By the machine's resolver.
    pub(super) fn new(deny_private: bool) -> Self {
        Self {
            lookup: Arc::new(|name| {
                Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
            }),
            refuses: match deny_private {
                true => is_private,
                false => |_| false,
            },
        }
    }
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pending<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (found, refuses) = ((self.lookup)(name.as_str().to_owned()), self.refuses);
        Box::pin(async move {
            let mut addresses = found.await.map_err(|_| Unresolved)?;
            if addresses.is_empty() {
                return Err(Unresolved.into());
            }
            addresses.retain(|address| !refuses(address.ip()));
            if addresses.is_empty() {
                return Err(Refused.into());
            }
            Ok(addresses.into_iter())
        })
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver")
    }
}

/// A name has no address, or none can be asked for.
#[derive(Debug)]
pub(super) struct Unresolved;

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name is not resolved")
    }
}

impl std::error::Error for Unresolved {}

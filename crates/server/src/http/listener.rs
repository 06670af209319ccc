//! The listener: bounded connections, bounded heads, an orderly end.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use super::io::Watched;
use crate::config::Bounds;

/// How long a connection may be idle; a head that has begun has less time ([`Watched`]). Whoever closes first meets the
/// other's next request now and then, so let it be the client: Go's and reqwest's keep a connection for 90 seconds.
const IDLE_TIMEOUT: Duration = Duration::from_secs(120);

/// The most bytes of a request's head.
const HEAD_BYTES: usize = 32 * 1024;

/// Requests at a time on one HTTP/2 connection.
const STREAMS: u32 = 256;

/// A bound listener that does not answer yet.
#[derive(Debug)]
pub struct Serving {
    listener: TcpListener,
    /// Where it listens; the port is the real one also where 0 was asked for.
    pub address: SocketAddr,
}

/// Binds.
///
/// # Errors
/// Where the address is taken or not ours.
pub async fn bind(address: SocketAddr) -> io::Result<Serving> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok(Serving { listener, address })
}

impl Serving {
    /// Answers until `stop` is ready, then lets requests in flight finish within the drain time.
    pub async fn run<F, A>(self, respond: F, bounds: Bounds, stop: impl Future<Output = ()>)
    where
        F: Fn(Request) -> A + Clone + Send + 'static,
        A: Future<Output = Response> + Send + 'static,
    {
        let connections = Arc::new(Semaphore::new(bounds.connections));
        let graceful = GracefulShutdown::new();
        let builder = builder();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut stop => break,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file descriptors, or a peer that is gone already: neither is helped by spinning.
                    tracing::warn!(%error, "accepting a connection failed");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let Ok(permit) = Arc::clone(&connections).try_acquire_owned() else {
                tokio::spawn(turn_away(stream));
                continue;
            };
            // Answers are small and complete: waiting to fill a segment only costs 40 ms.
            let _ = stream.set_nodelay(true);
            let respond = respond.clone();
            let service = service_fn(move |request: http::Request<Incoming>| {
                respond(request.map(Body::new)).map(Ok::<_, Infallible>)
            });
            let io = TokioIo::new(Watched::new(stream, bounds.caller));
            let connection = builder.serve_connection(io, service).into_owned();
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                let _permit = permit;
                if let Err(error) = connection.await {
                    tracing::debug!(error, "connection ended");
                }
            });
        }
        drop(self.listener);
        if tokio::time::timeout(bounds.drain, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("calls in flight were cut off after the drain time");
        }
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .max_buf_size(HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(HEAD_BYTES).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(20));
    builder
}

/// What answers by a router.
pub(crate) fn routed(
    router: Router,
) -> impl Fn(Request) -> Pin<Box<dyn Future<Output = Response> + Send>> + Clone + Send + 'static {
    move |request| {
        let answered = router.clone().oneshot(request);
        Box::pin(answered.map(|Ok(response)| response))
    }
}

/// Says that there are too many connections, without reading anything.
async fn turn_away(mut stream: TcpStream) {
    let answer = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let writing = async {
        let _ = stream.write_all(answer).await;
        let _ = stream.shutdown().await;
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), writing).await;
}

/// Serves until the test ends.
#[cfg(test)]
pub(crate) async fn serve_for_tests(listener: TcpListener, router: Router) {
    let address = listener.local_addr().unwrap();
    let bounds = Bounds {
        connections: 1000,
        body_bytes: 1 << 20,
        page_bytes: 1000,
        caller: Duration::from_secs(30),
        drain: Duration::ZERO,
    };
    Serving { listener, address }
        .run(routed(router), bounds, std::future::pending())
        .await;
}

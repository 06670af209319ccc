//! New connections: name resolution, TCP, TLS, within one time limit.

use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::{Connection as _, HttpConnector};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service as _;

use super::fault::Trouble;
use super::options::UpstreamOptions;
use super::resolver::Resolver;
use super::tls;
use crate::error::Result;

/// After so long without a sign of life the kernel asks an idle peer for one, and then as often as this.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// How often it asks before it gives the peer up.
const KEEPALIVE_RETRIES: u32 = 3;

/// A connection, encrypted or not.
pub(super) type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Makes connections.
#[derive(Clone, Debug)]
pub(super) struct Dialer {
    connector: HttpsConnector<HttpConnector<Resolver>>,
    timeout: Duration,
}

impl Dialer {
    /// Of these options. Without `tls` it speaks plain HTTP alone.
    pub(super) fn new(options: &UpstreamOptions, tls: bool, resolver: Resolver) -> Result<Self> {
        let mut tcp = HttpConnector::new_with_resolver(resolver);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Shared out among the addresses of a name, so that one that is dead leaves time for the others.
        tcp.set_connect_timeout(Some(options.connect_timeout));
        tcp.set_keepalive(Some(KEEPALIVE));
        tcp.set_keepalive_interval(Some(KEEPALIVE));
        tcp.set_keepalive_retries(Some(KEEPALIVE_RETRIES));
        let config = match tls {
            true => tls::config(&options.tls)?,
            false => tls::none()?,
        };
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(tcp);
        Ok(Self {
            connector,
            timeout: options.connect_timeout,
        })
    }

    /// Connects to the origin of this URI.
    pub(super) async fn dial(&self, origin: Uri) -> std::result::Result<Stream, Trouble> {
        // The connector is always ready.
        let connecting = self.connector.clone().call(origin);
        match tokio::time::timeout(self.timeout, connecting).await {
            Ok(connected) => connected.map_err(|error| Trouble::of_connecting(error.as_ref())),
            Err(_) => Err(Trouble::ConnectTimeout),
        }
    }
}

/// Whether both sides agreed on HTTP/2 (RFC 7301).
pub(super) fn is_http2(stream: &Stream) -> bool {
    stream.connected().is_negotiated_h2()
}

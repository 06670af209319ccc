//! Base URL and limits, with their defaults.

use std::fmt;
use std::time::Duration;

use url::{Origin, Url};

/// Where an upstream is and what it may cost.
#[derive(Clone, Debug)]
pub struct UpstreamOptions {
    /// Scheme, host, port and path prefix of all requests.
    pub base: Url,
    /// The time to a connection, TLS included; 5 s.
    pub connect_timeout: Duration,
    /// The time from the first byte sent to the last byte received; 30 s.
    pub timeout: Duration,
    /// How long an unused connection is kept; 90 s.
    pub pool_idle_timeout: Duration,
    /// The most bytes of a body, after decompression; 10 MiB.
    pub max_response_bytes: usize,
    /// The most calls under way at once; 256.
    pub max_concurrent: usize,
    /// Where requests may go besides the base's own origin: operations to which the description gives an absolute server
    /// of one of these origins are sent there. None; of any other server only the path counts.
    pub origins: Vec<Origin>,
    /// Whether connections to loopback, private, link-local and other addresses that are not public are refused; off.
    pub deny_private: bool,
    /// Whom to trust and who to be in TLS.
    pub tls: Tls,
}

/// TLS beyond the machine's own certificates, as the text of PEM files.
#[derive(Clone, Default)]
pub struct Tls {
    /// Certificates of authorities that alone are trusted; the machine's when absent.
    pub authorities: Option<Vec<u8>>,
    /// A client certificate, its chain and its private key.
    pub identity: Option<Vec<u8>>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("authorities", &self.authorities.is_some())
            .field("identity", &self.identity.is_some())
            .finish()
    }
}

impl UpstreamOptions {
    /// The defaults for this base.
    pub fn new(base: Url) -> Self {
        Self {
            base,
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            pool_idle_timeout: Duration::from_secs(90),
            max_response_bytes: 10 * 1024 * 1024,
            max_concurrent: 256,
            origins: Vec::new(),
            deny_private: false,
            tls: Tls::default(),
        }
    }
}

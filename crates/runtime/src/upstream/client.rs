//! The HTTP client: what it trusts, where it may connect, what it never does.

use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Identity};

use super::options::{Tls, UpstreamOptions};
use super::{fault, private};
use crate::error::{Error, Result};

/// A client of these options. Without `tls` it speaks plain HTTP alone.
pub(super) fn build(options: &UpstreamOptions, tls: bool) -> Result<Client> {
    // Fails when there is a provider already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .tcp_nodelay(true)
        .connect_timeout(options.connect_timeout)
        .timeout(options.timeout)
        .pool_idle_timeout(options.pool_idle_timeout)
        .pool_max_idle_per_host(options.max_concurrent);
    if options.deny_private {
        builder = builder.dns_resolver(Arc::new(private::PublicOnly));
    }
    builder = match tls {
        true => secured(builder, &options.tls)?,
        // Nothing here speaks TLS, so a machine without CA certificates will do.
        false => builder.tls_certs_only([]),
    };
    builder.build().map_err(|error| {
        Error::gateway(format!(
            "TLS cannot be set up (are CA certificates installed?): {}",
            fault::innermost(&error)
        ))
    })
}

fn secured(mut builder: ClientBuilder, tls: &Tls) -> Result<ClientBuilder> {
    if let Some(pem) = &tls.authorities {
        let certificates = Certificate::from_pem_bundle(pem)
            .ok()
            .filter(|certificates| !certificates.is_empty());
        let Some(certificates) = certificates else {
            return Err(Error::gateway(
                "the file of CA certificates holds none in PEM",
            ));
        };
        builder = builder.tls_certs_only(certificates);
    }
    if let Some(pem) = &tls.identity {
        let identity = Identity::from_pem(pem).map_err(|_| {
            Error::gateway("the client certificate is not a PEM certificate and private key")
        })?;
        builder = builder.identity(identity);
    }
    Ok(builder)
}

//! The HTTP client: what it trusts, where it may connect, what it never does.

use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Identity};
use url::Url;

use super::options::{Tls, UpstreamOptions};
use super::{fault, join, private};
use crate::error::{Error, Result, Retry};

/// A client of these options. Without `tls` it speaks plain HTTP alone.
pub(super) fn build(options: &UpstreamOptions, tls: bool) -> Result<Client> {
    build_with(options, tls, private::PublicOnly::new())
}

/// The same, with a resolver for where only public addresses may be connected to.
pub(super) fn build_with(
    options: &UpstreamOptions,
    tls: bool,
    public_only: private::PublicOnly,
) -> Result<Client> {
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
        builder = builder.dns_resolver(Arc::new(public_only));
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

/// Fetches one document, such as the keys of an issuer. No redirects, no proxies, bounded in time and size.
#[derive(Debug)]
pub struct Document {
    client: Client,
    url: Url,
}

impl Document {
    /// # Errors
    /// When the URL is none that requests can be sent to, or TLS cannot be set up.
    pub fn new(url: Url) -> Result<Self> {
        join::check_base(&url)?;
        let options = UpstreamOptions::new(url.clone());
        let client = build(&options, url.scheme() == "https")?;
        Ok(Self { client, url })
    }

    /// The document as it is now, of at most `max_bytes`.
    ///
    /// # Errors
    /// When it cannot be had, or is longer.
    pub async fn fetch(&self, max_bytes: usize) -> Result<Vec<u8>> {
        let unreachable =
            |_| Error::upstream(Retry::Maybe, "the document cannot be fetched from its URL");
        let request = self.client.get(self.url.clone());
        let mut response = request.send().await.map_err(unreachable)?;
        if response.status() != reqwest::StatusCode::OK {
            let message = format!("the document's URL answers {}", response.status().as_u16());
            return Err(Error::upstream(Retry::Maybe, message));
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(unreachable)? {
            if body.len() + piece.len() > max_bytes {
                return Err(Error::upstream(Retry::Never, "the document is too long"));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

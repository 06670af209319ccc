//! TLS towards an upstream: whom to trust, and who to be.

use std::sync::Arc;

use hyper_rustls::ConfigBuilderExt as _;
use rustls::client::WantsClientCert;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};

use super::options::Tls;
use crate::error::{Error, Result};

/// For clients that speak plain HTTP alone: trusts nobody, so that a machine without CA certificates will do.
pub(super) fn none() -> Result<ClientConfig> {
    let trusting = builder()?.with_root_certificates(RootCertStore::empty());
    Ok(trusting.with_no_client_auth())
}

/// As the options say.
pub(super) fn config(tls: &Tls) -> Result<ClientConfig> {
    let trusting = match &tls.authorities {
        Some(pem) => builder()?.with_root_certificates(authorities(pem)?),
        None => builder()?
            .try_with_platform_verifier()
            .map_err(|error| unusable(&error))?,
    };
    match &tls.identity {
        Some(pem) => identified(trusting, pem),
        None => Ok(trusting.with_no_client_auth()),
    }
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))
}

fn authorities(pem: &[u8]) -> Result<RootCertStore> {
    let none = || Error::gateway("the file of CA certificates holds none in PEM");
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| none())?;
        store.add(certificate).map_err(|error| unusable(&error))?;
    }
    match store.is_empty() {
        true => Err(none()),
        false => Ok(store),
    }
}

fn identified(
    trusting: ConfigBuilder<ClientConfig, WantsClientCert>,
    pem: &[u8],
) -> Result<ClientConfig> {
    let malformed =
        || Error::gateway("the client certificate is not a PEM certificate and private key");
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<std::result::Result<_, _>>()
        .map_err(|_| malformed())?;
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| malformed())?;
    if chain.is_empty() {
        return Err(malformed());
    }
    trusting
        .with_client_auth_cert(chain, key)
        .map_err(|error| unusable(&error))
}

fn unusable(error: &rustls::Error) -> Error {
    Error::gateway(format!(
        "TLS cannot be set up (are CA certificates installed?): {error}"
    ))
}

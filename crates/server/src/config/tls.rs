//! `ca_file`, `client_cert_file`, `client_key_file`: whom a server's upstream must be, and who the gateway is to it.

use std::fs;

use toolwright_document::Cursor;
use toolwright_runtime::{Tls, Upstream, UpstreamOptions};

use super::reader::Reader;

/// The longest file of certificates.
const MAX_BYTES: u64 = 4 << 20;

/// The keys that are read.
pub(super) const KEYS: [&str; 3] = ["ca_file", "client_cert_file", "client_key_file"];

/// Reads the files. Mistakes stay in the reader.
pub(super) fn read(reader: &mut Reader<'_>, section: Cursor<'_>) -> Tls {
    let authorities = pem(reader, section, "ca_file", "-----BEGIN CERTIFICATE-----");
    let certificate = pem(
        reader,
        section,
        "client_cert_file",
        "-----BEGIN CERTIFICATE-----",
    );
    let key = pem(reader, section, "client_key_file", "PRIVATE KEY-----");
    let [ca_at, certificate_at, key_at] = KEYS.map(|key| reader.member(section, key));
    let identity = match (certificate_at, key_at) {
        (Some(at), None) => {
            reader.wrong_key(at, "needs `client_key_file` beside it", None);
            None
        }
        (None, Some(at)) => {
            reader.wrong_key(at, "needs `client_cert_file` beside it", None);
            None
        }
        _ => certificate.zip(key),
    };
    let identity = identity.map(|(certificate, key)| [certificate, b"\n".to_vec(), key].concat());
    // One after the other, so that each is blamed for itself alone, and neither for a machine without certificates.
    let mut trusting = Tls {
        authorities,
        identity: None,
    };
    if let Some(at) = ca_at
        && trusting.authorities.is_some()
        && !works(&trusting)
    {
        let help = "openssl x509 -in FILE -noout -text".to_owned();
        reader.mistake(at, "holds a certificate that cannot be read", Some(help));
        trusting.authorities = None;
    }
    let whole = Tls {
        identity,
        ..trusting.clone()
    };
    if let Some(at) = key_at
        && whole.identity.is_some()
        && works(&trusting)
        && !works(&whole)
    {
        let message = "is not the key of the first certificate in `client_cert_file`";
        let help = "these must print the same: openssl x509 -in CERT -noout -pubkey, and openssl pkey -in KEY -pubout";
        reader.mistake(at, message, Some(help.to_owned()));
    }
    whole
}

/// Whether connections can be made with it.
fn works(tls: &Tls) -> bool {
    let Ok(base) = "https://api.invalid".parse() else {
        return false;
    };
    let mut options = UpstreamOptions::new(base);
    options.tls = tls.clone();
    Upstream::new(options).is_ok()
}

fn pem(reader: &mut Reader<'_>, section: Cursor<'_>, key: &str, mark: &str) -> Option<Vec<u8>> {
    let at = reader.member(section, key)?;
    let path = reader.text(at)?;
    if !reader.needs(at) {
        return None;
    }
    let bytes = match fs::metadata(&path).and_then(|found| match found.len() > MAX_BYTES {
        true => Ok(Vec::new()),
        false => fs::read(&path),
    }) {
        Ok(bytes) => bytes,
        Err(error) => {
            reader.mistake(at, format!("cannot be read: {}", error.kind()), None);
            return None;
        }
    };
    let holds = String::from_utf8_lossy(&bytes).contains(mark);
    if !holds {
        reader.mistake(at, "is not a PEM file with what belongs there", None);
    }
    holds.then_some(bytes)
}

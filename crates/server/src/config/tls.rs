//! `ca_file`, `client_cert_file`, `client_key_file`: whom a server's upstream must be, and who the gateway is to it.

use std::fs;

use toolwright_document::Cursor;
use toolwright_runtime::Tls;

use super::reader::Reader;

/// The longest file of certificates.
const MAX_BYTES: u64 = 4 << 20;

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
    let has = |key: &str| section.get(key).filter(|value| !value.is_null());
    let identity = match (has("client_cert_file"), has("client_key_file")) {
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
    Tls {
        authorities,
        identity: identity.map(|(certificate, key)| [certificate, b"\n".to_vec(), key].concat()),
    }
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

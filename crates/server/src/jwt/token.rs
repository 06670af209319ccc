//! The three parts of a token (RFC 7515 §7.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The longest token that is looked at.
const MAX_BYTES: usize = 16 << 10;

/// A token whose signature has not been checked.
pub(super) struct Token<'a> {
    signed: &'a str,
    header: Value,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Token<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Token<'a>> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let header: Value = serde_json::from_slice(&decode(header)?).ok()?;
        header.is_object().then_some(Token {
            signed,
            header,
            payload: decode(payload)?,
            signature: decode(signature)?,
        })
    }

    pub(super) fn signed(&self) -> &[u8] {
        self.signed.as_bytes()
    }

    pub(super) fn signature(&self) -> &[u8] {
        &self.signature
    }

    pub(super) fn algorithm(&self) -> &str {
        self.header["alg"].as_str().unwrap_or_default()
    }

    pub(super) fn key_id(&self) -> Option<&str> {
        self.header["kid"].as_str()
    }

    /// Whether it asks for extensions that must be understood; none are (RFC 7515 §4.1.11).
    pub(super) fn is_critical(&self) -> bool {
        self.header.get("crit").is_some()
    }

    /// To be read once the signature has been checked.
    pub(super) fn claims(&self) -> Option<Value> {
        let claims: Value = serde_json::from_slice(&self.payload).ok()?;
        claims.is_object().then_some(claims)
    }
}

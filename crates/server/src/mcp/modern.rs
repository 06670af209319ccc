//! What 2026-07-28 asks of every request: its `_meta`, and headers that agree with its body.

use std::borrow::Cow;

use http::HeaderMap;
use serde_json::value::RawValue;

use super::context::Context;
use super::envelope::{self, Meta, Request};
use crate::protocol::code::{Code, Refusal};
use crate::protocol::version::Version;
use crate::protocol::{decoded, mismatch, plain, single};

/// Checks version, capabilities and, where there are some, headers.
///
/// # Errors
/// The refusal that the revision names for the first thing that is wrong.
pub(super) fn check(
    context: Context<'_>,
    version_header: &str,
    request: &Request<'_>,
    in_meta: &RawValue,
    meta: &Meta<'_>,
) -> Result<(), Refusal> {
    let Some(version) = envelope::string(in_meta) else {
        return Err(Refusal::new(
            Code::InvalidMeta,
            "`_meta` must name the version as a string",
        ));
    };
    let headers = context.headers;
    let has_headers = context.stdio.is_none();
    if has_headers {
        must_equal(headers, version_header, &version, false)?;
    }
    if version != Version::V2026_07_28.as_str() {
        return Err(Refusal::unsupported(&version));
    }
    if !meta
        .client_capabilities
        .is_some_and(|value| value.get().starts_with('{'))
    {
        return Err(Refusal::new(
            Code::InvalidMeta,
            "`_meta` must hold io.modelcontextprotocol/clientCapabilities, an object",
        ));
    }
    if !has_headers {
        return Ok(());
    }
    must_equal(headers, "Mcp-Method", &request.method, false)?;
    if request.method == "tools/call"
        && let Some(name) = request.params.name.and_then(envelope::string)
    {
        must_equal(headers, "Mcp-Name", &name, true)?;
    }
    Ok(())
}

/// A request of this revision without its `_meta`.
pub(super) fn without_meta() -> Refusal {
    Refusal::new(
        Code::InvalidMeta,
        "`params._meta` must hold io.modelcontextprotocol/protocolVersion and io.modelcontextprotocol/clientCapabilities",
    )
}

/// A header must be there once and say what the body says; `encoded` values may come as base64.
fn must_equal(
    headers: &HeaderMap,
    name: &str,
    expected: &str,
    encoded: bool,
) -> Result<(), Refusal> {
    let found = single(headers, name)?.ok_or_else(|| mismatch(name, "is missing"))?;
    let plain =
        plain(found).ok_or_else(|| mismatch(name, "holds a character that is not allowed"))?;
    let value = if encoded {
        decoded(plain)
    } else {
        Some(Cow::Borrowed(plain))
    };
    match value {
        None => Err(mismatch(name, "is not valid base64 of UTF-8 text")),
        Some(value) if value == expected => Ok(()),
        Some(_) => Err(mismatch(name, "does not say what the body says")),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn headers_must_agree_with_the_body() {
        let check = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("mcp-name", HeaderValue::from_static(value));
            }
            must_equal(&headers, "Mcp-Name", "get_item", true).map_err(|refusal| refusal.code)
        };
        assert_eq!(check(&["get_item"]), Ok(()));
        assert_eq!(check(&["=?base64?Z2V0X2l0ZW0=?="]), Ok(()));
        for wrong in [
            &[][..],
            &["Get_item"],
            &["get_item", "get_item"],
            &["=?base64?Z2V0?="],
            &[""],
        ] {
            assert_eq!(check(wrong), Err(Code::HeaderMismatch), "{wrong:?}");
        }
    }
}

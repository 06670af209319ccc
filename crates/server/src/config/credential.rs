//! The operator's own credential at an upstream: `auth_type` and its value.

use toolwright_document::Cursor;
use toolwright_runtime::{AuthType, HeaderPolicyBuilder, Place, Secret, SecurityScheme, Toolset};

use super::headers::sentence;
use super::reader::Reader;

const TYPES: [(&str, AuthType); 6] = [
    ("none", AuthType::None),
    ("api_key", AuthType::ApiKey),
    ("bearer_token", AuthType::BearerToken),
    ("basic", AuthType::Basic),
    ("authorization", AuthType::Authorization),
    ("token", AuthType::Token),
];

/// Reads `auth_type`, `auth_value` and its other name, `authentication_token`.
pub(super) fn read(
    reader: &mut Reader<'_>,
    section: Cursor<'_>,
    toolset: Option<&'static Toolset>,
    builder: &mut HeaderPolicyBuilder,
) {
    let auth = reader
        .word_of(section, "auth_type", &TYPES)
        .unwrap_or_default();
    builder.auth_type(auth);
    if let (AuthType::ApiKey, Some((place, parameter))) = (auth, key_scheme(toolset)) {
        builder.api_key(place, parameter);
    }
    let first = reader.member(section, "auth_value");
    let second = reader.member(section, "authentication_token");
    if let (Some(_), Some(at)) = (first, second) {
        reader.wrong_key(
            at,
            "means the same as `auth_value`, which is there too",
            Some("keep one of the two".to_owned()),
        );
    }
    let Some(at) = first.or(second) else { return };
    let Some(value) = reader.text(at) else { return };
    // An unknown kind has been reported; nothing more can be said about its value.
    let kind_written = reader
        .member(section, "auth_type")
        .is_some_and(|kind| kind.as_str() != Some("none"));
    if auth == AuthType::None {
        if !kind_written {
            let help = "auth_type: bearer_token, api_key, basic, authorization or token".to_owned();
            reader.wrong_key(at, "is never sent, because `auth_type` is none", Some(help));
        }
        return;
    }
    if let Err(error) = builder.credential(&Secret::new(value)) {
        reader.mistake(at, sentence(&error), None);
    }
}

/// The one API key that the description knows, and where it travels.
fn key_scheme(toolset: Option<&'static Toolset>) -> Option<(Place, &'static str)> {
    let mut keys = toolset?.security.iter().filter_map(|scheme| match scheme {
        SecurityScheme::ApiKey {
            place, parameter, ..
        } => Some((*place, *parameter)),
        _ => None,
    });
    match (keys.next(), keys.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

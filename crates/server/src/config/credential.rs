//! The operator's own credential at an upstream: `auth_type` and its value.

use toolwright_document::Cursor;
use toolwright_runtime::{
    AuthType, Grant, HeaderPolicyBuilder, OAuthOptions, Place, SecurityScheme, Toolset,
};

use super::mistake::{sentence, suggest};
use super::oauth;
use super::reader::Reader;

const TYPES: [(&str, (AuthType, Option<Grant>)); 8] = [
    ("none", (AuthType::None, None)),
    ("api_key", (AuthType::ApiKey, None)),
    ("bearer_token", (AuthType::BearerToken, None)),
    ("basic", (AuthType::Basic, None)),
    ("authorization", (AuthType::Authorization, None)),
    ("token", (AuthType::Token, None)),
    (
        "oauth2",
        (AuthType::Granted, Some(Grant::ClientCredentials)),
    ),
    (
        "oauth2_token_exchange",
        (AuthType::Granted, Some(Grant::TokenExchange)),
    ),
];

/// Reads `auth_type`, `auth_value` and its other name, `authentication_token`.
pub(super) fn read(
    reader: &mut Reader<'_>,
    section: Cursor<'_>,
    toolset: Option<&'static Toolset>,
    builder: &mut HeaderPolicyBuilder,
) -> Option<OAuthOptions> {
    let (auth, grant) = reader
        .word_of(section, "auth_type", &TYPES)
        .unwrap_or_default();
    builder.auth_type(auth);
    key_scheme(reader, section, toolset, auth, builder);
    let oauth = oauth::read(reader, section, grant);
    if oauth.is_some() {
        builder.granted();
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
    let Some(at) = first.or(second) else {
        return oauth;
    };
    let value = reader.source(at)?;
    // An unknown kind has been reported; nothing more can be said about its value.
    let kind_written = reader
        .member(section, "auth_type")
        .is_some_and(|kind| kind.as_str() != Some("none"));
    if auth == AuthType::None {
        if !kind_written {
            let help = "auth_type: bearer_token, api_key, basic, authorization or token".to_owned();
            reader.wrong_key(at, "is never sent, because `auth_type` is none", Some(help));
        }
        return None;
    }
    if auth == AuthType::Granted {
        let help = "remove it; client_id and client_secret are what is sent".to_owned();
        reader.wrong_key(at, "is never sent, because tokens are fetched", Some(help));
    } else if let Err(error) = builder.credential_source(value) {
        reader.mistake(at, sentence(&error), None);
    }
    oauth
}

/// Where the API key travels: by the scheme that `security_scheme` names, or by the description's only one.
fn key_scheme(
    reader: &mut Reader<'_>,
    section: Cursor<'_>,
    toolset: Option<&'static Toolset>,
    auth: AuthType,
    builder: &mut HeaderPolicyBuilder,
) {
    let named = reader.member(section, "security_scheme");
    if let (Some(at), true) = (named, auth != AuthType::ApiKey) {
        reader.wrong_key(at, "is not used, because `auth_type` is not api_key", None);
        return;
    }
    let Some(toolset) = toolset.filter(|_| auth == AuthType::ApiKey) else {
        return;
    };
    let keys: Vec<(&str, Place, &str)> = toolset
        .security
        .iter()
        .filter_map(|scheme| match scheme {
            SecurityScheme::ApiKey {
                name,
                place,
                parameter,
            } => Some((*name, *place, *parameter)),
            _ => None,
        })
        .collect();
    let names: Vec<&str> = keys.iter().map(|(name, ..)| *name).collect();
    let chosen = match named {
        Some(at) => {
            let Some(name) = reader.text(at) else { return };
            let found = keys.iter().find(|(own, ..)| *own == name);
            if found.is_none() {
                let help = match names.is_empty() {
                    true => {
                        "it declares none; remove this, and the value goes in X-API-Key".to_owned()
                    }
                    false => suggest(&name, &names),
                };
                reader.mistake(at, "is not an API key of the description", Some(help));
            }
            found
        }
        None if keys.len() > 1 => {
            let at = section.get("auth_type").unwrap_or(section);
            let help = format!("security_scheme: one of {}", names.join(", "));
            reader.mistake(at, "does not say which of the API's keys it is", Some(help));
            None
        }
        None => keys.first(),
    };
    if let Some((_, place, parameter)) = chosen {
        builder.api_key(*place, parameter);
    }
}

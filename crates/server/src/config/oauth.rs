//! `auth_type: oauth2` and `oauth2_token_exchange`: where an upstream's tokens are made.

use toolwright_document::Cursor;
use toolwright_runtime::{ClientAuth, Grant, OAuthOptions};
use url::Url;

use super::network;
use super::reader::Reader;

/// The keys that these kinds alone have.
pub(super) const KEYS: &[&str] = &[
    "client_id",
    "client_secret",
    "token_url",
    "token_exchange_endpoint",
    "token_endpoint_auth_method",
    "oauth2_flow",
    "scopes",
    "audience",
    "resource",
];

/// Reads them; `grant` is what `auth_type` asks for. Mistakes stay in the reader.
pub(super) fn read(
    reader: &mut Reader<'_>,
    section: Cursor<'_>,
    grant: Option<Grant>,
) -> Option<OAuthOptions> {
    let Some(grant) = grant else {
        for key in KEYS {
            if let Some(at) = reader.member(section, key) {
                let help = "auth_type: oauth2 or oauth2_token_exchange".to_owned();
                reader.wrong_key(
                    at,
                    "is not used, because `auth_type` is another",
                    Some(help),
                );
            }
        }
        return None;
    };
    let flow = reader.word_of(section, "oauth2_flow", &[("client_credentials", ())]);
    if flow.is_none() && grant == Grant::ClientCredentials {
        let name = section.key().unwrap_or_default();
        reader.notes.push(format!(
            "mcp_servers.{name}: auth_type oauth2 means client credentials, so that every call is made as `client_id`"
        ));
    }
    let client_id = needed(reader, section, "client_id").and_then(|at| reader.text(at));
    let client_secret = reader
        .member(section, "client_secret")
        .and_then(|at| reader.source(at));
    let token_key = reader.one_of(section, ["token_url", "token_exchange_endpoint"]);
    let token_url = needed(reader, section, token_key).and_then(|at| url(reader, at));
    let methods = [
        ("client_secret_post", ClientAuth::Body),
        ("client_secret_basic", ClientAuth::Basic),
    ];
    let client_auth = reader.word_of(section, "token_endpoint_auth_method", &methods);
    let scopes = reader.texts_of(section, "scopes").unwrap_or_default();
    let audience = reader.text_of(section, "audience");
    let resource = reader.text_of(section, "resource");
    Some(OAuthOptions {
        token_url: token_url?,
        client_id: client_id?,
        client_secret,
        client_auth: client_auth.unwrap_or_default(),
        grant,
        scopes: scopes.into_iter().map(|(_, scope)| scope).collect(),
        audience,
        resource,
    })
}

fn needed<'d>(reader: &mut Reader<'_>, section: Cursor<'d>, key: &str) -> Option<Cursor<'d>> {
    let at = reader.member(section, key);
    if at.is_none() {
        let message = format!("`{key}` is missing, which this auth_type needs");
        reader.wrong_key(section, message, None);
    }
    at
}

fn url(reader: &mut Reader<'_>, at: Cursor<'_>) -> Option<Url> {
    let text = reader.text(at)?;
    match network::check(&text) {
        Ok(url) => Some(url),
        Err(problem) => {
            let help = match problem {
                network::USER_INFO => "remove it; client_id and client_secret are what is sent",
                _ => "https://HOST[:PORT]/PATH",
            };
            reader.mistake(at, problem, Some(help.to_owned()));
            None
        }
    }
}

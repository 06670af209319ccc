//! How a credential is written into `Authorization`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What kind of credential an upstream takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthType {
    /// None.
    #[default]
    None,
    /// An API key in a header, the query or a cookie; `X-API-Key` unless said otherwise.
    ApiKey,
    /// `Authorization: Bearer …`
    BearerToken,
    /// `Authorization: Basic …`; `user:password` is encoded, anything without a colon goes as it is.
    Basic,
    /// `Authorization` verbatim.
    Authorization,
    /// `Authorization: token …`
    Token,
    /// `Authorization: Bearer …` with a token that is fetched for the call; see [`super::HeaderBag::grant`].
    Granted,
}

impl AuthType {
    /// The operator's credential as a value of `Authorization`.
    pub(super) fn operator_value(self, secret: &str) -> String {
        match self {
            Self::None | Self::Authorization | Self::ApiKey => secret.to_owned(),
            Self::BearerToken | Self::Granted => with_scheme("Bearer", secret),
            Self::Token => with_scheme("token", secret),
            Self::Basic => basic(secret),
        }
    }

    /// The caller's `x-mcp-auth` as a value of `Authorization`.
    pub(super) fn caller_value(self, secret: &str) -> String {
        match self {
            Self::ApiKey => with_scheme("ApiKey", secret),
            Self::Basic => basic(secret),
            _ => with_scheme("Bearer", secret),
        }
    }
}

/// A base64 text holds no colon, so what holds one is still to be encoded (RFC 7617).
fn basic(secret: &str) -> String {
    if secret.contains(':') {
        return format!("Basic {}", STANDARD.encode(secret));
    }
    with_scheme("Basic", secret)
}

/// A value that already begins with the scheme keeps it once.
fn with_scheme(scheme: &str, secret: &str) -> String {
    let start = secret.get(..scheme.len());
    let named = start.is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if named && secret[scheme.len()..].starts_with(' ') {
        return secret.to_owned();
    }
    format!("{scheme} {secret}")
}

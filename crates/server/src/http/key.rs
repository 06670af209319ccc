//! The gateway key: where it is read, and how it is compared.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, header};

use crate::access::{Access, Caller};
use crate::jwt::Refused;

/// The headers that carry the key and nothing else.
pub const KEY_HEADERS: [HeaderName; 2] = [
    HeaderName::from_static("x-litellm-api-key"),
    HeaderName::from_static("x-toolwright-key"),
];

/// Why a caller is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// A key header or `Authorization` is there twice, or the two key headers disagree: 400.
    Ambiguous,
    /// No key: 401.
    Missing,
    /// Not the right key, or a token that is not valid here: 401.
    Wrong,
    /// A good token that gives nothing: 403.
    Insufficient,
}

/// Who was admitted, and by what.
#[derive(Clone, Default)]
pub struct Admitted<'h> {
    /// The key as it was sent, so that it is kept from the upstream.
    pub key: Option<&'h str>,
    /// Whose it is; `None` where nobody is asked for one.
    pub caller: Option<Arc<Caller>>,
}

impl fmt::Debug for Admitted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Admitted").field(&self.caller).finish()
    }
}

/// Admits a caller.
///
/// `authorization` says whether the key may come as `Authorization: Bearer`: not where the upstream's own
/// credential travels in that header. `path` is asked for that of the endpoint, for which a token
/// must have been made.
///
/// # Errors
/// Where the caller is not admitted.
pub async fn admit<'h>(
    access: &Access,
    headers: &'h HeaderMap,
    authorization: bool,
    path: impl FnOnce() -> String,
) -> Result<Admitted<'h>, Denied> {
    let presented = presented(headers, authorization)?;
    if access.is_open() {
        return Ok(Admitted::default());
    }
    let key = presented.ok_or(Denied::Missing)?;
    let caller = match (access.keys.find(key), &access.jwt) {
        (Some(caller), _) => caller,
        (None, Some(jwt)) => match jwt.admit(key, &path()).await {
            Ok(caller) => caller,
            Err(Refused::Invalid) => return Err(Denied::Wrong),
            Err(Refused::Insufficient) => return Err(Denied::Insufficient),
        },
        (None, None) => return Err(Denied::Wrong),
    };
    Ok(Admitted {
        key: Some(key),
        caller: Some(caller),
    })
}

/// The key that a request carries.
fn presented(headers: &HeaderMap, authorization: bool) -> Result<Option<&str>, Denied> {
    let only = |name: &HeaderName| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Denied::Ambiguous),
            (value, None) => Ok(value.map(|value| value.to_str().unwrap_or_default())),
        }
    };
    let [first, second] = KEY_HEADERS.each_ref().map(only);
    let in_authorization = only(&header::AUTHORIZATION)?.filter(|_| authorization);
    match (first?.map(without_scheme), second?.map(without_scheme)) {
        (Some(first), Some(second)) if first != second => Err(Denied::Ambiguous),
        (Some(key), _) | (None, Some(key)) => Ok(Some(key)),
        (None, None) => Ok(in_authorization.and_then(bearer)),
    }
}

/// `Bearer KEY` or `KEY`.
fn without_scheme(value: &str) -> &str {
    bearer(value).unwrap_or_else(|| value.trim())
}

/// The token after `Bearer`, in any case (RFC 9110 §11.1).
fn bearer(value: &str) -> Option<&str> {
    let value = value.trim();
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use toolwright_runtime::Secret;

    use super::*;
    use crate::access::{Key, Keys, Scope};

    fn access() -> Access {
        let caller = Caller {
            name: "a".to_owned(),
            scope: Scope::everything(),
            rate: None,
            by_token: false,
        };
        let key = Secret::new("sk-1").into();
        let keys = Keys::new(vec![Key::new(caller, &key).unwrap()]);
        Access::new(keys.into(), None)
    }

    async fn outcome(
        pairs: &[(&'static str, &'static str)],
        authorization: bool,
    ) -> Result<Option<String>, Denied> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        let admitted = admit(&access(), &headers, authorization, || "/mcp".to_owned()).await;
        admitted.map(|admitted| admitted.key.map(str::to_owned))
    }

    #[tokio::test]
    async fn keys_are_read_where_they_may_stand() {
        let admitted = Ok(Some("sk-1".to_owned()));
        type Headers<'a> = &'a [(&'static str, &'static str)];
        type Case<'a> = (Headers<'a>, bool, Result<Option<String>, Denied>);
        let cases: &[Case<'_>] = &[
            (
                &[("x-litellm-api-key", "Bearer sk-1")],
                true,
                admitted.clone(),
            ),
            (&[("x-litellm-api-key", "sk-1")], true, admitted.clone()),
            (
                &[("x-toolwright-key", "bearer sk-1")],
                false,
                admitted.clone(),
            ),
            (&[("authorization", "Bearer sk-1")], true, admitted.clone()),
            (
                &[("authorization", "Bearer sk-1")],
                false,
                Err(Denied::Missing),
            ),
            (&[("authorization", "sk-1")], true, Err(Denied::Missing)),
            (
                &[("authorization", "Basic sk-1")],
                true,
                Err(Denied::Missing),
            ),
            (
                &[
                    ("x-toolwright-key", "sk-1"),
                    ("authorization", "Bearer upstream"),
                ],
                true,
                admitted,
            ),
            (
                &[
                    ("x-toolwright-key", "wrong"),
                    ("authorization", "Bearer sk-1"),
                ],
                true,
                Err(Denied::Wrong),
            ),
            (&[("x-toolwright-key", "sk-12")], true, Err(Denied::Wrong)),
            (&[("x-toolwright-key", "")], true, Err(Denied::Wrong)),
            (&[], true, Err(Denied::Missing)),
            (
                &[("x-toolwright-key", "sk-1"), ("x-toolwright-key", "sk-1")],
                true,
                Err(Denied::Ambiguous),
            ),
            (
                &[
                    ("authorization", "Bearer sk-1"),
                    ("authorization", "Bearer sk-1"),
                ],
                true,
                Err(Denied::Ambiguous),
            ),
            (
                &[("x-toolwright-key", "sk-1"), ("x-litellm-api-key", "sk-2")],
                true,
                Err(Denied::Ambiguous),
            ),
        ];
        for (pairs, authorization, expected) in cases {
            assert_eq!(&outcome(pairs, *authorization).await, expected, "{pairs:?}");
        }
    }

    #[tokio::test]
    async fn without_a_key_everyone_is_admitted_but_ambiguity_is_not() {
        let mut headers = HeaderMap::new();
        let open = Access::new(Keys::default().into(), None);
        assert!(
            admit(&open, &headers, true, || "/mcp".to_owned())
                .await
                .unwrap()
                .caller
                .is_none()
        );
        headers.append("authorization", "a".parse().unwrap());
        headers.append("authorization", "b".parse().unwrap());
        let denied = admit(&open, &headers, true, || "/mcp".to_owned())
            .await
            .map(|_| ());
        assert_eq!(denied, Err(Denied::Ambiguous));
    }
}

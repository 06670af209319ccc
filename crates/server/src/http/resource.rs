//! What a caller hears who is not admitted, and where it learns how to be (RFC 9728, RFC 6750 §3).

use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};

use super::answer;
use super::key::Denied;
use super::place::{METADATA, Place};
use crate::access::Access;
use crate::gateway::Gateway;

/// The metadata of a resource; 404 without tokens, and for what is no endpoint.
pub(super) fn metadata(
    access: &Access,
    gateway: &Gateway,
    method: &Method,
    resource: &str,
) -> Response {
    let exists = match resource {
        "" | "/mcp" => true,
        other => other
            .strip_prefix('/')
            .and_then(|path| path.strip_suffix("/mcp"))
            .is_some_and(|server| gateway.own.contains_key(server)),
    };
    let Some(jwt) = access.jwt.as_ref().filter(|_| exists) else {
        return answer::refusal(StatusCode::NOT_FOUND, "there is nothing here");
    };
    if let Some(refused) = answer::wrong_method(&Method::GET, method) {
        return refused;
    }
    answer::text(StatusCode::OK, jwt.metadata(resource))
}

/// Turns somebody away, and says what would help.
pub(super) fn denied(
    access: &Access,
    denied: Denied,
    in_authorization: bool,
    place: &Place<'_>,
) -> Response {
    let (status, message) = match denied {
        Denied::Ambiguous => {
            let message = "a header that carries a key is there more than once, or two of them disagree; send one";
            return answer::refusal(StatusCode::BAD_REQUEST, message);
        }
        Denied::Missing | Denied::Wrong if in_authorization => (
            StatusCode::UNAUTHORIZED,
            "the gateway key is missing or wrong; send it as x-toolwright-key, x-litellm-api-key, or Authorization: Bearer",
        ),
        Denied::Missing | Denied::Wrong => (
            StatusCode::UNAUTHORIZED,
            "the gateway key is missing or wrong; send it as x-toolwright-key or x-litellm-api-key",
        ),
        Denied::Insufficient => (
            StatusCode::FORBIDDEN,
            "the token is good, but what was asked for is not allowed to it",
        ),
    };
    let mut challenge = "Bearer realm=\"toolwright\"".to_owned();
    if let Some(jwt) = &access.jwt {
        let url = jwt.resource(&format!("{METADATA}{}", place.resource()));
        challenge.push_str(&format!(", resource_metadata=\"{url}\""));
        // Where nothing was shown, there is nothing wrong with it (RFC 6750 §3.1).
        let error = match denied {
            Denied::Insufficient => Some("insufficient_scope"),
            Denied::Wrong => Some("invalid_token"),
            _ => None,
        };
        if let Some(error) = error {
            challenge.push_str(&format!(", error=\"{error}\""));
        }
        let scopes: Vec<&str> = jwt.scopes().collect();
        if !scopes.is_empty() {
            challenge.push_str(&format!(", scope=\"{}\"", scopes.join(" ")));
        }
    }
    let mut response = answer::refusal(status, message);
    if let Ok(value) = HeaderValue::try_from(challenge) {
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

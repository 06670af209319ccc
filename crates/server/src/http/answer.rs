//! HTTP answers: JSON-RPC replies, and refusals that come before there is a message.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};

use super::body::Parts;
use super::stream::Events;
use crate::protocol::reply::Reply;
use crate::protocol::text::quoted;

/// The answer to a body.
pub(super) fn reply(reply: Reply) -> Response {
    match reply {
        Reply::Accepted => with_status(StatusCode::ACCEPTED, Body::empty()),
        Reply::Json {
            status,
            parts,
            twin: Some(twin),
        } if parts.len() == 3 => {
            let packed = twin.between(&parts[0], &parts[2]);
            let body = Body::new(Parts::new(packed.to_vec()));
            let response = json(with_status(status, body));
            with(response, header::CONTENT_ENCODING, "gzip")
        }
        Reply::Json { status, parts, .. } => {
            // One part goes out in one write; joining small ones costs less than a second write.
            let length: usize = parts.iter().map(Bytes::len).sum();
            let body = if length <= 16 * 1024 {
                Body::from(Bytes::from(parts.concat()))
            } else {
                Body::new(Parts::new(parts))
            };
            json(with_status(status, body))
        }
    }
}

/// A JSON text that is not a message of the protocol.
pub(super) fn text(status: StatusCode, body: impl Into<Body>) -> Response {
    json(with_status(status, body.into()))
}

/// Plain text.
pub(super) fn plain(body: String) -> Response {
    let response = with_status(StatusCode::OK, Body::from(body));
    with(response, header::CONTENT_TYPE, "text/plain; version=0.0.4")
}

/// Progress, and then the answer.
pub(super) fn events(events: Events) -> Response {
    let response = with_status(StatusCode::OK, Body::new(events));
    let response = with(response, header::CONTENT_TYPE, "text/event-stream");
    let response = with(response, header::CACHE_CONTROL, "no-store");
    // A proxy that collects an answer before it passes it on would take away its sense.
    with(response, HeaderName::from_static("x-accel-buffering"), "no")
}

/// A refusal with a JSON body that says why.
pub(super) fn refusal(status: StatusCode, message: &str) -> Response {
    let body = format!(
        "{{\"error\":{{\"status\":{},\"message\":{}}}}}",
        status.as_u16(),
        quoted(message)
    );
    json(with_status(status, Body::from(body)))
}

/// The same answer with one more header.
pub(super) fn with(mut response: Response, name: HeaderName, value: &'static str) -> Response {
    response
        .headers_mut()
        .insert(name, HeaderValue::from_static(value));
    response
}

fn with_status(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

fn json(mut response: Response) -> Response {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// What a page may read of an answer beside its body: where tokens are made (RFC 9728 §5.1), and when to come back.
const EXPOSED: HeaderValue = HeaderValue::from_static("www-authenticate, retry-after");

/// Lets a page of an allowed origin read the answer.
pub(super) fn allow_origin(mut response: Response, origin: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(origin) {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
    }
    response
}

/// The refusal of a method where an address takes another; whoever takes GET takes HEAD (RFC 9110 §9.1).
pub(super) fn wrong_method(taken: &Method, found: &Method) -> Option<Response> {
    let gets = taken == Method::GET;
    if taken == found || gets && found == Method::HEAD {
        return None;
    }
    let (message, allowed) = match gets {
        true => ("this address takes GET and HEAD alone", "GET, HEAD"),
        false => ("this endpoint takes POST alone", "POST"),
    };
    let response = refusal(StatusCode::METHOD_NOT_ALLOWED, message);
    Some(with(response, header::ALLOW, allowed))
}

/// The answer to a browser's question whether it may send a request.
pub(super) fn preflight(asked: &HeaderMap) -> Response {
    let mut response = with_status(StatusCode::NO_CONTENT, Body::empty());
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST"),
    );
    headers.insert(
        header::ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from_static("600"),
    );
    if let Some(names) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    response
}

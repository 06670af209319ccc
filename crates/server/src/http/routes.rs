//! The routes, and the order of the checks before a body is read as MCP.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{any, get};
use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{HeaderMap, Method, StatusCode, header};

use super::body::{self, Unread};
use super::guard::{self, Guard};
use super::place::Place;
use super::{answer, key, metrics, rest, stream};
use crate::gateway::Gateway;
use crate::mcp;
use crate::mcp::code::{Code, Refusal};
use crate::mcp::progress::Progress;
use crate::mcp::reply::Reply;
use crate::mcp::version::Version;

/// What the routes share.
#[derive(Debug)]
pub struct App {
    /// What can be called.
    pub gateway: Gateway,
    /// Who may call from a browser.
    pub guard: Guard,
}

/// What [`Place`] lists, and `/healthz`.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/mcp", any(endpoint))
        .route("/metrics", any(endpoint))
        .route("/mcp-rest/tools/list", any(endpoint))
        .route("/mcp-rest/tools/call", any(endpoint))
        .route("/{server}/mcp", any(endpoint))
        .route("/{server}/tools", any(endpoint))
        .route("/{server}/tools/{name}", any(endpoint))
        .route("/healthz", get(async || "ok\n"))
        .fallback(async || answer::refusal(StatusCode::NOT_FOUND, "there is nothing here"))
        .with_state(app)
}

async fn endpoint(State(app): State<Arc<App>>, request: Request) -> Response {
    let origin = match app.guard.check(request.uri(), request.headers()) {
        Ok(origin) => origin.map(str::to_owned),
        Err(denied) => return turned_away(denied),
    };
    let response = checked(&app, request).await;
    match origin {
        Some(origin) => answer::allow_origin(response, &origin),
        None => response,
    }
}

fn turned_away(denied: guard::Denied) -> Response {
    match denied {
        guard::Denied::MalformedHost => answer::refusal(
            StatusCode::BAD_REQUEST,
            "the request must name exactly one host",
        ),
        guard::Denied::ForeignHost => answer::refusal(
            StatusCode::FORBIDDEN,
            "this host is not served here; an operator can name it in allowed_hosts",
        ),
        guard::Denied::ForeignOrigin => answer::refusal(
            StatusCode::FORBIDDEN,
            "pages of this origin may not call; an operator can name it in allowed_origins",
        ),
    }
}

async fn checked(app: &Arc<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let headers = &parts.headers;
    if parts.method == Method::OPTIONS && headers.contains_key(header::ORIGIN) {
        return answer::preflight(headers);
    }
    let place = Place::of(parts.uri.path());
    if parts.method != place.method() {
        let (message, allowed) = match place.method() {
            Method::GET => ("this address takes GET alone", "GET"),
            _ => ("this endpoint takes POST alone", "POST"),
        };
        let response = answer::refusal(StatusCode::METHOD_NOT_ALLOWED, message);
        return answer::with(response, header::ALLOW, allowed);
    }
    let endpoint = place.endpoint(&app.gateway);
    let in_authorization = endpoint.is_none_or(|endpoint| !endpoint.forwards_authorization);
    let key = match key::admit(app.gateway.key.as_ref(), headers, in_authorization) {
        Ok(key) => key,
        Err(key::Denied::Ambiguous) => {
            let message = "a header that carries a key is there more than once";
            return answer::refusal(StatusCode::BAD_REQUEST, message);
        }
        Err(key::Denied::Unauthorized) => {
            let message = if in_authorization {
                "the gateway key is missing or wrong; send it as x-toolwright-key, x-litellm-api-key, or Authorization: Bearer"
            } else {
                "the gateway key is missing or wrong; send it as x-toolwright-key or x-litellm-api-key"
            };
            let response = answer::refusal(StatusCode::UNAUTHORIZED, message);
            return answer::with(
                response,
                header::WWW_AUTHENTICATE,
                "Bearer realm=\"toolwright\"",
            );
        }
    };
    let Some(endpoint) = endpoint else {
        return answer::refusal(StatusCode::NOT_FOUND, "there is no such server");
    };
    if place.method() == Method::GET {
        return match place {
            Place::Metrics => answer::plain(metrics::text(&app.gateway)),
            _ => rest::list(&app.gateway, &place, parts.uri.query()),
        };
    }
    if let Err((status, message)) = negotiable(headers) {
        return answer::refusal(status, message);
    }
    let body = match body::read(body, endpoint.body_bytes).await {
        Ok(body) => body,
        Err(unread) => return not_read(unread, endpoint.body_bytes),
    };
    let context = mcp::Context {
        gateway: &app.gateway,
        endpoint,
        headers,
        key,
        progress: None,
    };
    if let Place::Tool(..) | Place::Call = place {
        return rest::call(context, &place, &body).await;
    }
    if stream::is_accepted(headers)
        && let Some(token) = mcp::progress_token(context, &body)
    {
        let progress = Arc::new(Progress::new(token));
        let call = streamed(Arc::clone(app), parts, body, Arc::clone(&progress));
        return answer::events(stream::Events::new(Box::pin(call), progress));
    }
    answer::reply(answered(context, &body).await)
}

/// A call that goes on while its answer is being sent. It was admitted before.
async fn streamed(
    app: Arc<App>,
    parts: http::request::Parts,
    body: Bytes,
    progress: Arc<Progress>,
) -> Reply {
    let place = Place::of(parts.uri.path());
    let endpoint = place.endpoint(&app.gateway).unwrap_or(&app.gateway.all);
    let key = key::admit(
        app.gateway.key.as_ref(),
        &parts.headers,
        !endpoint.forwards_authorization,
    );
    let context = mcp::Context {
        gateway: &app.gateway,
        endpoint,
        headers: &parts.headers,
        key: key.unwrap_or_default(),
        progress: Some(&progress),
    };
    answered(context, &body).await
}

async fn answered(context: mcp::Context<'_>, body: &[u8]) -> Reply {
    let answered = AssertUnwindSafe(mcp::answer(context, body))
        .catch_unwind()
        .await;
    answered.unwrap_or_else(|_| {
        let refusal = Refusal::new(
            Code::Internal,
            "the gateway failed while it handled this message",
        );
        Reply::error(Version::WHEN_UNSAID, None, &refusal)
    })
}

/// Bodies are JSON, and so are answers.
fn negotiable(headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
    let essence = |value: &str| {
        let essence = value.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    };
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let json = match (types.next(), types.next()) {
        (Some(only), None) => only
            .to_str()
            .is_ok_and(|value| essence(value) == "application/json"),
        _ => false,
    };
    if !json || headers.contains_key(header::CONTENT_ENCODING) {
        return Err((
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send Content-Type: application/json, not compressed",
        ));
    }
    let mut accepted = headers.get_all(header::ACCEPT).iter().peekable();
    if accepted.peek().is_none() {
        return Ok(());
    }
    let takes_json = accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|range| {
            matches!(
                essence(range).as_str(),
                "application/json" | "application/*" | "*/*"
            )
        });
    if takes_json {
        Ok(())
    } else {
        Err((
            StatusCode::NOT_ACCEPTABLE,
            "answers are application/json; accept it",
        ))
    }
}

fn not_read(unread: Unread, limit: usize) -> Response {
    let response = match unread {
        Unread::TooLong => answer::refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("the body is longer than {limit} bytes"),
        ),
        Unread::TooSlow => answer::refusal(
            StatusCode::REQUEST_TIMEOUT,
            "the body did not arrive in time",
        ),
        Unread::Broken => answer::refusal(StatusCode::BAD_REQUEST, "the body ended early"),
    };
    // What is left of the body is not worth reading.
    answer::with(response, header::CONNECTION, "close")
}

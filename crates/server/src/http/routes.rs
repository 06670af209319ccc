//! The routes, and the order of the checks before a body is read as MCP.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use futures_util::FutureExt as _;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};

use super::accept::Taken;
use super::app::App;
use super::body::{self, Unread};
use super::guard::{self, Guard};
use super::place::Place;
use super::{accept, answer, health, key, metrics, resource, rest, stream};
use crate::access::{Caller, Unseen};
use crate::gateway::Gateway;
use crate::mcp;
use crate::mcp::progress::Progress;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::reply::Reply;
use crate::protocol::version::Version;

/// Answers one request.
pub async fn respond(app: Arc<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut body = Some(body);
    let response = match Place::of(parts.uri.path()) {
        None => nothing(),
        Some(Place::Metrics) if app.metrics_apart => nothing(),
        Some(place) => guarded(&app, &parts, place, &mut body).await,
    };
    unwanted(response, body, &parts.headers).await
}

/// `/metrics` and `/healthz`, for an address of their own.
pub async fn respond_apart(gateway: Arc<Gateway>, guard: Arc<Guard>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let place = Place::of(parts.uri.path());
    let response = match place {
        Some(Place::Metrics | Place::Health) => {
            if let Some(refused) = answer::wrong_method(&Method::GET, &parts.method) {
                refused
            } else if place == Some(Place::Health) {
                health::alive()
            } else {
                match guard.check(&parts.uri, &parts.headers) {
                    Ok(_) => answer::plain(metrics::text(&gateway)),
                    Err(denied) => turned_away(denied),
                }
            }
        }
        _ => nothing(),
    };
    unwanted(response, Some(body), &parts.headers).await
}

fn nothing() -> Response {
    answer::refusal(StatusCode::NOT_FOUND, "there is nothing here")
}

/// An answer to a request whose body was perhaps not read. The server behind closes a connection with one without a word,
/// and a client that is told nothing loses its next request (RFC 9112 §9.6).
///
/// Whoever waits for leave to send the body is told the answer in its place (RFC 9110 §10.1.1).
async fn unwanted(response: Response, body: Option<Body>, headers: &HeaderMap) -> Response {
    let goes_on = match body {
        Some(_) if headers.contains_key(header::EXPECT) => false,
        Some(body) => body::let_go(body).await,
        None => true,
    };
    if goes_on {
        response
    } else {
        answer::with(response, header::CONNECTION, "close")
    }
}

/// Only for those whom a browser may have sent here.
async fn guarded(
    app: &Arc<App>,
    parts: &Parts,
    place: Place<'_>,
    body: &mut Option<Body>,
) -> Response {
    let origin = app.guard.check(&parts.uri, &parts.headers);
    match (place, origin) {
        // That the process runs is told to everybody.
        (Place::Health, _) => match answer::wrong_method(&Method::GET, &parts.method) {
            Some(refused) => refused,
            None => Box::pin(health::health(app, parts)).await,
        },
        (_, Err(denied)) => turned_away(denied),
        (place, Ok(origin)) => {
            let is_asked =
                parts.method == Method::OPTIONS && parts.headers.contains_key(header::ORIGIN);
            let response = match place {
                _ if is_asked => answer::preflight(&parts.headers),
                Place::Metadata(resource) => {
                    resource::metadata(&app.access, &app.gateway, &parts.method, resource)
                }
                place => checked(app, parts, place, body).await,
            };
            match origin {
                Some(origin) => answer::allow_origin(response, origin),
                None => response,
            }
        }
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

/// The answer; what is left in `body` was not read.
async fn checked(
    app: &Arc<App>,
    parts: &Parts,
    place: Place<'_>,
    body: &mut Option<Body>,
) -> Response {
    let headers = &parts.headers;
    if let Some(refused) = answer::wrong_method(&place.method(), &parts.method) {
        return refused;
    }
    let endpoint = place.endpoint(&app.gateway);
    let in_authorization = endpoint.is_none_or(|endpoint| !endpoint.forwards_authorization);
    let admitted = key::admit(&app.access, headers, in_authorization, || place.resource()).await;
    let key::Admitted { key, caller } = match admitted {
        Ok(admitted) => admitted,
        Err(denied) => return resource::denied(&app.access, denied, in_authorization, &place),
    };
    if endpoint.is_none() {
        return answer::refusal(
            StatusCode::NOT_FOUND,
            "there is no such server, or no such group of its tools",
        );
    }
    if let Some(rate) = caller.as_ref().and_then(|caller| caller.rate.as_ref())
        && let Err(wait) = rate.take()
    {
        return too_many(wait);
    }
    let selection = match selection(&place, headers) {
        Ok(selection) => selection,
        Err(unseen) => return not_seen(unseen),
    };
    let seen = app
        .access
        .gateway(&app.gateway, caller.as_deref(), selection.as_deref());
    let refused = |unseen| {
        let by_token = caller.as_ref().is_some_and(|caller| caller.by_token);
        match unseen {
            // Another token may do what this one may not (RFC 6750 §3.1).
            Unseen::Forbidden if by_token => resource::denied(
                &app.access,
                key::Denied::Insufficient,
                in_authorization,
                &place,
            ),
            unseen => not_seen(unseen),
        }
    };
    let gateway = match seen {
        Ok(gateway) => gateway,
        Err(unseen) => return refused(unseen),
    };
    let Some(endpoint) = place.endpoint(&gateway) else {
        return refused(Unseen::Forbidden);
    };
    if place.method() == Method::GET {
        return match place {
            Place::Metrics => answer::plain(metrics::text(&gateway)),
            _ => rest::list(&gateway, &place, parts.uri.query()),
        };
    }
    let taken = Taken::of(headers);
    if let Err((status, message)) = negotiable(headers, taken) {
        return answer::refusal(status, message);
    }
    let unread = body.take().unwrap_or_default();
    let body = match body::read(unread, endpoint.body_bytes, app.patience).await {
        Ok(body) => body,
        Err(unread) => return not_read(unread, endpoint.body_bytes),
    };
    let context = mcp::Context {
        gateway: &gateway,
        endpoint,
        headers,
        key,
        caller: caller.as_deref(),
        stdio: None,
        progress: None,
    };
    if let Place::Tool(..) | Place::Call = place {
        return Box::pin(rest::call(context, &place, &body)).await;
    }
    if taken.events
        && let Some(token) = mcp::progress_token(context, &body)
    {
        let progress = Arc::new(Progress::new(token));
        let admitted = (Arc::clone(&gateway), caller.clone(), key.map(str::to_owned));
        let addressed = (parts.uri.clone(), headers.clone());
        let call = streamed(admitted, addressed, body, Arc::clone(&progress));
        return answer::events(stream::Events::new(Box::pin(call), progress));
    }
    answer::reply(answered(context, &body).await)
}

/// A call that goes on while its answer is being sent. It was admitted before.
async fn streamed(
    (gateway, caller, key): (Arc<Gateway>, Option<Arc<Caller>>, Option<String>),
    (uri, headers): (Uri, HeaderMap),
    body: Bytes,
    progress: Arc<Progress>,
) -> Reply {
    let place = Place::of(uri.path());
    let endpoint = place.and_then(|place| place.endpoint(&gateway));
    let context = mcp::Context {
        gateway: &gateway,
        endpoint: endpoint.unwrap_or(&gateway.all),
        headers: &headers,
        key: key.as_deref(),
        caller: caller.as_deref(),
        stdio: None,
        progress: Some(&progress),
    };
    answered(context, &body).await
}

/// The servers that a request selects, by its path or by LiteLLM's header; both at once would have two readings.
fn selection(place: &Place<'_>, headers: &HeaderMap) -> Result<Option<String>, Unseen> {
    const SERVERS: HeaderName = HeaderName::from_static("x-mcp-servers");
    let values = headers.get_all(SERVERS).iter();
    let named: Vec<&str> = values
        .map(|value| value.to_str().map_err(|_| Unseen::Malformed))
        .collect::<Result<_, _>>()?;
    match (place, named.as_slice()) {
        (Place::Some(_), [_, ..]) => Err(Unseen::Malformed),
        (Place::Some(servers), []) => Ok(Some((*servers).to_owned())),
        (_, []) => Ok(None),
        (_, named) => Ok(Some(named.join(","))),
    }
}

fn not_seen(unseen: Unseen) -> Response {
    match unseen {
        Unseen::Unknown => answer::refusal(
            StatusCode::NOT_FOUND,
            "the selection names something that is neither a server nor a group of servers",
        ),
        Unseen::Forbidden => answer::refusal(
            StatusCode::FORBIDDEN,
            "this key may not use that server, or it is not among those selected",
        ),
        Unseen::Malformed => answer::refusal(
            StatusCode::BAD_REQUEST,
            "select servers by the path or by x-mcp-servers, as names with commas between them",
        ),
    }
}

fn too_many(wait: Duration) -> Response {
    let mut response = answer::refusal(
        StatusCode::TOO_MANY_REQUESTS,
        "this key has sent as many requests as it may; come back later",
    );
    let seconds = wait.as_secs_f64().ceil().max(1.0);
    if let Ok(value) = HeaderValue::try_from(format!("{seconds:.0}")) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

async fn answered(context: mcp::Context<'_>, body: &[u8]) -> Reply {
    let answered = pin!(mcp::answer(context, body));
    let answered = AssertUnwindSafe(answered).catch_unwind().await;
    answered.unwrap_or_else(|_| {
        let refusal = Refusal::new(
            Code::Internal,
            "the gateway failed while it handled this message",
        );
        Reply::error(Version::WHEN_UNSAID, None, &refusal)
    })
}

/// Bodies are JSON, and so are answers.
fn negotiable(headers: &HeaderMap, taken: Taken) -> Result<(), (StatusCode, &'static str)> {
    if !accept::is_json(headers) || headers.contains_key(header::CONTENT_ENCODING) {
        return Err((
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send Content-Type: application/json, in UTF-8 and not compressed",
        ));
    }
    if taken.json {
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

//! The upstream: answers like the data API, and remembers every request.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query, as on the wire.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    /// All values of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let values = self.headers.get_all(name).into_iter();
        values.map(|value| value.to_str().unwrap()).collect()
    }

    /// The names of its headers, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.headers.keys().map(http::HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    /// Everything it carried, for a search.
    pub(crate) fn text(&self) -> String {
        format!(
            "{} {} {:?} {}",
            self.method, self.target, self.headers, self.body
        )
    }
}

/// A server on a loopback port. Items with these numbers answer oddly: 408 keeps silent, 413 sends a megabyte, 500 fails.
#[derive(Clone)]
pub(crate) struct Upstream {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    canned: Arc<Mutex<Option<Canned>>>,
}

/// An answer that a test prescribes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Canned {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Sent one after another, a moment apart.
    pub(crate) pieces: Vec<Vec<u8>>,
    /// Whether nothing ends the body.
    pub(crate) endless: bool,
}

impl Canned {
    /// 200 with a media type and a body.
    pub(crate) fn ok(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", media_type.to_owned())],
            pieces: vec![body.into()],
            endless: false,
        }
    }

    fn response(self) -> Response {
        let pieces = self.pieces.into_iter().enumerate();
        let body = futures_util::stream::iter(pieces).then(async |(at, piece)| {
            if at > 0 {
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
            Ok::<_, std::io::Error>(piece)
        });
        let end = futures_util::stream::iter(self.endless.then_some(())).then(async |()| {
            tokio::time::sleep(Duration::from_secs(600)).await;
            Ok(Vec::new())
        });
        let mut response = Response::new(Body::from_stream(body.chain(end)));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        for (name, value) in self.headers {
            response.headers_mut().append(name, value.parse().unwrap());
        }
        response
    }
}

impl Upstream {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            canned: Arc::default(),
        };
        let router = Router::new().fallback(answer).with_state(upstream.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        upstream
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What every request is answered from now on.
    pub(crate) fn answer_with(&self, canned: Canned) {
        *self.canned.lock().unwrap() = Some(canned);
    }

    /// Everything that arrived since the last look.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    /// The only request that arrived since the last look.
    pub(crate) fn only(&self) -> Seen {
        let mut seen = self.take();
        assert_eq!(seen.len(), 1, "one request, not {seen:#?}");
        seen.remove(0)
    }

    /// Checks that nothing arrived since the last look.
    pub(crate) fn untouched(&self) {
        let seen = self.take();
        assert!(seen.is_empty(), "nothing may be sent, not {seen:#?}");
    }
}

async fn answer(State(upstream): State<Upstream>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let target = head.uri.path_and_query().unwrap().as_str().to_owned();
    let seen = Seen {
        method: head.method.to_string(),
        target: target.clone(),
        headers: head.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let token = seen
        .header("x-token")
        .first()
        .map(|&token| token.to_owned());
    let echo = json!({
        "method": seen.method, "target": target, "token": token, "body": seen.body,
        "headers": seen.names(),
    });
    upstream.seen.lock().unwrap().push(seen);
    let canned = upstream.canned.lock().unwrap().clone();
    if let Some(canned) = canned {
        return canned.response();
    }
    match (token, target.as_str()) {
        (None, _) => problem(StatusCode::UNPROCESSABLE_ENTITY, &missing()),
        (Some(token), _) if token.starts_with("expired") => {
            let mut answer = problem(StatusCode::UNAUTHORIZED, &json!({"detail": "expired"}));
            let challenge = "Bearer realm=\"upstream\"".parse().unwrap();
            answer.headers_mut().insert("www-authenticate", challenge);
            answer
                .headers_mut()
                .insert("set-cookie", "id=1".parse().unwrap());
            answer
        }
        (_, "/items/408") => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        (_, "/items/413") => Body::from("x".repeat(1 << 20)).into_response(),
        (_, "/items/500") => problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            &json!({"detail": "broken"}),
        ),
        _ => problem(StatusCode::OK, &echo),
    }
}

/// What FastAPI answers when a required header is not there.
fn missing() -> Value {
    json!({"detail": [{"type": "missing", "loc": ["header", "x-token"], "msg": "Field required", "input": null}]})
}

fn problem(status: StatusCode, body: &Value) -> Response {
    (
        status,
        [("content-type", "application/json")],
        body.to_string(),
    )
        .into_response()
}

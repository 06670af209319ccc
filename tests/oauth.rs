//! Tokens for an upstream, from a real token endpoint.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{Caller, Gateway, KEY};

/// An authorization server and an API that takes its newest token alone.
#[derive(Clone, Default)]
struct Api {
    made: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
    seen: Arc<Mutex<Vec<String>>>,
    refuses: Arc<AtomicUsize>,
    down: Arc<AtomicUsize>,
    /// The seconds for which tokens are good; an hour where it is 0.
    life: Arc<AtomicUsize>,
}

async fn token(State(api): State<Api>, body: String) -> Response {
    api.asked.lock().unwrap().push(body);
    // Long enough that callers wait for one another.
    tokio::time::sleep(Duration::from_millis(100)).await;
    if api.down.load(Ordering::SeqCst) > 0 {
        let body = r#"{"error":"invalid_client","error_description":"canary-description"}"#;
        return (StatusCode::UNAUTHORIZED, body).into_response();
    }
    let number = api.made.fetch_add(1, Ordering::SeqCst) + 1;
    let life = match api.life.load(Ordering::SeqCst) {
        0 => 3600,
        life => life,
    };
    let answer = json!({"access_token": format!("token-{number}"), "token_type": "bearer", "expires_in": life});
    ([("content-type", "application/json")], answer.to_string()).into_response()
}

async fn whoami(State(api): State<Api>, headers: HeaderMap) -> Response {
    let value = headers["authorization"].to_str().unwrap().to_owned();
    api.seen.lock().unwrap().push(value);
    let refuses = api.refuses.load(Ordering::SeqCst);
    if refuses > 0 {
        api.refuses.store(refuses - 1, Ordering::SeqCst);
        return StatusCode::UNAUTHORIZED.into_response();
    }
    ([("content-type", "application/json")], "{}").into_response()
}

async fn start(api: &Api) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .route("/token", post(token))
        .route("/whoami", get(whoami))
        .with_state(api.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn configuration(url: &str) -> String {
    format!(
        "general_settings: {{master_key: {KEY}}}\nmcp_servers:\n  data_api:\n    url: {url}\n    extra_headers: [X-TOKEN]\n    \
         auth_type: oauth2\n    client_id: me\n    client_secret: canary-secret\n    token_url: {url}/token\n    \
         scopes: [read, write]\n    audience: https://api.example\n"
    )
}

#[tokio::test]
async fn client_credentials_are_fetched_once_kept_and_renewed_after_a_refusal() {
    let api = Api::default();
    let url = start(&api).await;
    let gateway = Gateway::start(&configuration(&url));
    let caller = Caller::new(&gateway, "/data_api/mcp");
    // One request for many callers.
    let calls = (0..20).map(|_| {
        let caller = caller.clone();
        tokio::spawn(async move { caller.answer("whoami", json!({})).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
    assert_eq!(api.made.load(Ordering::SeqCst), 1);
    let asked = std::mem::take(&mut *api.asked.lock().unwrap());
    assert_eq!(
        asked,
        [
            "grant_type=client_credentials&scope=read+write&audience=https%3A%2F%2Fapi.example&client_id=me&client_secret=canary-secret"
        ]
    );
    let seen = std::mem::take(&mut *api.seen.lock().unwrap());
    assert!(
        seen.len() == 20 && seen.iter().all(|value| value == "Bearer token-1"),
        "{seen:?}"
    );

    // Refused once: another token, one more try.
    api.refuses.store(1, Ordering::SeqCst);
    caller.answer("whoami", json!({})).await;
    assert_eq!(
        std::mem::take(&mut *api.seen.lock().unwrap()),
        ["Bearer token-1", "Bearer token-2"]
    );
    // Refused for good: the API's own answer, after one more try.
    api.refuses.store(9, Ordering::SeqCst);
    let said = caller.error("whoami", json!({})).await;
    assert!(said.contains("401"), "{said}");
    assert_eq!(api.seen.lock().unwrap().len(), 2);
    api.refuses.store(0, Ordering::SeqCst);
    api.seen.lock().unwrap().clear();

    // The caller's own credential needs no token.
    let made = api.made.load(Ordering::SeqCst);
    let own = caller.clone().header("x-mcp-auth", "mine");
    own.answer("whoami", json!({})).await;
    assert_eq!(*api.seen.lock().unwrap(), ["Bearer mine"]);
    assert_eq!(api.made.load(Ordering::SeqCst), made);
    for secret in ["canary-secret", "token-1", "token-2"] {
        assert!(!gateway.log().contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_token_is_given_up_before_it_ends() {
    let api = Api::default();
    api.life.store(2, Ordering::SeqCst);
    let url = start(&api).await;
    let gateway = Gateway::start(&configuration(&url));
    let caller = Caller::new(&gateway, "/data_api/mcp");
    caller.answer("whoami", json!({})).await;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    // Many come at once, and one token is made for them.
    let calls = (0..10).map(|_| caller.answer("whoami", json!({})));
    futures_util::future::join_all(calls).await;
    assert_eq!(api.made.load(Ordering::SeqCst), 2);
    let seen = api.seen.lock().unwrap().clone();
    assert_eq!(seen[0], "Bearer token-1");
    assert!(
        seen[1..].iter().all(|value| value == "Bearer token-2"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_and_nothing_leaks() {
    let api = Api::default();
    api.down.store(1, Ordering::SeqCst);
    let url = start(&api).await;
    let gateway = Gateway::start(&configuration(&url));
    let caller = Caller::new(&gateway, "/data_api/mcp");
    let said = caller.error("whoami", json!({})).await;
    assert!(
        said.contains("token endpoint") && said.contains("invalid_client"),
        "{said}"
    );
    assert!(
        !said.contains("canary") && !said.contains("127.0.0.1"),
        "{said}"
    );
    assert!(api.seen.lock().unwrap().is_empty());
    // Whoever comes right after shares the failure.
    caller.error("whoami", json!({})).await;
    assert_eq!(api.asked.lock().unwrap().len(), 1);
}

//! An authorization server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::Upstream;

/// An authorization server: publishes its key, signs tokens, exchanges them.
#[derive(Clone)]
pub(crate) struct Issuer {
    pub(crate) url: String,
    pair: Arc<Mutex<Ed25519KeyPair>>,
    name: Arc<Mutex<&'static str>>,
    /// How often the keys were asked for.
    pub(crate) fetched: Arc<AtomicUsize>,
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
    pub(crate) down: Arc<Mutex<bool>>,
}

fn pair() -> Ed25519KeyPair {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap()
}

impl Issuer {
    pub(crate) async fn start() -> Issuer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = Issuer {
            url: format!("http://{}", listener.local_addr().unwrap()),
            pair: Arc::new(Mutex::new(pair())),
            name: Arc::new(Mutex::new("k")),
            fetched: Arc::default(),
            asked: Arc::default(),
            down: Arc::default(),
        };
        let router = Router::new()
            .route("/jwks", get(jwks))
            .route("/token", post(exchange))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    /// Another key pair, under another name; the old one is no longer published.
    pub(crate) fn rotate(&self, name: &'static str) {
        *self.pair.lock().unwrap() = pair();
        *self.name.lock().unwrap() = name;
    }

    /// A token with these claims changed.
    pub(crate) fn token(&self, change: &Value) -> String {
        self.signed(
            &json!({"alg": "EdDSA", "kid": *self.name.lock().unwrap()}),
            change,
        )
    }

    /// The same with a header of one's own.
    pub(crate) fn signed(&self, header: &Value, change: &Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let mut claims = json!({"iss": "https://issuer.example", "aud": "https://tools.example/data_api/mcp",
                                "exp": now.as_secs() + 600, "scope": "data"});
        for (name, value) in change.as_object().unwrap() {
            claims[name.as_str()] = value.clone();
        }
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(header), encode(&claims));
        let signature = self.pair.lock().unwrap().sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    pub(crate) fn configuration(&self, upstream: &Upstream, server: &str) -> String {
        let url = upstream.url();
        format!(
            "jwt:\n  issuer: https://issuer.example\n  public_url: https://tools.example\n  jwks: {}/jwks\n  rules:\n    \
             - {{scope: data, servers: [data_api]}}\n    - {{scope: others, servers: [other], read_only: true}}\n\
             mcp_servers:\n  data_api:\n    url: {url}\n    extra_headers: [X-TOKEN]\n{server}  other:\n    url: {url}\n    \
             spec: data_api\n    extra_headers: [X-TOKEN]\n",
            self.url
        )
    }
}

async fn jwks(State(issuer): State<Issuer>) -> Response {
    issuer.fetched.fetch_add(1, Ordering::SeqCst);
    if *issuer.down.lock().unwrap() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let key = URL_SAFE_NO_PAD.encode(issuer.pair.lock().unwrap().public_key());
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": *issuer.name.lock().unwrap(), "x": key}]})
        .to_string()
        .into_response()
}

async fn exchange(State(issuer): State<Issuer>, body: String) -> Response {
    let mut asked = issuer.asked.lock().unwrap();
    asked.push(body);
    let answer = json!({"access_token": format!("exchanged-{}", asked.len()), "token_type": "Bearer", "expires_in": 600,
                        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"});
    answer.to_string().into_response()
}

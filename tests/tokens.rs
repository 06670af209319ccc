//! Callers who come with a token of an authorization server, and upstreams that take another one in exchange.

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

use crate::support::{Caller, Gateway, Upstream, client, refused};

/// An authorization server: publishes its key, signs tokens, exchanges them.
#[derive(Clone)]
struct Issuer {
    url: String,
    pair: Arc<Mutex<Ed25519KeyPair>>,
    asked: Arc<Mutex<Vec<String>>>,
    down: Arc<Mutex<bool>>,
}

fn pair() -> Ed25519KeyPair {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap()
}

impl Issuer {
    async fn start() -> Issuer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = Issuer {
            url: format!("http://{}", listener.local_addr().unwrap()),
            pair: Arc::new(Mutex::new(pair())),
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

    fn token(&self, change: &Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let mut claims = json!({"iss": "https://issuer.example", "aud": "https://tools.example/data_api/mcp",
                                "exp": now.as_secs() + 600, "scope": "data"});
        for (name, value) in change.as_object().unwrap() {
            claims[name.as_str()] = value.clone();
        }
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!(
            "{}.{}",
            encode(&json!({"alg": "EdDSA", "kid": "k"})),
            encode(&claims)
        );
        let signature = self.pair.lock().unwrap().sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn configuration(&self, upstream: &Upstream, server: &str) -> String {
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
    if *issuer.down.lock().unwrap() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let key = URL_SAFE_NO_PAD.encode(issuer.pair.lock().unwrap().public_key());
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": key}]})
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

fn bearer(gateway: &Gateway, path: &str, token: &str) -> Caller {
    Caller::stranger(gateway, path)
        .header("authorization", &format!("Bearer {token}"))
        .header("x-token", "t")
}

async fn status(caller: &Caller) -> u16 {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    caller.post(body.to_string()).await.0.as_u16()
}

#[tokio::test]
async fn rows_16_and_61_to_63_tokens_open_what_their_claims_say_and_never_travel() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let gateway = Gateway::start(&issuer.configuration(&upstream, ""));
    let good = issuer.token(&json!({}));
    bearer(&gateway, "/data_api/mcp", &good)
        .answer("whoami", json!({}))
        .await;
    let seen = upstream.only().text();
    assert!(
        !seen.contains(&good) && !seen.contains("authorization"),
        "{seen}"
    );
    // Neither by itself nor inside a header that does travel.
    let said = bearer(&gateway, "/data_api/mcp", &good)
        .header("x-mcp-auth", &good)
        .error("whoami", json!({}))
        .await;
    assert!(said.contains("x-mcp-auth"), "{said}");
    upstream.untouched();

    let broad = json!({"aud": "https://tools.example"});
    for (path, claims, expected) in [
        ("/data_api/mcp", json!({}), 200),
        ("/data_api/mcp", broad.clone(), 200),
        ("/other/mcp", json!({}), 401),
        ("/mcp", json!({}), 401),
        ("/other/mcp", broad.clone(), 403),
        ("/mcp", broad, 200),
        ("/data_api/mcp", json!({"scope": "nothing"}), 403),
        ("/data_api/mcp", json!({"iss": "https://evil.example"}), 401),
        ("/data_api/mcp", json!({"exp": 1}), 401),
        (
            "/other/mcp",
            json!({"aud": "https://tools.example/other/mcp", "scope": "others"}),
            200,
        ),
    ] {
        let caller = bearer(&gateway, path, &issuer.token(&claims));
        assert_eq!(status(&caller).await, expected, "{path} {claims}");
    }
    let in_query = format!("/data_api/mcp?access_token={good}");
    assert_eq!(status(&Caller::stranger(&gateway, &in_query)).await, 401);
    assert!(!gateway.log().contains(&good));

    // Where to go, as RFC 9728 says.
    let none = client()
        .post(gateway.url("/data_api/mcp"))
        .send()
        .await
        .unwrap();
    let challenge = none.headers()["www-authenticate"].to_str().unwrap();
    let named = "resource_metadata=\"https://tools.example/.well-known/oauth-protected-resource/data_api/mcp\"";
    assert!(
        challenge.starts_with("Bearer ") && challenge.contains(named),
        "{challenge}"
    );
    for (path, resource) in [
        ("", ""),
        ("/mcp", "/mcp"),
        ("/data_api/mcp", "/data_api/mcp"),
    ] {
        let url = gateway.url(&format!("/.well-known/oauth-protected-resource{path}"));
        let text = client()
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let metadata: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            metadata["resource"],
            format!("https://tools.example{resource}")
        );
        assert_eq!(
            metadata["authorization_servers"],
            json!(["https://issuer.example"])
        );
    }
    let nowhere = gateway.url("/.well-known/oauth-protected-resource/nowhere/mcp");
    assert_eq!(client().get(nowhere).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn row_61_without_the_issuers_keys_nobody_comes_in() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    *issuer.down.lock().unwrap() = true;
    let gateway = Gateway::start(&issuer.configuration(&upstream, ""));
    let caller = bearer(&gateway, "/data_api/mcp", &issuer.token(&json!({})));
    assert_eq!(status(&caller).await, 401);
    // Without tokens there is nothing to say about them.
    let open = Gateway::start(&crate::support::with_token(&upstream));
    let url = open.url("/.well-known/oauth-protected-resource");
    assert_eq!(client().get(url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn row_15_a_header_that_tokens_come_in_is_not_passed_on() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let open = issuer.configuration(&upstream, "");
    let listed = open.replacen("[X-TOKEN]", "[X-TOKEN, Authorization]", 1);
    let (code, said) = refused(&listed);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("MUST NOT pass through"), "{said}");
    let allowed = listed.replacen(
        "    extra_headers",
        "    allow_passthrough: true\n    extra_headers",
        1,
    );
    let gateway = Gateway::start(&allowed);
    let token = issuer.token(&json!({}));
    let caller = Caller::stranger(&gateway, "/data_api/mcp")
        .header("x-token", "t")
        .header("x-toolwright-key", &token)
        .header("authorization", "Bearer mine");
    caller.answer("whoami", json!({})).await;
    assert_eq!(upstream.only().header("authorization"), ["Bearer mine"]);
    assert!(gateway.says("MUST NOT pass through"), "{}", gateway.log());
}

#[tokio::test]
async fn tokens_are_exchanged_for_each_caller() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let server = format!(
        "    auth_type: oauth2_token_exchange\n    token_url: {}/token\n    client_id: me\n    client_secret: canary\n    \
         token_endpoint_auth_method: client_secret_basic\n    resource: https://api.example\n",
        issuer.url
    );
    let configuration = issuer.configuration(&upstream, &server);
    let gateway = Gateway::start(&format!(
        "general_settings: {{master_key: sk-plain}}\n{configuration}"
    ));
    let (one, two) = (
        issuer.token(&json!({"sub": "1"})),
        issuer.token(&json!({"sub": "2"})),
    );
    for (token, sent) in [
        (&one, "exchanged-1"),
        (&two, "exchanged-2"),
        (&one, "exchanged-1"),
    ] {
        let caller = bearer(&gateway, "/data_api/mcp", token);
        caller.answer("whoami", json!({})).await;
        assert_eq!(
            upstream.only().header("authorization"),
            [format!("Bearer {sent}")]
        );
    }
    let asked = issuer.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 2);
    let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange";
    assert!(
        asked[0].starts_with(grant) && asked[0].contains(&format!("subject_token={one}")),
        "{asked:?}"
    );
    assert!(
        asked[0].contains("resource=https%3A%2F%2Fapi.example") && !asked[0].contains("canary")
    );
    // A gateway key is no token, and goes nowhere.
    let keyed = Caller::stranger(&gateway, "/data_api/mcp").header("x-toolwright-key", "sk-plain");
    let said = keyed.error("whoami", json!({})).await;
    assert!(said.contains("token"), "{said}");
    assert_eq!(issuer.asked.lock().unwrap().len(), 2);
    upstream.untouched();
}

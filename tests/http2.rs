//! HTTP/2 on either side: the rules about headers are the same.

use std::fs;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::IntoResponse as _;
use http::{HeaderMap, StatusCode, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use reqwest::Client;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{Authority, Caller, Gateway, KEY, Upstream, client, data_api, send};

/// What an API saw: version, connection, headers.
type Seen = Arc<Mutex<Vec<(Version, usize, HeaderMap)>>>;

/// An API over TLS that speaks HTTP/2 alone.
async fn serve(authority: &Authority, seen: &Seen) -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (certificate, key) = authority.issue();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::clone(seen);
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((stream, _)) = listener.accept().await {
            number += 1;
            let router = Router::new()
                .fallback(answer)
                .with_state((Arc::clone(&seen), number));
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                let service = TowerToHyperService::new(router);
                let builder = Builder::new(TokioExecutor::new());
                let _ = builder
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    port
}

async fn answer(
    State((seen, number)): State<(Seen, usize)>,
    request: Request,
) -> axum::response::Response {
    let headers = request.headers().clone();
    seen.lock()
        .unwrap()
        .push((request.version(), number, headers));
    ([("content-type", "application/json")], "{}").into_response()
}

#[tokio::test]
async fn row_18_a_missing_header_stays_missing_on_a_shared_http2_connection() {
    let (authority, seen) = (Authority::new(), Seen::default());
    let port = serve(&authority, &seen).await;
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca");
    fs::write(&ca, &authority.pem).unwrap();
    let gateway = Gateway::start(&format!(
        "general_settings: {{master_key: {KEY}}}\nmcp_servers:\n  data_api:\n    url: https://localhost:{port}\n    \
         ca_file: {}\n    extra_headers: [X-TOKEN, Cookie]\n",
        ca.display()
    ));
    let without = Caller::new(&gateway, "/data_api/mcp");
    for number in 0..50 {
        let token = format!("token-{number}");
        let cookie = format!("session={number}");
        let with = without
            .clone()
            .header("x-token", &token)
            .header("cookie", &cookie);
        with.answer("whoami", json!({})).await;
        without.answer("whoami", json!({})).await;
    }
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 100);
    for (number, (version, connection, headers)) in seen.iter().enumerate() {
        assert_eq!((*version, *connection), (Version::HTTP_2, 1));
        let of = |name: &str| {
            headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let turn = number / 2;
        let expected =
            (number % 2 == 0).then(|| (format!("token-{turn}"), format!("session={turn}")));
        assert_eq!(of("x-token").zip(of("cookie")), expected, "{number}");
    }
}

/// A caller that speaks HTTP/2 from its first byte.
fn prior() -> Client {
    drop(client());
    Client::builder()
        .no_proxy()
        .http2_prior_knowledge()
        .build()
        .unwrap()
}

async fn call(client: &Client, gateway: &Gateway, headers: &[(&str, &str)]) -> (StatusCode, Value) {
    let body =
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami"}});
    let mut request = client.post(gateway.url("/data_api/mcp"));
    request = request.header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = send(request.body(body.to_string())).await;
    assert_eq!(answer.version(), Version::HTTP_2);
    let status = answer.status();
    (status, serde_json::from_str(answer.text()).unwrap())
}

#[tokio::test]
async fn row_19_over_http2_keys_come_once_and_cookies_are_put_together() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN, Cookie]\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let client = prior();
    for (name, first, second) in [
        ("authorization", "Bearer a", "Bearer b"),
        ("x-toolwright-key", KEY, KEY),
        ("x-litellm-api-key", KEY, "other"),
    ] {
        let (status, _) = call(&client, &gateway, &[(name, first), (name, second)]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{name}");
    }
    let (status, _) = call(&client, &gateway, &[("x-toolwright-key", "wrong")]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    upstream.untouched();
    // HTTP/2 lets clients split a cookie (RFC 9113 §8.2.3); what goes on is one.
    let crumbs = [
        ("x-toolwright-key", KEY),
        ("x-token", "t"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
    ];
    let (status, answer) = call(&client, &gateway, &crumbs).await;
    assert_eq!(
        (status, &answer["result"]["isError"]),
        (StatusCode::OK, &json!(false))
    );
    let seen = upstream.only();
    assert_eq!(seen.header("cookie"), ["a=1; b=2"]);
    assert_eq!(seen.header("x-token"), ["t"]);
}

//! Streamable HTTP, as all versions have it.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{
    Caller, Gateway, KEY, Sent, Upstream, VERSIONS, client, headers, meta, send, with_token,
};

/// A request for the list as a version has it.
fn list(version: &str) -> String {
    let params = match version {
        "2026-07-28" => json!({"_meta": meta()}),
        _ => json!({}),
    };
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": params}).to_string()
}

/// Posts the list's request with headers of a test's own.
async fn post(gateway: &Gateway, version: &str, own: &[(&str, &str)]) -> Sent {
    let mut request = client()
        .post(gateway.url("/data_api/mcp"))
        .header("x-toolwright-key", KEY)
        .body(list(version));
    for (name, value) in headers(version, "tools/list", None) {
        request = request.header(name, value);
    }
    for (name, value) in own {
        request = request.header(*name, *value);
    }
    send(request).await
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn h1_one_endpoint_takes_post_alone() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    for version in VERSIONS {
        for method in [
            Method::GET,
            Method::DELETE,
            Method::PUT,
            Method::PATCH,
            Method::HEAD,
        ] {
            let answer = client()
                .request(method.clone(), gateway.url("/data_api/mcp"))
                .header("x-toolwright-key", KEY)
                .header("accept", "text/event-stream")
                .header("mcp-protocol-version", version)
                .send()
                .await
                .unwrap();
            assert_eq!(
                answer.status(),
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {version}"
            );
            assert_eq!(answer.headers()["allow"], "POST");
        }
        for path in [
            "/data_api/mcp/",
            "//data_api/mcp",
            "/data_api//mcp",
            "/DATA_API/mcp",
        ] {
            let (status, _) = Caller::new(&gateway, path).post(list(version)).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    for path in ["/data_api/tools", "/mcp-rest/tools/list", "/metrics"] {
        let (status, _) = Caller::new(&gateway, path).post("{}").await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn h2_foreign_origins_are_refused() {
    let upstream = Upstream::start().await;
    let configuration = format!(
        "allowed_origins: ['https://app.example']\n{}",
        with_token(&upstream)
    );
    let gateway = Gateway::start_quiet(&configuration);
    for version in VERSIONS {
        for (origin, status) in [
            ("https://app.example", 200),
            ("http://localhost:9", 200),
            ("http://127.0.0.1", 200),
            ("http://app.example", 403),
            ("https://app.example.evil.example", 403),
            ("https://evil.example", 403),
            ("null", 403),
            ("localhost", 403),
            ("", 403),
        ] {
            let answer = post(&gateway, version, &[JSON, ("origin", origin)]).await;
            assert_eq!(answer.status(), status, "{origin} {version}");
        }
        let twice = [
            JSON,
            ("origin", "https://app.example"),
            ("origin", "http://localhost"),
        ];
        assert_eq!(post(&gateway, version, &twice).await.status(), 403);
        assert_eq!(post(&gateway, version, &[JSON]).await.status(), 200);
    }
}

#[tokio::test]
async fn h4_foreign_hosts_are_refused_on_loopback() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    for (host, status) in [
        ("localhost:1", 200),
        ("127.0.0.1", 200),
        ("[::1]:80", 200),
        ("evil.example", 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.nip.example:80", 403),
    ] {
        for version in VERSIONS {
            let answer = post(&gateway, version, &[JSON, ("host", host)]).await;
            assert_eq!(answer.status(), status, "{host} {version}");
        }
    }
}

#[tokio::test]
async fn h5_json_is_sent_to_whoever_takes_it() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    for (accept, status) in [
        ("application/json, text/event-stream", 200),
        ("text/event-stream, application/json", 200),
        ("application/json", 200),
        ("APPLICATION/JSON", 200),
        ("application/json;q=0.5, text/event-stream;q=1", 200),
        ("application/*", 200),
        ("*/*", 200),
        ("text/event-stream", 406),
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("application/json;q=0.0, text/event-stream", 406),
        ("*/*, application/json;q=0", 406),
        ("", 406),
    ] {
        let answer = post(&gateway, VERSIONS[2], &[JSON, ("accept", accept)]).await;
        assert_eq!(answer.status(), status, "{accept}");
    }
    for (kind, status) in [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("Application/JSON;charset=\"UTF-8\"", 200),
        ("application/json; charset=utf-16", 415),
        ("application/json; charset=latin1", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonp", 415),
        ("application/json, text/plain", 415),
    ] {
        let answer = post(&gateway, VERSIONS[2], &[("content-type", kind)]).await;
        assert_eq!(answer.status(), status, "{kind}");
    }
    let twice = [JSON, ("content-type", "text/plain")];
    assert_eq!(post(&gateway, VERSIONS[2], &twice).await.status(), 415);
}

#[tokio::test]
async fn h6_and_h7_requests_are_answered_notifications_accepted_and_responses_refused() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    for version in VERSIONS {
        let answer = post(
            &gateway,
            version,
            &[JSON, ("accept", "application/json, text/event-stream")],
        )
        .await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "application/json");
        let mut caller = Caller::new(&gateway, "/data_api/mcp");
        for (name, value) in headers(version, "notifications/initialized", None) {
            caller = caller.header(name, &value);
        }
        let notification = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        assert_eq!(
            caller.post(notification).await,
            (StatusCode::ACCEPTED, String::new())
        );
        for response in [
            json!({"jsonrpc": "2.0", "id": 1, "result": {}}),
            json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -32603, "message": "x"}}),
        ] {
            let (status, text) = caller.post(response.to_string()).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{version}");
            let body: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(body["error"]["code"], -32600, "{body}");
        }
    }
}

#[tokio::test]
async fn h8_there_are_no_sessions() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    for version in VERSIONS {
        let own = [JSON, ("mcp-session-id", "made-up"), ("last-event-id", "7")];
        let answer = post(&gateway, version, &own).await;
        assert_eq!(answer.status(), StatusCode::OK, "{version}");
        assert!(!answer.headers().contains_key("mcp-session-id"));
    }
    let params = json!({"protocolVersion": VERSIONS[2], "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
    let request = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params});
    let answer = Caller::new(&gateway, "/data_api/mcp")
        .open(request.to_string())
        .await;
    assert!(!answer.headers().contains_key("mcp-session-id"));
}

#[tokio::test]
async fn h9_an_absent_version_is_the_oldest_and_an_unknown_one_is_refused() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    let (status, text) = caller.post(format!("[{}]", list(VERSIONS[0]))).await;
    assert_eq!((status, text.starts_with('[')), (StatusCode::OK, true));
    for version in [
        "2024-11-05",
        "2099-01-01",
        "1",
        "",
        "2025-11-25 x",
        "2025-11-25, 2025-06-18",
    ] {
        let caller = caller.clone().header("mcp-protocol-version", version);
        let (status, text) = caller.post(list(VERSIONS[0])).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{version}: {text}");
        let notification = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        assert_eq!(caller.post(notification).await.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn h15_unknown_methods_have_a_status_of_their_own_since_2026() {
    let upstream = Upstream::start().await;
    for mut peer in crate::support::Peer::all(&upstream, "").await {
        for method in [
            "resources/list",
            "resources/read",
            "prompts/list",
            "completion/complete",
            "logging/setLevel",
            "subscriptions/listen",
            "tasks/get",
            "tasks/list",
            "sampling/createMessage",
            "Tools/List",
            "tools/list ",
            "",
        ] {
            let status = if peer.is_modern() { 404 } else { 200 };
            // A header cannot carry the space at the end.
            if peer.is_modern() && method.ends_with(' ') && peer.is_http() {
                continue;
            }
            peer.ask(method, json!({})).await.fails(-32601, status);
        }
    }
}

#[tokio::test]
async fn h17_a_stream_is_not_held_back_and_ends_with_the_answer() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    for version in VERSIONS {
        let mut meta = meta();
        if version != "2026-07-28" {
            meta = json!({});
        }
        meta["progressToken"] = json!("t");
        let params = json!({"name": "get_item", "arguments": {"item_id": 7}, "_meta": meta});
        let request = json!({"jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": params});
        let mut caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
        for (name, value) in headers(version, "tools/call", Some("get_item")) {
            caller = caller.header(name, &value);
        }
        let answer = caller.open(request.to_string()).await;
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["x-accel-buffering"], "no");
        // Reading to the end proves that there is one.
        let text = answer.text();
        let last = text
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix("data: "))
            .unwrap();
        let last: Value = serde_json::from_str(last).unwrap();
        assert_eq!((&last["id"], last["result"].is_object()), (&json!(5), true));
    }
}

#[tokio::test]
async fn h18_the_transport_of_2024_is_not_offered() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    for path in [
        "/sse",
        "/data_api/sse",
        "/messages",
        "/data_api/messages?session_id=1",
    ] {
        let request = client()
            .get(gateway.url(path))
            .header("x-toolwright-key", KEY);
        let answer = request
            .header("accept", "text/event-stream")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

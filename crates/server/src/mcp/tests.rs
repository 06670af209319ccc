use axum::body::Body;
use serde_json::{Value, json};

use crate::testing::{gateway, post, upstream};

const KEYED: &str = "general_settings: {master_key: os.environ/LITELLM_MASTER_KEY}\n";

pub(super) async fn fixture(key: bool) -> (axum::Router, crate::testing::Seen) {
    let (url, seen) = upstream(|request| {
        let status = if request.headers().contains_key("x-token") {
            200
        } else {
            422
        };
        http::Response::builder()
            .status(status)
            .header("content-type", "application/json")
            .header("set-cookie", "a=b")
            .header("etag", "\"7\"")
            .body(Body::from(r#"{"item_id": 7.0}"#))
            .unwrap()
    })
    .await;
    let yaml = format!(
        "{}max_body_bytes: 8000\nmcp_servers:\n  data_api:\n    url: {url}\n    extra_headers: [X-TOKEN]\n  other:\n    spec: data_api\n    url: {url}\n    max_arguments_bytes: 2000\n",
        if key { KEYED } else { "" }
    );
    (gateway(&yaml), seen)
}

fn call(name: &str, arguments: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{name}","arguments":{arguments}}}}}"#
    )
}

pub(super) async fn ask(
    router: &axum::Router,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, Value) {
    let (status, text) = post(router, path, headers, body.to_owned()).await;
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

#[tokio::test]
async fn the_callers_token_reaches_the_upstream_and_nothing_else_does() {
    let (router, seen) = fixture(true).await;
    let headers = [
        ("x-litellm-api-key", "Bearer sk-gateway"),
        ("X-TOKEN", "up-1"),
        ("x-decoy", "decoy"),
        ("cookie", "a=b"),
        ("mcp-protocol-version", "2025-11-25"),
    ];
    let (status, answer) = ask(
        &router,
        "/data_api/mcp",
        &headers,
        &call("get_item", r#"{"item_id":7,"q":"a b"}"#),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(
        answer["result"]["content"][0]["text"],
        r#"{"item_id": 7.0}"#
    );
    assert_eq!(
        answer["result"]["structuredContent"],
        json!({"item_id": 7.0})
    );
    assert_eq!(
        answer["result"]["_meta"]["toolwright/response"]["headers"],
        json!({"etag": "\"7\""})
    );
    let (target, got) = seen.all().pop().unwrap();
    assert_eq!(target, "GET /items/7?q=a%20b");
    assert!(got.contains(&"x-token: up-1".to_owned()));
    assert!(got.iter().all(|header| !header.contains("decoy")
        && !header.contains("sk-gateway")
        && !header.starts_with("cookie")));
    // The next caller, over the same pool, has no token.
    let headers = [("x-toolwright-key", "sk-gateway")];
    let (_, answer) = ask(
        &router,
        "/mcp",
        &headers,
        &call("data_api-get_item", r#"{"item_id":7}"#),
    )
    .await;
    assert_eq!(answer["result"]["isError"], true);
    assert_eq!(
        answer["result"]["content"][0]["text"],
        "The upstream answered 422 Unprocessable Entity."
    );
    let (_, got) = seen.all().pop().unwrap();
    assert!(got.iter().all(|header| !header.starts_with("x-token")));
}

#[tokio::test]
async fn the_model_is_not_asked_for_what_the_caller_fills() {
    let (router, seen) = fixture(false).await;
    let list = r#"{"jsonrpc":"2.0","id":"a","method":"tools/list"}"#;
    let (_, answer) = ask(&router, "/data_api/mcp", &[], list).await;
    let schema = &answer["result"]["tools"][0]["inputSchema"];
    assert_eq!(schema["required"], json!(["item_id"]));
    assert_eq!(schema["properties"].get("x-token"), None);
    let (_, answer) = ask(&router, "/other/mcp", &[], list).await;
    assert_eq!(
        answer["result"]["tools"][0]["inputSchema"]["required"],
        json!(["item_id", "x-token"])
    );
    let (_, answer) = ask(&router, "/mcp", &[], list).await;
    let names: Vec<&str> = answer["result"]["tools"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|tool| tool["name"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "data_api-get_item",
            "data_api-whoami",
            "data_api-panics",
            "other-get_item",
            "other-whoami",
            "other-panics"
        ]
    );
    let (_, answer) = ask(
        &router,
        "/data_api/mcp",
        &[],
        &call("get_item", r#"{"item_id":"x","x-token":"model","qq":1}"#),
    )
    .await;
    assert_eq!(answer["result"]["isError"], true);
    let text = answer["result"]["content"][0]["text"].as_str().unwrap();
    for part in ["item_id", "x-token", "qq"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(seen.all().is_empty());
}

#[tokio::test]
async fn keys_and_routes() {
    let (router, _) = fixture(true).await;
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    let key = ("x-toolwright-key", "sk-gateway");
    for (path, headers, body, expected) in [
        ("/mcp", &[][..], ping, 401),
        ("/mcp", &[("authorization", "Bearer wrong")][..], ping, 401),
        (
            "/mcp",
            &[("authorization", "Bearer sk-gateway")][..],
            ping,
            200,
        ),
        ("/none/mcp", &[], ping, 401),
        ("/none/mcp", &[key], ping, 404),
        ("/mcp/", &[key], ping, 404),
        ("//mcp", &[key], ping, 404),
        ("/x/../mcp", &[key], ping, 404),
        ("/%6dcp", &[key], ping, 404),
        ("/data%5Fapi/mcp", &[key], ping, 404),
        ("/mcp", &[key, ("origin", "http://evil.example")], ping, 403),
        ("/mcp", &[key, ("origin", "http://localhost:1")], ping, 200),
        ("/mcp", &[key, key], ping, 400),
        ("/mcp", &[key, ("accept", "text/html")], ping, 406),
        (
            "/mcp",
            &[key, ("accept", "application/json, text/event-stream")],
            ping,
            200,
        ),
        ("/mcp", &[key, ("content-encoding", "gzip")], ping, 415),
        ("/mcp", &[key, ("content-type", "text/plain")], ping, 415),
        (
            "/mcp",
            &[key, ("mcp-protocol-version", "2025-06-18")],
            ping,
            200,
        ),
        (
            "/mcp",
            &[key, ("mcp-protocol-version", "1900-01-01")],
            ping,
            400,
        ),
        ("/mcp", &[key], "{", 400),
        (
            "/mcp",
            &[key],
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            202,
        ),
        (
            "/mcp",
            &[key],
            r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
            400,
        ),
    ] {
        let (status, _) = ask(&router, path, headers, body).await;
        assert_eq!(status, expected, "{path} {headers:?} {body}");
    }
}

#[tokio::test]
async fn bodies_and_arguments_beyond_their_limits_are_refused() {
    let (router, seen) = fixture(false).await;
    let of = |length: usize| {
        call(
            "other-get_item",
            &format!(r#"{{"item_id":1,"q":"{}"}}"#, "a".repeat(length)),
        )
    };
    let (status, answer) = ask(&router, "/mcp", &[], &of(2000)).await;
    assert_eq!((status, &answer["result"]["isError"]), (200, &json!(true)));
    assert_eq!(ask(&router, "/mcp", &[], &of(9000)).await.0, 413);
    assert!(seen.all().is_empty());
}

#[tokio::test]
async fn protocol_mistakes_have_their_codes() {
    let (router, _) = fixture(false).await;
    for (body, code) in [
        (call("nothing", "{}"), -32602),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}"#.into(),
            -32602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#.into(),
            -32602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}"#.into(),
            -32602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"resources/list"}"#.into(),
            -32601,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#.into(),
            -32602,
        ),
        (call("panics", "{}"), -32603),
        (call("panics", "{}"), -32603),
    ] {
        let (status, answer) = ask(&router, "/data_api/mcp", &[], &body).await;
        assert_eq!(
            (status, answer["error"]["code"].as_i64()),
            (200, Some(code)),
            "{body}"
        );
        assert_eq!(answer["id"], 1);
    }
}

#[tokio::test]
async fn initialize_negotiates() {
    let (router, _) = fixture(false).await;
    for (asked, expected) in [
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        ("2024-11-05", "2025-11-25"),
        ("2026-07-28", "2025-11-25"),
        ("x", "2025-11-25"),
    ] {
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"initialize","params":{{"protocolVersion":"{asked}","capabilities":{{}},"clientInfo":{{"name":"a","version":"1"}}}}}}"#
        );
        let (_, answer) = ask(&router, "/data_api/mcp", &[], &body).await;
        assert_eq!(answer["result"]["protocolVersion"], expected);
        assert_eq!(
            answer["result"]["serverInfo"],
            json!({"name": "data_api", "title": "Data API", "version": crate::about::toolset_version(crate::testing::DATA_API)})
        );
        assert_eq!(answer["result"]["capabilities"], json!({"tools": {}}));
    }
}

#[tokio::test]
async fn batches_belong_to_2025_03_26() {
    let (router, _) = fixture(false).await;
    let body = r#"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},{"jsonrpc":"2.0","id":2,"method":"initialize"},5]"#;
    let (status, answer) = ask(&router, "/mcp", &[], body).await;
    assert_eq!(status, 200);
    assert_eq!(answer[0], json!({"jsonrpc": "2.0", "id": 1, "result": {}}));
    assert_eq!(answer[1]["error"]["code"], -32600);
    assert_eq!(answer[2]["error"]["code"], -32600);
    assert_eq!(answer.as_array().map(Vec::len), Some(3));
    assert_eq!(
        ask(
            &router,
            "/mcp",
            &[("mcp-protocol-version", "2025-06-18")],
            body
        )
        .await
        .0,
        400
    );
    let silent = r#"[{"jsonrpc":"2.0","method":"notifications/x"}]"#;
    assert_eq!(ask(&router, "/mcp", &[], silent).await.0, 202);
}

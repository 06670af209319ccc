//! The caller's token arrives; nothing else of the caller does.

use serde_json::json;

use crate::support::{Caller, Gateway, KEY, Upstream, data_api, with_token};

/// What the HTTP client itself says; everything else must have been allowed.
const FRAMING: [&str; 4] = ["accept", "accept-encoding", "host", "user-agent"];

fn beyond_framing<'s>(names: &[&'s str]) -> Vec<&'s str> {
    let names = names.iter().copied();
    names.filter(|name| !FRAMING.contains(name)).collect()
}

#[tokio::test]
async fn the_token_arrives_and_nothing_else() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let mut caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "token-1");
    let decoys = [
        "Authorization",
        "Cookie",
        "X-Other",
        "X-Token-2",
        "X_TOKEN",
        "X-Forwarded-For",
        "Forwarded",
        "Referer",
        "Proxy-Authorization",
        "MCP-Session-Id",
        "x-toolwright-decoy",
        "Range",
        "If-None-Match",
    ];
    for name in decoys {
        caller = caller.header(name, "decoy-canary");
    }
    let answer = caller.answer("get_item", json!({"item_id": 7})).await;
    assert_eq!(answer["token"], "token-1");
    let seen = upstream.only();
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("GET", "/items/7")
    );
    assert_eq!(seen.header("x-token"), ["token-1"]);
    assert_eq!(beyond_framing(&seen.names()), ["x-token"]);
    assert!(!seen.text().contains("canary"), "{seen:?}");
}

#[tokio::test]
async fn the_gateway_key_is_taken_in_every_form_and_never_travels() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    for (name, value) in [
        ("x-litellm-api-key", format!("Bearer {KEY}")),
        ("x-litellm-api-key", KEY.to_owned()),
        ("x-toolwright-key", format!("Bearer {KEY}")),
        ("x-toolwright-key", KEY.to_owned()),
        ("authorization", format!("Bearer {KEY}")),
    ] {
        let caller = Caller::stranger(&gateway, "/data_api/mcp").header(name, &value);
        let caller = caller.header("x-token", "t");
        caller.answer("whoami", json!({})).await;
        assert!(!upstream.only().text().contains(KEY), "{name}: {value}");
    }
    // Also not as the value of a header that may travel.
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", KEY);
    let said = caller.post(
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami"}})
            .to_string(),
    );
    let (_, said) = said.await;
    assert!(!said.contains(KEY), "{said}");
    upstream.untouched();
}

#[tokio::test]
async fn without_the_right_key_nothing_happens() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "get_item", "arguments": {"item_id": 7}}});
    for path in ["/data_api/mcp", "/mcp"] {
        for key in [
            None,
            Some(""),
            Some("Bearer"),
            Some("wrong"),
            Some("sk-gateway-canar"),
            Some("sk-gateway-canaryy"),
        ] {
            let mut caller = Caller::stranger(&gateway, path).header("x-token", "t");
            if let Some(key) = key {
                caller = caller.header("x-litellm-api-key", key);
            }
            let (status, body) = caller.post(call.to_string()).await;
            assert_eq!(status, 401, "{path} {key:?}: {body}");
            assert!(!body.contains(KEY));
        }
    }
    upstream.untouched();
}

#[tokio::test]
async fn a_missing_token_is_missing_upstream_too() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp");
    let said = caller.error("get_item", json!({"item_id": 7})).await;
    assert!(
        said.contains("422") && said.contains("Field required"),
        "{said}"
    );
    let seen = upstream.only();
    assert_eq!(beyond_framing(&seen.names()), [""; 0]);

    let caller = caller.header("x-token", "expired-1");
    let said = caller.error("get_item", json!({"item_id": 7})).await;
    assert!(said.contains("401") && said.contains("expired"), "{said}");
    assert!(!said.contains("realm") && !said.contains("id=1"), "{said}");
}

#[tokio::test]
async fn several_values_keep_their_order_and_globs_keep_to_their_prefix() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [x-token, 'X-Tenant-*']\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp")
        .header("X-Token", "t")
        .header("X-Tenant-Id", "b")
        .header("X-Tenant-Id", "a")
        .header("X-Tenant", "canary")
        .header("X-Tenants", "canary");
    caller.answer("whoami", json!({})).await;
    let seen = upstream.only();
    assert_eq!(seen.header("x-tenant-id"), ["b", "a"]);
    assert_eq!(beyond_framing(&seen.names()), ["x-tenant-id", "x-token"]);
}

#[tokio::test]
async fn headers_that_the_connection_nominates_stay() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami"}}"#;
    let request = format!(
        "POST /data_api/mcp HTTP/1.1\r\nHost: {}\r\nx-litellm-api-key: {KEY}\r\nX-TOKEN: canary\r\n\
         Connection: close, X-TOKEN\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n\
         Content-Length: {}\r\n\r\n{body}",
        gateway.address(),
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(gateway.address())
        .await
        .unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    for seen in upstream.take() {
        assert!(seen.header("x-token").is_empty(), "{seen:?}");
    }
}

#[tokio::test]
async fn logs_hold_no_secret() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&data_api(
        &upstream,
        "    extra_headers: [x-token]\n    static_headers:\n      X-Static: static-canary\n\
         \x20   auth_type: bearer_token\n    auth_value: credential-canary\n",
    ));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "token-canary");
    let stranger =
        Caller::stranger(&gateway, "/data_api/mcp").header("x-litellm-api-key", "wrong-canary");
    caller
        .answer("get_item", json!({"item_id": 7, "q": "argument-canary"}))
        .await;
    caller
        .error("get_item", json!({"item_id": "value-canary"}))
        .await;
    caller.error("get_item", json!({"item_id": 500})).await;
    caller.post("{\"jsonrpc\": \"2.0\", \"body-canary\"").await;
    stranger.post("{}").await;
    let said = Caller::new(&gateway, "/data_api/mcp").header("x-token", "expired-canary");
    let said = said.error("whoami", json!({})).await;
    assert!(!said.contains("canary"), "{said}");
    let log = gateway.log();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("canary")).collect();
    assert!(lines.is_empty(), "{lines:#?}");
}

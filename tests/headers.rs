//! The caller's token arrives; nothing else of the caller does.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

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
async fn where_authorization_is_the_apis_the_key_comes_in_its_own_headers_alone() {
    let upstream = Upstream::start().await;
    let (url, lines) = (upstream.url(), "extra_headers: [X-TOKEN, Authorization]");
    let gateway = Gateway::start(&format!(
        "general_settings: {{master_key: {KEY}}}\nmcp_servers:\n  data_api: {{url: '{url}', {lines}}}\n  \
         other: {{url: '{url}', spec: data_api, extra_headers: [X-TOKEN]}}\n"
    ));
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string();
    for (path, expected) in [
        ("/data_api/mcp", 401),
        ("/mcp", 401),
        ("/mcp/other", 401),
        ("/other/mcp", 200),
    ] {
        let caller = Caller::stranger(&gateway, path);
        let caller = caller.header("authorization", &format!("Bearer {KEY}"));
        assert_eq!(caller.post(list.clone()).await.0, expected, "{path}");
    }
    let caller = Caller::new(&gateway, "/mcp").header("x-token", "t");
    let caller = caller.header("authorization", "Bearer upstream");
    caller.answer("data_api-whoami", json!({})).await;
    assert_eq!(upstream.only().header("authorization"), ["Bearer upstream"]);
    // For one server it is meant, and the other hears nothing of it.
    caller.answer("other-whoami", json!({})).await;
    assert!(upstream.only().header("authorization").is_empty());
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

/// The lines of a log about calls.
fn calls(log: &str) -> Vec<Value> {
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    lines
        .filter(|line: &Value| line["message"] == "call")
        .collect()
}

#[tokio::test]
async fn each_call_is_one_line_of_names_and_numbers() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [x-token]\n    static_headers: {X-Static: static-canary}\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "token-canary");
    caller
        .answer("get_item", json!({"item_id": 7, "q": "argument-canary"}))
        .await;
    caller.error("get_item", json!({"item_id": 500})).await;
    caller.error("get_item", json!({"item_id": "x"})).await;
    assert!(gateway.says("\"error\":true"));
    while calls(&gateway.log()).len() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for (line, (status, failed)) in calls(&gateway.log()).iter().zip([
        (json!(200), false),
        (json!(500), true),
        (Value::Null, true),
    ]) {
        let members = line.as_object().unwrap().keys().map(String::as_str);
        let was_sent = !status.is_null();
        let mut expected = vec!["timestamp", "level", "message", "key", "server", "tool"];
        expected.extend(["error", "ms", "bytes", "forwarded"]);
        if was_sent {
            expected.extend(["status", "upstream_ms"]);
        }
        let members: BTreeSet<_> = members.collect();
        assert_eq!(members, expected.into_iter().collect(), "{line}");
        assert_eq!(
            (&line["key"], &line["server"]),
            (&json!("master_key"), &json!("data_api"))
        );
        assert_eq!(
            (&line["tool"], &line["status"]),
            (&json!("get_item"), &status)
        );
        assert_eq!(line["error"], failed);
        let forwarded = if was_sent { "x-static,x-token" } else { "" };
        assert_eq!(line["forwarded"], forwarded, "{line}");
        assert!(
            line["bytes"].as_u64() > Some(0) && line["ms"].is_u64(),
            "{line}"
        );
    }
}

/// A thousand calls, a quarter of them wrong, with something to find in headers, arguments and results.
#[tokio::test]
async fn row_23_logs_hold_no_secret_at_any_level() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [x-token]\n    static_headers:\n      X-Static: static-canary\n    \
                 auth_type: bearer_token\n    auth_value: credential-canary\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "token-canary");
    let stranger = Caller::stranger(&gateway, "/data_api/mcp")
        .header("x-litellm-api-key", "wrong-canary")
        .header("authorization", "Bearer authorization-canary");
    for number in 0..250 {
        // The upstream repeats what it got, so that results hold secrets, too.
        let arguments = json!({"item_id": 1_000 + number, "q": "argument-canary"});
        let answer = caller.answer("get_item", arguments).await.to_string();
        assert!(
            answer.contains("token-canary") && answer.contains("argument-canary"),
            "{answer}"
        );
        caller
            .error("get_item", json!({"item_id": "value-canary"}))
            .await;
        caller.post("{\"jsonrpc\": \"2.0\", \"body-canary\"").await;
        stranger.post("{\"canary\": 1}").await;
    }
    caller.error("get_item", json!({"item_id": 500})).await;
    let expired = Caller::new(&gateway, "/data_api/mcp").header("x-token", "expired-canary");
    let said = expired.error("whoami", json!({})).await;
    assert!(!said.contains("canary"), "{said}");
    while calls(&gateway.log()).len() < 502 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let log = gateway.log();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("canary")).collect();
    assert!(lines.is_empty(), "{lines:#?}");
}

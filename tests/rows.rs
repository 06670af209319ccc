//! Rows of the list of threats about callers' headers that have no test of their own elsewhere. docs/headers.md says
//! where the others are.

use http::StatusCode;
use serde_json::json;

use crate::support::{Caller, Gateway, KEY, Upstream, client, data_api, with_token};

#[tokio::test]
async fn row_12_proxies_of_the_environment_are_ignored() {
    // Every gateway of these tests runs with proxies in its environment that do not exist.
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    caller.answer("whoami", json!({})).await;
    upstream.only();
}

#[tokio::test]
async fn rows_13_and_24_errors_hold_no_secret_and_an_upstreams_401_stays_its_own() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN]\n    auth_type: bearer_token\n    auth_value: credential-canary\n    timeout: 300ms\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "token-canary");
    let call = |id: u16| {
        let arguments = json!({"item_id": id});
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "get_item", "arguments": arguments}}).to_string()
    };
    for id in [408, 500] {
        let (status, text) = caller.post(call(id)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            !text.contains("canary") && !text.contains(&upstream.url()),
            "{text}"
        );
    }
    let request = client()
        .post(gateway.url("/data_api/mcp"))
        .header("content-type", "application/json")
        .header("x-toolwright-key", KEY)
        .header("x-token", "expired")
        .body(call(1));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    for name in ["www-authenticate", "set-cookie"] {
        assert!(!answer.headers().contains_key(name), "{name}");
    }
    let text = answer.text().await.unwrap();
    assert!(
        text.contains("\"isError\":true") && text.contains("401"),
        "{text}"
    );
    assert!(!text.contains("realm") && !text.contains("id=1"), "{text}");
}

#[tokio::test]
async fn row_14_three_of_sixty_headers_arrive() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN, x-h-7, X-H-42]\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let mut caller = Caller::new(&gateway, "/data_api/mcp").header("x-Token", "t");
    for number in 0..60 {
        caller = caller.header(&format!("X-H-{number}"), "value");
    }
    caller.answer("whoami", json!({})).await;
    let seen = upstream.only();
    let names: Vec<_> = seen
        .names()
        .into_iter()
        .filter(|name| name.starts_with("x-"))
        .map(str::to_owned)
        .collect();
    assert_eq!(names, ["x-h-42", "x-h-7", "x-token"]);
}

#[tokio::test]
async fn rows_19_and_21_duplicates_are_refused_and_underscores_are_no_hyphens() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    for (name, first, second) in [
        ("authorization", "Bearer a", "Bearer b"),
        ("authorization", "Bearer a", "Bearer a"),
        ("x-toolwright-key", KEY, "other"),
        ("x-toolwright-key", "other", KEY),
    ] {
        let (status, _) = caller
            .clone()
            .header(name, first)
            .header(name, second)
            .post("{}")
            .await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{name} {first} {second}");
    }
    upstream.untouched();
    let underscored = Caller::new(&gateway, "/data_api/mcp").header("x_token", "canary");
    underscored.call("whoami", json!({})).await;
    for seen in upstream.take() {
        assert!(!seen.text().contains("canary"), "{seen:?}");
    }
}

#[tokio::test]
async fn row_60_health_and_metrics_show_no_secret() {
    let upstream = Upstream::start().await;
    let lines = "    auth_type: bearer_token\n    auth_value: credential-canary\n    extra_headers: [X-TOKEN]\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "token-canary");
    caller.answer("whoami", json!({})).await;
    for path in [
        "/healthz",
        "/metrics",
        "/mcp-rest/tools/list",
        "/config",
        "/debug",
    ] {
        for key in [None, Some(KEY)] {
            let mut request = client().get(gateway.url(path));
            if let Some(key) = key {
                request = request.header("x-toolwright-key", key);
            }
            let answer = request.send().await.unwrap();
            let text = format!(
                "{:?} {}",
                answer.headers().clone(),
                answer.text().await.unwrap()
            );
            assert!(!text.contains("canary"), "{path}: {text}");
        }
    }
}

#[tokio::test]
async fn a_caller_may_ask_what_becomes_of_its_headers_where_that_is_allowed() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN, X-Static]\n    static_headers: {X-Static: canary}\n";
    for allowed in [true, false] {
        let lines = format!("{lines}    debug_headers: {allowed}\n");
        let gateway = Gateway::start(&data_api(&upstream, &lines));
        let caller = Caller::new(&gateway, "/data_api/mcp")
            .header("x-token", "canary")
            .header("x-static", "canary")
            .header("x-other", "canary")
            .header("te", "trailers")
            .header("x-toolwright-debug", "headers");
        let call = json!({"name": "get_item", "arguments": {"item_id": 500}});
        let answer = caller.ask("tools/call", call).await;
        let told = &answer["result"]["_meta"]["toolwright/headers"];
        assert_eq!(told.is_object(), allowed, "{answer}");
        assert!(!answer.to_string().contains("canary"), "{answer}");
        if allowed {
            for (name, verdict) in [
                ("x-token", "forwarded as x-token"),
                ("x-static", "hidden"),
                ("x-other", "ignored"),
                ("te", "refused"),
                ("x-litellm-api-key", "refused"),
            ] {
                let said = told[name].as_str().unwrap_or_default();
                assert!(said.starts_with(verdict), "{name}: {said}");
            }
        }
        upstream.take();
    }
}

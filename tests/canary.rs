//! Ten thousand calls of all kinds, each caller with secrets of its own, which are looked for everywhere afterwards.

use http::StatusCode;
use serde_json::json;

use crate::support::{Caller, Gateway, KEY, Upstream, client, data_api};

const CALLERS: usize = 50;
const ROUNDS: usize = 25;

/// What one caller does: eight requests a round, of which some must fail.
async fn caller(gateway: &Gateway, number: usize) {
    let token = format!("canary-token-{number:03}-");
    let holder = Caller::new(gateway, "/data_api/mcp")
        .header("x-token", &token)
        .header("x-mcp-auth", &format!("canary-auth-{number:03}-"))
        .header("x-unlisted", &format!("canary-unlisted-{number:03}-"));
    let stranger = Caller::stranger(gateway, "/data_api/mcp")
        .header("x-toolwright-key", &format!("canary-key-{number:03}-"))
        .header("x-token", &token);
    let smuggler = Caller::new(gateway, "/data_api/mcp").header("x-token", &format!("a {KEY} b"));
    for round in 0..ROUNDS {
        let q = format!("caller-{number:03}-{round}");
        let arguments = json!({"item_id": 7, "q": q});
        let (failed, text) = holder.call("get_item", arguments).await;
        assert!(!failed && text.contains(&token), "its own answer: {text}");
        let secret = format!("canary-argument-{number:03}-");
        for said in [
            holder.error("get_item", json!({"item_id": 500})).await,
            holder.error("get_item", json!({"item_id": secret})).await,
            holder
                .error("get_item", json!({"item_id": 1, "nothing": secret}))
                .await,
            smuggler.error("whoami", json!({})).await,
        ] {
            assert!(
                !said.contains("canary-token") && !said.contains(KEY),
                "{said}"
            );
        }
        let call = json!({"name": "no_such_tool", "arguments": {}});
        let answer = holder.ask("tools/call", call).await.to_string();
        assert!(!answer.contains("canary"), "{answer}");
        let (status, text) = stranger.post(json!({"secret": secret}).to_string()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(!text.contains("canary"), "{text}");
        let (_, text) = holder
            .post(format!("{{\"jsonrpc\": \"2.0\", \"{secret}"))
            .await;
        assert!(!text.contains("canary-token"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_of_ten_thousand_calls_is_anywhere_but_where_it_belongs() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN]\n    static_headers: {X-Static: canary-static}\n    auth_type: bearer_token\n    \
                 auth_value: canary-credential\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let calls = (0..CALLERS).map(|number| caller(&gateway, number));
    futures_util::future::join_all(calls).await;
    let seen = upstream.take();
    assert_eq!(seen.len(), CALLERS * ROUNDS * 2);
    for request in seen {
        let text = request.text();
        let token = request.header("x-token")[0];
        let number = token.strip_prefix("canary-token-").unwrap();
        let auth = format!("Bearer canary-auth-{number}");
        assert_eq!(request.header("x-token").len(), 1);
        if let Some((_, rest)) = request.target.split_once("caller-") {
            assert_eq!(rest.get(..4), number.get(..4), "{text}");
        }
        assert_eq!(request.header("authorization"), [auth]);
        // Two of its own and the operator's header, and nothing more.
        assert_eq!(text.matches("canary-").count(), 3, "{text}");
        assert!(!text.contains(KEY), "{text}");
    }
    let metrics = client()
        .get(gateway.url("/metrics"))
        .header("x-toolwright-key", KEY);
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    let log = gateway.log();
    for text in [&metrics, &log] {
        let lines: Vec<_> = text
            .lines()
            .filter(|line| line.contains("canary") || line.contains(KEY))
            .take(3)
            .collect();
        assert!(lines.is_empty(), "{lines:#?}");
    }
    assert!(
        log.lines().count() > CALLERS * ROUNDS * 5,
        "the log is there"
    );
}

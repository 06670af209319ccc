//! Many callers at once, each with its own token, over one pool of connections to one upstream.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::support::{Caller, Gateway, Upstream, data_api, with_token};

const CALLERS: usize = 256;
const CALLS: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_reaches_another_caller() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN]\n    max_concurrent_calls: 1000\n";
    let gateway = Arc::new(Gateway::start_quiet(&data_api(&upstream, lines)));
    let mut running = Vec::new();
    for number in 0..CALLERS {
        let gateway = Arc::clone(&gateway);
        running.push(tokio::spawn(
            async move { one_caller(&gateway, number).await },
        ));
    }
    let mut right = 0;
    for caller in running {
        right += caller.await.unwrap();
    }
    assert_eq!(right, CALLERS * CALLS);
    assert_eq!(upstream.take().len(), CALLERS * CALLS);
}

/// Calls with the same ids as everybody else; every eighth caller has no token. How many answers were its own.
async fn one_caller(gateway: &Gateway, number: usize) -> usize {
    let token = (!number.is_multiple_of(8)).then(|| format!("token-{number}"));
    let mut caller = Caller::new(gateway, "/data_api/mcp");
    if let Some(token) = &token {
        caller = caller.header("X-TOKEN", token);
    }
    let mut right = 0;
    for call in 0..CALLS {
        let item = number * CALLS + call + 1_000;
        let (failed, text) = caller.call("get_item", json!({"item_id": item})).await;
        let own = match &token {
            None => failed && text.contains("Field required"),
            Some(token) => {
                let answer: Value = serde_json::from_str(&text).unwrap_or_default();
                answer["token"] == **token && answer["target"] == format!("/items/{item}")
            }
        };
        right += usize::from(own);
    }
    right
}

#[tokio::test]
async fn a_missing_header_stays_missing_on_a_reused_connection() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let without = Caller::new(&gateway, "/data_api/mcp");
    let with = without.clone().header("X-TOKEN", "t");
    for _ in 0..50 {
        with.answer("whoami", json!({})).await;
        without.error("whoami", json!({})).await;
    }
    for (number, seen) in upstream.take().into_iter().enumerate() {
        let expected: &[&str] = if number % 2 == 0 { &["t"] } else { &[] };
        assert_eq!(seen.header("x-token"), expected);
    }
}

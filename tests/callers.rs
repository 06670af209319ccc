//! Many callers at once, each with its own tokens, over one pool of connections to one upstream.

use std::sync::Arc;

use reqwest::Client;
use serde_json::{Value, json};

use crate::support::{Caller, Gateway, Issuer, KEY, Upstream, client, with_token};

const CALLERS: usize = 256;

/// Calls of each caller: a thousand where `TOOLWRIGHT_LONG` is set.
fn calls() -> usize {
    if std::env::var_os("TOOLWRIGHT_LONG").is_some() {
        1_000
    } else {
        200
    }
}

/// Every other caller shows a token of an authorization server to the gateway, the rest a key, and most of them another
/// token to the API.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_16_and_17_no_answer_reaches_another_caller_and_no_token_the_upstream() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let lines = "    max_concurrent_calls: 1000\n    rate: off\n";
    let configuration = issuer.configuration(&upstream, lines);
    let configuration = format!("general_settings: {{master_key: {KEY}}}\n{configuration}");
    let gateway = Arc::new(Gateway::start_quiet(&configuration));
    let mut running = Vec::new();
    let client = client();
    for number in 0..CALLERS {
        let token = match number % 2 {
            0 => issuer.token(&json!({"sub": number})),
            _ => KEY.to_owned(),
        };
        let (gateway, client) = (Arc::clone(&gateway), client.clone());
        running.push(tokio::spawn(async move {
            one_caller(client, &gateway, &token, number).await
        }));
    }
    let mut right = 0;
    for caller in running {
        right += caller.await.unwrap();
    }
    assert_eq!(right, CALLERS * calls());
    let seen = upstream.take();
    assert_eq!(seen.len(), CALLERS * calls());
    for request in seen {
        let text = request.text();
        // As every signed token begins.
        assert!(
            !text.contains("authorization") && !text.contains("eyJ") && !text.contains(KEY),
            "{text}"
        );
    }
}

/// Calls with the same ids as everybody else; every eighth caller has no token for the API. How many answers were its
/// own.
async fn one_caller(client: Client, gateway: &Gateway, inbound: &str, number: usize) -> usize {
    let token = (!number.is_multiple_of(8)).then(|| format!("token-{number}"));
    let mut caller = Caller::with(client, gateway, "/data_api/mcp")
        .header("authorization", &format!("Bearer {inbound}"));
    if let Some(token) = &token {
        caller = caller.header("X-TOKEN", token);
    }
    let mut right = 0;
    for call in 0..calls() {
        let item = number * calls() + call + 1_000;
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
async fn row_18_a_missing_header_stays_missing_on_a_reused_connection() {
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

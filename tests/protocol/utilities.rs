//! Progress, cancellation, and what a server of tools alone does not have.

use serde_json::{Value, json};

use crate::support::{Caller, Canned, Gateway, Peer, Piped, Upstream, configuration, with_token};

fn request(id: &Value, token: &Value) -> String {
    let params =
        json!({"name": "get_item", "arguments": {"item_id": 7}, "_meta": {"progressToken": token}});
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}).to_string()
}

#[tokio::test]
async fn u_progress_has_the_callers_token_grows_and_ends_with_the_answer() {
    let upstream = Upstream::start().await;
    let mut canned = Canned::ok("application/json", "");
    canned.pieces = ["{\"id\":", "7,", "\"name\":\"x\"}"]
        .map(|piece| piece.as_bytes().to_vec())
        .to_vec();
    canned.headers.push(("content-length", String::from("19")));
    upstream.answer_with(canned);
    let mut piped = Piped::start(&configuration(&upstream, ""), Some("data_api"));
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    for token in [json!("größe \u{2028}\n"), json!(0), json!(-7)] {
        let request = request(&json!("an id"), &token);
        let mut told = Vec::new();
        piped.say(&request).await;
        loop {
            let message = piped.hear().await;
            if message.get("id").is_some() {
                break;
            }
            told.push(message);
        }
        let answer = caller.open(request.clone()).await;
        let text = answer.text();
        let events = text.lines().filter_map(|line| line.strip_prefix("data: "));
        let mut streamed: Vec<Value> = events
            .map(|event| serde_json::from_str(event).unwrap())
            .collect();
        assert_eq!(streamed.pop().unwrap()["id"], "an id");
        for told in [told, streamed] {
            assert!(!told.is_empty());
            let mut before = 0;
            for message in told {
                let params = &message["params"];
                assert_eq!(
                    (&message["method"], &params["progressToken"]),
                    (&json!("notifications/progress"), &token)
                );
                let progress = params["progress"].as_u64().unwrap();
                assert!(progress > before, "{message}");
                assert_eq!(params["total"], 19, "{message}");
                before = progress;
            }
            assert_eq!(before, 19);
        }
    }
    // A token that is a load of its own gets no stream.
    let answer = caller
        .open(request(&json!(1), &json!("x".repeat(5000))))
        .await;
    assert_eq!(answer.headers()["content-type"], "application/json");
}

#[tokio::test]
async fn u_over_http_a_cancelled_notification_is_accepted_and_ends_nothing_of_others() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "")
        .await
        .into_iter()
        .filter(Peer::is_http)
    {
        // Ids are the clients' own, and there is no session that tells one client's 1 from another's.
        let text =
            r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#;
        assert_eq!(peer.tell(text).await.unwrap(), 202);
        assert_eq!(
            peer.call("get_item", json!({"item_id": 7})).await.result()["isError"],
            false
        );
    }
}

#[tokio::test]
async fn u_tasks_are_not_offered_and_a_call_that_asks_for_one_is_a_call() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        let params =
            json!({"name": "get_item", "arguments": {"item_id": 7}, "task": {"ttl": 60000}});
        let answer = peer.ask("tools/call", params).await;
        assert_eq!(answer.result()["isError"], false, "{}", peer.name());
        assert!(answer.result().get("task").is_none());
        let status = if peer.is_modern() { 404 } else { 200 };
        for method in ["tasks/get", "tasks/result", "tasks/cancel", "tasks/list"] {
            peer.ask(method, json!({"taskId": "1"}))
                .await
                .fails(-32601, status);
        }
    }
}

#[tokio::test]
async fn u_nothing_is_said_unasked() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        // Over stdio each answer that is read would be whatever else had been said before it.
        let mut meta = match peer.is_modern() {
            true => crate::support::meta(),
            false => json!({}),
        };
        meta["io.modelcontextprotocol/logLevel"] = json!("debug");
        let params = json!({"name": "get_item", "arguments": {"item_id": 500}, "_meta": meta});
        assert_eq!(
            peer.ask("tools/call", params).await.result()["isError"],
            true
        );
        peer.ask("tools/list", json!({})).await.result();
    }
}

#[tokio::test]
async fn u_trace_context_of_a_call_stays_here() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        let mut meta = match peer.is_modern() {
            true => crate::support::meta(),
            false => json!({}),
        };
        meta["traceparent"] = json!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        meta["baggage"] = json!("user=canary");
        let params = json!({"name": "get_item", "arguments": {"item_id": 7}, "_meta": meta});
        peer.ask("tools/call", params).await.result();
        let seen = upstream.only().text();
        assert!(
            !seen.contains("canary") && !seen.contains("0af7651916cd43dd8448eb211c80319c"),
            "{seen}"
        );
    }
}

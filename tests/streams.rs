//! Progress while an answer comes in, and answers that have no end.

use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::support::{Caller, Canned, Gateway, Upstream, data_api, record};

async fn start(lines: &str) -> (Upstream, Gateway, Caller) {
    let upstream = Upstream::start().await;
    let lines = format!("    extra_headers: [X-TOKEN]\n{lines}");
    let gateway = Gateway::start_quiet(&data_api(&upstream, &lines));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    (upstream, gateway, caller)
}

fn request(meta: &Value) -> String {
    let params = json!({"name": "get_item", "arguments": {"item_id": 7}, "_meta": meta});
    json!({"jsonrpc": "2.0", "id": "a", "method": "tools/call", "params": params}).to_string()
}

/// The messages of an event stream.
fn messages(text: &str) -> Vec<Value> {
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

fn pieces(media_type: &str, pieces: &[&str]) -> Canned {
    Canned {
        pieces: pieces
            .iter()
            .map(|piece| piece.as_bytes().to_vec())
            .collect(),
        ..Canned::ok(media_type, "")
    }
}

#[tokio::test]
async fn a_caller_with_a_token_hears_of_progress_and_then_the_result() {
    let (upstream, _gateway, caller) = start("").await;
    upstream.answer_with(pieces(
        "application/json",
        &[
            "{\"id\": 7,\n",
            "\"name\": \"x\",\n",
            "\"price\": {\"amount\": 1}}",
        ],
    ));
    for token in [json!("t-1"), json!(7)] {
        let answer = caller.open(request(&json!({"progressToken": token}))).await;
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["x-accel-buffering"], "no");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let messages = messages(answer.text());
        let (last, told) = messages.split_last().unwrap();
        assert!(told.len() >= 3, "{messages:?}");
        let mut before = 0;
        for message in told {
            assert_eq!(message["method"], "notifications/progress");
            assert_eq!(message["params"]["progressToken"], token);
            let progress = message["params"]["progress"].as_u64().unwrap();
            assert!(progress > before, "{messages:?}");
            before = progress;
        }
        assert_eq!(last["id"], "a");
        assert_eq!(last["result"]["isError"], false);
        let text = last["result"]["content"][0]["text"].as_str().unwrap();
        assert_eq!(
            text,
            "{\"id\": 7,\n\"name\": \"x\",\n\"price\": {\"amount\": 1}}"
        );
    }
}

#[tokio::test]
async fn everybody_else_gets_json() {
    let (_upstream, _gateway, caller) = start("").await;
    let unknown = request(&json!({"progressToken": 1})).replace("get_item", "no_such_tool");
    let modern =
        json!({"progressToken": 1, "io.modelcontextprotocol/protocolVersion": "2026-07-28"});
    for body in [
        request(&json!({})),
        request(&json!({"progressToken": null})),
        request(&json!({"progressToken": {}})),
        unknown,
        // Refused with a status of its own.
        request(&modern),
        format!("[{}]", request(&json!({"progressToken": 1}))),
        json!({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"_meta": {"progressToken": 1}}})
            .to_string(),
    ] {
        let answer = caller.open(body.clone()).await;
        assert_eq!(answer.headers()["content-type"], "application/json", "{body}");
    }
}

#[tokio::test]
async fn a_failing_call_ends_its_stream_with_a_result() {
    let (_upstream, _gateway, caller) = start("    timeout: 300ms\n").await;
    let body = request(&json!({"progressToken": 1})).replace(":7", ":408");
    let messages = messages(caller.open(body).await.text());
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0]["result"]["isError"], true);
}

#[tokio::test]
async fn streams_are_collected_up_to_a_bound_and_say_so() {
    let (upstream, _gateway, caller) =
        start("    timeout: 600ms\n    max_response_bytes: 1KiB\n").await;
    for (media_type, piece) in [
        ("text/event-stream", "data: {\"n\":1}\n\n"),
        ("application/x-ndjson", "{\"n\":1}\n"),
    ] {
        // One that does not end within the time, and one that does not within the bytes.
        let endless = Canned {
            endless: true,
            ..pieces(media_type, &[piece, piece])
        };
        let long = pieces(media_type, &[&piece.repeat(500)]);
        let whole = pieces(media_type, &[piece, piece]);
        for (canned, text, truncated) in [
            (endless, piece.repeat(2), true),
            (long, piece.repeat(500)[..1024].to_owned(), true),
            (whole, piece.repeat(2), false),
        ] {
            upstream.answer_with(canned);
            let call = json!({"name": "whoami", "arguments": {}});
            let result = caller.ask("tools/call", call).await["result"].clone();
            assert_eq!(result["isError"], false, "{media_type}: {result}");
            assert_eq!(result["content"][0]["text"], text, "{media_type}");
            let note = result["content"][1]["text"].as_str().unwrap_or_default();
            assert_eq!(note.contains("truncated"), truncated, "{result}");
        }
    }
}

#[tokio::test]
async fn whoever_leaves_ends_the_call() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN]\n    max_concurrent_calls: 1\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    upstream.answer_with(Canned {
        endless: true,
        ..pieces("text/event-stream", &["data: 1\n\n"])
    });
    let asked = request(&json!({"progressToken": 1}));
    let answer = caller.stream(asked.clone()).await;
    let mut events = answer.bytes_stream();
    let first = events.next().await.unwrap().unwrap();
    let first = String::from_utf8_lossy(&first);
    assert!(first.contains("notifications/progress"));
    record(None, &asked, Some(200), &first);
    // The only place is taken for as long as the stream is read, and free soon after.
    let said = caller.error("whoami", json!({})).await;
    assert!(said.contains("retry"), "{said}");
    drop(events);
    upstream.answer_with(Canned::ok("application/json", "{\"headers\":{}}"));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    while caller.call("whoami", json!({})).await.0 {
        tokio::task::yield_now().await;
    }
    assert!(gateway.says("\"cancelled\":true"));
}

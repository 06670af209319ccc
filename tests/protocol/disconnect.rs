//! Row 35: callers who leave in the middle of a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Gateway, KEY, client, headers, meta};

/// An upstream that answers nothing, and counts its connections: opened, and closed by the other side.
async fn silent() -> (String, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (opened, closed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counters = (Arc::clone(&opened), Arc::clone(&closed));
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (opened, closed) = (Arc::clone(&counters.0), Arc::clone(&counters.1));
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                let mut seen = Vec::new();
                while let Ok(count @ 1..) = stream.read(&mut buffer).await {
                    seen.extend_from_slice(&buffer[..count]);
                    if seen.ends_with(b"\r\n\r\n") {
                        opened.fetch_add(1, Ordering::SeqCst);
                        seen.clear();
                    }
                }
                closed.fetch_add(1, Ordering::SeqCst);
            });
        }
    });
    (url, opened, closed)
}

async fn number(gateway: &Gateway, metric: &str) -> usize {
    let answer = client()
        .get(gateway.url("/metrics"))
        .header("x-toolwright-key", KEY)
        .send();
    let text = answer.await.unwrap().text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with(metric)).unwrap();
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn h16_and_row_35_the_call_of_a_caller_who_left_ends_in_every_version() {
    let (url, opened, closed) = silent().await;
    let gateway = Gateway::start_quiet(&format!(
        "general_settings: {{master_key: {KEY}}}\nmcp_servers:\n  data_api:\n    url: {url}\n    extra_headers: [X-TOKEN]\n    \
         max_concurrent_calls: 2000\n    timeout: 10m\n"
    ));
    let in_flight = "toolwright_calls_in_flight{server=\"data_api\"}";
    let mut gone = 0;
    // A GET and a DELETE, as JSON and as a stream: 1,000 in all.
    for version in ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"] {
        let mut streams = Vec::new();
        for number in 0..250 {
            let tool = ["get_item", "delete_item"][number % 2];
            let mut meta = if version == "2026-07-28" {
                meta()
            } else {
                json!({})
            };
            if number % 5 == 0 {
                meta["progressToken"] = json!(number);
            }
            let params = json!({"name": tool, "arguments": {"item_id": 7}, "_meta": meta});
            let body =
                json!({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params})
                    .to_string();
            let own: String = headers(version, "tools/call", Some(tool))
                .into_iter()
                .map(|(name, value)| format!("{name}: {value}\r\n"))
                .collect();
            let head = format!(
                "POST /data_api/mcp HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nx-toolwright-key: {KEY}\r\n\
                 Accept: application/json, text/event-stream\r\nX-TOKEN: t\r\n{own}Content-Length: {}\r\n\r\n{body}",
                gateway.address(),
                body.len()
            );
            let mut stream = TcpStream::connect(gateway.address()).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            streams.push(stream);
        }
        gone += streams.len();
        // All are under way, and then nobody waits for any of them.
        while opened.load(Ordering::SeqCst) < gone {
            tokio::task::yield_now().await;
        }
        assert_eq!(number(&gateway, in_flight).await, 250, "{version}");
        drop(streams);
        while closed.load(Ordering::SeqCst) < gone || number(&gateway, in_flight).await > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
    assert_eq!(
        number(&gateway, "toolwright_calls_cancelled_total").await,
        1000
    );
    assert_eq!(number(&gateway, "toolwright_calls_total").await, 0);
}

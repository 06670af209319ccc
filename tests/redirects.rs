//! Answers that point elsewhere: they are told, and nobody goes there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{Caller, Canned, Gateway, Upstream, data_api};

/// A listener that only counts connections; where it is.
async fn counted(connections: &Arc<AtomicUsize>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let connections = Arc::clone(connections);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            connections.fetch_add(1, Ordering::SeqCst);
        }
    });
    port
}

#[tokio::test]
async fn row_11_redirects_are_told_and_take_no_header_anywhere() {
    let upstream = Upstream::start().await;
    let elsewhere = Upstream::start().await;
    let connections = Arc::default();
    let port = counted(&connections).await;
    let lines = "    extra_headers: [X-TOKEN]\n    auth_type: bearer_token\n    auth_value: credential-canary\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp")
        .header("x-token", "token-canary")
        .header("x-mcp-auth", "auth-canary");
    let own = upstream.url();
    let targets = [
        format!("{}/items/1", elsewhere.url()),
        format!(
            "{}/items/1",
            elsewhere.url().replace("127.0.0.1", "localhost")
        ),
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/items/1"),
        own.replace("http:", "https:"),
        format!("//127.0.0.1:{port}/"),
        // To itself, which would never end.
        format!("{own}/whoami"),
        "/whoami".to_owned(),
        "?again".to_owned(),
    ];
    for status in [301, 302, 303, 307, 308] {
        for target in &targets {
            upstream.answer_with(Canned {
                status,
                headers: vec![("location", target.clone())],
                ..Canned::default()
            });
            for (tool, arguments) in [
                ("whoami", json!({})),
                (
                    "create_item",
                    json!({"body": {"name": "n", "price": {"amount": 1}}}),
                ),
            ] {
                let said = caller.error(tool, arguments).await;
                assert!(said.contains(&status.to_string()), "{target}: {said}");
                assert!(!said.contains("canary"), "{target}: {said}");
                upstream.only();
            }
        }
    }
    elsewhere.untouched();
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

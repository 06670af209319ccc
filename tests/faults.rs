//! Upstreams that fail, and callers that speak nonsense.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Caller, Gateway, KEY, Upstream, data_api, with_token};

#[tokio::test]
async fn answers_are_bounded_in_size_and_time() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN]\n    max_response_bytes: 64KiB\n    timeout: 300ms\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    let answer = caller
        .ask(
            "tools/call",
            json!({"name": "get_item", "arguments": {"item_id": 413}}),
        )
        .await;
    assert!(
        answer.to_string().len() < 200 << 10,
        "a megabyte went through"
    );
    let said = caller.error("get_item", json!({"item_id": 408})).await;
    assert!(!said.is_empty());
    let said = caller.error("get_item", json!({"item_id": 500})).await;
    assert!(said.contains("500") && said.contains("broken"), "{said}");
    // It serves on.
    caller.answer("get_item", json!({"item_id": 1})).await;
}

#[tokio::test]
async fn an_upstream_that_is_not_there_is_an_error_of_the_upstream() {
    let upstream = Upstream::start().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let configuration =
        with_token(&upstream).replace(&upstream.url(), &format!("http://127.0.0.1:{port}"));
    let gateway = Gateway::start(&configuration);
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "token-canary");
    let said = caller.error("whoami", json!({})).await;
    assert!(!said.contains("canary"), "{said}");
    upstream.untouched();
}

#[tokio::test]
async fn nonsense_is_answered_and_nothing_breaks() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    let call = |arguments: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"get_item","arguments":{arguments}}}}}"#
        )
    };
    let deep = |count: usize| {
        call(&format!(
            r#"{{"item_id":7,"q":{}{}}}"#,
            "[".repeat(count),
            "]".repeat(count)
        ))
    };
    let texts = [
        String::new(),
        " ".to_owned(),
        "{".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "7".to_owned(),
        "\"x\"".to_owned(),
        "{}".to_owned(),
        "\u{feff}{}".to_owned(),
        "{\"jsonrpc\":\"2.0\"}".to_owned(),
        r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":7}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","method":"ping"}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"ping"} x"#.to_owned(),
        call("[]"),
        call("7"),
        call("\"x\""),
        call(r#"{"item_id":7,"item_id":8}"#),
        call(r#"{"item_id":1e999999999999}"#),
        call(r#"{"item_id":7,"q":"\ud800"}"#),
        call(&format!("{{\"item_id\":{}}}", "7".repeat(100_000))),
        deep(100),
        deep(100_000),
        "[".repeat(1_000_000),
        "{\"a\":".repeat(200_000),
    ];
    for text in texts {
        let start: String = text.chars().take(90).collect();
        let (status, body) = caller.post(text).await;
        assert!(status.as_u16() < 500, "{start}: {status} {body}");
        let answer: Value = serde_json::from_str(&body).unwrap_or_default();
        let refused = status.is_client_error()
            || answer["error"].is_object()
            || answer["result"]["isError"] == true;
        assert!(refused, "{start}: {status} {body}");
    }
    let invalid = caller
        .post(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}".to_vec())
        .await;
    assert!(
        invalid.0.is_client_error() || invalid.1.contains("error"),
        "{invalid:?}"
    );
    upstream.untouched();
    caller.answer("get_item", json!({"item_id": 7})).await;
    assert!(!gateway.log().contains("panicked"), "{}", gateway.log());
}

#[tokio::test]
async fn other_methods_and_big_bodies_are_refused() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream).replace(
        "general_settings",
        "max_body_bytes: 64KiB\ngeneral_settings",
    ));
    let client = crate::support::client();
    for method in ["GET", "DELETE", "PUT"] {
        let request = client.request(method.parse().unwrap(), gateway.url("/data_api/mcp"));
        let answer = request
            .header("x-litellm-api-key", KEY)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 405, "{method}");
    }
    let caller = Caller::new(&gateway, "/data_api/mcp");
    let (status, _) = caller
        .post(format!("{{\"x\":\"{}\"}}", "x".repeat(100_000)))
        .await;
    assert_eq!(status, 413);
}

/// One request as bytes; the status line's number, 0 when the connection is closed without one. It must be one of them.
fn raw(gateway: &Gateway, request: &str) -> u16 {
    let mut stream = TcpStream::connect(gateway.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    match stream.read_to_string(&mut answer) {
        Ok(0) => 0,
        Ok(_) => answer[9..12].parse().unwrap(),
        Err(error) => panic!("neither an answer nor an end: {error}"),
    }
}

#[tokio::test]
async fn ambiguous_requests_are_refused() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami"}}"#;
    let (host, length) = (gateway.address(), body.len());
    let head = format!(
        "x-litellm-api-key: {KEY}\r\nX-TOKEN: t\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nConnection: close\r\n"
    );
    let chunked = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
    for (name, request) in [
        (
            "length and chunks",
            format!(
                "POST /mcp HTTP/1.1\r\nHost: {host}\r\n{head}Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n{chunked}"
            ),
        ),
        (
            "two hosts",
            format!(
                "POST /mcp HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n{head}Content-Length: {length}\r\n\r\n{body}"
            ),
        ),
        (
            "foreign host",
            format!(
                "POST /mcp HTTP/1.1\r\nHost: evil.example\r\n{head}Content-Length: {length}\r\n\r\n{body}"
            ),
        ),
        (
            "foreign origin",
            format!(
                "POST /mcp HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil.example\r\n{head}Content-Length: {length}\r\n\r\n{body}"
            ),
        ),
        (
            "two lengths",
            format!(
                "POST /mcp HTTP/1.1\r\nHost: {host}\r\n{head}Content-Length: {length}\r\nContent-Length: 5\r\n\r\n{body}"
            ),
        ),
    ] {
        let status = raw(&gateway, &request);
        assert!(
            (400..500).contains(&status) || status == 0,
            "{name}: {status}"
        );
    }
    upstream.untouched();
}

#[tokio::test]
async fn an_upstream_that_takes_no_connection_is_given_up_by_the_connect_timeout() {
    // A listener that accepts nothing and whose queue is full lets further connections hang.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    let patience = std::time::Duration::from_millis(200);
    while let Ok(stream) =
        tokio::time::timeout(patience, tokio::net::TcpStream::connect(address)).await
    {
        waiting.push(stream.unwrap());
        assert!(waiting.len() < 1000, "the queue has no end");
    }
    let gateway = Gateway::start(&format!(
        "mcp_servers:\n  data_api:\n    url: http://{address}\n    extra_headers: [X-TOKEN]\n    \
         connect_timeout: 200ms\n    timeout: 10m\n"
    ));
    let caller = Caller::stranger(&gateway, "/data_api/mcp").header("x-token", "t");
    let said = caller.error("whoami", json!({})).await;
    assert!(
        said.contains("connect") && said.contains("upstream"),
        "{said}"
    );
}

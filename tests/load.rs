//! Callers and upstreams that hold on to what they have: nobody else waits for them.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::support::{Caller, Canned, Gateway, KEY, Upstream, with_token};

/// The bytes of a whole request.
fn request(gateway: &Gateway) -> Vec<u8> {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami"}}"#;
    format!(
        "POST /data_api/mcp HTTP/1.1\r\nHost: {}\r\nx-litellm-api-key: {KEY}\r\nX-TOKEN: t\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        gateway.address(),
        body.len()
    )
    .into_bytes()
}

/// Sends some bytes at once and the rest one by one, until the gateway closes; what it answered.
async fn dripping(mut stream: TcpStream, bytes: Vec<u8>, at_once: usize, drips: bool) -> Vec<u8> {
    let (now, later) = bytes.split_at(at_once);
    stream.write_all(now).await.unwrap();
    let (mut reader, mut writer) = stream.split();
    let writing = async {
        for byte in later {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if !drips || writer.write_all(&[*byte]).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    let mut answer = Vec::new();
    let reading = async {
        // A reset is an end, too.
        let _ = reader.read_to_end(&mut answer).await;
    };
    tokio::select! {
        () = writing => {}
        () = reading => {}
        () = tokio::time::sleep(Duration::from_secs(50)) => panic!("it is still connected"),
    }
    answer
}

#[tokio::test]
async fn row_28_callers_who_hold_back_a_request_are_cut_off_and_keep_nobody_waiting() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&format!("caller_timeout: 1s\n{}", with_token(&upstream)));
    let bytes = request(&gateway);
    let head = bytes.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let mut slow = JoinSet::new();
    for (at_once, drips) in [
        (0, false),
        (30, false),
        (1, true),
        (head, false),
        (head + 20, false),
        (head, true),
    ] {
        for _ in 0..50 {
            let stream = TcpStream::connect(gateway.address()).await.unwrap();
            slow.spawn(dripping(stream, bytes.clone(), at_once, drips));
        }
    }
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "honest");
    let mut served = 0;
    while !slow.is_empty() {
        caller.answer("get_item", json!({"item_id": 7})).await;
        served += 1;
        while let Some(answer) = slow.try_join_next() {
            let answer = String::from_utf8(answer.unwrap()).unwrap();
            assert!(
                answer.is_empty() || answer.starts_with("HTTP/1.1 408 "),
                "{answer}"
            );
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let seen = upstream.take();
    assert_eq!(
        seen.len(),
        served,
        "a request that never came whole was sent on"
    );
}

/// Sends a request and reads the first bytes of a good answer, no more; nothing where the gateway turns it away.
async fn served(gateway: &Gateway) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(gateway.address()).await.unwrap();
    let mut start = [0; 12];
    stream.write_all(&request(gateway)).await.ok()?;
    stream.read_exact(&mut start).await.ok()?;
    (&start == b"HTTP/1.1 200").then_some(stream)
}

#[tokio::test]
async fn row_29_a_caller_who_does_not_read_is_cut_off() {
    let upstream = Upstream::start().await;
    upstream.answer_with(Canned::ok("text/plain", vec![b'x'; 9 << 20]));
    let gateway = Gateway::start_quiet(&format!(
        "caller_timeout: 1s\nmax_connections: 1\n{}",
        with_token(&upstream)
    ));
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut readers = Vec::new();
    // The first one reads nothing more and has the only connection. Once a second one is served, it has lost it.
    while readers.len() < 2 {
        assert!(Instant::now() < deadline, "it still has its connection");
        readers.extend(served(&gateway).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until so many requests have reached the upstream.
async fn upstream_was_asked(upstream: &Upstream, times: usize) {
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut asked = 0;
    while asked < times {
        assert!(
            Instant::now() < deadline,
            "{asked} of {times} requests came"
        );
        asked += upstream.take().len();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn row_67_an_upstream_that_hangs_keeps_nobody_from_another() {
    let (hanging, healthy) = (Upstream::start().await, Upstream::start().await);
    let server = |name: &str, upstream: &Upstream| {
        let url = upstream.url();
        format!(
            "  {name}:\n    url: {url}\n    spec: data_api\n    extra_headers: [X-TOKEN]\n    max_concurrent_calls: 20\n"
        )
    };
    let servers = [server("a", &hanging), server("b", &healthy)].concat();
    let gateway = Gateway::start_quiet(&format!(
        "general_settings: {{master_key: {KEY}}}\nmcp_servers:\n{servers}"
    ));
    let caller = |path: &str| Caller::new(&gateway, path).header("X-TOKEN", "t");
    let mut waiting = JoinSet::new();
    let hung = caller("/a/mcp");
    for _ in 0..200 {
        let caller = hung.clone();
        waiting.spawn(async move { caller.call("get_item", json!({"item_id": 408})).await });
    }
    // What is over the limit is told so at once, however long the others wait.
    for _ in 0..180 {
        let (failed, said) = waiting.join_next().await.unwrap().unwrap();
        assert!(failed && said.contains("under way"), "{said}");
    }
    let other = caller("/b/mcp");
    for _ in 0..50 {
        other.answer("get_item", json!({"item_id": 7})).await;
    }
    assert_eq!(hanging.take().len(), 20);
    assert!(
        waiting.try_join_next().is_none(),
        "a call of the other server ended"
    );
}

#[tokio::test]
async fn row_68_a_stop_loses_no_call_under_way() {
    const CALLS: usize = 200;
    let upstream = Upstream::start().await;
    // Each answer takes more than half a second.
    upstream.answer_with(Canned {
        pieces: vec![b"x".to_vec(); 20],
        ..Canned::ok("text/plain", "")
    });
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let mut calls = JoinSet::new();
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    for _ in 0..CALLS {
        let caller = caller.clone();
        calls.spawn(async move { caller.call("whoami", json!({})).await });
    }
    upstream_was_asked(&upstream, CALLS).await;
    gateway.terminate();
    while let Some(outcome) = calls.join_next().await {
        assert_eq!(outcome.unwrap(), (false, "x".repeat(20)));
    }
    let address = gateway.address();
    assert_eq!(gateway.ended(), Some(0));
    assert!(
        TcpStream::connect(address).await.is_err(),
        "it still listens"
    );
}

#[tokio::test]
async fn row_70_running_out_of_file_descriptors_is_waited_out() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_with_files(&with_token(&upstream), 40);
    let mut held = Vec::new();
    for _ in 0..100 {
        held.push(TcpStream::connect(gateway.address()).await.unwrap());
    }
    let message = "accepting a connection failed";
    assert!(gateway.says(message), "{}", gateway.log());
    let (before, since) = (gateway.log().matches(message).count(), Instant::now());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let again = gateway.log().matches(message).count() - before;
    // It tries again now and then; a loop that spins would have tried some hundred thousand times.
    let most = since.elapsed().as_millis() / 50 + 2;
    assert!((again as u128) <= most, "{again} tries, at most {most}");
    drop(held);
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    caller.answer("get_item", json!({"item_id": 7})).await;
}

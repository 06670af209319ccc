//! JSON that costs more than it looks.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::{Caller, Gateway, KEY, Upstream, data_api};

/// The largest body that is read here; what is longer than the default is refused unread.
const LIMIT: &str = "max_body_bytes: 32MiB\n";

fn call(arguments: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"whoami","arguments":{arguments}}}}}"#
    )
}

fn members(count: usize, name: impl Fn(usize) -> String) -> String {
    let mut text = String::from("{");
    for number in 0..count {
        let comma = if number > 0 { "," } else { "" };
        write!(text, "{comma}\"{}\":0", name(number)).unwrap();
    }
    text + "}"
}

#[cfg(target_os = "linux")]
fn most_memory(gateway: &Gateway) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", gateway.id())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<usize>()
        .unwrap()
        * 1024
}

#[tokio::test]
async fn row_31_bombs_are_refused_and_the_next_call_goes_on() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN]\n    max_arguments_bytes: 32MiB\n";
    let gateway = Gateway::start_quiet(&format!("{LIMIT}{}", data_api(&upstream, lines)));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    let nested =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    // Floating point keeps `Value` from refusing it; what is asserted about is the answer.
    let digits = "9".repeat(10_000_000);
    for (what, body, code) in [
        ("arrays", nested("[", "]"), -32600),
        (
            "objects",
            call(&nested("{\"a\":", "}").replace(":}", ":0}")),
            -32600,
        ),
        ("arrays in arguments", call(&nested("[", "]")), -32600),
        ("unclosed", "[".repeat(1_000_000), -32600),
        (
            "a number as id",
            format!(r#"{{"jsonrpc":"2.0","id":{digits},"method":"ping"}}"#),
            -32600,
        ),
        (
            "a string without end",
            format!("\"{}", "x".repeat(4_000_000)),
            -32700,
        ),
        (
            "a comma at the end",
            format!("[{}]", "0,".repeat(99_000)),
            -32700,
        ),
        (
            "many elements",
            format!("[{}0]", "0,".repeat(1_000_000)),
            -32600,
        ),
        (
            "many members",
            call(&members(1_000_000, |number| format!("{number:x}"))),
            -32600,
        ),
        (
            "many of both",
            call(&format!("{{\"a\":[{}0]}}", "{\"b\":0},".repeat(500_000))),
            -32600,
        ),
    ] {
        let (status, text) = caller.post(body).await;
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (status.as_u16(), &answer["error"]["code"]),
            (400, &json!(code)),
            "{what}: {text}"
        );
    }
    // Well-formed, so that it is a call whose arguments do not fit.
    for (what, arguments) in [
        (
            "as many members as there may be",
            members(99_000, |number| format!("{number:x}")),
        ),
        // FNV and SipHash spread these well; a table that is keyed by length or by the first bytes would not.
        (
            "members that look alike",
            members(50_000, |number| format!("{}{number:06}", "a".repeat(32))),
        ),
        ("a long name", members(1, |_| "k".repeat(1_000_000))),
        ("a number with many digits", format!("{{\"n\":{digits}}}")),
        (
            "a number with a large exponent",
            String::from(r#"{"n":1e999999999}"#),
        ),
    ] {
        let (status, text) = caller.post(call(&arguments)).await;
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(
            (status.as_u16(), &answer["result"]["isError"]),
            (200, &json!(true)),
            "{what}"
        );
        assert!(
            text.len() < 100_000,
            "{what}: an answer of {} bytes",
            text.len()
        );
    }
    upstream.untouched();
    caller.answer("whoami", json!({})).await;
    #[cfg(target_os = "linux")]
    assert!(
        most_memory(&gateway) < 128 << 20,
        "{} bytes",
        most_memory(&gateway)
    );
}

#[tokio::test]
async fn row_31_what_is_longer_than_a_body_may_be_is_never_a_tree() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN]\n";
    let gateway = Gateway::start_quiet(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    // The million members of the other test are refused by their length, before any of them is sent.
    let bomb = call(&members(1_000_000, |number| format!("{number:x}")));
    let head = format!(
        "POST /data_api/mcp HTTP/1.1\r\nHost: {}\r\nX-Toolwright-Key: {KEY}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        gateway.address(),
        bomb.len()
    );
    let mut stream = TcpStream::connect(gateway.address()).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    upstream.untouched();
    caller.answer("whoami", json!({})).await;
    #[cfg(target_os = "linux")]
    assert!(
        most_memory(&gateway) < 64 << 20,
        "{} bytes",
        most_memory(&gateway)
    );
}

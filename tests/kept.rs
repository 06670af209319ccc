//! What becomes of a connection after a request was refused: it goes on, or its end is announced. A client that is told
//! nothing sends its next request into a closed connection.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::support::{Gateway, KEY, Upstream, with_token};

/// A request for the whole list.
const BODY: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;

fn head(gateway: &Gateway, line: &str, headers: &str, length: usize) -> String {
    let host = match headers.contains("Host:") {
        true => String::new(),
        false => format!("Host: {}\r\n", gateway.address()),
    };
    format!("{line} HTTP/1.1\r\n{host}{headers}Content-Length: {length}\r\n\r\n")
}

/// Reads one answer: its status, whether it announces the end of the connection.
fn answer(stream: &mut TcpStream) -> (u16, bool) {
    let mut bytes = Vec::new();
    let mut piece = [0; 64 << 10];
    loop {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.unwrap().parse::<usize>().unwrap() {
                let closes = head.contains("\r\nconnection: close");
                return (head[9..12].parse().unwrap(), closes);
            }
        }
        let count = stream.read(&mut piece).unwrap();
        assert!(count > 0, "the connection ended unannounced: {text}");
        bytes.extend_from_slice(&piece[..count]);
    }
}

const JSON: &str = "Content-Type: application/json\r\n";

#[tokio::test]
async fn a_connection_outlives_a_refusal_or_its_end_is_announced() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let key = format!("X-Toolwright-Key: {KEY}\r\n{JSON}");
    let post = "POST /data_api/mcp";
    for (status, line, headers) in [
        (401, post, JSON.to_owned()),
        (400, post, format!("{key}X-Toolwright-Key: {KEY}\r\n")),
        (403, post, format!("{key}Host: evil.example\r\n")),
        (403, post, format!("{key}Origin: https://evil.example\r\n")),
        (405, "PUT /data_api/mcp", key.clone()),
        (404, "POST /nobody/mcp", key.clone()),
        (404, "POST /nothing", key.clone()),
        (405, "POST /healthz", key.clone()),
        (406, post, format!("{key}Accept: text/html\r\n")),
        (415, post, format!("X-Toolwright-Key: {KEY}\r\n")),
        (200, post, key.clone()),
    ] {
        let mut stream = TcpStream::connect(gateway.address()).unwrap();
        let first = head(&gateway, line, &headers, BODY.len());
        stream.write_all(first.as_bytes()).unwrap();
        // Many clients send head and body apart. However long this takes, what is asserted holds.
        thread::sleep(Duration::from_millis(50));
        stream.write_all(BODY.as_bytes()).unwrap();
        let (found, closes) = answer(&mut stream);
        assert_eq!(found, status, "{line} {headers}");
        if !closes {
            let next = head(&gateway, post, &key, BODY.len()) + BODY;
            stream.write_all(next.as_bytes()).unwrap();
            assert_eq!(answer(&mut stream).0, 200, "after {line} {headers}");
        }
        // A body that is worth no waiting, and never comes.
        if status != 200 {
            let mut stream = TcpStream::connect(gateway.address()).unwrap();
            let long = head(&gateway, line, &headers, 1 << 20);
            stream.write_all(long.as_bytes()).unwrap();
            assert_eq!(answer(&mut stream), (status, true), "{line} {headers}");
            assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        }
    }
    upstream.untouched();
}

#[tokio::test]
async fn who_waits_for_leave_to_send_a_body_is_refused_at_once() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let mut stream = TcpStream::connect(gateway.address()).unwrap();
    let headers = format!("{JSON}Expect: 100-continue\r\n");
    let first = head(&gateway, "POST /data_api/mcp", &headers, BODY.len());
    stream.write_all(first.as_bytes()).unwrap();
    assert_eq!(answer(&mut stream), (401, true));
}

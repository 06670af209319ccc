//! What each address answers to each method, byte by byte: the ends of answers to HEAD are lost on most clients.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use crate::support::{Gateway, Issuer, KEY, Upstream};

/// An answer: status, the lines of its headers, body.
fn ask(address: SocketAddr, method: &str, path: &str) -> (u16, Vec<String>, String) {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nX-Toolwright-Key: {KEY}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n").map(str::to_lowercase);
    let status = lines.next().unwrap()[9..12].parse().unwrap();
    let lines = lines.filter(|line| !line.starts_with("date:"));
    (status, lines.collect(), body.to_owned())
}

/// The methods that `Allow` names.
fn allowed(lines: &[String]) -> Vec<&str> {
    let allow = lines.iter().find_map(|line| line.strip_prefix("allow:"));
    let mut methods: Vec<_> = allow.unwrap().split(',').map(str::trim).collect();
    methods.sort_unstable();
    methods
}

/// Neither GET, HEAD nor POST.
const OTHERS: [&str; 6] = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "MADEUP"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_address_takes_its_method_and_says_which() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let configuration = issuer.configuration(&upstream, "");
    let configuration = format!("general_settings: {{master_key: {KEY}}}\n{configuration}");
    let gateway = Gateway::start_quiet(&configuration);
    let address = gateway.address();
    for path in [
        "/mcp",
        "/mcp/data_api",
        "/data_api/mcp",
        "/data_api/items/mcp",
        "/mcp-rest/tools/call",
        "/data_api/tools/get_item",
        "/no_such_server/mcp",
    ] {
        for method in OTHERS.into_iter().chain(["GET", "HEAD"]) {
            let (status, lines, body) = ask(address, method, path);
            assert_eq!(status, 405, "{method} {path}");
            assert_eq!(allowed(&lines), ["post"], "{method} {path}");
            assert_eq!(body.is_empty(), method == "HEAD", "{method} {path}: {body}");
        }
    }
    for path in [
        "/metrics",
        "/healthz",
        "/data_api/tools",
        "/mcp-rest/tools/list",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/data_api/mcp",
    ] {
        for method in OTHERS.into_iter().chain(["POST"]) {
            let (status, lines, _) = ask(address, method, path);
            assert_eq!(status, 405, "{method} {path}");
            assert_eq!(allowed(&lines), ["get", "head"], "{method} {path}");
        }
        let (status, lines, body) = ask(address, "GET", path);
        assert_eq!(status, 200, "{path}");
        assert!(!body.is_empty(), "{path}");
        assert_eq!(
            ask(address, "HEAD", path),
            (200, lines, String::new()),
            "HEAD is GET without a body (RFC 9110 §9.3.2): {path}"
        );
    }
    for method in OTHERS.into_iter().chain(["GET", "HEAD", "POST"]) {
        for path in ["/", "/nothing", "/data_api/mcp/", "/healthz/more"] {
            let (status, _, body) = ask(address, method, path);
            assert_eq!(status, 404, "{method} {path}");
            assert_eq!(body.is_empty(), method == "HEAD", "{method} {path}: {body}");
        }
    }
    upstream.untouched();
}

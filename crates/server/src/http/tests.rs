//! The listener on a real socket.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::{bind, listener};
use crate::config::Bounds;
use crate::testing::{gateway, post, upstream};

const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(listener::serve_for_tests(listener, router));
    address
}

fn open() -> Router {
    gateway("mcp_servers:\n  data_api:\n    url: http://127.0.0.1:9\n")
}

/// Sends bytes and reads until the server closes.
async fn raw(address: SocketAddr, bytes: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset after the answer is an end as well.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn request(headers: &str, body: &str) -> String {
    format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}\r\n{body}"
    )
}

#[tokio::test]
async fn requests_with_two_readings_are_400_and_the_end() {
    let address = serve(open()).await;
    let length = PING.len();
    let chunked = format!("{length:x}\r\n{PING}\r\n0\r\n\r\n");
    let smuggled = request(
        &format!("Content-Length: {length}\r\nConnection: close\r\n"),
        PING,
    );
    let both = format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n");
    for (headers, body) in [
        (both.as_str(), chunked.as_str()),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            &chunked,
        ),
        ("Transfer-Encoding: gzip, chunked\r\n", &chunked),
        (
            &format!("Content-Length: {length}\r\nContent-Length: {length}\r\n"),
            PING,
        ),
        (
            &format!("Host: localhost\r\nContent-Length: {length}\r\n"),
            PING,
        ),
        (&format!("X: y\nContent-Length: {length}\r\n"), PING),
    ] {
        let answer = raw(address, &format!("{}{smuggled}", request(headers, body))).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{headers}: {answer}");
        assert!(!answer.contains("\"result\""), "{headers}: {answer}");
    }
    let plain = request("Transfer-Encoding: chunked\r\n", &chunked);
    let answer = raw(address, &format!("{plain}{smuggled}")).await;
    assert_eq!(answer.matches("\"result\":{}").count(), 2, "{answer}");
}

#[tokio::test]
async fn heads_and_bodies_are_bounded() {
    let address = serve(open()).await;
    let long = format!("X-Long: {}\r\nConnection: close\r\n", "a".repeat(48 * 1024));
    assert!(
        raw(address, &request(&long, ""))
            .await
            .starts_with("HTTP/1.1 431")
    );
    let many: String = (0..120)
        .map(|number| format!("X-{number}: a\r\n"))
        .collect();
    assert!(
        raw(address, &request(&many, ""))
            .await
            .starts_with("HTTP/1.1 431")
    );
    let said = "Content-Length: 99999999\r\n";
    assert!(
        raw(address, &request(said, ""))
            .await
            .starts_with("HTTP/1.1 413")
    );
}

#[tokio::test]
async fn routes_are_compared_as_they_were_sent() {
    let address = serve(open()).await;
    for (line, status) in [
        ("GET /healthz", "200"),
        ("GET /mcp", "405"),
        ("DELETE /data_api/mcp", "405"),
        ("TRACE /mcp", "405"),
        ("POST http://evil.example/mcp", "400"),
        ("POST /x/../mcp", "404"),
    ] {
        let answer = raw(
            address,
            &format!("{line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        )
        .await;
        assert_eq!(answer.get(9..12), Some(status), "{line}: {answer}");
        assert_eq!(
            answer.to_lowercase().contains("allow: post"),
            status == "405"
        );
    }
}

#[tokio::test]
async fn a_page_may_ask_first() {
    let address = serve(open()).await;
    let ask = |origin: &str| {
        format!(
            "OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: POST\r\n\
             Access-Control-Request-Headers: content-type,mcp-method\r\nConnection: close\r\n\r\n"
        )
    };
    let answer = raw(address, &ask("http://localhost:6274"))
        .await
        .to_lowercase();
    assert!(answer.starts_with("http/1.1 204"), "{answer}");
    assert!(answer.contains("access-control-allow-origin: http://localhost:6274"));
    assert!(answer.contains("access-control-allow-headers: content-type,mcp-method"));
    assert!(answer.contains("access-control-expose-headers: www-authenticate"));
    let answer = raw(address, &ask("http://evil.example"))
        .await
        .to_lowercase();
    assert!(answer.starts_with("http/1.1 403") && !answer.contains("access-control"));
}

/// An upstream that never answers, says when a request came, and says when it was given up.
async fn silent() -> (SocketAddr, mpsc::UnboundedReceiver<&'static str>) {
    struct GivenUp(mpsc::UnboundedSender<&'static str>);
    impl Drop for GivenUp {
        fn drop(&mut self) {
            let _ = self.0.send("given up");
        }
    }
    let (said, heard) = mpsc::unbounded_channel();
    let router = Router::new().fallback(move || {
        let said = said.clone();
        async move {
            let _ = said.send("came");
            let _held = GivenUp(said);
            std::future::pending::<()>().await;
        }
    });
    (serve(router).await, heard)
}

#[tokio::test]
async fn a_caller_that_leaves_takes_its_call_along() {
    let (upstream, mut heard) = silent().await;
    let router = gateway(&format!(
        "mcp_servers:\n  data_api:\n    url: http://{upstream}\n"
    ));
    let address = serve(router).await;
    let call =
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"data_api-whoami"}}"#;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let sent = request(&format!("Content-Length: {}\r\n", call.len()), call);
    stream.write_all(sent.as_bytes()).await.unwrap();
    assert_eq!(heard.recv().await, Some("came"));
    drop(stream);
    let given_up = tokio::time::timeout(Duration::from_secs(10), heard.recv()).await;
    assert_eq!(given_up, Ok(Some("given up")));
}

#[tokio::test]
async fn a_stop_lets_calls_finish_and_connections_are_bounded() {
    let bounds = Bounds {
        connections: 1,
        body_bytes: 1000,
        page_bytes: 1000,
        caller: Duration::from_secs(30),
        drain: Duration::from_secs(10),
    };
    let serving = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = serving.address;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (began, mut begun) = mpsc::unbounded_channel();
    let router = Router::new().fallback(move || {
        let began = began.clone();
        async move {
            let (go, gone) = tokio::sync::oneshot::channel::<()>();
            let _ = began.send(go);
            let _ = gone.await;
            "done"
        }
    });
    let running = tokio::spawn(serving.run(listener::routed(router), bounds, async move {
        let _ = stopped.await;
    }));
    let first = tokio::spawn(raw_owned(address));
    let go = begun.recv().await.unwrap();
    assert!(
        raw(address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            .await
            .starts_with("HTTP/1.1 503")
    );
    drop(stop);
    drop(go);
    assert!(first.await.unwrap().ends_with("done"));
    running.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

async fn raw_owned(address: SocketAddr) -> String {
    raw(address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").await
}

#[tokio::test]
async fn operations_with_a_server_of_their_own_leave_the_origin_only_where_egress_lets_them() {
    let (url, seen) = upstream(|_| Response::new("{}".into())).await;
    for (egress, leaves) in [
        ("", false),
        (
            "egress: ['http://other.invalid', 'https://uploads.invalid']",
            false,
        ),
        ("egress: ['http://uploads.invalid']", true),
    ] {
        let router = gateway(&format!(
            "mcp_servers:\n  addressed:\n    url: {url}\n    auth_type: none\n    {egress}\n"
        ));
        let (_, text) = post(&router, "/addressed/tools/upload", &[], "").await;
        assert_eq!(
            text.contains("cannot be resolved"),
            leaves,
            "{egress}: {text}"
        );
        let expected: &[&str] = if leaves { &[] } else { &["GET /v2/upload"] };
        let targets: Vec<_> = seen.take().into_iter().map(|(target, _)| target).collect();
        assert_eq!(targets, expected, "{egress}");
    }
}

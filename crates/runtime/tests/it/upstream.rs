//! Against a real server on the loopback.

use std::io::Write as _;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request as Inbound;
use axum::http::{Response, header};
use axum::routing::any;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use toolwright_runtime::prelude::*;
use toolwright_runtime::{Error, Fault, HeaderPolicy, Retry, Upstream, UpstreamOptions};
use url::Url;

use crate::support::{inbound, json, no_headers};

async fn serve(router: Router) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/base/").parse().unwrap()
}

enum Then {
    Close,
    Wait,
}

/// Answers each connection with these bytes.
async fn serve_raw(answer: &'static [u8], then: Then) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer).await;
            if matches!(then, Then::Wait) {
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
        }
    });
    format!("http://{address}/").parse().unwrap()
}

fn upstream(base: Url, change: impl FnOnce(&mut UpstreamOptions)) -> Upstream {
    let mut options = UpstreamOptions::new(base);
    change(&mut options);
    Upstream::new(options).unwrap()
}

fn get(path: &'static str) -> Request {
    Request::get(path, &no_headers()).build().unwrap()
}

async fn echo(request: Inbound) -> String {
    let (head, body) = request.into_parts();
    let mut out = format!("{} {}\n", head.method, head.uri);
    for (name, value) in &head.headers {
        out.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
    }
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    out.push_str(&format!("\n{}", String::from_utf8_lossy(&body)));
    out
}

#[tokio::test]
async fn a_target_that_cannot_be_sent_is_the_callers_to_shorten() {
    let base = serve(Router::new().fallback(any(echo))).await;
    let in_front = base.as_str().len() + "a/".len();
    let upstream = upstream(base, |_| {});
    let send = async |length: usize| {
        let request = Request::get("/a/{id}", &no_headers())
            .path("id", &"x".repeat(length))
            .build()
            .unwrap();
        upstream.send(request).await
    };
    assert!(send(65_534 - in_front).await.is_ok());
    let error = send(65_535 - in_front).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Caller);
    assert!(error.message().contains("65535 bytes"), "{error}");
}

#[tokio::test]
async fn an_empty_body_has_a_length() {
    let base = serve(Router::new().fallback(any(echo))).await;
    let upstream = upstream(base, |_| {});
    let text = String::new();
    for (method, expected) in [
        ("POST", true),
        ("PUT", true),
        ("PATCH", true),
        ("DELETE", false),
    ] {
        let request = Request::new(method, "/", &no_headers())
            .text(&text)
            .build()
            .unwrap();
        let answer = upstream.send(request).await;
        let seen = String::from_utf8(answer.unwrap().body.to_vec()).unwrap();
        assert_eq!(seen.contains("content-length: 0\n"), expected, "{seen}");
        assert!(seen.contains("content-type: text/plain"), "{seen}");
    }
}

#[tokio::test]
async fn a_request_arrives_as_described() {
    let base = serve(Router::new().fallback(any(echo))).await;
    let host = format!("host: 127.0.0.1:{}", base.port().unwrap());
    let upstream = upstream(base, |_| {});
    let mut builder = HeaderPolicy::builder("s");
    builder.forward("X-Token").unwrap();
    let bag = builder
        .build()
        .fill(
            &inbound(&[("x-token", "a"), ("x-token", "b"), ("x-other", "c")]),
            None,
        )
        .unwrap();
    let request = Request::post("/items/{id}:x", &bag)
        .path("id", &String::from("a/b c"))
        .query("q", &String::from("ü&"))
        .cookie("s", &true)
        .json(&json(r#"{"n": 1.0}"#))
        .build()
        .unwrap();
    let answer = upstream.send(request).await.unwrap();
    let seen = String::from_utf8(answer.body.to_vec()).unwrap();
    let (head, body) = seen.split_once("\n\n").unwrap();
    let mut lines: Vec<_> = head.lines().collect();
    assert_eq!(lines.remove(0), "POST /base/items/a%2Fb%20c:x?q=%C3%BC%26");
    lines.sort_unstable();
    let agent = format!("user-agent: toolwright/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        lines,
        [
            "accept-encoding: zstd,gzip,deflate,br",
            "accept: application/json, */*;q=0.8",
            "content-length: 10",
            "content-type: application/json",
            "cookie: s=true",
            &host,
            &agent,
            "x-token: a",
            "x-token: b",
        ]
    );
    assert_eq!(body, r#"{"n": 1.0}"#);
    assert!(!answer.truncated && answer.status == 200);
}

#[tokio::test]
async fn a_body_less_post_says_so() {
    let upstream = upstream(serve(Router::new().fallback(any(echo))).await, |_| {});
    for (request, expected) in [
        (Request::post("/", &no_headers()).build().unwrap(), true),
        (Request::delete("/", &no_headers()).build().unwrap(), false),
    ] {
        let seen = upstream.send(request).await.unwrap().body;
        let seen = String::from_utf8(seen.to_vec()).unwrap();
        assert_eq!(seen.contains("content-length: 0"), expected, "{seen}");
        assert!(!seen.contains("content-type"));
    }
}

#[tokio::test]
async fn threat_11_redirects_are_answers() {
    let router = Router::new().fallback(any(|| async {
        Response::builder()
            .status(302)
            .header(header::LOCATION, "http://127.0.0.1:1/elsewhere")
            .header(header::SET_COOKIE, "a=1")
            .body(Body::empty())
            .unwrap()
    }));
    let upstream = upstream(serve(router).await, |_| {});
    for _ in 0..2 {
        let answer = upstream.send(get("/")).await.unwrap();
        assert_eq!(answer.status, 302);
        assert_eq!(answer.headers["location"], "http://127.0.0.1:1/elsewhere");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn compressed_answers_are_decoded_within_the_limit() {
    let router = Router::new().route(
        "/base/{size}",
        any(|path: axum::extract::Path<usize>| async move {
            Response::builder()
                .header(header::CONTENT_ENCODING, "gzip")
                .body(Body::from(gzip(&vec![b'x'; path.0])))
                .unwrap()
        }),
    );
    let upstream = upstream(serve(router).await, |options| {
        options.max_response_bytes = 100_000
    });
    let answer = upstream.send(get("/99999")).await.unwrap();
    assert_eq!((answer.body.len(), answer.truncated), (99_999, false));
    assert!(answer.headers.get("content-encoding").is_none());
    let answer = upstream.send(get("/100000")).await.unwrap();
    assert_eq!((answer.body.len(), answer.truncated), (100_000, false));
    // A bomb of 50 MB in 50 kB stops at the limit.
    let answer = upstream.send(get("/50000000")).await.unwrap();
    assert_eq!((answer.body.len(), answer.truncated), (100_000, true));
}

#[tokio::test]
async fn a_head_has_headers_alone() {
    let router = Router::new().fallback(any(|| async {
        Response::builder()
            .header(header::CONTENT_ENCODING, "gzip")
            .header(header::CONTENT_LENGTH, "1234")
            .body(Body::empty())
            .unwrap()
    }));
    let upstream = upstream(serve(router).await, |_| {});
    let answer = upstream
        .send(Request::head("/", &no_headers()).build().unwrap())
        .await
        .unwrap();
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
}

#[tokio::test]
async fn an_endless_stream_is_collected_for_the_time_there_is() {
    let base = serve_raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\n",
        Then::Wait,
    )
    .await;
    let upstream = upstream(base, |options| options.timeout = Duration::from_millis(500));
    let mut heard = Vec::new();
    let answer = upstream
        .send_with(get("/"), |bytes, _| heard.push(bytes))
        .await
        .unwrap();
    assert_eq!(
        (&answer.body[..], answer.truncated),
        (&b"data: a\n\n"[..], true)
    );
    assert_eq!(heard, [9]);
}

#[tokio::test]
async fn too_many_calls_are_refused_at_once() {
    let router = Router::new().fallback(any(|| async {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }));
    let upstream = upstream(serve(router).await, |options| options.max_concurrent = 1);
    let upstream = std::sync::Arc::new(upstream);
    let first = tokio::spawn({
        let upstream = std::sync::Arc::clone(&upstream);
        async move { upstream.send(get("/")).await }
    });
    while upstream.free() > 0 {
        tokio::task::yield_now().await;
    }
    let error = upstream.send(get("/")).await.unwrap_err();
    assert_eq!(
        (error.fault(), error.retry()),
        (Fault::Gateway, Retry::Maybe)
    );
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!(upstream.free(), 1);
}

#[tokio::test]
async fn threat_13_faults_are_told_without_addresses() {
    let free = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let silent = Router::new().fallback(any(|| async {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }));
    let short = |options: &mut UpstreamOptions| options.timeout = Duration::from_millis(300);
    let cases = [
        (format!("http://{free}/canary").parse().unwrap(), "the upstream refused the connection"),
        ("http://canary.invalid/".parse().unwrap(), "the name of the upstream's host cannot be resolved"),
        (serve(silent).await, "the upstream did not answer within 0.3 s"),
        (serve_raw(b"SSH-2.0-canary\r\n\r\n", Then::Close).await, "the upstream did not answer in valid HTTP"),
        (serve_raw(b"", Then::Close).await, "the upstream closed the connection before it had answered"),
        (serve_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhalf", Then::Close).await, "the upstream closed the connection before it had answered"),
        (serve_raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhalf", Then::Close).await, "the upstream's answer is not compressed as it says"),
    ];
    for (base, expected) in cases {
        let base: Url = base;
        let error: Error = upstream(base.clone(), short)
            .send(get("/"))
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), expected, "{base}");
        assert_eq!(error.fault(), Fault::Upstream);
    }
}

#[tokio::test]
async fn a_server_without_tls_is_told_from_one_that_is_down() {
    let mut base = serve_raw(b"HTTP/1.1 400 Bad Request\r\n\r\n", Then::Close).await;
    base.set_scheme("https").unwrap();
    let Ok(upstream) = Upstream::new(UpstreamOptions::new(base)) else {
        println!("skipped: this machine has no CA certificates, and https needs them");
        return;
    };
    let error = upstream.send(get("/")).await.unwrap_err();
    assert!(
        error
            .message()
            .starts_with("no TLS connection to the upstream"),
        "{error}"
    );
    assert_eq!(error.retry(), Retry::Never);
}

#[tokio::test]
async fn an_operation_s_own_server_stays_on_the_configured_origin() {
    let base = serve(Router::new().fallback(any(echo))).await;
    let other = serve(Router::new().fallback(any(echo))).await;
    let own: &'static str = format!("{}v9/", other.as_str().replace("/base/", "/")).leak();
    assert_ne!(base.origin(), other.origin());
    let cases = [
        (false, own, "GET /v9/x\n"),
        (true, "https://elsewhere.example/v2", "GET /v2/x\n"),
        (false, "https://elsewhere.example/v2", "GET /v2/x\n"),
        (false, "/v3", "GET /v3/x\n"),
        (false, "v4", "GET /base/v4/x\n"),
        (true, own, "GET /v9/x\n"),
    ];
    for (listed, server, expected) in cases {
        let upstream = upstream(base.clone(), |options| {
            let own: Url = own.parse().unwrap();
            options.origins.extend(listed.then(|| own.origin()));
        });
        let request = Request::get("/x", &no_headers())
            .server(server)
            .build()
            .unwrap();
        let seen = upstream.send(request).await.unwrap().body;
        assert!(seen.starts_with(expected.as_bytes()), "{server}: {seen:?}");
    }
}

#[test]
fn a_base_is_scheme_host_port_and_path() {
    for base in [
        "ftp://h/",
        "http://user:canary@h/",
        "http://h/?a=1",
        "http://h/#a",
        "data:,x",
    ] {
        let error = Upstream::new(UpstreamOptions::new(base.parse().unwrap())).unwrap_err();
        assert!(
            error.fault() == Fault::Gateway && !error.to_string().contains("canary"),
            "{error}"
        );
    }
}

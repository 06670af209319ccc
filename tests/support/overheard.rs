//! A client that reads its answers itself, overheard: all that it says and hears passes through here and is recorded.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader, DuplexStream,
};
use tokio::net::TcpListener;

use super::record::Session;
use super::{Gateway, client, send};

/// The most bytes of a message.
const MAX_BYTES: usize = 16 << 20;

/// The address of a proxy before the gateway.
pub(crate) async fn overheard(gateway: &Gateway) -> String {
    let gateway = gateway.url("");
    let proxy = Router::new().fallback(move |request| pass(gateway.clone(), request));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, proxy).await.unwrap() });
    format!("http://{address}")
}

async fn pass(gateway: String, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    parts.headers.remove("host");
    let body = to_bytes(body, MAX_BYTES).await.unwrap();
    let onward = client()
        .request(parts.method, format!("{gateway}{}", parts.uri))
        .headers(parts.headers)
        .body(body);
    let answer = send(onward).await;
    let mut response = Response::new(Body::from(answer.text().to_owned()));
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    // What ends at this hop (RFC 9110 §7.6.1).
    for name in ["connection", "transfer-encoding"] {
        response.headers_mut().remove(name);
    }
    response
}

/// The client's end of the pipes of a process.
pub(crate) fn overheard_pipes(
    input: impl AsyncWrite + Send + Unpin + 'static,
    output: impl AsyncRead + Send + Unpin + 'static,
) -> DuplexStream {
    let (own, theirs) = tokio::io::duplex(MAX_BYTES);
    let (said, heard) = tokio::io::split(own);
    let session = Arc::new(Mutex::new(Session::default()));
    let speaks = Arc::clone(&session);
    tokio::spawn(lines(said, input, move |line| {
        speaks.lock().unwrap().asks(line);
    }));
    tokio::spawn(lines(output, heard, move |line| {
        let message = serde_json::from_str(line).unwrap();
        session.lock().unwrap().hears(line, &message);
    }));
    theirs
}

/// Passes lines on until there are no more; then the other end learns of that, too.
async fn lines(
    from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut passes: impl FnMut(&str),
) {
    let mut lines = BufReader::new(from).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        passes(&line);
        if to.write_all(format!("{line}\n").as_bytes()).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

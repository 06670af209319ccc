//! `bench-bare LISTEN UPSTREAM`: the plainest reverse proxy that axum and reqwest make. It checks nothing, bounds
//! nothing and knows one upstream; what it costs is what these libraries cost.

use std::env;
use std::error::Error;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::Response;
use axum::serve::ListenerExt as _;
use reqwest::Client;
use tokio::net::TcpListener;

/// What ends at each hop (RFC 9110 §7.6.1), and the names that the client library writes itself.
const HOP: [HeaderName; 4] = [
    header::CONNECTION,
    header::HOST,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [listen, upstream] = arguments.as_slice() else {
        return Err("usage: bench-bare ADDR:PORT http://ADDR:PORT".into());
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().tls_certs_only([]).build()?;
    let router = Router::new()
        .fallback(pass)
        .with_state((client, upstream.clone()));
    let listener = TcpListener::bind(listen).await?.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

async fn pass(
    State((client, upstream)): State<(Client, String)>,
    request: Request,
) -> Result<Response, StatusCode> {
    let (mut head, body) = request.into_parts();
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    for name in HOP {
        head.headers.remove(name);
    }
    let mut request = client
        .request(head.method, format!("{upstream}{target}"))
        .headers(head.headers);
    if !body.is_end_stream() {
        request = request.body(reqwest::Body::wrap_stream(body.into_data_stream()));
    }
    let mut answer = request.send().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let (status, mut headers) = (answer.status(), std::mem::take(answer.headers_mut()));
    for name in HOP {
        headers.remove(name);
    }
    let mut response = Response::new(Body::from_stream(answer.bytes_stream()));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

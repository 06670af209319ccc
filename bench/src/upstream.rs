//! The upstream: one answer, as fast as it goes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::Result;

/// An item of the data API, as its description has it.
const ITEM: &str = r#"{"kind":"item","name":"Lamp","description":"A lamp for the desk.","price":{"amount":39.9,"currency":"EUR"},"dimensions":null,"suppliers":[{"name":"Lux","country":"FR"}],"tags":["light","desk"],"in_stock":true,"id":7}"#;

/// The caller's token, without which the upstream closes the connection.
pub(crate) const TOKEN: &str = "X-TOKEN: tok-of-alice\r\n";

/// A running upstream.
#[derive(Clone, Debug)]
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    served: Arc<AtomicU64>,
}

impl Upstream {
    /// How many requests with the token it has answered.
    pub(crate) fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }
}

pub(crate) async fn start() -> Result<Upstream> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let upstream = Upstream {
        address: listener.local_addr()?,
        served: Arc::default(),
    };
    let served = Arc::clone(&upstream.served);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&served)));
        }
    });
    Ok(upstream)
}

async fn serve(mut stream: TcpStream, served: Arc<AtomicU64>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nServer: upstream\r\nContent-Length: {}\r\n\r\n{ITEM}",
        ITEM.len()
    );
    let mut request = Vec::with_capacity(4096);
    loop {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
        // No request here has a body, nor does one come before the last was answered.
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        if !holds_token(&request) {
            return Ok(());
        }
        served.fetch_add(1, Ordering::Relaxed);
        request.clear();
        stream.write_all(answer.as_bytes()).await?;
    }
}

fn holds_token(request: &[u8]) -> bool {
    let token = TOKEN.trim_end().as_bytes();
    request.starts_with(b"GET /items/7 HTTP/1.1\r\n")
        && request
            .split(|byte| *byte == b'\n')
            .any(|line| line.trim_ascii_end().eq_ignore_ascii_case(token))
}

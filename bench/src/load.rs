//! The load: some connections, each of which asks, waits, and asks again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Result;

/// Nobody waits longer for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// One keep-alive connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// Where an answer's body begins, and how long it is.
struct Framing {
    head: usize,
    body: usize,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            stream,
            buffer: Vec::with_capacity(256 * 1024),
        })
    }

    /// One exchange, whose answer must be 200; the body is kept where `kept` is given.
    pub(crate) async fn exchange(
        &mut self,
        request: &[u8],
        kept: Option<&mut Vec<u8>>,
    ) -> Result<()> {
        match tokio::time::timeout(PATIENCE, self.exchanged(request, kept)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs()).into()),
        }
    }

    async fn exchanged(&mut self, request: &[u8], mut kept: Option<&mut Vec<u8>>) -> Result<()> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let framing = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the connection was closed before an answer".into());
            }
            if let Some(framing) = framing(&self.buffer)? {
                break framing;
            }
        };
        // The buffer keeps its room: a small one would make for many small reads.
        let (mut from, mut missing) = (framing.head, framing.body);
        loop {
            let piece = self.buffer.get(from..).unwrap_or_default();
            missing = missing
                .checked_sub(piece.len())
                .ok_or("more bytes than were announced")?;
            if let Some(kept) = kept.as_deref_mut() {
                kept.extend_from_slice(piece);
            }
            if missing == 0 {
                return Ok(());
            }
            self.buffer.clear();
            from = 0;
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the connection was closed within an answer".into());
            }
        }
    }
}

fn framing(buffer: &[u8]) -> Result<Option<Framing>> {
    let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
    if !head.starts_with("http/1.1 200 ") {
        let body = String::from_utf8_lossy(&buffer[end + 4..]).into_owned();
        return Err(format!("an answer that is not 200: {head}\n{body}").into());
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .ok_or("an answer without a length")?;
    Ok(Some(Framing {
        head: end + 4,
        body: length.trim().parse()?,
    }))
}

/// Connections that have each had one answer already.
pub(crate) async fn open(
    address: SocketAddr,
    request: &[u8],
    count: u16,
) -> Result<Vec<Connection>> {
    let mut connections = Vec::new();
    for _ in 0..count {
        let mut connection = Connection::open(address).await?;
        connection.exchange(request, None).await?;
        connections.push(connection);
    }
    Ok(connections)
}

/// Asks on all connections for so long. Gives them back, with how long each answer took, in microseconds.
pub(crate) async fn run(
    connections: Vec<Connection>,
    request: &Arc<[u8]>,
    time: Duration,
) -> Result<(Vec<Connection>, Vec<u32>)> {
    let end = Instant::now() + time;
    let mut tasks = JoinSet::new();
    for mut connection in connections {
        let request = Arc::clone(request);
        tasks.spawn(async move {
            let mut times = Vec::with_capacity(1 << 14);
            loop {
                let start = Instant::now();
                if start >= end {
                    return Ok((connection, times));
                }
                connection
                    .exchange(&request, None)
                    .await
                    .map_err(|error| error.to_string())?;
                times.push(u32::try_from(start.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
        });
    }
    let (mut connections, mut all) = (Vec::new(), Vec::new());
    while let Some(ended) = tasks.join_next().await {
        let ended: std::result::Result<(Connection, Vec<u32>), String> = ended?;
        let (connection, times) = ended?;
        connections.push(connection);
        all.extend(times);
    }
    Ok((connections, all))
}

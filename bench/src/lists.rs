//! `tools/list` of a thousand tools, and the same bytes as a file; and what such a gateway takes when nobody asks.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::contenders::post;
use crate::load::Connection;
use crate::measure::{Contender, rounds};
use crate::process::{Memory, Process, free_address};
use crate::tally::Tally;
use crate::{Options, Result, nginx};

pub(crate) const PLAIN: &str = "toolwright tools/list";
pub(crate) const PACKED: &str = "toolwright tools/list, gzip";
pub(crate) const FILE: &str = "nginx, the same as a file";
pub(crate) const PACKED_FILE: &str = "nginx, gzip file";

/// What a gateway with a thousand tools takes.
#[derive(Debug)]
pub(crate) struct Lists {
    pub(crate) tallies: Vec<Tally>,
    /// From the start of the process to its first answer.
    pub(crate) start: Duration,
    /// Its memory before anybody asks, and after all rounds.
    pub(crate) idle: Memory,
    pub(crate) used: Memory,
    /// The bytes of the list, plain and compressed.
    pub(crate) bytes: (usize, usize),
}

pub(crate) async fn lists(
    programs: &Path,
    folder: &Path,
    nginx: Option<&Path>,
    options: &Options,
) -> Result<Lists> {
    let gateway = gateway(programs, folder).await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let idle = gateway.memory()?;
    let (plain, packed) = (
        list(gateway.address, ""),
        list(gateway.address, "Accept-Encoding: gzip\r\n"),
    );
    let bytes = (
        kept(&gateway, &plain, &folder.join("list.json")).await?,
        kept(&gateway, &packed, &folder.join("list.json.gz")).await?,
    );
    // What a process uses is not told apart by request, so each kind of request has one of its own.
    let packing = self::gateway(programs, folder).await?;
    let mut servers = Vec::new();
    if let Some(program) = nginx {
        for path in ["/list.json", "/list.json.gz"] {
            servers
                .push(nginx::files(program, folder, path, &|address| file(address, path)).await?);
        }
    }
    let mut contenders = vec![
        Contender {
            name: PLAIN,
            request: plain,
            process: &gateway,
        },
        Contender {
            name: PACKED,
            request: list(packing.address, "Accept-Encoding: gzip\r\n"),
            process: &packing,
        },
    ];
    if let [plain, packed] = servers.as_slice() {
        contenders.push(Contender {
            name: FILE,
            request: file(plain.address, "/list.json"),
            process: plain,
        });
        contenders.push(Contender {
            name: PACKED_FILE,
            request: file(packed.address, "/list.json.gz"),
            process: packed,
        });
    }
    let tallies = rounds(contenders, None, options).await?;
    Ok(Lists {
        tallies,
        start: gateway.start,
        idle,
        used: gateway.memory()?,
        bytes,
    })
}

async fn gateway(programs: &Path, folder: &Path) -> Result<Process> {
    let address = free_address()?;
    let path = folder.join("many.yaml");
    // One page holds the whole list.
    let text = format!(
        "listen: {address}\ntools_page_bytes: 64MiB\nmcp_servers:\n  many:\n    url: http://127.0.0.1:9\n"
    );
    fs::write(&path, text)?;
    let mut command = Command::new(programs.join("bench-many"));
    command.arg("--config").arg(&path).env("RUST_LOG", "warn");
    let health = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n");
    Process::start(
        command,
        address,
        health.as_bytes(),
        &folder.join("many.log"),
    )
    .await
}

fn list(address: SocketAddr, headers: &str) -> Vec<u8> {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    post(address, "/many/mcp", headers, body)
}

fn file(address: SocketAddr, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
}

/// Keeps the body of an answer as a file; its length.
async fn kept(gateway: &Process, request: &[u8], path: &Path) -> Result<usize> {
    let mut body = Vec::new();
    let mut connection = Connection::open(gateway.address).await?;
    connection.exchange(request, Some(&mut body)).await?;
    fs::write(path, &body)?;
    Ok(body.len())
}

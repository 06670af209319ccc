//! `tools/call`, and the same exchange with the upstream through plain proxies.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use crate::measure::{Contender, rounds};
use crate::process::{Process, free_address};
use crate::tally::Tally;
use crate::upstream::{TOKEN, Upstream};
use crate::{Options, Result, nginx};

/// The gateway's own key, as callers have one.
const KEY: &str = "sk-of-the-benchmark";

/// The names under which results stand.
pub(crate) const GATEWAY: &str = "toolwright tools/call";
pub(crate) const LOGGING: &str = "  with its log of calls";
pub(crate) const BARE: &str = "bare axum + reqwest";
pub(crate) const NGINX: &str = "nginx";
pub(crate) const BESIDE: &str = "the other toolwright";

pub(crate) async fn hop(
    programs: &Path,
    folder: &Path,
    nginx: Option<&Path>,
    upstream: &Upstream,
    options: &Options,
) -> Result<Vec<Tally>> {
    let own = programs.join("toolwright");
    let quiet = gateway(&own, folder, "quiet", upstream, "warn").await?;
    let logging = gateway(&own, folder, "logging", upstream, "info").await?;
    let beside = match &options.beside {
        Some(program) => Some(gateway(program, folder, "beside", upstream, "warn").await?),
        None => None,
    };
    let bare = {
        let address = free_address()?;
        let mut command = Command::new(programs.join("bench-bare"));
        command
            .arg(address.to_string())
            .arg(format!("http://{}", upstream.address));
        Process::start(command, address, &get(address), &folder.join("bare.log")).await?
    };
    let nginx = match nginx {
        Some(program) => Some(nginx::proxy(program, folder, upstream.address, &get).await?),
        None => None,
    };
    let mut contenders = vec![
        Contender {
            name: GATEWAY,
            request: call(quiet.address),
            process: &quiet,
        },
        Contender {
            name: LOGGING,
            request: call(logging.address),
            process: &logging,
        },
        Contender {
            name: BARE,
            request: get(bare.address),
            process: &bare,
        },
    ];
    if let Some(beside) = &beside {
        contenders.push(Contender {
            name: BESIDE,
            request: call(beside.address),
            process: beside,
        });
    }
    if let Some(nginx) = &nginx {
        contenders.push(Contender {
            name: NGINX,
            request: get(nginx.address),
            process: nginx,
        });
    }
    rounds(contenders, Some(upstream), options).await
}

async fn gateway(
    program: &Path,
    folder: &Path,
    name: &str,
    upstream: &Upstream,
    level: &str,
) -> Result<Process> {
    let address = free_address()?;
    let file = folder.join(format!("hop-{name}.yaml"));
    let text = format!(
        "listen: {address}
general_settings:
  master_key: os.environ/BENCH_KEY
mcp_servers:
  data_api:
    url: http://{}
    extra_headers: [X-TOKEN]
    rate: off
",
        upstream.address
    );
    fs::write(&file, text)?;
    let mut command = Command::new(program);
    command.arg("--config").arg(&file);
    command.env("BENCH_KEY", KEY).env("RUST_LOG", level);
    let log = folder.join(format!("hop-{name}.log"));
    Process::start(command, address, &call(address), &log).await
}

/// What a client of the gateway sends.
fn call(address: SocketAddr) -> Vec<u8> {
    let body = r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_item","arguments":{"item_id":7}}}"#;
    post(
        address,
        "/data_api/mcp",
        &format!("x-litellm-api-key: Bearer {KEY}\r\n{TOKEN}"),
        body,
    )
}

/// A message to an endpoint of the gateway.
pub(crate) fn post(address: SocketAddr, path: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n{headers}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What the gateway sends to the upstream for it, which the proxies pass on.
fn get(address: SocketAddr) -> Vec<u8> {
    format!(
        "GET /items/7 HTTP/1.1\r\nHost: {address}\r\nAccept: application/json, */*;q=0.8\r\n\
         User-Agent: bench\r\n{TOKEN}\r\n"
    )
    .into_bytes()
}

//! nginx, as somebody would configure it who wants it fast.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::process::{Process, free_address};

/// The program, or why there is none.
pub(crate) fn find(path: &Path) -> std::result::Result<PathBuf, String> {
    // Debian puts it where only root looks.
    let places = [path.to_owned(), Path::new("/usr/sbin").join(path)];
    let works = |place: &&PathBuf| {
        Command::new(place)
            .arg("-v")
            .output()
            .is_ok_and(|done| done.status.success())
    };
    let found = places.iter().find(works);
    found
        .cloned()
        .ok_or_else(|| format!("`{}` cannot be run", path.display()))
}

/// A reverse proxy of `/items/`.
pub(crate) async fn proxy(
    program: &Path,
    folder: &Path,
    upstream: SocketAddr,
    request: &dyn Fn(SocketAddr) -> Vec<u8>,
) -> Result<Process> {
    let server = "
        location / {
            proxy_pass http://api;
            proxy_http_version 1.1;
            proxy_set_header Connection \"\";
        }";
    let upstream = format!(
        "upstream api {{ server {upstream}; keepalive 64; keepalive_requests 1000000000; }}"
    );
    start(program, folder, "proxy", &upstream, server, request).await
}

/// A server of the files in `folder`, `list.json` and `list.json.gz` as the same text compressed, of which `path` is asked
/// for.
pub(crate) async fn files(
    program: &Path,
    folder: &Path,
    path: &str,
    request: &dyn Fn(SocketAddr) -> Vec<u8>,
) -> Result<Process> {
    let root = folder.display();
    let server = format!(
        "
        root \"{root}\";
        open_file_cache max=16;
        location = /list.json.gz {{ add_header Content-Encoding gzip; }}"
    );
    let name = path.trim_start_matches('/');
    start(program, folder, name, "", &server, request).await
}

async fn start(
    program: &Path,
    folder: &Path,
    name: &str,
    upstream: &str,
    server: &str,
    request: &dyn Fn(SocketAddr) -> Vec<u8>,
) -> Result<Process> {
    let address = free_address()?;
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path \"{}/nginx-{kind}\";", folder.display()))
        .join("\n    ");
    let text = format!(
        "daemon off;
worker_processes auto;
user root;
pid \"{root}/nginx-{name}.pid\";
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    {temporary}
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    default_type application/json;
    {upstream}
    server {{
        listen {address};{server}
    }}
}}
",
        root = folder.display()
    );
    let file = folder.join(format!("nginx-{name}.conf"));
    fs::write(&file, text)?;
    let mut command = Command::new(program);
    command
        .arg("-e")
        .arg("stderr")
        .arg("-p")
        .arg(folder)
        .arg("-c")
        .arg(&file);
    Process::start(
        command,
        address,
        &request(address),
        &folder.join(format!("nginx-{name}.log")),
    )
    .await
}

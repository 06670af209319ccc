//! The configuration file: LiteLLM's shape, read strictly.
//!
//! Every mistake of a file is reported, each with its line and column; a file with a mistake starts nothing.

mod addressed;
mod credential;
mod expand;
mod headers;
mod icons;
mod jwt;
mod keep;
mod keys;
mod litellm;
mod matching;
mod mistake;
mod network;
mod oauth;
mod params;
mod purpose;
mod reader;
mod server;
mod stdio;
mod tls;
mod tool_names;
mod top;
mod units;
mod ways;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use toolwright_document::{Document, Limits};
use toolwright_runtime::{HeaderPolicy, OAuthOptions, Tls, Toolset};
use url::{Origin, Url};

pub use self::expand::Environment;
pub use self::icons::Icon;
pub use self::keep::Keep;
pub use self::mistake::{Mistake, Mistakes};
pub use self::network::address;
pub use self::purpose::Purpose;

use crate::access::{Keys, Rate};
use crate::jwt::Jwt;

/// A configuration without mistakes.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the counters are shown without a key, and then there alone.
    pub metrics_listen: Option<SocketAddr>,
    /// Who may call; without any everyone on this machine.
    pub keys: Arc<Keys>,
    /// The tokens with which callers may come as well.
    pub jwt: Option<Arc<Jwt>>,
    /// What stands between a server's name and a tool's name on `/mcp`.
    pub separator: String,
    /// Values of `Host` that are accepted.
    pub allowed_hosts: Vec<String>,
    /// Values of `Origin` that are accepted.
    pub allowed_origins: Vec<String>,
    /// Bounds of the listener.
    pub bounds: Bounds,
    /// The servers, in the order of the file.
    pub servers: Vec<ServerConfig>,
    /// The environment variables that it names, in the order of the file.
    pub variables: Vec<Variable>,
    /// What an operator should know although nothing is wrong.
    pub notes: Vec<String>,
}

/// An environment variable that a configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The server whose entry names it.
    pub server: Option<String>,
    /// Its name.
    pub name: String,
}

/// What the listener lets through at most.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Open connections.
    pub connections: usize,
    /// Bytes of one request's body.
    pub body_bytes: usize,
    /// Bytes of one page of `tools/list`.
    pub page_bytes: usize,
    /// How long a caller may take to send a body, or to read any of an answer.
    pub caller: Duration,
    /// How long calls in flight may go on once the process was asked to stop.
    pub drain: Duration,
}

/// One entry of `mcp_servers`.
#[derive(Debug)]
pub struct ServerConfig {
    /// Its name, which is also the first segment of its endpoint's path.
    pub name: String,
    /// The tools that it serves.
    pub toolset: &'static Toolset,
    /// The base address of the API.
    pub url: Url,
    /// Which headers travel, and who fills them.
    pub policy: HeaderPolicy,
    /// Whether it may do so although callers show their tokens in it.
    pub allow_passthrough: bool,
    /// Whether `Authorization` of a caller goes to the upstream, and so is not read as the gateway key.
    pub forwards_authorization: bool,
    /// Whether `auth_type` names a credential that is not in this file, so that callers alone can bring it.
    pub asks_callers: bool,
    /// Whether arguments of the wrong JSON type are converted where that loses nothing.
    pub coerce_arguments: bool,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long a call may take altogether.
    pub timeout: Duration,
    /// Bytes of an upstream's answer that are read.
    pub max_response_bytes: usize,
    /// Bytes of a call's arguments.
    pub max_arguments_bytes: usize,
    /// Calls at a time.
    pub max_concurrent_calls: usize,
    /// How often its tools may be called.
    pub rate: Option<Rate>,
    /// Where else requests may go: to operations with a server of their own there.
    pub egress: Vec<Origin>,
    /// The groups that it belongs to.
    pub access_groups: Vec<String>,
    /// By tool, the arguments that nobody may give.
    pub withheld: HashMap<&'static str, Vec<String>>,
    /// Where the API's tokens are made.
    pub oauth: Option<OAuthOptions>,
    /// Certificates for the way to the API.
    pub tls: Tls,
    /// Whether the API must have a public address.
    pub deny_private: bool,
    /// Whether callers may ask what becomes of their headers.
    pub debug_headers: bool,
    /// What the server is for, shown to clients.
    pub description: Option<String>,
    /// What a model should know before it uses the tools.
    pub instructions: Option<String>,
    /// The names of the tools that are served, if not all.
    pub allowed_tools: Option<Vec<String>>,
    /// The names of tools that are not served; stronger than `allowed_tools`.
    pub disallowed_tools: Vec<String>,
    /// The response headers that are passed on.
    pub keep: Keep,
    /// What is declared about answers.
    pub output: Output,
    /// How operations are offered.
    pub discovery: Discovery,
    /// Pictures of the server.
    pub icons: Vec<Icon>,
    /// What stands in for the caller's headers over stdio.
    pub stdio_headers: http::HeaderMap,
}

/// What a server declares about the answers of its tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// The description's schema; an answer that does not fit it is an error.
    Strict,
    /// The description's schema or anything else, which is marked.
    Checked,
    /// Nothing.
    Off,
}

/// How a server offers its operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discovery {
    /// Each as a tool.
    Full,
    /// By three tools: find, describe, call.
    Search,
}

impl ServerConfig {
    /// Whether a tool is served.
    pub fn serves(&self, tool: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == tool);
        !named(&self.disallowed_tools) && self.allowed_tools.as_deref().is_none_or(named)
    }
}

/// Reads a configuration to serve callers. `listen` stands in for the key of that name, as the command line's option does.
///
/// # Errors
/// All mistakes of the file at once.
pub fn read(
    file: &str,
    bytes: &[u8],
    environment: Environment<'_>,
    toolsets: &[&'static Toolset],
    listen: Option<SocketAddr>,
) -> Result<Config, Mistakes> {
    read_for(Purpose::Serve, file, bytes, environment, toolsets, listen)
}

/// [`read`] for another purpose. What is read for one must serve no other: its other values may be missing.
///
/// # Errors
/// All mistakes of the file at once.
pub fn read_for(
    purpose: Purpose<'_>,
    file: &str,
    bytes: &[u8],
    environment: Environment<'_>,
    toolsets: &[&'static Toolset],
    listen: Option<SocketAddr>,
) -> Result<Config, Mistakes> {
    let limits = Limits {
        max_bytes: 4 << 20,
        ..Limits::default()
    };
    let document = Document::parse(file, bytes, &limits).map_err(|error| Mistakes {
        file: file.to_owned(),
        list: vec![Mistake {
            position: error.position,
            key: String::new(),
            message: error.message,
            help: None,
        }],
    })?;
    let mut reader = reader::Reader::new(environment, purpose);
    for duplicate in document.duplicate_keys() {
        reader.mistakes.push(Mistake {
            position: Some(duplicate.second),
            key: mistake::path(duplicate.object),
            message: format!(
                "`{}` is written twice",
                toolwright_document::visible(duplicate.key)
            ),
            help: Some(format!("it stands first in line {}", duplicate.first.line)),
        });
    }
    let config = top::read(&mut reader, document.root(), toolsets, listen);
    match config {
        Some(config) if reader.mistakes.is_empty() => Ok(Config {
            notes: reader.notes,
            variables: reader.variables,
            ..config
        }),
        _ => {
            let mut list = reader.mistakes;
            list.sort_by_key(|mistake| mistake.position);
            Err(Mistakes {
                file: file.to_owned(),
                list,
            })
        }
    }
}

#[cfg(test)]
mod advice_tests;
#[cfg(test)]
mod tests;

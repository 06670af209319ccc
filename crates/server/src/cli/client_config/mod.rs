//! `toolwright client-config`: what to paste into a client, with the headers to fill in.

mod clients;

use std::path::Path;

use clap::ValueEnum;
use toolwright_runtime::Toolset;
use url::Url;

use super::{Common, End, load, out};
use crate::config::{Config, Purpose, ServerConfig};
use crate::gateway::{Gateway, Server};

/// A client whose configuration is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Client {
    /// Claude Desktop
    ClaudeDesktop,
    /// Claude Code
    ClaudeCode,
    /// Cursor
    Cursor,
    /// Visual Studio Code
    Vscode,
    /// MCP Inspector
    Inspector,
    /// Codex
    Codex,
}

/// How the client reaches the tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Transport {
    /// The gateway listens.
    Http,
    /// The client starts the gateway.
    Stdio,
}

/// One server as a client sees it.
struct Entry {
    name: String,
    url: Url,
    headers: Vec<Header>,
    /// The command of the stdio transport.
    command: Vec<String>,
    /// The environment variables that the command reads. Clients pass on none that they are not told.
    variables: Vec<String>,
}

/// A header to fill in.
struct Header {
    name: String,
    /// The variable that holds its value.
    variable: String,
    /// What stands before it.
    prefix: &'static str,
}

/// Prints the configuration; where it belongs, and what to know about it, goes to stderr, so that stdout can be piped.
///
/// No value is read: a client is seldom set up where the gateway has its secrets.
pub(super) fn run(
    common: &Common,
    toolsets: &'static [&'static Toolset],
    client: Client,
    transport: Transport,
    server: Option<&str>,
    url: Option<&str>,
) -> Result<(), End> {
    let config = load::config(common, toolsets, Purpose::Show)?;
    let base = base(&config, url)?;
    let written: Vec<Written> = config
        .servers
        .iter()
        .map(|it| Written::of(&config, it))
        .collect();
    let gateway = Gateway::new(config).map_err(End::Mistake)?;
    let mut entries = Vec::new();
    let mut remarks = Vec::new();
    for (found, written) in gateway.servers.iter().zip(written) {
        if server.is_some_and(|wanted| wanted != found.name) {
            continue;
        }
        remarks.extend(open_ended(found, transport));
        if transport == Transport::Stdio {
            remarks.extend(unfilled(found, &written));
        }
        entries.push(Entry {
            name: found.name.clone(),
            url: base
                .join(&format!("{}/mcp", found.name))
                .map_err(|error| End::Mistake(format!("{base}: {error}")))?,
            headers: headers(&gateway, found, written.asks_callers),
            command: command(common, found),
            variables: written.variables,
        });
    }
    if entries.is_empty() {
        let names: Vec<&str> = gateway.servers.iter().map(|it| it.name.as_str()).collect();
        return Err(End::Mistake(format!(
            "there is no server `{}`; there are: {}",
            server.unwrap_or_default(),
            names.join(", ")
        )));
    }
    if transport == Transport::Http && is_readable(&base) {
        remarks.push(format!(
            "{base} is not encrypted: keys and headers can be read on the way; --url https://… names an address with TLS"
        ));
    }
    out::complain(&format!("# {}", clients::place(client)));
    for remark in remarks {
        out::complain(&format!("# {remark}"));
    }
    out::say(&clients::text(client, transport, &entries));
    Ok(())
}

/// Where the client reaches the gateway: a URL whose path ends in `/`.
fn base(config: &Config, url: Option<&str>) -> Result<Url, End> {
    let text = match url {
        Some(url) => format!("{}/", url.trim_end_matches('/')),
        None => {
            let mut address = config.listen;
            if address.ip().is_unspecified() {
                address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
            }
            format!("http://{address}/")
        }
    };
    let base = Url::parse(&text).ok().filter(|base| {
        let is_bare = base.query().is_none() && base.fragment().is_none();
        matches!(base.scheme(), "http" | "https") && is_bare
    });
    base.ok_or_else(|| {
        let written = url.unwrap_or(&text);
        End::Mistake(format!("--url {written}: write https://HOST[:PORT][/PATH]"))
    })
}

/// Whether what is sent there crosses a network as it is.
fn is_readable(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && !is_local
}

fn headers(gateway: &Gateway, server: &Server, asks: bool) -> Vec<Header> {
    let key = gateway.private.then(|| Header {
        name: "x-litellm-api-key".to_owned(),
        variable: "TOOLWRIGHT_KEY".to_owned(),
        prefix: "Bearer ",
    });
    let credential = asks.then(|| Header {
        name: CREDENTIAL.to_owned(),
        variable: credential_variable(server),
        prefix: "",
    });
    let forwarded = forwarded(server).into_iter().map(|name| Header {
        variable: variable(&name),
        name,
        prefix: "",
    });
    key.into_iter().chain(credential).chain(forwarded).collect()
}

/// Where a caller's own credential for an API goes.
const CREDENTIAL: &str = "x-mcp-auth";

/// One for each server, so that none gets what is for another.
fn credential_variable(server: &Server) -> String {
    variable(&format!("{CREDENTIAL}-{}", server.name))
}

/// What is said about headers of which only the start is known.
fn open_ended(server: &Server, transport: Transport) -> Option<String> {
    let mut names = server.policy.forwarded_names();
    names.retain(|name| name.ends_with('*'));
    let place = match transport {
        Transport::Http => "add a header for each that you send",
        Transport::Stdio => "add each that is to reach the API to stdio_headers",
    };
    let names = names.join(", ");
    (!names.is_empty()).then(|| format!("{}: {names} travel as well; {place}", server.name))
}

/// The caller's headers that travel. A name that ends in a star stands for headers that only the reader knows.
fn forwarded(server: &Server) -> Vec<String> {
    let mut named = server.policy.forwarded_names();
    named.retain(|name| !name.ends_with('*'));
    named
}

fn variable(header: &str) -> String {
    header.to_ascii_uppercase().replace('-', "_")
}

/// What the file says of a server and the gateway has no use for.
struct Written {
    /// The environment variables that its entry names, each once.
    variables: Vec<String>,
    /// The names in `stdio_headers`.
    filled: Vec<String>,
    /// Whether callers alone can bring its credential.
    asks_callers: bool,
}

impl Written {
    fn of(config: &Config, server: &ServerConfig) -> Written {
        let mut variables: Vec<String> = Vec::new();
        for variable in &config.variables {
            if variable.server.as_ref() == Some(&server.name) && !variables.contains(&variable.name)
            {
                variables.push(variable.name.clone());
            }
        }
        let filled = server.stdio_headers.keys();
        Written {
            variables,
            filled: filled.map(|name| name.as_str().to_owned()).collect(),
            asks_callers: server.asks_callers,
        }
    }
}

/// Headers that callers send over HTTP and that nobody fills over stdio.
fn unfilled(server: &Server, written: &Written) -> Option<String> {
    let own = format!("x-mcp-{}-", server.name).to_ascii_lowercase();
    let is_filled = |name: &str| {
        written
            .filled
            .iter()
            .any(|other| other == name || other.strip_prefix(&own) == Some(name))
    };
    let credential = format!("{own}authorization");
    let is_open = written.asks_callers
        && ![CREDENTIAL, credential.as_str()]
            .iter()
            .any(|name| is_filled(name));
    let credential =
        is_open.then(|| format!("{CREDENTIAL}: os.environ/{}", credential_variable(server)));
    let missing = forwarded(server)
        .into_iter()
        .filter(|name| !is_filled(name))
        .map(|name| format!("{name}: os.environ/{}", variable(&name)));
    let missing: Vec<String> = credential.into_iter().chain(missing).collect();
    (!missing.is_empty()).then(|| {
        format!(
            "{}: there are no request headers over stdio; to have these reach the API, add stdio_headers: {{{}}}",
            server.name,
            missing.join(", ")
        )
    })
}

fn command(common: &Common, server: &Server) -> Vec<String> {
    let file = common.config.as_deref();
    let file = file.unwrap_or(Path::new(load::DEFAULT));
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let program = std::env::current_exe().map_or_else(
        |_| "toolwright".to_owned(),
        |path| path.display().to_string(),
    );
    vec![
        program,
        "--config".to_owned(),
        file.display().to_string(),
        "stdio".to_owned(),
        "--server".to_owned(),
        server.name.clone(),
    ]
}

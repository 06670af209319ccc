//! `toolwright client-config`: what to paste into a client, with the headers to fill in.

use clap::ValueEnum;
use toolwright_document::Json;
use toolwright_runtime::Toolset;

use super::{Common, End, load, out};
use crate::config::Config;
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
    url: String,
    /// Headers to fill in: name, variable, and what stands before its value.
    headers: Vec<(String, String, &'static str)>,
    /// The command of the stdio transport.
    command: Vec<String>,
}

/// Prints the configuration; where it belongs goes to stderr, so that stdout can be piped.
pub(super) fn run(
    common: &Common,
    toolsets: &'static [&'static Toolset],
    client: Client,
    transport: Transport,
    server: Option<&str>,
    url: Option<&str>,
) -> Result<(), End> {
    let config = load::config(common, toolsets)?;
    let base = base(&config, url);
    let gateway = Gateway::new(config).map_err(End::Mistake)?;
    let entries: Vec<Entry> = gateway
        .servers
        .iter()
        .filter(|found| server.is_none_or(|wanted| wanted == found.name))
        .map(|found| entry(&gateway, found, &base, common))
        .collect();
    if entries.is_empty() {
        let names: Vec<&str> = gateway.servers.iter().map(|it| it.name.as_str()).collect();
        return Err(End::Mistake(format!(
            "there is no server `{}`; there are: {}",
            server.unwrap_or_default(),
            names.join(", ")
        )));
    }
    out::complain(place(client, transport));
    out::say(&match client {
        Client::ClaudeDesktop => desktop(&entries, transport).pretty(),
        Client::Cursor => cursor(&entries, transport).pretty(),
        Client::Vscode => vscode(&entries, transport).pretty(),
        Client::ClaudeCode => each(&entries, |entry| claude_code(entry, transport)),
        Client::Inspector => each(&entries, |entry| inspector(entry, transport)),
        Client::Codex => each(&entries, |entry| codex(entry, transport)),
    });
    Ok(())
}

/// Where the client reaches the gateway.
fn base(config: &Config, url: Option<&str>) -> String {
    match url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => {
            let mut address = config.listen;
            if address.ip().is_unspecified() {
                address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
            }
            format!("http://{address}")
        }
    }
}

fn entry(gateway: &Gateway, server: &Server, base: &str, common: &Common) -> Entry {
    let mut headers = Vec::new();
    if gateway.private {
        let name = "x-litellm-api-key".to_owned();
        headers.push((name, "TOOLWRIGHT_KEY".to_owned(), "Bearer "));
    }
    // A name that ends in a star stands for headers that only the reader knows.
    let named = server.policy.forwarded_names();
    for name in named.into_iter().filter(|name| !name.ends_with('*')) {
        let variable = name.to_ascii_uppercase().replace('-', "_");
        headers.push((name, variable, ""));
    }
    let file = common
        .config
        .as_deref()
        .unwrap_or(std::path::Path::new(load::DEFAULT));
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let program = std::env::current_exe().map_or_else(
        |_| "toolwright".to_owned(),
        |path| path.display().to_string(),
    );
    let command = [
        program,
        "--config".to_owned(),
        file.display().to_string(),
        "stdio".to_owned(),
        "--server".to_owned(),
        server.name.clone(),
    ];
    Entry {
        name: server.name.clone(),
        url: format!("{base}/{}/mcp", server.name),
        headers,
        command: command.to_vec(),
    }
}

impl Entry {
    /// The variables of the stdio transport: the headers that reach the API, without the gateway's key.
    fn variables(&self) -> impl Iterator<Item = &str> {
        self.headers
            .iter()
            .filter(|(.., prefix)| prefix.is_empty())
            .map(|(_, variable, _)| variable.as_str())
    }

    fn stdio(&self) -> Json {
        let (program, arguments) = self
            .command
            .split_first()
            .map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let mut json = Json::object().with("command", program);
        json.insert("args", texts(arguments));
        let mut variables = Json::object();
        for variable in self.variables() {
            variables.insert(variable, format!("<{variable}>"));
        }
        json.insert("env", variables);
        json
    }
}

fn texts(texts: &[String]) -> Json {
    Json::Array(texts.iter().map(|text| Json::from(text.as_str())).collect())
}

fn each(entries: &[Entry], write: impl Fn(&Entry) -> String) -> String {
    entries.iter().map(write).collect::<Vec<_>>().join("\n")
}

fn place(client: Client, transport: Transport) -> &'static str {
    match (client, transport) {
        (Client::ClaudeDesktop, _) => {
            "# into claude_desktop_config.json (Settings, Developer, Edit Config)"
        }
        (Client::ClaudeCode, _) => "# run this",
        (Client::Cursor, _) => "# into .cursor/mcp.json",
        (Client::Vscode, _) => "# into .vscode/mcp.json",
        (Client::Inspector, _) => "# run this",
        (Client::Codex, _) => "# into ~/.codex/config.toml",
    }
}

/// Claude Desktop's file knows processes alone, so that HTTP goes through a bridge.
fn desktop(entries: &[Entry], transport: Transport) -> Json {
    let mut servers = Json::object();
    for entry in entries {
        let server = match transport {
            Transport::Stdio => entry.stdio(),
            Transport::Http => {
                let mut arguments = vec!["mcp-remote".to_owned(), entry.url.clone()];
                let mut variables = Json::object();
                for (name, variable, prefix) in &entry.headers {
                    arguments.push("--header".to_owned());
                    arguments.push(format!("{name}:${{{variable}}}"));
                    variables.insert(variable.as_str(), format!("{prefix}<{variable}>"));
                }
                let mut server = Json::object().with("command", "npx");
                server.insert("args", texts(&arguments));
                server.insert("env", variables);
                server
            }
        };
        servers.insert(entry.name.as_str(), server);
    }
    Json::object().with("mcpServers", servers)
}

fn cursor(entries: &[Entry], transport: Transport) -> Json {
    let mut servers = Json::object();
    for entry in entries {
        let server = match transport {
            Transport::Stdio => entry.stdio(),
            Transport::Http => {
                let mut headers = Json::object();
                for (name, variable, prefix) in &entry.headers {
                    headers.insert(name.as_str(), format!("{prefix}${{env:{variable}}}"));
                }
                let mut server = Json::object().with("url", entry.url.as_str());
                server.insert("headers", headers);
                server
            }
        };
        servers.insert(entry.name.as_str(), server);
    }
    Json::object().with("mcpServers", servers)
}

fn vscode(entries: &[Entry], transport: Transport) -> Json {
    let mut servers = Json::object();
    let mut inputs: Vec<Json> = Vec::new();
    let mut asked: Vec<String> = Vec::new();
    for entry in entries {
        let mut filled = Json::object();
        for (name, variable, prefix) in &entry.headers {
            let stdio = transport == Transport::Stdio;
            if stdio && !prefix.is_empty() {
                continue;
            }
            let id = variable.to_ascii_lowercase().replace('_', "-");
            let key = if stdio { variable } else { name };
            filled.insert(key.as_str(), format!("{prefix}${{input:{id}}}"));
            if !asked.contains(&id) {
                let input = Json::object()
                    .with("type", "promptString")
                    .with("id", id.as_str())
                    .with("description", name.as_str())
                    .with("password", true);
                inputs.push(input);
                asked.push(id);
            }
        }
        let server = match transport {
            Transport::Stdio => Json::object()
                .with("type", "stdio")
                .with(
                    "command",
                    entry.command.first().cloned().unwrap_or_default(),
                )
                .with("args", texts(entry.command.get(1..).unwrap_or_default()))
                .with("env", filled),
            Transport::Http => Json::object()
                .with("type", "http")
                .with("url", entry.url.as_str())
                .with("headers", filled),
        };
        servers.insert(entry.name.as_str(), server);
    }
    Json::object()
        .with("servers", servers)
        .with("inputs", Json::Array(inputs))
}

fn claude_code(entry: &Entry, transport: Transport) -> String {
    match transport {
        Transport::Http => {
            let mut line = format!(
                "claude mcp add --transport http {} {}",
                entry.name, entry.url
            );
            for (name, variable, prefix) in &entry.headers {
                line.push_str(&format!(" --header \"{name}: {prefix}${variable}\""));
            }
            line
        }
        Transport::Stdio => {
            let mut line = format!("claude mcp add {}", entry.name);
            for variable in entry.variables() {
                line.push_str(&format!(" --env {variable}=\"${variable}\""));
            }
            format!("{line} -- {}", shell(&entry.command))
        }
    }
}

fn inspector(entry: &Entry, transport: Transport) -> String {
    let start = "npx @modelcontextprotocol/inspector --cli";
    match transport {
        Transport::Http => {
            let mut line = format!("{start} {} --method tools/list", entry.url);
            for (name, variable, prefix) in &entry.headers {
                line.push_str(&format!(" --header \"{name}: {prefix}${variable}\""));
            }
            line
        }
        Transport::Stdio => format!("{start} --method tools/list -- {}", shell(&entry.command)),
    }
}

fn codex(entry: &Entry, transport: Transport) -> String {
    let mut text = format!("[mcp_servers.{}]\n", entry.name);
    match transport {
        Transport::Http => {
            text.push_str(&format!("url = {}\n", quoted(&entry.url)));
            // Headers come from variables as they are, so the key's variable holds no scheme.
            let pairs: Vec<String> = entry
                .headers
                .iter()
                .map(|(name, variable, _)| format!("{} = {}", quoted(name), quoted(variable)))
                .collect();
            if !pairs.is_empty() {
                text.push_str(&format!("env_http_headers = {{ {} }}\n", pairs.join(", ")));
            }
        }
        Transport::Stdio => {
            let (program, arguments) = entry.command.split_at(1.min(entry.command.len()));
            let quoted_all = |texts: &[String]| {
                texts
                    .iter()
                    .map(|text| quoted(text))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            text.push_str(&format!("command = {}\n", quoted_all(program)));
            text.push_str(&format!("args = [{}]\n", quoted_all(arguments)));
            let names: Vec<String> = entry.variables().map(quoted).collect();
            if !names.is_empty() {
                text.push_str(&format!("env_vars = [{}]\n", names.join(", ")));
            }
        }
    }
    text
}

/// A basic string of TOML, which JSON's strings are.
fn quoted(text: &str) -> String {
    crate::protocol::text::quoted(text)
}

/// Words as a POSIX shell reads them.
fn shell(words: &[String]) -> String {
    let word = |word: &String| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-:".contains(&byte);
        match !word.is_empty() && word.bytes().all(plain) {
            true => word.clone(),
            false => format!("'{}'", word.replace('\'', "'\\''")),
        }
    };
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

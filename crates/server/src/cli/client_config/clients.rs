//! What each client reads.

use toolwright_document::Json;

use super::{Client, Entry, Header, Transport};

/// Where the text of a client belongs.
pub(super) fn place(client: Client) -> &'static str {
    match client {
        Client::ClaudeDesktop => {
            "into claude_desktop_config.json (Settings, Developer, Edit Config)"
        }
        Client::Cursor => "into .cursor/mcp.json",
        Client::Vscode => "into .vscode/mcp.json",
        Client::Codex => "into ~/.codex/config.toml",
        Client::ClaudeCode | Client::Inspector => "run this",
    }
}

/// The text of a client.
pub(super) fn text(client: Client, transport: Transport, entries: &[Entry]) -> String {
    let each = |write: fn(&Entry, Transport) -> String| {
        let texts: Vec<String> = entries.iter().map(|it| write(it, transport)).collect();
        texts.join("\n")
    };
    match client {
        Client::ClaudeDesktop => servers(entries, |entry| desktop(entry, transport)).pretty(),
        Client::Cursor => servers(entries, |entry| cursor(entry, transport)).pretty(),
        Client::Vscode => vscode(entries, transport).pretty(),
        Client::ClaudeCode => each(claude_code),
        Client::Inspector => each(inspector),
        Client::Codex => each(codex),
    }
}

fn servers(entries: &[Entry], write: impl Fn(&Entry) -> Json) -> Json {
    let mut servers = Json::object();
    for entry in entries {
        servers.insert(entry.name.as_str(), write(entry));
    }
    Json::object().with("mcpServers", servers)
}

fn texts(texts: &[String]) -> Json {
    Json::Array(texts.iter().map(|text| Json::from(text.as_str())).collect())
}

/// The start of a process, with its variables as a client fills them in.
fn process(json: Json, entry: &Entry, fill: impl Fn(&str) -> String) -> Json {
    let (program, arguments) = entry.command.split_at(1.min(entry.command.len()));
    let mut variables = Json::object();
    for variable in &entry.variables {
        variables.insert(variable.as_str(), fill(variable));
    }
    json.with("command", program.concat())
        .with("args", texts(arguments))
        .with("env", variables)
}

/// Claude Desktop's file knows processes alone, so that HTTP goes through a bridge.
fn desktop(entry: &Entry, transport: Transport) -> Json {
    if transport == Transport::Stdio {
        return process(Json::object(), entry, |variable| format!("<{variable}>"));
    }
    let mut arguments = vec![
        "-y".to_owned(),
        "mcp-remote".to_owned(),
        entry.url.to_string(),
    ];
    if super::is_readable(&entry.url) {
        arguments.push("--allow-http".to_owned());
    }
    let mut variables = Json::object();
    for Header {
        name,
        variable,
        prefix,
    } in &entry.headers
    {
        arguments.push("--header".to_owned());
        // Without a space: on Windows an argument with one is split.
        arguments.push(format!("{name}:${{{variable}}}"));
        variables.insert(variable.as_str(), format!("{prefix}<{variable}>"));
    }
    Json::object()
        .with("command", "npx")
        .with("args", texts(&arguments))
        .with("env", variables)
}

fn cursor(entry: &Entry, transport: Transport) -> Json {
    if transport == Transport::Stdio {
        return process(Json::object(), entry, |variable| {
            format!("${{env:{variable}}}")
        });
    }
    let mut headers = Json::object();
    for Header {
        name,
        variable,
        prefix,
    } in &entry.headers
    {
        headers.insert(name.as_str(), format!("{prefix}${{env:{variable}}}"));
    }
    Json::object()
        .with("url", entry.url.as_str())
        .with("headers", headers)
}

/// Visual Studio Code asks for each value once and keeps it.
fn vscode(entries: &[Entry], transport: Transport) -> Json {
    let id = |variable: &str| variable.to_ascii_lowercase().replace('_', "-");
    let mut servers = Json::object();
    let mut asked: Vec<(String, &str)> = Vec::new();
    for entry in entries {
        let (server, used): (Json, Vec<(String, &str)>) = match transport {
            Transport::Stdio => {
                let start = Json::object().with("type", "stdio");
                let server = process(start, entry, |name| format!("${{input:{}}}", id(name)));
                let variables = entry.variables.iter();
                (
                    server,
                    variables.map(|name| (id(name), name.as_str())).collect(),
                )
            }
            Transport::Http => {
                let mut headers = Json::object();
                for Header {
                    name,
                    variable,
                    prefix,
                } in &entry.headers
                {
                    headers.insert(
                        name.as_str(),
                        format!("{prefix}${{input:{}}}", id(variable)),
                    );
                }
                let server = Json::object()
                    .with("type", "http")
                    .with("url", entry.url.as_str())
                    .with("headers", headers);
                let headers = entry.headers.iter();
                (
                    server,
                    headers
                        .map(|it| (id(&it.variable), it.name.as_str()))
                        .collect(),
                )
            }
        };
        servers.insert(entry.name.as_str(), server);
        for (id, description) in used {
            if !asked.iter().any(|(other, _)| *other == id) {
                asked.push((id, description));
            }
        }
    }
    let input = |(id, description): &(String, &str)| {
        Json::object()
            .with("type", "promptString")
            .with("id", id.as_str())
            .with("description", *description)
            .with("password", true)
    };
    Json::object()
        .with("servers", servers)
        .with("inputs", Json::Array(asked.iter().map(input).collect()))
}

fn claude_code(entry: &Entry, transport: Transport) -> String {
    let start = "claude mcp add";
    match transport {
        Transport::Http => {
            let line = format!("{start} --transport http {} {}", entry.name, entry.url);
            line + &header_options(entry)
        }
        Transport::Stdio => {
            let mut line = format!("{start} {}", entry.name);
            for variable in &entry.variables {
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
            let line = format!("{start} {} --method tools/list", entry.url);
            line + &header_options(entry)
        }
        Transport::Stdio => {
            let mut line = format!("{start} --method tools/list");
            for variable in &entry.variables {
                line.push_str(&format!(" -e {variable}=\"${variable}\""));
            }
            format!("{line} -- {}", shell(&entry.command))
        }
    }
}

fn header_options(entry: &Entry) -> String {
    let options = entry.headers.iter();
    options
        .map(
            |Header {
                 name,
                 variable,
                 prefix,
             }| { format!(" --header \"{name}: {prefix}${variable}\"") },
        )
        .collect()
}

fn codex(entry: &Entry, transport: Transport) -> String {
    let list = |texts: &[String]| {
        let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        quoted.join(", ")
    };
    let mut text = format!("[mcp_servers.{}]\n", entry.name);
    match transport {
        Transport::Http => {
            text.push_str(&format!("url = {}\n", quoted(entry.url.as_str())));
            // Headers come from variables as they are, so the key's variable holds no scheme.
            let pairs: Vec<String> = entry
                .headers
                .iter()
                .map(|it| format!("{} = {}", quoted(&it.name), quoted(&it.variable)))
                .collect();
            if !pairs.is_empty() {
                text.push_str(&format!("env_http_headers = {{ {} }}\n", pairs.join(", ")));
            }
        }
        Transport::Stdio => {
            let (program, arguments) = entry.command.split_at(1.min(entry.command.len()));
            text.push_str(&format!("command = {}\n", list(program)));
            text.push_str(&format!("args = [{}]\n", list(arguments)));
            if !entry.variables.is_empty() {
                text.push_str(&format!("env_vars = [{}]\n", list(&entry.variables)));
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

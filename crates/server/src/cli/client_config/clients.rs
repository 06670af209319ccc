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

/// Headers, with their values as a client fills them in.
fn headers(entry: &Entry, fill: impl Fn(&str) -> String) -> Json {
    let mut headers = Json::object();
    for it in &entry.headers {
        headers.insert(
            it.name.as_str(),
            format!("{}{}", it.prefix, fill(&it.variable)),
        );
    }
    headers
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
    let fill = |variable: &str| format!("${{env:{variable}}}");
    match transport {
        Transport::Stdio => process(Json::object(), entry, fill),
        Transport::Http => Json::object()
            .with("url", entry.url.as_str())
            .with("headers", headers(entry, fill)),
    }
}

/// Visual Studio Code asks for each value once and keeps it.
fn vscode(entries: &[Entry], transport: Transport) -> Json {
    let id = |variable: &str| variable.to_ascii_lowercase().replace('_', "-");
    let fill = |variable: &str| format!("${{input:{}}}", id(variable));
    let mut servers = Json::object();
    let mut asked: Vec<(String, &str)> = Vec::new();
    for entry in entries {
        let mut ask = |variable: &str, description| {
            let id = id(variable);
            if !asked.iter().any(|(other, _)| *other == id) {
                asked.push((id, description));
            }
        };
        let server = match transport {
            Transport::Stdio => {
                entry.variables.iter().for_each(|name| ask(name, name));
                process(Json::object().with("type", "stdio"), entry, fill)
            }
            Transport::Http => {
                entry
                    .headers
                    .iter()
                    .for_each(|it| ask(&it.variable, &it.name));
                Json::object()
                    .with("type", "http")
                    .with("url", entry.url.as_str())
                    .with("headers", headers(entry, fill))
            }
        };
        servers.insert(entry.name.as_str(), server);
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
            let line = format!("{start} {}", entry.name);
            line + &variable_options(entry, "--env") + " -- " + &shell(&entry.command)
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
            let line = format!("{start} --method tools/list");
            line + &variable_options(entry, "-e") + " -- " + &shell(&entry.command)
        }
    }
}

fn variable_options(entry: &Entry, option: &str) -> String {
    let variables = entry.variables.iter();
    variables
        .map(|variable| format!(" {option} {variable}=\"${variable}\""))
        .collect()
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

//! `toolwright check`.

use toolwright_runtime::Toolset;

use super::{Common, End, credentials, explain, load, out};
use crate::config::{Config, Purpose};
use crate::gateway::{Gateway, Server};

/// Reads the configuration and prints what it serves.
pub(super) fn run(
    common: &Common,
    toolsets: &'static [&'static Toolset],
    explained: Option<&str>,
) -> Result<(), End> {
    let config = load::config(common, toolsets, Purpose::Serve)?;
    let listen = config.listen;
    let who = who(&config);
    let gateway = Gateway::new(config).map_err(End::Mistake)?;
    if let Some(name) = explained {
        let server = gateway.servers.iter().find(|server| server.name == name);
        let Some(server) = server else {
            return Err(End::Mistake(format!(
                "there is no server `{name}` in the file"
            )));
        };
        out::say(&explain::text(server));
        return Ok(());
    }
    let mut text = String::new();
    for server in &gateway.servers {
        text.push_str(&about(server));
    }
    for note in &gateway.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    text.push_str(&format!("listens on {listen}; {who}"));
    out::say(&text);
    Ok(())
}

/// What callers have to bring.
fn who(config: &Config) -> String {
    let keys: Vec<&str> = config.keys.names().collect();
    let issuer = config.jwt.as_ref().map(|jwt| jwt.issuer.as_str());
    let keys = (!keys.is_empty()).then(|| keys.join(", "));
    match (keys, issuer) {
        (None, None) => "no gateway key, so only this machine can call".to_owned(),
        (Some(keys), None) => format!("callers need a gateway key: {keys}"),
        (None, Some(issuer)) => format!("callers need a token of {issuer}"),
        (Some(keys), Some(issuer)) => {
            format!("callers need a token of {issuer}, or a gateway key: {keys}")
        }
    }
}

/// The names of tools that are shown for one thing that they lack.
const FEW: usize = 5;

fn about(server: &Server) -> String {
    let list = |names: &[String]| {
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }
    };
    let mut hidden: Vec<String> = server
        .hidden
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    hidden.sort();
    hidden.dedup();
    let toolset = server.toolset;
    let credential = explain::credential(server);
    format!(
        "{name}\n  {title} {version}, from {source}\n  endpoint: /{name}/mcp\n  tools: {tools}\n  requests go to: {url}\n  \
         caller's headers passed on: {forwarded}\n  arguments hidden from the model: {hidden}\n  credential: {credential}\n{lacks}",
        name = server.name,
        title = toolset.title,
        version = toolset.version,
        source = toolset.source,
        tools = server.tools.len(),
        url = server.upstream.options().base,
        forwarded = list(&server.policy.forwarded_names()),
        hidden = list(&hidden),
        lacks = credentials::text(server, FEW),
    )
}

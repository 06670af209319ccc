//! `toolwright tools`.

use serde_json::{Value, json};
use toolwright_runtime::{Filled, Need, Tool, Toolset};

use super::{Common, End, load, out, scheme};
use crate::config::Purpose;
use crate::gateway::Gateway;
use crate::protocol::text::{compact, quoted};
use crate::protocol::version::Version;

/// Lists tools: those of the configuration, or without one all that are compiled in.
pub(super) fn run(
    common: &Common,
    toolsets: &'static [&'static Toolset],
    server: Option<&str>,
    json: bool,
) -> Result<(), End> {
    let entries = if load::exists(common) {
        configured(common, toolsets)?
    } else {
        compiled(toolsets)
    };
    let known: Vec<&str> = entries.iter().map(|entry| entry.server.as_str()).collect();
    if let Some(wanted) = server
        && !known.contains(&wanted)
    {
        let mut names = known;
        names.dedup();
        return Err(End::Mistake(format!(
            "there is no server `{wanted}`; there are: {}",
            names.join(", ")
        )));
    }
    let chosen: Vec<&Entry> = entries
        .iter()
        .filter(|entry| server.is_none_or(|wanted| wanted == entry.server))
        .collect();
    if json {
        let texts: Vec<String> = chosen.iter().map(|entry| entry.json()).collect();
        out::say(&format!("[{}]", texts.join(",\n")));
        return Ok(());
    }
    let width = chosen
        .iter()
        .map(|entry| entry.name.len())
        .max()
        .unwrap_or(0);
    let lines: Vec<String> = chosen
        .iter()
        .map(|entry| {
            let mut line = format!(
                "{:<12} {:<width$}  {}",
                entry.server, entry.name, entry.endpoint
            );
            if let Some(upstream) = &entry.upstream {
                line.push_str(&format!("  at {upstream}"));
            }
            line
        })
        .collect();
    out::say(&lines.join("\n"));
    Ok(())
}

/// One tool.
struct Entry {
    server: String,
    name: &'static str,
    endpoint: &'static str,
    /// The base URL of the API, where the configuration says which.
    upstream: Option<String>,
    /// What the API asks for.
    security: Value,
    /// As `tools/list` shows it.
    listed: String,
}

impl Entry {
    fn json(&self) -> String {
        let upstream = self.upstream.as_deref();
        format!(
            "{{\"server\":{},\"request\":{},\"upstream\":{},\"security\":{},\"tool\":{}}}",
            quoted(&self.server),
            quoted(self.endpoint),
            upstream.map_or_else(|| "null".to_owned(), quoted),
            self.security,
            compact(&self.listed)
        )
    }
}

fn configured(common: &Common, toolsets: &'static [&'static Toolset]) -> Result<Vec<Entry>, End> {
    let config = load::config(common, toolsets, Purpose::Serve)?;
    let gateway = Gateway::new(config).map_err(End::Mistake)?;
    let mut entries = Vec::new();
    for server in &gateway.servers {
        entries.extend(server.tools.iter().map(|served| Entry {
            server: server.name.clone(),
            name: served.tool.name,
            endpoint: served.tool.endpoint,
            upstream: Some(server.upstream.options().base.to_string()),
            security: security(served.tool, server.toolset, &served.needs.security.concat()),
            listed: served.listing.entry(
                served.tool.name,
                Version::V2025_11_25,
                server.icons.as_deref(),
                server.declares(),
            ),
        }));
    }
    Ok(entries)
}

fn compiled(toolsets: &'static [&'static Toolset]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for toolset in toolsets {
        for group in toolset.groups {
            let listed: Vec<&serde_json::value::RawValue> =
                serde_json::from_str(group.list).unwrap_or_default();
            let tools: &'static [Tool] = group.tools;
            entries.extend(tools.iter().zip(listed).map(|(tool, json)| Entry {
                server: toolset.name.to_owned(),
                name: tool.name,
                endpoint: tool.endpoint,
                upstream: None,
                security: security(tool, toolset, &[]),
                listed: json.get().to_owned(),
            }));
        }
    }
    entries
}

/// What the API asks for with a call: alternatives, each with the schemes that it takes together. `needs` says who fills
/// them, as far as that is configured and has to be.
fn security(tool: &Tool, toolset: &Toolset, needs: &[Need]) -> Value {
    let scheme = |name: &&str| {
        let known = toolset.security.iter().find(|own| own.name() == *name);
        let need = needs.iter().find(|need| need.name == *name);
        let filled = need.map(|need| match need.filled {
            Filled::Operator => "operator",
            Filled::Caller => "caller",
            Filled::Nobody => "nobody",
        });
        json!({"scheme": name, "kind": known.map(scheme::kind), "filled": filled})
    };
    let alternatives = tool.security.iter();
    alternatives
        .map(|names| names.iter().map(scheme).collect::<Value>())
        .collect()
}

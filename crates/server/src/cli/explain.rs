//! `toolwright check --explain SERVER`: who fills which header.

use toolwright_runtime::Tool;

use super::credentials;
use super::scheme::scheme;
use crate::gateway::{self, Server};

/// The table of one server. Names alone; no value is ever read for it.
pub(super) fn text(server: &Server) -> String {
    let mut text = format!(
        "{}: what goes to {} besides the arguments\n\n",
        server.name,
        server.upstream.options().base
    );
    let rows = server.policy.explain();
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    for row in &rows {
        let sources = row.sources.join(", else ");
        text.push_str(&format!("  {:width$}  {sources}\n", row.name));
    }
    if rows.is_empty() {
        text.push_str("  nothing\n");
    }
    text.push_str("\nhidden from the model\n\n");
    let mut hidden = false;
    for served in &server.tools {
        let tool = served.tool;
        let names = filled(server, tool);
        if !names.is_empty() {
            hidden = true;
            text.push_str(&format!("  {}: {}\n", tool.name, names.join(", ")));
        }
    }
    if !hidden {
        text.push_str("  nothing\n");
    }
    text.push_str(&format!(
        "\nrefused\n\n  Host, Content-*, Transfer-Encoding, TE, Trailer, Connection and what it names, Keep-Alive, Upgrade,\n  \
         Expect, Proxy-*, Accept-Encoding, Mcp-*, x-mcp-*, the gateway's key headers, and whatever holds the gateway's key\n\n\
         credential\n\n  {}",
        credential(server)
    ));
    let lacks = credentials::text(server, usize::MAX);
    if !lacks.is_empty() {
        text.push('\n');
        text.push_str(lacks.trim_end());
    }
    text
}

/// The arguments of a tool that somebody stronger fills, and the headers that are none.
fn filled(server: &Server, tool: &'static Tool) -> Vec<&'static str> {
    let own = tool.caller_headers.iter().map(|header| header.name);
    let placed = gateway::filled(&server.policy, tool);
    placed.map(|placed| placed.name).chain(own).collect()
}

/// What the API wants, and whether the operator gives it.
pub(super) fn credential(server: &Server) -> String {
    let schemes: Vec<String> = server.toolset.security.iter().map(scheme).collect();
    let wanted = schemes.join(" or ");
    match (server.policy.has_credential(), schemes.is_empty()) {
        (true, true) => "configured, although the API declares none".to_owned(),
        (true, false) => format!("configured; the API declares {wanted}"),
        (false, true) => "none, and the API declares none".to_owned(),
        (false, false) => {
            format!("none configured, so callers must bring it; the API declares {wanted}")
        }
    }
}

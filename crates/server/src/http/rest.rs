//! The tools for those who do not speak MCP: a list to GET, and an address for each tool to POST arguments to. The
//! result is what `tools/call` answers; keys, headers, checks and bounds are the same.

use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::answer;
use super::place::Place;
use crate::gateway::{Gateway, ServedTool, Server};
use crate::mcp::{self, Context};
use crate::protocol::text::quoted;
use crate::protocol::version::Version;

/// The tools of a server, or of all, in one piece.
pub(super) fn list(gateway: &Gateway, place: &Place<'_>, query: Option<&str>) -> Response {
    let wanted = match place {
        Place::Tools(server) => Some((*server).to_owned()),
        _ => query.and_then(server_id),
    };
    let single = matches!(place, Place::Tools(_));
    let mut entries = Vec::new();
    let mut known = false;
    for server in &gateway.servers {
        if wanted.as_ref().is_some_and(|wanted| *wanted != server.name) {
            continue;
        }
        known = true;
        entries.extend(
            server
                .tools
                .iter()
                .map(|served| entry(server, served, single)),
        );
    }
    if !known {
        return answer::refusal(StatusCode::NOT_FOUND, "there is no such server");
    }
    answer::text(
        StatusCode::OK,
        format!("{{\"tools\":[{}]}}", entries.join(",")),
    )
}

/// An entry under the tool's own name; with its server where the list is of several.
fn entry(server: &Server, served: &ServedTool, single: bool) -> String {
    let icons = server.icons.as_deref();
    let mut entry = served.listing.entry(
        served.tool.name,
        Version::V2026_07_28,
        icons,
        server.declares(),
    );
    if !single && entry.pop().is_some() {
        let name = quoted(&server.name);
        entry.push_str(&format!(",\"mcp_info\":{{\"server_name\":{name}}}}}"));
    }
    entry
}

/// `server_id` of a query; names of servers need no decoding.
fn server_id(query: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "server_id")
        .map(|(_, value)| value.into_owned())
}

/// LiteLLM's body of a call.
#[derive(Deserialize)]
struct Named<'a> {
    name: String,
    server_id: Option<String>,
    #[serde(borrow)]
    arguments: Option<&'a RawValue>,
}

/// Calls a tool. What the tool answers, errors included, is 200; what names no tool is not.
pub(super) async fn call(context: Context<'_>, place: &Place<'_>, body: &Bytes) -> Response {
    let Some(text) = mcp::readable(body) else {
        let message = "the body must be JSON of one reading, at most 128 levels deep and of at most 100,000 values";
        return answer::refusal(StatusCode::BAD_REQUEST, message);
    };
    let (server, name, arguments) = match place {
        Place::Tool(server, name) => {
            // Nothing at all stands for no arguments.
            let arguments = match text.trim_ascii() {
                "" => None,
                _ => match serde_json::from_str::<&RawValue>(text) {
                    Ok(arguments) => Some(arguments),
                    Err(error) => return malformed(&error),
                },
            };
            (Some((*server).to_owned()), (*name).to_owned(), arguments)
        }
        // Of a list the members would be taken by their places.
        _ if !text.trim_ascii_start().starts_with('{') => {
            return answer::refusal(StatusCode::BAD_REQUEST, "the body must be a JSON object");
        }
        _ => match serde_json::from_str::<Named<'_>>(text) {
            Ok(named) => (named.server_id, named.name, named.arguments),
            Err(error) => return malformed(&error),
        },
    };
    let Some((server, served)) = find(context, server.as_deref(), &name) else {
        return answer::refusal(StatusCode::NOT_FOUND, "there is no such tool");
    };
    match mcp::rest(context, server, served, arguments).await {
        Ok(result) => answer::text(StatusCode::OK, result),
        Err(refusal) => answer::refusal(StatusCode::INTERNAL_SERVER_ERROR, &refusal.message),
    }
}

fn malformed(error: &serde_json::Error) -> Response {
    answer::refusal(StatusCode::BAD_REQUEST, &format!("the body: {error}"))
}

/// A tool of a server; without a server by the name that it has on `/mcp`, or its own where only one server has it.
fn find<'g>(
    context: Context<'g>,
    server: Option<&str>,
    name: &str,
) -> Option<(&'g Server, &'g ServedTool)> {
    let servers = &context.gateway.servers;
    if let Some(wanted) = server {
        let server = servers.iter().find(|server| server.name == wanted)?;
        return Some((server, server.tool(name)?));
    }
    if let Some(crate::gateway::Found::Operation(server, served)) =
        context.gateway.all.find(servers, name)
    {
        return Some((server, served));
    }
    let mut found = servers
        .iter()
        .filter_map(|server| Some((server, server.tool(name)?)));
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

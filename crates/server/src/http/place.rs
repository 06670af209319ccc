//! The addresses: what stands at a path, and how it is asked.

use http::Method;
use percent_encoding::percent_decode_str;

use crate::gateway::{Endpoint, Gateway};

/// What a path stands for. Paths are compared as they were sent, so that one thing has one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'p> {
    /// `/mcp`
    All,
    /// `/mcp/{servers}`: some of them, with commas between their names.
    Some(&'p str),
    /// `/{server}/mcp`
    Server(&'p str),
    /// `/{server}/{tag}/mcp`: a group of its tools. The tag alone may be spelt with escapes, as it is any text.
    Tag(&'p str, &'p str),
    /// `/{server}/tools`
    Tools(&'p str),
    /// `/{server}/tools/{name}`
    Tool(&'p str, &'p str),
    /// `/mcp-rest/tools/list`, as LiteLLM has it.
    List,
    /// `/mcp-rest/tools/call`, as LiteLLM has it.
    Call,
    /// `/metrics`
    Metrics,
}

impl<'p> Place<'p> {
    /// Reads a path that matched a route.
    pub(super) fn of(path: &'p str) -> Place<'p> {
        let mut segments = path.strip_prefix('/').unwrap_or(path).splitn(3, '/');
        match (segments.next(), segments.next(), segments.next()) {
            (Some("metrics"), None, _) => Place::Metrics,
            (Some("mcp-rest"), Some("tools"), Some("list")) => Place::List,
            (Some("mcp-rest"), Some("tools"), Some("call")) => Place::Call,
            (Some("mcp"), Some(servers), None) => Place::Some(servers),
            (Some(server), Some("mcp"), None) => Place::Server(server),
            (Some(server), Some("tools"), None) => Place::Tools(server),
            (Some(server), Some("tools"), Some(name)) => Place::Tool(server, name),
            (Some(server), Some(tag), Some("mcp")) => Place::Tag(server, tag),
            _ => Place::All,
        }
    }

    /// The one method that is taken.
    pub(super) fn method(&self) -> Method {
        match self {
            Place::Tools(_) | Place::List | Place::Metrics => Method::GET,
            _ => Method::POST,
        }
    }

    /// The path of the endpoint that this belongs to, as tokens name it.
    pub(super) fn resource(&self) -> String {
        match self {
            Place::Server(server)
            | Place::Tag(server, _)
            | Place::Tools(server)
            | Place::Tool(server, _) => {
                format!("/{server}/mcp")
            }
            _ => "/mcp".to_owned(),
        }
    }

    /// Whose bounds and headers apply; `None` for a server or group that is not there.
    pub(super) fn endpoint<'g>(&self, gateway: &'g Gateway) -> Option<&'g Endpoint> {
        match self {
            Place::Server(server) | Place::Tools(server) | Place::Tool(server, _) => {
                gateway.own.get(*server)
            }
            Place::Tag(server, tag) => {
                let tag = percent_decode_str(tag).decode_utf8().ok()?;
                gateway.tagged.get(*server)?.get(tag.as_ref())
            }
            _ => Some(&gateway.all),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart() {
        for (path, place) in [
            ("/mcp", Place::All),
            ("/mcp/a,b", Place::Some("a,b")),
            ("/a/mcp", Place::Server("a")),
            ("/a/tools", Place::Tools("a")),
            ("/a/tools/b", Place::Tool("a", "b")),
            ("/a/b%20c/mcp", Place::Tag("a", "b%20c")),
            ("/mcp-rest/tools/list", Place::List),
            ("/mcp-rest/tools/call", Place::Call),
            ("/metrics", Place::Metrics),
            ("//mcp", Place::Server("")),
        ] {
            assert_eq!(Place::of(path), place, "{path}");
        }
    }
}

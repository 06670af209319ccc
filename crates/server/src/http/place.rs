//! The addresses: what stands at a path, and how it is asked.

use http::Method;
use percent_encoding::percent_decode_str;

use crate::gateway::{Endpoint, Gateway};

/// What is known about tokens stands here (RFC 9728 §3.1): of the gateway as a whole, or of the endpoint whose path follows.
pub(super) const METADATA: &str = "/.well-known/oauth-protected-resource";

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
    /// `/healthz`
    Health,
    /// `/.well-known/oauth-protected-resource`, and the path of a resource after it.
    Metadata(&'p str),
}

impl<'p> Place<'p> {
    /// What stands at a path; `None` where nothing does.
    pub(super) fn of(path: &'p str) -> Option<Place<'p>> {
        if let Some(resource) = path.strip_prefix(METADATA) {
            return (resource.is_empty() || resource.starts_with('/'))
                .then_some(Place::Metadata(resource));
        }
        // One segment more than any place has, to see that there is none.
        let mut segments = path.strip_prefix('/')?.splitn(4, '/');
        let [first, second, third, fourth] = std::array::from_fn(|_| segments.next());
        if fourth.is_some() || [first, second, third].contains(&Some("")) {
            return None;
        }
        Some(match (first?, second, third) {
            ("mcp", None, _) => Place::All,
            ("metrics", None, _) => Place::Metrics,
            ("healthz", None, _) => Place::Health,
            ("mcp-rest", Some("tools"), Some("list")) => Place::List,
            ("mcp-rest", Some("tools"), Some("call")) => Place::Call,
            ("mcp", Some(servers), None) => Place::Some(servers),
            (server, Some("mcp"), None) => Place::Server(server),
            (server, Some("tools"), None) => Place::Tools(server),
            (server, Some("tools"), Some(name)) => Place::Tool(server, name),
            (server, Some(tag), Some("mcp")) => Place::Tag(server, tag),
            _ => return None,
        })
    }

    /// The one method that is taken.
    pub(super) fn method(&self) -> Method {
        match self {
            Place::Tools(_) | Place::List | Place::Metrics | Place::Health | Place::Metadata(_) => {
                Method::GET
            }
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
            ("/healthz", Place::Health),
            ("/metrics/mcp", Place::Server("metrics")),
            ("/mcp/tools/mcp", Place::Tool("mcp", "mcp")),
            ("/.well-known/oauth-protected-resource", Place::Metadata("")),
            (
                "/.well-known/oauth-protected-resource/a/mcp",
                Place::Metadata("/a/mcp"),
            ),
        ] {
            assert_eq!(Place::of(path), Some(place), "{path}");
        }
        for nothing in [
            "",
            "*",
            "/",
            "mcp",
            "//mcp",
            "/mcp/",
            "/a",
            "/a/",
            "/a/mcp/",
            "/a//mcp",
            "/a/tools/",
            "/a/tools/b/c",
            "/a/b/mcp/c",
            "/Mcp",
            "/m%63p",
            "/healthz/",
            "/.well-known/oauth-protected-resources",
        ] {
            assert_eq!(Place::of(nothing), None, "{nothing}");
        }
    }
}

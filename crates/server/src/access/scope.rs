//! What a caller may use.

use std::collections::HashMap;

use toolwright_runtime::Tool;

use super::pattern::Pattern;

/// Servers, tools and methods, in one or several parts that add up. What no part names is not allowed.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    /// By name of a server the tools of it, `None` for all; `None` for all servers.
    servers: Option<HashMap<String, Option<Vec<Pattern>>>>,
    read_only: bool,
}

impl Scope {
    /// Every server and every tool.
    pub fn everything() -> Scope {
        let part = Part {
            servers: None,
            read_only: false,
        };
        Scope { parts: vec![part] }
    }

    /// These servers, each with the tools that may be called, or with `None` for all.
    pub fn new(servers: HashMap<String, Option<Vec<Pattern>>>, read_only: bool) -> Scope {
        let part = Part {
            servers: Some(servers),
            read_only,
        };
        Scope { parts: vec![part] }
    }

    /// What any of several allows.
    pub fn together<'s>(scopes: impl Iterator<Item = &'s Scope>) -> Scope {
        let parts = scopes.flat_map(|scope| scope.parts.iter().cloned());
        Scope {
            parts: parts.collect(),
        }
    }

    /// Whether something is out of reach.
    pub fn is_restricted(&self) -> bool {
        let restricts = |part: &Part| part.servers.is_some() || part.read_only;
        self.parts.iter().all(restricts)
    }

    /// Whether a server may be used at all.
    pub fn allows_server(&self, server: &str) -> bool {
        self.parts.iter().any(|part| {
            let servers = part.servers.as_ref();
            servers.is_none_or(|servers| servers.contains_key(server))
        })
    }

    /// Whether a tool of a server may be called.
    pub fn allows(&self, server: &str, tool: &Tool) -> bool {
        self.parts.iter().any(|part| part.allows(server, tool))
    }
}

impl Part {
    fn allows(&self, server: &str, tool: &Tool) -> bool {
        if self.read_only && !matches!(tool.method(), "GET" | "HEAD") {
            return false;
        }
        match &self.servers {
            None => true,
            Some(servers) => match servers.get(server) {
                None => false,
                Some(None) => true,
                Some(Some(patterns)) => patterns.iter().any(|pattern| pattern.fits(tool.name)),
            },
        }
    }
}

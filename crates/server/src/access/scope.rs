//! What a caller may use.

use std::collections::HashMap;

use toolwright_runtime::Tool;

use super::pattern::Pattern;

/// Servers, tools and methods. What is not named is not allowed.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// By name of a server the tools of it, `None` for all; `None` for all servers.
    servers: Option<HashMap<String, Option<Vec<Pattern>>>>,
    read_only: bool,
}

impl Scope {
    /// Every server and every tool.
    pub fn everything() -> Scope {
        Scope {
            servers: None,
            read_only: false,
        }
    }

    /// These servers, each with the tools that may be called, or with `None` for all.
    pub fn new(servers: HashMap<String, Option<Vec<Pattern>>>, read_only: bool) -> Scope {
        Scope {
            servers: Some(servers),
            read_only,
        }
    }

    /// Whether something is out of reach.
    pub fn is_restricted(&self) -> bool {
        self.servers.is_some() || self.read_only
    }

    /// Whether a server may be used at all.
    pub fn allows_server(&self, server: &str) -> bool {
        let servers = self.servers.as_ref();
        servers.is_none_or(|servers| servers.contains_key(server))
    }

    /// Whether a tool of a server may be called.
    pub fn allows(&self, server: &str, tool: &Tool) -> bool {
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

//! One MCP endpoint: the tools behind it, by every name that it accepts.

use std::collections::HashMap;
use std::sync::OnceLock;

use bytes::Bytes;

use super::pages::Pages;
use super::server::{ServedTool, Server};
use crate::mcp::reply::quoted;
use crate::mcp::version::Version;

/// How long clients may keep a list: it changes only with the process.
const LIST_LIFETIME_MS: u32 = 3_600_000;

/// An endpoint, with what it answers without doing anything.
#[derive(Debug)]
pub struct Endpoint {
    /// The servers behind it (indices of the gateway's).
    pub servers: Vec<usize>,
    /// The most bytes of a body.
    pub body_bytes: usize,
    /// Whether `Authorization` belongs to an upstream and not to the gateway.
    pub forwards_authorization: bool,
    /// `serverInfo` as JSON text.
    info: String,
    instructions: Option<String>,
    private: bool,
    page_bytes: usize,
    order: Vec<(String, Place)>,
    names: HashMap<String, Place>,
    lists: [OnceLock<Pages>; 4],
}

/// Where a tool is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    server: usize,
    tool: usize,
}

/// What an endpoint is made of.
#[derive(Debug)]
pub struct Plan {
    /// The servers behind it.
    pub servers: Vec<usize>,
    /// Whether names are listed without their server.
    pub bare: bool,
    /// `serverInfo` as JSON text.
    pub info: String,
    /// What a model should know first.
    pub instructions: Option<String>,
    /// Whether a key is needed to see it.
    pub private: bool,
    /// The most bytes of a page of the list.
    pub page_bytes: usize,
    /// The most bytes of a body.
    pub body_bytes: usize,
}

impl Endpoint {
    /// # Errors
    /// Where two tools would have one name.
    pub fn new(plan: Plan, servers: &[Server], separator: &str) -> Result<Endpoint, String> {
        let mut endpoint = Endpoint {
            body_bytes: plan.body_bytes,
            forwards_authorization: false,
            info: plan.info,
            instructions: plan.instructions,
            private: plan.private,
            page_bytes: plan.page_bytes,
            order: Vec::new(),
            names: HashMap::new(),
            lists: [const { OnceLock::new() }; 4],
            servers: plan.servers,
        };
        for (index, server) in servers.iter().enumerate() {
            if !endpoint.servers.contains(&index) {
                continue;
            }
            endpoint.forwards_authorization |= server.forwards_authorization;
            for (tool_index, served) in server.tools.iter().enumerate() {
                let place = Place {
                    server: index,
                    tool: tool_index,
                };
                let bare = served.tool.name.to_owned();
                let full = format!("{}{separator}{bare}", server.name);
                let listed = if plan.bare { &bare } else { &full };
                endpoint.order.push((listed.clone(), place));
                if plan.bare {
                    endpoint.add(bare, place)?;
                }
                endpoint.add(full, place)?;
            }
        }
        Ok(endpoint)
    }

    fn add(&mut self, name: String, place: Place) -> Result<(), String> {
        match self.names.get(&name) {
            Some(other) if *other != place => Err(format!(
                "two tools would be called `{name}`; rename a server or change tool_name_separator"
            )),
            _ => {
                self.names.insert(name, place);
                Ok(())
            }
        }
    }

    /// The tool of a name.
    pub fn find<'s>(
        &self,
        servers: &'s [Server],
        name: &str,
    ) -> Option<(&'s Server, &'s ServedTool)> {
        let place = self.names.get(name)?;
        let server = servers.get(place.server)?;
        Some((server, server.tools.get(place.tool)?))
    }

    /// The names that are listed, in order.
    pub fn listed(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(|(name, _)| name.as_str())
    }

    /// The result of `tools/list`; `None` for a cursor that was never given out.
    pub fn list(
        &self,
        servers: &[Server],
        version: Version,
        cursor: Option<&str>,
    ) -> Option<Bytes> {
        let slot = match version {
            Version::V2025_03_26 => 0,
            Version::V2025_06_18 => 1,
            Version::V2025_11_25 => 2,
            Version::V2026_07_28 => 3,
        };
        let pages = self.lists[slot].get_or_init(|| {
            let entries: Vec<String> = self
                .order
                .iter()
                .filter_map(|(name, place)| {
                    let tool = servers.get(place.server)?.tools.get(place.tool)?;
                    Some(tool.listing.entry(name, version))
                })
                .collect();
            let members = if version.is_modern() {
                format!(",{}{}", self.cache_hints(), self.modern_tail())
            } else {
                String::new()
            };
            Pages::new(&entries, self.page_bytes, &members)
        });
        pages.page(cursor)
    }

    /// The result of `initialize`.
    pub fn initialize(&self, version: Version) -> String {
        let mut result = format!(
            "{{\"protocolVersion\":\"{}\",\"capabilities\":{{\"tools\":{{}}}},\"serverInfo\":{}",
            version.as_str(),
            self.info
        );
        self.push_instructions(&mut result);
        result.push('}');
        result
    }

    /// The result of `server/discover`.
    pub fn discover(&self) -> String {
        let versions: Vec<String> = Version::ALL
            .iter()
            .map(|version| quoted(version.as_str()))
            .collect();
        let mut result = format!(
            "{{\"supportedVersions\":[{}],\"capabilities\":{{\"tools\":{{}}}},{}",
            versions.join(","),
            self.cache_hints()
        );
        self.push_instructions(&mut result);
        result.push_str(&self.modern_tail());
        result.push('}');
        result
    }

    fn push_instructions(&self, result: &mut String) {
        if let Some(instructions) = &self.instructions {
            result.push_str(&format!(",\"instructions\":{}", quoted(instructions)));
        }
    }

    fn cache_hints(&self) -> String {
        let scope = if self.private { "private" } else { "public" };
        format!("\"ttlMs\":{LIST_LIFETIME_MS},\"cacheScope\":\"{scope}\"")
    }

    fn modern_tail(&self) -> String {
        format!(
            ",\"resultType\":\"complete\",\"_meta\":{{{}}}",
            self.result_meta()
        )
    }

    /// The members of `_meta` that every result since 2026-07-28 carries.
    pub fn result_meta(&self) -> String {
        format!("\"io.modelcontextprotocol/serverInfo\":{}", self.info)
    }
}

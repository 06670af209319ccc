//! One MCP endpoint: the tools behind it, by every name that it accepts.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::discovery::Meta;
use super::names::fitting;
use super::pages::{Page, Pages};
use super::server::{ServedTool, Server};
use crate::about;
use crate::config::Discovery;
use crate::protocol::text::quoted;
use crate::protocol::version::Version;

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
    /// `serverInfo` as JSON text, without its end.
    info: String,
    /// What the binary and its toolsets were built from, as members of `_meta`.
    build: String,
    /// Icons as a JSON list.
    icons: Option<String>,
    instructions: Option<String>,
    private: bool,
    page_bytes: usize,
    order: Vec<(String, Place)>,
    names: HashMap<String, Place>,
    lists: [OnceLock<Pages>; 4],
}

/// Where a tool is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// An operation: numbers of the server and the tool.
    Operation(usize, usize),
    /// A way to operations that are not listed: number of the server.
    Meta(usize, Meta),
}

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub enum Found<'s> {
    /// An operation of a server.
    Operation(&'s Server, &'s ServedTool),
    /// A way to operations that are not listed.
    Meta(&'s Server, Meta),
}

/// What an endpoint is made of.
#[derive(Debug)]
pub struct Plan {
    /// The servers behind it.
    pub servers: Vec<usize>,
    /// Whether names are listed without their server.
    pub bare: bool,
    /// The group whose tools alone are there, listed one by one however the server is offered.
    pub tag: Option<&'static str>,
    /// `serverInfo` as JSON text, without its closing brace.
    pub info: String,
    /// Icons as a JSON list.
    pub icons: Option<String>,
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
            build: build(&plan.servers, servers),
            icons: plan.icons,
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
            let listed = |name: &str| match plan.bare {
                true => name.to_owned(),
                false => fitting(&format!("{}{separator}{name}", server.name)),
            };
            let search = server.discovery == Discovery::Search && plan.tag.is_none();
            if search {
                for meta in Meta::ALL {
                    let place = Place::Meta(index, meta);
                    endpoint.list_as(listed(meta.name()), place)?;
                }
            }
            for (tool_index, served) in server.tools.iter().enumerate() {
                if plan.tag.is_some_and(|tag| tag != served.tag) {
                    continue;
                }
                let place = Place::Operation(index, tool_index);
                let bare = served.tool.name;
                let full = format!("{}{separator}{bare}", server.name);
                if search {
                    // Reached by the three tools; a name of theirs goes first.
                    let _ = endpoint.add(listed(bare), place);
                    continue;
                }
                endpoint.list_as(listed(bare), place)?;
                endpoint.add(full, place)?;
            }
        }
        Ok(endpoint)
    }

    fn list_as(&mut self, name: String, place: Place) -> Result<(), String> {
        self.order.push((name.clone(), place));
        self.add(name, place)
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

    /// What a name stands for.
    pub fn find<'s>(&self, servers: &'s [Server], name: &str) -> Option<Found<'s>> {
        match *self.names.get(name)? {
            Place::Operation(server, tool) => {
                let server = servers.get(server)?;
                Some(Found::Operation(server, server.tools.get(tool)?))
            }
            Place::Meta(server, meta) => Some(Found::Meta(servers.get(server)?, meta)),
        }
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
    ) -> Option<&Page> {
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
                .filter_map(|(name, place)| match *place {
                    Place::Operation(server, tool) => {
                        let server = servers.get(server)?;
                        let listing = &server.tools.get(tool)?.listing;
                        let declares = server.declares();
                        Some(listing.entry(name, version, server.icons.as_deref(), declares))
                    }
                    Place::Meta(server, meta) => {
                        Some(meta.entry(name, servers.get(server)?, version))
                    }
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
            self.info(version)
        );
        self.push_instructions(&mut result);
        result.push_str(&format!(",\"_meta\":{{{}}}}}", self.build));
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
        let info = self.info(Version::V2026_07_28);
        result.push_str(&format!(
            ",\"resultType\":\"complete\",\"_meta\":{{\"io.modelcontextprotocol/serverInfo\":{info},{}}}}}",
            self.build
        ));
        result
    }

    /// `serverInfo` as a version knows it.
    fn info(&self, version: Version) -> String {
        match &self.icons {
            Some(icons) if version.has_icons() => format!("{},\"icons\":{icons}}}", self.info),
            _ => format!("{}}}", self.info),
        }
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

    /// The members of `_meta` that every result since 2026-07-28 carries: without icons, which `server/discover` has.
    pub fn result_meta(&self) -> String {
        format!("\"io.modelcontextprotocol/serverInfo\":{}}}", self.info)
    }
}

/// `"toolwright/build":{…}` with the toolsets of these servers.
fn build(chosen: &[usize], servers: &[Server]) -> String {
    let toolsets: Vec<_> = chosen
        .iter()
        .filter_map(|index| servers.get(*index))
        .map(|server| server.toolset)
        .collect();
    format!(
        "\"toolwright/build\":{{{}}}",
        about::members(&toolsets, false)
    )
}

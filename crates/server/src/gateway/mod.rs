//! Everything that a request may reach: servers, their tools, and the endpoints in front of them.

mod counters;
pub mod discovery;
mod endpoint;
mod listing;
mod names;
mod output;
mod pages;
mod search;
mod server;

use std::collections::HashMap;
use std::sync::Arc;

pub use self::counters::{Called, Counters};
pub use self::endpoint::{Endpoint, Found};
pub use self::listing::Listing;
pub use self::output::{Declared, UNDESCRIBED};
pub use self::pages::Page;
pub use self::search::Index;
pub use self::server::{ServedTool, Server, filled};

use self::endpoint::Plan;
use crate::about;
use crate::access::{Keys, View};
use crate::config::{Config, ServerConfig};
use crate::jwt::Jwt;
use crate::protocol::text::quoted;

/// The most characters of a description that go into `instructions`.
const MAX_INSTRUCTIONS: usize = 4000;

/// The servers and endpoints of one configuration. Nothing in it changes once it stands.
#[derive(Debug)]
pub struct Gateway {
    /// The servers, in the order of the configuration.
    pub servers: Vec<Server>,
    /// `/mcp`.
    pub all: Endpoint,
    /// `/{server}/mcp`.
    pub own: HashMap<String, Endpoint>,
    /// `/{server}/{tag}/mcp`, by server and tag.
    pub tagged: HashMap<String, HashMap<&'static str, Endpoint>>,
    /// Whether a key is needed to see anything.
    pub private: bool,
    /// The groups that servers belong to: their numbers by the group's name.
    pub groups: HashMap<String, Vec<usize>>,
    /// What an operator should know.
    pub notes: Vec<String>,
    texts: Vec<Texts>,
    settings: Settings,
}

/// What endpoints have in common.
#[derive(Clone, Debug)]
struct Settings {
    separator: String,
    page_bytes: usize,
    body_bytes: usize,
    keys: Arc<Keys>,
    jwt: Option<Arc<Jwt>>,
}

impl Gateway {
    /// # Errors
    /// Where a server cannot be set up, or two tools would share a name.
    pub fn new(config: Config) -> Result<Gateway, String> {
        let settings = Settings {
            separator: config.separator,
            page_bytes: config.bounds.page_bytes,
            body_bytes: config.bounds.body_bytes,
            keys: Arc::clone(&config.keys),
            jwt: config.jwt.clone(),
        };
        let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, server) in config.servers.iter().enumerate() {
            for group in &server.access_groups {
                groups.entry(group.clone()).or_default().push(index);
            }
        }
        let private = !config.keys.is_empty() || config.jwt.is_some();
        let texts: Vec<Texts> = config.servers.iter().map(Texts::new).collect();
        let servers = config
            .servers
            .into_iter()
            .map(|server| {
                let name = server.name.clone();
                Server::new(server).map_err(|problem| format!("mcp_servers.{name}: {problem}"))
            })
            .collect::<Result<Vec<Server>, String>>()?;
        let mut gateway = Gateway::assemble(servers, texts, settings, private)?;
        gateway.groups = groups;
        gateway.notes = config.notes;
        gateway.notes.extend(lacks(&gateway.servers));
        Ok(gateway)
    }

    /// The keys to this gateway, none of which goes on.
    pub fn keys(&self) -> &Keys {
        &self.settings.keys
    }

    /// Whether a text is a token of a caller of this gateway, which goes on as little.
    pub fn is_token(&self, text: &str) -> bool {
        let jwt = self.settings.jwt.as_ref();
        jwt.is_some_and(|jwt| jwt.is_own(text))
    }

    /// What is left of this gateway for someone who sees only some of its tools. Everything that runs is shared.
    ///
    /// # Errors
    /// Never where the whole could be set up; the sentence of [`Gateway::new`].
    pub fn part(&self, view: &View<'_>) -> Result<Gateway, String> {
        let seen = self.servers.iter().zip(&self.texts).enumerate();
        let (servers, texts) = seen
            .filter(|(index, (server, _))| view.shows_server(*index, &server.name))
            .map(|(index, (server, texts))| {
                let part = server.part(&|tool| view.shows(index, &server.name, tool));
                (part, texts.clone())
            })
            .unzip();
        Gateway::assemble(servers, texts, self.settings.clone(), true)
    }

    fn assemble(
        servers: Vec<Server>,
        texts: Vec<Texts>,
        settings: Settings,
        private: bool,
    ) -> Result<Gateway, String> {
        let (page_bytes, body_bytes) = (settings.page_bytes, settings.body_bytes);
        let separator = &settings.separator;
        let (mut own, mut tagged) = (HashMap::new(), HashMap::new());
        for (index, texts) in texts.iter().enumerate() {
            let plan = |tag| Plan {
                servers: vec![index],
                bare: true,
                tag,
                info: texts.info.clone(),
                icons: texts.icons.clone(),
                instructions: texts.instructions.clone(),
                private,
                page_bytes,
                body_bytes,
            };
            let mut groups = HashMap::new();
            let tools = servers.get(index).map_or(&[][..], |server| &server.tools);
            for tag in tools.iter().map(|served| served.tag) {
                if !tag.is_empty() && !groups.contains_key(tag) {
                    groups.insert(tag, Endpoint::new(plan(Some(tag)), &servers, separator)?);
                }
            }
            tagged.insert(texts.name.clone(), groups);
            let endpoint = Endpoint::new(plan(None), &servers, separator)?;
            own.insert(texts.name.clone(), endpoint);
        }
        let version = quoted(&about::version());
        let plan = Plan {
            servers: (0..servers.len()).collect(),
            bare: false,
            tag: None,
            info: format!("{{\"name\":\"toolwright\",\"version\":{version}"),
            icons: None,
            instructions: together(&texts),
            private,
            page_bytes,
            body_bytes,
        };
        let all = Endpoint::new(plan, &servers, separator)?;
        Ok(Gateway {
            servers,
            all,
            own,
            tagged,
            private,
            groups: HashMap::new(),
            notes: Vec::new(),
            texts,
            settings,
        })
    }
}

/// One line for each server whose API asks for credentials that nobody can give.
fn lacks(servers: &[Server]) -> impl Iterator<Item = String> {
    servers.iter().filter_map(|server| {
        let lacking = server.tools.iter().filter(|served| served.needs.lacks());
        let (name, all) = (&server.name, server.tools.len());
        let lacking = match lacking.count() {
            0 => return None,
            1 => format!("1 of {all} tools lacks"),
            count => format!("{count} of {all} tools lack"),
        };
        Some(format!(
            "mcp_servers.{name}: {lacking} a credential that the API asks for; `toolwright check` says which"
        ))
    })
}

/// What a server says about itself.
#[derive(Clone, Debug)]
struct Texts {
    name: String,
    instructions: Option<String>,
    /// `serverInfo` without its closing brace.
    info: String,
    icons: Option<String>,
}

impl Texts {
    fn new(server: &ServerConfig) -> Texts {
        let toolset = server.toolset;
        let said = [
            server.instructions.as_deref(),
            server.description.as_deref(),
            Some(toolset.description),
        ];
        let instructions = said
            .into_iter()
            .flatten()
            .map(str::trim)
            .find(|text| !text.is_empty())
            .map(|text| text.chars().take(MAX_INSTRUCTIONS).collect());
        let version = about::toolset_version(toolset);
        let title = match toolset.title {
            "" => String::new(),
            title => format!("\"title\":{},", quoted(title)),
        };
        let (name, version) = (quoted(&server.name), quoted(&version));
        Texts {
            name: server.name.clone(),
            instructions,
            info: format!("{{\"name\":{name},{title}\"version\":{version}"),
            icons: listing::icons(server.icons.iter()),
        }
    }
}

/// The instructions of all servers, each under its name.
fn together(texts: &[Texts]) -> Option<String> {
    let lines: Vec<String> = texts
        .iter()
        .filter_map(|texts| {
            Some(format!(
                "{}: {}",
                texts.name,
                texts.instructions.as_deref()?
            ))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n\n"))
}

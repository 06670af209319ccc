//! Everything that a request may reach: servers, their tools, and the endpoints in front of them.

mod endpoint;
mod listing;
mod output;
mod pages;
mod search;
mod server;

use std::collections::HashMap;

use toolwright_runtime::Secret;

pub use self::endpoint::{Endpoint, Found};
pub use self::listing::Listing;
pub use self::output::{Declared, UNDESCRIBED};
pub use self::pages::Page;
pub use self::search::Index;
pub use self::server::{Counters, ServedTool, Server};

use self::endpoint::Plan;
use crate::config::{Config, ServerConfig};
use crate::mcp::reply::quoted;

/// The longest tool name that clients and models are known to take.
const MAX_NAME: usize = 64;

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
    /// What a caller must know.
    pub key: Option<Secret>,
    /// What an operator should know.
    pub notes: Vec<String>,
}

impl Gateway {
    /// # Errors
    /// Where a server cannot be set up, or two tools would share a name.
    pub fn new(config: Config) -> Result<Gateway, String> {
        let private = config.gateway_key.is_some();
        let (page_bytes, body_bytes) = (config.bounds.page_bytes, config.bounds.body_bytes);
        let separator = config.separator;
        let texts: Vec<Texts> = config.servers.iter().map(Texts::new).collect();
        let servers = config
            .servers
            .into_iter()
            .map(|server| {
                let name = server.name.clone();
                Server::new(server).map_err(|problem| format!("mcp_servers.{name}: {problem}"))
            })
            .collect::<Result<Vec<Server>, String>>()?;
        let mut own = HashMap::new();
        for (index, texts) in texts.iter().enumerate() {
            let plan = Plan {
                servers: vec![index],
                bare: true,
                info: texts.info.clone(),
                icons: texts.icons.clone(),
                instructions: texts.instructions.clone(),
                private,
                page_bytes,
                body_bytes,
            };
            own.insert(
                texts.name.clone(),
                Endpoint::new(plan, &servers, &separator)?,
            );
        }
        let version = quoted(env!("CARGO_PKG_VERSION"));
        let plan = Plan {
            servers: (0..servers.len()).collect(),
            bare: false,
            info: format!("{{\"name\":\"toolwright\",\"version\":{version}"),
            icons: None,
            instructions: together(&texts),
            private,
            page_bytes,
            body_bytes,
        };
        let all = Endpoint::new(plan, &servers, &separator)?;
        let mut notes = config.notes;
        let long: Vec<&str> = all.listed().filter(|name| name.len() > MAX_NAME).collect();
        if let Some(first) = long.first() {
            notes.push(format!(
                "{} names on /mcp are longer than {MAX_NAME} characters, which some clients refuse, such as {first}; \
                 a shorter server name helps",
                long.len()
            ));
        }
        Ok(Gateway {
            servers,
            all,
            own,
            key: config.gateway_key,
            notes,
        })
    }
}

/// What a server says about itself.
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
        let digest = toolset.digest.rsplit(':').next().unwrap_or_default();
        let short = digest.get(..12).unwrap_or(digest);
        let version = match (toolset.version, short) {
            (version, "") => version.to_owned(),
            ("", short) => format!("0+{short}"),
            (version, short) => format!("{version}+{short}"),
        };
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

//! One configured server: its upstream, its header policy, its tools.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;

use toolwright_runtime::{
    Error, HeaderPolicy, InputSchema, Tool, Toolset, Upstream, UpstreamOptions,
};

use super::listing::{Listing, icons, listings};
use super::search::Index;
use crate::config::{Discovery, ServerConfig};
use crate::mcp::content::Keep;
use crate::mcp::mirror::{Mirrored, mirrored};

/// A server that can be called.
#[derive(Debug)]
pub struct Server {
    /// Its name.
    pub name: String,
    /// What it serves.
    pub toolset: &'static Toolset,
    /// Who may say which header.
    pub policy: HeaderPolicy,
    /// The way to the API.
    pub upstream: Upstream,
    /// The API's origin, kept out of what clients see.
    pub origin: String,
    /// The tools that are served, in the order of the description.
    pub tools: Vec<ServedTool>,
    /// Whether arguments of the wrong JSON type are converted.
    pub coerce_arguments: bool,
    /// The most bytes of a call's arguments.
    pub max_arguments_bytes: usize,
    /// Whether `Authorization` of a caller goes to the upstream.
    pub forwards_authorization: bool,
    /// The response headers that are passed on.
    pub keep: Keep,
    /// The arguments that operator or caller fill, over all tools.
    pub hidden: Vec<&'static str>,
    /// How its operations are offered.
    pub discovery: Discovery,
    /// The icons of its tools, as a JSON list.
    pub icons: Option<String>,
    /// What has happened so far.
    pub counters: Counters,
    index: OnceLock<Index>,
}

/// What a server has done since the process started.
#[derive(Debug, Default)]
pub struct Counters {
    /// Calls that came to an end.
    pub calls: AtomicU64,
    /// Those of them whose result says `isError`.
    pub failed: AtomicU64,
    /// Answers that did not fit the output schema of their tool.
    pub undescribed: AtomicU64,
}

/// A tool as one server serves it.
#[derive(Debug)]
pub struct ServedTool {
    /// The generated entry.
    pub tool: &'static Tool,
    /// The tag of its group.
    pub tag: &'static str,
    /// What `tools/list` says.
    pub listing: Listing,
    /// The address that content of its answers gets.
    pub uri: String,
    /// The arguments that clients repeat in headers.
    pub mirrored: Vec<Mirrored>,
    schema: OnceLock<Result<InputSchema, Error>>,
}

impl Server {
    /// # Errors
    /// Where the upstream's client cannot be built, or generated files contradict each other.
    pub fn new(config: ServerConfig) -> Result<Server, String> {
        let (mut tools, mut all_hidden) = (Vec::new(), Vec::new());
        for group in config.toolset.groups {
            let group_tools: &'static [Tool] = group.tools;
            all_hidden.extend(
                group_tools
                    .iter()
                    .flat_map(|tool| hidden(&config.policy, tool)),
            );
            let listings = listings(group, &|tool| hidden(&config.policy, tool), config.output)?;
            let served = group.tools.iter().zip(listings);
            tools.extend(served.filter(|(tool, _)| config.serves(tool.name)).map(
                |(tool, listing)| ServedTool {
                    tool,
                    tag: group.tag,
                    mirrored: mirrored(&listing.input_schema),
                    listing,
                    uri: format!("toolwright://{}/{}/response", config.name, tool.name),
                    schema: OnceLock::new(),
                },
            ));
        }
        let origin = config.url.origin().ascii_serialization();
        let mut options = UpstreamOptions::new(config.url);
        options.connect_timeout = config.connect_timeout;
        options.timeout = config.timeout;
        options.max_response_bytes = config.max_response_bytes;
        options.max_concurrent = config.max_concurrent_calls;
        let upstream = Upstream::new(options).map_err(|error| error.to_string())?;
        Ok(Server {
            name: config.name,
            toolset: config.toolset,
            policy: config.policy,
            upstream,
            origin,
            tools,
            coerce_arguments: config.coerce_arguments,
            max_arguments_bytes: config.max_arguments_bytes,
            forwards_authorization: config.forwards_authorization,
            keep: config.keep,
            hidden: all_hidden,
            discovery: config.discovery,
            icons: icons(config.icons.iter().filter(|icon| !icon.inline)),
            counters: Counters::default(),
            index: OnceLock::new(),
        })
    }

    /// The full text of its operations, read at the first search.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.tools))
    }

    /// A tool by its own name.
    pub fn tool(&self, name: &str) -> Option<&ServedTool> {
        self.tools.iter().find(|served| served.tool.name == name)
    }

    /// Whether its tools declare what they answer: not where they are no tools of their own.
    pub fn declares(&self) -> bool {
        self.discovery == Discovery::Full
    }
}

impl ServedTool {
    /// The compiled schema; made at the first call, because most tools are never called.
    ///
    /// # Errors
    /// Where the generated schema does not compile.
    pub fn schema(&self) -> Result<&InputSchema, &Error> {
        self.schema
            .get_or_init(|| InputSchema::new(&self.listing.input_schema))
            .as_ref()
    }
}

/// The arguments of a tool that operator or caller fill, and a model is never asked for.
fn hidden(policy: &HeaderPolicy, tool: &'static Tool) -> Vec<&'static str> {
    let headers = tool
        .headers
        .iter()
        .filter(|header| policy.owns_for(tool.name, header.name));
    let cookies = tool
        .cookies
        .iter()
        .filter(|cookie| policy.owns_cookie(cookie.name) || policy.owns_for(tool.name, "cookie"));
    headers
        .chain(cookies)
        .map(|placed| placed.argument)
        .collect()
}

//! One configured server: its upstream, its header policy, its tools.

use std::sync::{Arc, OnceLock};

use toolwright_runtime::{
    Error, HeaderPolicy, InputSchema, Needs, OAuth, Placed, Tool, Toolset, Upstream,
    UpstreamOptions,
};

use super::counters::Counters;
use super::listing::{Listing, icons, listings};
use super::search::Index;
use crate::access::Rate;
use crate::config::Keep;
use crate::config::{Discovery, ServerConfig};
use crate::protocol::mirror::{Mirrored, mirrored};

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
    pub upstream: Arc<Upstream>,
    /// Where the API's tokens are made.
    pub oauth: Option<Arc<OAuth>>,
    /// How often its tools may be called.
    pub rate: Option<Arc<Rate>>,
    /// The API's origin, kept out of what clients see.
    pub origin: String,
    /// The tools that are served, in the order of the description.
    pub tools: Vec<Arc<ServedTool>>,
    /// Whether arguments of the wrong JSON type are converted.
    pub coerce_arguments: bool,
    /// The most bytes of a call's arguments.
    pub max_arguments_bytes: usize,
    /// Whether `Authorization` of a caller goes to the upstream.
    pub forwards_authorization: bool,
    /// The response headers that are passed on.
    pub keep: Keep,
    /// The arguments that operator or caller fill, over all tools.
    pub hidden: Vec<String>,
    /// Whether callers may ask what becomes of their headers.
    pub debug_headers: bool,
    /// How its operations are offered.
    pub discovery: Discovery,
    /// The icons of its tools, as a JSON list.
    pub icons: Option<String>,
    /// What has happened so far.
    pub counters: Arc<Counters>,
    index: OnceLock<Index>,
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
    /// What its calls need from operator and caller.
    pub needs: Needs,
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
            all_hidden.extend(group_tools.iter().flat_map(|tool| hidden(&config, tool)));
            let listings = listings(group, &|tool| hidden(&config, tool), config.output)?;
            let served = group.tools.iter().zip(listings);
            tools.extend(served.filter(|(tool, _)| config.serves(tool.name)).map(
                |(tool, listing)| {
                    Arc::new(ServedTool {
                        tool,
                        tag: group.tag,
                        mirrored: mirrored(&listing.input_schema),
                        needs: needs(&config, tool, &listing.required_hidden),
                        listing,
                        uri: format!("toolwright://{}/{}/response", config.name, tool.name),
                        schema: OnceLock::new(),
                    })
                },
            ));
        }
        let origin = config.url.origin().ascii_serialization();
        let mut options = UpstreamOptions::new(config.url);
        options.connect_timeout = config.connect_timeout;
        options.timeout = config.timeout;
        options.max_response_bytes = config.max_response_bytes;
        options.max_concurrent = config.max_concurrent_calls;
        options.deny_private = config.deny_private;
        options.tls = config.tls;
        options.origins = config.egress;
        let oauth = config.oauth.map(|oauth| OAuth::new(oauth, &options));
        let oauth = oauth.transpose().map_err(|error| error.to_string())?;
        let upstream = Upstream::new(options).map_err(|error| error.to_string())?;
        Ok(Server {
            name: config.name,
            toolset: config.toolset,
            policy: config.policy,
            upstream: Arc::new(upstream),
            oauth: oauth.map(Arc::new),
            rate: config.rate.map(Arc::new),
            origin,
            tools,
            coerce_arguments: config.coerce_arguments,
            max_arguments_bytes: config.max_arguments_bytes,
            forwards_authorization: config.forwards_authorization,
            keep: config.keep,
            hidden: all_hidden,
            debug_headers: config.debug_headers,
            discovery: config.discovery,
            icons: icons(config.icons.iter().filter(|icon| !icon.inline)),
            counters: Arc::default(),
            index: OnceLock::new(),
        })
    }

    /// The same server with some of its tools; limits, counters, connections and tokens are shared.
    pub(super) fn part(&self, shows: &dyn Fn(&Tool) -> bool) -> Server {
        let tools = self.tools.iter().filter(|served| shows(served.tool));
        Server {
            name: self.name.clone(),
            toolset: self.toolset,
            policy: self.policy.clone(),
            upstream: Arc::clone(&self.upstream),
            oauth: self.oauth.clone(),
            rate: self.rate.clone(),
            origin: self.origin.clone(),
            tools: tools.cloned().collect(),
            coerce_arguments: self.coerce_arguments,
            max_arguments_bytes: self.max_arguments_bytes,
            forwards_authorization: self.forwards_authorization,
            keep: self.keep.clone(),
            hidden: self.hidden.clone(),
            debug_headers: self.debug_headers,
            discovery: self.discovery,
            icons: self.icons.clone(),
            counters: Arc::clone(&self.counters),
            index: OnceLock::new(),
        }
    }

    /// The full text of its operations, read at the first search.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let tools = self.tools.iter();
            Index::new(tools.map(|served| (served.tool, served.tag, &served.listing)))
        })
    }

    /// A tool by its own name.
    pub fn tool(&self, name: &str) -> Option<&ServedTool> {
        self.tools
            .iter()
            .map(Arc::as_ref)
            .find(|served| served.tool.name == name)
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

/// What the calls of a tool need from operator and caller.
fn needs(config: &ServerConfig, tool: &'static Tool, required: &[String]) -> Needs {
    let asked = tool.headers.iter();
    let asked: Vec<&str> = asked
        .filter(|header| required.iter().any(|name| name == header.argument))
        .map(|header| header.name)
        .collect();
    let certificate = config.tls.identity.is_some();
    config
        .policy
        .needs(tool, config.toolset.security, certificate, &asked)
}

/// The parameters among the arguments of a tool that operator or caller fill.
pub fn filled(policy: &HeaderPolicy, tool: &'static Tool) -> impl Iterator<Item = &'static Placed> {
    let headers = tool
        .headers
        .iter()
        .filter(|header| policy.owns_for(tool.name, header.name));
    let cookies = tool
        .cookies
        .iter()
        .filter(|cookie| policy.owns_cookie(cookie.name) || policy.owns_for(tool.name, "cookie"));
    let keys = tool.keys.iter().filter(|key| policy.owns_query(key.name));
    headers.chain(cookies).chain(keys)
}

/// The arguments of a tool that operator or caller fill, and a model is never asked for, and those that nobody may give.
fn hidden(config: &ServerConfig, tool: &'static Tool) -> Vec<String> {
    let filled = filled(&config.policy, tool).map(|placed| placed.argument.to_owned());
    let withheld = config
        .withheld
        .get(tool.name)
        .into_iter()
        .flatten()
        .cloned();
    filled.chain(withheld).collect()
}

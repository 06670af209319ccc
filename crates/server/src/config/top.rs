//! The file as a whole: our own keys, LiteLLM's that matter here, and the names of those that do not.

use std::net::SocketAddr;
use std::time::Duration;

use toolwright_document::Cursor;
use toolwright_runtime::{Source, Toolset};
use url::Origin;

use super::mistake::nearest;
use super::reader::Reader;
use super::units::size;
use super::{Bounds, Config, addressed, jwt, keys, litellm, network, server};
use crate::access::{Caller, Key, Keys, Scope};

/// The keys of the file that are read.
const KEYS: &[&str] = &[
    "listen",
    "metrics_listen",
    "mcp_servers",
    "mcp_tools",
    "general_settings",
    "gateway_keys",
    "jwt",
    "tool_name_separator",
    "allowed_hosts",
    "allowed_origins",
    "max_connections",
    "max_body_bytes",
    "tools_page_bytes",
    "caller_timeout",
    "drain_timeout",
];

/// Keys of a LiteLLM configuration that have no meaning for a gateway of tools.
const ELSEWHERE: &[&str] = &[
    "agent_list",
    "assistant_settings",
    "callback_settings",
    "callbacks",
    "credential_list",
    "environment_variables",
    "files_settings",
    "finetune_settings",
    "guardrails",
    "litellm_settings",
    "model_group_alias",
    "model_list",
    "policies",
    "prompts",
    "router_settings",
    "search_tools",
    "vector_store_registry",
    "worker_registry",
];

/// Reads the file. Mistakes stay in the reader.
pub(super) fn read(
    reader: &mut Reader<'_>,
    root: Cursor<'_>,
    toolsets: &[&'static Toolset],
    listen: Option<SocketAddr>,
) -> Option<Config> {
    let root = reader.object(root)?;
    let mut ignored = Vec::new();
    reader.only(root, KEYS, &mut |_, key, _| {
        let elsewhere = ELSEWHERE.contains(&key);
        if elsewhere {
            ignored.push(key.to_owned());
        }
        elsewhere || key == "mcp_aliases"
    });
    let master = general(reader, root, &mut ignored);
    elsewhere(reader, root);
    if !ignored.is_empty() {
        reader.notes.push(format!(
            "not read here, because it has nothing to do with tools: {}",
            ignored.join(", ")
        ));
    }
    let has_key = master.is_some()
        || ["gateway_keys", "jwt"]
            .iter()
            .any(|key| reader.member(root, key).is_some());
    let listen = network::listen(reader, root, listen, has_key);
    let metrics_listen = network::metrics(reader, root, listen);
    let separator = separator(reader, root);
    let allowed_hosts = network::hosts(reader, root);
    let allowed_origins = network::origins(reader, root, "allowed_origins");
    let allowed_origins = allowed_origins.iter().map(Origin::ascii_serialization);
    let bounds = Bounds {
        connections: size(
            reader.count_of(root, "max_connections", 1, 1_000_000),
            10_000,
        ),
        body_bytes: size(
            reader.bytes_of(root, "max_body_bytes", 1024, 1 << 30),
            4 << 20,
        ),
        page_bytes: size(
            reader.bytes_of(root, "tools_page_bytes", 4096, 64 << 20),
            1_000_000,
        ),
        caller: reader
            .time_of(root, "caller_timeout", Duration::from_secs(3600))
            .unwrap_or(Duration::from_secs(30)),
        drain: reader
            .time_of(root, "drain_timeout", Duration::from_secs(3600))
            .unwrap_or(Duration::from_secs(10)),
    };
    let servers = servers(reader, root, toolsets);
    let keys = all_keys(reader, root, &servers, master);
    let jwt = jwt::read(reader, root, &known(root, &servers));
    if reader.member(root, "jwt").is_some() {
        jwt::check_passthrough(reader, root, &servers);
    } else {
        for server in servers.iter().filter(|server| server.allow_passthrough) {
            reader.notes.push(format!(
                "mcp_servers.{}: allow_passthrough does nothing without `jwt`",
                server.name
            ));
        }
    }
    Some(Config {
        listen,
        metrics_listen,
        keys: keys.into(),
        jwt: jwt.map(Into::into),
        separator,
        allowed_hosts,
        allowed_origins: allowed_origins.collect(),
        bounds,
        servers,
        variables: Vec::new(),
        notes: Vec::new(),
    })
}

/// Whether a setting of LiteLLM's decides what may be called, so that it cannot be left out.
fn setting(reader: &mut Reader<'_>, key: &str, value: Cursor<'_>) -> bool {
    let reason = litellm::refused_setting(key);
    if let Some(reason) = reason
        && !litellm::is_nothing(key, value)
    {
        let message = format!("is a key of LiteLLM that is not supported: {reason}");
        reader.wrong_key(value, message, Some("remove it".to_owned()));
    }
    reason.is_some()
}

/// What LiteLLM's other sections say about tools.
fn elsewhere(reader: &mut Reader<'_>, root: Cursor<'_>) {
    for section in [Some(root), root.get("litellm_settings")]
        .into_iter()
        .flatten()
    {
        if let Some(value) = section.get("mcp_aliases") {
            setting(reader, "mcp_aliases", value);
        }
    }
    let guardrails = root.get("guardrails");
    for guardrail in guardrails.into_iter().flat_map(|list| list.items()) {
        if litellm::guards_tools(guardrail) {
            let message = "is a guardrail of LiteLLM for calls of tools, and there are none here";
            let help = "remove it, and check what it checked elsewhere".to_owned();
            reader.mistake(guardrail, message, Some(help));
        }
    }
    if root.get("mcp_tools").is_some() {
        let note = "mcp_tools is not read: only API descriptions are served here, no functions";
        reader.notes.push(note.to_owned());
    }
}

/// `general_settings`: the key is ours, everything else LiteLLM's.
fn general(reader: &mut Reader<'_>, root: Cursor<'_>, ignored: &mut Vec<String>) -> Option<Source> {
    let section = reader.member(root, "general_settings")?;
    let section = reader.object(section)?;
    for (key, value) in section.entries() {
        if key == "master_key" || setting(reader, key, value) {
            continue;
        }
        if nearest(key, ["master_key"]).is_some() {
            let help = Some("did you mean `master_key`?".to_owned());
            reader.wrong_key(value, "is not a key of the configuration", help);
        } else {
            ignored.push(format!("general_settings.{key}"));
        }
    }
    let at = section.get("master_key")?;
    if at.is_null() {
        let help = "os.environ/NAME or file:/run/secrets/NAME; or remove the line, so that there is no such key";
        reader.wrong_key(at, "has no value", Some(help.to_owned()));
        return None;
    }
    let key = reader.source(at)?;
    keys::check(reader, at, key.current().ok()?.expose())?;
    Some(key)
}

/// What scopes can name.
fn known<'a>(root: Cursor<'a>, servers: &'a [super::ServerConfig]) -> keys::Known<'a> {
    let section = root.get("mcp_servers");
    let names = section.into_iter().flat_map(|section| section.entries());
    keys::Known {
        servers,
        names: names.map(|(name, _)| name).collect(),
    }
}

/// The named keys, after the one that may do everything.
fn all_keys(
    reader: &mut Reader<'_>,
    root: Cursor<'_>,
    servers: &[super::ServerConfig],
    master: Option<Source>,
) -> Keys {
    let named = keys::read(reader, root, &known(root, servers));
    let caller = Caller {
        name: keys::MASTER.to_owned(),
        scope: Scope::everything(),
        rate: None,
        by_token: false,
    };
    let master = master.and_then(|key| Key::new(caller, &key).ok());
    if let Some(master) = &master
        && named.iter().any(|key| key.is_same(master))
    {
        let at = root.get("gateway_keys").unwrap_or(root);
        reader.wrong_key(at, "has the master key among its keys", None);
    }
    Keys::new(master.into_iter().chain(named).collect())
}

fn separator(reader: &mut Reader<'_>, root: Cursor<'_>) -> String {
    let Some(text) = reader.text_of(root, "tool_name_separator") else {
        return "-".to_owned();
    };
    let fits = text.len() <= 4
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    if !fits {
        let at = root.get("tool_name_separator").unwrap_or(root);
        let help = Some("one to four of A-Z a-z 0-9 _ - .".to_owned());
        reader.mistake(at, "does not fit into the name of a tool", help);
    }
    text
}

fn servers(
    reader: &mut Reader<'_>,
    root: Cursor<'_>,
    toolsets: &[&'static Toolset],
) -> Vec<super::ServerConfig> {
    let Some(section) = reader.member(root, "mcp_servers") else {
        let help = "mcp_servers:\n  NAME:\n    url: http://api.example".to_owned();
        reader.mistake(
            root,
            "`mcp_servers` is missing: there is nothing to serve",
            Some(help),
        );
        return Vec::new();
    };
    if section.is_array() {
        let help = "write NAME: {url: …} for each, without `-`".to_owned();
        reader.mistake(section, "must be a mapping of names to servers", Some(help));
        return Vec::new();
    }
    let Some(section) = reader.object(section) else {
        return Vec::new();
    };
    if section.is_empty() {
        reader.mistake(section, "names no server", None);
    }
    let servers: Vec<_> = section
        .entries()
        .filter_map(|(name, entry)| server::read(reader, name, entry, toolsets))
        .collect();
    addressed::check(reader, section, &servers);
    servers
}

//! One entry of `mcp_servers`.

use std::time::Duration;

use toolwright_document::Cursor;
use toolwright_runtime::Toolset;

use super::keep::Keep;
use super::reader::Reader;
use super::units::size;
use super::ways::Ways;
use super::{
    Discovery, Output, ServerConfig, headers, icons, litellm, matching, network, oauth, params,
    stdio, tls, tool_names,
};
use crate::access::Rate;

/// Calls a second of a server that says nothing about it: more than honest callers of one machine send, and a bound.
const DEFAULT_RATE: u64 = 20_000;

/// The keys of a server that are read.
const KEYS: &[&str] = &[
    "url",
    "spec_path",
    "spec",
    "transport",
    "auth_type",
    "auth_value",
    "authentication_token",
    "extra_headers",
    "static_headers",
    "caller_auth",
    "precedence",
    "coerce_arguments",
    "connect_timeout",
    "timeout",
    "max_response_bytes",
    "max_arguments_bytes",
    "max_concurrent_calls",
    "description",
    "instructions",
    "allowed_tools",
    "disallowed_tools",
    "response_headers",
    "access_groups",
    "mcp_access_groups",
    "allowed_params",
    "rate",
    "rpm",
    "max_concurrent_requests",
    "egress",
    "security_scheme",
    "ca_file",
    "client_cert_file",
    "client_key_file",
    "deny_private",
    "debug_headers",
    "allow_passthrough",
    "output",
    "discovery",
    "icons",
    "stdio_headers",
];

/// Reads a server. Mistakes stay in the reader.
pub(super) fn read(
    reader: &mut Reader<'_>,
    name: &str,
    section: Cursor<'_>,
    toolsets: &[&'static Toolset],
) -> Option<ServerConfig> {
    check_name(reader, name, section);
    let section = reader.object(section)?;
    let known = [KEYS, oauth::KEYS].concat();
    reader.only(section, &known, &mut |reader, key, value| {
        litellm::claims(reader, name, key, value)
    });
    let transports = [
        ("http", ()),
        ("streamable_http", ()),
        ("streamable-http", ()),
    ];
    let _ = reader.word_of(section, "transport", &transports);
    let toolset = matching::toolset(reader, name, section, toolsets);
    let url = toolset.and_then(|toolset| network::base(reader, section, toolset));
    let headers = headers::read(reader, name, section, toolset);
    let coerce_arguments = reader.bool_of(section, "coerce_arguments").unwrap_or(false);
    let hour = Duration::from_secs(3600);
    let connect_timeout = reader.time_of(section, "connect_timeout", hour);
    let timeout = reader.time_of(section, "timeout", hour);
    let max_response_bytes = reader.bytes_of(section, "max_response_bytes", 1024, 1 << 30);
    let max_arguments_bytes = reader.bytes_of(section, "max_arguments_bytes", 16, 1 << 30);
    let calls_key = reader.one_of(section, ["max_concurrent_calls", "max_concurrent_requests"]);
    let max_concurrent_calls = reader.count_of(section, calls_key, 1, 1_000_000);
    let description = reader.text_of(section, "description");
    let instructions = reader.text_of(section, "instructions");
    let allowed_tools = tools(reader, name, section, "allowed_tools", toolset);
    let disallowed_tools = tools(reader, name, section, "disallowed_tools", toolset);
    let keep = keep(reader, section);
    let outputs = [
        ("strict", Output::Strict),
        ("checked", Output::Checked),
        ("off", Output::Off),
    ];
    let output = reader.word_of(section, "output", &outputs);
    let discoveries = [("full", Discovery::Full), ("search", Discovery::Search)];
    let discovery = reader.word_of(section, "discovery", &discoveries);
    let icons = icons::read(reader, section);
    let rate = rate(reader, section);
    let egress = network::origins(reader, section, "egress");
    let access_groups = groups(reader, section);
    let withheld = params::read(reader, name, section, toolset);
    let tls = tls::read(reader, section);
    let allow_passthrough = reader
        .bool_of(section, "allow_passthrough")
        .unwrap_or(false);
    let debug_headers = reader.bool_of(section, "debug_headers").unwrap_or(false);
    let deny_private = reader.bool_of(section, "deny_private").unwrap_or(false);
    if let (Some(url), Some(headers)) = (&url, &headers) {
        let oauth = headers.oauth.as_ref();
        let ways = Ways {
            url,
            token_url: oauth.map(|oauth| &oauth.token_url),
            egress: &egress,
        };
        ways.check_encrypted(reader, section);
        if deny_private {
            ways.check_public(reader, section);
        }
    }
    let policy = headers.as_ref().map(|headers| &headers.policy);
    let stdio_headers = stdio::headers(reader, name, section, policy);
    let headers = headers?;
    Some(ServerConfig {
        name: name.to_owned(),
        toolset: toolset?,
        url: url?,
        policy: headers.policy,
        forwards_authorization: headers.forwards_authorization,
        asks_callers: headers.asks_callers,
        allow_passthrough,
        coerce_arguments,
        connect_timeout: connect_timeout.unwrap_or(Duration::from_secs(5)),
        timeout: timeout.unwrap_or(Duration::from_secs(30)),
        max_response_bytes: size(max_response_bytes, 10 << 20),
        max_arguments_bytes: size(max_arguments_bytes, 4 << 20),
        max_concurrent_calls: size(max_concurrent_calls, 256),
        rate,
        egress,
        access_groups,
        withheld,
        oauth: headers.oauth,
        tls,
        deny_private,
        debug_headers,
        description,
        instructions,
        allowed_tools,
        disallowed_tools: disallowed_tools.unwrap_or_default(),
        keep,
        output: output.unwrap_or(Output::Checked),
        discovery: discovery.unwrap_or(Discovery::Full),
        icons,
        stdio_headers,
    })
}

/// `access_groups`, which LiteLLM also calls `mcp_access_groups`.
fn groups(reader: &mut Reader<'_>, section: Cursor<'_>) -> Vec<String> {
    let keys = ["access_groups", "mcp_access_groups"];
    let named = keys.map(|key| reader.texts_of(section, key).unwrap_or_default());
    let named: Vec<_> = named.into_iter().flatten().collect();
    for (at, group) in &named {
        // Selections name groups with commas between them.
        if !group
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b',')
        {
            let help = "a group's name is ASCII without spaces and commas".to_owned();
            reader.mistake(*at, "cannot be the name of a group", Some(help));
        }
    }
    named.into_iter().map(|(_, name)| name).collect()
}

/// The name becomes a path segment, a part of tool names and a part of header names.
fn check_name(reader: &mut Reader<'_>, name: &str, section: Cursor<'_>) {
    let fits = (1..=48).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        && name != "mcp";
    if !fits {
        let help = "a server's name is 1 to 48 of A-Z a-z 0-9 _ -, and not `mcp`".to_owned();
        reader.wrong_key(section, "cannot be the name of a server", Some(help));
    }
}

/// `rate`, or LiteLLM's `rpm`. MCP wants calls of tools to be limited, so that there is a limit unless it is turned off.
fn rate(reader: &mut Reader<'_>, section: Cursor<'_>) -> Option<Rate> {
    if reader.one_of(section, ["rate", "rpm"]) == "rpm" {
        let count = reader.count_of(section, "rpm", 1, 1_000_000_000)?;
        return Some(Rate::new(count, Duration::from_secs(60)));
    }
    match reader.member(section, "rate") {
        None => Some(Rate::new(DEFAULT_RATE, Duration::from_secs(1))),
        Some(at) if at.as_str() == Some("off") || at.as_bool() == Some(false) => None,
        Some(_) => reader.rate_of(section, "rate"),
    }
}

/// Names of tools, each of which must exist.
fn tools(
    reader: &mut Reader<'_>,
    server: &str,
    section: Cursor<'_>,
    key: &str,
    toolset: Option<&'static Toolset>,
) -> Option<Vec<String>> {
    let named = reader.texts_of(section, key)?;
    let Some(toolset) = toolset else {
        return Some(Vec::new());
    };
    let found = named
        .into_iter()
        .filter_map(|(at, name)| tool_names::find(reader, server, at, &name, toolset));
    Some(found.map(|tool| tool.name.to_owned()).collect())
}

/// `response_headers`.
fn keep(reader: &mut Reader<'_>, section: Cursor<'_>) -> Keep {
    let Some(named) = reader.texts_of(section, "response_headers") else {
        return Keep::default();
    };
    for (at, name) in &named {
        let bare = name.strip_suffix('*').unwrap_or(name);
        if Keep::is_refused(name) {
            reader.mistake(
                *at,
                "is never passed on: it starts a log-in or sets a cookie",
                None,
            );
        } else if http::HeaderName::from_bytes(bare.as_bytes()).is_err() {
            let help = "a header's name, or the start of one followed by *".to_owned();
            reader.mistake(*at, "is not a header name", Some(help));
        }
    }
    Keep::new(named.into_iter().map(|(_, name)| name).collect())
}

//! Which headers travel: `extra_headers`, `static_headers`, and what decides between them.

use toolwright_document::Cursor;
use toolwright_runtime::{
    Forward, HeaderPolicy, HeaderPolicyBuilder, OAuthOptions, Precedence, Required, Toolset,
};

use super::credential;
use super::mistake::sentence;
use super::reader::Reader;

/// What a server's header keys come to.
pub(super) struct Headers {
    pub(super) policy: HeaderPolicy,
    pub(super) forwards_authorization: bool,
    /// Whether there is a kind of credential and none of it here.
    pub(super) asks_callers: bool,
    pub(super) oauth: Option<OAuthOptions>,
}

/// Reads them. Mistakes stay in the reader.
pub(super) fn read(
    reader: &mut Reader<'_>,
    name: &str,
    section: Cursor<'_>,
    toolset: Option<&'static Toolset>,
) -> Option<Headers> {
    let before = reader.mistakes.len();
    let mut builder = HeaderPolicy::builder(name);
    let precedences = [
        ("operator", Precedence::Operator),
        ("caller", Precedence::Caller),
    ];
    if let Some(precedence) = reader.word_of(section, "precedence", &precedences) {
        builder.precedence(precedence);
    }
    if let Some(on) = reader.bool_of(section, "caller_auth") {
        builder.caller_auth(on);
    }
    extra(reader, section, toolset, &mut builder);
    fixed(reader, section, &mut builder);
    let oauth = credential::read(reader, section, toolset, &mut builder);
    if reader.mistakes.len() > before {
        return None;
    }
    let policy = builder.build();
    for header in policy.contested() {
        reader.notes.push(format!(
            "mcp_servers.{name}: `{header}` may come from the caller and from this file; `precedence` decides"
        ));
    }
    let kind = reader
        .member(section, "auth_type")
        .and_then(|at| at.as_str());
    let forwards_authorization = policy.forwards("authorization");
    Some(Headers {
        asks_callers: kind.is_some_and(|kind| kind != "none")
            && policy.takes_caller_auth()
            && !policy.has_credential()
            && !forwards_authorization,
        forwards_authorization,
        policy,
        oauth,
    })
}

/// `extra_headers`: names, or names with options.
fn extra(
    reader: &mut Reader<'_>,
    section: Cursor<'_>,
    toolset: Option<&'static Toolset>,
    builder: &mut HeaderPolicyBuilder,
) {
    let Some(list) = reader.member(section, "extra_headers") else {
        return;
    };
    let entries: Vec<Cursor<'_>> = if list.is_array() {
        list.items().collect()
    } else {
        vec![list]
    };
    let mut seen: Vec<String> = Vec::new();
    for at in entries {
        let forward = if at.is_object() {
            entry(reader, at, toolset)
        } else {
            reader.text(at).map(|name| Forward::from(name.trim()))
        };
        let Some(forward) = forward else { continue };
        let folded = forward.name.to_ascii_lowercase();
        if forward.tools.is_empty() && seen.contains(&folded) {
            reader.mistake(at, "is in the list already", None);
            continue;
        }
        seen.push(folded);
        if let Err(error) = builder.forward(forward) {
            reader.mistake(at, sentence(&error), help_for(at));
        }
    }
}

/// `{name, required, rename, prefix, tools}`.
fn entry(
    reader: &mut Reader<'_>,
    at: Cursor<'_>,
    toolset: Option<&'static Toolset>,
) -> Option<Forward> {
    reader.only(
        at,
        &["name", "required", "rename", "prefix", "tools"],
        &mut |_, _, _| false,
    );
    let required = match reader.bool_of(at, "required") {
        None => Required::AsDescribed,
        Some(true) => Required::Always,
        Some(false) => Required::Never,
    };
    let rename = reader.text_of(at, "rename");
    let prefix = reader.text_of(at, "prefix");
    let tools = reader.texts_of(at, "tools").unwrap_or_default();
    if let Some(list) = at
        .get("tools")
        .filter(|list| list.is_array() && list.is_empty())
    {
        let help = "name some, or leave `tools` out for all".to_owned();
        reader.mistake(list, "names no tool", Some(help));
    }
    for (tool_at, pattern) in &tools {
        let exists = toolset.is_none_or(|toolset| {
            let mut names = toolset
                .groups
                .iter()
                .flat_map(|group| group.tools.iter().map(|tool| tool.name));
            match pattern.strip_suffix('*') {
                Some(start) => names.any(|name| name.starts_with(start)),
                None => names.any(|name| name == pattern),
            }
        });
        if !exists {
            reader.mistake(*tool_at, "is not a tool of this server", None);
        }
    }
    if reader.member(at, "name").is_none() {
        reader.mistake(at, "`name` is missing", Some("- name: X-TOKEN".to_owned()));
        return None;
    }
    Some(Forward {
        name: reader.text_of(at, "name")?.trim().to_owned(),
        required,
        rename,
        prefix,
        tools: tools.into_iter().map(|(_, pattern)| pattern).collect(),
    })
}

/// `static_headers`: a mapping of names to values.
fn fixed(reader: &mut Reader<'_>, section: Cursor<'_>, builder: &mut HeaderPolicyBuilder) {
    let Some(at) = reader.member(section, "static_headers") else {
        return;
    };
    let Some(mapping) = reader.object(at) else {
        return;
    };
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in mapping.entries() {
        if seen.contains(&name.to_ascii_lowercase()) {
            reader.wrong_key(value, "names the same header as an entry above", None);
            continue;
        }
        seen.push(name.to_ascii_lowercase());
        let Some(source) = reader.source(value) else {
            continue;
        };
        if let Err(error) = builder.static_source(name, source) {
            reader.wrong_key(value, sentence(&error), None);
        }
    }
}

fn help_for(at: Cursor<'_>) -> Option<String> {
    let name = at.as_str().unwrap_or_default();
    name.eq_ignore_ascii_case("host")
        .then(|| "the upstream's host is the one of `url`".to_owned())
}

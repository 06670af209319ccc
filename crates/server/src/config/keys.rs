//! `gateway_keys`: who may call, and what each of them may use.

use std::collections::HashMap;

use toolwright_document::Cursor;

use super::ServerConfig;
use super::mistake::suggest;
use super::reader::Reader;
use crate::access::{Caller, Key, Pattern, Scope};

const KEYS: &[&str] = &[
    "key",
    "key_sha256",
    "servers",
    "access_groups",
    "tools",
    "read_only",
    "rate",
];

/// The name of the key that may do everything.
pub(super) const MASTER: &str = "master_key";

/// What scopes can name.
pub(super) struct Known<'a> {
    /// The servers without mistakes.
    pub(super) servers: &'a [ServerConfig],
    /// The names of all servers.
    pub(super) names: Vec<&'a str>,
}

impl Known<'_> {
    /// The servers of a group.
    fn group(&self, group: &str) -> Vec<String> {
        let members = self
            .servers
            .iter()
            .filter(|server| server.access_groups.iter().any(|own| own == group));
        members.map(|server| server.name.clone()).collect()
    }
}

/// Reads the keys. Mistakes stay in the reader.
pub(super) fn read(reader: &mut Reader<'_>, root: Cursor<'_>, known: &Known<'_>) -> Vec<Key> {
    let Some(section) = reader.member(root, "gateway_keys") else {
        return Vec::new();
    };
    let Some(section) = reader.object(section) else {
        return Vec::new();
    };
    let mut keys: Vec<Key> = Vec::new();
    for (name, entry) in section.entries() {
        let Some(key) = one(reader, name, entry, known) else {
            continue;
        };
        if keys.iter().any(|other| other.is_same(&key)) {
            reader.wrong_key(entry, "has the same key as an entry above", None);
        }
        keys.push(key);
    }
    keys
}

fn one(reader: &mut Reader<'_>, name: &str, entry: Cursor<'_>, known: &Known<'_>) -> Option<Key> {
    // Names stand in logs, beside those of the master key and of rules for tokens.
    let is_name =
        (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_name || name == MASTER {
        let help = format!("1 to 64 of ASCII without spaces, and not `{MASTER}`");
        reader.wrong_key(entry, "cannot be the name of a key", Some(help));
    }
    let entry = reader.object(entry)?;
    reader.only(entry, KEYS, &mut |_, _, _| false);
    let scope = scope(reader, entry, known);
    let rate = reader.rate_of(entry, "rate");
    let caller = Caller {
        name: name.to_owned(),
        scope: scope?,
        rate,
        by_token: false,
    };
    match (
        reader.member(entry, "key"),
        reader.member(entry, "key_sha256"),
    ) {
        (Some(at), None) => {
            let source = reader.source(at)?;
            check(reader, at, source.current().ok()?.expose())?;
            Key::new(caller, &source).ok()
        }
        (None, Some(at)) => {
            let text = reader.text(at)?;
            let digest = digest(&text);
            if digest.is_none() {
                let help = "printf %s \"$KEY\" | sha256sum".to_owned();
                reader.mistake(at, "must be 64 hexadecimal digits", Some(help));
            }
            Some(Key::from_digest(caller, digest?))
        }
        (Some(_), Some(at)) => {
            reader.wrong_key(at, "cannot stand beside `key`", None);
            None
        }
        (None, None) => {
            let help = "key: os.environ/NAME, file:/run/secrets/NAME, or key_sha256".to_owned();
            reader.wrong_key(entry, "has no `key`", Some(help));
            None
        }
    }
}

/// A key that can be sent at all.
pub(super) fn check(reader: &mut Reader<'_>, at: Cursor<'_>, key: &str) -> Option<()> {
    let fits = key.bytes().all(|byte| byte.is_ascii_graphic());
    if !fits {
        let help = "visible ASCII without spaces, such as openssl rand -hex 32 prints".to_owned();
        reader.mistake(at, "holds a character that no header can carry", Some(help));
    }
    fits.then_some(())
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let bytes = text.as_bytes();
    let mut digest = [0; 32];
    if bytes.len() != 64 || !bytes.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}

/// `servers`, `access_groups`, `tools`, `read_only`. What is not named is not allowed.
pub(super) fn scope(
    reader: &mut Reader<'_>,
    entry: Cursor<'_>,
    known: &Known<'_>,
) -> Option<Scope> {
    let read_only = reader.bool_of(entry, "read_only").unwrap_or(false);
    let mut granted: Vec<String> = Vec::new();
    let servers = reader.texts_of(entry, "servers");
    let groups = reader.texts_of(entry, "access_groups");
    if servers.is_none() && groups.is_none() {
        let help = "servers: [NAME, …], or servers: ['*'] for all".to_owned();
        reader.wrong_key(
            entry,
            "names neither `servers` nor `access_groups`",
            Some(help),
        );
        return None;
    }
    let [named, grouped, tools] =
        ["servers", "access_groups", "tools"].map(|key| reader.member(entry, key));
    let is_empty = |at: &Cursor<'_>| at.is_array() && at.is_empty();
    let reached: Vec<Cursor<'_>> = named.into_iter().chain(grouped).collect();
    let opens_none = reached.iter().all(is_empty);
    let empty = reached.first().filter(|_| opens_none).copied();
    for at in empty.into_iter().chain(tools.filter(is_empty)) {
        let help = "name some, or remove what opens nothing".to_owned();
        reader.mistake(at, "is empty, which opens nothing", Some(help));
    }
    for (at, name) in servers.unwrap_or_default() {
        if name == "*" {
            granted.extend(known.names.iter().map(|name| (*name).to_owned()));
        } else if known.names.contains(&name.as_str()) {
            granted.push(name);
        } else {
            reader.mistake(at, "is not a server", Some(suggest(&name, &known.names)));
        }
    }
    for (at, group) in groups.unwrap_or_default() {
        let members = known.group(&group);
        if members.is_empty() {
            let help = "a server joins a group by its own access_groups".to_owned();
            reader.mistake(at, "is a group that no server is in", Some(help));
        }
        granted.extend(members);
    }
    let mut servers: HashMap<String, Option<Vec<Pattern>>> =
        granted.into_iter().map(|name| (name, None)).collect();
    if let Some(tools) = tools {
        if tools.is_object() {
            by_server(reader, tools, known, &mut servers);
        } else {
            let reached: Vec<String> = servers.keys().cloned().collect();
            let patterns = patterns(reader, entry, "tools", known, &reached);
            servers
                .values_mut()
                .for_each(|own| *own = Some(patterns.clone()));
        }
    }
    Some(Scope::new(servers, read_only))
}

/// `tools: {SERVER: [PATTERN, …]}`; servers that are not named in it keep all their tools.
fn by_server(
    reader: &mut Reader<'_>,
    tools: Cursor<'_>,
    known: &Known<'_>,
    servers: &mut HashMap<String, Option<Vec<Pattern>>>,
) {
    for (name, at) in tools.entries() {
        match servers.get_mut(name) {
            None => {
                let message = "is not a server that this entry may use";
                reader.wrong_key(at, message, Some("name it in `servers` as well".to_owned()));
            }
            Some(own) => {
                *own = Some(patterns(reader, tools, name, known, &[name.to_owned()]));
            }
        }
    }
}

/// Patterns, each of which fits at least one tool of these servers.
fn patterns(
    reader: &mut Reader<'_>,
    section: Cursor<'_>,
    key: &str,
    known: &Known<'_>,
    servers: &[String],
) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for (at, text) in reader.texts_of(section, key).unwrap_or_default() {
        let pattern = Pattern::new(text);
        let mut named = known
            .servers
            .iter()
            .filter(|server| servers.contains(&server.name))
            .peekable();
        // A server with mistakes has its own lines in the report.
        let fits = named.peek().is_none()
            || named.any(|server| {
                let groups = server.toolset.groups.iter();
                groups
                    .flat_map(|group| group.tools)
                    .any(|tool| pattern.fits(tool.name))
            });
        if !fits {
            reader.mistake(at, "fits no tool of these servers", None);
        }
        patterns.push(pattern);
    }
    patterns
}

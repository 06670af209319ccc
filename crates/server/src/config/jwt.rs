//! `jwt`: callers who come with a token of an authorization server.

use toolwright_document::Cursor;
use toolwright_runtime::{Document, Source};
use url::Url;

use super::keys::{self, Known};
use super::mistake::{sentence, suggest};
use super::network;
use super::reader::Reader;
use crate::jwt::{Algorithm, Jwt, KeySet, Rule};

const KEYS: &[&str] = &[
    "issuer",
    "audience",
    "jwks",
    "algorithms",
    "public_url",
    "authorization_servers",
    "rules",
];

const RULE_KEYS: &[&str] = &[
    "scope",
    "claim",
    "value",
    "servers",
    "access_groups",
    "tools",
    "read_only",
];

/// The clause that `allow_passthrough` sets aside.
const CLAUSE: &str = "the MCP authorization specification says that a server MUST NOT pass through the token it received \
                      from the client (Access Token Privilege Restriction)";

/// Reads the section. Mistakes stay in the reader.
pub(super) fn read(reader: &mut Reader<'_>, root: Cursor<'_>, known: &Known<'_>) -> Option<Jwt> {
    let section = reader.member(root, "jwt")?;
    let section = reader.object(section)?;
    reader.only(section, KEYS, &mut |_, _, _| false);
    let issuer = needed(reader, section, "issuer").and_then(|at| reader.text(at));
    let audiences = reader.texts_of(section, "audience").unwrap_or_default();
    let key_set = needed(reader, section, "jwks").and_then(|at| key_set(reader, at));
    let algorithms = algorithms(reader, section);
    let public_url = needed(reader, section, "public_url").and_then(|at| url(reader, at));
    let servers = reader.texts_of(section, "authorization_servers");
    let rules = rules(reader, section, known);
    let issuer = issuer?;
    let servers = match servers {
        Some(servers) if !servers.is_empty() => servers.into_iter().map(|(_, url)| url).collect(),
        _ => vec![issuer.clone()],
    };
    Some(Jwt {
        issuer,
        audiences: audiences.into_iter().map(|(_, text)| text).collect(),
        algorithms,
        keys: key_set?,
        public_url: public_url?.as_str().trim_end_matches('/').to_owned(),
        authorization_servers: servers,
        rules,
    })
}

/// With tokens coming in, a server that forwards the header that they come in needs a word of its own for it.
pub(super) fn check_passthrough(
    reader: &mut Reader<'_>,
    root: Cursor<'_>,
    servers: &[super::ServerConfig],
) {
    for server in servers
        .iter()
        .filter(|server| server.forwards_authorization)
    {
        let name = &server.name;
        if server.allow_passthrough {
            reader.notes.push(format!(
                "mcp_servers.{name}: allow_passthrough sets a clause aside: {CLAUSE}; tokens for the gateway are read from \
                 x-toolwright-key there"
            ));
            continue;
        }
        let section = root.get("mcp_servers").and_then(|all| all.get(name));
        let at = section.and_then(|section| section.get("extra_headers"));
        let help = "forward another header, use auth_type: oauth2_token_exchange, or write allow_passthrough: true";
        let message = format!("names Authorization, in which callers show their token: {CLAUSE}");
        reader.mistake(at.unwrap_or(root), message, Some(help.to_owned()));
    }
}

fn needed<'d>(reader: &mut Reader<'_>, section: Cursor<'d>, key: &str) -> Option<Cursor<'d>> {
    let at = reader.member(section, key);
    if at.is_none() {
        reader.wrong_key(section, format!("has no `{key}`"), None);
    }
    at
}

fn url(reader: &mut Reader<'_>, at: Cursor<'_>) -> Option<Url> {
    let text = reader.text(at)?;
    let checked = network::check(&text);
    if let Err(problem) = checked {
        reader.mistake(at, problem, Some("https://HOST[:PORT][/PATH]".to_owned()));
    }
    checked.ok()
}

/// `file:PATH` or a URL.
fn key_set(reader: &mut Reader<'_>, at: Cursor<'_>) -> Option<KeySet> {
    let text = reader.text(at)?;
    let made = match text.strip_prefix("file:") {
        Some(_) if !reader.needs(at) => Ok(KeySet::none()),
        Some(path) => Source::file(path.trim()).map(KeySet::file),
        None => Document::new(url(reader, at)?).map(KeySet::url),
    };
    match made {
        Ok(keys) => Some(keys),
        Err(error) => {
            reader.mistake(at, sentence(&error), None);
            None
        }
    }
}

fn algorithms(reader: &mut Reader<'_>, section: Cursor<'_>) -> Vec<Algorithm> {
    let Some(named) = reader.texts_of(section, "algorithms") else {
        return vec![Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];
    };
    let mut algorithms = Vec::new();
    for (at, name) in named {
        match Algorithm::parse(&name) {
            Some(algorithm) => algorithms.push(algorithm),
            None => {
                let help = suggest(&name, &Algorithm::names());
                reader.mistake(at, "is not an algorithm that is accepted", Some(help));
            }
        }
    }
    algorithms
}

fn rules(reader: &mut Reader<'_>, section: Cursor<'_>, known: &Known<'_>) -> Vec<Rule> {
    let Some(list) = needed(reader, section, "rules") else {
        return Vec::new();
    };
    if !list.is_array() || list.is_empty() {
        let help = "rules:\n  - {scope: tools.read, servers: ['*'], read_only: true}".to_owned();
        reader.mistake(list, "must be a list of rules", Some(help));
        return Vec::new();
    }
    let mut rules = Vec::new();
    for entry in list.items() {
        let Some(entry) = reader.object(entry) else {
            continue;
        };
        reader.only(entry, RULE_KEYS, &mut |_, _, _| false);
        let scope_word = reader.text_of(entry, "scope");
        let claim = reader.text_of(entry, "claim");
        let value = reader.text_of(entry, "value");
        let scope = keys::scope(reader, entry, known);
        let (claim, value) = match (scope_word, claim, value) {
            (Some(word), None, None) => ("scope".to_owned(), word),
            (None, Some(claim), Some(value)) => (claim, value),
            _ => {
                let help = "scope: WORD, or claim: NAME with value: TEXT".to_owned();
                reader.mistake(entry, "does not say which tokens it is for", Some(help));
                continue;
            }
        };
        if let Some(scope) = scope {
            rules.push(Rule {
                claim,
                value,
                scope,
            });
        }
    }
    rules
}

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
    let algorithms = algorithms(reader, section);
    let key_set = needed(reader, section, "jwks").and_then(|at| key_set(reader, at, &algorithms));
    let public_url = needed(reader, section, "public_url").and_then(|at| url(reader, at));
    let servers = reader.texts_of(section, "authorization_servers");
    for (at, text) in servers.iter().flatten() {
        check(reader, *at, text);
    }
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
    check(reader, at, &text)
}

fn check(reader: &mut Reader<'_>, at: Cursor<'_>, text: &str) -> Option<Url> {
    let checked = network::check(text);
    if let Err(problem) = checked {
        let help = match problem {
            network::USER_INFO => "remove it: this address is for everybody",
            _ => "https://HOST[:PORT][/PATH]",
        };
        reader.mistake(at, problem, Some(help.to_owned()));
    }
    checked.ok()
}

/// `file:PATH` or a URL.
fn key_set(reader: &mut Reader<'_>, at: Cursor<'_>, algorithms: &[Algorithm]) -> Option<KeySet> {
    let text = reader.text(at)?;
    let made = match text.strip_prefix("file:") {
        Some(_) if !reader.needs(at) => Ok(KeySet::none()),
        Some(path) => Source::file(path.trim()).map(|source| {
            // What it holds later cannot be known; what it holds now has to let somebody in.
            let text = source.current().ok();
            let problem = text.and_then(|text| KeySet::problem(text.expose(), algorithms));
            if let (Some(problem), false) = (problem, algorithms.is_empty()) {
                let help = "a JWKS of RFC 7517: {\"keys\": [{\"kty\": …}]}".to_owned();
                reader.mistake(at, problem, Some(help));
            }
            KeySet::file(source)
        }),
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
    if let Some(at) = section
        .get("algorithms")
        .filter(|at| at.is_array() && at.is_empty())
    {
        let help = "name some, or leave the key out for RS256, ES256 and EdDSA".to_owned();
        reader.mistake(at, "is empty, so that no token would be let in", Some(help));
    }
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
        let tokens = tokens(reader, entry);
        let scope = keys::scope(reader, entry, known);
        if let (Some((claim, value)), Some(scope)) = (tokens, scope) {
            rules.push(Rule {
                claim,
                value,
                scope,
            });
        }
    }
    rules
}

/// The claim of the tokens that a rule is for, and what it holds.
fn tokens(reader: &mut Reader<'_>, entry: Cursor<'_>) -> Option<(String, String)> {
    let help = "scope: WORD, or claim: NAME with value: TEXT";
    let [word, claim, value] = ["scope", "claim", "value"].map(|key| reader.member(entry, key));
    let (claim, at) = match (word, claim, value) {
        (Some(at), None, None) => ("scope".to_owned(), at),
        (None, Some(claim), Some(at)) => (reader.text(claim)?, at),
        (Some(_), Some(at), _) | (Some(_), None, Some(at)) => {
            let help = format!("keep one of the two: {help}");
            reader.wrong_key(at, "cannot stand beside `scope`", Some(help));
            return None;
        }
        _ => {
            let message = "does not say which tokens it is for";
            reader.mistake(entry, message, Some(help.to_owned()));
            return None;
        }
    };
    let value = reader.text(at)?;
    // RFC 6749 §3.3: words stand with spaces between them, so that one with a space is never there.
    let is_word = |byte: u8| byte.is_ascii_graphic() && !b"\"\\".contains(&byte);
    if claim == "scope" && !value.bytes().all(is_word) {
        let help = "one word; for several write a rule for each".to_owned();
        reader.mistake(at, "is no scope that a token can have", Some(help));
    }
    Some((claim, value))
}

#[cfg(test)]
#[path = "jwt_tests.rs"]
mod tests;

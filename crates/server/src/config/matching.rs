//! Which compiled-in toolset a server means.

use toolwright_document::{Cursor, visible};
use toolwright_runtime::Toolset;

use super::mistake::nearest;
use super::reader::Reader;

/// By `spec`, else by the server's name, else by where the description came from.
pub(super) fn toolset(
    reader: &mut Reader<'_>,
    name: &str,
    section: Cursor<'_>,
    toolsets: &[&'static Toolset],
) -> Option<&'static Toolset> {
    let by_name = |name: &str| {
        toolsets
            .iter()
            .copied()
            .find(|toolset| toolset.name == name)
    };
    let spec = reader.member(section, "spec");
    // No description of an API would help LiteLLM's servers of other kinds.
    let transport = section.get("transport").and_then(|at| at.as_str());
    let is_api = !matches!(transport, Some("sse" | "stdio"));
    let spec_path_at = reader.member(section, "spec_path");
    let spec_path = spec_path_at.and_then(|at| reader.text(at));
    let shown_path = spec_path_at.and_then(|at| at.as_str()).map(without_secrets);
    if let Some(at) = spec {
        let wanted = reader.text(at)?;
        let found = by_name(&wanted);
        if found.is_none() {
            let shown = visible(&wanted).to_string();
            let help = missing(&wanted, shown_path.as_deref(), toolsets, is_api);
            reader.mistake(
                at,
                format!("no toolset `{shown}` is compiled in"),
                Some(help),
            );
        }
        return found;
    }
    if let Some(found) = by_name(name) {
        let differs = spec_path.is_some_and(|path| path != found.source);
        if let (true, Some(shown)) = (differs, shown_path) {
            reader.notes.push(format!(
                "mcp_servers.{name}.spec_path is {shown}, but the tools were compiled from {}",
                found.source
            ));
        }
        return Some(found);
    }
    let by_source: Vec<&'static Toolset> = toolsets
        .iter()
        .copied()
        .filter(|toolset| spec_path.as_deref() == Some(toolset.source))
        .collect();
    match by_source.as_slice() {
        [found] => Some(found),
        [] => {
            let help = missing(name, shown_path.as_deref(), toolsets, is_api);
            reader.wrong_key(
                section,
                "no tools are compiled in for this server",
                Some(help),
            );
            None
        }
        several => {
            let names: Vec<&str> = several.iter().map(|toolset| toolset.name).collect();
            let help = format!(
                "say which with `spec:`; from this source came {}",
                names.join(", ")
            );
            reader.wrong_key(
                section,
                "several toolsets were compiled from its spec_path",
                Some(help),
            );
            None
        }
    }
}

/// An address as it is written, variables by their names, without what may let somebody in: user info, and the values of
/// a query.
fn without_secrets(written: &str) -> String {
    let (start, query) = match written.split_once('?') {
        Some((start, query)) => (start, Some(query)),
        None => (written, None),
    };
    let mut shown = match start.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host);
            format!("{scheme}://{host}{path}")
        }
        None => start.to_owned(),
    };
    for (number, part) in query
        .into_iter()
        .flat_map(|query| query.split('&'))
        .enumerate()
    {
        shown.push(if number == 0 { '?' } else { '&' });
        if let Some((name, _)) = part.split_once('=') {
            shown.push_str(&format!("{name}="));
        }
        shown.push('…');
    }
    visible(&shown).to_string()
}

fn missing(
    name: &str,
    spec_path: Option<&str>,
    toolsets: &[&'static Toolset],
    is_api: bool,
) -> String {
    let names: Vec<&str> = toolsets.iter().map(|toolset| toolset.name).collect();
    let mut help = String::new();
    if let Some(near) = nearest(name, names.iter().copied()) {
        help.push_str(&format!("did you mean `{near}`?\n"));
    }
    let compiled = if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    };
    help.push_str(&format!("compiled in: {compiled}\n"));
    if !is_api {
        help.push_str("only APIs with a description are served; remove this server");
        return help;
    }
    let shown = visible(name).to_string();
    let source = spec_path.unwrap_or("SPEC");
    help.push_str(&format!(
        "to compile it in: cargo xtask add {shown} {source}"
    ));
    help
}

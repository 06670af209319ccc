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
    let spec_path_at = reader.member(section, "spec_path");
    let spec_path = spec_path_at.and_then(|at| reader.text(at));
    if let Some(at) = spec {
        let wanted = reader.text(at)?;
        let found = by_name(&wanted);
        if found.is_none() {
            let shown = visible(&wanted).to_string();
            let help = missing(&wanted, spec_path.as_deref(), toolsets);
            reader.mistake(
                at,
                format!("no toolset `{shown}` is compiled in"),
                Some(help),
            );
        }
        return found;
    }
    if let Some(found) = by_name(name) {
        if let Some(path) = spec_path.filter(|path| path != found.source) {
            reader.notes.push(format!(
                "mcp_servers.{name}.spec_path is {path}, but the tools were compiled from {}",
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
            let help = missing(name, spec_path.as_deref(), toolsets);
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

fn missing(name: &str, spec_path: Option<&str>, toolsets: &[&'static Toolset]) -> String {
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
    let shown = visible(name).to_string();
    let source = spec_path.unwrap_or("SPEC");
    help.push_str(&format!(
        "to compile it in: cargo xtask add {shown} {source}"
    ));
    help
}

//! Credentials: which are asked for, and where they go.

use super::change::{Changes, Class};
use super::snapshot::{Snapshot, ToolSnapshot};
use crate::text::{literal, one_line};

/// What is declared for all tools.
pub(super) fn toolset(before: &Snapshot, after: &Snapshot, changes: &mut Changes) {
    servers(&before.servers, &after.servers, changes);
    for (name, new) in &after.schemes {
        let place = format!("scheme {}", one_line(name, 80));
        match before.schemes.get(name) {
            Some(old) if old == new => {}
            Some(old) => changes.push(Class::Security, place, format!("{old} → {new}")),
            None => changes.push(Class::Security, place, format!("added: {new}")),
        }
    }
    for (name, old) in &before.schemes {
        if !after.schemes.contains_key(name) {
            changes.push(
                Class::Security,
                format!("scheme {}", one_line(name, 80)),
                format!("removed: {old}"),
            );
        }
    }
}

/// What one tool asks for, and where it sends it.
pub(super) fn tool(before: &ToolSnapshot, after: &ToolSnapshot, changes: &mut Changes) {
    if before.servers != after.servers {
        servers(&before.servers, &after.servers, changes);
    }
    if before.security != after.security {
        changes.push(
            Class::Security,
            "credentials",
            format!("{} → {}", asked(&before.security), asked(&after.security)),
        );
    }
    let names = before.annotations.keys().chain(after.annotations.keys());
    let mut names: Vec<&String> = names.filter(|name| *name != "title").collect();
    names.sort();
    names.dedup();
    for name in names {
        let (old, new) = (before.annotations.get(name), after.annotations.get(name));
        if old != new {
            let show = |value: Option<&toolwright_document::Json>| {
                value.map_or_else(|| "none".to_owned(), |value| one_line(&value.compact(), 80))
            };
            changes.push(
                Class::Security,
                name.as_str(),
                format!("{} → {}", show(old), show(new)),
            );
        }
    }
}

/// A new tool that goes where nothing went before.
pub(super) fn added(before: &Snapshot, tool: &ToolSnapshot, changes: &mut Changes) {
    let elsewhere = before.tools.iter().flat_map(|tool| &tool.servers);
    let known: Vec<&str> = before
        .servers
        .iter()
        .chain(elsewhere)
        .map(|url| origin(url).0)
        .collect();
    for server in &tool.servers {
        let (origin, _) = origin(server);
        if !known.iter().any(|known| known.eq_ignore_ascii_case(origin)) {
            changes.push(
                Class::Security,
                "upstream",
                format!("goes to {}, where no tool went before", literal(origin)),
            );
        }
    }
}

fn asked(security: &[String]) -> String {
    match security {
        [] => "none".to_owned(),
        list => list.join(" or "),
    }
}

fn servers(before: &[String], after: &[String], changes: &mut Changes) {
    if before == after {
        return;
    }
    let list = |urls: &[String], part: fn(&str) -> &str| {
        let mut parts: Vec<String> = Vec::new();
        for url in urls {
            let part = one_line(part(url), 200);
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        if parts.is_empty() {
            "none".to_owned()
        } else {
            parts.join(", ")
        }
    };
    let (old, new) = (
        list(before, |url| origin(url).0),
        list(after, |url| origin(url).0),
    );
    if !old.eq_ignore_ascii_case(&new) {
        changes.push(Class::Security, "upstream", format!("{old} → {new}"));
        return;
    }
    let (old, new) = (list(before, |url| url), list(after, |url| url));
    if old != new {
        changes.push(Class::Breaking, "upstream", format!("{old} → {new}"));
    }
}

/// The origin of a URL and the rest; of a relative one the origin is that of the description.
fn origin(url: &str) -> (&str, &str) {
    let Some(at) = url.find("://") else {
        return ("the origin of the description", url);
    };
    let end = url[at + 3..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |end| at + 3 + end);
    url.split_at(end)
}

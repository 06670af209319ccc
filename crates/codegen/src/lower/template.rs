//! Path templates as the runtime reads them.

use crate::model::{Location, Operation};
use crate::version::meant;

/// The path with the names of its parameters in braces, and nothing else in braces: text is percent-encoded.
pub(super) fn written(operation: &Operation<'_>) -> String {
    let is_at = |place: Location, name: &str| {
        let mut parameters = operation.parameters.iter();
        parameters.any(|parameter| parameter.location == place && parameter.name == name)
    };
    let in_path = |name: &str| is_at(Location::Path, name);
    let (path, query) = match operation.path.split_once('?') {
        // A name may hold the mark.
        Some((path, query)) if path.matches('{').count() == path.matches('}').count() => {
            (path, Some(query))
        }
        _ => (operation.path.as_str(), None),
    };
    let mut out = filled(path, &in_path);
    let Some(query) = query else { return out };
    // What the query parameters send is no fixed part of the query.
    let fixed = query.split('&').filter(|pair| {
        let value = pair.split_once('=').map_or("", |(_, value)| value);
        let name = value
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        !name.is_some_and(|name| !in_path(name) && is_at(Location::Query, name))
    });
    let fixed: Vec<String> = fixed.map(|pair| filled(pair, &in_path)).collect();
    if !fixed.is_empty() {
        out.push('?');
        out.push_str(&fixed.join("&"));
    }
    out
}

fn filled(text: &str, is_parameter: &impl Fn(&str) -> bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, braced) = rest.split_at(at);
        out.push_str(before);
        let inner = braced
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'));
        match inner.and_then(|(name, after)| Some((meant(name, is_parameter)?, after))) {
            Some((name, after)) => {
                out.push_str(&format!("{{{name}}}"));
                rest = after;
            }
            None => {
                out.push_str(if braced.starts_with('{') {
                    "%7B"
                } else {
                    "%7D"
                });
                rest = &braced[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

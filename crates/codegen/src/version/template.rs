//! Path templates, and names that HTTP allows.

use indexmap::IndexSet;

/// The names in `{}`, each once, in order. Braces that do not match are literal.
pub(super) fn names(path: &str) -> IndexSet<&str> {
    let mut out = IndexSet::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some(end) = after.find(['{', '}']) else {
            break;
        };
        let (name, tail) = after.split_at(end);
        rest = tail;
        if let Some(tail) = tail.strip_prefix('}') {
            rest = tail;
            out.insert(name);
        }
    }
    out
}

/// The names of the pairs in a path's query that are sent whatever the arguments are: all but those whose value is a
/// query parameter itself.
pub(super) fn fixed_pairs(path: &str, is_query: impl Fn(&str) -> bool) -> IndexSet<String> {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('#').next().unwrap_or_default().split('&');
    pairs
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let inner = value
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            let own = inner.is_some_and(&is_query);
            (!own && !name.is_empty()).then(|| decoded(name))
        })
        .collect()
}

/// A name in a query without its percent-encoding.
fn decoded(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.bytes();
    while let Some(byte) = rest.next() {
        let hex = |digit: Option<u8>| char::from(digit?).to_digit(16);
        let mut ahead = rest.clone();
        let pair = (hex(ahead.next()), hex(ahead.next()));
        match (byte, pair) {
            (b'%', (Some(high), Some(low))) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(byte));
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The path without the names of its parameters: paths of one shape match the same requests.
pub(super) fn shape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, tail)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        out.push_str("{}");
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The declared name that an expression in braces means: the expression itself, or what is left of it without what
/// routers and RFC 6570 write around a name (`+name`, `;name*`, `name:int`, `name=shelves/*`).
pub(crate) fn meant(expression: &str, is_declared: impl Fn(&str) -> bool) -> Option<&str> {
    if is_declared(expression) {
        return Some(expression);
    }
    let name = expression.trim_start_matches(['+', '#', '.', '/', ';', '?', '&', '*']);
    let name = name.split(['*', ':', '=', '?', '!', '(']).next()?;
    is_declared(name).then_some(name)
}

/// Whether a name in braces looks like one. Others are text that happens to hold braces, unless a parameter is
/// declared for them.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | '~' | ':' | '*' | '+')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_templates() {
        for (path, expected) in [
            ("/pets/{petId}/toys/{toyId}", vec!["petId", "toyId"]),
            ("/a/{x},{y}", vec!["x", "y"]),
            ("/a/{x}/{x}", vec!["x"]),
            ("/a/{x}}", vec!["x"]),
            ("/a/{x", vec![]),
            ("/a/{{x}}", vec!["x"]),
            ("/a/{}", vec![""]),
            ("/a", vec![]),
        ] {
            assert_eq!(
                names(path).into_iter().collect::<Vec<_>>(),
                expected,
                "{path}"
            );
        }
    }

    #[test]
    fn pairs_that_are_fixed() {
        for (path, expected) in [
            ("/a", vec![]),
            ("/a?type=x&q={q}&b", vec!["type", "b"]),
            ("/a?t%79pe={id}", vec!["type"]),
        ] {
            let fixed = fixed_pairs(path, |name| name == "q");
            assert_eq!(fixed.into_iter().collect::<Vec<_>>(), expected, "{path}");
        }
    }

    #[test]
    fn expressions_mean_declared_names() {
        for (expression, expected) in [
            ("id", Some("id")),
            ("+id", Some("id")),
            (";id*", Some("id")),
            ("*id", Some("id")),
            ("id:int", Some("id")),
            ("id=shelves/*", Some("id")),
            ("id?", Some("id")),
            ("a/b", Some("a/b")),
            ("ids", None),
            ("", None),
        ] {
            let declared = |name: &str| ["id", "a/b"].contains(&name);
            assert_eq!(meant(expression, declared), expected, "{expression}");
        }
    }

    #[test]
    fn shapes_of_templates() {
        assert_eq!(shape("/a/{b}/c/{d}"), "/a/{}/c/{}");
        assert_eq!(shape("/a/{b"), "/a/{b");
    }
}

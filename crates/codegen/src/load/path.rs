//! Names of files relative to the root folder, and the parts of a reference (RFC 3986).

use std::borrow::Cow;

/// The parts before and after the first `#`.
pub(super) fn split(reference: &str) -> (&str, Option<&str>) {
    match reference.split_once('#') {
        Some((file, fragment)) => (file, Some(fragment)),
        None => (reference, None),
    }
}

/// Whether a reference names a scheme or an authority: `https://…`, `urn:…`, `//host/…`.
pub(super) fn is_absolute(uri: &str) -> bool {
    if uri.starts_with("//") {
        return true;
    }
    let Some((scheme, _)) = uri.split_once(':') else {
        return false;
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(plain)
}

/// Where a relative reference in the file `from` leads: a path relative to the root folder, or `None` when it leads
/// out of there. Percent-encoding is undone first, so that it hides no step.
pub(super) fn relative(from: &str, uri: &str) -> Option<String> {
    let decoded = decode(uri);
    if decoded.starts_with(['/', '\\']) || decoded.contains(['\0', '\n', '\r']) {
        return None;
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    normalize(&format!("{folder}/{decoded}"))
}

/// Where the copy of a document of the network lies when it was bundled: below `remote/` in the folder of the entry file.
/// `None` for what is no http(s) URL, or would not stay there.
pub(super) fn bundled(entry: &str, url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let plain = |c: char| c.is_ascii_graphic() && c != '\\';
    if !matches!(scheme.as_str(), "http" | "https") || !rest.chars().all(plain) {
        return None;
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if authority.is_empty() || authority.starts_with('.') || !authority.chars().all(host) {
        return None;
    }
    // A colon and a question mark are not for names of files; a plus is not for names of hosts.
    let path = format!(
        "{}/{}",
        authority.to_ascii_lowercase().replace(':', "+"),
        path.replace('?', "%3F")
    );
    let folder = entry.rsplit_once('/').map_or("", |(folder, _)| folder);
    let below = normalize(&path).filter(|below| below.contains('/'))?;
    normalize(&format!("{folder}/{REMOTE}/{scheme}/{below}"))
}

/// The folder of bundled documents.
const REMOTE: &str = "remote";

/// The URL that a path below `remote/` in the folder of `entry` stands for.
#[must_use]
pub fn bundled_url(entry: &str, path: &str) -> Option<String> {
    let folder = entry.rsplit_once('/').map_or("", |(folder, _)| folder);
    let inside = path.strip_prefix(folder)?.trim_start_matches('/');
    let (scheme, rest) = inside
        .strip_prefix(REMOTE)?
        .strip_prefix('/')?
        .split_once('/')?;
    let (authority, path) = rest.split_once('/')?;
    Some(format!(
        "{scheme}://{}/{}",
        authority.replace('+', ":"),
        path.replace("%3F", "?")
    ))
}

/// Takes `.`, `..` and empty parts out of a path; `None` when it climbs above its start.
pub(super) fn normalize(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// An identifier of a schema resource made absolute by the one around it: enough of RFC 3986 §5.2 for `$id`.
pub(super) fn join(base: &str, uri: &str) -> String {
    if uri.is_empty() {
        return base.to_owned();
    }
    if is_absolute(uri) {
        return uri.to_owned();
    }
    let authority = base.find("://").map(|at| at + 3);
    let path = authority.and_then(|at| base.get(at..)?.find('/').map(|slash| at + slash));
    let (origin, path) = match (authority, path) {
        (Some(_), Some(path)) => base.split_at(path),
        (Some(_), None) => (base, ""),
        (None, _) => ("", base),
    };
    let joined = match path.rsplit_once('/') {
        _ if uri.starts_with('/') => uri.to_owned(),
        Some((folder, _)) => format!("{folder}/{uri}"),
        None => uri.to_owned(),
    };
    let normal = normalize(&joined).unwrap_or(joined);
    if origin.is_empty() {
        normal
    } else {
        format!("{origin}/{normal}")
    }
}

/// Undoes percent-encoding where the result is text; otherwise leaves things as they are.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let code = match (byte, ahead.next().and_then(hex), ahead.next().and_then(hex)) {
            (b'%', Some(high), Some(low)) => {
                bytes = ahead;
                high * 16 + low
            }
            _ => byte,
        };
        out.push(code);
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundled_documents_have_a_place_and_an_address() {
        for (entry, url, place) in [
            (
                "api.yaml",
                "https://a.example/x/y.yaml",
                Some("remote/https/a.example/x/y.yaml"),
            ),
            (
                "spec/api.yaml",
                "http://a.example:8080/y?v=1",
                Some("spec/remote/http/a.example+8080/y%3Fv=1"),
            ),
            ("api.yaml", "https://a.example/../../b", None),
            ("api.yaml", "https://../b", None),
            ("api.yaml", "https://user@a.example/b", None),
            ("api.yaml", "https://a.example", None),
            ("api.yaml", "file:///etc/passwd", None),
            ("api.yaml", "urn:b", None),
        ] {
            let found = bundled(entry, url);
            assert_eq!(found.as_deref(), place, "{url}");
            let back = found.and_then(|found| bundled_url(entry, &found));
            assert_eq!(back.as_deref(), place.map(|_| url));
        }
        assert_eq!(bundled_url("spec/api.yaml", "spec/other.yaml"), None);
    }

    #[test]
    fn relative_paths_stay_in_the_root() {
        for (from, uri, expected) in [
            ("api.yaml", "a.yaml", Some("a.yaml")),
            ("v1/api.yaml", "./x/../a.yaml", Some("v1/a.yaml")),
            ("v1/api.yaml", "../a.yaml", Some("a.yaml")),
            ("v1/api.yaml", "../../a.yaml", None),
            ("api.yaml", "%2e%2e/etc/passwd", None),
            ("api.yaml", "..%2F..%2Fetc/passwd", None),
            ("api.yaml", "..\\secret", None),
            ("api.yaml", "/etc/passwd", None),
            ("api.yaml", "a%20b.yaml", Some("a b.yaml")),
            ("api.yaml", "100%.yaml", Some("100%.yaml")),
        ] {
            assert_eq!(
                relative(from, uri).as_deref(),
                expected,
                "{uri} from {from}"
            );
        }
    }

    #[test]
    fn identifiers_are_joined() {
        for (base, uri, expected) in [
            ("https://a.example/x/y", "z", "https://a.example/x/z"),
            ("https://a.example", "z", "https://a.example/z"),
            ("https://a.example/x/y", "/z", "https://a.example/z"),
            ("https://a.example/x/y", "urn:b", "urn:b"),
            ("dir/api.yaml", "pet", "dir/pet"),
            ("https://a.example/x", "", "https://a.example/x"),
        ] {
            assert_eq!(join(base, uri), expected, "{uri} in {base}");
        }
    }

    #[test]
    fn absolute_references() {
        for (uri, expected) in [
            ("https://a.example/b", true),
            ("urn:x", true),
            ("//host/x", true),
            ("a/b:c", false),
            ("a.yaml", false),
            ("", false),
        ] {
            assert_eq!(is_absolute(uri), expected, "{uri}");
        }
    }
}

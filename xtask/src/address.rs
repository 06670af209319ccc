//! URLs of descriptions: what is recorded of them, and what messages show.

use url::Url;

use crate::console::Console;

/// Parts of the names of parameters that carry credentials, in lower case.
const PARTS: [&str; 10] = [
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "signature",
    "credential",
    "apikey",
    "accesskey",
    "session",
];
/// Words of such names; the short ones stand in other words too.
const WORDS: [&str; 8] = ["key", "sig", "auth", "oauth", "pwd", "pass", "jwt", "sas"];

/// The text of an http(s) URL, parsed.
pub(crate) fn http(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// A URL as `specs.lock` has it: without its user name and password.
pub(crate) fn recorded(url: &Url) -> String {
    let mut url = url.clone();
    // Only URLs that cannot have credentials refuse to lose them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

/// A URL as messages show it: also without the values of parameters that look like credentials.
pub(crate) fn shown(url: &Url) -> String {
    let Some(query) = url.query().filter(|_| !secrets(url).is_empty()) else {
        return recorded(url);
    };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret(&decoded(pair)) => format!("{name}=***"),
            _ => pair.to_owned(),
        })
        .collect();
    let mut url = url.clone();
    url.set_query(Some(&pairs.join("&")));
    recorded(&url)
}

/// The same of what may be a URL, or a path.
pub(crate) fn shown_text(text: &str) -> String {
    Url::parse(text)
        .ok()
        .filter(Url::has_host)
        .map_or_else(|| text.to_owned(), |url| shown(&url))
}

/// The names of parameters that look like those of credentials.
pub(crate) fn secrets(url: &Url) -> Vec<String> {
    let mut names: Vec<String> = url
        .query_pairs()
        .filter(|(name, value)| is_secret(name) && !value.is_empty())
        .map(|(name, _)| name.into_owned())
        .collect();
    names.dedup();
    names
}

/// Says what became of the credentials in a URL that was given, and of those in the one that is recorded.
pub(crate) fn warn(given: &str, source: &str, console: &mut Console<'_>) {
    let has_user = |url: &Url| !url.username().is_empty() || url.password().is_some();
    if http(given).as_ref().is_some_and(has_user) {
        console.warn(
            "warning: the user name and the password of the URL are not recorded: `update` and `drift` will fetch without them",
        );
    }
    let names = http(source).map_or_else(Vec::new, |url| secrets(&url));
    if !names.is_empty() {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        console.warn(format_args!(
            "warning: the source that specs.lock records has {} in its query, which looks like a credential: it is committed and compiled in\n  \
             help: do not commit it; `cargo xtask add` records another source with `--source URL`",
            names.join(", ")
        ));
    }
}

fn decoded(pair: &str) -> String {
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    PARTS.iter().any(|part| name.contains(part))
        || name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        for (url, expected) in [
            ("https://u:p@h/a?b=c", "https://h/a?b=c"),
            ("https://h/a?token=x&b=c&d", "https://h/a?token=***&b=c&d"),
            ("https://h/?API_KEY=x", "https://h/?API_KEY=***"),
            (
                "https://h/?access%5Ftoken=x",
                "https://h/?access%5Ftoken=***",
            ),
            (
                "https://h/?X-Amz-Signature=x",
                "https://h/?X-Amz-Signature=***",
            ),
            ("https://h/?sig=x&se=y", "https://h/?sig=***&se=y"),
            ("https://h/?privateToken=x", "https://h/?privateToken=***"),
            (
                "https://h/?keyword=x&design=y",
                "https://h/?keyword=x&design=y",
            ),
            ("https://h/?token=", "https://h/?token="),
        ] {
            assert_eq!(shown(&Url::parse(url).unwrap()), expected);
            assert_eq!(shown_text(url), expected);
        }
        assert_eq!(shown_text("specs/a.json?token=x"), "specs/a.json?token=x");
    }
}

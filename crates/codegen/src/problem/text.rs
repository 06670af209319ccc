use toolwright_document::Snippet;

/// Bytes of a message or a pointer that are shown.
const LONGEST: usize = 2_000;

/// Text from a description as a message shows it: not endless, and without the passwords that some put into URLs.
pub(super) fn bounded(mut text: String) -> String {
    if text.len() > LONGEST {
        let cut = (0..=LONGEST).rev().find(|&at| text.is_char_boundary(at));
        text.truncate(cut.unwrap_or_default());
        text.push('…');
    }
    if text.contains("://") {
        redact(&text)
    } else {
        text
    }
}

pub(super) fn shown(mut snippet: Snippet) -> Snippet {
    if snippet.text.contains('@') {
        // The caret stays where it is: one mark for each character.
        snippet.text = redact(&snippet.text);
    }
    snippet
}

/// Puts `*` in the place of `user:password` in URLs.
fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`'));
        let (authority, tail) = after.split_at(end.unwrap_or(after.len()));
        match authority.rsplit_once('@') {
            Some((secret, host)) => {
                out.extend(secret.chars().map(|_| '*'));
                out.push('@');
                out.push_str(host);
            }
            None => out.push_str(authority),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_urls_are_hidden() {
        for (text, expected) in [
            (
                "at `https://a:b@c.example/x@y`",
                "at `https://***@c.example/x@y`",
            ),
            ("https://c.example/?a@b", "https://c.example/?a@b"),
            ("{url: 'http://u:p@h'}", "{url: 'http://***@h'}"),
            ("a@b", "a@b"),
        ] {
            assert_eq!(bounded(text.to_owned()), expected);
        }
    }

    #[test]
    fn messages_have_an_end() {
        assert!(bounded("é".repeat(100_000)).len() <= LONGEST + 4);
    }
}

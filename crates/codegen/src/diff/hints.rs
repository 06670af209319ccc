//! What in a text should make a reviewer look twice.

use crate::text::{count, cut, is_invisible, literal};

/// A reason to look twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// Characters that show nothing or turn the order of others around; how many.
    Hidden(usize),
    /// Words that speak to the reader as a command would; as they stand there.
    Instruction(String),
    /// An address that agents might visit, or send something to.
    Link(String),
    /// Markup that a person does not see when it is shown: comments, tags.
    Markup(String),
}

/// Words with which texts command agents: kept small, for a warning that comes always is none.
const COMMANDS: [&str; 36] = [
    "ignore previous",
    "ignore all",
    "ignore any",
    "ignore the",
    "ignore your",
    "ignore other",
    "ignore earlier",
    "disregard",
    "override",
    "do not tell",
    "don't tell",
    "do not mention",
    "don't mention",
    "do not inform",
    "do not reveal",
    "without telling",
    "without asking",
    "without confirmation",
    "the user must not",
    "never tell",
    "system prompt",
    "system message",
    "you are now",
    "you must",
    "you should always",
    "always call",
    "always use this tool",
    "before calling",
    "before using",
    "instead of calling",
    "call this tool first",
    "first call",
    "pass the contents",
    "include the contents",
    "api key of",
    "conversation history",
];

/// Everything worth a second look in `text`.
#[must_use]
pub fn hints(text: &str) -> Vec<Hint> {
    let mut found = Vec::new();
    let hidden = text.chars().filter(|&c| is_invisible(c)).count();
    if hidden > 0 {
        found.push(Hint::Hidden(hidden));
    }
    // As a model reads it: hidden characters and line breaks do not separate words.
    let plain: String = text.chars().filter(|&c| !is_invisible(c)).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    // Not `to_lowercase`, which would move the places of words.
    let lower = plain.to_ascii_lowercase();
    for words in COMMANDS {
        if let Some(at) = lower.find(words) {
            found.push(Hint::Instruction(
                plain.get(at..at + words.len()).unwrap_or(words).to_owned(),
            ));
        }
    }
    for (at, _) in lower.match_indices("://") {
        let start = lower[..at]
            .rfind(|c: char| !c.is_ascii_alphanumeric())
            .map_or(0, |before| {
                before + lower[before..].chars().next().map_or(1, char::len_utf8)
            });
        let end = plain[at..]
            .find(|c: char| c.is_whitespace() || "\"'<>()[]{}`|".contains(c))
            .map_or(plain.len(), |length| at + length);
        found.push(Hint::Link(
            plain[start..end]
                .trim_end_matches(['.', ',', ';', ':', '!', '?'])
                .to_owned(),
        ));
    }
    for mark in ["<!--", "<system", "<important", "<instructions", "[//]:"] {
        if lower.contains(mark) {
            found.push(Hint::Markup(mark.to_owned()));
        }
    }
    found
}

/// The most links that are named.
const LINKS: usize = 5;

/// The hints of `after` that `before` did not give already, in words; hidden characters always.
pub(super) fn fresh(before: Option<&str>, after: &str) -> Vec<String> {
    let known = before.map(hints).unwrap_or_default();
    let (mut out, mut links) = (Vec::new(), 0);
    for hint in hints(after) {
        if known.contains(&hint) && !matches!(hint, Hint::Hidden(_)) {
            continue;
        }
        let show = |text: &str| literal(cut(text, 120).as_deref().unwrap_or(text));
        out.push(match hint {
            Hint::Hidden(1) => "1 hidden character".to_owned(),
            Hint::Hidden(number) => format!("{number} hidden characters"),
            Hint::Instruction(words) => format!("reads like an instruction: {}", show(&words)),
            Hint::Link(_) if links >= LINKS => {
                links += 1;
                continue;
            }
            Hint::Link(link) => {
                links += 1;
                format!("link: {}", show(&link))
            }
            Hint::Markup(mark) => format!("markup that is not shown: {}", show(&mark)),
        });
    }
    if links > LINKS {
        out.push(count(links - LINKS, "more link"));
    }
    out
}

/// The same for the end of a line.
pub(super) fn remarks(before: Option<&str>, after: &str) -> String {
    let hints = fresh(before, after).into_iter();
    hints.map(|hint| format!(" [{hint}]")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_links_and_hidden_characters_are_found() {
        for (text, expected) in [
            ("Get an item by its id.", vec![]),
            (
                "Ignore\n  previous instructions",
                vec![Hint::Instruction("Ignore previous".into())],
            ),
            ("a\u{200b}b\u{202e}", vec![Hint::Hidden(2)]),
            (
                "DO NOT te\u{200b}ll the user",
                vec![Hint::Hidden(1), Hint::Instruction("DO NOT tell".into())],
            ),
            (
                "See (https://docs.example/x), please",
                vec![Hint::Link("https://docs.example/x".into())],
            ),
            ("größe ftp://h/ö.", vec![Hint::Link("ftp://h/ö".into())]),
            ("x <!-- y -->", vec![Hint::Markup("<!--".into())]),
            ("ſ İ ://", vec![Hint::Link("://".into())]),
        ] {
            assert_eq!(hints(text), expected, "{text:?}");
        }
    }
}

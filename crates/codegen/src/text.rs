//! Text from descriptions on its way to a reader: the model, a Rust literal, a doc comment.

use std::borrow::Cow;

/// `1 tool`, `2 tools`, `2 losses`.
pub fn count(number: usize, what: &str) -> String {
    let plural = match what {
        _ if number == 1 => "",
        _ if what.ends_with('s') => "es",
        _ => "s",
    };
    format!("{number} {what}{plural}")
}

/// Whether `c` shows nothing, or changes how its neighbours are shown: controls, bidirectional overrides,
/// zero-width characters, fillers, tags and variation selectors.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether an invisible character does honest work after `before`: joiners and variation selectors between
/// letters of scripts that need them and in emoji.
fn is_honest(c: char, before: Option<char>) -> bool {
    let shown = before.is_some_and(|before| !before.is_ascii() && !is_invisible(before));
    match c {
        '\u{200c}' | '\u{200d}' => shown || before == Some('\u{fe0f}'),
        // Keycaps are an ASCII digit, this selector, and a frame.
        '\u{fe0e}' | '\u{fe0f}' => {
            shown || before.is_some_and(|before| before.is_ascii_digit() || "#*".contains(before))
        }
        _ => false,
    }
}

/// What a model may read: line ends as `\n`, and no characters that hide text from the person who reviews it.
/// The flag says whether such characters were taken out.
pub fn clean(text: &str) -> (Cow<'_, str>, bool) {
    if text
        .bytes()
        .all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
    {
        return (Cow::Borrowed(text), false);
    }
    let mut out = String::with_capacity(text.len());
    let mut removed = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            c if is_invisible(c) && !is_honest(c, out.chars().next_back()) => removed = true,
            c => out.push(c),
        }
    }
    (Cow::Owned(out), removed)
}

/// `text` on one line of at most `limit` characters.
pub fn one_line(text: &str, limit: usize) -> String {
    let (text, _) = clean(text);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&line, limit).unwrap_or(line)
}

/// The beginning of a text that is longer than `limit` characters, with an ellipsis.
pub fn cut(text: &str, limit: usize) -> Option<String> {
    text.char_indices().nth(limit)?;
    let head: String = text.chars().take(limit.saturating_sub(1)).collect();
    let word = head
        .rfind(char::is_whitespace)
        .filter(|at| *at > head.len() / 2);
    Some(format!(
        "{}…",
        head.get(..word.unwrap_or(head.len()))
            .unwrap_or(&head)
            .trim_end()
    ))
}

/// A Rust string literal with exactly this value.
pub fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0' => out.push_str("\\0"),
            c if is_invisible(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// JSON text in which data keeps its value and no character hides another: what shows nothing is `\uXXXX`.
pub fn visible_json(text: String) -> String {
    if !text.contains(is_invisible) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        match is_invisible(c) {
            true => c
                .encode_utf16(&mut [0; 2])
                .iter()
                .for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
            false => out.push(c),
        }
    }
    out
}

/// The most lines that a doc comment takes of a description; the whole of it stands in the JSON.
const DOC_LINES: usize = 10;

/// Markdown that shows `text` and means nothing else, in lines of at most about `width` columns.
pub fn doc(text: &str, width: usize) -> Vec<String> {
    let (text, _) = clean(text);
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim().lines() {
        let line = line.trim();
        if line.is_empty() {
            if lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(String::new());
            }
            continue;
        }
        wrap(line, width, &mut lines);
        if lines.len() > DOC_LINES {
            break;
        }
    }
    if lines.len() > DOC_LINES {
        lines.truncate(DOC_LINES);
        lines.push("…".to_owned());
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.iter().map(|line| escape_markdown(line)).collect()
}

fn wrap(line: &str, width: usize, lines: &mut Vec<String>) {
    let mut current = String::new();
    let mut columns = 0;
    for word in line.split_whitespace() {
        // A word of megabytes says nothing to a reader.
        let word = cut(word, 200).map_or(Cow::Borrowed(word), Cow::Owned);
        let length = word.chars().count();
        if columns > 0 && columns + 1 + length > width {
            lines.push(std::mem::take(&mut current));
            columns = 0;
        }
        if columns > 0 {
            current.push(' ');
            columns += 1;
        }
        current.push_str(&word);
        columns += length;
    }
    lines.push(current);
}

/// Escapes what Markdown, HTML and rustdoc would read; code spans that end on their line stay.
fn escape_markdown(line: &str) -> String {
    let spans = line.matches('`').count().is_multiple_of(2)
        && !line.contains("``")
        && !line.contains("\\`");
    let mut out = String::with_capacity(line.len() + 8);
    let mut code = false;
    let start = line
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(line.len());
    let numbered = start > 0 && line[start..].starts_with(['.', ')']);
    let ruled = line.starts_with(['-', '+', '=', '#', '|', ':', '~']);
    if ruled {
        out.push('\\');
    }
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if std::mem::take(&mut escaped) {
            out.push(c);
            continue;
        }
        match c {
            // An escape of the author's own.
            '\\' if !code && line[at + 1..].starts_with(|c: char| c.is_ascii_punctuation()) => {
                escaped = true
            }
            '`' if spans => code = !code,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '!' if !code => out.push('\\'),
            '.' | ')' if numbered && at == start => out.push('\\'),
            // A colon that no scheme precedes any more is no link.
            ':' if !code && line[at..].starts_with("://") => out.push('\\'),
            '|' | '~' if !code && at > 0 => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    out
}

/// Whether a text is a token of HTTP (RFC 9110 §5.6.2), as header names, methods and cookie names are.
pub(crate) fn is_token(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        for (number, what, expected) in [
            (0, "problem", "0 problems"),
            (1, "problem", "1 problem"),
            (2, "more link", "2 more links"),
            (1, "loss", "1 loss"),
            (3, "loss", "3 losses"),
        ] {
            assert_eq!(count(number, what), expected);
        }
    }

    #[test]
    fn what_hides_is_taken_out_and_what_joins_stays() {
        for (text, expected, removed) in [
            ("a\r\nb\u{2028}c", "a\nb\nc", false),
            ("a\u{202e}b\u{200b}c\0", "abc", true),
            (
                "👨\u{200d}👩 1\u{fe0f}\u{20e3} ❤\u{fe0f}",
                "👨\u{200d}👩 1\u{fe0f}\u{20e3} ❤\u{fe0f}",
                false,
            ),
            ("a\u{200d}b\u{e0041}", "ab", true),
        ] {
            assert_eq!(clean(text), (Cow::Borrowed(expected), removed), "{text:?}");
        }
    }

    #[test]
    fn a_literal_is_a_literal() {
        for text in [
            "*/ \"# \\",
            "\u{202e}x\0\n",
            "größe 名",
            "{petId}\u{1b}[31m",
        ] {
            let literal = literal(text);
            let parsed: syn::LitStr = syn::parse_str(&literal).unwrap();
            assert_eq!(parsed.value(), text);
            assert!(!literal.contains(is_invisible));
        }
    }

    #[test]
    fn docs_say_nothing_but_their_text() {
        for (text, lines) in [
            (
                "See [x](http://y) <b>",
                vec!["See \\[x\\](http\\://y) \\<b\\>"],
            ),
            ("- a\n  b\n1. c", vec!["\\- a", "b", "1\\. c"]),
            (
                "```\ncode `x` ` y\n```",
                vec!["\\`\\`\\`", "code \\`x\\` \\` y", "\\`\\`\\`"],
            ),
            ("a `Vec<T>` b", vec!["a `Vec<T>` b"]),
            ("a\n\n\n\nb", vec!["a", "", "b"]),
            ("    indented", vec!["indented"]),
        ] {
            assert_eq!(doc(text, 100), lines, "{text}");
        }
        assert_eq!(doc(&"x\n".repeat(50), 100).len(), 11);
    }

    #[test]
    fn cutting_keeps_whole_words_where_it_can() {
        assert_eq!(cut("one two three", 100), None);
        assert_eq!(cut("one two three", 9).as_deref(), Some("one two…"));
        assert_eq!(one_line(" a\n b ", 10), "a b");
    }
}

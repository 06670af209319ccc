//! From the syntax that browsers tolerate (ECMA-262, annex B.1.2) to the one with the flag `u` (section 22.2.1), without
//! a change of meaning.

/// The characters that may be escaped everywhere: `SyntaxCharacter` and `/`.
const SYNTAX: &str = "^$\\.*+?()[]{}|/";

/// The pattern as the flag `u` wants it. What is not a pattern with or without the flag is left to the engine's judgement.
pub(super) fn strict(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern.chars();
    let mut in_class = false;
    while let Some(character) = rest.next() {
        match character {
            '\\' => escape(&mut out, &mut rest, in_class),
            '[' if !in_class => {
                in_class = true;
                out.push('[');
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            _ if in_class => out.push(character),
            '{' => match quantifier(rest.as_str()) {
                Some(length) => {
                    out.push('{');
                    out.extend(rest.by_ref().take(length));
                }
                None => out.push_str("\\{"),
            },
            ']' | '}' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

/// What a backslash and the next character become.
fn escape(out: &mut String, rest: &mut std::str::Chars<'_>, in_class: bool) {
    let Some(escaped) = rest.next() else {
        out.push('\\');
        return;
    };
    let braced = matches!(escaped, 'p' | 'P' | 'u') && rest.as_str().starts_with('{');
    let needed = SYNTAX.contains(escaped)
        || escaped.is_ascii_alphanumeric()
        || escaped.is_control()
        || (in_class && escaped == '-');
    match escaped {
        _ if needed => {
            out.push('\\');
            out.push(escaped);
        }
        // Set operations of other engines would begin here.
        '&' | '~' | ':' if in_class => out.push_str(&format!("\\x{:02x}", u32::from(escaped))),
        _ => out.push(escaped),
    }
    if braced && let Some(end) = rest.as_str().find('}') {
        let name = rest.as_str().get(..=end).unwrap_or_default();
        out.push_str(name);
        *rest = rest.as_str().get(end + 1..).unwrap_or_default().chars();
    }
}

/// The length of `n}`, `n,}` or `n,m}` at the start of a text.
fn quantifier(text: &str) -> Option<usize> {
    let (bounds, _) = text.split_once('}')?;
    let (least, most) = bounds.split_once(',').unwrap_or((bounds, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!least.is_empty() && digits(least) && digits(most)).then(|| bounds.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_that_are_not_needed_go_and_those_that_are_come() {
        for (pattern, expected) in [
            ("^[a-z]+\\.\\d{2,3}\\/$", "^[a-z]+\\.\\d{2,3}\\/$"),
            ("^do\\:app\\:[0-9]+$", "^do:app:[0-9]+$"),
            ("\\@\\#\\ \\\"\\_\\<\\-é\\é", "@# \"_<-éé"),
            ("[a\\-z\\:\\&\\&\\]\\_]", "[a\\-z\\x3a\\x26\\x26\\]_]"),
            ("[[a{]{2}", "[[a{]{2}"),
            ("a{b}c]d{2}e{,3}{1,}", "a\\{b\\}c\\]d{2}e\\{,3\\}{1,}"),
            (
                "\\p{L}\\P{Lu}\\u{1F600}\\u00e9\\x41\\cA\\1",
                "\\p{L}\\P{Lu}\\u{1F600}\\u00e9\\x41\\cA\\1",
            ),
            ("\\\\:\\\\\\:", "\\\\:\\\\:"),
            ("(?<n>a)\\k<n>(?=b)", "(?<n>a)\\k<n>(?=b)"),
            ("\\", "\\"),
            ("", ""),
        ] {
            assert_eq!(strict(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn what_is_strict_stays_as_it_is() {
        for pattern in ["a\\:[\\:]", "x{y}", "]", "[\\-]\\-", "\\p{L", "a{1"] {
            let once = strict(pattern);
            assert_eq!(strict(&once), once, "{pattern}");
        }
    }
}

//! Regular expressions: ECMA-262 by the standard, checked with the engine that runs them.
//!
//! Validators compile patterns with the flag `u` (JSON Schema 2020-12, core, section 6.4), which refuses what browsers
//! tolerate otherwise: a backslash before a character that needs none, and lone braces and brackets.

mod unicode;

/// What became of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As written.
    Good,
    /// What its author meant.
    Mended(String),
    /// No regular expression.
    Bad(String),
}

/// The longest pattern that is looked at.
const LONGEST: usize = 4_096;

/// Judges a pattern.
pub(super) fn judge(pattern: &str) -> Verdict {
    if pattern.len() > LONGEST {
        return Verdict::Bad(format!("it is longer than {LONGEST} bytes"));
    }
    // `/^a$/`: delimiters of a programming language. Nothing could ever match them as they stand.
    let stripped = pattern
        .strip_prefix("/^")
        .and_then(|rest| rest.rsplit_once("$/"));
    if let Some((inner, flags)) = stripped
        && flags.chars().all(|c| "gimsuy".contains(c))
        && let strict = unicode::strict(&format!("^{inner}$"))
        && compiles(&strict).is_ok()
    {
        return Verdict::Mended(strict);
    }
    // `\A…\z` belongs to other engines.
    let anchored = anchors(pattern);
    let strict = unicode::strict(&anchored);
    if strict != pattern && compiles(&strict).is_ok() {
        return Verdict::Mended(strict);
    }
    match compiles(pattern) {
        Ok(()) => Verdict::Good,
        Err(reason) => Verdict::Bad(reason),
    }
}

fn compiles(pattern: &str) -> Result<(), String> {
    let translated = jsonschema_regex::to_rust_regex(pattern)
        .map_err(|()| "it has syntax that ECMA-262 does not know".to_owned())?;
    // The validator counts characters where a pattern asks for very many of one kind.
    let collapsed = match jsonschema_regex::search_form(pattern, &translated) {
        Some(jsonschema_regex::Search::RepeatedClass(_)) => return Ok(()),
        Some(jsonschema_regex::Search::Collapsed(collapsed)) => Some(collapsed),
        None => None,
    };
    fancy_regex::RegexBuilder::new(collapsed.as_deref().unwrap_or(&translated))
        .build()
        .map(|_| ())
        .map_err(|error| crate::text::one_line(&error.to_string(), 200))
}

fn anchors(pattern: &str) -> String {
    let start = pattern.strip_prefix("\\A").map(|rest| format!("^{rest}"));
    let pattern = start.as_deref().unwrap_or(pattern);
    let end = pattern
        .strip_suffix("\\z")
        .or_else(|| pattern.strip_suffix("\\Z"));
    match end {
        Some(rest) if rest.chars().rev().take_while(|c| *c == '\\').count() % 2 == 0 => {
            format!("{rest}$")
        }
        _ => pattern.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts() {
        for (pattern, verdict) in [
            ("^[a-z]+$", Verdict::Good),
            ("^(?!x)\\d{3}$", Verdict::Good),
            ("\\p{L}+", Verdict::Good),
            ("/^[a-z]+$/i", Verdict::Mended("^[a-z]+$".to_owned())),
            ("\\A[a-z]\\z", Verdict::Mended("^[a-z]$".to_owned())),
            ("^do\\:[a-z]+$", Verdict::Mended("^do:[a-z]+$".to_owned())),
            ("/^a\\@b$/", Verdict::Mended("^a@b$".to_owned())),
        ] {
            assert_eq!(judge(pattern), verdict, "{pattern}");
        }
        assert!(matches!(judge("[a-"), Verdict::Bad(_)));
        assert!(matches!(judge("*.txt"), Verdict::Bad(_)));
    }
}

//! One look over a body before it is parsed: what a JSON parser that skips subtrees would let through.

/// Why a body is refused before parsing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// Arrays and objects are nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// There are more than [`MAX_VALUES`] values.
    TooMany,
    /// An escape names half of a surrogate pair: readers disagree on what the string is.
    LoneSurrogate,
}

/// How deep arrays and objects may be nested in one message.
pub(super) const MAX_DEPTH: usize = 128;

/// How many values, members and elements alike, one message may hold. While it is checked, each takes some two hundred bytes,
/// however short it is.
pub(super) const MAX_VALUES: usize = 100_000;

/// Checks nesting, number and surrogate escapes; everything else is left to the parser.
pub(super) fn scan(text: &str) -> Result<(), Unfit> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    // Every value but the first of its array or object follows a comma, and what has a first value has an opening bracket.
    let mut values = 1usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => {
                depth += 1;
                values += 1;
                if depth > MAX_DEPTH {
                    return Err(Unfit::TooDeep);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => {
                values += 1;
                if values > MAX_VALUES {
                    return Err(Unfit::TooMany);
                }
            }
            b'"' => at = string(bytes, at)?,
            _ => {}
        }
    }
    Ok(())
}

/// Walks a string from the byte after its opening quote to the byte after its closing one.
fn string(bytes: &[u8], mut at: usize) -> Result<usize, Unfit> {
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => return Ok(at),
            b'\\' => {
                if bytes.get(at) == Some(&b'u') {
                    match unit(bytes, at + 1) {
                        Some(0xD800..=0xDBFF) => {
                            let low = (bytes.get(at + 5..at + 7) == Some(br"\u"))
                                .then(|| unit(bytes, at + 7))
                                .flatten();
                            if !matches!(low, Some(0xDC00..=0xDFFF)) {
                                return Err(Unfit::LoneSurrogate);
                            }
                            at += 11;
                            continue;
                        }
                        Some(0xDC00..=0xDFFF) => return Err(Unfit::LoneSurrogate),
                        _ => {}
                    }
                }
                at += 1;
            }
            _ => {}
        }
    }
    Ok(at)
}

/// The UTF-16 unit written as four hexadecimal digits.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = std::str::from_utf8(bytes.get(at..at + 4)?).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

/// Whether a JSON text is nested deeper than `most`.
pub(super) fn is_deeper(text: &[u8], most: usize) -> bool {
    // Most texts do not even have so many brackets.
    memchr::memchr2_iter(b'{', b'[', text).nth(most).is_some() && depth(text) > most
}

/// The deepest nesting of a JSON text that is known to be well-formed.
fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0usize, 0usize, 0usize);
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                while let Some(&inner) = text.get(at) {
                    at += 1;
                    match inner {
                        b'"' => break,
                        b'\\' => at += 1,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_depth_and_number() {
        let deep = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        let deeper = format!("[{deep}]");
        let many = format!("[{}0]", "0,".repeat(MAX_VALUES - 2));
        let more = format!("[0,{}", &many[1..]);
        let in_string = format!("[\"{}\"]", ",".repeat(MAX_VALUES));
        for (text, expected) in [
            (r#"{"a":"\ud83d\ude00"}"#, Ok(())),
            (r#"{"a":"\\ud800"}"#, Ok(())),
            (r#"{"a":"\ud800"}"#, Err(Unfit::LoneSurrogate)),
            (r#"{"a":"\ude00\ud83d"}"#, Err(Unfit::LoneSurrogate)),
            (r#"{"a":"\ud83dx"}"#, Err(Unfit::LoneSurrogate)),
            (r#"{"a":"[[[["}"#, Ok(())),
            (r#""\"[""#, Ok(())),
            (deep.as_str(), Ok(())),
            (deeper.as_str(), Err(Unfit::TooDeep)),
            (many.as_str(), Ok(())),
            (more.as_str(), Err(Unfit::TooMany)),
            (in_string.as_str(), Ok(())),
        ] {
            assert_eq!(scan(text), expected, "{text:.100}");
        }
        let nested = br#"{"a":["[[[[",{}]}"#;
        for (most, deeper) in [(2, true), (3, false)] {
            assert_eq!(is_deeper(nested, most), deeper, "{most}");
        }
    }
}

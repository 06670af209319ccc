//! Keys to the gateway inside values that go on: as they are, percent-encoded, or in base64 (`Basic …`, a cookie).

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::args::base64;

/// What stands between the words of a value. Among them is the colon of `user:password`.
const BETWEEN: [char; 7] = [' ', ',', ';', '=', ':', '"', '&'];

/// The most words of one reading that are compared with keys, and the most readings in base64; a header has room for no
/// more that could be some.
const MAX_WORDS: usize = 1024;

/// Whether `own` is anywhere inside `value`, or a whole word of it is a key of which `is_key` knows, perhaps by its digest
/// alone.
pub(super) fn holds_key(value: &[u8], own: Option<&[u8]>, is_key: &dyn Fn(&str) -> bool) -> bool {
    let within = |reading: &[u8]| {
        own.is_some_and(|own| reading.windows(own.len()).any(|window| window == own))
    };
    let has_word = |text: &str| {
        let mut words = text
            .split(BETWEEN)
            .filter(|word| !word.is_empty())
            .take(MAX_WORDS);
        // A key may hold what stands between words; the whole is asked for once where it is the only word.
        (text.contains(BETWEEN) && is_key(text)) || words.any(is_key)
    };
    let encoded = |(index, word): (usize, &str)| {
        base64(word).is_ok_and(|reading| {
            within(&reading) || (index < MAX_WORDS && has_word(&String::from_utf8_lossy(&reading)))
        })
    };
    let holds = |reading: &[u8]| {
        let text = String::from_utf8_lossy(reading);
        within(reading) || has_word(&text) || base64_words(&text).enumerate().any(encoded)
    };
    let decoded = || -> Cow<'_, [u8]> { percent_decode(value).into() };
    holds(value) || (value.contains(&b'%') && holds(&decoded()))
}

/// The words of a text that may be base64: whatever is not of its two alphabets stands between them. A slash is, and may
/// stand between them too.
fn base64_words(text: &str) -> impl Iterator<Item = &str> {
    let is_other =
        |character: char| !character.is_ascii_alphanumeric() && !"+/-_".contains(character);
    text.split(is_other)
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            let parts = word.contains('/').then(|| word.split('/'));
            std::iter::once(word).chain(parts.into_iter().flatten().filter(|part| !part.is_empty()))
        })
}

#[cfg(test)]
mod tests {
    use super::holds_key;

    #[test]
    fn keys_are_found_however_they_are_wrapped() {
        let is_other = |word: &str| word == "sk-other";
        // base64 of `user:sk-own`, `sk-own`, `sk-other` and `no key at all`.
        for (value, expected) in [
            ("sk-own", true),
            ("a sk-own b", true),
            ("xsk-ownx", true),
            ("a,sk-other", true),
            ("xsk-otherx", false),
            ("sk%2Down", true),
            ("Basic dXNlcjpzay1vd24=", true),
            ("s=dXNlcjpzay1vd24%3D", true),
            ("Basic%20dXNlcjpzay1vd24", true),
            ("\"c2stb3du\"", true),
            ("\"c2stb3RoZXI=\"", true),
            ("x:c2stb3du", true),
            ("a&c2stb3du", true),
            ("aaa.c2stb3du.bbb", true),
            ("a/c2stb3du", true),
            ("[c2stb3RoZXI]", true),
            ("bm8ga2V5IGF0IGFsbA==", false),
            ("tenant-7/eu.west", false),
            ("", false),
        ] {
            let found = holds_key(value.as_bytes(), Some(b"sk-own"), &is_other);
            assert_eq!(found, expected, "{value}");
        }
    }
}

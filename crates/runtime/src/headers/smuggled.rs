//! Keys to the gateway inside values that go on: as they are, percent-encoded, or in base64 (`Basic …`, a cookie).

use percent_encoding::percent_decode;

use crate::args::base64;

/// What stands between the words of a value. Among them is the colon of `user:password`.
const BETWEEN: [char; 7] = [' ', ',', ';', '=', ':', '"', '&'];

/// The most words of one value that are looked at; a header has room for no more that could be keys.
const MAX_WORDS: usize = 1024;

/// Whether `key` is anywhere inside `value`.
pub(super) fn holds(value: &[u8], key: &[u8]) -> bool {
    let within = |text: &[u8]| text.windows(key.len()).any(|window| window == key);
    let decoded: Vec<u8> = percent_decode(value).collect();
    let encoded = |word: &str| base64(word).is_ok_and(|text| within(&text));
    // What is no text has been refused before.
    let text = std::str::from_utf8(value).unwrap_or_default();
    within(value) || within(&decoded) || text.split([' ', ',', ';', '=']).any(encoded)
}

/// Whether a whole word of `value` is a key of which only a digest is known.
pub(super) fn has_word(value: &[u8], is_key: &dyn Fn(&str) -> bool) -> bool {
    let any = |text: &str| {
        let words = text.split(BETWEEN).filter(|word| !word.is_empty());
        words.take(MAX_WORDS).any(is_key)
    };
    let text = std::str::from_utf8(value).unwrap_or_default();
    let decoded = percent_decode(value).decode_utf8_lossy();
    let encoded = |word: &str| base64(word).is_ok_and(|text| any(&String::from_utf8_lossy(&text)));
    is_key(text)
        || any(text)
        || (decoded != text && any(&decoded))
        || text
            .split([' ', ',', ';', '='])
            .take(MAX_WORDS)
            .any(encoded)
}

//! Keys to the gateway inside values that go on: as they are, percent-encoded, or in base64 (`Basic …`, a cookie).

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
    let has_word = |reading: &[u8]| {
        let text = String::from_utf8_lossy(reading);
        let mut words = text
            .split(BETWEEN)
            .filter(|word| !word.is_empty())
            .take(MAX_WORDS);
        // A key may hold what stands between words; the whole is asked for once where it is the only word.
        (text.contains(BETWEEN) && is_key(&text)) || words.any(is_key)
    };
    let holds = |reading: &[u8]| within(reading) || has_word(reading);
    let encoded = |(index, word): (usize, &str)| {
        base64(word)
            .is_ok_and(|reading| within(&reading) || (index < MAX_WORDS && has_word(&reading)))
    };
    // What is no text has been refused before.
    let text = std::str::from_utf8(value).unwrap_or_default();
    holds(value)
        || (value.contains(&b'%') && holds(&percent_decode(value).collect::<Vec<u8>>()))
        || text.split([' ', ',', ';', '=']).enumerate().any(encoded)
}

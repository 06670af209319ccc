//! Keys to the gateway inside values that go on: as they are, percent-encoded, or in base64 (`Basic …`, a cookie).

use std::cell::Cell;

use percent_encoding::percent_decode;

use crate::args::base64;

/// What stands between the words of a value. Among them is the colon of `user:password`.
const BETWEEN: [char; 7] = [' ', ',', ';', '=', ':', '"', '&'];

/// The most words of one value that are compared with keys; a header has room for no more that could be some.
const MAX_WORDS: usize = 4096;

/// Whether `own` is anywhere inside `value`, or a whole word of it is a key of which `is_key` knows, perhaps by its digest
/// alone.
pub(super) fn holds_key(value: &[u8], own: Option<&[u8]>, is_key: &dyn Fn(&str) -> bool) -> bool {
    let words = Cell::new(0);
    let is_key = |word: &str| {
        if word.is_empty() || words.get() == MAX_WORDS {
            return false;
        }
        words.set(words.get() + 1);
        is_key(word)
    };
    let holds = |reading: &[u8]| {
        let within = |own: &[u8]| reading.windows(own.len()).any(|window| window == own);
        let text = String::from_utf8_lossy(reading);
        own.is_some_and(within)
            || is_key(&text)
            || (text.contains(BETWEEN) && text.split(BETWEEN).any(is_key))
    };
    let encoded = |word: &str| base64(word).is_ok_and(|reading| holds(&reading));
    // What is no text has been refused before.
    let text = std::str::from_utf8(value).unwrap_or_default();
    holds(value)
        || (value.contains(&b'%') && holds(&percent_decode(value).collect::<Vec<u8>>()))
        || text.split([' ', ',', ';', '=']).any(encoded)
}

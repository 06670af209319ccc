use std::borrow::Cow;
use std::fmt;
use std::fmt::Write as _;

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A line of the text, cut and escaped so that a terminal can show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The line, or the part of it around the place.
    pub text: String,
    /// How many characters of `text` come before the place.
    pub caret: usize,
}

/// Bytes between two entries of the table of character counts.
const STEP: usize = 64;
/// Bytes of a line that a snippet shows before and after the place.
const BEFORE: usize = 60;
const AFTER: usize = 80;

/// Finds lines and columns without walking the text from its start.
#[derive(Debug)]
pub(crate) struct LineIndex {
    /// Byte offsets of line starts.
    lines: Vec<u32>,
    /// Characters before byte `i * STEP`; empty when every character is one byte.
    chars: Vec<u32>,
}

impl LineIndex {
    pub(crate) fn new(text: &str) -> LineIndex {
        let mut lines = vec![0];
        lines.extend(
            text.bytes()
                .zip(1u32..)
                .filter_map(|(byte, next)| (byte == b'\n').then_some(next)),
        );
        let mut chars = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for chunk in text.as_bytes().chunks(STEP) {
                chars.push(count);
                count += count_chars(chunk);
            }
            chars.push(count);
        }
        LineIndex { lines, chars }
    }

    /// Characters before a byte offset.
    fn chars_before(&self, text: &str, offset: usize) -> u32 {
        match self.chars.get(offset / STEP) {
            None => offset as u32,
            Some(count) => {
                let from = offset / STEP * STEP;
                count + count_chars(text.as_bytes().get(from..offset).unwrap_or_default())
            }
        }
    }

    /// The byte offset of a character.
    pub(crate) fn offset_of_char(&self, text: &str, index: usize) -> usize {
        if self.chars.is_empty() {
            return index.min(text.len());
        }
        let chunk = self.chars.partition_point(|&count| count as usize <= index);
        let chunk = chunk.saturating_sub(1);
        let mut seen = self.chars.get(chunk).map_or(0, |&count| count as usize);
        let from = chunk * STEP;
        for (at, byte) in text.bytes().enumerate().skip(from) {
            if byte & 0xC0 != 0x80 {
                if seen == index {
                    return at;
                }
                seen += 1;
            }
        }
        text.len()
    }

    pub(crate) fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.line(offset);
        let start = self.lines.get(line).map_or(0, |&start| start as usize);
        let column = self.chars_before(text, offset) - self.chars_before(text, start);
        Position {
            line: line as u32 + 1,
            column: column + 1,
        }
    }

    /// The byte offset of a position.
    pub(crate) fn offset(&self, text: &str, position: Position) -> usize {
        let line = (position.line as usize).saturating_sub(1);
        let start = self
            .lines
            .get(line)
            .map_or(text.len(), |&start| start as usize);
        let before = self.chars_before(text, start) as usize;
        self.offset_of_char(text, before + (position.column as usize).saturating_sub(1))
    }

    fn line(&self, offset: usize) -> usize {
        let after = self
            .lines
            .partition_point(|&start| start as usize <= offset);
        after.saturating_sub(1)
    }

    pub(crate) fn snippet(&self, text: &str, offset: usize) -> Snippet {
        let offset = floor(text, offset.min(text.len()));
        let line = self.line(offset);
        let start = self.lines.get(line).map_or(0, |&start| start as usize);
        let end = self
            .lines
            .get(line + 1)
            .map_or(text.len(), |&next| next as usize - 1);
        let end = end.max(offset);
        let from = floor(text, offset.saturating_sub(BEFORE).max(start));
        let to = floor(text, (offset + AFTER).min(end)).max(offset);
        let part = |from: usize, to: usize| visible(text.get(from..to).unwrap_or_default());
        let mut shown = String::new();
        if from > start {
            shown.push('…');
        }
        shown.push_str(&part(from, offset));
        let caret = shown.chars().count();
        shown.push_str(part(offset, to).trim_end());
        if to < end {
            shown.push('…');
        }
        Snippet { text: shown, caret }
    }
}

fn count_chars(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u32
}

/// The nearest character boundary at or before `offset`.
fn floor(text: &str, offset: usize) -> usize {
    (0..=offset)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or_default()
}

/// Text from a document as a terminal or a log may show it: control characters, and those that change the direction
/// of writing or have no width, become escapes like `\u{1b}`; tabs become spaces.
///
/// ```
/// assert_eq!(toolwright_document::visible("a\u{1b}[31m\tb\u{202e}"), "a\\u{1b}[31m b\\u{202e}");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(needs_escape) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\t' => out.push(' '),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if needs_escape(c) => {
                let _infallible = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

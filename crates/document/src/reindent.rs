//! Flow collections and quoted scalars that come back too far to the left.
//!
//! ```yaml
//! example: {
//!   "80/tcp": {}
//! }
//! ```
//!
//! YAML 1.2 wants every line of a flow collection to be indented more than what holds it. No widespread parser
//! insists, people close braces where they close them in JSON, and saphyr-parser does insist. When it has complained,
//! this puts blanks in front of such lines. Blanks mean nothing there: between tokens they are ignored, and within
//! scalars of several lines they are folded away.

/// The text with more blanks, and where they went.
pub(crate) struct Indented {
    pub(crate) text: String,
    /// Byte offset in `text` behind each insertion, and how many bytes were inserted up to there.
    inserted: Vec<(usize, usize)>,
}

impl Indented {
    /// The offset in the text before.
    pub(crate) fn original(&self, offset: usize) -> usize {
        let after = self.inserted.partition_point(|(at, _)| *at <= offset);
        let before = after
            .checked_sub(1)
            .and_then(|last| self.inserted.get(last));
        offset - before.map_or(0, |(_, total)| *total)
    }
}

/// Columns beyond this are left alone.
const WIDEST: usize = 400;

pub(crate) fn reindent(source: &str) -> Option<Indented> {
    let mut lines = Lines {
        source,
        at: 0,
        out: Indented {
            text: String::with_capacity(source.len() + source.len() / 16),
            inserted: Vec::new(),
        },
    };
    // The indentation above which lines belong to a block scalar.
    let mut block: Option<usize> = None;
    while let Some(line) = lines.peek() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let blank = line.trim().is_empty();
        if let Some(parent) = block {
            if blank || indent > parent {
                lines.copy(0);
                continue;
            }
            block = None;
        }
        let value = value_of(line);
        let start = lines.at + value.start;
        lines.copy(0);
        let Some(text) = source.get(start..) else {
            break;
        };
        match text.bytes().next() {
            Some(b'|' | b'>') => block = Some(value.parent),
            Some(b'{' | b'[' | b'"' | b'\'') if value.parent < WIDEST => {
                let end = start + extent(text);
                while lines.at < end && !lines.out.is_too_large(source) {
                    lines.copy(value.parent + 2);
                }
            }
            _ => {}
        }
    }
    let done = lines.at >= source.len() && !lines.out.inserted.is_empty();
    done.then_some(lines.out)
}

impl Indented {
    fn is_too_large(&self, source: &str) -> bool {
        self.text.len() > source.len().saturating_mul(3) + (1 << 20)
    }
}

struct Lines<'s> {
    source: &'s str,
    at: usize,
    out: Indented,
}

impl<'s> Lines<'s> {
    /// The next line with its end.
    fn peek(&self) -> Option<&'s str> {
        let rest = self.source.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        rest.get(..end)
    }

    /// Copies the next line, with as many blanks in front as it lacks.
    fn copy(&mut self, wanted: usize) {
        let Some(line) = self.peek() else { return };
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if indent < wanted && !line.trim().is_empty() {
            let missing = wanted - indent;
            self.out.text.extend(std::iter::repeat_n(' ', missing));
            let total = self.out.inserted.last().map_or(0, |(_, total)| *total) + missing;
            self.out.inserted.push((self.out.text.len(), total));
        }
        self.out.text.push_str(line);
        self.at += line.len();
    }
}

/// Where the value of a line begins, and the column of what holds it.
struct Value {
    start: usize,
    parent: usize,
}

/// Walks over `- `, `? `, keys, anchors and tags.
fn value_of(line: &str) -> Value {
    let mut start = line.len() - line.trim_start_matches(' ').len();
    let mut parent = 0;
    while let Some(rest) = line.get(start..) {
        let skip = |length: usize| {
            let after = rest.get(length..).unwrap_or_default();
            start + length + (after.len() - after.trim_start_matches([' ', '\t']).len())
        };
        if rest.starts_with("- ") || rest.starts_with("? ") {
            parent = start;
            start = skip(1);
        } else if rest.starts_with(['&', '!']) {
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            start = skip(length);
            if length == rest.len() {
                break;
            }
        } else if let Some(length) = key(rest) {
            parent = start;
            start = skip(length);
        } else {
            break;
        }
    }
    Value { start, parent }
}

/// The length of a key with its colon.
fn key(text: &str) -> Option<usize> {
    let from = match text.bytes().next()? {
        b'{' | b'[' | b'#' => return None,
        b'"' | b'\'' => extent(text),
        _ => 0,
    };
    let rest = text.get(from..)?;
    let ends = |at: usize| {
        rest.get(at + 1..)
            .is_some_and(|after| after.is_empty() || after.starts_with(char::is_whitespace))
    };
    let colon = rest
        .match_indices(':')
        .map(|(at, _)| at)
        .find(|&at| ends(at))?;
    let before = rest.get(..colon)?;
    // A comment begins first, or more than blanks follow a quoted key.
    if before.contains(" #") || from > 0 && !before.trim().is_empty() {
        return None;
    }
    Some(from + colon + 1)
}

/// The length of a quoted scalar or a flow collection at the start of `text`.
fn extent(text: &str) -> usize {
    let mut open: Vec<u8> = Vec::new();
    let mut quote: Option<u8> = None;
    // Quotes count only where a scalar can begin.
    let mut fresh = true;
    let mut before = b' ';
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match (quote, byte) {
            (Some(b'"'), b'\\') => {
                bytes.next();
            }
            (Some(b'\''), b'\'') if bytes.peek().is_some_and(|(_, next)| *next == b'\'') => {
                bytes.next();
            }
            (Some(mark), byte) if byte == mark => {
                quote = None;
                fresh = false;
                if open.is_empty() {
                    return at + 1;
                }
            }
            (Some(_), _) => {}
            (None, b'"' | b'\'') if fresh => quote = Some(byte),
            (None, b'{' | b'[') => {
                open.push(byte);
                fresh = true;
            }
            (None, b'}' | b']') => {
                open.pop();
                fresh = false;
                if open.is_empty() {
                    return at + 1;
                }
            }
            (None, b'#') if before.is_ascii_whitespace() => {
                while bytes.next_if(|(_, next)| *next != b'\n').is_some() {}
            }
            (None, b',' | b':') => fresh = true,
            (None, byte) if byte.is_ascii_whitespace() => {}
            (None, _) => fresh = false,
        }
        before = byte;
    }
    text.len()
}

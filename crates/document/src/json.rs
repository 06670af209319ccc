//! RFC 8259, with a stack of its own instead of the machine's.

use crate::Limits;
use crate::builder::Builder;
use crate::error::Fault;
use crate::tree::{NodeKind, Text, Tree};

pub(crate) fn parse(source: &str, limits: &Limits) -> Result<Tree, Fault> {
    let mut parser = Parser {
        source,
        bytes: source.as_bytes(),
        at: 0,
        builder: Builder::new(source, limits),
    };
    parser.document()?;
    Ok(parser.builder.finish())
}

struct Parser<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    builder: Builder<'a>,
}

/// What may come next.
enum Expect {
    Value,
    /// A value, or the end of the array that has just begun.
    ValueOrEnd,
    Key,
    /// A key, or the end of the object that has just begun.
    KeyOrEnd,
    /// A comma or the end of what is open.
    Next,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<(), Fault> {
        let mut expect = Expect::Value;
        loop {
            self.blank();
            if matches!(expect, Expect::Next) && self.builder.depth() == 0 {
                break;
            }
            expect = match (expect, self.peek()) {
                (Expect::ValueOrEnd, Some(b']')) | (Expect::KeyOrEnd, Some(b'}')) => self.end(),
                (Expect::Value | Expect::ValueOrEnd, _) => self.value()?,
                (Expect::Key | Expect::KeyOrEnd, Some(b'"')) => self.key()?,
                (Expect::Key | Expect::KeyOrEnd, _) => {
                    return Err(self.unexpected("a key in double quotes"));
                }
                (Expect::Next, byte) => match (self.builder.in_object(), byte) {
                    (Some(true), Some(b'}')) | (Some(false), Some(b']')) => self.end(),
                    (Some(object), Some(b',')) => {
                        self.at += 1;
                        if object { Expect::Key } else { Expect::Value }
                    }
                    (Some(true), _) => return Err(self.unexpected("`,` or `}`")),
                    _ => return Err(self.unexpected("`,` or `]`")),
                },
            };
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end of the document")),
        }
    }

    fn end(&mut self) -> Expect {
        self.at += 1;
        self.builder.close();
        Expect::Next
    }

    fn value(&mut self) -> Result<Expect, Fault> {
        let offset = self.at;
        let kind = match self.peek() {
            Some(b'{') => {
                self.at += 1;
                self.builder.open(true, offset)?;
                return Ok(Expect::KeyOrEnd);
            }
            Some(b'[') => {
                self.at += 1;
                self.builder.open(false, offset)?;
                return Ok(Expect::ValueOrEnd);
            }
            Some(b'"') => NodeKind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => NodeKind::Number(self.number()?),
            Some(b't') => self.word("true", NodeKind::Bool(true))?,
            Some(b'f') => self.word("false", NodeKind::Bool(false))?,
            Some(b'n') => self.word("null", NodeKind::Null)?,
            _ => return Err(self.unexpected("a value")),
        };
        self.builder.scalar(kind, offset)?;
        Ok(Expect::Next)
    }

    fn key(&mut self) -> Result<Expect, Fault> {
        let offset = self.at;
        let key = self.string()?;
        self.builder.key(key, offset);
        self.blank();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok(Expect::Value)
    }

    fn word(&mut self, word: &str, kind: NodeKind) -> Result<NodeKind, Fault> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(self.unexpected("a value"));
        }
        self.at += word.len();
        Ok(kind)
    }

    fn number(&mut self) -> Result<Text, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(Fault::syntax(start, "a number with a leading zero"));
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(self.builder.slice(start, self.at))
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let digits = self
            .rest()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits == 0 {
            return Err(self.unexpected("a digit"));
        }
        self.at += digits;
        Ok(())
    }

    fn string(&mut self) -> Result<Text, Fault> {
        let quote = self.at;
        self.at += 1;
        let start = self.at;
        self.plain();
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(self.builder.slice(start, self.at - 1));
        }
        let decoded = self.builder.decoder().len();
        let mut from = start;
        loop {
            let piece = self.source.get(from..self.at).unwrap_or_default();
            self.builder.decoder().push_str(piece);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(self.builder.decoded_since(decoded));
                }
                Some(b'\\') => self.escape()?,
                Some(byte) => {
                    let message = format!(
                        "a control character (U+{byte:04X}) in a string; write it as an escape"
                    );
                    return Err(Fault::syntax(self.at, message));
                }
                None => return Err(Fault::syntax(quote, "a string without an end")),
            }
            from = self.at;
            self.plain();
        }
    }

    /// Skips what stands for itself in a string.
    fn plain(&mut self) {
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
        let plain = self.rest().iter().position(special);
        self.at += plain.unwrap_or(self.rest().len());
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let byte = self.bytes.get(start + 1).copied();
        self.at += 2;
        let c = match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => self.unicode(start)?,
            _ => return Err(Fault::syntax(start, "an escape that JSON does not know")),
        };
        self.builder.decoder().push(c);
        Ok(())
    }

    /// `\uXXXX`, or two of them as a surrogate pair (RFC 8259 §7). Half a pair becomes U+FFFD and is noted.
    fn unicode(&mut self, start: usize) -> Result<char, Fault> {
        let first = self.hex(start)?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        if first < 0xDC00 && self.rest().starts_with(b"\\u") {
            let back = self.at;
            self.at += 2;
            let second = self.hex(back)?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        self.builder.replaced_surrogate(start);
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self, start: usize) -> Result<u32, Fault> {
        let digits = self.bytes.get(self.at..self.at + 4).unwrap_or_default();
        let mut code = 0;
        for digit in digits {
            let digit = char::from(*digit).to_digit(16);
            code = code * 16 + digit.ok_or_else(|| bad_hex(start))?;
        }
        if digits.len() < 4 {
            return Err(bad_hex(start));
        }
        self.at += 4;
        Ok(code)
    }

    fn blank(&mut self) {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += self.rest().iter().take_while(blank).count();
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let message = match self
            .source
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        {
            Some(c) => format!(
                "expected {wanted}, found `{}`",
                crate::visible(c.encode_utf8(&mut [0; 4]))
            ),
            None => {
                let open = self.builder.opened_at().map(|at| {
                    let what = if self.builder.in_object() == Some(true) {
                        "object"
                    } else {
                        "array"
                    };
                    let position =
                        crate::position::LineIndex::new(self.source).position(self.source, at);
                    format!("; the {what} of line {} is still open", position.line)
                });
                format!(
                    "the text ends where {wanted} should follow{}",
                    open.unwrap_or_default()
                )
            }
        };
        Fault::syntax(self.at, message)
    }
}

fn bad_hex(start: usize) -> Fault {
    Fault::syntax(start, "four hexadecimal digits must follow `\\u`")
}

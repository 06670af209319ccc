//! Text to tree, strictly by RFC 8259.

use std::borrow::Cow;

use super::{Kind, MAX_DEPTH, MAX_VALUES, Object, Value};
use crate::error::{Error, Result};

pub(super) fn parse(text: &str) -> Result<Value<'_>> {
    let mut parser = Parser {
        text,
        at: 0,
        values: 0,
        // Enough for most, without a second look for room.
        members: Vec::with_capacity(8),
        items: Vec::new(),
    };
    let outcome = parser.document();
    outcome.map_err(|problem| parser.locate(&problem))
}

type Outcome<T> = std::result::Result<T, Cow<'static, str>>;

struct Parser<'a> {
    text: &'a str,
    at: usize,
    values: usize,
    /// Members of all objects that are open; each is taken off in one piece when its object ends, so that nothing grows.
    members: Vec<(Cow<'a, str>, Value<'a>)>,
    /// The same for the elements of arrays.
    items: Vec<Value<'a>>,
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Outcome<Value<'a>> {
        let value = self.value(0)?;
        self.space();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err("there is more text after the value".into()),
        }
    }

    fn locate(&self, problem: &str) -> Error {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        Error::caller(format!(
            "this is not valid JSON: {problem} (line {line}, column {column})"
        ))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn slice(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    fn value(&mut self, depth: usize) -> Outcome<Value<'a>> {
        self.space();
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(format!("it holds more than {MAX_VALUES} values").into());
        }
        if depth > MAX_DEPTH {
            return Err(format!("it is nested more than {MAX_DEPTH} levels deep").into());
        }
        let from = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Kind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Kind::Bool(true))?,
            Some(b'f') => self.word("false", Kind::Bool(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            Some(_) => return Err("a value is expected here".into()),
            None => return Err("the text ends where a value is expected".into()),
        };
        Ok(Value::new(self.slice(from), kind))
    }

    fn word(&mut self, word: &str, kind: Kind<'a>) -> Outcome<Kind<'a>> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err("a value is expected here".into());
        }
        self.at += word.len();
        Ok(kind)
    }

    fn array(&mut self, depth: usize) -> Outcome<Kind<'a>> {
        self.at += 1;
        let first = self.items.len();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Kind::Array(Vec::new()));
        }
        loop {
            let item = self.value(depth + 1)?;
            self.items.push(item);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Kind::Array(self.items.drain(first..).collect()));
                }
                _ => return Err("`,` or `]` is expected here".into()),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Outcome<Kind<'a>> {
        self.at += 1;
        let first = self.members.len();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Kind::Object(Object::default()));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err("a name in double quotes is expected here".into());
            }
            let name = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err("`:` is expected here".into());
            }
            self.at += 1;
            let value = self.value(depth + 1)?;
            self.members.push((name, value));
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                _ => return Err("`,` or `}` is expected here".into()),
            }
        }
        // A duplicate would be checked in one form and sent in the other.
        let object = Object::new(self.members.drain(first..).collect())
            .map_err(|name| format!("the name {:?} occurs twice in one object", shorten(&name)))?;
        Ok(Kind::Object(object))
    }

    fn number(&mut self) -> Outcome<Kind<'a>> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
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
        if matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err("a number has no leading zeros".into());
        }
        Ok(Kind::Number(self.slice(from)))
    }

    fn digits(&mut self) -> Outcome<()> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if from == self.at {
            return Err("a digit is expected here".into());
        }
        Ok(())
    }

    /// At the opening quote.
    fn string(&mut self) -> Outcome<Cow<'a, str>> {
        self.at += 1;
        let mut from = self.at;
        let mut owned: Option<String> = None;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
            self.at += rest.iter().position(ends).unwrap_or(rest.len());
            match self.peek() {
                Some(b'"') => {
                    let last = self.slice(from);
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(last),
                        Some(mut text) => {
                            text.push_str(last);
                            Cow::Owned(text)
                        }
                    });
                }
                Some(b'\\') => {
                    let text = owned.get_or_insert_default();
                    text.push_str(self.text.get(from..self.at).unwrap_or_default());
                    self.at += 1;
                    let unescaped = self.escape()?;
                    owned.get_or_insert_default().push(unescaped);
                    from = self.at;
                }
                Some(_) => return Err("a control character must be escaped".into()),
                None => return Err("the text ends inside a string".into()),
            }
        }
    }

    /// After the backslash.
    fn escape(&mut self) -> Outcome<char> {
        let Some(byte) = self.peek() else {
            return Err("the text ends inside a string".into());
        };
        let simple = match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err("this escape does not exist".into()),
        };
        self.at += 1;
        Ok(simple)
    }

    fn unicode(&mut self) -> Outcome<char> {
        const LONE: &str = "half of a surrogate pair stands alone";
        let first = self.hex()?;
        let code = match first {
            0xd800..=0xdbff => {
                if !self.text.as_bytes()[self.at..].starts_with(b"\\u") {
                    return Err(LONE.into());
                }
                self.at += 2;
                let second = self.hex()?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(LONE.into());
                }
                0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            code => code,
        };
        char::from_u32(code).ok_or_else(|| LONE.into())
    }

    fn hex(&mut self) -> Outcome<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or("four hexadecimal digits are expected here")?;
            self.at += 1;
        }
        Ok(code)
    }
}

fn shorten(name: &str) -> String {
    name.chars().take(60).collect()
}

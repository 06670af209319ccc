use std::fmt::Write as _;

use crate::Json;

impl Json {
    /// On one line without blanks.
    #[must_use]
    pub fn compact(&self) -> String {
        let mut out = String::new();
        write(self, None, &mut out);
        out
    }

    /// Indented by two blanks, one member or item a line, without a line break at the end.
    #[must_use]
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        write(self, Some(0), &mut out);
        out
    }
}

fn write(json: &Json, indent: Option<usize>, out: &mut String) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(text) => out.push_str(text),
        Json::String(text) => string(text, out),
        Json::Array(items) if items.is_empty() => out.push_str("[]"),
        Json::Object(members) if members.is_empty() => out.push_str("{}"),
        Json::Array(items) => {
            let inner = indent.map(|indent| indent + 1);
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "[" } else { "," });
                line(inner, out);
                write(item, inner, out);
            }
            line(indent, out);
            out.push(']');
        }
        Json::Object(members) => {
            let inner = indent.map(|indent| indent + 1);
            for (at, (key, value)) in members.iter().enumerate() {
                out.push_str(if at == 0 { "{" } else { "," });
                line(inner, out);
                string(key, out);
                out.push_str(if inner.is_some() { ": " } else { ":" });
                write(value, inner, out);
            }
            line(indent, out);
            out.push('}');
        }
    }
}

fn line(indent: Option<usize>, out: &mut String) {
    if let Some(indent) = indent {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", indent));
    }
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !matches!(byte, b'"' | b'\\' | 0..=0x1F) {
            continue;
        }
        out.push_str(text.get(from..at).unwrap_or_default());
        from = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0C => out.push_str("\\f"),
            byte => {
                let _infallible = write!(out, "\\u{byte:04x}");
            }
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out.push('"');
}

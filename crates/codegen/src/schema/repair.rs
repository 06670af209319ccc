//! Keywords that dialects write differently, and values that their authors got wrong.

use toolwright_document::{Cursor, Json, Kind};

use super::keyword::Shape;
use super::numbers::{positive, unquoted, whole};
use super::pattern::{Verdict, judge};
use super::reader::{Reader, article};
use super::{Node, Word};
use crate::model::Dialect;

const TYPES: [&str; 7] = [
    "string", "integer", "number", "boolean", "object", "array", "null",
];

/// A number as a keyword needs it, out of its quotes.
pub(super) fn number(shape: Shape, value: Cursor<'_>) -> Option<Json> {
    let text = value
        .number()
        .map(str::to_owned)
        .or_else(|| value.as_str().and_then(unquoted))?;
    match shape {
        Shape::Count => whole(&text)
            .filter(|count| *count >= 0)
            .map(|count| Json::Number(count.to_string())),
        Shape::Positive => positive(&text).then_some(Json::Number(text)),
        _ => Some(Json::Number(text)),
    }
}

impl<'d> Reader<'_, 'd> {
    pub(super) fn special(&mut self, node: &mut Node<'d>, name: &'static str, value: Cursor<'d>) {
        match name {
            "type" => self.types(node, value),
            "format" => self.format(node, value),
            "enum" => self.enumeration(node, value),
            "items" | "additionalItems" => self.items(node, name, value),
            "required" => self.required(node, value),
            "default" => {
                // `default: null` is how many say that there is none.
                let silent = value.is_null() && self.key.dialect != Dialect::V31;
                if let Some(json) = (!silent).then(|| self.shown(name, value)).flatten() {
                    node.set("default", Word::Json(json));
                }
            }
            "example" => {
                if let Some(json) = self.shown(name, value)
                    && node.word("examples").is_none()
                {
                    node.set("examples", Word::Json(Json::Array(vec![json])));
                }
            }
            "examples" => {
                // A map of example objects belongs to media types, but is seen here.
                let shown: Vec<Json> = match value.is_object() {
                    true => value
                        .values()
                        .filter_map(|item| self.shown(name, item.get("value")?))
                        .collect(),
                    false if value.is_array() => value
                        .items()
                        .filter_map(|item| self.shown(name, item))
                        .collect(),
                    false => self.shown(name, value).into_iter().collect(),
                };
                if !shown.is_empty() {
                    node.set("examples", Word::Json(Json::Array(shown)));
                }
            }
            "exclusiveMinimum" | "exclusiveMaximum" => match value.as_bool() {
                Some(flag) => {
                    if self.key.dialect == Dialect::V31 {
                        self.problems.warn(
                            value,
                            format!("`{name}` is a number since OpenAPI 3.1; read as in 3.0"),
                        );
                    }
                    // Kept for `finish`, which knows whether there is a bound to exclude.
                    node.set(name, Word::Json(Json::Bool(flag)));
                }
                None => {
                    if let Some(word) =
                        self.expect(name, value, number(Shape::Number, value), "a number")
                    {
                        node.set(name, word);
                    }
                }
            },
            "pattern" => self.pattern(node, value),
            "patternProperties" => {
                let Some(map) = self.schema_map(name, value) else {
                    return;
                };
                let map = map
                    .into_iter()
                    .filter_map(|(pattern, id)| Some((self.judged(value, &pattern)?, id)));
                node.set(name, Word::Map(map.collect()));
            }
            "dependentRequired" if value.is_object() => {
                let names =
                    |at: Cursor<'_>| Json::Array(strings(at).into_iter().map(Json::from).collect());
                let map = value
                    .entries()
                    .map(|(key, value)| (key.to_owned(), names(value)))
                    .collect();
                node.set(name, Word::Json(Json::Object(map)));
            }
            "dependentRequired" => {
                let _ = self.expect(name, value, None, "an object of lists of names");
            }
            "dependencies" => self.dependencies(node, value),
            "nullable" | "x-nullable" => self.nullable(node, name, value),
            // What only the other direction has.
            "readOnly" if !self.graph.answers => node.read_only = value.as_bool() == Some(true),
            "writeOnly" if self.graph.answers => node.read_only = value.as_bool() == Some(true),
            "discriminator" => {
                // Swagger 2.0 has the bare name of the property.
                node.discriminator = Some(value);
            }
            "xml" => node.xml = value.is_object().then_some(value),
            "x-mcp-header" => {
                if let Some(text) = value.as_str().filter(|text| crate::text::is_token(text)) {
                    node.set("x-mcp-header", Word::Json(Json::from(text)));
                }
            }
            "$dynamicRef" | "$recursiveRef" => self.dynamic(node, value),
            _ => {}
        }
    }

    fn types(&mut self, node: &mut Node<'d>, value: Cursor<'d>) {
        let mut names: Vec<&'static str> = Vec::new();
        let written: Vec<Cursor<'d>> = if value.is_array() {
            value.items().collect()
        } else {
            vec![value]
        };
        for at in written {
            let text = match at.kind() {
                Kind::String(text) => text,
                // `- null` without quotes.
                Kind::Null => "null",
                _ => "",
            };
            match TYPES.iter().find(|known| **known == text) {
                Some(known) => names.push(known),
                None if text == "file" && self.key.dialect == Dialect::Swagger2 => {
                    node.set("format", Word::Json(Json::from("binary")));
                    names.push("string");
                }
                None => match meant(text) {
                    Some(known) => {
                        // What Swagger 2.0 calls `file` is bytes.
                        if text == "file" {
                            node.set("format", Word::Json(Json::from("binary")));
                        }
                        self.problems.warn(
                            at,
                            format!("`{text}` is no type of JSON; read as `{known}`"),
                        );
                        names.push(known);
                    }
                    None => {
                        let message =
                            "there is no such type; values are not checked for one".to_owned();
                        self.problems
                            .warn(at, message)
                            .help("one of string, integer, number, boolean, object, array, null");
                        return;
                    }
                },
            }
        }
        let mut seen = Vec::new();
        names.retain(|name| {
            !seen.contains(name) && {
                seen.push(name);
                true
            }
        });
        match names.as_slice() {
            [] => {}
            [one] => node.set("type", Word::Json(Json::from(*one))),
            many => node.set(
                "type",
                Word::Json(Json::Array(
                    many.iter().map(|name| Json::from(*name)).collect(),
                )),
            ),
        }
    }

    fn format(&mut self, node: &mut Node<'d>, value: Cursor<'d>) {
        match value.as_str() {
            // `byte` is base64 text (OpenAPI 3.0 §4.4); 2020-12 has a keyword for it.
            Some("byte") if self.key.dialect != Dialect::V31 => {
                node.set("contentEncoding", Word::Json(Json::from("base64")));
            }
            Some("") => {}
            Some(text) if node.word("format").is_none() => {
                let (text, _) = crate::text::clean(text);
                node.set("format", Word::Json(Json::from(text.as_ref())));
            }
            Some(_) => {}
            None => {
                let _ = self.expect("format", value, None, "a string");
            }
        }
    }

    fn enumeration(&mut self, node: &mut Node<'d>, value: Cursor<'d>) {
        let values: Vec<Json> = match value.is_array() {
            true => value.items().map(Cursor::to_json).collect(),
            false if value.is_object() || value.is_null() => {
                self.problems.warn(
                    value,
                    format!(
                        "`enum` must be an array, this is {}; it is left out",
                        article(value)
                    ),
                );
                return;
            }
            false => {
                self.problems.warn(
                    value,
                    "`enum` must be an array; read as an array of this value",
                );
                vec![value.to_json()]
            }
        };
        if values.is_empty() {
            self.problems.warn(
                value,
                "`enum` is empty, which allows nothing; it is left out",
            );
            return;
        }
        let mut seen = std::collections::HashSet::new();
        let before = values.len();
        let values: Vec<Json> = values
            .into_iter()
            .filter(|value| seen.insert(value.compact()))
            .collect();
        if values.len() < before {
            self.problems
                .notice(value, "`enum` repeats values; each is kept once");
        }
        node.set("enum", Word::Json(Json::Array(values)));
    }

    fn items(&mut self, node: &mut Node<'d>, name: &'static str, value: Cursor<'d>) {
        match (name, value.is_array()) {
            // Before 2020-12 a list of schemas here was a tuple, and `additionalItems` what follows it.
            ("items", true) => {
                if let Some(list) = self.schemas(name, value) {
                    node.set("prefixItems", Word::List(list));
                }
            }
            ("items", false) => {
                let id = self.child(value);
                node.set("items", Word::Schema(id));
            }
            _ => {
                if node.at.get("items").is_some_and(Cursor::is_array) && !value.is_array() {
                    let id = self.child(value);
                    node.set("items", Word::Schema(id));
                }
            }
        }
    }

    fn required(&mut self, node: &mut Node<'d>, value: Cursor<'d>) {
        if self.key.parameter || value.is_null() {
            return;
        }
        if !value.is_array() {
            let message = format!(
                "`required` must be a list of property names, this is {}; it is left out",
                article(value)
            );
            let help = "in the schema of a property it says nothing: name the property in `required` of its object";
            self.problems.warn(value, message).help(help);
            return;
        }
        let names = strings(value);
        if names.len() < value.len() {
            self.problems.warn(
                value,
                "`required` must hold property names, each once; what else it holds is left out",
            );
        }
        if !names.is_empty() {
            node.set(
                "required",
                Word::Json(Json::Array(names.into_iter().map(Json::from).collect())),
            );
        }
    }

    fn pattern(&mut self, node: &mut Node<'d>, value: Cursor<'d>) {
        let Some(text) = value.as_str() else {
            let _ = self.expect("pattern", value, None, "a string");
            return;
        };
        if let Some(pattern) = self.judged(value, text) {
            node.set("pattern", Word::Json(Json::from(pattern)));
        }
    }

    fn judged(&mut self, at: Cursor<'d>, pattern: &str) -> Option<String> {
        let verdict = match self.graph.patterns.get(pattern) {
            Some(verdict) => verdict.clone(),
            None => {
                let verdict = judge(pattern);
                self.graph
                    .patterns
                    .insert(pattern.to_owned(), verdict.clone());
                verdict
            }
        };
        match verdict {
            Verdict::Good => Some(pattern.to_owned()),
            Verdict::Mended(mended) => {
                self.problems
                    .warn(at, format!("this regular expression is read as `{mended}`"));
                Some(mended)
            }
            Verdict::Bad(reason) => {
                let message =
                    format!("this is no regular expression of ECMA-262 ({reason}); it is left out");
                self.problems.warn(at, message);
                None
            }
        }
    }

    fn dependencies(&mut self, node: &mut Node<'d>, value: Cursor<'d>) {
        let (mut names, mut schemas) = (Json::object(), Vec::new());
        for (key, value) in value.entries() {
            match value.is_array() {
                true => {
                    names.insert(
                        key,
                        Json::Array(strings(value).into_iter().map(Json::from).collect()),
                    );
                }
                false => schemas.push((key.to_owned(), self.child(value))),
            }
        }
        if names.as_object().is_some_and(|names| !names.is_empty()) {
            node.set("dependentRequired", Word::Json(names));
        }
        if !schemas.is_empty() {
            node.set("dependentSchemas", Word::Map(schemas));
        }
    }

    fn nullable(&mut self, node: &mut Node<'d>, name: &'static str, value: Cursor<'d>) {
        if value.as_bool() != Some(true) {
            return;
        }
        if self.key.dialect == Dialect::V31 && name == "nullable" {
            let message =
                "`nullable` is no keyword since OpenAPI 3.1; null is allowed, as its author meant";
            self.problems
                .notice(value, message)
                .help("write `type: [..., \"null\"]`");
        }
        node.set("nullable", Word::Json(Json::Bool(true)));
    }
}

fn strings(at: Cursor<'_>) -> Vec<&str> {
    let mut seen = std::collections::HashSet::new();
    at.items()
        .filter_map(Cursor::as_text)
        .filter(|name| seen.insert(*name))
        .collect()
}

/// What a word is for that other languages use for a type.
fn meant(text: &str) -> Option<&'static str> {
    Some(match text.to_ascii_lowercase().as_str() {
        "string" | "str" | "text" | "date" | "datetime" | "date-time" | "timestamp" | "uuid"
        | "uri" | "url" | "email" | "password" | "byte" | "binary" | "file" | "char" | "time" => {
            "string"
        }
        "int" | "integer" | "int32" | "int64" | "long" | "short" => "integer",
        "number" | "float" | "double" | "decimal" | "numeric" => "number",
        "bool" | "boolean" => "boolean",
        "object" | "dict" | "hash" | "map" | "json" => "object",
        "array" | "list" => "array",
        _ => return None,
    })
}

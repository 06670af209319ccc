use std::collections::HashSet;

use toolwright_document::Cursor;

use super::super::reader::{Reader, article};
use crate::model::{Body, Encoding, MediaType, ParameterStyle, Schema};
use crate::schema::is_binary_type;

/// How many schemas of a form are searched for files.
const MOST_LOOKED_AT: usize = 1_000;

impl<'d> Reader<'d, '_> {
    /// The `requestBody` of an operation.
    pub(crate) fn body(&mut self, holder: Cursor<'d>) -> Option<Body<'d>> {
        let node = holder.get("requestBody").filter(|body| !body.is_null())?;
        let at = self.object_behind(node, "a request body")?;
        if at.get("content").is_none() {
            self.warn(at, "a request body without `content`");
        }
        Some(Body {
            at,
            required: self.flag(at, "required").unwrap_or(false),
            description: self.description(node, at),
            content: self.content(at),
        })
    }

    /// The `content` of a body, a response or a parameter.
    pub(crate) fn content(&mut self, holder: Cursor<'d>) -> Vec<MediaType<'d>> {
        let content = self.object(holder, "content");
        let mut out = Vec::new();
        for (name, media_type) in content.into_iter().flat_map(Cursor::entries) {
            if name.starts_with("x-") && !name.contains('/') {
                continue;
            }
            // `application/json:` with nothing behind it promises the type and nothing more.
            let at = match media_type.is_null() {
                true => Some(media_type),
                false => self.object_behind(media_type, "a media type"),
            };
            let Some(at) = at else { continue };
            let form = name
                .trim()
                .to_ascii_lowercase()
                .starts_with("application/x-www-form-urlencoded");
            let schema = at.get("schema");
            out.push(MediaType {
                at,
                files: form && schema.is_some_and(|schema| self.mentions_file(schema)),
                name: name.to_owned(),
                schema: self.schema(at, "schema"),
                item_schema: self.schema(at, "itemSchema"),
                encoding: self.encoding(at),
            });
        }
        out
    }

    /// Whether a property of a form is bytes, as far as the text shows: schemas are read later.
    fn mentions_file(&self, schema: Cursor<'d>) -> bool {
        let mut seen = HashSet::new();
        // Each with whether it is the value of a property.
        let mut stack = vec![(schema, false)];
        while let Some((node, is_value)) = stack.pop() {
            let Ok(node) = self.documents.follow(node) else {
                continue;
            };
            if seen.len() >= MOST_LOOKED_AT || !seen.insert((node.id(), is_value)) {
                continue;
            }
            let text = |key: &str| node.get(key).and_then(Cursor::as_str);
            let media = text("contentMediaType").is_some_and(is_binary_type)
                && node.get("contentEncoding").is_none();
            if is_value && (text("format") == Some("binary") || media) {
                return true;
            }
            for key in ["allOf", "anyOf", "oneOf"] {
                let all = node.get(key).into_iter().flat_map(Cursor::items);
                stack.extend(all.map(|inner| (inner, is_value)));
            }
            match is_value {
                true => stack.extend(node.get("items").map(|inner| (inner, true))),
                false => {
                    let properties = node.get("properties").into_iter();
                    let properties = properties.flat_map(Cursor::entries);
                    stack.extend(properties.map(|(_, inner)| (inner, true)));
                    let others = node.get("additionalProperties");
                    stack.extend(others.map(|inner| (inner, true)));
                }
            }
        }
        false
    }

    /// A schema in place. The references that are written in it must lead somewhere.
    pub(crate) fn schema(&mut self, holder: Cursor<'d>, key: &str) -> Option<Schema<'d>> {
        let at = holder.get(key).filter(|schema| !schema.is_null())?;
        if !at.is_object() && at.as_bool().is_none() {
            self.warn(
                at,
                format!("a schema must be an object, but this is {}", article(at)),
            );
            return None;
        }
        if self.documents.reference(at).is_some() {
            self.follow(at);
        }
        let dialect = self.edition.dialect();
        Some(Schema::Node {
            at,
            dialect,
            parameter: false,
        })
    }

    fn encoding(&mut self, media_type: Cursor<'d>) -> Vec<(String, Encoding<'d>)> {
        let mut out = Vec::new();
        for (property, encoding) in self
            .object(media_type, "encoding")
            .into_iter()
            .flat_map(Cursor::entries)
        {
            let Some(at) = self.object_behind(encoding, "an encoding") else {
                continue;
            };
            let headers = self
                .object(at, "headers")
                .into_iter()
                .flat_map(Cursor::entries);
            let headers = headers.map(|(name, _)| name.to_owned()).collect();
            let encoding = Encoding {
                at,
                content_type: self.text(at, "contentType"),
                style: self.encoding_style(at),
                items: Vec::new(),
                allow_reserved: self.flag(at, "allowReserved").unwrap_or(false),
                headers,
            };
            out.push((property.to_owned(), encoding));
        }
        out
    }

    /// Only where one of the three is written: otherwise the media type decides.
    fn encoding_style(&mut self, node: Cursor<'d>) -> Option<(ParameterStyle, bool)> {
        let written = ["style", "explode", "allowReserved"]
            .iter()
            .any(|key| node.get(key).is_some());
        if !written {
            return None;
        }
        let style = match self.text(node, "style").as_deref() {
            None | Some("form") => ParameterStyle::Form,
            Some("spaceDelimited") => ParameterStyle::SpaceDelimited,
            Some("pipeDelimited") => ParameterStyle::PipeDelimited,
            Some("deepObject") => ParameterStyle::DeepObject,
            Some(style) => {
                self.warn(
                    node,
                    format!(
                        "there is no style `{style}` for the properties of a body; `form` applies"
                    ),
                );
                ParameterStyle::Form
            }
        };
        let explode = self
            .flag(node, "explode")
            .unwrap_or(style == ParameterStyle::Form);
        Some((style, explode))
    }
}

//! What a tool declares about its answers, and whether an answer keeps it.
//!
//! A client may throw where an answer breaks what was declared. So what is declared is always kept: in `checked` mode
//! the schema has one more alternative, an object with the member [`UNDESCRIBED`], which stands for every answer that
//! is not as described; in `strict` mode such an answer is an error, for which nothing is declared.

use std::sync::OnceLock;

use serde_json::value::RawValue;
use toolwright_document::Json;
use toolwright_runtime::InputSchema;

use crate::config::Output;
use crate::protocol::text::compact;
use crate::protocol::version::{Structured, Version};

/// The member of `structuredContent` that holds an answer that the API does not describe.
pub const UNDESCRIBED: &str = "undescribed";

/// The output schema of one tool.
#[derive(Debug)]
pub struct Declared {
    /// What an answer has to fit.
    schema: String,
    /// What `tools/list` shows.
    listed: String,
    /// Whether every answer that fits is an object, which versions before 2026-07-28 ask for.
    objects: bool,
    /// Whether an answer that does not fit is an error.
    pub strict: bool,
    compiled: OnceLock<Option<InputSchema>>,
}

impl Declared {
    /// `None` where nothing is to be declared.
    pub(super) fn new(generated: Option<&RawValue>, mode: Output) -> Option<Declared> {
        let strict = match mode {
            Output::Off => return None,
            Output::Strict => true,
            Output::Checked => false,
        };
        let schema = compact(generated?.get());
        let tree = Json::parse(&schema).ok()?;
        let objects = tree.get("type").and_then(Json::as_str) == Some("object");
        Some(Declared {
            listed: if strict {
                schema.clone()
            } else {
                with_undescribed(tree, objects)?.compact()
            },
            schema,
            objects,
            strict,
            compiled: OnceLock::new(),
        })
    }

    /// Whether it is declared in a version.
    pub fn applies(&self, version: Version) -> bool {
        match version.structured() {
            Structured::Never => false,
            Structured::Objects => self.objects,
            Structured::Anything => true,
        }
    }

    /// What `tools/list` shows.
    pub fn listed(&self) -> &str {
        &self.listed
    }

    /// Whether an answer is as described. The schema is compiled with the first answer.
    pub fn fits(&self, text: &str) -> bool {
        self.compiled
            .get_or_init(|| match InputSchema::new(&self.schema) {
                Ok(schema) => Some(schema),
                Err(error) => {
                    tracing::warn!(%error, "an output schema cannot be read, so that no answer fits it");
                    None
                }
            })
            .as_ref()
            .is_some_and(|schema| schema.fits(text))
    }
}

/// The schema, or an object with [`UNDESCRIBED`]. References lead into `$defs` of the root, which stays there.
fn with_undescribed(mut schema: Json, objects: bool) -> Option<Json> {
    let definitions = schema.remove("$defs");
    let other = Json::object()
        .with("type", "object")
        .with("required", Json::Array(vec![Json::from(UNDESCRIBED)]));
    let mut root = Json::object();
    if objects {
        root.insert("type", "object");
    }
    root.insert("anyOf", Json::Array(vec![schema, other]));
    if let Some(definitions) = definitions {
        root.insert("$defs", definitions);
    }
    Some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(schema: &str, mode: Output) -> Option<Declared> {
        let raw: Box<RawValue> = serde_json::from_str(schema).unwrap();
        Declared::new(Some(&raw), mode)
    }

    const ITEM: &str = r##"{"type": "object", "properties": {"id": {"$ref": "#/$defs/Id"}}, "required": ["id"], "$defs": {"Id": {"type": "integer"}}}"##;

    #[test]
    fn what_is_declared_is_kept_by_every_answer() {
        let checked = declared(ITEM, Output::Checked).unwrap();
        assert_eq!(
            checked.listed(),
            r##"{"type":"object","anyOf":[{"type":"object","properties":{"id":{"$ref":"#/$defs/Id"}},"required":["id"]},{"type":"object","required":["undescribed"]}],"$defs":{"Id":{"type":"integer"}}}"##
        );
        assert!(checked.fits(r#"{"id": 7}"#));
        for other in [r#"{"id": "7"}"#, "{}", "[]", "{", r#"{"id":1,"id":2}"#] {
            assert!(!checked.fits(other), "{other}");
        }
        assert_eq!(
            declared(ITEM, Output::Strict).unwrap().listed(),
            compact(ITEM)
        );
        assert!(declared(ITEM, Output::Off).is_none());
    }

    #[test]
    fn lists_are_declared_where_the_version_allows_them() {
        let list = declared(r#"{"type": "array"}"#, Output::Checked).unwrap();
        let item = declared(ITEM, Output::Checked).unwrap();
        for (version, of_list, of_item) in [
            (Version::V2025_03_26, false, false),
            (Version::V2025_06_18, false, true),
            (Version::V2025_11_25, false, true),
            (Version::V2026_07_28, true, true),
        ] {
            assert_eq!(list.applies(version), of_list);
            assert_eq!(item.applies(version), of_item);
        }
        assert!(list.fits("[1]") && !list.fits("{}"));
    }
}

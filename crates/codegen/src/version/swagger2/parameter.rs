use toolwright_document::Cursor;

use super::super::reader::{Reader, short};
use crate::model::{Dialect, Location, Parameter, ParameterStyle, Schema};

/// How deep lists in lists are looked at; two levels can be written.
const MOST_LISTS: usize = 8;

impl<'d> Reader<'d, '_> {
    /// A parameter that is neither body nor form field.
    pub(super) fn swagger2_parameter(
        &mut self,
        node: Cursor<'d>,
        name: &str,
        place: &str,
    ) -> Option<Parameter<'d>> {
        let location = match place {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            _ => {
                let message = format!(
                    "the parameter {} is left out: there is no place called {}",
                    short(name),
                    short(place)
                );
                self.warn(node, message)
                    .help("`in` is one of path, query, header, formData or body");
                return None;
            }
        };
        if !self.sendable(node, name, location) {
            return None;
        }
        let written = self.flag(node, "required");
        if location == Location::Path && written != Some(true) {
            self.warn(
                node,
                format!(
                    "the path parameter {} must say `required: true`; it is required anyway",
                    short(name)
                ),
            );
        }
        let (style, explode) = self.collection(node, name, location == Location::Query);
        let examples = ["x-example", "example"];
        Some(Parameter {
            at: node,
            name: name.to_owned(),
            location,
            required: location == Location::Path || written.unwrap_or(false),
            deprecated: self
                .flag(node, "deprecated")
                .or(self.flag(node, "x-deprecated"))
                .unwrap_or(false),
            description: self.text(node, "description"),
            style,
            explode,
            items: self.inner_collections(node, name),
            allow_reserved: false,
            allow_empty_value: self.flag(node, "allowEmptyValue").unwrap_or(false),
            schema: Some(self.swagger2_parameter_schema(node)),
            media_type: None,
            encoding: Vec::new(),
            example: examples.iter().find_map(|key| node.get(key)),
            ignored: false,
        })
    }

    /// The parameter object as a schema; some generators write a `schema` even where 2.0 has none.
    pub(super) fn swagger2_parameter_schema(&mut self, node: Cursor<'d>) -> Schema<'d> {
        let dialect = Dialect::Swagger2;
        if node.get("type").is_none()
            && let Some(at) = node.get("schema").filter(|schema| schema.is_object())
        {
            self.warn(
                node,
                "only body parameters have a `schema` in Swagger 2.0; it is read all the same",
            );
            self.follow(at);
            return Schema::Node {
                at,
                dialect,
                parameter: false,
            };
        }
        Schema::Node {
            at: node,
            dialect,
            parameter: true,
        }
    }

    /// `collectionFormat` as a style. What is no array is written the same way in all of them.
    pub(super) fn collection(
        &mut self,
        node: Cursor<'d>,
        name: &str,
        multi: bool,
    ) -> (ParameterStyle, bool) {
        let plain = if multi {
            ParameterStyle::Form
        } else {
            ParameterStyle::Simple
        };
        if node.get("type").and_then(Cursor::as_str) != Some("array") {
            return (plain, false);
        }
        match self.text(node, "collectionFormat").as_deref() {
            None | Some("csv") => (plain, false),
            Some("multi") if multi => (ParameterStyle::Form, true),
            Some("ssv") => (ParameterStyle::SpaceDelimited, false),
            Some("pipes") => (ParameterStyle::PipeDelimited, false),
            Some("tsv") => (ParameterStyle::TabDelimited, false),
            Some(format) => {
                let message = format!(
                    "the collectionFormat {} does not fit the parameter {}; `csv` applies",
                    short(format),
                    short(name)
                );
                self.warn(node, message);
                (plain, false)
            }
        }
    }

    /// The `collectionFormat` of lists within the list, whose default is `csv` too (Swagger 2.0, Items Object).
    pub(super) fn inner_collections(
        &mut self,
        node: Cursor<'d>,
        name: &str,
    ) -> Vec<ParameterStyle> {
        let mut all = Vec::new();
        let is_list = |node: Cursor<'d>| node.get("type").and_then(Cursor::as_str) == Some("array");
        let mut here = node;
        while let Some(items) = here.get("items").filter(|it| is_list(here) && is_list(*it)) {
            if all.len() >= MOST_LISTS {
                break;
            }
            all.push(match self.collection(items, name, false).0 {
                ParameterStyle::Simple => ParameterStyle::Form,
                style => style,
            });
            here = items;
        }
        all
    }
}

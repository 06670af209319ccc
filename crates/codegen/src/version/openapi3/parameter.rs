use toolwright_document::Cursor;

use super::super::parameters::merge;
use super::super::paths::PathItem;
use super::super::reader::{Edition, Layers, Reader, short};
use crate::model::{Dialect, Location, MediaType, Parameter, ParameterStyle, Schema};

impl<'d> Reader<'d, '_> {
    /// The parameters of an operation, those of its path included.
    pub(crate) fn parameters(
        &mut self,
        item: &PathItem<'d>,
        operation: &Layers<'d>,
    ) -> Vec<Parameter<'d>> {
        let mut lists = [
            item.layers.holder("parameters"),
            operation.holder("parameters"),
        ]
        .map(|holder| {
            let objects = self.parameter_objects(holder);
            objects
                .into_iter()
                .filter_map(|(item, node)| self.parameter(item, node))
                .collect::<Vec<_>>()
        });
        let [inherited, own] = &mut lists;
        let mut problems = Vec::new();
        let inherited = merge(Vec::new(), std::mem::take(inherited), |it, other| {
            problems.push((it.at, it.name.clone(), other))
        });
        let all = merge(inherited, std::mem::take(own), |it, other| {
            problems.push((it.at, it.name.clone(), other))
        });
        self.report_repeated(problems);
        all
    }

    /// `item` is what stands in the list: the parameter or a reference to it.
    fn parameter(&mut self, item: Cursor<'d>, node: Cursor<'d>) -> Option<Parameter<'d>> {
        let (name, place) = self.identity(node)?;
        let location = self.location(node, &name, place)?;
        if !self.sendable(node, &name, location) {
            return None;
        }
        let written = self.flag(node, "required");
        if location == Location::Path && written != Some(true) {
            self.warn(
                node,
                format!(
                    "the path parameter {} must say `required: true`; it is required anyway",
                    short(&name)
                ),
            );
        }
        let content = self.parameter_content(node, &name);
        let style = match content {
            Some(_) => ParameterStyle::Content,
            None => self.style(node, &name, location),
        };
        let by_default = matches!(style, ParameterStyle::Form | ParameterStyle::Cookie);
        let explode =
            self.flag(node, "explode").unwrap_or(by_default) && style != ParameterStyle::Content;
        let (media_type, schema, encoding) = match content {
            Some(content) => (Some(content.name), content.schema, content.encoding),
            None => (None, self.parameter_schema(node, &name), Vec::new()),
        };
        let header = location == Location::Header;
        let ignored = ["accept", "content-type", "authorization"]
            .iter()
            .any(|it| name.eq_ignore_ascii_case(it));
        Some(Parameter {
            at: node,
            location,
            required: location == Location::Path || written.unwrap_or(false),
            deprecated: self.flag(node, "deprecated").unwrap_or(false),
            description: self.description(item, node),
            style,
            explode,
            items: Vec::new(),
            allow_reserved: self.flag(node, "allowReserved").unwrap_or(false),
            allow_empty_value: self.flag(node, "allowEmptyValue").unwrap_or(false),
            schema,
            media_type,
            encoding,
            example: self.example(node),
            ignored: header && ignored,
            name,
        })
    }

    fn location(&mut self, node: Cursor<'d>, name: &str, place: &str) -> Option<Location> {
        let location = match place.to_ascii_lowercase().as_str() {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            "cookie" => Location::Cookie,
            "querystring" if self.edition >= Edition::V32 => Location::QueryString,
            _ => {
                let message = format!(
                    "the parameter {} is left out: there is no place called {}",
                    short(name),
                    short(place)
                );
                let allowed = match self.edition {
                    Edition::V32 => "path, query, querystring, header or cookie",
                    _ => "path, query, header or cookie",
                };
                self.warn(node, message)
                    .help(format!("`in` is one of {allowed}"));
                return None;
            }
        };
        if place.chars().any(|c| c.is_ascii_uppercase()) {
            self.warn(
                node,
                format!(
                    "`in` of the parameter {} must be in lower case: {}",
                    short(name),
                    short(place)
                ),
            );
        }
        Some(location)
    }

    fn style(&mut self, node: Cursor<'d>, name: &str, location: Location) -> ParameterStyle {
        use ParameterStyle::{
            Content, Cookie, DeepObject, Form, Label, Matrix, PipeDelimited, Simple, SpaceDelimited,
        };
        let default = match location {
            Location::Path | Location::Header => Simple,
            Location::Query | Location::Cookie => Form,
            Location::QueryString => Content,
        };
        let Some(style) = self.text(node, "style") else {
            return default;
        };
        let known = match style.as_str() {
            "simple" => Simple,
            "label" => Label,
            "matrix" => Matrix,
            "form" => Form,
            "spaceDelimited" => SpaceDelimited,
            "pipeDelimited" => PipeDelimited,
            "deepObject" => DeepObject,
            "cookie" if self.edition >= Edition::V32 => Cookie,
            _ => {
                self.warn(
                    node,
                    format!(
                        "there is no style {}; the default applies to the parameter {}",
                        short(&style),
                        short(name)
                    ),
                );
                return default;
            }
        };
        let fits = match location {
            Location::Path => matches!(known, Simple | Label | Matrix),
            Location::Query => matches!(known, Form | SpaceDelimited | PipeDelimited | DeepObject),
            Location::Header => known == Simple,
            Location::Cookie => matches!(known, Form | Cookie),
            Location::QueryString => false,
        };
        if !fits {
            self.warn(
                node,
                format!(
                    "the style {} is not for the place of the parameter {}; the default of the place applies",
                    short(&style),
                    short(name)
                ),
            );
        }
        known
    }

    /// The media type of a parameter that is described by `content`.
    fn parameter_content(&mut self, node: Cursor<'d>, name: &str) -> Option<MediaType<'d>> {
        node.get("content")?;
        let mut content = self.content(node).into_iter();
        let Some(first) = content.next() else {
            self.warn(
                node,
                format!(
                    "`content` of the parameter {} names no media type",
                    short(name)
                ),
            );
            return None;
        };
        if content.next().is_some() {
            let message = format!(
                "`content` of the parameter {} names several media types; the first counts",
                short(name)
            );
            self.warn(node, message);
        }
        Some(first)
    }

    fn parameter_schema(&mut self, node: Cursor<'d>, name: &str) -> Option<Schema<'d>> {
        if let Some(schema) = self.schema(node, "schema") {
            return Some(schema);
        }
        if node.get("schema").is_some() || node.get("type").is_none() {
            return None;
        }
        let message = format!(
            "the parameter {} has the keywords of its schema beside its name; they are read",
            short(name)
        );
        self.warn(node, message)
            .help("OpenAPI 3 wants them below `schema`");
        let dialect = Dialect::Swagger2;
        Some(Schema::Node {
            at: node,
            dialect,
            parameter: true,
        })
    }

    fn example(&mut self, node: Cursor<'d>) -> Option<Cursor<'d>> {
        if let Some(example) = node.get("example") {
            return Some(example);
        }
        let (_, first) = node.get("examples")?.entries().next()?;
        let first = self.documents.follow(first).ok()?;
        first.get("value").or_else(|| first.get("dataValue"))
    }
}

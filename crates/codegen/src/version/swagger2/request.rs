use indexmap::IndexMap;
use toolwright_document::Cursor;

use super::super::parameters::merge;
use super::super::paths::PathItem;
use super::super::reader::{Layers, Reader, short};
use crate::model::{Body, Encoding, FormField, MediaType, Parameter, Schema};

const MULTIPART: &str = "multipart/form-data";
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// The parameters of one list by what becomes of them.
#[derive(Default)]
struct Sorted<'d> {
    parameters: Vec<Parameter<'d>>,
    bodies: Vec<(String, Cursor<'d>)>,
    fields: Vec<FormField<'d>>,
}

impl<'d> Reader<'d, '_> {
    /// Parameters and body of an operation, those of its path included.
    pub(crate) fn swagger2_request(
        &mut self,
        item: &PathItem<'d>,
        operation: &Layers<'d>,
    ) -> (Vec<Parameter<'d>>, Option<Body<'d>>) {
        let inherited = self.sorted(item.layers.holder("parameters"));
        let own = self.sorted(operation.holder("parameters"));
        let mut repeated = Vec::new();
        let first = merge(Vec::new(), inherited.parameters, |it, other| {
            repeated.push((it.at, it.name.clone(), other))
        });
        let parameters = merge(first, own.parameters, |it, other| {
            repeated.push((it.at, it.name.clone(), other))
        });
        self.report_repeated(repeated);
        let fields = inherited.fields.into_iter().chain(own.fields);
        let fields: IndexMap<String, FormField<'d>> =
            fields.map(|field| (field.name.clone(), field)).collect();
        let fields: Vec<_> = fields.into_values().collect();
        let bodies = if own.bodies.is_empty() {
            inherited.bodies
        } else {
            own.bodies
        };
        if let [_, (_, second), ..] = bodies.as_slice() {
            self.warn(*second, "more than one body parameter; the last one counts");
        }
        let body = match bodies.last() {
            Some((_, node)) => {
                if let Some(field) = fields.first() {
                    self.warn(field.at, "form fields beside a body parameter are left out");
                }
                Some(self.body_parameter(operation, *node))
            }
            None if fields.is_empty() => None,
            None => Some(self.form(operation, fields)),
        };
        (parameters, body)
    }

    fn sorted(&mut self, holder: Option<Cursor<'d>>) -> Sorted<'d> {
        let mut out = Sorted::default();
        for (_, node) in self.parameter_objects(holder) {
            let Some((name, place)) = self.identity(node) else {
                continue;
            };
            match place {
                "body" => out.bodies.push((name, node)),
                "formData" => out.fields.push(FormField {
                    at: node,
                    name,
                    required: self.flag(node, "required").unwrap_or(false),
                    description: self.text(node, "description"),
                }),
                place => out
                    .parameters
                    .extend(self.swagger2_parameter(node, &name, place)),
            }
        }
        out
    }

    fn body_parameter(&mut self, operation: &Layers<'d>, node: Cursor<'d>) -> Body<'d> {
        let schema = self.schema(node, "schema");
        if schema.is_none() {
            self.warn(node, "a body parameter without a `schema`");
        }
        let mut names = self.media_types(operation, "consumes");
        if names.is_empty() {
            // Swagger 2.0 leaves it open; a body with a schema is JSON everywhere.
            names.push("application/json".to_owned());
        }
        Body {
            at: node,
            required: self.flag(node, "required").unwrap_or(false),
            description: self.text(node, "description"),
            content: names
                .into_iter()
                .map(|name| media_type(node, name, schema.clone()))
                .collect(),
        }
    }

    fn form(&mut self, operation: &Layers<'d>, fields: Vec<FormField<'d>>) -> Body<'d> {
        let text = |field: &FormField<'d>, key: &str| field.at.get(key).and_then(Cursor::as_str);
        let type_of = |field: &FormField<'d>| text(field, "type");
        let files = fields
            .iter()
            .any(|field| type_of(field) == Some("file") || text(field, "format") == Some("binary"));
        let mut names = self.media_types(operation, "consumes");
        names.retain(|name| {
            let essence = name.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case(MULTIPART) || essence.eq_ignore_ascii_case(URLENCODED)
        });
        let file = fields.iter().find(|field| type_of(field) == Some("file"));
        let is_multipart = |name: &String| name.to_ascii_lowercase().contains(MULTIPART);
        match file {
            // Swagger 2.0, Parameter Object: a file needs one of the two, and in the other only its name would travel.
            Some(file) if !names.iter().any(is_multipart) => {
                if !names.is_empty() {
                    let message = format!(
                        "the parameter {} is a file, which a form cannot hold; the body is sent as {MULTIPART}",
                        short(&file.name)
                    );
                    self.warn(file.at, message)
                        .help(format!("`consumes` should name {MULTIPART}"));
                }
                names.push(MULTIPART.to_owned());
            }
            None if names.is_empty() => names.push(URLENCODED.to_owned()),
            _ => {}
        }
        let at = fields.first().map(|field| field.at).or(operation.node());
        let at = at.unwrap_or_else(|| self.documents.entry());
        let required = fields.iter().any(|field| field.required);
        let mut content = Vec::new();
        for name in names {
            if !self.charge(at, 1 + fields.len(), 0) {
                break;
            }
            let encoding = fields
                .iter()
                .filter_map(|field| Some((field.name.clone(), self.field_encoding(field)?)));
            content.push(MediaType {
                at,
                name,
                encoding: encoding.collect(),
                schema: Some(Schema::Form(fields.clone())),
                item_schema: None,
                files,
            });
        }
        Body {
            at,
            required,
            description: None,
            content,
        }
    }

    fn field_encoding(&mut self, field: &FormField<'d>) -> Option<Encoding<'d>> {
        if field.at.get("type").and_then(Cursor::as_str) != Some("array") {
            return None;
        }
        Some(Encoding {
            at: field.at,
            content_type: None,
            style: Some(self.collection(field.at, &field.name, true)),
            items: self.inner_collections(field.at, &field.name),
            allow_reserved: false,
            headers: Vec::new(),
        })
    }

    /// What an operation answers with: `produces`, when the response has a schema.
    pub(crate) fn swagger2_produced(
        &mut self,
        operation: &Layers<'d>,
        response: Cursor<'d>,
    ) -> Vec<MediaType<'d>> {
        let Some(schema) = self.schema(response, "schema") else {
            return Vec::new();
        };
        let names = self.media_types(operation, "produces").into_iter();
        names
            .map(|name| media_type(response, name, Some(schema.clone())))
            .collect()
    }

    /// `consumes` or `produces` of the operation, else of the document.
    fn media_types(&mut self, operation: &Layers<'d>, key: &str) -> Vec<String> {
        let holder = operation
            .holder(key)
            .unwrap_or_else(|| self.documents.entry());
        let Some(value) = holder.get(key) else {
            return Vec::new();
        };
        if let Some(one) = value.as_str() {
            self.warn(
                value,
                format!(
                    "`{key}` must be an array, but this is a string; it is read as the only one"
                ),
            );
            return vec![one.to_owned()];
        }
        let items = self.array(holder, key).into_iter().flat_map(Cursor::items);
        let names = items.filter_map(Cursor::as_text);
        names
            .filter(|name| self.charge(holder, 1, name.len()))
            .map(str::to_owned)
            .collect()
    }
}

fn media_type<'d>(at: Cursor<'d>, name: String, schema: Option<Schema<'d>>) -> MediaType<'d> {
    MediaType {
        at,
        name,
        schema,
        item_schema: None,
        files: false,
        encoding: Vec::new(),
    }
}

//! One operation's body.

mod lines;
mod parts;

use super::media::{self, Kind};
use super::shape::{Place, Shape, Slot};
use super::shapes::Shapes;
use super::types::{Settled, about};
use crate::ir::{Call, Expr, Field, Type};
use crate::model::{Body, Operation};
use crate::names::Ident;
use crate::problem::Problems;
use crate::report::Report;
use crate::schema::{Graph, Id, Root, Types, is_binary_type};
use crate::text::clean;
use crate::toolset::ToolChoice;
use toolwright_document::{Cursor, Json};

/// A body on its way.
pub(super) struct BodyPlan<'d> {
    /// As the description writes it.
    pub(super) media_type: String,
    pub(super) required: bool,
    /// Media types that are not used.
    pub(super) others: Vec<String>,
    /// Its schema.
    pub(super) id: Id,
    pub(super) kind: Kind,
    slot: Option<Slot>,
    notes: Vec<(&'static str, Json)>,
    encodings: Vec<Call>,
    /// The static that says how it is written as XML.
    pub(super) xml: Option<Ident>,
    /// Properties that are parts of an XML type, with the schema of each part.
    pub(super) xml_parts: Vec<(String, Id)>,
    /// Where the schema stood, for its name.
    pub(super) schema: Option<Id>,
    at: Cursor<'d>,
}

impl<'d> BodyPlan<'d> {
    pub(super) fn new(body: &Body<'d>, choice: &ToolChoice, graph: &mut Graph<'d>) -> Option<Self> {
        let chosen = choice.content_type.as_ref().map(|spot| spot.value.as_str());
        let media = media::choose(body, chosen)?;
        let schema = media.schema.as_ref().and_then(|schema| graph.add(schema));
        let others = body
            .content
            .iter()
            .filter(|other| !std::ptr::eq(*other, media))
            .map(|other| other.name.clone());
        let mut notes = Vec::new();
        if let Some(text) = body
            .description
            .as_deref()
            .map(clean)
            .map(|(text, _)| text.trim().to_owned())
            && !text.is_empty()
        {
            notes.push((
                "description",
                Json::from(super::prose::bounded(&text, 8_000)),
            ));
        }
        Some(Self {
            media_type: media.name.clone(),
            required: body.required,
            others: others.collect(),
            id: match (schema, lines::items(media, graph)) {
                (Some(schema), _) => schema,
                (None, Some(items)) => graph.list_of(items),
                (None, None) => graph.simple(media.at, None),
            },
            kind: media::kind(&media.name),
            slot: None,
            notes,
            encodings: Vec::new(),
            xml: None,
            xml_parts: Vec::new(),
            schema,
            at: media.at,
        })
    }

    /// After the schemas are read: settles how the body is written, and what its argument looks like for that.
    pub(super) fn finish(
        &mut self,
        body: &Body<'d>,
        graph: &mut Graph<'d>,
        problems: &mut Problems,
        report: &mut Report,
    ) {
        let types = graph.merged(self.id).types();
        let open = graph.is_open(self.id);
        let binary = self.schema.is_some() && !open && graph.is_binary(self.id);
        let encoded = self.schema.is_some()
            && graph.node(graph.followed(self.id)).dialect == crate::model::Dialect::V31
            && graph.coding(self.id).is_some();
        let structured = types.contains(Types::OBJECT) || types.contains(Types::ARRAY);
        self.kind = match self.kind {
            Kind::Open if binary => Kind::Bytes,
            // A media type of a vendor, without a schema: bytes can be anything.
            Kind::Open if open && !self.media_type.contains('*') && !self.media_type.is_empty() => {
                Kind::Bytes
            }
            Kind::Open if types.present() == Types::STRING && !self.media_type.contains('*') => {
                Kind::Text
            }
            Kind::Open => Kind::Json,
            Kind::Xml if open || !structured => Kind::Text,
            Kind::Form if !types.contains(Types::OBJECT) => Kind::Text,
            Kind::Text | Kind::Lines if binary => Kind::Bytes,
            // Without a schema, or with that of its text, it is written by whoever fills the argument.
            Kind::Lines if open || !structured => Kind::Text,
            // Bytes that the description wants as text (OpenAPI 3.1.0 §4.8.14.2).
            Kind::Bytes if encoded => Kind::Text,
            other => other,
        };
        if self.kind == Kind::Multipart && !types.contains(Types::OBJECT) {
            self.without_names(types, graph, problems, report);
        }
        let media = body
            .content
            .iter()
            .find(|media| media.name == self.media_type);
        match self.kind {
            Kind::Bytes => {
                if structured && !open {
                    let message = format!(
                        "the argument is the bytes of the body in `{}`; its schema is not shown",
                        self.media_type
                    );
                    problems.notice(self.at, message);
                }
                self.id = graph.base64(
                    self.at,
                    graph.merged(self.id).text("description").map(str::to_owned),
                )
            }
            // Scalars have one text; what is nested has to be written by whoever fills the argument.
            Kind::Text if open || structured => self.id = graph.simple(self.at, Some("string")),
            Kind::Lines => self.lines(types, graph, problems),
            Kind::Multipart | Kind::Form if open => self.id = graph.simple(self.at, Some("object")),
            Kind::Multipart => {
                let type_of = |name: &str| {
                    let encoding = &media?
                        .encoding
                        .iter()
                        .find(|(property, _)| property == name)?
                        .1;
                    encoding.content_type.as_deref()
                };
                let v31 = graph.node(self.id).dialect == crate::model::Dialect::V31;
                let is_file = |name: &str, open: bool| match type_of(name) {
                    Some(content_type) => content_type.split(',').any(is_binary_type),
                    None => open && v31,
                };
                self.id = graph.with_files(self.id, &is_file);
            }
            _ => {}
        }
        if let Some(media) = media {
            self.lose_items(media, report);
            self.encode(media, graph, problems, report);
        }
    }

    pub(super) fn shape(&mut self, shapes: &mut Shapes<'_, 'd>, place: &Place) {
        let shape = match self.kind {
            Kind::Bytes => Shape::Bytes,
            _ => shapes.shape(self.id, place),
        };
        let json = match self.kind {
            Kind::Bytes => false,
            Kind::Text => !shapes.is_scalar(&shape),
            _ => shape != Shape::Any,
        };
        self.slot = Some(Slot { json, shape });
    }

    /// The static that says how the parts of a property are written as XML.
    pub(super) fn part_xml(&mut self, property: String, hints: Ident) {
        self.encodings.push(Call {
            method: "part_xml",
            values: vec![Expr::Text(property), Expr::Static(hints)],
        });
    }

    pub(super) fn root(&self) -> Root {
        Root {
            name: "body".to_owned(),
            id: self.id,
            required: self.required,
            notes: self.notes.clone(),
        }
    }

    pub(super) fn calls(&self, value: Expr) -> Vec<Call> {
        let mut calls = Vec::new();
        let (mut method, default) = match self.kind {
            Kind::Json | Kind::Open => ("json", "application/json"),
            Kind::Form => ("form", "application/x-www-form-urlencoded"),
            Kind::Multipart => ("multipart", "multipart/form-data"),
            Kind::Xml => ("xml", "application/xml"),
            Kind::Lines if lines::is_sequence(&self.media_type) => {
                ("json_seq", "application/json-seq")
            }
            Kind::Lines => ("json_lines", "application/jsonl"),
            Kind::Text => ("text", "text/plain; charset=utf-8"),
            Kind::Bytes => ("bytes", "application/octet-stream"),
        };
        // A range of media types is not one that can be sent.
        let named = !self.media_type.is_empty() && !self.media_type.contains('*');
        if named && !self.media_type.eq_ignore_ascii_case(default) {
            calls.push(Call {
                method: "content_type",
                values: vec![Expr::Text(self.media_type.clone())],
            });
        }
        calls.extend(self.encodings.iter().map(|call| Call {
            method: call.method,
            values: call.values.clone(),
        }));
        let mut values = vec![value];
        let ranges = ["image/", "audio/", "video/", "font/"];
        let essence = media::essence(&self.media_type);
        if self.kind == Kind::Bytes && !named && ranges.iter().any(|it| essence.starts_with(it)) {
            method = "bytes_of";
            values.insert(0, Expr::Text(essence));
        }
        if self.kind == Kind::Xml {
            values.push(
                self.xml
                    .clone()
                    .map_or(Expr::Fixed("&XmlHints::NONE".to_owned()), Expr::Static),
            );
        }
        calls.push(Call { method, values });
        calls
    }

    pub(super) fn field(&self, field: &Ident, types: &Settled) -> Field {
        let text = self
            .notes
            .iter()
            .find(|(name, _)| *name == "description")
            .and_then(|(_, text)| text.as_str());
        Field {
            ident: field.clone(),
            wire: "body".to_owned(),
            doc: about(text, || {
                format!("The body, `{}`.", super::types::plain(&self.media_type))
            }),
            ty: self.ty(types),
        }
    }

    pub(super) fn ty(&self, types: &Settled) -> Type {
        let slot = self.slot.clone().unwrap_or(Slot {
            json: false,
            shape: Shape::Any,
        });
        types.slot(&slot, !self.required)
    }
}

/// What to ask for where the description promises answers, and none of them JSON.
pub(super) fn accept(operation: &Operation<'_>) -> Option<String> {
    let good = |status: &str| status.starts_with('2') || status == "default";
    let types: Vec<&str> = operation
        .responses
        .iter()
        .filter(|response| good(&response.status))
        .flat_map(|response| &response.content)
        .map(|media| media.name.trim())
        .collect();
    let sendable =
        |name: &&str| name.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && name.contains('/');
    let mut seen = std::collections::HashSet::new();
    let names: Vec<&str> = types
        .iter()
        .copied()
        .filter(sendable)
        .filter(|name| seen.insert(media::essence(name)))
        .collect();
    let json = names
        .iter()
        .any(|name| media::kind(name) == Kind::Json || media::essence(name) == "*/*");
    (!json && !names.is_empty()).then(|| names.join(", "))
}

//! How the properties of a form or a multipart body are written (OpenAPI 3.2 §4.15).

use toolwright_document::Cursor;

use super::super::media::{self, Kind};
use super::super::{encoding, loss_at};
use super::BodyPlan;
use crate::ir::{Call, Expr};
use crate::model::{Encoding, MediaType};
use crate::problem::Problems;
use crate::report::Report;
use crate::schema::{Files, Graph, Types};

impl<'d> BodyPlan<'d> {
    /// A multipart body whose parts have no names. Those of an array go by position (OpenAPI 3.2 §4.14.6), which is not
    /// written here.
    pub(super) fn without_names(
        &mut self,
        types: Types,
        graph: &mut Graph<'d>,
        problems: &mut Problems,
        report: &mut Report,
    ) {
        if types.contains(Types::ARRAY) {
            let message = "a multipart body that is an array, whose parts go by position, cannot be written; an object is taken, and its members are sent by name";
            report.losses.push(loss_at(self.at, message));
        } else {
            let message = "a multipart body must be an object, whose properties are its parts; any object is taken";
            problems.warn(self.at, message);
        }
        self.id = graph.simple(self.at, Some("object"));
    }

    /// What encoding objects ask for that cannot be written.
    fn lose(&self, media: &MediaType<'d>, report: &mut Report) {
        if self.kind != Kind::Multipart {
            return;
        }
        for field in ["prefixEncoding", "itemEncoding", "itemSchema"] {
            if let Some(at) = media.at.get(field) {
                let message =
                    format!("`{field}` is not followed: parts are sent by name, not by position");
                report.losses.push(loss_at(at, message));
            }
        }
        for (name, encoding) in &media.encoding {
            let nested = encoding
                .content_type
                .as_deref()
                .is_some_and(|content_type| {
                    content_type
                        .trim()
                        .to_ascii_lowercase()
                        .starts_with("multipart/")
                });
            if nested {
                let message = format!("the part `{name}` is not written as parts of its own");
                report.losses.push(loss_at(encoding.at, message));
            }
        }
    }

    /// The encoding objects, and the properties that are files.
    pub(super) fn encode(
        &mut self,
        media: &MediaType<'d>,
        graph: &Graph<'d>,
        problems: &mut Problems,
        report: &mut Report,
    ) {
        if !matches!(self.kind, Kind::Form | Kind::Multipart) {
            return;
        }
        self.lose(media, report);
        let text = |text: &str| Expr::Text(text.to_owned());
        let written = |name: &str| {
            media
                .encoding
                .iter()
                .find(|(property, _)| property == name)
                .map(|(_, it)| it)
        };
        let others = self.kind == Kind::Multipart && graph.other_files(self.id) != Files::None;
        for (name, schemas) in graph.parts(self.id) {
            let files = match self.kind {
                Kind::Multipart => of_all(schemas.iter().map(|id| graph.files(*id))),
                _ => Files::None,
            };
            let file = files != Files::None;
            let found = written(name);
            let lost =
                found.and_then(|found| super::super::style::lost(&found.items, found.at, name));
            report.losses.extend(lost);
            let before = self.encodings.len();
            for (header, at) in found.into_iter().flat_map(part_headers) {
                let value = constant(at)
                    .filter(|value| self.kind == Kind::Multipart && sendable(header, value));
                match value {
                    Some(value) => self.encodings.push(Call {
                        method: "part_header",
                        values: vec![text(name), text(header), text(&value)],
                    }),
                    None if at.get("required").and_then(Cursor::as_bool) == Some(true) => {
                        let message = format!(
                            "the header `{header}` of the part `{name}` is not sent: no argument fills it"
                        );
                        report.losses.push(loss_at(at, message));
                    }
                    None => {
                        let message = format!(
                            "the optional header `{header}` of the part `{name}` is not sent"
                        );
                        problems.notice(at, message);
                    }
                }
            }
            let content_type = found.and_then(|found| found.content_type.as_deref());
            let coding = schemas.iter().find_map(|id| graph.coding(*id));
            let coding =
                coding.filter(|_| self.kind == Kind::Multipart && !file && !is_styled(found));
            match (file, content_type) {
                (true, content_type) => self.encodings.push(Call {
                    method: match files {
                        Files::All => "file",
                        _ => "file_or_text",
                    },
                    values: vec![
                        text(name),
                        text(content_type.unwrap_or("application/octet-stream")),
                    ],
                }),
                (false, None) if coding.is_some() => {
                    self.encodings.push(Call {
                        method: "part_type",
                        values: vec![text(name), text("application/octet-stream")],
                    });
                }
                _ => self
                    .encodings
                    .extend(found.and_then(|found| encoding::call(name, found))),
            }
            // Text that stands for bytes says so (OpenAPI 3.0.4 §4.7.15.4, 3.2 §4.15.5.2).
            let transfer = "Content-Transfer-Encoding";
            let told = found.into_iter().flat_map(part_headers);
            let told = told
                .into_iter()
                .any(|(own, _)| own.eq_ignore_ascii_case(transfer));
            if coding == Some("base64") && !told {
                self.encodings.push(Call {
                    method: "part_header",
                    values: vec![text(name), text(transfer), text("base64")],
                });
            }
            let is_xml = content_type.is_some_and(|name| media::kind(name) == Kind::Xml);
            if is_xml && !file && !is_styled(found) {
                self.xml_parts.extend(
                    schemas
                        .first()
                        .map(|id| (name.to_owned(), graph.element(*id))),
                );
            }
            if others && self.encodings.len() == before {
                self.encodings.push(Call {
                    method: "plain_part",
                    values: vec![text(name)],
                });
            }
        }
        if others {
            self.encodings.push(Call {
                method: "other_files",
                values: vec![text("application/octet-stream")],
            });
        }
    }
}

/// What the schemas of one property come to.
fn of_all(mut files: impl Iterator<Item = Files>) -> Files {
    let first = files.next().unwrap_or(Files::None);
    files.fold(first, |all, one| match all == one {
        true => all,
        false => Files::Some,
    })
}

fn is_styled(encoding: Option<&Encoding<'_>>) -> bool {
    encoding.is_some_and(|encoding| encoding.style.is_some())
}

/// The headers of a part; `Content-Type` has a field of its own and is ignored here (OpenAPI 3.2 §4.15.1).
fn part_headers<'e, 'd>(encoding: &'e Encoding<'d>) -> impl Iterator<Item = (&'e str, Cursor<'d>)> {
    let all = encoding.at.get("headers");
    let names = encoding.headers.iter().map(String::as_str);
    let named = names.filter(|name| !name.eq_ignore_ascii_case("content-type"));
    named.filter_map(move |name| Some((name, all?.get(name)?)))
}

/// The only value that a header's schema leaves, or its default.
fn constant(header: Cursor<'_>) -> Option<String> {
    let schema = header.get("schema")?;
    let only = schema
        .get("enum")
        .filter(|values| values.len() == 1)
        .and_then(|values| values.index(0));
    let value = schema
        .get("const")
        .or(only)
        .or_else(|| schema.get("default"))?;
    value.as_text().map(str::to_owned)
}

/// A token (RFC 9110 §5.6.2) and printable ASCII: nothing that could end the line.
fn sendable(name: &str, value: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let printable = |byte: u8| (b' '..=b'~').contains(&byte);
    !name.is_empty() && name.bytes().all(token) && !value.is_empty() && value.bytes().all(printable)
}

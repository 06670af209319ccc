//! Collecting the parts of a request in the order of its description.

use http::{HeaderName, HeaderValue};

use super::{header, path};
use crate::args::{AsBytes, Encode, Param};
use crate::body::{self, Body, Encodings, FilePart, XmlHints};
use crate::error::{Error, Result, Violation};
use crate::headers::{HeaderBag, reserved};
use crate::style::{Kind, Style, pairs, percent};

/// A request in the making. Whatever is wrong with an argument is kept until [`RequestBuilder::build`], which reports
/// all of it together. Absent values leave no trace.
#[must_use = "nothing is sent until the request is built and sent"]
pub struct RequestBuilder<'h> {
    pub(super) method: &'static str,
    pub(super) template: &'static str,
    pub(super) bag: &'h HeaderBag,
    pub(super) path: Vec<(String, String)>,
    pub(super) query: Vec<String>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) cookies: Vec<(String, String)>,
    pub(super) content_type: Option<&'static str>,
    pub(super) accept: Option<&'static str>,
    /// `Content-Type` and `Accept` as arguments, which Swagger 2.0 allows.
    pub(super) own_content_type: Option<String>,
    pub(super) own_accept: Option<String>,
    pub(super) body: Option<Body>,
    pub(super) problems: Vec<Violation>,
    pub(super) server: Option<&'static str>,
    encodings: Encodings,
}

impl<'h> RequestBuilder<'h> {
    pub(super) fn new(method: &'static str, template: &'static str, bag: &'h HeaderBag) -> Self {
        Self {
            method,
            template,
            bag,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            content_type: None,
            accept: None,
            own_content_type: None,
            own_accept: None,
            body: None,
            problems: Vec::new(),
            server: None,
            encodings: Encodings::default(),
        }
    }

    fn problem(&mut self, name: &str, what: &str) {
        let error = Error::argument("", format!("`{name}` {what}")).inside(name);
        self.problems.extend(error.into_violations());
    }

    /// The operation's own server (OpenAPI 3.2 §4.8), its variables at their defaults; absolute or relative to the base.
    /// See [`crate::UpstreamOptions::origins`] for what counts of it.
    pub fn server(mut self, url: &'static str) -> Self {
        self.server = Some(url);
        self
    }

    /// A path parameter in its default style, [`Style::SIMPLE`].
    pub fn path(self, name: &'static str, value: &impl Encode) -> Self {
        self.path_as(Style::SIMPLE, name, value)
    }

    /// A path parameter. Empty, `.` and `..` are refused however they are spelt.
    pub fn path_as(mut self, style: Style, name: &'static str, value: &impl Encode) -> Self {
        let value = value.encode().unwrap_or(Param::Null);
        match path::value(name, &value, style) {
            Ok(text) => self.path.push((name.to_owned(), text)),
            Err(what) => self.problem(name, &what),
        }
        self
    }

    /// A query parameter in its default style, [`Style::FORM`].
    pub fn query(self, name: &'static str, value: &impl Encode) -> Self {
        self.query_as(Style::FORM, name, value)
    }

    /// A query parameter.
    pub fn query_as(mut self, style: Style, name: &'static str, value: &impl Encode) -> Self {
        let Some(value) = value.encode() else {
            return self;
        };
        match pairs(name, &value, style, escape_query) {
            Ok(pairs) => self
                .query
                .extend(pairs.iter().map(|(name, value)| format!("{name}={value}"))),
            Err(what) => self.problem(name, &what),
        }
        self
    }

    /// The whole query from an object (OpenAPI 3.2 `in: querystring`, form content).
    pub fn query_string(self, value: &impl Encode) -> Self {
        self.query_string_as(Style::FORM, value)
    }

    /// The whole query: [`Style::JSON`] writes the value as JSON, any other style its members as pairs, by the
    /// encodings that were set before.
    pub fn query_string_as(mut self, style: Style, value: &impl Encode) -> Self {
        let encodings = std::mem::take(&mut self.encodings);
        match value.encode() {
            None | Some(Param::Null) => {}
            Some(Param::Map(members)) if style != Style::JSON => {
                for (name, member) in &members {
                    let style = body::member_style(member, encodings.get(name));
                    match pairs(name, member, style, escape_query) {
                        Ok(pairs) => self
                            .query
                            .extend(pairs.iter().map(|(name, value)| format!("{name}={value}"))),
                        Err(what) => self.problem(name, &what),
                    }
                }
            }
            Some(Param::Text(text)) if style != Style::JSON => {
                self.query.push(percent::encode(&text))
            }
            Some(other) => self.query.push(percent::encode(&other.to_json())),
        }
        self
    }

    /// A header parameter in its default style, [`Style::SIMPLE`].
    pub fn header(self, name: &'static str, value: &impl Encode) -> Self {
        self.header_as(Style::SIMPLE, name, value)
    }

    /// A header parameter; the weakest rank, so it yields to whoever else fills that name.
    pub fn header_as(mut self, style: Style, name: &'static str, value: &impl Encode) -> Self {
        if ["Content-Type", "Accept"]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own))
        {
            return self.negotiated(style, name, value);
        }
        let Some(value) = value.encode() else {
            return self;
        };
        let ignored = reserved::is_ignored_parameter(name) || reserved::reason(name).is_some();
        if ignored || self.bag.owns(name) {
            return self;
        }
        let parsed = HeaderName::from_bytes(name.as_bytes());
        match (header::header(&value, style), parsed) {
            (Ok(None), _) => {}
            (Ok(Some(text)), Ok(name)) => {
                if let Ok(mut value) = HeaderValue::from_str(&text) {
                    value.set_sensitive(true);
                    self.headers.push((name, value));
                }
            }
            (Ok(Some(_)), Err(_)) => self.problem(name, "is not a header name that can be sent"),
            (Err(what), _) => self.problem(name, &what),
        }
        self
    }

    /// OpenAPI 3 ignores such parameters and never comes here; in Swagger 2.0 they are parameters like any other.
    fn negotiated(mut self, style: Style, name: &'static str, value: &impl Encode) -> Self {
        let is_type = name.eq_ignore_ascii_case("Content-Type");
        match value.encode().map(|value| header::header(&value, style)) {
            None | Some(Ok(None)) => {}
            Some(Ok(Some(text))) if is_type && !body::is_media_type(&text) => {
                self.problem(name, "must be a media type such as `application/json`");
            }
            Some(Ok(text)) if is_type => self.own_content_type = text,
            Some(Ok(text)) if !self.bag.owns(name) => self.own_accept = text,
            Some(Ok(_)) => {}
            Some(Err(what)) => self.problem(name, &what),
        }
        self
    }

    /// A cookie in its default style, [`Style::FORM`]: each value a cookie of its own.
    pub fn cookie(self, name: &'static str, value: &impl Encode) -> Self {
        self.cookie_as(Style::FORM, name, value)
    }

    /// A cookie. All cookies go in one header.
    pub fn cookie_as(mut self, style: Style, name: &'static str, value: &impl Encode) -> Self {
        let Some(value) = value.encode() else {
            return self;
        };
        let pairs = match style.kind {
            Kind::Cookie => header::raw_cookies(name, &value, style),
            _ => pairs(name, &value, style, |out, text, _| percent::push(out, text)),
        };
        match pairs {
            Ok(pairs) => self.cookies.extend(pairs),
            Err(what) => self.problem(name, &what),
        }
        self
    }

    /// The media type of the body, where it is not the default of the call that sets the body.
    pub fn content_type(mut self, media_type: &'static str) -> Self {
        self.content_type = Some(media_type);
        self
    }

    /// What to ask for; `application/json` before anything else unless said.
    pub fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = Some(media_type);
        self
    }

    /// The style of a property of a form or multipart body; before the call that sets the body.
    pub fn encode(mut self, property: &'static str, style: Style) -> Self {
        self.encodings.of(property).style = Some(style);
        self
    }

    /// The media type of a property of a form or multipart body; before the call that sets the body.
    pub fn part_type(mut self, property: &'static str, media_type: &'static str) -> Self {
        self.encodings.of(property).content_type = Some(media_type);
        self
    }

    /// A header of the parts of a property of a multipart body; before the call that sets the body.
    pub fn part_header(
        mut self,
        property: &'static str,
        name: &'static str,
        value: &'static str,
    ) -> Self {
        self.encodings.header(property, name, value);
        self
    }

    /// A property of a multipart body that is a file; before the call that sets the body.
    pub fn file(mut self, property: &'static str, media_type: &'static str) -> Self {
        let encoding = self.encodings.of(property);
        encoding.content_type = Some(media_type);
        encoding.file = FilePart::Always;
        self
    }

    /// A property of a multipart body that is a file where its value is an object, and else a part like any other;
    /// before the call that sets the body.
    pub fn file_or_text(mut self, property: &'static str, media_type: &'static str) -> Self {
        let encoding = self.encodings.of(property);
        encoding.content_type = Some(media_type);
        encoding.file = FilePart::Objects;
        self
    }

    /// The properties of a multipart body that no other call names are files where they are objects; before the call
    /// that sets the body.
    pub fn other_files(mut self, media_type: &'static str) -> Self {
        let others = self.encodings.others();
        others.content_type = Some(media_type);
        others.file = FilePart::Objects;
        self
    }

    /// A property of a multipart body about which there is nothing to say; before the call that sets the body.
    pub fn plain_part(mut self, property: &'static str) -> Self {
        self.encodings.of(property);
        self
    }

    /// How parts of an XML type are written; before the call that sets the body.
    pub fn part_xml(mut self, property: &'static str, hints: &'static XmlHints) -> Self {
        self.encodings.of(property).xml = Some(hints);
        self
    }

    /// A JSON body: the text as it was received.
    pub fn json(mut self, value: &impl Encode) -> Self {
        self.body = value
            .json()
            .map(|text| Body::new("application/json", text.into_owned()));
        self
    }

    /// A list as JSON texts, each with a line to itself.
    pub fn json_lines(mut self, value: &impl Encode) -> Self {
        self.body = body::json_lines(value, "").map(|text| Body::new("application/jsonl", text));
        self
    }

    /// A list as a sequence of JSON texts (RFC 7464).
    pub fn json_seq(mut self, value: &impl Encode) -> Self {
        self.body =
            body::json_lines(value, "\u{1e}").map(|text| Body::new("application/json-seq", text));
        self
    }

    /// A text body.
    pub fn text(mut self, value: &impl Encode) -> Self {
        let text = value
            .encode()
            .and_then(|param| Some(param.scalar()?.into_owned()));
        self.body = text.map(|text| Body::new("text/plain; charset=utf-8", text));
        self
    }

    /// A body of bytes.
    pub fn bytes(self, value: &impl AsBytes) -> Self {
        self.bytes_of("", value)
    }

    /// A body of bytes whose media type is known by a range, such as `image/*`: the one they begin like.
    pub fn bytes_of(mut self, range: &'static str, value: &impl AsBytes) -> Self {
        let bytes = value.as_bytes();
        self.body = bytes.map(|bytes| Body::new(body::media_type(range, bytes), bytes.to_vec()));
        self
    }

    /// An `application/x-www-form-urlencoded` body.
    pub fn form(self, value: &impl Encode) -> Self {
        let encodings = self.encodings.clone();
        self.encoded(value, |value| body::form(value, &encodings))
    }

    /// A `multipart/form-data` body, or what [`RequestBuilder::content_type`] named before.
    pub fn multipart(self, value: &impl Encode) -> Self {
        let encodings = self.encodings.clone();
        let media_type = self.content_type.unwrap_or("multipart/form-data");
        self.encoded(value, |value| {
            body::multipart(value, &encodings, media_type)
        })
    }

    /// An XML body, written by the hints of its schema.
    pub fn xml(self, value: &impl Encode, hints: &XmlHints) -> Self {
        self.encoded(value, |value| body::xml(value, hints))
    }

    fn encoded(
        mut self,
        value: &impl Encode,
        encode: impl FnOnce(&Param<'_>) -> Result<Body>,
    ) -> Self {
        // `null` has no form outside JSON (RFC 6570 §2.3): the body is left out.
        let value = value.encode().filter(|value| !matches!(value, Param::Null));
        match value.map(|value| encode(&value)) {
            None => {}
            Some(Ok(body)) => self.body = Some(body),
            Some(Err(error)) => {
                let error = error.inside("body");
                self.problems.extend(error.into_violations());
            }
        }
        self
    }
}

/// Under `allowReserved`, what would end the parameter or be read as a space is encoded nevertheless.
fn escape_query(out: &mut String, text: &str, reserved: bool) {
    if reserved {
        percent::push_reserved(out, text, b"#&+'");
    } else {
        percent::push(out, text);
    }
}

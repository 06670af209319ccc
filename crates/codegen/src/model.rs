//! One model for every version of the specification.
//!
//! The readers in [`crate::version`] fill it from Swagger 2.0 and OpenAPI 3.0 to 3.2; everything after them is
//! free of versions. References between the parts of a description (path items, parameters, bodies, responses)
//! are followed already. Schemas are not read here: a [`Schema`] points at its place in the document, so that no
//! keyword is squeezed through a model that does not know it.

use toolwright_document::Cursor;

/// A whole description.
#[derive(Debug)]
pub struct Api<'d> {
    /// The version as the document states it: `2.0`, `3.0.3`, `3.1.0`.
    pub format: String,
    /// `info.title`, `info.version` and `info.description`.
    pub title: String,
    /// See [`Api::title`].
    pub version: String,
    /// See [`Api::title`].
    pub description: Option<String>,
    /// Servers of the whole document, in order; empty when it names none.
    pub servers: Vec<Server>,
    /// Declared tags, in order.
    pub tags: Vec<Tag>,
    /// Declared security schemes, in order.
    pub security_schemes: Vec<(String, SecurityScheme)>,
    /// Every operation below `paths`, in document order.
    pub operations: Vec<Operation<'d>>,
    /// Operations below `webhooks` and `callbacks`: counted, since they are no tools.
    pub webhooks: usize,
    /// See [`Api::webhooks`].
    pub callbacks: usize,
}

impl Api<'_> {
    /// The names under which API keys travel in this place.
    pub fn api_keys(&self, place: openapiv3::APIKeyLocation) -> impl Iterator<Item = &str> {
        let schemes = self.security_schemes.iter();
        schemes.filter_map(move |(_, scheme)| match scheme {
            SecurityScheme::Known(known) => match known.as_ref() {
                openapiv3::SecurityScheme::APIKey { location, name, .. } if *location == place => {
                    Some(name.as_str())
                }
                _ => None,
            },
            _ => None,
        })
    }
}

/// How an API knows its callers.
#[derive(Debug, Clone, PartialEq)]
pub enum SecurityScheme {
    /// One that OpenAPI 3.0 knows; those of Swagger 2.0 are brought into its form.
    Known(Box<openapiv3::SecurityScheme>),
    /// TLS client certificates (3.1).
    MutualTls,
    /// Any other; its `type` as written.
    Other(String),
}

/// A tag and what it says of itself.
#[derive(Debug, Clone)]
pub struct Tag {
    /// The name that operations use.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
}

/// A server with its variables put in at their defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// Absolute, or relative to where the document lives (`/api/v3`).
    pub url: String,
    /// The variables, with default and allowed values.
    pub variables: Vec<(String, openapiv3::ServerVariable)>,
    /// The URL as written, with `{variables}`.
    pub template: String,
}

/// One method of one path.
#[derive(Debug)]
pub struct Operation<'d> {
    /// The operation object.
    pub at: Cursor<'d>,
    /// In upper case as HTTP has it: `GET`, `QUERY`, or any token from `additionalOperations`.
    pub method: String,
    /// The path template as written, always with a leading `/`.
    pub path: String,
    /// `operationId`, when it is a string that is not empty.
    pub operation_id: Option<String>,
    /// One line.
    pub summary: Option<String>,
    /// Several lines.
    pub description: Option<String>,
    /// In order, without repeats.
    pub tags: Vec<String>,
    /// Whether its owner advises against it.
    pub deprecated: bool,
    /// Servers of the operation, else of the path item; empty when the document's apply.
    pub servers: Vec<Server>,
    /// Alternatives (OR) of schemes (AND) with their scopes; the document's where the operation has none.
    pub security: Vec<Vec<(String, Vec<String>)>>,
    /// Path-level and operation-level parameters merged by name and place (the operation wins, in place), in order.
    pub parameters: Vec<Parameter<'d>>,
    /// The request body.
    pub body: Option<Body<'d>>,
    /// In document order.
    pub responses: Vec<Response<'d>>,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    /// In the path template.
    Path,
    /// In the query, under its name.
    Query,
    /// The whole query string (3.2).
    QueryString,
    /// A header.
    Header,
    /// A pair of the `Cookie` header.
    Cookie,
}

/// How a parameter is written (OpenAPI 3.2 §4.12.4, Swagger 2.0 `collectionFormat`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParameterStyle {
    /// `a,b` in paths and headers.
    Simple,
    /// `.a.b`
    Label,
    /// `;p=a,b`
    Matrix,
    /// `p=a&p=b` or `p=a,b`
    Form,
    /// `p=a%20b`
    SpaceDelimited,
    /// `p=a|b`
    PipeDelimited,
    /// `p=a%09b` (Swagger 2.0 `tsv`)
    TabDelimited,
    /// `p[k]=v`
    DeepObject,
    /// Cookie pairs without percent-encoding (3.2)
    Cookie,
    /// `content`: the value in that media type.
    Content,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter<'d> {
    /// The parameter object.
    pub at: Cursor<'d>,
    /// On the wire.
    pub name: String,
    /// See [`Location`].
    pub location: Location,
    /// Always true in paths.
    pub required: bool,
    /// Whether its owner advises against it.
    pub deprecated: bool,
    /// What it means.
    pub description: Option<String>,
    /// As written, or the default of its place.
    pub style: ParameterStyle,
    /// As written, or the default of its style.
    pub explode: bool,
    /// How lists within the list are written, from without to within (Swagger 2.0, Items Object).
    pub items: Vec<ParameterStyle>,
    /// Reserved characters travel as they are.
    pub allow_reserved: bool,
    /// An empty value is a value.
    pub allow_empty_value: bool,
    /// Its schema, or that of its `content`.
    pub schema: Option<Schema<'d>>,
    /// The media type of `content`.
    pub media_type: Option<String>,
    /// How the members of a whole query string are written (3.2).
    pub encoding: Vec<(String, Encoding<'d>)>,
    /// An example where the schema has none (shown to the model).
    pub example: Option<Cursor<'d>>,
    /// `Accept`, `Content-Type` and `Authorization` as header parameters: OpenAPI says to ignore them.
    pub ignored: bool,
}

/// A request body.
#[derive(Debug)]
pub struct Body<'d> {
    /// The request body object, or the first body parameter of Swagger 2.0.
    pub at: Cursor<'d>,
    /// Whether it may be left out.
    pub required: bool,
    /// What it means.
    pub description: Option<String>,
    /// Its representations, in document order.
    pub content: Vec<MediaType<'d>>,
}

/// One representation of a body.
#[derive(Debug)]
pub struct MediaType<'d> {
    /// The media type object, or what stands for it.
    pub at: Cursor<'d>,
    /// As written, parameters included: `application/json; charset=utf-8`.
    pub name: String,
    /// Of the whole.
    pub schema: Option<Schema<'d>>,
    /// Of each item of a stream (3.2 `itemSchema`).
    pub item_schema: Option<Schema<'d>>,
    /// Of a form: whether one of its properties is bytes.
    pub files: bool,
    /// How form and multipart properties are written, by property.
    pub encoding: Vec<(String, Encoding<'d>)>,
}

/// The encoding object of one property.
#[derive(Debug)]
pub struct Encoding<'d> {
    /// The encoding object.
    pub at: Cursor<'d>,
    /// `contentType`, perhaps several with commas.
    pub content_type: Option<String>,
    /// `style` with `explode`, only where one of style, explode or allowReserved is written.
    pub style: Option<(ParameterStyle, bool)>,
    /// How lists within the list are written, from without to within (Swagger 2.0, Items Object).
    pub items: Vec<ParameterStyle>,
    /// Reserved characters travel as they are.
    pub allow_reserved: bool,
    /// Header names of the part.
    pub headers: Vec<String>,
}

/// One answer that an operation may give.
#[derive(Debug)]
pub struct Response<'d> {
    /// The response object.
    pub at: Cursor<'d>,
    /// `200`, `4XX` or `default`.
    pub status: String,
    /// What it means.
    pub description: Option<String>,
    /// In document order.
    pub content: Vec<MediaType<'d>>,
}

/// Which rules a schema was written by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Swagger 2.0: JSON Schema 4, a subset, with `x-nullable` and `type: file`.
    Swagger2,
    /// OpenAPI 3.0: JSON Schema 5, a subset, with `nullable` and boolean `exclusiveMinimum`.
    V30,
    /// OpenAPI 3.1 and 3.2: JSON Schema 2020-12.
    V31,
}

/// Where a schema stands.
#[derive(Debug, Clone)]
pub enum Schema<'d> {
    /// A schema in the document. For Swagger 2.0 parameters this is the parameter object itself, of which only
    /// the schema keywords count (`required`, `description`, `name`, `in` and `collectionFormat` do not).
    Node {
        /// The schema object, boolean, or parameter object.
        at: Cursor<'d>,
        /// The rules it was written by.
        dialect: Dialect,
        /// Whether `at` is a Swagger 2.0 parameter object.
        parameter: bool,
    },
    /// The object made of Swagger 2.0's `formData` parameters.
    Form(Vec<FormField<'d>>),
}

/// A `formData` parameter of Swagger 2.0.
#[derive(Debug, Clone)]
pub struct FormField<'d> {
    /// The parameter object.
    pub at: Cursor<'d>,
    /// Its name.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub description: Option<String>,
}

//! What is rendered: plain structs in which every name is settled and every text is ready.

use toolwright_document::Json;

use crate::names::Ident;

/// A crate to be written.
#[derive(Debug)]
pub struct Toolset {
    /// The toolset's name: the folder below `build-specs`.
    pub name: String,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`, bounded.
    pub description: String,
    /// Where the description came from.
    pub source: String,
    /// SHA-256 of the description, `sha256:…`.
    pub digest: String,
    /// Base URLs, variables at their defaults.
    pub servers: Vec<String>,
    /// Security schemes that the runtime can name.
    pub security: Vec<Security>,
    /// One per first tag, in the order of their first operation.
    pub groups: Vec<Group>,
    /// Types of component schemas, in name order.
    pub types: Vec<TypeDef>,
}

/// A security scheme: its constructor in the runtime, and what it is called with.
#[derive(Debug)]
pub struct Security {
    /// The variant: `Bearer`, `ApiKey`…
    pub kind: &'static str,
    /// Fields with their values.
    pub fields: Vec<(&'static str, SecurityValue)>,
}

/// The value of a field of a security scheme.
#[derive(Debug)]
pub enum SecurityValue {
    /// A text from the description.
    Text(String),
    /// A path in the runtime: `Place::Header`.
    Path(&'static str),
}

/// The tools of one tag: a module and a JSON file.
#[derive(Debug)]
pub struct Group {
    /// The tag as written; empty for operations without one.
    pub tag: String,
    /// What it says of itself.
    pub about: Option<String>,
    /// The module.
    pub module: Ident,
    /// In the order of the description.
    pub tools: Vec<Tool>,
}

/// One operation.
#[derive(Debug)]
pub struct Tool {
    /// On the MCP side.
    pub name: String,
    /// The function.
    pub function: Ident,
    /// `GET`.
    pub method: String,
    /// The path template.
    pub template: String,
    /// Alternatives of security schemes that are asked for together, by name.
    pub security: Vec<Vec<String>>,
    /// Markdown lines about it.
    pub doc: Vec<String>,
    /// What it takes beside the headers.
    pub args: Args,
    /// What the function does with them, in order.
    pub calls: Vec<Call>,
    /// Header parameters that are arguments.
    pub headers: Vec<Placed>,
    /// Cookie parameters that are arguments.
    pub cookies: Vec<Placed>,
    /// Query parameters that are arguments, and have the name of an API key.
    pub keys: Vec<Placed>,
    /// Header parameters that are no arguments: name, and whether it is required.
    pub caller_headers: Vec<(String, bool)>,
    /// Types of inline schemas, in the order of their first use.
    pub types: Vec<TypeDef>,
    /// What is known about the body's XML, where it has one.
    pub xml: Vec<XmlDef>,
    /// What `tools/list` shows.
    pub listed: Json,
}

/// A header or cookie that an argument fills.
#[derive(Debug)]
pub struct Placed {
    /// On the wire.
    pub name: String,
    /// The argument.
    pub argument: String,
}

/// One call on the request.
#[derive(Debug)]
pub struct Call {
    /// The method of `Request`.
    pub method: &'static str,
    /// Its arguments.
    pub values: Vec<Expr>,
}

/// An argument of a call. There is no way to put text from a description here but as a literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// A string literal.
    Text(String),
    /// A reference to a field of the arguments.
    Argument(Ident),
    /// Words of the runtime's own: `Style::FORM.reserved()`.
    Fixed(String),
    /// A reference to a static of this module.
    Static(Ident),
}

/// A type of the generated code.
#[derive(Debug)]
pub struct TypeDef {
    /// Its name.
    pub ident: Ident,
    /// Markdown lines about it.
    pub doc: Vec<String>,
    /// What it is.
    pub kind: TypeKind,
}

/// The kinds of types.
#[derive(Debug)]
pub enum TypeKind {
    /// An object.
    Struct(Vec<Field>),
    /// A closed set of strings.
    Enum(Vec<Variant>),
    /// One of several structs, told apart by a member.
    Union {
        /// The member's name on the wire.
        tag: String,
        /// One per value of the tag.
        variants: Vec<Variant>,
    },
}

/// What a function takes beside the headers.
#[derive(Debug)]
pub enum Args {
    /// Nothing.
    None,
    /// A field for each argument.
    Fields(Struct),
    /// The body, which is the arguments themselves.
    Body(Type),
}

/// The arguments of a tool.
#[derive(Debug)]
pub struct Struct {
    /// Its name.
    pub ident: Ident,
    /// In the order of the description.
    pub fields: Vec<Field>,
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// In Rust.
    pub ident: Ident,
    /// On the wire, or the argument's name.
    pub wire: String,
    /// Markdown lines about it; never empty.
    pub doc: Vec<String>,
    /// Its type.
    pub ty: Type,
}

/// A variant of an enum.
#[derive(Debug)]
pub struct Variant {
    /// In Rust.
    pub ident: Ident,
    /// On the wire; several where a union reads them alike.
    pub wires: Vec<String>,
    /// What a union holds.
    pub holds: Option<Type>,
}

/// The types of fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `bool`
    Bool,
    /// `i64`
    I64,
    /// `u64`
    U64,
    /// A whole number of any size, its text kept.
    Integer,
    /// A number, its text kept.
    Number,
    /// `String`
    String,
    /// Base64 on the MCP side, bytes on the wire.
    Bytes,
    /// A file of a multipart body.
    File,
    /// JSON as it came.
    Any,
    /// A type of this crate.
    Named(Ident),
    /// `Vec<_>`
    List(Box<Type>),
    /// `Map<_>`
    Map(Box<Type>),
    /// `Option<_>`
    Option(Box<Type>),
    /// `Box<_>`, where a type holds itself.
    Boxed(Box<Type>),
    /// A value beside the JSON text it was read from.
    Json(Box<Type>),
}

impl Type {
    /// `Option<_>` of it, once.
    #[must_use]
    pub fn optional(self) -> Type {
        match self {
            Type::Option(_) => self,
            other => Type::Option(Box::new(other)),
        }
    }

    /// Calls `see` with every type of this crate in it.
    pub fn named(&self, see: &mut impl FnMut(&Ident)) {
        match self {
            Type::Named(ident) => see(ident),
            Type::List(inner)
            | Type::Map(inner)
            | Type::Option(inner)
            | Type::Boxed(inner)
            | Type::Json(inner) => {
                inner.named(see);
            }
            _ => {}
        }
    }
}

/// How a value is written as XML (OpenAPI's XML object).
#[derive(Debug)]
pub struct XmlDef {
    /// The static.
    pub ident: Ident,
    /// Element or attribute name; `None` takes the property's.
    pub name: Option<String>,
    /// Namespace URI.
    pub namespace: Option<String>,
    /// Prefix of the name.
    pub prefix: Option<String>,
    /// An attribute of the element around it.
    pub attribute: bool,
    /// Whether an array has an element around its items.
    pub wrapped: bool,
    /// The text of the element around it.
    pub text: bool,
    /// A CDATA section of the element around it.
    pub cdata: bool,
    /// An object whose members stand in the element around it.
    pub inline: bool,
    /// Of an object: property and static.
    pub properties: Vec<(String, Ident)>,
    /// Of an array: the statics of its first items; `None` for one without hints.
    pub first_items: Vec<Option<Ident>>,
    /// Of an array: the static of its items.
    pub items: Option<Ident>,
}

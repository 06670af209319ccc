//! The keywords of JSON Schema 2020-12 and what their values have to be.

/// The shape of a keyword's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A schema.
    Schema,
    /// Schemas in a list that is not empty.
    Schemas,
    /// Schemas by name.
    SchemaMap,
    /// Any number.
    Number,
    /// A number above zero.
    Positive,
    /// A whole number from zero.
    Count,
    /// `true` or `false`.
    Flag,
    /// Text that a model reads.
    Prose,
    /// Text that means something to a machine.
    Text,
    /// Anything.
    Any,
    /// Has rules of its own; see [`super::read`].
    Special,
    /// Of no use in the input of a tool, and not worth a word.
    Silent,
}

/// The keyword as a static text, with the shape of its value; `None` for what no dialect knows.
pub(super) fn keyword(name: &str) -> Option<(&'static str, Shape)> {
    let (_, known, shape) = TABLE
        .iter()
        .map(|(name, shape)| (*name, *name, *shape))
        .find(|(n, ..)| *n == name)?;
    Some((known, shape))
}

/// Keywords that describe and never forbid.
pub(super) fn is_annotation(name: &str) -> bool {
    matches!(
        name,
        "title"
            | "description"
            | "default"
            | "examples"
            | "deprecated"
            | "x-mcp-header"
            | "$comment"
    )
}

/// Keywords that look at their neighbours: they cannot move into another schema object.
pub(super) fn looks_aside(name: &str) -> bool {
    matches!(
        name,
        "additionalProperties"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "if"
            | "then"
            | "else"
            | "items"
            | "prefixItems"
            | "contains"
            | "minContains"
            | "maxContains"
    )
}

const TABLE: &[(&str, Shape)] = &[
    ("type", Shape::Special),
    ("properties", Shape::SchemaMap),
    ("description", Shape::Prose),
    ("format", Shape::Special),
    ("enum", Shape::Special),
    ("items", Shape::Special),
    ("required", Shape::Special),
    ("$ref", Shape::Special),
    ("example", Shape::Special),
    ("examples", Shape::Special),
    ("default", Shape::Special),
    ("const", Shape::Any),
    ("title", Shape::Prose),
    ("nullable", Shape::Special),
    ("x-nullable", Shape::Special),
    ("minimum", Shape::Number),
    ("maximum", Shape::Number),
    ("exclusiveMinimum", Shape::Special),
    ("exclusiveMaximum", Shape::Special),
    ("multipleOf", Shape::Positive),
    ("minLength", Shape::Count),
    ("maxLength", Shape::Count),
    ("pattern", Shape::Special),
    ("minItems", Shape::Count),
    ("maxItems", Shape::Count),
    ("uniqueItems", Shape::Flag),
    ("minProperties", Shape::Count),
    ("maxProperties", Shape::Count),
    ("minContains", Shape::Count),
    ("maxContains", Shape::Count),
    ("additionalProperties", Shape::Schema),
    ("patternProperties", Shape::Special),
    ("propertyNames", Shape::Schema),
    ("unevaluatedProperties", Shape::Schema),
    ("unevaluatedItems", Shape::Schema),
    ("prefixItems", Shape::Schemas),
    ("additionalItems", Shape::Special),
    ("contains", Shape::Schema),
    ("allOf", Shape::Schemas),
    ("anyOf", Shape::Schemas),
    ("oneOf", Shape::Schemas),
    ("not", Shape::Schema),
    ("if", Shape::Schema),
    ("then", Shape::Schema),
    ("else", Shape::Schema),
    ("dependentRequired", Shape::Special),
    ("dependentSchemas", Shape::SchemaMap),
    ("dependencies", Shape::Special),
    ("contentEncoding", Shape::Text),
    ("contentMediaType", Shape::Text),
    ("contentSchema", Shape::Schema),
    ("deprecated", Shape::Flag),
    ("readOnly", Shape::Special),
    ("writeOnly", Shape::Special),
    ("discriminator", Shape::Special),
    ("xml", Shape::Special),
    ("x-mcp-header", Shape::Special),
    ("externalDocs", Shape::Silent),
    ("$comment", Shape::Silent),
    ("$schema", Shape::Silent),
    ("$id", Shape::Silent),
    ("id", Shape::Silent),
    ("$anchor", Shape::Silent),
    ("$dynamicAnchor", Shape::Silent),
    ("$dynamicRef", Shape::Special),
    ("$recursiveRef", Shape::Special),
    ("$recursiveAnchor", Shape::Silent),
    ("$vocabulary", Shape::Silent),
    ("$defs", Shape::Silent),
    ("definitions", Shape::Silent),
];

//! Keywords of JSON Schema 2020-12 (§10) whose values hold schemas.

/// How schemas stand in the value of a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Holds {
    /// The value is one.
    Schema,
    /// It is a list of some.
    Schemas,
    /// Its members are some, by names that are no keywords.
    Named,
}

/// `None` for keywords whose values are no schemas.
pub(super) fn holds(keyword: &str) -> Option<Holds> {
    match keyword {
        "properties" | "patternProperties" | "dependentSchemas" => Some(Holds::Named),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Some(Holds::Schemas),
        "items"
        | "additionalProperties"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Some(Holds::Schema),
        _ => None,
    }
}

//! What only the whole of a schema object tells: bounds with their exclusion, null beside a type, values without quotes.

use toolwright_document::{Cursor, Json};

use super::numbers::unquoted;
use super::reader::Reader;
use super::{Node, Word};
use crate::model::Dialect;

/// Puts together what single keywords could not know.
pub(super) fn finish<'d>(reader: &mut Reader<'_, 'd>, node: &mut Node<'d>, at: Cursor<'d>) {
    let old = reader.key.dialect != Dialect::V31;
    for (bound, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        match node.json(exclusive).cloned() {
            Some(Json::Bool(true)) => match node.json(bound).cloned() {
                Some(number) => {
                    node.drop_word(bound);
                    node.set(exclusive, Word::Json(number));
                }
                None => node.drop_word(exclusive),
            },
            Some(Json::Bool(false)) => node.drop_word(exclusive),
            _ => {}
        }
    }
    let open =
        node.word("type").is_none() && node.word("enum").is_none() && node.word("const").is_none();
    // Before 3.1 nobody writes `properties` for values that may be something else than objects.
    if old && open && node.word("$ref").is_none() {
        if node.word("properties").is_some() {
            node.words
                .insert(0, ("type", Word::Json(Json::from("object"))));
        } else if node.word("items").is_some() {
            node.words
                .insert(0, ("type", Word::Json(Json::from("array"))));
        }
    }
    unquote(reader, node, at);
    if let Some(Json::Bool(true)) = node.json("nullable") {
        node.drop_word("nullable");
        allow_null(reader, node);
    }
}

/// `enum: [1, 2]` beside `type: string` is YAML without quotes.
fn unquote<'d>(reader: &mut Reader<'_, 'd>, node: &mut Node<'d>, at: Cursor<'d>) {
    let (Some(Json::String(kind)), Some(Json::Array(values))) =
        (node.json("type"), node.json("enum"))
    else {
        return;
    };
    let mend = |value: &Json| match (kind.as_str(), value) {
        ("string", Json::Number(text)) => Some(Json::String(text.clone())),
        ("string", Json::Bool(flag)) => Some(Json::String(flag.to_string())),
        ("integer" | "number", Json::String(text)) => unquoted(text).map(Json::Number),
        ("boolean", Json::String(text)) => text.parse().ok().map(Json::Bool),
        _ => None,
    };
    let mended: Vec<Json> = values
        .iter()
        .map(|value| mend(value).unwrap_or_else(|| value.clone()))
        .collect();
    if mended != *values {
        let message =
            format!("`enum` holds values that are not of the type `{kind}`; they are read as such");
        reader.problems.warn(at.get("enum").unwrap_or(at), message);
        node.set("enum", Word::Json(Json::Array(mended)));
    }
}

fn allow_null<'d>(reader: &mut Reader<'_, 'd>, node: &mut Node<'d>) {
    let with_null = |list: &[Json], null: Json| {
        let mut list = list.to_vec();
        if !list.contains(&null) {
            list.push(null);
        }
        Json::Array(list)
    };
    let closed = ["allOf", "anyOf", "oneOf", "$ref", "const", "not"]
        .iter()
        .any(|name| node.word(name).is_some());
    if let Some(Json::Array(values)) = node.json("enum") {
        let values = with_null(values, Json::Null);
        node.set("enum", Word::Json(values));
    }
    match node.json("type") {
        Some(Json::String(one)) => {
            let list = with_null(&[Json::from(one.as_str())], Json::from("null"));
            node.set("type", Word::Json(list));
        }
        Some(Json::Array(many)) => {
            let list = with_null(many, Json::from("null"));
            node.set("type", Word::Json(list));
        }
        _ => {}
    }
    if !closed {
        return;
    }
    // What composes would go on refusing null: it becomes one of two alternatives.
    let mut inner = Node::new(node.at, node.dialect);
    let mut null = Node::new(node.at, node.dialect);
    null.set("type", Word::Json(Json::from("null")));
    let annotations = std::mem::take(&mut node.words);
    for (name, word) in annotations {
        match super::keyword::is_annotation(name) {
            true => node.words.push((name, word)),
            false => inner.words.push((name, word)),
        }
    }
    (inner.discriminator, inner.xml) = (node.discriminator.take(), node.xml);
    let alternatives = vec![reader.graph.push(inner), reader.graph.push(null)];
    node.set("anyOf", Word::List(alternatives));
}

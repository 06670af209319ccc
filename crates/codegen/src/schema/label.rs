//! What a schema is called by: the place where it stands.

use super::{Graph, Id};
use crate::names::shorten;

impl Graph<'_> {
    /// `Pet` for `#/components/schemas/Pet`; `[A-Za-z0-9_.-]+`, perhaps the same for several places.
    pub fn label(&self, id: Id) -> String {
        let node = self.node(id);
        if let Some(alias) = node.alias {
            return alias.to_owned();
        }
        let pointer = node.at.pointer();
        let mut tokens: Vec<&str> = pointer.split('/').skip(1).collect();
        let shelf = match tokens.as_slice() {
            ["components", _, _, ..] => 2,
            ["definitions" | "$defs" | "parameters" | "responses", _, ..] => 1,
            // A definition of an inline schema: the way there says nothing that its name does not.
            [around @ .., "$defs", _] => around.len() + 1,
            _ => 0,
        };
        tokens.drain(..shelf);
        let name = match tokens.is_empty() {
            true => stem(node.at.document().name()).to_owned(),
            false => tokens.join("_").replace("~1", "_").replace("~0", "_"),
        };
        let legal = |c: char| {
            if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') {
                c
            } else {
                '_'
            }
        };
        let ascii = any_ascii::any_ascii(&name);
        let mut name: String = ascii.chars().map(legal).collect();
        if let Some(variant) = &node.variant {
            name = format!("{name}_{variant}");
        }
        shorten(name, &self.identity(id), 100)
    }

    /// File, pointer, variant and dynamic scope.
    pub fn identity(&self, id: Id) -> String {
        let node = self.node(id);
        let variant = node
            .variant
            .as_deref()
            .map(|variant| format!(" {variant}"))
            .unwrap_or_default();
        let scope = node.scope.as_deref().unwrap_or_default();
        format!(
            "{}#{}{variant}{scope}",
            node.at.document().name(),
            node.at.pointer()
        )
    }
}

/// `pets` for `schemas/pets.yaml`.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split('.')
        .next()
        .filter(|stem| !stem.is_empty())
        .unwrap_or("Schema")
}

//! Discriminators: the values that tell alternatives apart, put where JSON Schema can see them.
//!
//! JSON Schema knows no discriminator, and `oneOf` refuses a value that fits two alternatives. So each alternative
//! that does not say itself what the tag is gets told, by the mapping or by its own name (OpenAPI 3.2 §4.25).

use toolwright_document::{Cursor, Json};

use super::{Graph, Id, Node, Word};
use crate::model::Dialect;

impl<'d> Graph<'d> {
    pub(super) fn tag_alternatives(&mut self, fresh: &[Id]) {
        for &id in fresh {
            let Some(discriminator) = self.node(id).discriminator else {
                continue;
            };
            let Some(tag) = discriminator.get("propertyName").and_then(Cursor::as_str) else {
                continue;
            };
            for keyword in ["oneOf", "anyOf"] {
                let list = self.node(id).list(keyword).to_vec();
                if list.is_empty() {
                    continue;
                }
                let tagged = list
                    .iter()
                    .map(|branch| self.tagged(*branch, discriminator, tag))
                    .collect();
                self.node_mut(id).set(keyword, Word::List(tagged));
            }
        }
    }

    fn tagged(&mut self, branch: Id, discriminator: Cursor<'d>, tag: &str) -> Id {
        let Some(target) = self.node(branch).target() else {
            return branch;
        };
        if self.tag_values(branch, tag).is_some() {
            return branch;
        }
        let place = self.node(target).at;
        let mut values: Vec<&str> = Vec::new();
        for (value, to) in discriminator
            .get("mapping")
            .into_iter()
            .flat_map(Cursor::entries)
        {
            if to.as_str().and_then(|to| self.mapped(discriminator, to)) == Some(place) {
                values.push(value);
            }
        }
        if values.is_empty() {
            values.extend(place.key());
        }
        if values.is_empty() {
            return branch;
        }
        let mut property = Node::new(place, Dialect::V31);
        match values.as_slice() {
            [only] => property.set("const", Word::Json(Json::from(*only))),
            many => property.set(
                "enum",
                Word::Json(Json::Array(
                    many.iter().map(|value| Json::from(*value)).collect(),
                )),
            ),
        }
        let property = self.push(property);
        let mut wrapper = Node::new(self.node(branch).at, Dialect::V31);
        wrapper.set("$ref", Word::Ref(target));
        wrapper.set("properties", Word::Map(vec![(tag.to_owned(), property)]));
        self.push(wrapper)
    }

    /// Where a value of a mapping leads: a reference, or the bare name of a component.
    fn mapped(&self, from: Cursor<'d>, to: &str) -> Option<Cursor<'d>> {
        let named = || {
            from.document()
                .root()
                .get("components")?
                .get("schemas")?
                .get(to)
        };
        let looks_like_name = to
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        match looks_like_name.then(named).flatten() {
            Some(found) => Some(found),
            None => self.documents.resolve(from, to).ok(),
        }
    }

    /// The strings that a schema allows for its tag, when it names them itself.
    pub fn tag_values(&self, id: Id, tag: &str) -> Option<Vec<String>> {
        let merged = self.merged(id);
        let properties = merged.properties();
        let sets = properties
            .get(tag)?
            .iter()
            .filter_map(|id| self.merged(*id).values().map(owned));
        let smallest = sets.min_by_key(Vec::len)?;
        smallest
            .into_iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect()
    }
}

fn owned(values: Vec<&Json>) -> Vec<Json> {
    values.into_iter().cloned().collect()
}

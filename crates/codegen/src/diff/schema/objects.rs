//! Members of objects.

use toolwright_document::Json;

use super::flat::Flat;
use super::{Walk, Way};
use crate::diff::change::Class;
use crate::diff::words;
use crate::text::one_line;

impl<'j> Walk<'_, 'j> {
    pub(super) fn objects(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>, depth: usize) {
        for (name, before) in &old.properties {
            let at = member(place, name);
            let (was, is) = (old.required.contains(name), new.required.contains(name));
            match new.properties.get(name) {
                Some(after) => {
                    match (self.way, was, is) {
                        (Way::In, false, true) => {
                            self.changes
                                .push(Class::Breaking, at.as_str(), "is now required")
                        }
                        (Way::In, true, false) => {
                            self.changes
                                .push(Class::Additive, at.as_str(), "is now optional")
                        }
                        (Way::Out, true, false) => {
                            self.changes
                                .push(Class::Breaking, at.as_str(), "may be missing now");
                        }
                        (Way::Out, false, true) => {
                            self.changes
                                .push(Class::Additive, at.as_str(), "is always there now");
                        }
                        _ => {}
                    }
                    self.compare(&at, before, after, depth + 1);
                }
                // Nobody could rely on what was optional in an answer.
                None if self.way == Way::Out && !was => {
                    self.changes
                        .push(Class::Additive, at, "removed; it was optional");
                }
                None => self.changes.push(Class::Breaking, at, "removed"),
            }
        }
        for (name, after) in &new.properties {
            if old.properties.contains_key(name) {
                continue;
            }
            let at = member(place, name);
            match (self.way, new.required.contains(name)) {
                (Way::In, true) => {
                    self.changes
                        .push(Class::Breaking, at.as_str(), "added, required")
                }
                (Way::In, false) => {
                    self.changes
                        .push(Class::Additive, at.as_str(), "added, optional")
                }
                (Way::Out, _) => self.changes.push(Class::Additive, at.as_str(), "added"),
            }
            if self.way == Way::In {
                words::fresh(&at, &[], Some(after), self.changes);
            }
        }
        // Names that no property describes.
        for name in new.required.difference(&old.required) {
            if self.way == Way::In && !new.properties.contains_key(name) {
                self.changes
                    .push(Class::Breaking, member(place, name), "is now required");
            }
        }
        self.additional(place, old, new, depth);
    }

    fn additional(&mut self, place: &str, old: &Flat<'j>, new: &Flat<'j>, depth: usize) {
        let open = |flat: &Flat<'j>| match flat.word("additionalProperties") {
            None | Some(Json::Bool(true)) => Ok(None),
            Some(Json::Bool(false)) => Err(()),
            Some(schema) => Ok(Some(schema)),
        };
        match (open(old), open(new)) {
            (Ok(_), Err(())) => self.narrower(place, "takes no other properties any more"),
            (Err(()), Ok(_)) => self.wider_harmless(place, "takes other properties now"),
            (Ok(Some(before)), Ok(Some(after))) => {
                self.compare(&format!("{place}.*"), before, after, depth + 1);
            }
            (Ok(None), Ok(Some(schema)))
                if schema.as_object().is_some_and(|words| !words.is_empty()) =>
            {
                self.narrower(place, "other properties are held to a schema now");
            }
            (Ok(Some(schema)), Ok(None))
                if schema.as_object().is_some_and(|words| !words.is_empty()) =>
            {
                self.wider_harmless(place, "other properties are not held to a schema any more");
            }
            _ => {}
        }
    }
}

/// `body.owner.name`
fn member(place: &str, name: &str) -> String {
    format!("{place}.{}", one_line(name, 80))
}

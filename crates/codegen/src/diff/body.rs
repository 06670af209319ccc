//! The request body.

use super::change::{Changes, Class};
use super::snapshot::{BodySnapshot, ToolSnapshot};
use super::{schema, words};
use crate::text::one_line;

pub(super) fn compare(before: &ToolSnapshot, after: &ToolSnapshot, changes: &mut Changes) {
    match (&before.body, &after.body) {
        (None, None) => {}
        (Some(_), None) => changes.push(Class::Breaking, "body", "removed"),
        (None, Some(new)) => {
            match new.required {
                true => changes.push(Class::Breaking, "body", "added, required"),
                false => changes.push(Class::Additive, "body", "added, optional"),
            }
            words::fresh("body", &[], after.body_schema(), changes);
        }
        (Some(old), Some(new)) => pair(before, after, old, new, changes),
    }
}

fn pair(
    before: &ToolSnapshot,
    after: &ToolSnapshot,
    old: &BodySnapshot,
    new: &BodySnapshot,
    changes: &mut Changes,
) {
    let moved = match (&old.argument, &new.argument) {
        (Some(from), Some(to)) if from != to => Some(format!(
            "argument renamed: {} → {}",
            one_line(from, 80),
            one_line(to, 80)
        )),
        (Some(from), None) => Some(format!(
            "is the arguments themselves now, no longer the argument {}",
            one_line(from, 80)
        )),
        (None, Some(to)) => Some(format!(
            "is the argument {} now, no longer the arguments themselves",
            one_line(to, 80)
        )),
        _ => None,
    };
    if let Some(message) = moved {
        changes.push(Class::Breaking, "body", message);
    }
    match (old.required, new.required) {
        (false, true) => changes.push(Class::Breaking, "body", "is now required"),
        (true, false) => changes.push(Class::Additive, "body", "is now optional"),
        _ => {}
    }
    if old.content_type != new.content_type {
        // Agents do not write it: what they have to say otherwise shows in the schema.
        let (from, to) = (
            one_line(&old.content_type, 80),
            one_line(&new.content_type, 80),
        );
        changes.push(
            Class::Additive,
            "body",
            format!("sent as {to} instead of {from}"),
        );
    }
    if let (Some(from), Some(to)) = (before.body_schema(), after.body_schema()) {
        schema::input("body", (&before.input, from), (&after.input, to), changes);
    }
}

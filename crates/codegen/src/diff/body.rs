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
            words::fresh("body", &[], after.argument(&new.argument), changes);
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
    if old.argument != new.argument {
        changes.push(
            Class::Breaking,
            "body",
            format!(
                "argument renamed: {} → {}",
                one_line(&old.argument, 80),
                one_line(&new.argument, 80)
            ),
        );
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
    if let (Some(from), Some(to)) = (
        before.argument(&old.argument),
        after.argument(&new.argument),
    ) {
        schema::input("body", (&before.input, from), (&after.input, to), changes);
    }
}

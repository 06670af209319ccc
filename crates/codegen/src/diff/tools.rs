//! One tool, or its coming and going.

use super::change::{Changes, Class};
use super::schema::{self, Say};
use super::snapshot::{Snapshot, ToolSnapshot};
use super::{answer, body, parameters, security, words};
use crate::text::one_line;

/// Everything about a tool that is there before and after.
pub(super) fn compare(
    (old, before): (&Snapshot, &ToolSnapshot),
    (new, after): (&Snapshot, &ToolSnapshot),
    changes: &mut Changes,
) {
    changes.about(&after.name);
    if before.name != after.name {
        changes.push(
            Class::Breaking,
            "name",
            format!("renamed: {} → {}", before.name, after.name),
        );
    }
    if before.address() != after.address() {
        let (old, new) = (shown(before), shown(after));
        changes.push(Class::Breaking, "endpoint", format!("{old} → {new}"));
    }
    security::tool(before, after, changes);
    let lines = changes.len();
    parameters::compare(before, after, changes);
    body::compare(before, after, changes);
    answer::compare((&old.answers, before), (&new.answers, after), changes);
    words::compare(
        "title",
        before.title.as_deref(),
        after.title.as_deref(),
        changes,
    );
    words::compare(
        "description",
        Some(&before.description),
        Some(&after.description),
        changes,
    );
    // Nothing that differs goes by in silence.
    if lines != changes.len() {
        return;
    }
    let (old, new) = (&before.input, &after.input);
    let same = |say| schema::same(say, (old, old), (new, new));
    let (class, message) = if !same(Say::Rules) {
        let message = "changed in a way that has no name here: read the diff of the schema";
        (Class::Breaking, message)
    } else if !same(Say::Everything) {
        let message = "texts changed in a place that has no name here: read the diff of the schema";
        (Class::Text, message)
    } else if schema::canonical(old) != schema::canonical(new) {
        let message = "the same, written another way: shared schemas have other names or places";
        (Class::Text, message)
    } else {
        return;
    };
    changes.push(class, "arguments", message);
}

pub(super) fn added(before: &Snapshot, tool: &ToolSnapshot, changes: &mut Changes) {
    changes.about(&tool.name);
    changes.push(Class::Additive, "tool", format!("added: {}", shown(tool)));
    security::added(before, tool, changes);
    let title = tool.title.as_deref().unwrap_or_default();
    words::fresh(
        "description",
        &[title, &tool.description],
        Some(&tool.input),
        changes,
    );
}

pub(super) fn removed(tool: &ToolSnapshot, changes: &mut Changes) {
    changes.about(&tool.name);
    changes.push(Class::Breaking, "tool", format!("removed: {}", shown(tool)));
}

fn shown(tool: &ToolSnapshot) -> String {
    one_line(&tool.endpoint(), 300)
}

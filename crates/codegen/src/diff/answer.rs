//! What comes back.

use toolwright_document::Json;

use super::change::{Changes, Class};
use super::schema;
use super::snapshot::ToolSnapshot;

/// Each side is the root of all answers, and the tool.
pub(super) fn compare(
    (was, before): (&Json, &ToolSnapshot),
    (is, after): (&Json, &ToolSnapshot),
    changes: &mut Changes,
) {
    match (&before.output, &after.output) {
        (Some(old), Some(new)) => schema::output("answer", (was, old), (is, new), changes),
        (None, Some(_)) => changes.push(Class::Additive, "answer", "is described now"),
        (Some(_), None) => {
            changes.push(Class::Breaking, "answer", "is no longer described as JSON")
        }
        (None, None) => {}
    }
}

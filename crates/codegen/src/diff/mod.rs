//! What a change of a description means for those who call its tools.
//!
//! Two [`Snapshot`]s go in, a list of [`Change`]s comes out. The view is that of an agent: what it may say to a tool
//! (a request that was fine and is refused now *breaks*), what comes back, what it reads, and where its call and the
//! credentials of its user go.

mod answer;
mod body;
mod change;
mod collect;
mod copy;
mod hints;
mod keyword;
mod markdown;
mod pairs;
mod parameters;
mod render;
mod schema;
mod schemes;
mod security;
mod snapshot;
mod summary;
mod tools;
mod words;

pub use change::{Change, Class};
pub use collect::snapshot;
pub use hints::{Hint, hints};
pub use render::{Format, render};
pub use snapshot::{BodySnapshot, HiddenText, ParameterSnapshot, Snapshot, ToolSnapshot};

use change::Changes;

/// The changes from one state of a toolset to another: sorted by class, then by tool, each once.
#[must_use]
pub fn diff(before: &Snapshot, after: &Snapshot) -> Vec<Change> {
    let mut changes = Changes::default();
    security::toolset(before, after, &mut changes);
    words::toolset(before, after, &mut changes);
    let pairs = pairs::pair(&before.tools, &after.tools);
    for (old, new) in &pairs.same {
        tools::compare((before, old), (after, new), &mut changes);
    }
    for old in &pairs.removed {
        tools::removed(old, &mut changes);
    }
    for new in &pairs.added {
        tools::added(before, new, &mut changes);
    }
    changes.finish()
}

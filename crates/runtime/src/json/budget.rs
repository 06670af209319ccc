//! How much of the tree one check may look at.
//!
//! Alternatives inside alternatives make a checker try every combination, which a sender can drive to any cost. The
//! checker knows no limit of its own, so the tree counts: once the budget is spent, every value looks like `null`, which
//! ends the check quickly with a result that nobody uses.

use std::cell::Cell;

thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(u64::MAX) };
    static FINDINGS: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// A budget for what this thread checks until it is dropped.
pub(crate) struct Budget(());

impl Budget {
    /// So many looks at values, and so many findings.
    pub(crate) fn start(steps: u64, findings: u64) -> Self {
        STEPS.set(steps);
        FINDINGS.set(findings);
        Self(())
    }

    /// Whether the result means nothing because the budget has run out.
    pub(crate) fn is_spent(&self) -> bool {
        is_spent()
    }
}

impl Drop for Budget {
    fn drop(&mut self) {
        STEPS.set(u64::MAX);
        FINDINGS.set(u64::MAX);
    }
}

fn is_spent() -> bool {
    STEPS.get() == 0 || FINDINGS.get() == 0
}

/// Counts one look at a value; `false` once nothing may be seen any more.
pub(super) fn look() -> bool {
    STEPS.set(STEPS.get().saturating_sub(1));
    !is_spent()
}

/// Counts one finding.
pub(super) fn find() {
    FINDINGS.set(FINDINGS.get().saturating_sub(1));
}

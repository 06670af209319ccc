//! What a server has done, and is doing.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a server has done since the process started.
#[derive(Debug, Default)]
pub struct Counters {
    /// Calls that came to an end.
    pub calls: AtomicU64,
    /// Those of them whose result says `isError`.
    pub failed: AtomicU64,
    /// Answers that did not fit the output schema of their tool.
    pub undescribed: AtomicU64,
    /// Calls that ended because nobody waited for them any more.
    pub cancelled: AtomicU64,
    /// Calls under way.
    pub in_flight: AtomicU64,
}

impl Counters {
    /// A call begins; it is under way until the guard is gone.
    pub fn begin(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight {
            counters: self,
            ended: false,
        }
    }
}

/// A call under way. Dropped before its end, it was cancelled.
#[derive(Debug)]
pub struct InFlight<'c> {
    counters: &'c Counters,
    ended: bool,
}

impl InFlight<'_> {
    /// The call came to an end.
    pub fn end(mut self) {
        self.ended = true;
        self.counters.calls.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.counters.in_flight.fetch_sub(1, Ordering::Relaxed);
        if !self.ended {
            self.counters.cancelled.fetch_add(1, Ordering::Relaxed);
            tracing::debug!("a call was cancelled: nobody waits for it");
        }
    }
}

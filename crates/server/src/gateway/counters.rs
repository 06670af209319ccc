//! What a server has done, and is doing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

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
    pub fn begin<'c>(&'c self, called: Called<'c>) -> InFlight<'c> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight {
            counters: self,
            called,
            ended: false,
        }
    }
}

/// Who called what, and when, for the log.
#[derive(Clone, Copy, Debug)]
pub struct Called<'c> {
    /// The name of the caller's key.
    pub key: Option<&'c str>,
    /// The name of the server.
    pub server: &'c str,
    /// The name of the tool.
    pub tool: &'c str,
    /// When it began.
    pub started: Instant,
}

impl Called<'_> {
    /// Milliseconds since it began.
    pub fn ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A call under way. Dropped before its end, it was cancelled.
#[derive(Debug)]
pub struct InFlight<'c> {
    counters: &'c Counters,
    called: Called<'c>,
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
            let Called {
                key, server, tool, ..
            } = self.called;
            let ms = self.called.ms();
            tracing::info!(key, server, tool, ms, cancelled = true, "call");
        }
    }
}

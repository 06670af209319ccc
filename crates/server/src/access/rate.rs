//! So many requests in so much time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A limit on how often something may happen: `count` times at once, and as many again in every `period`, evenly.
#[derive(Debug)]
pub struct Rate {
    count: u64,
    period: Duration,
    start: Instant,
    /// The time, in nanoseconds since the start, at which all that was taken is given back (GCRA).
    owed_until: AtomicU64,
}

impl Rate {
    /// `count` is at least 1; a period of no time limits nothing.
    pub fn new(count: u64, period: Duration) -> Rate {
        Rate {
            count: count.max(1),
            period,
            start: Instant::now(),
            owed_until: AtomicU64::new(0),
        }
    }

    /// Takes one.
    ///
    /// # Errors
    /// How long to wait where none is left.
    pub fn take(&self) -> Result<(), Duration> {
        self.take_at(nanos(self.start.elapsed()))
    }

    fn take_at(&self, now: u64) -> Result<(), Duration> {
        let each = nanos(self.period) / self.count;
        let at_once = each.saturating_mul(self.count - 1);
        let taken = self
            .owed_until
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |owed| {
                let owed = owed.max(now);
                (owed - now <= at_once).then(|| owed.saturating_add(each))
            });
        taken
            .map(drop)
            .map_err(|owed| Duration::from_nanos(owed.saturating_sub(now).saturating_sub(at_once)))
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_at_once_as_are_allowed_and_then_one_by_one() {
        let rate = Rate::new(3, Duration::from_nanos(300));
        for _ in 0..3 {
            assert_eq!(rate.take_at(1000), Ok(()));
        }
        assert_eq!(rate.take_at(1000), Err(Duration::from_nanos(100)));
        assert_eq!(rate.take_at(1099), Err(Duration::from_nanos(1)));
        assert_eq!(rate.take_at(1100), Ok(()));
        assert!(rate.take_at(1100).is_err());
        // After a pause as many again, not more.
        for _ in 0..3 {
            assert_eq!(rate.take_at(9000), Ok(()));
        }
        assert!(rate.take_at(9000).is_err());
        let one = Rate::new(1, Duration::from_secs(3600));
        assert_eq!((one.take().is_ok(), one.take().is_ok()), (true, false));
    }
}

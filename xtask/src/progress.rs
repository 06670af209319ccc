//! How far long work is: a line that replaces itself, for people alone.

use std::io::{IsTerminal, Write, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what is done. Nothing is shown where nobody watches, or where there is nothing to wait for.
#[derive(Debug)]
pub(crate) struct Progress {
    total: usize,
    done: AtomicUsize,
    shown: bool,
}

impl Progress {
    /// So many pieces of work.
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            done: AtomicUsize::new(0),
            shown: total > 1 && stderr().is_terminal(),
        }
    }

    /// One more is done.
    pub(crate) fn step(&self, name: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shown {
            let _ = write!(stderr(), "\r\x1b[K{}", line(done, self.total, name));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}

/// `[=====>              ] 3/12 data_api`
fn line(done: usize, total: usize, name: &str) -> String {
    const WIDTH: usize = 20;
    let filled = WIDTH * done.min(total) / total.max(1);
    let bar = "=".repeat(filled);
    format!("[{bar:<WIDTH$}] {done}/{total} {name}")
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_bar_is_as_long_as_its_work() {
        assert_eq!(line(0, 2, "a"), "[                    ] 0/2 a");
        assert_eq!(line(1, 2, "a"), "[==========          ] 1/2 a");
        assert_eq!(line(2, 2, "a"), "[====================] 2/2 a");
    }
}

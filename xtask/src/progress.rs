//! How far long work is: a line that replaces itself, for people alone.

use std::io::{Write, stderr};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Work that takes less than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often the line is written anew.
const TICK: Duration = Duration::from_millis(200);

/// Counts what is done. Nothing is shown where nobody watches, or where there is nothing to wait for.
#[derive(Debug)]
pub(crate) struct Progress {
    state: Arc<Mutex<State>>,
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

#[derive(Debug)]
struct State {
    total: usize,
    done: usize,
    what: String,
}

impl Progress {
    /// So many pieces of work; `watched` is whether somebody sees how far they are.
    pub(crate) fn new(total: usize, watched: bool) -> Self {
        let state = State {
            total,
            done: 0,
            what: String::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let shown = watched.then(|| show(Arc::clone(&state)));
        Self { state, shown }
    }

    /// What is being done now.
    pub(crate) fn at(&self, what: &str) {
        what.clone_into(&mut self.lock().what);
    }

    /// One more is done.
    pub(crate) fn step(&self, what: &str) {
        let mut state = self.lock();
        state.done += 1;
        what.clone_into(&mut state.what);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, writer)) = self.shown.take() {
            drop(sender);
            let _ = writer.join();
        }
    }
}

/// Writes the line until the sender goes, and then nothing is left of it.
fn show(state: Arc<Mutex<State>>) -> (Sender<()>, JoinHandle<()>) {
    let (sender, receiver) = channel::<()>();
    let started = Instant::now();
    let writer = thread::spawn(move || {
        let (mut wait, mut written) = (PATIENCE, false);
        while receiver.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            let text = line(
                &state.lock().unwrap_or_else(PoisonError::into_inner),
                started.elapsed().as_secs(),
            );
            let _ = write!(stderr(), "\r\x1b[K{text}");
            (wait, written) = (TICK, true);
        }
        if written {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    });
    (sender, writer)
}

/// `[===                 ] 3/12 data_api, 4 s`; of one piece of work `data_api, 4 s`
fn line(state: &State, seconds: u64) -> String {
    const WIDTH: usize = 20;
    let what = &state.what;
    if state.total <= 1 {
        return format!("{what}, {seconds} s");
    }
    let filled = WIDTH * state.done.min(state.total) / state.total;
    let bar = "=".repeat(filled);
    format!(
        "[{bar:<WIDTH$}] {}/{} {what}, {seconds} s",
        state.done, state.total
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_work() {
        for (total, done, expected) in [
            (2, 0, "[                    ] 0/2 a, 1 s"),
            (2, 1, "[==========          ] 1/2 a, 1 s"),
            (2, 2, "[====================] 2/2 a, 1 s"),
            (1, 0, "a, 1 s"),
        ] {
            let state = State {
                total,
                done,
                what: "a".to_owned(),
            };
            assert_eq!(line(&state, 1), expected);
        }
    }
}

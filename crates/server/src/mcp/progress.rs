//! Progress of one call, told while its answer comes in.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Every piece is told up to this many; further ones at most once in [`GAP`].
const EACH: usize = 16;

/// The shortest time between two notifications of a long answer.
const GAP: Duration = Duration::from_millis(250);

/// What a caller who gave a token is to hear.
#[derive(Debug)]
pub struct Progress {
    /// The token's own JSON text.
    token: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    waiting: Vec<(usize, Option<u64>)>,
    told: usize,
    count: usize,
    last: Instant,
}

impl Progress {
    /// Nothing has happened yet. The token is JSON text, given back as it is.
    pub fn new(token: String) -> Progress {
        Progress {
            token,
            state: Mutex::new(State {
                waiting: Vec::new(),
                told: 0,
                count: 0,
                last: Instant::now(),
            }),
        }
    }

    /// So many bytes of the answer are there by now, of so many where that is known. Numbers that do not grow are not
    /// told.
    pub fn report(&self, bytes: usize, total: Option<u64>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes <= state.told || (state.count >= EACH && state.last.elapsed() < GAP) {
            return;
        }
        state.waiting.push((bytes, total));
        state.told = bytes;
        state.count += 1;
        state.last = Instant::now();
    }

    /// The notifications since the last look, as JSON texts.
    pub fn take(&self) -> Vec<String> {
        let waiting = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut state.waiting)
        };
        waiting
            .into_iter()
            .map(|(bytes, total)| {
                let (total, of) = match total {
                    Some(total) => (format!("\"total\":{total},"), format!(" of {total}")),
                    None => (String::new(), String::new()),
                };
                format!(
                    "{{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{{\"progressToken\":{},\
                     \"progress\":{bytes},{total}\"message\":\"{bytes}{of} bytes of the answer received\"}}}}",
                    self.token
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_only_grows() {
        let progress = Progress::new("\"t\"".to_owned());
        for bytes in [3, 3, 2, 5] {
            progress.report(bytes, None);
        }
        let told = progress.take();
        assert_eq!(told.len(), 2);
        assert!(told[0].contains(r#""progressToken":"t","progress":3,"#));
        assert!(told[1].contains(r#""progress":5,"#));
        assert!(progress.take().is_empty());
        (0..1000).for_each(|bytes| progress.report(bytes, Some(1000)));
        let told = progress.take();
        assert!(told.len() <= EACH + 1);
        assert!(told[0].contains(r#""progress":6,"total":1000,"message":"6 of 1000 bytes"#));
    }
}

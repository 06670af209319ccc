//! What was measured of one program, round by round.

use serde::Serialize;

use crate::process::Used;

/// Where the bars of the histogram end, in milliseconds. 40 ms is how long a delayed acknowledgement holds up a sender
/// who waits for one (Nagle's algorithm).
pub(crate) const BARS: [u32; 7] = [1, 2, 5, 10, 20, 38, 50];

/// One round of one program.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Round {
    pub(crate) requests: u64,
    /// CPU time of the program for one request.
    pub(crate) cpu_us: f64,
    /// How often a thread of it went to sleep or made room, for one request.
    pub(crate) switches: f64,
    pub(crate) p50_us: u32,
    pub(crate) p99_us: u32,
    pub(crate) max_us: u32,
}

/// All rounds of one program.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Tally {
    pub(crate) name: String,
    pub(crate) rounds: Vec<Round>,
    /// How many answers took up to [`BARS`] milliseconds, and how many longer.
    pub(crate) histogram: [u64; BARS.len() + 1],
}

impl Tally {
    pub(crate) fn new(name: &str) -> Tally {
        Tally {
            name: name.to_owned(),
            rounds: Vec::new(),
            histogram: [0; BARS.len() + 1],
        }
    }

    /// Adds a round: how long each answer took, in microseconds, and what they cost together.
    pub(crate) fn add(&mut self, mut times: Vec<u32>, used: Used) {
        times.sort_unstable();
        for time in &times {
            let bar = BARS.iter().position(|bar| *time <= bar * 1000);
            self.histogram[bar.unwrap_or(BARS.len())] += 1;
        }
        let at = |part: f64| {
            let index = (times.len() as f64 * part) as usize;
            times
                .get(index.min(times.len().saturating_sub(1)))
                .copied()
                .unwrap_or_default()
        };
        self.rounds.push(Round {
            requests: times.len() as u64,
            switches: used.switches as f64 / times.len().max(1) as f64,
            cpu_us: used.cpu.as_secs_f64() * 1e6 / times.len().max(1) as f64,
            p50_us: at(0.5),
            p99_us: at(0.99),
            max_us: at(1.0),
        });
    }

    /// CPU time for one request in microseconds, the median of the rounds.
    pub(crate) fn cpu_us(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.cpu_us))
    }

    pub(crate) fn switches(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.switches))
    }

    pub(crate) fn p50_ms(&self) -> f64 {
        median(self.rounds.iter().map(|round| f64::from(round.p50_us))) / 1000.0
    }

    pub(crate) fn p99_ms(&self) -> f64 {
        median(self.rounds.iter().map(|round| f64::from(round.p99_us))) / 1000.0
    }

    /// The longest of all rounds.
    pub(crate) fn max_ms(&self) -> f64 {
        f64::from(
            self.rounds
                .iter()
                .map(|round| round.max_us)
                .max()
                .unwrap_or_default(),
        ) / 1000.0
    }

    /// How many requests this program answers in the CPU time in which `other` answers one: the median over the rounds,
    /// each of which compares what ran side by side.
    pub(crate) fn against(&self, other: &Tally) -> f64 {
        let pairs = self.rounds.iter().zip(&other.rounds);
        median(pairs.map(|(own, other)| other.cpu_us / own.cpu_us))
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => values[count / 2],
        count => f64::midpoint(values[count / 2 - 1], values[count / 2]),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn cpu(ms: u64) -> Used {
        Used {
            cpu: Duration::from_millis(ms),
            switches: 0,
        }
    }

    #[test]
    fn rounds_are_compared_with_their_neighbours() {
        let (mut own, mut other) = (Tally::new("a"), Tally::new("b"));
        // The second round ran on a slower machine; the ratio does not change.
        for (own_us, other_us) in [(10, 20), (30, 60), (11, 22)] {
            own.add(vec![100; 1000], cpu(own_us));
            other.add(vec![41_000; 1000], cpu(other_us));
        }
        assert!((own.against(&other) - 2.0).abs() < 1e-9);
        assert!((own.cpu_us() - 11.0).abs() < 1e-9);
        assert_eq!((own.p50_ms(), other.max_ms()), (0.1, 41.0));
        assert_eq!(other.histogram, [0, 0, 0, 0, 0, 0, 3000, 0]);
    }
}

//! Rounds, in which the measured programs take turns.

use std::sync::Arc;
use std::time::Duration;

use crate::load::Connection;
use crate::process::{Process, Used};
use crate::tally::Tally;
use crate::upstream::Upstream;
use crate::{Options, Result, load, note};

/// How long one program is asked before the next is. A machine that others use changes its mood within seconds, which
/// would be the round of one program and not of another.
const TURN: Duration = Duration::from_millis(50);

/// A measured program, and what it is asked.
pub(crate) struct Contender<'p> {
    pub(crate) name: &'static str,
    pub(crate) process: &'p Process,
    pub(crate) request: Vec<u8>,
}

/// A program in one round.
struct Asked<'c> {
    contender: &'c Contender<'c>,
    request: Arc<[u8]>,
    connections: Vec<Connection>,
    before: Used,
    times: Vec<u32>,
}

/// Measures each in every round, turn by turn, in one order and then in the other. Where there is an upstream, each
/// request must reach it.
pub(crate) async fn rounds(
    contenders: Vec<Contender<'_>>,
    upstream: Option<&Upstream>,
    options: &Options,
) -> Result<Vec<Tally>> {
    let mut tallies: Vec<Tally> = contenders.iter().map(|one| Tally::new(one.name)).collect();
    let turns = options.round().div_duration_f64(TURN).ceil() as u32;
    for round in 0..options.rounds {
        note(&format!("  round {} of {}", round + 1, options.rounds));
        let mut asked = Vec::new();
        for contender in &contenders {
            asked.push(Asked::open(contender, options).await?);
        }
        for one in &mut asked {
            one.before = one.contender.process.used()?;
        }
        for turn in 0..turns {
            if turn > 0 {
                asked.reverse();
            }
            for one in &mut asked {
                one.turn(upstream, options.round() / turns)
                    .await
                    .map_err(|error| format!("{}: {error}", one.contender.name))?;
            }
        }
        for one in asked {
            let tally = tallies
                .iter_mut()
                .find(|tally| tally.name == one.contender.name);
            let used = one.contender.process.used()?.since(one.before);
            if let Some(tally) = tally {
                tally.add(one.times, used);
            }
        }
    }
    Ok(tallies)
}

impl<'c> Asked<'c> {
    async fn open(contender: &'c Contender<'c>, options: &Options) -> Result<Asked<'c>> {
        let request: Arc<[u8]> = contender.request.clone().into();
        let address = contender.process.address;
        let connections = load::open(address, &request, options.connections)
            .await
            .map_err(|error| format!("{}: {error}", contender.name))?;
        Ok(Asked {
            contender,
            request,
            connections,
            before: Used::default(),
            times: Vec::new(),
        })
    }

    async fn turn(&mut self, upstream: Option<&Upstream>, time: Duration) -> Result<()> {
        let served = upstream.map(Upstream::served);
        let connections = std::mem::take(&mut self.connections);
        let (connections, times) = load::run(connections, &self.request, time).await?;
        self.connections = connections;
        let reached = upstream.map(Upstream::served);
        if let (Some(served), Some(reached)) = (served, reached)
            && reached - served != times.len() as u64
        {
            return Err(format!(
                "{} answers, but {} requests reached the upstream: the gateway refused the others",
                times.len(),
                reached - served
            )
            .into());
        }
        self.times.extend(times);
        Ok(())
    }
}

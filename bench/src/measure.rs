//! Rounds that alternate between the measured programs.

use std::sync::Arc;

use crate::process::{Process, Used};
use crate::tally::Tally;
use crate::upstream::Upstream;
use crate::{Options, Result, load, note};

/// A measured program, and what it is asked.
pub(crate) struct Contender<'p> {
    pub(crate) name: &'static str,
    pub(crate) process: &'p Process,
    pub(crate) request: Vec<u8>,
}

/// Measures each in every round, in one order and then in the other. Where there is an upstream, each request must
/// reach it.
pub(crate) async fn rounds(
    contenders: Vec<Contender<'_>>,
    upstream: Option<&Upstream>,
    options: &Options,
) -> Result<Vec<Tally>> {
    let mut tallies: Vec<Tally> = contenders.iter().map(|one| Tally::new(one.name)).collect();
    for round in 0..options.rounds {
        note(&format!("  round {} of {}", round + 1, options.rounds));
        let mut order: Vec<_> = contenders.iter().zip(&mut tallies).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for (contender, tally) in order {
            once(contender, tally, upstream, options)
                .await
                .map_err(|error| format!("{}: {error}", contender.name))?;
        }
    }
    Ok(tallies)
}

async fn once(
    contender: &Contender<'_>,
    tally: &mut Tally,
    upstream: Option<&Upstream>,
    options: &Options,
) -> Result<()> {
    let request: Arc<[u8]> = contender.request.clone().into();
    let process = contender.process;
    let connections = load::open(process.address, &request, options.connections).await?;
    let (before, served) = (process.used()?, upstream.map(Upstream::served));
    let times = load::run(connections, &request, options.round()).await?;
    let after = process.used()?;
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
    let used = Used {
        cpu: after.cpu.saturating_sub(before.cpu),
        switches: after.switches.saturating_sub(before.switches),
    };
    tally.add(times, used);
    Ok(())
}

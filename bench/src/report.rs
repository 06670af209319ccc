//! What is printed.

use std::fmt;

use serde::Serialize;

use crate::Options;
use crate::contenders::{BARE, BESIDE, GATEWAY, LOGGING, NGINX};
use crate::lists::{FILE, Lists, PACKED, PACKED_FILE, PLAIN};
use crate::process::Memory;
use crate::tally::{BARS, Tally};

/// The ratios that are shown: of whom, to whom, and at least how much, where that is a target.
const RATIOS: [(&str, &str, Option<f64>); 7] = [
    (GATEWAY, BARE, Some(0.8)),
    (GATEWAY, NGINX, None),
    (GATEWAY, BESIDE, None),
    (LOGGING, BARE, None),
    (PLAIN, FILE, Some(0.7)),
    (PACKED, PACKED_FILE, None),
    (BARE, NGINX, None),
];

/// The whole run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    rounds: u32,
    seconds: f64,
    connections: u16,
    with_nginx: bool,
    calls: Vec<Tally>,
    lists: Vec<Tally>,
    ratios: Vec<Ratio>,
    histogram_ends_ms: [u32; BARS.len()],
    thousand_tools: ThousandTools,
}

#[derive(Debug, Serialize)]
struct Ratio {
    of: &'static str,
    to: &'static str,
    /// Requests per CPU-second of the one over those of the other.
    value: f64,
    target: Option<f64>,
}

#[derive(Debug, Serialize)]
struct ThousandTools {
    list_bytes: usize,
    list_gzip_bytes: usize,
    start_ms: f64,
    idle: Memory,
    after_load: Memory,
}

impl Report {
    pub(crate) fn new(
        options: &Options,
        with_nginx: bool,
        calls: Vec<Tally>,
        lists: Lists,
    ) -> Report {
        let find = |name: &str| {
            calls
                .iter()
                .chain(&lists.tallies)
                .find(|tally| tally.name == name)
        };
        let ratios = RATIOS.into_iter().filter_map(|(of, to, target)| {
            let value = find(of)?.against(find(to)?);
            Some(Ratio {
                of: of.trim(),
                to,
                value,
                target,
            })
        });
        Report {
            rounds: options.rounds,
            seconds: options.seconds,
            connections: options.connections,
            with_nginx,
            ratios: ratios.collect(),
            histogram_ends_ms: BARS,
            thousand_tools: ThousandTools {
                list_bytes: lists.bytes.0,
                list_gzip_bytes: lists.bytes.1,
                start_ms: lists.start.as_secs_f64() * 1000.0,
                idle: lists.idle,
                after_load: lists.used,
            },
            calls,
            lists: lists.tallies,
        }
    }

    /// Whether every target that was measured is reached.
    pub(crate) fn holds(&self) -> bool {
        self.ratios
            .iter()
            .all(|ratio| ratio.target.is_none_or(|target| ratio.value >= target))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report {
            rounds,
            seconds,
            connections,
            ..
        } = self;
        writeln!(
            f,
            "medians of {rounds} rounds of {seconds} s for each, in short turns; {connections} connections\n"
        )?;
        writeln!(
            f,
            "GET /items/7 with X-TOKEN. The proxies pass that request through and read nothing of it; the gateway"
        )?;
        writeln!(
            f,
            "makes it from a JSON-RPC message, and checks key, headers, arguments and answer.\n"
        )?;
        table(f, &self.calls)?;
        writeln!(
            f,
            "\ntools/list of 1,000 tools, {} bytes, {} as gzip\n",
            self.thousand_tools.list_bytes, self.thousand_tools.list_gzip_bytes
        )?;
        table(f, &self.lists)?;
        writeln!(f, "\nrequests in the same CPU time")?;
        for Ratio {
            of,
            to,
            value,
            target,
        } in &self.ratios
        {
            write!(f, "  {value:5.2}  {of} / {to}")?;
            match target {
                Some(target) if value >= target => writeln!(f, " (target {target}: reached)")?,
                Some(target) => writeln!(f, " (target {target}: MISSED)")?,
                None => writeln!(f)?,
            }
        }
        if !self.with_nginx {
            writeln!(f, "  nginx is not installed: NOT compared")?;
        }
        writeln!(
            f,
            "\nanswers by their time (a group at 40 ms would be Nagle's algorithm)"
        )?;
        histogram(f, self.calls.iter().chain(&self.lists))?;
        let many = &self.thousand_tools;
        writeln!(
            f,
            "\na gateway of 1,000 tools: first answer {:.0} ms after its start\n  idle:           {}\n  after the load: {}",
            many.start_ms, many.idle, many.after_load
        )
    }
}

fn table(f: &mut fmt::Formatter<'_>, tallies: &[Tally]) -> fmt::Result {
    let titles = [
        "per CPU s",
        "CPU us",
        "switches",
        "p50 ms",
        "p99 ms",
        "max ms",
    ];
    write!(f, "{:28}", "")?;
    for title in titles {
        write!(f, " {title:>9}")?;
    }
    writeln!(f)?;
    for tally in tallies {
        let (cpu, switches) = (tally.cpu_us(), tally.switches());
        let (p50, p99, max) = (tally.p50_ms(), tally.p99_ms(), tally.max_ms());
        writeln!(
            f,
            "{:28} {:>9.0} {cpu:>9.1} {switches:>9.2} {p50:>9.2} {p99:>9.2} {max:>9.1}",
            tally.name,
            1e6 / cpu,
        )?;
    }
    Ok(())
}

fn histogram<'t>(
    f: &mut fmt::Formatter<'_>,
    tallies: impl Iterator<Item = &'t Tally>,
) -> fmt::Result {
    write!(f, "{:28}", "ms, up to")?;
    for end in BARS {
        write!(f, " {end:>8}")?;
    }
    writeln!(f, " {:>8}", "more")?;
    for tally in tallies {
        write!(f, "{:28}", tally.name)?;
        for count in tally.histogram {
            write!(f, " {count:>8}")?;
        }
        writeln!(f)?;
    }
    Ok(())
}

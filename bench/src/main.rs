//! `bench-hop`: the CPU time of one call through the gateway, beside the plainest proxies of the same hop.
//!
//! One upstream, one load generator, both in this process. The measured programs run one after another in alternating
//! rounds, each in processes of its own whose CPU time, all threads and children included, the kernel counts. A
//! busy machine makes everything slower, but hardly changes how much work a request is; so it is CPU time that is
//! compared, and clock time only shown.

mod contenders;
mod lists;
mod load;
mod measure;
mod nginx;
mod process;
mod report;
mod tally;
mod upstream;

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, io};

use clap::Parser;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Measures the CPU time of a call through the gateway, beside a bare axum + reqwest proxy and nginx.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench hop")]
struct Options {
    /// How often each program is measured; the medians count
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=99))]
    rounds: u32,
    /// How long each round is
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    seconds: f64,
    /// How many connections ask, each one request after another
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1000))]
    connections: u16,
    /// The nginx to compare with
    #[arg(long, value_name = "PATH", default_value = "nginx")]
    nginx: PathBuf,
    /// Another binary of the gateway, measured beside this one
    #[arg(long, value_name = "PATH")]
    beside: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Exit 1 where a ratio is below its target
    #[arg(long)]
    gate: bool,
}

impl Options {
    fn round(&self) -> Duration {
        Duration::from_secs_f64(self.seconds.clamp(0.1, 600.0))
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether nothing that counts is below its target.
fn run(options: &Options) -> Result<bool> {
    let runtime = tokio::runtime::Runtime::new()?;
    let report = runtime.block_on(all(options))?;
    let text = if options.json {
        serde_json::to_string_pretty(&report)? + "\n"
    } else {
        report.to_string()
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(!options.gate || report.holds())
}

async fn all(options: &Options) -> Result<report::Report> {
    let here = env::current_exe()?;
    let here = here.parent().ok_or("this program has no folder")?;
    // Configurations and logs, kept for whoever wants to know.
    let folder = here.join("bench-hop.files");
    std::fs::create_dir_all(&folder)?;
    let nginx = nginx::find(&options.nginx);
    if let Err(reason) = &nginx {
        note(&format!(
            "no nginx, so nothing is compared with it: {reason} (apt-get install nginx-light, or --nginx PATH)"
        ));
    }
    let nginx = nginx.ok();
    let upstream = upstream::start().await?;
    note("tools/call");
    let hop = contenders::hop(here, &folder, nginx.as_deref(), &upstream, options).await?;
    note("tools/list");
    let lists = lists::lists(here, &folder, nginx.as_deref(), options).await?;
    Ok(report::Report::new(options, nginx.is_some(), hop, lists))
}

/// One line for whoever waits.
fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

//! `cargo xtask bench`: what a call costs. The measuring is a package of its own, so that nothing of it is linked here.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::{Args, Subcommand};

use crate::console::{Console, Failure, Result};
use crate::workspace::Workspace;

/// The packages that are built, with the binaries that are measured.
const PACKAGES: [&str; 2] = ["toolwright", "toolwright-bench"];

/// What `hop --help` prints: the options of `bench-hop`, which is built by the time it could be asked itself.
const HELP: &str = "\
CPU time of a call, beside a bare axum + reqwest proxy and nginx; of `tools/list`, beside nginx and a file

Builds the release binaries first; docs/performance.md says what is measured.

Usage: cargo xtask bench hop [OPTIONS]

Options:
      --rounds N       How often each program is measured; the medians count [default: 5]
      --seconds S      How long each round is [default: 2]
      --connections N  How many connections ask, each one request after another [default: 16]
      --nginx PATH     The nginx to compare with [default: nginx]
      --beside PATH    Another binary of the gateway, measured beside this one
      --json           Print JSON
      --gate           Exit 1 where a ratio is below its target
  -h, --help           Print help";

/// Measures.
#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// CPU time of a call, beside a bare axum + reqwest proxy and nginx; of `tools/list`, beside nginx and a file
    #[command(disable_help_flag = true)]
    Hop {
        /// As `cargo xtask bench hop --help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<OsString>,
    },
}

impl Bench {
    pub(super) fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        let What::Hop { options } = &self.what;
        if options.iter().any(|it| it == "--help" || it == "-h") {
            console.answer(HELP);
            return Ok(());
        }
        if !workspace.root().join("bench/Cargo.toml").is_file() {
            return Err(Failure::new("this workspace has no package `bench`")
                .help("run it in a clone of Toolwright itself"));
        }
        console.note("building the release binaries");
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build
            .args(["build", "--release", "--locked", "--quiet"])
            .args(PACKAGES.iter().flat_map(|name| ["--package", name]))
            .current_dir(workspace.root());
        finish(build, "the release build")?;
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace.root().join("target"), PathBuf::from);
        let mut bench = Command::new(target.join("release/bench-hop"));
        bench.args(options);
        finish(bench, "the benchmark")
    }
}

fn finish(mut command: Command, name: &str) -> Result<()> {
    let done = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Failure::new(format!("{name}: {error}")))?;
    match done.code() {
        Some(0) => Ok(()),
        code => {
            let status = code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
            Err(Failure::new(format!("{name} failed")).exits(status))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn options(text: &str) -> BTreeSet<&str> {
        let is_part = |c: char| c == '-' || c.is_ascii_lowercase();
        let words = text.split(|c: char| !is_part(c));
        words
            .filter(|word| word.len() > 2 && word.starts_with("--") && *word != "--help")
            .filter(|word| word.trim_matches('-').len() + 2 == word.len())
            .collect()
    }

    #[test]
    fn the_help_has_the_options_of_the_benchmark_and_of_its_page() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
        let page = read("docs/performance.md");
        let page = page.split("## What is measured").next().unwrap();
        assert_eq!(options(HELP), options(page));
        let code = read("bench/src/main.rs");
        for option in options(HELP) {
            let field = format!("\n    {}: ", option.trim_start_matches('-'));
            assert!(code.contains(&field), "{option}");
        }
    }
}

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

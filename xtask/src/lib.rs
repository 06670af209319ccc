//! The commands that maintain `build-specs/`: what is compiled in, and the code made from it.
//!
//! Everything that understands OpenAPI is in `toolwright-codegen`, which touches neither disk nor network. This
//! crate reads and fetches descriptions within bounds, and writes what the compiler answers. Rules that hold for
//! every command:
//!
//! - All output is computed in memory before the first byte is written; a command that fails changes nothing.
//! - A file is written beside its place and renamed, so that none is ever half written.
//! - `regen` needs no network: what `add` fetched lies in the repository, with its digest in `specs.lock`.
//! - No file outside the folder of a description is read, not even through a symbolic link.
//!
//! A workspace of one's own has the same commands: its `xtask` is a `main` that calls [`main`].

mod address;
mod choices;
pub mod commands;
mod console;
mod dist;
mod fetch;
mod files;
mod generate;
mod git;
mod lock;
mod name;
mod private;
mod progress;
mod remote;
mod report;
mod shown;
mod snapshots;
mod source;
mod tree;
mod workspace;

pub use console::{Console, Failure, Result};
pub use name::Name;
pub use workspace::Workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::commands::Command;

/// `cargo xtask`
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Maintains build-specs/"
)]
struct Arguments {
    /// Say nothing but answers, and what is wrong
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

impl Arguments {
    fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        if self.quiet {
            console.quieten();
        }
        self.command.run(workspace, console)
    }
}

/// Runs one command line (without the name of the program) in a workspace.
///
/// # Errors
/// When the command line is none, or the command failed; nothing is changed then.
pub fn run<A>(arguments: A, workspace: &Workspace, console: &mut Console<'_>) -> Result<()>
where
    A: IntoIterator,
    A::Item: Into<OsString> + Clone,
{
    let name = [OsString::from("cargo xtask")];
    let line = name
        .into_iter()
        .chain(arguments.into_iter().map(Into::into));
    let parsed =
        Arguments::try_parse_from(line).map_err(|error| Failure::new(error.to_string()))?;
    parsed.run(workspace, console)
}

/// Runs the command of the process's arguments in the workspace it was started in.
///
/// Exits 0 when all is well, 1 when a description or the tree is not, 2 on a mistake in the arguments.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let mut console = Console::new(&mut out, &mut err);
    let outcome = Workspace::find().and_then(|workspace| arguments.run(&workspace, &mut console));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console.failure(&failure);
            ExitCode::from(failure.status())
        }
    }
}

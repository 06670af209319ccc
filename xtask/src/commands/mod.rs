//! The commands, one module each.

mod add;
mod bench;
mod diff;
mod dist;
mod drift;
mod inspect;
mod new;
mod regen;
mod remove;
mod update;

use std::env;
use std::process::{Command as Process, Stdio};

use clap::Subcommand;

use crate::console::{Console, Result};
use crate::lock::{FILE, Lock};
use crate::tree::Tree;
use crate::workspace::Workspace;

pub use add::Add;
pub use bench::Bench;
pub use diff::Diff;
pub use dist::Dist;
pub use drift::Drift;
pub use inspect::Inspect;
pub use new::New;
pub use regen::Regen;
pub use remove::Remove;
pub use update::Update;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the code of the compiled-in toolsets again, from what lies in the repository
    Regen(Regen),
    /// Compile a description in: fetch it, write its crate, and link it
    Add(Add),
    /// Drop a toolset
    Remove(Remove),
    /// Show what a description would become, and change nothing
    Inspect(Inspect),
    /// Fetch a description anew, show what that changes for agents, and write it
    Update(Update),
    /// Say what changed for agents since a commit
    Diff(Diff),
    /// Compare what is compiled in with what its sources publish today
    Drift(Drift),
    /// Build a release: binary, bill of materials, licences, checksums
    Dist(Dist),
    /// Measure what a call costs
    Bench(Bench),
    /// Write a workspace of one's own that uses Toolwright as a library
    New(New),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// When the command failed; nothing is changed then.
    pub fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        match self {
            Self::Regen(regen) => regen.run(workspace, console),
            Self::Add(add) => add.run(workspace, console),
            Self::Remove(remove) => remove.run(workspace, console),
            Self::Inspect(inspect) => inspect.run(workspace, console),
            Self::Update(update) => update.run(workspace, console),
            Self::Diff(diff) => diff.run(workspace, console),
            Self::Drift(drift) => drift.run(workspace, console),
            Self::Dist(dist) => dist.run(workspace, console),
            Self::Bench(bench) => bench.run(workspace, console),
            Self::New(new) => new.run(workspace, console),
        }
    }
}

/// Files that name the toolsets: they change places after the folders that they name.
const LINKS: [&str; 3] = ["Cargo.toml", "src/lib.rs", FILE];

/// Wants the lock and the crate that links the toolsets of `lock`.
fn want_links(tree: &mut Tree, lock: &Lock) {
    for (path, text) in toolwright_codegen::linked_set(&lock.names()) {
        tree.want(path, text);
    }
    tree.want(FILE, lock.render());
    tree.own("src");
}

/// Lets Cargo.lock follow the changed set of crates; no network, since their dependencies are locked already.
fn follow(workspace: &Workspace, console: &mut Console<'_>) {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut update = Process::new(cargo);
    update
        .args(["update", "--workspace", "--offline", "--quiet"])
        .current_dir(workspace.root());
    let done = update
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !done.is_ok_and(|status| status.success()) {
        console.note(
            "note: Cargo.lock is not up to date; the next `cargo build` brings it up to date",
        );
    }
}

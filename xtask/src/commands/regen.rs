//! `cargo xtask regen`: what the repository holds is what the compiler writes.

use clap::Args;

use super::{LINKS, want_links};
use crate::console::{Console, Failure, Result, count};
use crate::generate::again;
use crate::lock::{Entry, Lock};
use crate::name::Name;
use crate::report;
use crate::tree::{Change, Tree};
use crate::workspace::Workspace;

/// Writes the generated files again; without network, and in one step.
#[derive(Debug, Args)]
pub struct Regen {
    /// Write nothing; show the differences and exit 1 when there are any
    #[arg(long)]
    pub check: bool,
    /// Record the descriptions as reviewed: what changed in them is the change to be committed
    #[arg(long, conflicts_with = "check")]
    pub accept: bool,
    /// These toolsets only [default: all]
    #[arg(value_name = "NAME")]
    pub names: Vec<Name>,
}

impl Regen {
    pub(super) fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        let _turn = workspace.turn();
        let mut lock = Lock::read(workspace)?;
        let (tree, unaccepted) = self.tree(workspace, &mut lock, console)?;
        let changes = tree.changes()?;
        let strays: Vec<Name> = workspace
            .folders()?
            .into_iter()
            .filter(|name| !lock.toolsets.contains_key(name))
            .collect();
        for name in &strays {
            console.note(format_args!(
                "warning: build-specs/{name} is not in specs.lock, so nothing links it\n  help: cargo xtask remove {name}"
            ));
        }
        if self.check {
            if changes.is_empty() && strays.is_empty() && unaccepted.is_empty() {
                console.note(format_args!(
                    "up to date: {}",
                    count(lock.toolsets.len(), "toolset")
                ));
                return Ok(());
            }
            console.answer(tree.diff(&changes).trim_end());
            if changes.is_empty() && strays.is_empty() {
                return Err(not_reviewed(&unaccepted));
            }
            let message = format!(
                "differing from what the compiler writes: {}",
                count(changes.len() + strays.len(), "path")
            );
            return Err(
                Failure::new(message).help("run `cargo xtask regen`, review the result, commit it")
            );
        }
        tree.apply(&changes, &LINKS)?;
        for (path, change) in &changes {
            let done = if *change == Change::Extra {
                "removed"
            } else {
                "wrote"
            };
            console.note(format_args!("{done} build-specs/{path}"));
        }
        if !unaccepted.is_empty() {
            console.note(
                not_reviewed(&unaccepted)
                    .to_string()
                    .replacen("error", "warning", 1),
            );
        }
        console.note(format_args!(
            "{}; changed: {}",
            count(lock.toolsets.len(), "toolset"),
            count(changes.len(), "file")
        ));
        Ok(())
    }

    /// What should be below `build-specs/`, with the new entries put into `lock`; and the toolsets whose descriptions
    /// are not the ones on record.
    fn tree(
        &self,
        workspace: &Workspace,
        lock: &mut Lock,
        console: &mut Console<'_>,
    ) -> Result<(Tree, Vec<Name>)> {
        let chosen: Vec<(Name, Entry)> = if self.names.is_empty() {
            lock.toolsets.clone().into_iter().collect()
        } else {
            self.names
                .iter()
                .map(|name| Ok((name.clone(), lock.get(name)?.clone())))
                .collect::<Result<_>>()?
        };
        let mut tree = Tree::new(workspace.specs());
        let (mut failed, mut unaccepted) = (Vec::new(), Vec::new());
        for toolset in again(workspace, &chosen)? {
            let (name, made) = (toolset.name, toolset.made);
            report::diagnostics(&made.report, console);
            let (Some(output), Some(mut entry)) = (made.output, toolset.entry) else {
                failed.push(name.to_string());
                continue;
            };
            for (path, text) in output.files {
                tree.want(format!("{name}/{path}"), text);
            }
            tree.own(format!("{name}/src"));
            if let Some(old) = lock.toolsets.get(&name) {
                if old.documents == entry.documents {
                    entry.etag.clone_from(&old.etag);
                } else if !self.accept {
                    // Whoever changes a description has others look at it; what they saw stays on record till then.
                    entry.documents.clone_from(&old.documents);
                    entry.tools.clone_from(&old.tools);
                    entry.etag.clone_from(&old.etag);
                    unaccepted.push(name.clone());
                }
            }
            lock.toolsets.insert(name, entry);
        }
        if !failed.is_empty() {
            return Err(Failure::new(format!(
                "{} cannot be compiled; nothing was written",
                failed.join(", ")
            )));
        }
        want_links(&mut tree, lock);
        Ok((tree, unaccepted))
    }
}

fn not_reviewed(names: &[Name]) -> Failure {
    let list = |separator: &str| {
        names
            .iter()
            .map(Name::as_str)
            .collect::<Vec<_>>()
            .join(separator)
    };
    Failure::new(format!(
        "not the description that specs.lock has on record: {}",
        list(", ")
    ))
    .help(format!(
        "review it with `cargo xtask diff`, then `cargo xtask regen --accept {}`",
        list(" ")
    ))
}

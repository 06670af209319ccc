//! `cargo xtask diff`: what changed for agents since a commit.

use clap::Args;
use toolwright_codegen::diff::{Class, Snapshot};

use crate::console::{Console, Failure, Result, count};
use crate::git::Commit;
use crate::lock::Lock;
use crate::name::Name;
use crate::shown::Shown;
use crate::snapshots::{Account, classes, committed, here, locked};
use crate::workspace::Workspace;

/// Says what the tools of the workspace mean otherwise than those of a commit.
#[derive(Debug, Args)]
pub struct Diff {
    /// These toolsets only [default: all that changed]
    #[arg(value_name = "NAME")]
    pub names: Vec<Name>,
    /// The commit to compare with
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub base: String,
    /// How it is shown
    #[command(flatten)]
    pub shown: Shown,
    /// Exit 1 when there is a change of these classes: breaking, security, additive, text
    #[arg(long, value_name = "CLASS,…", value_delimiter = ',', value_parser = classes)]
    pub fail_on: Vec<Class>,
}

impl Diff {
    pub(super) fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        let commit = Commit::find(workspace, &self.base)?;
        let (before, after) = (locked(&commit)?, Lock::read(workspace)?);
        let mut names: Vec<&Name> = before
            .toolsets
            .keys()
            .chain(after.toolsets.keys())
            .collect();
        names.sort();
        names.dedup();
        if let Some(unknown) = self.names.iter().find(|name| !names.contains(name)) {
            after.get(unknown).map_err(|failure| failure.exits(2))?;
        }
        if !self.names.is_empty() {
            names.retain(|name| self.names.contains(name));
        }
        let mut account = Account::default();
        let progress = console.progress(names.len());
        for name in names {
            progress.at(name.as_str());
            let old = match before.toolsets.get(name) {
                Some(entry) => committed(&commit, name, entry)?,
                None => Snapshot::default(),
            };
            let new = match after.toolsets.get(name) {
                Some(entry) => here(workspace, name, entry)?,
                None => Snapshot::default(),
            };
            if old != new || !self.names.is_empty() {
                account.add(name, &old, &new);
            }
            progress.step(name.as_str());
        }
        drop(progress);
        console.answer(account.render(self.shown.format()));
        match account.count(&self.fail_on) {
            0 => Ok(()),
            found => Err(Failure::new(format!(
                "{} of the classes that `--fail-on` names",
                count(found, "change")
            ))),
        }
    }
}

//! `cargo xtask drift`: what the sources publish today, compared with what is compiled in.

use clap::Args;
use toolwright_codegen::diff::Format;

use super::update::published;
use crate::console::{Console, Failure, Result};
use crate::lock::{Entry, Lock};
use crate::name::Name;
use crate::shown::Shown;
use crate::snapshots::{Account, here, take};
use crate::workspace::Workspace;

/// Exits 0 when the sources publish what is locked, 1 when one has changed, 2 when one cannot be reached or read.
#[derive(Debug, Args)]
pub struct Drift {
    /// These toolsets only [default: all]
    #[arg(value_name = "NAME")]
    pub names: Vec<Name>,
    /// How it is shown
    #[command(flatten)]
    pub shown: Shown,
    /// Fetch from private networks too
    #[arg(long)]
    pub allow_private: bool,
}

impl Drift {
    pub(super) fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        let lock = Lock::read(workspace).map_err(|failure| failure.exits(2))?;
        let chosen: Vec<(&Name, &Entry)> = match self.names.is_empty() {
            true => lock.toolsets.iter().collect(),
            false => {
                let names = self.names.iter();
                names
                    .map(|name| Ok((name, lock.get(name).map_err(|failure| failure.exits(2))?)))
                    .collect::<Result<_>>()?
            }
        };
        let mut account = Account::default();
        let (mut changed, mut unreachable) = (Vec::new(), Vec::new());
        let progress = console.progress(chosen.len());
        for (name, entry) in chosen {
            progress.at(name.as_str());
            let compared = self.compare(workspace, name, entry, &mut account);
            progress.step(name.as_str());
            match compared {
                Ok(false) => console.note(format_args!("{name}: as locked")),
                Ok(true) => changed.push(name.as_str()),
                Err(failure) => {
                    console.failure(&failure);
                    account.add_failure(name, &failure);
                    unreachable.push(name.as_str());
                }
            }
        }
        drop(progress);
        if self.shown.format() == Format::Json || !changed.is_empty() {
            console.answer(account.render(self.shown.format()));
        }
        match (changed.as_slice(), unreachable.as_slice()) {
            ([], []) => Ok(()),
            ([], names) => {
                Err(Failure::new(format!("cannot be compared: {}", names.join(", "))).exits(2))
            }
            (names, _) => Err(
                Failure::new(format!("published anew: {}", names.join(", ")))
                    .help(format!("cargo xtask update {}", names[0])),
            ),
        }
    }

    /// Whether the source publishes something else.
    fn compare(
        &self,
        workspace: &Workspace,
        name: &Name,
        entry: &Entry,
        account: &mut Account,
    ) -> Result<bool> {
        let found = published(
            workspace,
            name,
            entry,
            &entry.source,
            None,
            self.allow_private,
        )?;
        let Some(found) = found else { return Ok(false) };
        if found.made.entry.documents == entry.documents {
            return Ok(false);
        }
        let before = here(workspace, name, entry)?;
        let after = take(name, &found.made.entry, found.toolset(), &found.files())?;
        account.add(name, &before, &after);
        Ok(true)
    }
}

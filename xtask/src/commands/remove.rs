//! `cargo xtask remove`: a toolset goes, with its folder and its links.

use clap::Args;

use super::{LINKS, follow, want_links};
use crate::console::{Console, Result};
use crate::lock::Lock;
use crate::name::Name;
use crate::tree::Tree;
use crate::workspace::Workspace;

/// Drops a toolset.
#[derive(Debug, Args)]
pub struct Remove {
    /// Its name
    pub name: Name,
}

impl Remove {
    pub(super) fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        let _turn = workspace.turn();
        let mut lock = Lock::read(workspace)?;
        let folder = workspace.folder(&self.name);
        // A folder without an entry is what a killed `add` leaves.
        if !folder.is_dir() {
            lock.get(&self.name)?;
        }
        lock.toolsets.remove(&self.name);
        let mut tree = Tree::new(workspace.specs());
        want_links(&mut tree, &lock);
        // The links first: what they name must be there at every moment.
        tree.apply(&tree.changes()?, &LINKS)?;
        if folder.is_dir() {
            tree.drop_folder(self.name.as_str())?;
        }
        follow(workspace, console);
        console.note(format_args!("removed {}", self.name));
        Ok(())
    }
}

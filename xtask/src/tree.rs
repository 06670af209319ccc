//! The difference between what is below `build-specs/` and what should be, and closing it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use similar::TextDiff;
use tempfile::TempDir;

use crate::console::{Failure, Result};

/// Start of the names of folders where new files wait until all of them are written.
const STAGING: &str = ".staging-";

/// What should be below a folder.
#[derive(Debug)]
pub(crate) struct Tree {
    folder: PathBuf,
    wanted: BTreeMap<String, Vec<u8>>,
    owned: BTreeSet<String>,
    owned_files: BTreeSet<String>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// Should be there and is not.
    Missing,
    /// Is there with other content.
    Changed(Vec<u8>),
    /// Is there and should not be.
    Extra,
}

impl Change {
    /// `missing`, `changed` or `extra`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Change::Missing => "missing",
            Change::Changed(_) => "changed",
            Change::Extra => "extra",
        }
    }
}

/// Differences by path from the folder.
pub(crate) type Changes = BTreeMap<String, Change>;

impl Tree {
    /// Nothing is wanted yet below `folder`.
    pub(crate) fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            wanted: BTreeMap::new(),
            owned: BTreeSet::new(),
            owned_files: BTreeSet::new(),
        }
    }

    /// A file with this content, at a path from the folder with `/` between its parts.
    pub(crate) fn want(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.wanted.insert(path.into(), content.into());
    }

    /// Files below `path` that nobody wants are stale.
    pub(crate) fn own(&mut self, path: impl Into<String>) {
        self.owned.insert(path.into());
    }

    /// A file that is stale when nobody wants it.
    pub(crate) fn own_file(&mut self, path: impl Into<String>) {
        self.owned_files.insert(path.into());
    }

    /// What is different.
    pub(crate) fn changes(&self) -> Result<Changes> {
        let mut changes = Changes::new();
        for (path, content) in &self.wanted {
            let place = self.folder.join(path);
            let is_file = fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_file());
            match is_file.then(|| fs::read(&place)) {
                None => changes.insert(path.clone(), Change::Missing),
                Some(Ok(before)) if before == *content => None,
                Some(Ok(before)) => changes.insert(path.clone(), Change::Changed(before)),
                Some(Err(error)) => {
                    return Err(Failure::new(format!("{}: {error}", place.display())));
                }
            };
        }
        for path in &self.owned_files {
            if !self.wanted.contains_key(path) && self.folder.join(path).is_file() {
                changes.insert(path.clone(), Change::Extra);
            }
        }
        for path in &self.owned {
            self.extras(path, &mut changes)?;
        }
        Ok(changes)
    }

    fn extras(&self, path: &str, changes: &mut Changes) -> Result<()> {
        let mut folders = vec![path.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(self.folder.join(&folder)) {
                Ok(entries) => entries,
                Err(error)
                    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
                {
                    continue;
                }
                Err(error) => return Err(Failure::new(format!("{folder}: {error}"))),
            };
            for entry in entries.flatten() {
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                // A link to a folder is a file here: it is removed, not entered.
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(path),
                    _ if self.wanted.contains_key(&path) => {}
                    _ => drop(changes.insert(path, Change::Extra)),
                }
            }
        }
        Ok(())
    }

    /// The differences as a reviewer reads them: unified, from what is there to what should be.
    pub(crate) fn diff(&self, changes: &Changes) -> String {
        let mut out = String::new();
        for (path, change) in changes {
            let wanted = self.wanted.get(path).map(Vec::as_slice).unwrap_or_default();
            match change {
                Change::Missing => out.push_str(&format!("missing: build-specs/{path}\n")),
                Change::Extra => out.push_str(&format!("extra: build-specs/{path}\n")),
                Change::Changed(before) => {
                    let (before, after) = (
                        String::from_utf8_lossy(before),
                        String::from_utf8_lossy(wanted),
                    );
                    let names = (
                        format!("build-specs/{path}"),
                        format!("build-specs/{path} (regenerated)"),
                    );
                    let diff = TextDiff::from_lines(before.as_ref(), after.as_ref());
                    out.push_str(&diff.unified_diff().header(&names.0, &names.1).to_string());
                }
            }
        }
        out
    }

    /// Closes the differences: every new file is written to a folder beside first, then all are renamed to their
    /// places, those in `last` at the end, and stale ones go.
    pub(crate) fn apply(&self, changes: &Changes, last: &[&str]) -> Result<()> {
        fs::create_dir_all(&self.folder).map_err(|error| at(&self.folder, &error))?;
        self.sweep();
        let staging = TempDir::with_prefix_in(STAGING, &self.folder)
            .map_err(|error| at(&self.folder, &error))?;
        let new = |path: &&String| changes.get(*path) != Some(&Change::Extra);
        let (late, early): (Vec<_>, Vec<_>) = changes
            .keys()
            .filter(new)
            .partition(|path| last.contains(&path.as_str()));
        for path in early.iter().chain(&late) {
            let place = staging.path().join(path);
            create_parent(&place)?;
            let content = self
                .wanted
                .get(*path)
                .map(Vec::as_slice)
                .unwrap_or_default();
            fs::write(&place, content).map_err(|error| at(&place, &error))?;
        }
        let mut moved = BTreeSet::new();
        for path in early.into_iter().chain(late) {
            self.put(staging.path(), path, &mut moved)?;
        }
        for (path, _) in changes
            .iter()
            .filter(|(_, change)| **change == Change::Extra)
        {
            let place = self.folder.join(path);
            fs::remove_file(&place).map_err(|error| at(&place, &error))?;
            // Empty folders follow their files; the first one that is not empty stops this.
            let above = place
                .ancestors()
                .skip(1)
                .take_while(|folder| *folder != self.folder);
            let _ = above.into_iter().try_for_each(fs::remove_dir);
        }
        Ok(())
    }

    /// A folder goes as a whole: in one step to where the next command sweeps, and from there file by file.
    pub(crate) fn drop_folder(&self, path: &str) -> Result<()> {
        let place = self.folder.join(path);
        if fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_symlink()) {
            // What a link leads to is somebody else's.
            return fs::remove_file(&place).map_err(|error| at(&place, &error));
        }
        let staging = TempDir::with_prefix_in(STAGING, &self.folder)
            .map_err(|error| at(&self.folder, &error))?;
        fs::rename(&place, staging.path().join("dropped")).map_err(|error| at(&place, &error))?;
        staging.close().map_err(|error| at(&place, &error))
    }

    /// One file to its place; a whole new top folder in one step, so that it is there complete or not at all.
    fn put<'p>(&self, staging: &Path, path: &'p str, moved: &mut BTreeSet<&'p str>) -> Result<()> {
        let top = path.split_once('/').map(|(top, _)| top);
        if top.is_some_and(|top| moved.contains(top)) {
            return Ok(());
        }
        if let Some(top) = top.filter(|top| !self.folder.join(top).exists()) {
            let place = self.folder.join(top);
            fs::rename(staging.join(top), &place).map_err(|error| at(&place, &error))?;
            moved.insert(top);
            return Ok(());
        }
        let place = self.folder.join(path);
        clear(&self.folder, &place)?;
        create_parent(&place)?;
        fs::rename(staging.join(path), &place).map_err(|error| at(&place, &error))
    }

    /// What a killed command left in its staging folder.
    fn sweep(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(STAGING) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// Removes what cannot be replaced by renaming a file over it: a folder there, or a file where a folder must be.
fn clear(folder: &Path, place: &Path) -> Result<()> {
    if fs::symlink_metadata(place).is_ok_and(|metadata| metadata.is_dir()) {
        fs::remove_dir_all(place).map_err(|error| at(place, &error))?;
    }
    for above in place
        .ancestors()
        .skip(1)
        .take_while(|above| *above != folder)
    {
        if fs::symlink_metadata(above).is_ok_and(|metadata| !metadata.is_dir()) {
            fs::remove_file(above).map_err(|error| at(above, &error))?;
        }
    }
    Ok(())
}

fn create_parent(place: &Path) -> Result<()> {
    let Some(parent) = place.parent() else {
        return Ok(());
    };
    fs::create_dir_all(parent).map_err(|error| at(parent, &error))
}

fn at(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

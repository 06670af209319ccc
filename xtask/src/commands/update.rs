//! `cargo xtask update`: the description as it is published today, with what that changes.

use std::path::{Path, PathBuf};

use clap::Args;
use toolwright_codegen::diff::Format;
use toolwright_codegen::load::bundled_url;

use super::add::{Crate, assemble};
use super::{LINKS, want_links};
use crate::address;
use crate::choices::Choices;
use crate::console::{Console, Failure, Result};
use crate::fetch::Terms;
use crate::files::Memory;
use crate::generate::Job;
use crate::lock::{Entry, Lock};
use crate::name::Name;
use crate::remote::Remote;
use crate::shown::Shown;
use crate::snapshots::{Account, here, take};
use crate::source::Source;
use crate::tree::Tree;
use crate::workspace::{TOOLSET, Workspace};

/// Fetches a description anew, shows the change, and writes it.
#[derive(Debug, Args)]
pub struct Update {
    /// The toolset
    pub name: Name,
    /// Take it from here [default: where specs.lock says it came from]; a URL is recorded as its new source
    #[arg(long, value_name = "FILE|URL")]
    pub from: Option<String>,
    /// The folder that references between files may not leave [default: that of the first file]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Record it as reviewed: without this `regen --check` fails until somebody has accepted it
    #[arg(long)]
    pub accept: bool,
    /// Fetch from private networks too
    #[arg(long)]
    pub allow_private: bool,
    /// How it is shown
    #[command(flatten)]
    pub shown: Shown,
}

impl Update {
    pub(super) fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        let name = &self.name;
        let _turn = workspace.turn();
        let mut lock = Lock::read(workspace)?;
        let old = lock.get(name)?.clone();
        let from = self.from.as_deref().unwrap_or(&old.source);
        let mut asked = old.clone();
        if is_url(from) {
            // A copy on somebody's disk is no place to look again.
            asked.source = from.to_owned();
        }
        let root = self.root.as_deref();
        let progress = console.progress(1);
        progress.at(&format!("{name}: fetching and compiling"));
        let found = published(workspace, name, &asked, from, root, self.allow_private)?;
        let found = found.filter(|found| {
            let entry = &found.made.entry;
            entry.documents != old.documents || entry.source != old.source
        });
        let mut account = Account::default();
        let Some(found) = found else {
            drop(progress);
            if self.shown.format() == Format::Json {
                console.answer(account.render(Format::Json));
            }
            console.note(format_args!("{name}: nothing changed"));
            return Ok(());
        };
        progress.at(&format!("{name}: comparing"));
        let after = take(name, &found.made.entry, found.toolset(), &found.files())?;
        account.add(name, &here(workspace, name, &old)?, &after);
        drop(progress);
        console.answer(account.render(self.shown.format()));
        let source = found.made.entry.source.clone();
        self.write(workspace, &mut lock, &old, found.made)?;
        if self.from.is_some() {
            address::warn(from, &source, console);
        }
        let next = match self.accept {
            true => {
                "review the code with `git diff`, commit it, `cargo build --release`".to_owned()
            }
            false => format!(
                "review the change, then `cargo xtask regen --accept {name}`; until then `regen --check` fails"
            ),
        };
        console.note(format_args!("wrote build-specs/{name}\nnext: {next}"));
        Ok(())
    }

    fn write(
        &self,
        workspace: &Workspace,
        lock: &mut Lock,
        old: &Entry,
        made: Crate,
    ) -> Result<()> {
        let name = &self.name;
        let mut tree = Tree::new(workspace.specs());
        for path in old.documents.keys() {
            tree.own_file(format!("{name}/{path}"));
        }
        for (path, content) in made.files {
            tree.want(format!("{name}/{path}"), content);
        }
        tree.own(format!("{name}/src"));
        let mut entry = made.entry;
        if !self.accept {
            // What was reviewed stays on record until somebody reviews this.
            entry.documents.clone_from(&old.documents);
            entry.tools.clone_from(&old.tools);
            entry.etag.clone_from(&old.etag);
        }
        lock.toolsets.insert(name.clone(), entry);
        want_links(&mut tree, lock);
        tree.apply(&tree.changes()?, &LINKS)
    }
}

/// What a source publishes, compiled.
pub(super) struct Published {
    pub(super) made: Crate,
    choices: Choices,
}

impl Published {
    /// The choices of the workspace, which go on to hold.
    pub(super) fn toolset(&self) -> Option<&str> {
        self.choices.text.as_deref()
    }

    /// Everything that its folder would hold.
    pub(super) fn files(&self) -> Memory {
        Memory::new(
            self.made.files.clone(),
            "it was not among the documents that were copied",
        )
    }
}

/// Reads a source again; `None` when its server says that it is what is locked.
pub(super) fn published(
    workspace: &Workspace,
    name: &Name,
    entry: &Entry,
    from: &str,
    root: Option<&Path>,
    allow_private: bool,
) -> Result<Option<Published>> {
    // A path is recorded as it looks from the workspace.
    let place = match is_url(from) {
        false if from == entry.source => workspace.root().join(from).display().to_string(),
        _ => from.to_owned(),
    };
    let here = || {
        let lies = |(path, digest): (&String, &String)| {
            let bytes = std::fs::read(workspace.folder(name).join(path)).unwrap_or_default();
            crate::lock::digest(&bytes) == *digest
        };
        entry.documents.iter().all(lies)
    };
    let etag = entry
        .etag
        .as_deref()
        .filter(|_| from == entry.source && here());
    let terms = Terms {
        allow_private,
        etag,
    };
    let source =
        Source::again(workspace, &place, root, &terms).map_err(|failure| failure.exits(2))?;
    let Some(mut source) = source else {
        return Ok(None);
    };
    // What was bundled once with `add --allow-remote` is looked up again.
    let is_bundled = |path: &String| bundled_url(&entry.entry, path).is_some();
    if entry.documents.keys().any(is_bundled) {
        source = Remote::open(source, allow_private, false);
    }
    let path = workspace.folder(name).join(TOOLSET);
    let choices = Choices::open(workspace, path.is_file().then_some(path.as_path()))?;
    let pins = entry.names();
    let job = Job {
        name,
        source: match is_url(from) {
            true => &source.recorded,
            false => &entry.source,
        },
        entry: &source.entry,
        toolset: choices.text.as_deref(),
        url: entry.url.as_deref(),
        pins: Some(&pins),
        strict: entry.strict,
    };
    // What is wrong with it is said where it is an error, and by `regen`.
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let made = assemble(
        &job,
        &source,
        &choices,
        &mut Console::new(&mut out, &mut err),
    );
    let mut made = made.map_err(|failure| {
        let told = String::from_utf8_lossy(&err).trim_end().to_owned();
        Failure::new(format!("{}\n{told}", failure.message())).exits(2)
    })?;
    made.entry.etag.clone_from(&source.etag);
    if made.entry.documents == entry.documents && made.entry.source == entry.source {
        return Ok(None);
    }
    Ok(Some(Published { made, choices }))
}

fn is_url(text: &str) -> bool {
    address::http(text).is_some()
}

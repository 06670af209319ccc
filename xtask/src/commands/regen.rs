//! `cargo xtask regen`: what the repository holds is what the compiler writes.

use clap::Args;
use toolwright_document::Json;

use super::{LINKS, want_links};
use crate::console::{Console, Failure, Result, count};
use crate::generate::again;
use crate::lock::{Entry, Lock};
use crate::name::Name;
use crate::report::{self, Places};
use crate::tree::{Change, Changes, Tree};
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
    /// What differs, or was written, as JSON
    #[arg(long)]
    pub json: bool,
    /// These toolsets only [default: all]
    #[arg(value_name = "NAME")]
    pub names: Vec<Name>,
}

/// What a run found.
struct Found {
    tree: Tree,
    changes: Changes,
    /// Folders that nothing links.
    strays: Vec<Name>,
    /// Toolsets whose descriptions are not the ones on record.
    unaccepted: Vec<Name>,
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
        let found = Found {
            tree,
            changes,
            strays,
            unaccepted,
        };
        for name in &found.strays {
            console.warn(format_args!(
                "warning: build-specs/{name} is not in specs.lock, so nothing links it\n  help: cargo xtask remove {name}"
            ));
        }
        if self.json {
            console.answer(found.to_json().pretty());
        }
        match self.check {
            true => self.checked(&found, lock.toolsets.len(), console),
            false => write(&found, lock.toolsets.len(), console),
        }
    }

    fn checked(&self, found: &Found, toolsets: usize, console: &mut Console<'_>) -> Result<()> {
        let differing = found.changes.len() + found.strays.len();
        if differing == 0 && found.unaccepted.is_empty() {
            console.note(format_args!("up to date: {}", count(toolsets, "toolset")));
            return Ok(());
        }
        let diff = found.tree.diff(&found.changes);
        if !self.json && !diff.is_empty() {
            console.answer(diff.trim_end());
        }
        if differing == 0 {
            return Err(not_reviewed(&found.unaccepted));
        }
        let message = format!(
            "differing from what the compiler writes: {}",
            count(differing, "path")
        );
        if !found.unaccepted.is_empty() {
            console.failure(&not_reviewed(&found.unaccepted));
        }
        let mut help = Vec::new();
        if !found.changes.is_empty() {
            help.push("run `cargo xtask regen`, review the result, commit it".to_owned());
        }
        // `regen` deletes no folder: somebody may have put it there.
        let strays = found.strays.iter();
        help.extend(strays.map(|name| {
            format!("drop what nothing links, and commit that: cargo xtask remove {name}")
        }));
        Err(Failure::new(message).help(help.join("\n  help: ")))
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
        let progress = console.progress(chosen.len());
        let made = again(workspace, &chosen, &progress)?;
        drop(progress);
        for toolset in made {
            let (name, made) = (toolset.name, toolset.made);
            let folder = format!("{}/", workspace.shown(&workspace.folder(&name)));
            let places = Places {
                folder: &folder,
                choices: None,
            };
            report::diagnostics(&made.report, &places, console);
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

impl Found {
    /// `{"upToDate", "changes": [{"path", "kind", "diff"}], "unlinked": […], "unaccepted": […]}`
    fn to_json(&self) -> Json {
        let changes = self.changes.iter().map(|(path, change)| {
            let mut json = Json::object()
                .with("path", format!("build-specs/{path}"))
                .with("kind", change.kind());
            if let Change::Changed(_) = change {
                let only = Changes::from([(path.clone(), change.clone())]);
                json.insert("diff", self.tree.diff(&only));
            }
            json
        });
        let names = |names: &[Name]| {
            names
                .iter()
                .map(|name| Json::from(name.as_str()))
                .collect::<Json>()
        };
        let fine = self.changes.is_empty() && self.strays.is_empty() && self.unaccepted.is_empty();
        Json::object()
            .with("upToDate", fine)
            .with("changes", changes.collect::<Json>())
            .with("unlinked", names(&self.strays))
            .with("unaccepted", names(&self.unaccepted))
    }
}

fn write(found: &Found, toolsets: usize, console: &mut Console<'_>) -> Result<()> {
    found.tree.apply(&found.changes, &LINKS)?;
    for (path, change) in &found.changes {
        let done = match change {
            Change::Extra => "removed",
            _ => "wrote",
        };
        console.note(format_args!("{done} build-specs/{path}"));
    }
    if !found.unaccepted.is_empty() {
        let text = not_reviewed(&found.unaccepted).to_string();
        console.warn(text.replacen("error", "warning", 1));
    }
    console.note(format_args!(
        "{}; changed: {}",
        count(toolsets, "toolset"),
        count(found.changes.len(), "file")
    ));
    Ok(())
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

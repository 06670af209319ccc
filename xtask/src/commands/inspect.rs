//! `cargo xtask inspect`: what a description would become, without touching the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::add::assemble;
use crate::address::shown_text;
use crate::choices::Choices;
use crate::console::{Console, Failure, Result};
use crate::generate::Job;
use crate::name::Name;
use crate::report::{self, Places};
use crate::source::Source;
use crate::tree::Tree;
use crate::workspace::Workspace;

/// Shows tools, arguments, losses and problems of a description.
#[derive(Debug, Args)]
pub struct Inspect {
    /// The description: a file or an http(s) URL
    pub spec: String,
    /// Print the report as JSON, and nothing else
    #[arg(long)]
    pub json: bool,
    /// Write the crate that `add` would write
    #[arg(long, value_name = "DIR")]
    pub emit: Option<PathBuf>,
    /// The folder that references between files may not leave [default: that of SPEC]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Make every doubt about the description an error
    #[arg(long)]
    pub strict: bool,
    /// Name of the toolset [default: from the name of the file]
    #[arg(long)]
    pub name: Option<Name>,
    /// Choices: which operations become tools, their names, accepted losses
    #[arg(long, value_name = "FILE")]
    pub toolset: Option<PathBuf>,
}

impl Inspect {
    pub(super) fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        let source = match Source::open(workspace, &self.spec, self.root.as_deref()) {
            Ok(source) => source,
            Err(failure) if self.json => {
                console.answer(report::unread(&shown_text(&self.spec), &failure).pretty());
                return Err(failure);
            }
            Err(failure) => return Err(failure),
        };
        let choices = Choices::open(workspace, self.toolset.as_deref())?;
        let name = self
            .name
            .clone()
            .unwrap_or_else(|| Name::from_file(&source.entry));
        let job = Job {
            name: &name,
            source: &source.recorded,
            entry: &source.entry,
            toolset: choices.text.as_deref(),
            url: None,
            pins: None,
            strict: self.strict,
        };
        let progress = console.progress(1);
        progress.at(name.as_str());
        let made = job.run(&choices.over(source.files.as_ref()));
        drop(progress);
        if self.json {
            console.answer(made.report.to_json().pretty());
        } else {
            let places = Places {
                folder: &source.folder,
                choices: Some(&choices),
            };
            console.answer(report::overview(&source.entry, &made.report, &places));
            report::diagnostics(&made.report, &places, console);
        }
        if made.output.is_none() {
            return Err(Failure::new(format!(
                "{} cannot be compiled",
                shown_text(&self.spec)
            )));
        }
        match &self.emit {
            Some(folder) => emit(folder, &job, &source, &choices, console),
            None => Ok(()),
        }
    }
}

fn emit(
    folder: &Path,
    job: &Job<'_>,
    source: &Source,
    choices: &Choices,
    console: &mut Console<'_>,
) -> Result<()> {
    let holds_other = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
        && !folder.join("src/lib.rs").is_file();
    if holds_other {
        return Err(
            Failure::new(format!("{} holds something else", folder.display()))
                .help("name a new or empty folder, or one that was emitted before"),
        );
    }
    let mut quiet = std::io::sink();
    let mut silent = std::io::sink();
    let made = assemble(
        job,
        source,
        choices,
        &mut Console::new(&mut quiet, &mut silent),
    )?;
    let mut tree = Tree::new(folder);
    for (path, content) in made.files {
        tree.want(path, content);
    }
    tree.own("src");
    tree.apply(&tree.changes()?, &[])?;
    console.note(format_args!("wrote {}", folder.display()));
    Ok(())
}

//! `cargo xtask add`: a description becomes a crate that the server links.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use clap::Args;
use toolwright_codegen::Report;
use url::Url;

use super::{LINKS, follow, want_links};
use crate::address::{self, shown_text};
use crate::choices::Choices;
use crate::console::{Console, Failure, Result, count};
use crate::files::Memory;
use crate::generate::{Job, entry, layout};
use crate::lock::{Entry, Lock};
use crate::name::Name;
use crate::remote::Remote;
use crate::report::{self, Places};
use crate::source::Source;
use crate::tree::Tree;
use crate::workspace::{TOOLSET, Workspace};

/// Compiles a description in.
#[derive(Debug, Args)]
pub struct Add {
    /// Name of the toolset: a folder below build-specs/, and the server of the same name in the configuration
    pub name: Name,
    /// The description: a file or an http(s) URL
    pub spec: String,
    /// The upstream's base URL, where the description names none or another one
    #[arg(long, value_name = "URL")]
    pub url: Option<Url>,
    /// Record this as the place that the description comes from
    #[arg(long, value_name = "URL|FILE")]
    pub source: Option<String>,
    /// The folder that references between files may not leave [default: that of SPEC]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Choices to start with, copied beside the description
    #[arg(long, value_name = "FILE")]
    pub toolset: Option<PathBuf>,
    /// Make every doubt about the description an error, now and at each regen
    #[arg(long)]
    pub strict: bool,
    /// Fetch the documents on the network that the description refers to, and keep them beside it
    #[arg(long)]
    pub allow_remote: bool,
    /// Fetch them from private networks too
    #[arg(long, requires = "allow_remote")]
    pub allow_private: bool,
}

/// A toolset as it would lie in its folder.
pub(super) struct Crate {
    /// Every file, by path from the folder.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) entry: Entry,
    pub(super) report: Report,
}

impl Add {
    pub(super) fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        let name = &self.name;
        let _turn = workspace.turn();
        let mut lock = Lock::read(workspace)?;
        self.refuse_taken(workspace, &lock)?;
        let progress = console.progress(1);
        progress.at(&format!("{name}: fetching and compiling"));
        let mut source = Source::open(workspace, &self.spec, self.root.as_deref())?;
        if self.allow_remote {
            source = Remote::open(source, self.allow_private, true);
        }
        let choices = Choices::open(workspace, self.toolset.as_deref())?;
        let url = self.url.as_ref().map(base);
        let given = self.source.as_deref().unwrap_or(&self.spec);
        let other = self.source.as_deref().map(|source| {
            address::http(source).map_or_else(|| source.to_owned(), |url| address::recorded(&url))
        });
        let job = Job {
            name,
            source: other.as_deref().unwrap_or(&source.recorded),
            entry: &source.entry,
            toolset: choices.text.as_deref(),
            url: url.as_deref(),
            pins: None,
            strict: self.strict,
        };
        let made = assemble(&job, &source, &choices, console);
        drop(progress);
        let mut made = made?;
        made.entry.etag.clone_from(&source.etag);

        let mut tree = Tree::new(workspace.specs());
        for (path, content) in made.files {
            tree.want(format!("{name}/{path}"), content);
        }
        lock.toolsets.insert(name.clone(), made.entry);
        want_links(&mut tree, &lock);
        tree.apply(&tree.changes()?, &LINKS)?;
        follow(workspace, console);
        console.note(format_args!(
            "added {name}: {}, in build-specs/{name}",
            count(made.report.tools.len(), "tool")
        ));
        address::warn(given, job.source, console);
        console.note("next: review it, commit it, `cargo build --release`; in toolwright.yaml:");
        console.answer(self.configuration(job.source, &made.report));
        Ok(())
    }

    fn refuse_taken(&self, workspace: &Workspace, lock: &Lock) -> Result<()> {
        let folders = workspace.folders()?;
        let mut taken = lock.toolsets.keys().chain(&folders);
        match taken.find(|other| other.folded() == self.name.folded()) {
            Some(other) if *other == self.name => {
                Err(Failure::new(format!("there is a toolset `{other}` already; nothing was changed"))
                    .help(format!("take another name, or drop the old one first: cargo xtask remove {other}")))
            }
            Some(other) => Err(Failure::new(format!(
                "`{}` and the toolset `{other}` would be the same crate: case and `-` or `_` do not count",
                self.name
            ))
            .help("take another name")),
            None => self.refuse_hidden(workspace),
        }
    }

    /// What lies where the folder will be and is none would be replaced.
    fn refuse_hidden(&self, workspace: &Workspace) -> Result<()> {
        let place = workspace.folder(&self.name);
        let Ok(metadata) = fs::symlink_metadata(&place) else {
            return Ok(());
        };
        let what = match metadata.is_symlink() {
            true => "a link that leads to no folder",
            false => "no folder",
        };
        let message = format!(
            "{} is there already, and is {what}; nothing was changed",
            workspace.shown(&place)
        );
        Err(Failure::new(message).help("move it away, or take another name"))
    }

    /// The lines that make a server of it.
    fn configuration(&self, source: &str, report: &Report) -> String {
        let name = &self.name;
        let mut servers = report.servers.iter();
        let url = self
            .url
            .clone()
            .or_else(|| servers.find_map(|server| Url::parse(server).ok().filter(Url::has_host)));
        let url = url.map_or_else(|| "URL-OF-THE-API".to_owned(), |url| base(&url));
        let is_plain = |name: &str| {
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let headers = report.credential_headers.iter().map(String::as_str);
        let mut headers: Vec<&str> = headers.filter(|name| is_plain(name)).collect();
        if headers.is_empty() {
            headers.push("X-TOKEN");
        }
        let headers = headers.join(", ");
        // One place less that has the credential: the configuration does without this line.
        let source =
            match address::http(source).is_some_and(|url| !address::secrets(&url).is_empty()) {
                true => String::new(),
                false => format!("    spec_path: {source}\n"),
            };
        format!(
            "mcp_servers:\n  {name}:\n    url: {url}\n{source}    \
             # the caller's headers that travel on\n    extra_headers: [{headers}]"
        )
    }
}

/// Compiles a description and lays out everything that its folder holds.
pub(super) fn assemble(
    job: &Job<'_>,
    source: &Source,
    choices: &Choices,
    console: &mut Console<'_>,
) -> Result<Crate> {
    let made = job.run(&choices.over(source.files.as_ref()));
    let places = Places {
        folder: &source.folder,
        choices: Some(choices),
    };
    report::diagnostics(&made.report, &places, console);
    if made.output.is_none() {
        return Err(Failure::new(format!(
            "{} cannot be compiled; nothing was written",
            shown_text(job.source)
        )));
    }
    // Once more from the place where it will lie, so that this is what `regen` writes.
    let (described, mut documents) = (made.documents.into_iter())
        .partition(|(path, _)| path == job.entry || !choices.overlays.contains_key(path));
    let (placed, place) = layout(job.entry, described);
    documents.extend(placed);
    let files = Memory::new(documents, "it was not among the documents that were copied");
    let job = Job {
        entry: &place,
        ..*job
    };
    let made = job.run(&files);
    let Some(output) = &made.output else {
        report::diagnostics(&made.report, &places, console);
        return Err(Failure::new(
            "the copied documents cannot be compiled; nothing was written",
        ));
    };
    let entry = entry(&job, &made, output)?;
    let mut all: BTreeMap<String, Vec<u8>> = output
        .files
        .iter()
        .map(|(path, text)| (path.clone(), text.clone().into_bytes()))
        .collect();
    let toolset = job
        .toolset
        .map_or_else(|| empty_toolset(job.name), str::to_owned);
    all.insert(TOOLSET.to_owned(), toolset.into_bytes());
    all.extend(made.documents);
    Ok(Crate {
        files: all,
        entry,
        report: made.report,
    })
}

/// A base URL as people write it: without the `/` that a parser adds to a bare origin.
fn base(url: &Url) -> String {
    let shown = address::recorded(url);
    match shown.strip_suffix('/') {
        Some(origin) if url.path() == "/" && url.query().is_none() => origin.to_owned(),
        _ => shown,
    }
}

fn empty_toolset(name: &Name) -> String {
    format!(
        "# What this workspace chooses about {name}: which operations become tools, their names, their descriptions.\n\
         # An empty file takes everything as the description has it.\n"
    )
}

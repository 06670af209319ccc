//! `cargo xtask dist`: the binary as it is released, with everything that belongs to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::console::{Console, Failure, Result, count};
use crate::dist::{Build, Elf, Graph, audit, licences, sbom};
use crate::lock::digest;
use crate::workspace::Workspace;

/// Builds a release: binary, software bill of materials, licences, checksums.
#[derive(Debug, Args)]
pub struct Dist {
    /// Where to put it [default: target/dist/NAME-VERSION-TARGET]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Link the C library dynamically, where the static one is not installed
    #[arg(long)]
    pub dynamic: bool,
}

impl Dist {
    pub(super) fn run(&self, workspace: &Workspace, console: &mut Console<'_>) -> Result<()> {
        let graph = Graph::read(workspace)?;
        let build = Build::new(workspace, &graph, !self.dynamic)?;
        console.note(format_args!("building {}", build.title()));
        let binary = build.run()?;
        let elf = Elf::read(&binary)?;
        elf.demand(!self.dynamic)?;
        let out = match &self.out {
            Some(out) => out.clone(),
            None => build.target_dir().join(build.title()),
        };
        fs::create_dir_all(&out).map_err(|error| at(&out, &error))?;
        let placed = out.join(&graph.binary);
        fs::copy(&binary, &placed).map_err(|error| at(&placed, &error))?;
        audit::embed(&graph, &placed)?;

        let mut files = BTreeMap::from([
            (format!("{}.cdx.json", graph.binary), sbom::render(&graph)),
            (
                "THIRD-PARTY-LICENSES.txt".to_owned(),
                licences::render(&graph),
            ),
        ]);
        for (name, text) in &files {
            let path = out.join(name);
            fs::write(&path, text).map_err(|error| at(&path, &error))?;
        }
        files.insert(graph.binary.clone(), String::new());
        let sums = sums(&out, files.keys())?;
        let path = out.join("SHA256SUMS");
        fs::write(&path, &sums).map_err(|error| at(&path, &error))?;
        console.note(format_args!(
            "wrote {}: {}, {} in the bill of materials",
            workspace.shown(&out),
            elf.words(),
            count(graph.packages.len(), "package")
        ));
        console.answer(sums.trim_end());
        Ok(())
    }
}

/// As `sha256sum --check` reads it.
fn sums<'n>(folder: &Path, names: impl Iterator<Item = &'n String>) -> Result<String> {
    let mut out = String::new();
    for name in names {
        let path = folder.join(name);
        let bytes = fs::read(&path).map_err(|error| at(&path, &error))?;
        let sum = digest(&bytes);
        out.push_str(sum.trim_start_matches("sha256:"));
        out.push_str("  ");
        out.push_str(name);
        out.push('\n');
    }
    Ok(out)
}

fn at(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

//! The licences of everything that is in the binary and not of this workspace.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use super::{Graph, Package};

/// The most bytes of one licence: none is longer that is a licence.
const LONGEST: u64 = 256 << 10;

/// One text with all of them.
pub(crate) fn render(graph: &Graph) -> String {
    let mut out = String::from("The binary contains these packages, under these licences.\n");
    for package in graph
        .packages
        .iter()
        .filter(|package| package.source != "local")
    {
        let licence = package
            .licence
            .as_deref()
            .unwrap_or("see its licence files");
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "\n{}\n{} {}: {licence}\n",
            "=".repeat(79),
            package.name,
            package.version
        );
        for file in files(package) {
            let name = file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text = fs::read(&file).unwrap_or_default();
            let _ = write!(
                out,
                "\n--- {name}\n\n{}\n",
                String::from_utf8_lossy(&text).trim()
            );
        }
    }
    out
}

/// Files of a package that state its licence, sorted.
fn files(package: &Package) -> Vec<PathBuf> {
    let entries = fs::read_dir(&package.folder)
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<PathBuf> = entries
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().to_ascii_uppercase();
            let named = [
                "LICENSE",
                "LICENCE",
                "COPYING",
                "NOTICE",
                "COPYRIGHT",
                "UNLICENSE",
            ];
            named.iter().any(|word| name.starts_with(word))
                && entry
                    .metadata()
                    .is_ok_and(|data| data.is_file() && data.len() <= LONGEST)
        })
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

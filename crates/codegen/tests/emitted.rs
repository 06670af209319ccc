//! Emitted crates are compiled with the workspace's lints and warnings denied.

#[cfg(test)]
mod crates;
#[cfg(test)]
mod specs;
#[cfg(test)]
mod support;

use std::process::Command;

use crates::{check, write};
use specs::specs;

/// Every third document of the corpus; all of them with `TOOLWRIGHT_ALL`.
#[test]
fn crates_of_the_corpus_compile_without_warnings() {
    let all = std::env::var_os("TOOLWRIGHT_ALL").is_some()
        || std::env::var_os("TOOLWRIGHT_SPEC").is_some();
    let specs = specs();
    let chosen = specs
        .iter()
        .enumerate()
        .filter(|(at, _)| all || at % 3 == 0)
        .map(|(_, spec)| spec);
    let folder = tempfile::tempdir().unwrap();
    let mut members = Vec::new();
    for spec in chosen {
        let Some(output) = spec.compile().output else {
            panic!("{}: no output", spec.name)
        };
        write(&output, &folder.path().join(&spec.name));
        members.push(spec.name.clone());
    }
    if !members.is_empty() {
        check(folder.path(), &members);
    }
}

/// rustfmt with its own defaults leaves every file as it is.
#[test]
fn code_is_as_rustfmt_leaves_it() {
    let folder = tempfile::tempdir().unwrap();
    for spec in specs() {
        let Some(output) = spec.compile().output else {
            panic!("{}: no output", spec.name)
        };
        let root = folder.path().join(&spec.name);
        write(&output, &root);
        let rustfmt = Command::new("rustfmt")
            .args(["--check", "--edition", "2024"])
            .arg(root.join("src/lib.rs"))
            .output()
            .unwrap();
        let shown = String::from_utf8_lossy(&rustfmt.stdout);
        let shown: String = shown.chars().take(3_000).collect();
        assert!(rustfmt.status.success(), "{}: {shown}", spec.name);
    }
}

//! Emitted crates are compiled with the workspace's lints and warnings denied.

#[cfg(test)]
mod specs;
#[cfg(test)]
mod support;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use specs::{specs, write};

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

/// Runs `cargo check` over a workspace of these folders, its lints and dependencies those of ours.
fn check(folder: &Path, members: &[String]) {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap();
    let manifest = std::fs::read_to_string(ours.join("Cargo.toml")).unwrap();
    let lints: String = manifest
        .split_inclusive("\n\n")
        .filter(|part| part.contains("[workspace.lints."))
        .collect();
    let mut text = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[workspace.dependencies]\n"
    );
    let _ = writeln!(
        text,
        "toolwright-runtime = {{ path = {:?} }}\n",
        ours.join("crates/runtime")
    );
    std::fs::write(folder.join("Cargo.toml"), text + &lints).unwrap();
    std::fs::copy(ours.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--workspace", "--quiet", "--offline"])
        .current_dir(folder)
        .env("RUSTFLAGS", "-D warnings")
        .env("CARGO_TARGET_DIR", ours.join("target/emitted"))
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}",
        shown.chars().take(8_000).collect::<String>()
    );
}

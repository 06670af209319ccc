//! Tells the crate which commit it is built from: `TOOLWRIGHT_COMMIT`, else what git says, else nothing.

#![allow(
    clippy::print_stdout,
    reason = "a build script speaks to cargo on standard output"
)]

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

fn main() -> Result<(), String> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=TOOLWRIGHT_COMMIT");
    let commit = match env::var("TOOLWRIGHT_COMMIT") {
        Ok(given) => given,
        // Every commit would compile this crate again, which costs a developer more than it tells.
        Err(_) if env::var("PROFILE").as_deref() == Ok("release") => found().unwrap_or_default(),
        Err(_) => String::new(),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if commit.len() > 80 || !commit.chars().all(plain) {
        return Err("TOOLWRIGHT_COMMIT is the hash of a commit, letters and digits".to_owned());
    }
    println!("cargo:rustc-env=TOOLWRIGHT_COMMIT={commit}");
    Ok(())
}

/// The commit that is checked out, with `-dirty` where a file of it was changed. Nothing in a folder that is no
/// checkout, as it comes out of an archive.
fn found() -> Option<String> {
    let here = env::var("CARGO_MANIFEST_DIR").ok()?;
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(&here).stdin(Stdio::null());
        let done = git.stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8(done.stdout).ok()?;
        done.status.success().then(|| text.trim_end().to_owned())
    };
    // An archive that lies in somebody's repository is not of that repository's commits.
    git(&["ls-files", "--error-unmatch", "Cargo.toml"])?;
    let commit = git(&["rev-parse", "HEAD"])?;
    let changed = git(&["status", "--porcelain", "--untracked-files=no"])?;
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let tracked = git(&["ls-files", "-z", "--full-name", &top])?;
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    let files = tracked
        .split('\0')
        .filter(|file| !file.is_empty())
        .map(|file| Path::new(&top).join(file));
    for path in files.chain([Path::new(&here).join(log)]) {
        println!("cargo:rerun-if-changed={}", path.display());
    }
    Some(match changed.is_empty() {
        true => commit,
        false => format!("{commit}-dirty"),
    })
}

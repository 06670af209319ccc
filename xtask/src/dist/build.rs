//! The build itself: the same bytes from whatever folder it runs in.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Graph;
use crate::console::{Failure, Result};
use crate::workspace::Workspace;

/// A release build of one binary, with the epoch that tools write instead of the time of day.
pub(crate) struct Build {
    root: PathBuf,
    target_dir: PathBuf,
    package: String,
    binary: String,
    title: String,
    flags: Vec<String>,
    c_flags: String,
    epoch: Option<String>,
    commit: String,
}

impl Build {
    pub(crate) fn new(workspace: &Workspace, graph: &Graph, statically: bool) -> Result<Self> {
        let root = workspace.root().canonicalize();
        let root =
            root.map_err(|error| Failure::new(format!("{}: {error}", workspace.root().display())))?;
        // Not the usual folder: other flags there would have everything compiled again.
        let target_dir = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), PathBuf::from)
            .join("dist");
        let package = graph.packages.get(graph.root);
        let package = package.ok_or_else(|| Failure::new("the binary has no package"))?;
        let maps = prefixes(&root, &target_dir);
        let mut flags: Vec<String> = maps
            .iter()
            .map(|(from, to)| format!("--remap-path-prefix={from}={to}"))
            .collect();
        flags.push("-Crelocation-model=pie".to_owned());
        flags.push("-Coverflow-checks=on".to_owned());
        if statically {
            flags.push("-Ctarget-feature=+crt-static".to_owned());
        }
        let c_flags: Vec<String> = maps
            .iter()
            .map(|(from, to)| format!("-ffile-prefix-map={from}={to}"))
            .collect();
        Ok(Self {
            title: format!("{}-{}-{}", graph.binary, package.version, host()?),
            package: package.name.clone(),
            binary: graph.binary.clone(),
            c_flags: c_flags.join(" "),
            epoch: git(&root, &["log", "-1", "--format=%ct"]),
            commit: commit(&root),
            root,
            target_dir,
            flags,
        })
    }

    /// `toolwright-0.1.0-x86_64-unknown-linux-gnu`
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    pub(crate) fn target_dir(&self) -> &Path {
        &self.target_dir
    }

    /// The path of the binary.
    pub(crate) fn run(&self) -> Result<PathBuf> {
        let triple = host()?;
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        // A named target keeps the flags away from build scripts and macros.
        build
            .args([
                "build",
                "--release",
                "--locked",
                "--package",
                &self.package,
                "--bin",
                &self.binary,
            ])
            .args(["--target", &triple])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target_dir)
            .env("CARGO_ENCODED_RUSTFLAGS", self.flags.join("\u{1f}"))
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
            .env("CFLAGS", &self.c_flags)
            .env_remove("RUSTFLAGS")
            .stdin(Stdio::null());
        if let Some(epoch) = &self.epoch {
            build.env("SOURCE_DATE_EPOCH", epoch);
        }
        // Who builds from an archive knows the commit, and says so.
        if env::var_os("TOOLWRIGHT_COMMIT").is_none() {
            build.env("TOOLWRIGHT_COMMIT", &self.commit);
        }
        let done = build
            .status()
            .map_err(|error| Failure::new(format!("cargo: {error}")))?;
        if !done.success() {
            return Err(Failure::new("the release build failed")
                .help("without a static C library (libc6-dev): cargo xtask dist --dynamic"));
        }
        Ok(self
            .target_dir
            .join(triple)
            .join("release")
            .join(&self.binary))
    }
}

/// Folders whose names must not show in the binary, longest first.
fn prefixes(root: &Path, target_dir: &Path) -> Vec<(String, String)> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")));
    let mut maps = vec![
        (root.display().to_string(), "/build".to_owned()),
        (target_dir.display().to_string(), "/target".to_owned()),
    ];
    if let Some(home) = home {
        maps.push((home.display().to_string(), "/cargo".to_owned()));
    }
    // The compiler takes the last one that fits.
    maps.sort_by_key(|(from, _)| from.len());
    maps
}

/// The target that this compiler builds for by itself.
fn host() -> Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let done = Command::new(rustc)
        .args(["--version", "--verbose"])
        .output();
    let done = done.map_err(|error| Failure::new(format!("rustc: {error}")))?;
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| Failure::new("rustc does not say what it builds for"))
}

/// The commit of the workspace, with `-dirty` where a file of it was changed; empty outside of a repository.
fn commit(root: &Path) -> String {
    let hash = git(root, &["rev-parse", "HEAD"]).unwrap_or_default();
    let changed = git(root, &["status", "--porcelain", "--untracked-files=no"]);
    match changed {
        Some(_) if !hash.is_empty() => format!("{hash}-dirty"),
        _ => hash,
    }
}

/// What git says, where it says something.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    let done = git.args(arguments).current_dir(root).output().ok()?;
    let text = String::from_utf8_lossy(&done.stdout).trim().to_owned();
    (done.status.success() && !text.is_empty()).then_some(text)
}

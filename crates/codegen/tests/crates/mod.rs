//! Emitted crates on disk.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use toolwright_codegen::Output;

/// Runs `cargo check` over a workspace of these folders, its lints and dependencies those of ours.
pub(crate) fn check(folder: &Path, members: &[String]) {
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

/// Writes a crate below `root`.
pub(crate) fn write(output: &Output, root: &Path) {
    for (path, text) in &output.files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

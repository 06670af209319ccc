//! A workspace outside of this one, by path.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use toolwright_xtask::{Console, Workspace, run};

fn toolwright() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn xtask(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let workspace = Workspace::at(root).unwrap();
    let done = run(arguments, &workspace, &mut Console::new(&mut out, &mut err));
    done.map(|()| String::from_utf8(err).unwrap())
        .map_err(|failure| failure.to_string())
}

#[test]
fn a_new_workspace_compiles_with_its_own_commands() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("my gateway");
    xtask(&toolwright(), &["new", dir.to_str().unwrap()]).unwrap();
    // What stands in the way is left alone.
    xtask(&toolwright(), &["new", dir.to_str().unwrap()]).unwrap_err();
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "something was left beside it"
    );
    for file in ["src/main.rs", "xtask/src/main.rs"] {
        assert!(
            fs::read_to_string(dir.join(file)).unwrap().lines().count() <= 8,
            "{file}"
        );
    }
    let readme = fs::read_to_string(dir.join("README.md")).unwrap();
    assert!(
        readme.starts_with("# my_gateway") || readme.starts_with("# my-gateway"),
        "{readme}"
    );
    assert!(readme.contains("cargo xtask add NAME"), "{readme}");
    xtask(&dir, &["regen", "--check"]).unwrap();
    let lock = fs::read_to_string(dir.join("build-specs/specs.lock")).unwrap();
    assert!(lock.contains("source = \"specs/notes.yaml\""), "{lock}");
    // Its source lies beside it, so that the way of an update can be tried.
    let spec = dir.join("specs/notes.yaml");
    let text = fs::read_to_string(&spec).unwrap();
    fs::write(&spec, text.replace("maximum: 100", "maximum: 10")).unwrap();
    xtask(&dir, &["drift"]).unwrap_err();
    xtask(&dir, &["update", "notes", "--accept"]).unwrap();
    xtask(&dir, &["regen", "--check"]).unwrap();

    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Dependencies are those of this workspace, compiled already.
    let target = Path::new(env!("CARGO_BIN_EXE_xtask"))
        .ancestors()
        .nth(2)
        .unwrap();
    cargo
        .args(["check", "--workspace", "--offline", "--quiet"])
        .current_dir(&dir)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("CARGO_MANIFEST_DIR");
    let done = cargo.output().unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[test]
fn a_place_without_toolwright_is_no_origin() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("new");
    let place = folder.path().to_str().unwrap();
    let failed = xtask(
        &toolwright(),
        &["new", dir.to_str().unwrap(), "--toolwright", place],
    )
    .unwrap_err();
    assert!(failed.contains("--toolwright"), "{failed}");
    assert!(!dir.exists());
}

//! Small descriptions, one for each feature, with the crates that come of them. The crates are compiled too, with
//! warnings denied. `UPDATE_GOLDEN=1` writes what is expected anew.

#[cfg(test)]
mod crates;

use std::collections::BTreeMap;

use cases::{cases, made, read};

#[cfg(test)]
mod cases {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    use toolwright_codegen::{Input, Output, compile};

    pub(crate) fn cases() -> Vec<(String, PathBuf)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        let entries = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut cases: Vec<_> = entries
            .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
            .collect();
        cases.sort();
        cases
    }

    pub(crate) fn made(name: &str, folder: &Path) -> Output {
        let text = std::fs::read(folder.join("spec.yaml")).unwrap();
        let files = BTreeMap::from([("spec.yaml".to_owned(), text)]);
        let toolset = std::fs::read_to_string(folder.join("toolset.toml")).ok();
        let compiled = compile(&Input {
            files: &files,
            entry: "spec.yaml",
            name,
            source: "spec.yaml",
            toolset: toolset.as_deref(),
            url: None,
            pins: None,
            strict: false,
        });
        assert!(
            compiled.report.losses.is_empty(),
            "{name}: {:?}",
            compiled.report.losses
        );
        compiled
            .output
            .unwrap_or_else(|| panic!("{name}:\n{}", compiled.report.render()))
    }

    pub(crate) fn read(folder: &Path, below: &str, files: &mut BTreeMap<String, String>) {
        let Ok(entries) = std::fs::read_dir(folder.join(below)) else {
            return;
        };
        for entry in entries {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let path = if below.is_empty() {
                name
            } else {
                format!("{below}/{name}")
            };
            match folder.join(&path).is_dir() {
                true => read(folder, &path, files),
                false => {
                    let text = std::fs::read_to_string(folder.join(&path)).unwrap();
                    files.insert(path, text);
                }
            }
        }
    }
}

#[test]
fn output_is_as_expected() {
    for (name, folder) in cases() {
        let output = made(&name, &folder);
        let expected = folder.join("expected");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let _ = std::fs::remove_dir_all(&expected);
            crates::write(&output, &expected);
        }
        let mut files = BTreeMap::new();
        read(&expected, "", &mut files);
        let paths = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(
            paths(&output.files),
            paths(&files),
            "{name}: run with UPDATE_GOLDEN=1 and review the difference"
        );
        for (path, text) in &output.files {
            assert_eq!(
                text, &files[path],
                "{name}/{path}: run with UPDATE_GOLDEN=1 and review the difference"
            );
        }
    }
}

#[test]
fn crates_compile_without_warnings() {
    let folder = tempfile::tempdir().unwrap();
    let mut members = Vec::new();
    for (name, case) in cases() {
        crates::write(&made(&name, &case), &folder.path().join(&name));
        members.push(name);
    }
    crates::check(folder.path(), &members);
}

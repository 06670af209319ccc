//! The same description again.

use std::path::Path;

use toolwright_codegen::diff::diff;

use crate::support::{self, Folder, corpus};
use crate::{LARGE, descriptions, stock, whole};

#[test]
fn the_same_description_has_no_changes() {
    let mut seen = 0;
    for (name, description) in descriptions(LARGE) {
        let (Some(one), Some(other)) = (whole(&description, None), whole(&description, None))
        else {
            continue;
        };
        assert_eq!(diff(&one, &other), [], "{name}");
        seen += 1;
    }
    if let Some(root) = corpus() {
        for (folder, entry) in multi(&root) {
            let files = Folder(folder);
            if let Some(one) = stock(&files, &entry, None) {
                assert_eq!(diff(&one, &one.clone()), [], "{entry}");
            }
        }
        assert!(seen > 40, "{seen}");
    }
}

/// Folders of several files, with their entry.
fn multi(root: &Path) -> Vec<(std::path::PathBuf, String)> {
    let manifest = support::json(&root.join("MANIFEST.json"));
    let mut found = Vec::new();
    for entry in manifest["specs"].as_array().into_iter().flatten() {
        let Some(path) = entry["entry"]
            .as_str()
            .filter(|path| path.contains("-multi/"))
        else {
            continue;
        };
        let (folder, entry) = path.split_once("-multi/").unwrap();
        found.push((root.join(format!("{folder}-multi")), entry.to_owned()));
    }
    found
}

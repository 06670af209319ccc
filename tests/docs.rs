//! What the documents say about the tests.

use std::fs;
use std::path::Path;

/// Each row of docs/headers.md names files, and after a file the tests in it, whole or to a `…`.
#[test]
fn every_test_that_the_header_rules_name_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default();
    let document = read("docs/headers.md");
    let (mut files, mut tests) = (0, 0);
    for row in document.lines().filter(|line| line.starts_with('|')) {
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let mut text = String::new();
        let mut folder = "";
        // What stands between backticks is every other piece.
        for name in cell.split('`').skip(1).step_by(2) {
            if name == "runtime" {
                folder = "crates/runtime/tests/it/";
            } else if name.ends_with(".rs") {
                text = read(&format!("{folder}{name}"));
                assert!(!text.is_empty(), "no file {folder}{name}: {row}");
                (folder, files) = ("", files + 1);
            } else {
                let start = format!("fn {}", name.trim_end_matches('…'));
                assert!(text.contains(&start), "no test {name}: {row}");
                tests += 1;
            }
        }
    }
    assert!(files > 50 && tests > 50, "{files} {tests}");
}

//! What is in the way, missing or left half done.

use std::fs;

use crate::support::Bench;

#[test]
fn without_its_lock_a_workspace_with_toolsets_is_left_alone() {
    let bench = Bench::new();
    bench.add_pets("pets");
    let lock = fs::read(bench.at("specs.lock")).unwrap();
    fs::remove_file(bench.at("specs.lock")).unwrap();
    let before = bench.tree();
    let spec = bench.root().join("../pets.json").display().to_string();
    for line in [
        &["regen"][..],
        &["regen", "--check"],
        &["regen", "--accept"],
        &["add", "dogs", &spec],
        &["remove", "pets"],
        &["update", "pets"],
        &["drift"],
    ] {
        let said = bench.run(line).failed();
        for part in [
            "build-specs/specs.lock is missing",
            "build-specs/pets",
            "git checkout -- build-specs/specs.lock",
        ] {
            assert!(
                said.contains(part),
                "{line:?}: {part} is missing from {said}"
            );
        }
        assert!(!said.contains("xtask remove"), "{line:?}: {said}");
        assert_eq!(bench.tree(), before, "{line:?}");
    }
    fs::write(bench.at("specs.lock"), lock).unwrap();
    bench.run(&["regen", "--check"]).ok();
}

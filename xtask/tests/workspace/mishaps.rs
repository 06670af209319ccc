//! What is in the way, missing or left half done.

use std::fs;

use crate::support::{Bench, PETS};

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

#[cfg(unix)]
#[test]
fn what_is_in_the_way_of_a_new_toolset_stays() {
    use std::os::unix::fs::symlink;
    let bench = Bench::new();
    bench.add_pets("pets");
    fs::write(bench.at("file"), "mine").unwrap();
    symlink("absent", bench.at("dangling")).unwrap();
    symlink("file", bench.at("linked")).unwrap();
    symlink("pets", bench.at("folder")).unwrap();
    let spec = bench.root().join("../pets.json").display().to_string();
    let lock = fs::read(bench.at("specs.lock")).unwrap();
    for (name, said) in [
        (
            "file",
            "build-specs/file is there already, and is no folder",
        ),
        (
            "dangling",
            "build-specs/dangling is there already, and is a link",
        ),
        (
            "linked",
            "build-specs/linked is there already, and is a link",
        ),
        ("folder", "there is a toolset `folder` already"),
    ] {
        let failed = bench.run(&["add", name, &spec]).failed();
        for part in [said, "nothing was changed", "help: "] {
            assert!(failed.contains(part), "{name}: {failed}");
        }
        assert!(fs::symlink_metadata(bench.at(name)).is_ok(), "{name}");
    }
    assert_eq!(fs::read(bench.at("file")).unwrap(), b"mine");
    assert_eq!(fs::read(bench.at("specs.lock")).unwrap(), lock);
}

#[test]
fn the_rest_of_a_folder_that_was_removed_has_one_remedy_that_works() {
    let bench = Bench::new();
    bench.add_pets("pets");
    let before = bench.tree();
    bench.add_pets("dogs");
    let rest = fs::read(bench.at("dogs/src/lib.rs")).unwrap();
    bench.run(&["remove", "dogs"]).ok();
    // Nothing else stays, not even where it was put aside.
    assert_eq!(fs::read_dir(bench.at("")).unwrap().count(), 4);
    fs::create_dir_all(bench.at("dogs/src")).unwrap();
    fs::write(bench.at("dogs/src/lib.rs"), rest).unwrap();
    bench.run(&["regen"]).ok();
    let said = bench.run(&["regen", "--check"]).failed();
    assert!(said.contains("cargo xtask remove dogs"), "{said}");
    assert!(!said.contains("cargo xtask regen"), "{said}");
    fs::write(bench.at("pets/src/lib.rs"), "// mine\n").unwrap();
    let said = bench.run(&["regen", "--check"]).failed();
    assert!(
        said.contains("cargo xtask regen") && said.contains("cargo xtask remove dogs"),
        "{said}"
    );
    bench.run(&["regen"]).ok();
    bench.run(&["remove", "dogs"]).ok();
    bench.run(&["regen", "--check"]).ok();
    assert_eq!(bench.tree(), before);
    // A `remove` that was killed while it deleted leaves what the next command sweeps.
    fs::create_dir_all(bench.at(".staging-x/dropped/src")).unwrap();
    bench.run(&["regen", "--check"]).ok();
    bench.run(&["regen"]).ok();
    assert!(!bench.at(".staging-x").exists());
}

#[cfg(unix)]
#[test]
fn what_a_removed_link_leads_to_stays() {
    let bench = Bench::new();
    bench.add_pets("pets");
    let before = bench.tree();
    std::os::unix::fs::symlink("pets", bench.at("other")).unwrap();
    bench.run(&["remove", "other"]).ok();
    assert_eq!(bench.tree(), before);
}

#[test]
fn the_help_of_the_benchmark_needs_no_build() {
    let bench = Bench::new();
    for line in [&["--help"][..], &["-h"], &["--json", "--help"]] {
        let done = bench.run(&[&["bench", "hop"], line].concat()).ok();
        assert!(done.answer.contains("--rounds N"), "{done:?}");
        assert_eq!(done.notes, "", "{line:?}");
    }
    let said = bench.run(&["bench", "hop", "--json"]).failed();
    assert!(said.contains("no package `bench`"), "{said}");
}

#[test]
fn an_overview_counts_as_people_do() {
    let bench = Bench::new();
    let spec = bench.spec("pets.json", PETS).display().to_string();
    let done = bench.run(&["inspect", &spec]).ok();
    let line = "pets.json: 3.1.0, 1 operation, 1 tool, 0 losses, 0 problems\n";
    assert!(done.answer.contains(line), "{}", done.answer);
    let bad = bench.spec("bad.json", "{").display().to_string();
    let done = bench.run(&["inspect", &bad]);
    let line = "bad.json: format unknown, 0 operations, 0 tools, 0 losses, 1 problem\n";
    assert!(done.answer.contains(line), "{}", done.answer);
    done.failed();
}

#[test]
fn messages_lead_to_the_files_that_they_name() {
    let bench = Bench::new();
    let spec = |path: &str, text: &str| bench.spec(path, text).display().to_string();
    let absent = bench.root().join("../absent.json").display().to_string();
    let folder = bench.root().display().to_string();
    for (line, said) in [
        (
            &["inspect", &absent][..],
            format!("error: {absent}: No such file"),
        ),
        (
            &["inspect", "/nope"],
            "error: /nope: No such file".to_owned(),
        ),
        (
            &["add", "a", &folder],
            format!("error: {folder} is a folder"),
        ),
    ] {
        let done = bench.run(line);
        assert_eq!(done.answer, "", "{line:?}");
        let failed = done.failed();
        assert!(
            failed.starts_with(&said) && failed.contains("help: "),
            "{failed}"
        );
    }
    let (bad, pets) = (spec("sub/bad.json", "{"), spec("pets.json", PETS));
    let choices = spec("mine/toolset.toml", "tolls = 1\n");
    for (line, place) in [
        (&["inspect", &bad][..], &bad),
        (&["add", "a", &bad], &bad),
        (&["inspect", &pets, "--toolset", &choices], &choices),
        (&["add", "a", &pets, "--toolset", &choices], &choices),
    ] {
        let done = bench.run(line);
        assert!(done.notes.contains(&format!("--> {place}")), "{done:?}");
        done.failed();
    }
    bench.add_pets("pets");
    fs::write(bench.at("pets/toolset.toml"), "tolls = 1\n").unwrap();
    for line in [&["regen"][..], &["regen", "--check"]] {
        let done = bench.run(line);
        let place = "--> build-specs/pets/toolset.toml";
        assert!(done.notes.contains(place), "{}", done.notes);
        done.failed();
    }
}

//! What each command leaves behind.

use std::fs;

use toolwright_document::Json;

use crate::support::{Bench, PETS};

#[test]
fn add_writes_a_crate_links_it_and_locks_it() {
    let bench = Bench::new();
    let spec = bench.spec("specs/pets.json", PETS);
    let done = bench.run(&[
        "add",
        "pets",
        spec.to_str().unwrap(),
        "--url",
        "http://pets.example/",
    ]);
    let done = done.ok();
    assert!(
        done.answer.contains("url: http://pets.example\n"),
        "{}",
        done.answer
    );
    let tree = bench.tree();
    for path in [
        "Cargo.toml",
        "src/lib.rs",
        "specs.lock",
        "pets/Cargo.toml",
        "pets/src/lib.rs",
        "pets/toolset.toml",
    ] {
        assert!(
            tree.contains_key(path),
            "{path} is missing in {:?}",
            tree.keys()
        );
    }
    assert_eq!(tree["pets/openapi.json"], PETS.as_bytes());
    assert!(
        fs::read_to_string(bench.at("Cargo.toml"))
            .unwrap()
            .contains("spec_pets")
    );
    let lock = fs::read_to_string(bench.at("specs.lock")).unwrap();
    assert!(
        lock.contains("\n\"GET /pets/{id}\" = { name = \"get_pet\", digest = \"sha256:"),
        "{lock}"
    );
    assert!(lock.contains("source = \"pets.json\""), "{lock}");
    assert!(lock.contains("url = \"http://pets.example\""), "{lock}");
    bench.run(&["regen", "--check"]).ok();
}

#[test]
fn add_prints_a_configuration_that_fits_the_description() {
    let bench = Bench::new();
    let scheme = |text: &str| format!(r#""components":{{"securitySchemes":{{{text}}}}}"#);
    let (bearer, key) = (
        r#""a":{"type":"http","scheme":"bearer"},"o":{"type":"openIdConnect","openIdConnectUrl":"https://a.example"}"#,
        r#""k":{"type":"apiKey","in":"header","name":"X-Api-Key"},"q":{"type":"apiKey","in":"query","name":"key"}"#,
    );
    let odd = r#""k":{"type":"apiKey","in":"header","name":"X: [\nurl"}"#;
    for (name, servers, schemes, expected) in [
        ("one", "", String::new(), ["URL-OF-THE-API", "X-TOKEN"]),
        (
            "two",
            "/v1",
            scheme(bearer),
            ["URL-OF-THE-API", "Authorization"],
        ),
        (
            "three",
            "https://{at}.example/v1",
            scheme(key),
            ["https://eu.example/v1", "X-Api-Key"],
        ),
        (
            "four",
            "https://u:p@api.example",
            scheme(&format!("{key},{bearer}")),
            ["https://api.example", "X-Api-Key, Authorization"],
        ),
        (
            "five",
            "https://api.example/a\\nb: c",
            scheme(odd),
            ["https://api.example/ab:%20c", "X-TOKEN"],
        ),
    ] {
        let variables = r#""variables":{"at":{"default":"eu"}}"#;
        let servers = match servers {
            "" => "[]".to_owned(),
            url if url.contains('{') => format!(r#"[{{"url":"{url}",{variables}}}]"#),
            url => format!(r#"[{{"url":"{url}"}}]"#),
        };
        let more = if schemes.is_empty() {
            String::new()
        } else {
            format!(",{schemes}")
        };
        let text = format!(
            r#"{{"openapi":"3.1.0","info":{{"title":"T","version":"1"}},"servers":{servers},
            "paths":{{"/a":{{"get":{{"responses":{{"200":{{"description":"ok"}}}}}}}}}}{more}}}"#
        );
        let spec = bench.spec(&format!("specs/{name}.json"), &text);
        let done = bench.run(&["add", name, spec.to_str().unwrap()]);
        let done = done.ok();
        let [url, headers] = expected;
        let lines = format!(
            "mcp_servers:\n  {name}:\n    url: {url}\n    spec_path: {name}.json\n    \
             # the caller's headers that travel on\n    extra_headers: [{headers}]\n"
        );
        assert_eq!(done.answer, lines, "{text}");
    }
}

#[test]
fn add_then_remove_leaves_the_tree_as_it_was() {
    let bench = Bench::new();
    bench.add_pets("cats");
    let before = bench.tree();
    bench.add_pets("dogs");
    let between = bench.tree();
    assert!(between.len() > before.len());
    bench.run(&["remove", "dogs"]).ok();
    assert_eq!(bench.tree(), before);
    bench.add_pets("dogs");
    assert_eq!(bench.tree(), between);
    bench.run(&["remove", "dogs"]).ok();
    assert!(
        bench
            .run(&["remove", "dogs"])
            .failed()
            .contains("compiled in: cats")
    );
}

#[test]
fn a_name_is_taken_once() {
    let bench = Bench::new();
    bench.add_pets("my-api");
    let before = bench.tree();
    let spec = bench.spec("x.json", PETS);
    for name in ["my-api", "my_api", "My-API"] {
        let said = bench.run(&["add", name, spec.to_str().unwrap()]).failed();
        assert!(said.contains("my-api"), "{said}");
    }
    for name in [
        "",
        "1",
        "a/b",
        "..",
        "src",
        "a.b",
        "x23456789012345678901234567890123",
    ] {
        assert!(
            bench
                .run(&["add", name, spec.to_str().unwrap()])
                .outcome
                .is_err(),
            "{name}"
        );
    }
    assert_eq!(bench.tree(), before);
}

#[test]
fn a_bad_description_changes_nothing() {
    let bench = Bench::new();
    bench.add_pets("pets");
    let before = bench.tree();
    for (name, text) in [
        ("a.json", "{"),
        ("b.yaml", ""),
        ("c.json", "{\"openapi\": \"9.0.0\"}"),
        ("d.json", "[1]"),
    ] {
        let spec = bench.spec(name, text);
        let done = bench.run(&["add", "bad", spec.to_str().unwrap()]);
        assert!(!done.notes.is_empty(), "{name}: {done:?}");
        done.failed();
        assert_eq!(bench.tree(), before, "{name}");
    }
    for spec in [
        "absent.json",
        ".",
        "..",
        "/",
        "file:///etc/passwd",
        "ftp://h/x.json",
        "http://127.0.0.1:1/x.json",
    ] {
        bench.run(&["add", "bad", spec]).failed();
    }
    assert_eq!(bench.tree(), before);
}

#[test]
fn check_names_what_differs_and_regen_repairs_it() {
    let bench = Bench::new();
    bench.add_pets("pets");
    let before = bench.tree();
    fs::write(bench.at("pets/src/lib.rs"), "// mine\n").unwrap();
    fs::write(bench.at("pets/src/stale.rs"), "").unwrap();
    fs::create_dir_all(bench.at("pets/src/deep/er")).unwrap();
    fs::write(bench.at("pets/src/deep/er/x"), "").unwrap();
    fs::remove_file(bench.at("src/lib.rs")).unwrap();
    fs::remove_file(bench.at("pets/Cargo.toml")).unwrap();
    fs::create_dir(bench.at("pets/Cargo.toml")).unwrap();
    let damaged = bench.tree();
    let done = bench.run(&["regen", "--check"]);
    for line in [
        "--- build-specs/pets/src/lib.rs",
        "\n-// mine\n",
        "extra: build-specs/pets/src/stale.rs",
        "extra: build-specs/pets/src/deep/er/x",
        "missing: build-specs/src/lib.rs",
        "missing: build-specs/pets/Cargo.toml",
    ] {
        assert!(
            done.answer.contains(line),
            "{line} is missing: {}",
            done.answer
        );
    }
    assert!(done.failed().contains("cargo xtask regen"));
    let json = bench.run(&["regen", "--check", "--json"]);
    let read = Json::parse(&json.answer).unwrap();
    json.failed();
    assert_eq!(read.get("upToDate"), Some(&Json::Bool(false)));
    let changes = read.get("changes").and_then(Json::as_array).unwrap();
    let text = |change: &Json, key: &str| change.get(key)?.as_str().map(str::to_owned);
    for (path, kind) in [
        ("build-specs/pets/src/lib.rs", "changed"),
        ("build-specs/pets/src/stale.rs", "extra"),
        ("build-specs/src/lib.rs", "missing"),
    ] {
        let found = changes
            .iter()
            .find(|it| text(it, "path").as_deref() == Some(path));
        let found = found.unwrap_or_else(|| panic!("{path}: {changes:?}"));
        assert_eq!(text(found, "kind").as_deref(), Some(kind));
        let diff = text(found, "diff").unwrap_or_default();
        assert_eq!(diff.contains("\n-// mine\n"), kind == "changed", "{diff}");
    }
    assert_eq!(bench.tree(), damaged);
    bench.run(&["regen"]).ok();
    assert_eq!(bench.tree(), before);
    assert!(!bench.at("pets/src/deep").exists());
    let json = bench.run(&["regen", "--check", "--json", "--quiet"]).ok();
    assert!(json.answer.contains("\"upToDate\": true"), "{json:?}");
    // Quiet is quiet: nothing but the answer.
    assert_eq!(json.notes, "");
}

#[test]
fn a_changed_description_shows_in_the_check() {
    let bench = Bench::new();
    bench.add_pets("pets");
    let changed = PETS.replace("\"type\": \"string\"", "\"type\": \"integer\"");
    fs::write(bench.at("pets/openapi.json"), &changed).unwrap();
    let done = bench.run(&["regen", "--check", "pets"]);
    assert!(
        done.answer.contains("build-specs/pets/src/pets.json"),
        "{}",
        done.answer
    );
    bench.run(&["regen", "--accept", "pets"]).ok();
    let once = bench.tree();
    fs::write(bench.at("pets/openapi.json"), PETS).unwrap();
    bench.run(&["regen", "--accept"]).ok();
    fs::write(bench.at("pets/openapi.json"), &changed).unwrap();
    bench.run(&["regen", "--accept"]).ok();
    assert_eq!(bench.tree(), once);
    assert!(
        bench
            .run(&["regen", "dogs"])
            .failed()
            .contains("compiled in: pets")
    );
}

#[test]
fn a_description_of_several_files_keeps_its_layout() {
    let bench = Bench::new();
    let part = "id:\n  name: id\n  in: path\n  required: true\n  schema: {type: string}\n";
    let main = "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths:\n  /pets/{id}:\n    get:\n      operationId: get_pet\n      \
                parameters:\n        - $ref: '../parts/id.yaml#/id'\n      responses:\n        '200': {description: ok}\n";
    let spec = bench.spec("api/v1/main.yaml", main);
    bench.spec("api/parts/id.yaml", part);
    bench.spec("api/unused.yaml", "x: 1\n");
    let spec = spec.to_str().unwrap();
    assert!(
        bench.run(&["add", "pets", spec]).outcome.is_err(),
        "references leave the folder"
    );
    let root = bench.root().join("../api");
    bench
        .run(&["add", "pets", spec, "--root", root.to_str().unwrap()])
        .ok();
    let tree = bench.tree();
    assert_eq!(tree["pets/spec/v1/main.yaml"], main.as_bytes());
    assert_eq!(tree["pets/spec/parts/id.yaml"], part.as_bytes());
    assert!(
        !tree.keys().any(|path| path.contains("unused")),
        "{:?}",
        tree.keys()
    );
    bench.run(&["regen", "--check"]).ok();
}

#[test]
fn inspect_reports_and_emits_what_add_would_write() {
    let bench = Bench::new();
    let spec = bench.spec("pets.json", PETS);
    let before = bench.tree();
    let spec = spec.to_str().unwrap();
    let done = bench.run(&["inspect", spec]).ok();
    assert!(
        done.answer.contains("get_pet") && done.answer.contains("GET /pets/{id}"),
        "{}",
        done.answer
    );
    let out = bench.root().join("../out");
    let json = bench
        .run(&[
            "inspect",
            spec,
            "--json",
            "--name",
            "pets",
            "--emit",
            out.to_str().unwrap(),
        ])
        .ok();
    for part in [
        "\"format\": \"3.1.0\"",
        "\"operations\": 1",
        "\"operation_id\": \"get_pet\"",
        "\"in\": \"path\"",
        "\"body\": null",
    ] {
        assert!(json.answer.contains(part), "{part}: {}", json.answer);
    }
    assert_eq!(bench.tree(), before);
    bench.add_pets("pets");
    for (path, content) in bench.tree() {
        if let Some(path) = path.strip_prefix("pets/") {
            assert_eq!(fs::read(out.join(path)).unwrap(), content, "{path}");
        }
    }
    let bad = bench.spec("bad.json", "{\"openapi\": ");
    let done = bench.run(&["inspect", bad.to_str().unwrap(), "--json"]);
    assert!(
        done.answer.contains("\"severity\": \"error\""),
        "{}",
        done.answer
    );
    assert!(done.outcome.is_err());
    let other = bench.spec("other/file", "x");
    let other = other.parent().unwrap().to_str().unwrap();
    assert!(
        bench
            .run(&["inspect", spec, "--emit", other])
            .outcome
            .is_err()
    );
}

#[test]
fn a_folder_that_nothing_links_is_pointed_out() {
    let bench = Bench::new();
    bench.add_pets("pets");
    fs::create_dir(bench.at("stray")).unwrap();
    assert!(
        bench
            .run(&["regen"])
            .ok()
            .notes
            .contains("cargo xtask remove stray")
    );
    bench.run(&["regen", "--check"]).failed();
    bench.run(&["remove", "stray"]).ok();
    bench.run(&["regen", "--check"]).ok();
}

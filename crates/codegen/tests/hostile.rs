//! Documents that are wrong on purpose: each gets the verdict that the corpus expects.

#[cfg(test)]
mod support;

use support::Folder;
use toolwright_codegen::{Compiled, Input, compile};

fn run(folder: &std::path::Path, file: &str, strict: bool) -> Compiled {
    let files = Folder(folder.to_owned());
    compile(&Input {
        files: &files,
        entry: file,
        name: "bad",
        source: file,
        toolset: None,
        url: None,
        pins: None,
        strict,
    })
}

#[test]
fn verdicts() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = corpus.join("bad");
    let expected = support::json(&folder.join("EXPECT.json"));
    let mut wrong = Vec::new();
    for case in expected["files"].as_array().unwrap() {
        let (file, verdict) = (
            case["file"].as_str().unwrap(),
            case["verdict"].as_str().unwrap(),
        );
        let report = run(&folder, file, false).report;
        let text = report.render();
        let rejected = report.has_errors();
        let fits = match verdict {
            "REJECT" => rejected,
            "ACCEPT" => !rejected,
            _ => true,
        };
        println!(
            "--- {file}: {verdict} {}\n{text}",
            if rejected { "rejected" } else { "accepted" }
        );
        if !fits {
            wrong.push(format!("{file}: should be {verdict}:\n{text}"));
        }
        let operations = case["operations"].as_u64();
        if !rejected && operations.is_some_and(|operations| operations != report.operations as u64)
        {
            wrong.push(format!("{file}: {} operations:\n{text}", report.operations));
        }
        if text.contains('\u{1b}')
            || text.contains('\u{202e}')
            || text.contains("hunter2")
            || text.contains("root:")
        {
            wrong.push(format!("{file}: shows what it must not: {text:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What an error must name.
#[test]
fn errors_name_the_place() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = corpus.join("bad");
    for (file, words) in [
        ("truncated.yaml", &["truncated.yaml:9:"][..]),
        ("truncated.json", &["truncated.json:18:"]),
        (
            "wrong-type-paths-list.yaml",
            &["#/paths", "must be an object"],
        ),
        (
            "wrong-type-parameters-map.json",
            &["#/paths/~1pets/get/parameters"],
        ),
        (
            "ref-cycle-pure-schemas.yaml",
            &["#/components/schemas/A", "#/components/schemas/B"],
        ),
        (
            "ref-cycle-pure-parameters.json",
            &["#/components/parameters/P", "#/components/parameters/Q"],
        ),
        (
            "ref-dangling-schema.json",
            &[
                "#/components/schemas/Pett",
                "did you mean `#/components/schemas/Pet`",
            ],
        ),
        (
            "ref-dangling-parameter.yaml",
            &["#/components/parameters/limit"],
        ),
        ("path-parameter-undeclared.yaml", &["toyId"]),
        (
            "duplicate-keys-paths.yaml",
            &["/pets", "duplicate-keys-paths.yaml:7:3"],
        ),
        ("version-4.yaml", &["4.0.0", "2.0", "3.0", "3.1", "3.2"]),
        ("version-missing.json", &["no OpenAPI document"]),
        ("nul-byte-raw.yaml", &["nul-byte-raw.yaml:6:"]),
        ("non-utf8.yaml", &["non-utf8.yaml:6:", "byte 142"]),
        ("empty.yaml", &["empty"]),
        ("directory.yaml", &["directory"]),
        ("header-crlf-name.json", &["X-A\\r\\nX-Injected: 1"]),
        (
            "header-invalid-names.yaml",
            &["`X Bad Header`", "`X:Colon`", "``"],
        ),
        ("ref-http.yaml", &["http://127.0.0.1:9/paths.yaml"]),
        (
            "ref-path-traversal.yaml",
            &["leads out of the root folder", "--root"],
        ),
        ("billion-laughs.yaml", &["aliases"]),
        ("server-url-credentials.json", &["user name or password"]),
        ("server-file-url.yaml", &["file"]),
    ] {
        let text = run(&folder, file, false).report.render();
        for word in words {
            assert!(text.contains(word), "{file} should name {word}:\n{text}");
        }
    }
}

/// What is accepted with a warning is an error when asked for.
#[test]
fn strictness_rejects_what_is_mended() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = corpus.join("bad");
    for file in [
        "path-parameter-undeclared.yaml",
        "path-parameter-not-in-template.json",
        "duplicate-path-templates.yaml",
        "duplicate-operation-ids.json",
        "server-file-url.yaml",
        "server-url-credentials.json",
    ] {
        assert!(!run(&folder, file, false).report.has_errors(), "{file}");
        assert!(run(&folder, file, true).report.has_errors(), "{file}");
    }
}

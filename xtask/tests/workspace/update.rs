//! A description changes: what is shown, what is written, what the check says until somebody has looked.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::thread;

use toolwright_document::Json;

use crate::support::{Bench, Done, PETS};

/// The id is a number now, and there is something new.
fn changed() -> String {
    PETS.replace(r#""type": "string""#, r#""type": "integer""#)
        .replace(
            r#""paths": {"#,
            r#""paths": {"/dogs": {"get": {"operationId": "list_dogs", "summary": "List dogs", "responses": {}}}, "#,
        )
}

fn git(bench: &Bench, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
        .args([
            "-c",
            "commit.gpgsign=false",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(bench.root());
    let done = git.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(done.unwrap().success(), "git {arguments:?}");
}

fn commit(bench: &Bench) {
    git(bench, &["init", "-q"]);
    git(bench, &["add", "-A"]);
    git(bench, &["commit", "-q", "-m", "x"]);
}

fn update(bench: &Bench, text: &str, more: &[&str]) -> Done {
    let spec = bench.spec("new.json", text);
    let mut arguments = vec!["update", "pets", "--from", spec.to_str().unwrap()];
    arguments.extend(more);
    bench.run(&arguments)
}

#[test]
fn nobody_slips_a_description_past_the_check() {
    let bench = Bench::new();
    bench.add_pets("pets");
    let before = bench.tree();
    let done = update(&bench, &changed(), &[]).ok();
    for line in [
        "breaking  get_pet  path id: type string → integer",
        "additive  list_dogs  tool: added: GET /dogs",
        "text      list_dogs  description: new: \"List dogs\"",
    ] {
        assert!(done.answer.contains(line), "{line}: {}", done.answer);
    }
    assert!(done.notes.contains("cargo xtask regen --accept pets"));
    assert_eq!(bench.tree()["pets/openapi.json"], changed().as_bytes());
    let failed = bench.run(&["regen", "--check"]).failed();
    assert!(failed.contains("on record: pets"), "{failed}");
    // Writing the code again is no review.
    let notes = bench.run(&["regen"]).ok().notes;
    assert!(
        notes.contains("warning") && notes.contains("--accept pets"),
        "{notes}"
    );
    bench.run(&["regen", "--check"]).failed();
    bench.run(&["regen", "--accept", "pets"]).ok();
    bench.run(&["regen", "--check"]).ok();
    let accepted = bench.tree();
    update(&bench, PETS, &["--accept"]).ok();
    assert_eq!(bench.tree(), before);
    let json = update(&bench, PETS, &["--json"]).ok().answer;
    assert!(json.contains("\"toolsets\": []"), "{json}");
    update(&bench, &changed(), &["--accept"]).ok();
    assert_eq!(bench.tree(), accepted);
    assert!(
        update(&bench, &changed(), &[])
            .ok()
            .notes
            .contains("nothing changed")
    );
}

#[test]
fn an_edited_description_is_not_accepted_by_regen() {
    let bench = Bench::new();
    bench.add_pets("pets");
    fs::write(bench.at("pets/openapi.json"), changed()).unwrap();
    bench.run(&["regen"]).ok();
    bench.run(&["regen", "--check"]).failed();
    fs::write(bench.at("pets/openapi.json"), PETS).unwrap();
    bench.run(&["regen"]).ok();
    bench.run(&["regen", "--check"]).ok();
}

#[test]
fn a_description_that_does_not_compile_changes_nothing() {
    let bench = Bench::new();
    bench.add_pets("pets");
    let before = bench.tree();
    for text in ["{", "{\"openapi\": \"3.1.0\", \"paths\": 3}", ""] {
        update(&bench, text, &["--accept"]).failed();
        assert_eq!(bench.tree(), before);
    }
}

#[test]
fn another_notation_takes_the_place_of_the_old_file() {
    let bench = Bench::new();
    bench.add_pets("pets");
    let yaml = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n";
    let spec = bench.spec("new.yaml", yaml);
    bench
        .run(&[
            "update",
            "pets",
            "--from",
            spec.to_str().unwrap(),
            "--accept",
        ])
        .ok();
    let tree = bench.tree();
    assert!(tree.contains_key("pets/openapi.yaml") && !tree.contains_key("pets/openapi.json"));
    bench.run(&["regen", "--check"]).ok();
}

#[test]
fn a_diff_compares_with_a_commit() {
    let bench = Bench::new();
    bench.add_pets("pets");
    commit(&bench);
    assert!(
        bench
            .run(&["diff"])
            .ok()
            .answer
            .contains("no toolset changed")
    );
    update(&bench, &changed(), &["--accept"]).ok();
    let done = bench.run(&["diff", "--fail-on", "security"]).ok();
    assert!(
        done.answer.contains("breaking  get_pet  path id"),
        "{}",
        done.answer
    );
    bench
        .run(&["diff", "pets", "--fail-on", "breaking,security"])
        .failed();
    let page = bench.run(&["diff", "--format", "markdown"]).ok().answer;
    assert!(page.contains("### `pets`: 1 breaking"), "{page}");
    let json = bench.run(&["diff", "--format", "json"]).ok().answer;
    assert!(
        json.contains("\"breaking\": 1") && json.contains("\"toolset\": \"pets\""),
        "{json}"
    );
    assert_eq!(bench.run(&["diff", "--json"]).ok().answer, json);
    for wrong in [
        ["diff", "--json", "--format=text"],
        ["diff", "--base", "absent"],
        ["diff", "--base", "--output=x"],
        ["diff", "--fail-on", "all"],
    ] {
        bench.run(&wrong).failed();
    }
    bench.run(&["remove", "pets"]).ok();
    let gone = bench.run(&["diff"]).ok().answer;
    assert!(gone.contains("breaking  get_pet  tool: removed"), "{gone}");
}

/// Publishes a document; answers `304` to whoever has it.
fn publish(first: String) -> (SocketAddr, std::sync::mpsc::Sender<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let mut text = first;
        for mut stream in listener.incoming().flatten() {
            text = receiver.try_iter().last().unwrap_or(text);
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) > 0 {
                head.push(byte[0]);
            }
            let etag = format!("\"{}\"", text.len());
            let known = String::from_utf8_lossy(&head).contains(&format!("if-none-match: {etag}"));
            let (status, body) = match (text.as_str(), known) {
                ("", _) => ("503 Service Unavailable", ""),
                (_, true) => ("304 Not Modified", ""),
                (text, false) => ("200 OK", text),
            };
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\netag: {etag}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
        }
    });
    (address, sender)
}

fn status(bench: &Bench, arguments: &[&str]) -> i32 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .current_dir(bench.root())
        .env_remove("CARGO_MANIFEST_DIR");
    let done = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    done.unwrap().code().unwrap()
}

#[test]
fn drift_tells_same_from_changed_from_unreachable() {
    let bench = Bench::new();
    let (address, sender) = publish(PETS.to_owned());
    let url = format!("http://{address}/openapi.json");
    bench.run(&["add", "pets", &url]).ok();
    let lock = || fs::read_to_string(bench.at("specs.lock")).unwrap();
    assert!(lock().contains("etag = "), "{}", lock());
    assert_eq!(status(&bench, &["drift", "--allow-private"]), 0);
    let before = bench.tree();
    let refused = bench.run(&["drift"]);
    assert!(refused.notes.contains("--allow-private"), "{refused:?}");
    assert_eq!(status(&bench, &["drift"]), 2);
    assert_eq!(status(&bench, &["update", "pets"]), 2);

    sender.send(changed()).unwrap();
    let done = bench.run(&["drift", "--allow-private"]);
    assert!(
        done.answer.contains("breaking  get_pet  path id"),
        "{done:?}"
    );
    assert_eq!(status(&bench, &["drift", "pets", "--allow-private"]), 1);
    assert_eq!(bench.tree(), before);
    bench
        .run(&["update", "pets", "--allow-private", "--accept"])
        .ok();
    assert_eq!(status(&bench, &["drift", "--allow-private"]), 0);
    bench.run(&["regen", "--check"]).ok();
    // The state that the server names counts only while it is the one that lies here.
    fs::write(bench.at("pets/openapi.json"), PETS).unwrap();
    bench.run(&["update", "pets", "--allow-private"]).ok();

    sender.send(String::new()).unwrap();
    assert_eq!(status(&bench, &["drift", "--allow-private"]), 2);
    // What could not be compared is no toolset that is the same, in no format.
    let json = bench.run(&["drift", "--allow-private", "--json"]);
    let json = Json::parse(&json.answer).unwrap();
    let failed = json.get("failed").and_then(Json::as_array).unwrap();
    assert_eq!(
        failed[0].get("toolset").and_then(Json::as_str),
        Some("pets")
    );
    assert_eq!(status(&bench, &["drift", "absent"]), 2);
}

/// Two branches that change different tools: `specs.lock` has a line for each, far enough apart.
#[test]
fn the_lock_merges_where_branches_change_different_tools() {
    let spec = |limits: [u32; 9]| {
        let paths: Vec<String> = (0..9)
            .map(|at| {
                format!(
                    r#""/t{at}": {{"get": {{"operationId": "get_t{at}", "responses": {{"200": {{"description": "ok"}}}},
                    "parameters": [{{"name": "n", "in": "query", "schema": {{"type": "integer", "maximum": {}}}}}]}}}}"#,
                    limits[at]
                )
            })
            .collect();
        format!(
            "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"T\", \"version\": \"1\"}}, \"paths\": {{\n{}\n}}}}\n",
            paths.join(",\n")
        )
    };
    let bench = Bench::new();
    let file = bench.spec("t.json", &spec([9; 9]));
    bench.run(&["add", "many", file.to_str().unwrap()]).ok();
    bench.add_pets("pets");
    commit(&bench);
    git(&bench, &["branch", "-m", "main"]);
    let lock = bench.root().join("build-specs/specs.lock");
    // Each branch takes over another toolset, or another tool of the code alone.
    git(&bench, &["switch", "-q", "-c", "one"]);
    update(&bench, &changed(), &["--accept"]).ok();
    git(&bench, &["commit", "-qam", "pets"]);
    git(&bench, &["switch", "-q", "main"]);
    for (branch, line) in [("first", 1), ("last", 8)] {
        git(&bench, &["switch", "-q", "-c", branch, "main"]);
        let toolset = format!("[tools.get_t{line}]\ndescription = \"Says {branch}.\"\n");
        let path = bench.at("many/toolset.toml");
        let old = fs::read_to_string(&path).unwrap();
        let text = match branch {
            "first" => format!("{toolset}\n{old}"),
            _ => format!("{old}\n{toolset}"),
        };
        fs::write(&path, text).unwrap();
        bench.run(&["regen"]).ok();
        git(&bench, &["commit", "-qam", branch]);
    }
    git(&bench, &["switch", "-q", "main"]);
    for branch in ["one", "first", "last"] {
        // Two branches may both change a sum in report.md; that file is written anew, the lock is not.
        let mut merge = Command::new("git");
        merge
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args(["merge", "-q", "--no-edit", branch])
            .current_dir(bench.root())
            .stdout(Stdio::null());
        merge.status().unwrap();
        let text = fs::read_to_string(&lock).unwrap();
        assert!(!text.contains("<<<<"), "{branch}: {text}");
        bench.run(&["regen"]).ok();
        bench.run(&["regen", "--check"]).ok();
        git(&bench, &["add", "-A"]);
        git(&bench, &["commit", "-q", "--allow-empty", "-m", branch]);
    }
}

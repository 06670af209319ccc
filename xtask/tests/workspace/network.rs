//! Descriptions from a server, within bounds.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use crate::support::{Bench, PETS};

/// Answers every request by its path.
fn serve(answer: fn(&str) -> String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                if stream.read(&mut byte).unwrap_or(0) == 0 {
                    break;
                }
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let _ = stream.write_all(answer(path).as_bytes());
        }
    });
    address
}

fn ok(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

fn moved(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
}

fn answer(path: &str) -> String {
    match path {
        "/openapi.json" | "/v3/api-docs" => ok(PETS),
        "/once" => moved("/openapi.json"),
        "/loop" => moved("/loop"),
        "/away" => moved("file:///etc/passwd"),
        "/large" => "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\nconnection: close\r\n\r\n{"
            .to_owned(),
        "/short" => {
            "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nconnection: close\r\n\r\n{".to_owned()
        }
        "/parts.json" => ok(
            r#"{"openapi": "3.1.0", "info": {"title": "P", "version": "1"},
            "paths": {"/a": {"$ref": "other.json"}}}"#,
        ),
        "/shared/pets.yaml" => ok("paths:\n  /pets: {$ref: 'paths/pets.yaml'}\n"),
        "/shared/paths/pets.yaml" => {
            ok("get: {operationId: list_pets, responses: {'200': {description: ok}}}\n")
        }
        "/page" => ok("<!doctype html><title>Log in</title>"),
        _ => "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(),
    }
}

#[test]
fn a_published_description_is_added_and_its_source_recorded() {
    let address = serve(answer);
    for (path, file) in [
        ("/openapi.json", "openapi.json"),
        ("/v3/api-docs", "openapi.json"),
        ("/once", "openapi.json"),
    ] {
        let bench = Bench::new();
        let url = format!("http://user:canary@{address}{path}");
        bench.run(&["add", "pets", &url]).ok();
        let tree = bench.tree();
        assert_eq!(tree[&format!("pets/{file}")], PETS.as_bytes());
        let lock = String::from_utf8(tree["specs.lock"].clone()).unwrap();
        assert!(
            lock.contains(&format!("source = \"http://{address}{path}\"")),
            "{lock}"
        );
        for (path, content) in tree {
            assert!(
                !String::from_utf8_lossy(&content).contains("canary"),
                "{path}"
            );
        }
        bench.run(&["regen", "--check"]).ok();
    }
}

#[test]
fn what_cannot_be_fetched_changes_nothing() {
    let address = serve(answer);
    let bench = Bench::new();
    for (path, said) in [
        ("/absent", "404"),
        ("/loop", "redirects"),
        ("/away", ""),
        ("/large", "64 MiB"),
        ("/short", ""),
        ("/parts.json", ""),
        ("/page", ""),
    ] {
        let message = bench
            .run(&["add", "pets", &format!("http://u:canary@{address}{path}")])
            .failed();
        assert!(
            message.contains(said) && !message.contains("canary"),
            "{path}: {message}"
        );
        assert!(bench.tree().is_empty(), "{path}");
    }
}

#[test]
fn references_to_the_network_are_bundled_where_a_person_asks_for_it() {
    let address = serve(answer);
    let bench = Bench::new();
    let spec = format!(
        "openapi: 3.1.0\ninfo: {{title: P, version: '1'}}\npaths:\n  /pets: {{$ref: 'http://{address}/shared/pets.yaml#/paths/~1pets'}}\n"
    );
    let file = bench.spec("api.yaml", &spec).display().to_string();
    let refused = bench.run(&["add", "pets", &file]);
    assert!(
        refused.notes.contains("--allow-remote"),
        "{}",
        refused.notes
    );
    refused.failed();
    bench
        .run(&["add", "pets", &file, "--allow-remote"])
        .failed();
    assert!(bench.tree().is_empty(), "a private address was fetched");
    bench
        .run(&["add", "pets", &file, "--allow-remote", "--allow-private"])
        .ok();
    let tree = bench.tree();
    let host = address.to_string().replace(':', "+");
    for path in ["pets.yaml", "paths/pets.yaml"] {
        let place = format!("/remote/http/{host}/shared/{path}");
        assert!(
            tree.keys().any(|own| own.ends_with(&place)),
            "{place}: {:?}",
            tree.keys()
        );
    }
    let code = tree.iter().filter(|(path, _)| path.ends_with(".rs"));
    assert!(
        code.into_iter()
            .any(|(_, text)| String::from_utf8_lossy(text).contains("fn list_pets"))
    );
    // From here on nothing is fetched.
    bench.run(&["regen", "--check"]).ok();
}

#[test]
fn credentials_in_an_address_are_spoken_of_and_not_shown() {
    let address = serve(|path| answer(path.split('?').next().unwrap_or_default()));
    let bench = Bench::new();
    let url = |path: &str| format!("http://user:canary@{address}{path}?access_token=finch&v=2");
    let failed = bench.run(&["add", "pets", &url("/absent")]);
    let page = bench.run(&["add", "pets", &url("/page")]);
    let json = bench.run(&["inspect", &url("/absent"), "--json"]);
    let emitted = bench.run(&["inspect", &url("/page")]);
    for done in [failed, page, json, emitted] {
        let all = format!("{done:?}");
        assert!(all.contains("access_token=***&v=2"), "{all}");
        assert!(!all.contains("canary") && !all.contains("finch"), "{all}");
    }
    let done = bench.run(&["add", "pets", &url("/openapi.json")]).ok();
    for part in [
        "warning: the user name and the password of the URL are not recorded",
        "`update` and `drift` will fetch without them",
        "`access_token` in its query, which looks like a credential",
        "`--source URL`",
    ] {
        assert!(done.notes.contains(part), "{part}: {}", done.notes);
    }
    assert!(!done.answer.contains("spec_path"), "{}", done.answer);
    let all = format!("{done:?}");
    assert!(!all.contains("canary") && !all.contains("finch"), "{all}");
    bench.run(&["update", "pets", "--allow-private"]).ok();
    bench.run(&["remove", "pets"]).ok();
    let source = format!("http://user:canary@{address}/openapi.json");
    let done = bench.run(&["add", "pets", &url("/openapi.json"), "--source", &source]);
    let notes = done.ok().notes;
    assert!(
        notes.contains("are not recorded") && !notes.contains("in its query"),
        "{notes}"
    );
    let lock = bench.tree().remove("specs.lock").unwrap();
    let lock = String::from_utf8(lock).unwrap();
    assert!(
        lock.contains(&format!("source = \"http://{address}/openapi.json\"")),
        "{lock}"
    );
    assert!(
        !lock.contains("canary") && !lock.contains("finch"),
        "{lock}"
    );
}

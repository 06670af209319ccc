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

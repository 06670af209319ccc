//! Commands that print and end.

use std::process::Command;

use serde_json::Value;

const CONFIGURATION: &str = "listen: 127.0.0.1:4123\n\
    general_settings: {master_key: sk-canary}\n\
    mcp_servers:\n  data_api:\n    url: http://127.0.0.1:9\n    extra_headers: [X-TOKEN]\n    static_headers: {X-Static: static-canary}\n";

/// What a command prints.
fn run(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("toolwright.yaml"), CONFIGURATION).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_toolwright"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_client_gets_what_it_reads() {
    for client in [
        "claude-desktop",
        "claude-code",
        "cursor",
        "vscode",
        "inspector",
        "codex",
    ] {
        for transport in ["http", "stdio"] {
            let text = run(&[
                "client-config",
                "--client",
                client,
                "--transport",
                transport,
            ]);
            let case = format!("{client} {transport}:\n{text}");
            assert!(!text.contains("canary"), "{case}");
            if transport == "http" {
                assert!(
                    text.contains("http://127.0.0.1:4123/data_api/mcp"),
                    "{case}"
                );
                assert!(text.contains("x-litellm-api-key"), "{case}");
                assert!(text.to_lowercase().contains("x-token"), "{case}");
            } else {
                assert!(
                    text.contains("stdio") && text.contains("toolwright.yaml"),
                    "{case}"
                );
            }
            match client {
                "claude-desktop" | "cursor" => {
                    let json: Value = serde_json::from_str(&text).unwrap();
                    assert!(json["mcpServers"]["data_api"].is_object(), "{case}");
                }
                "vscode" => {
                    let json: Value = serde_json::from_str(&text).unwrap();
                    assert_eq!(json["servers"]["data_api"]["type"], transport, "{case}");
                    assert_eq!(json["inputs"][0]["password"], true, "{case}");
                }
                _ => {}
            }
        }
    }
    let text = run(&[
        "client-config",
        "--client",
        "cursor",
        "--url",
        "https://tools.example/",
    ]);
    assert!(
        text.contains("https://tools.example/data_api/mcp"),
        "{text}"
    );
}

#[test]
fn the_version_says_what_is_compiled_in() {
    let plain = run(&["version"]);
    assert_eq!(plain.lines().count(), 1);
    let verbose = run(&["version", "--verbose"]);
    for part in [
        "2026-07-28",
        "2025-03-26",
        "data_api",
        "sha256:",
        "openapi.json",
    ] {
        assert!(verbose.contains(part), "{part} in {verbose}");
    }
}

#[test]
fn explain_names_who_fills_what_and_no_value() {
    let text = run(&["check", "--explain", "data_api"]);
    for part in [
        "x-token",
        "the caller's x-mcp-data_api-x-token",
        "x-static",
        "static_headers",
        "authorization",
        "x-mcp-auth",
        "hidden from the model",
        "whoami: x-token",
        "credential",
    ] {
        assert!(text.contains(part), "`{part}` is missing:\n{text}");
    }
    assert!(!text.contains("canary"), "{text}");
}

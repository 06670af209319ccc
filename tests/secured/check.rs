//! What `toolwright check`, and the start, say about credentials that are missing.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::gateway::{Gateway, KEY, refused};
use crate::secured;
use crate::upstream::Upstream;

/// What `check` says of a configuration that is in order.
fn checked(configuration: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("toolwright.yaml");
    fs::write(&file, configuration).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_secured"));
    let command = command.arg("check").args(arguments).arg("--config");
    let output = command.arg(&file).env("LITELLM_MASTER_KEY", KEY).output();
    let output = output.unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

/// What `check` says: by tool, the heading it stands under and the line that it stands in.
fn lacks(configuration: &str) -> BTreeMap<String, (String, String)> {
    let said = checked(configuration, &["--explain", "api"]);
    let (mut heading, mut found) = (String::new(), BTreeMap::new());
    for line in said.lines() {
        if line.starts_with("  tools ") {
            heading = line.trim().to_owned();
        }
        let Some((what, tools)) = line
            .strip_prefix("    ")
            .and_then(|line| line.rsplit_once(": "))
        else {
            continue;
        };
        if heading.is_empty() || what.starts_with(' ') {
            continue;
        }
        for tool in tools.split(", ") {
            found.insert(tool.to_owned(), (heading.clone(), what.to_owned()));
        }
    }
    found
}

#[tokio::test]
async fn check_says_which_tools_lack_which_credential() {
    let upstream = Upstream::start().await;
    let header = |name: &str| format!("{name} (API key in header ");
    // Lines of the server, and for some tools the beginning of what they lack; "" for nothing.
    let rows: [(&str, &[(&str, &str)]); 6] = [
        (
            "    caller_auth: false\n",
            &[
                ("inherited", &header("apiKey")),
                ("open", ""),
                ("optional", ""),
                (
                    "both",
                    "apiKey (API key in header X-API-Key) and org (API key in header X-Org)",
                ),
                (
                    "either",
                    "basic (Basic) and certificate (mutual TLS), the nearest of 2 alternatives",
                ),
                ("scopes", "bearer (Bearer)"),
                ("query", "queryKey (API key in query api_key)"),
                ("cookie", "session (API key in cookie sid)"),
                ("certificate", "certificate (mutual TLS)"),
                ("undeclared", "nowhere (not declared)"),
                ("referred", &header("org")),
                ("parameter", "the header x-api-key"),
            ],
        ),
        (
            "    auth_type: api_key\n    security_scheme: apiKey\n    auth_value: s\n    caller_auth: false\n",
            &[
                ("inherited", ""),
                ("both", &header("org")),
                (
                    "either",
                    "org (API key in header X-Org), the nearest of 2 alternatives",
                ),
                ("query", "queryKey"),
                ("parameter", ""),
            ],
        ),
        (
            "    auth_type: api_key\n    security_scheme: queryKey\n    auth_value: s\n    static_headers: {X-API-Key: a, X-Org: b}\n",
            &[
                ("query", ""),
                ("both", ""),
                ("either", ""),
                ("inherited", ""),
                ("cookie", "session"),
            ],
        ),
        (
            "    auth_type: api_key\n    security_scheme: session\n    auth_value: s\n    extra_headers: [{name: X-Their-Org, rename: X-Org}]\n    static_headers: {X-API-Key: a}\n",
            &[
                ("cookie", ""),
                ("both", &header("org")),
                ("query", "queryKey"),
            ],
        ),
        (
            "    auth_type: basic\n    auth_value: u:p\n    caller_auth: false\n",
            &[
                ("login", ""),
                ("scopes", "bearer"),
                ("either", "certificate (mutual TLS)"),
            ],
        ),
        (
            "    auth_type: bearer_token\n    auth_value: t\n",
            &[("scopes", ""), ("login", "basic (Basic)")],
        ),
    ];
    for (lines, tools) in rows {
        let found = lacks(&secured(&upstream, lines));
        for (tool, what) in tools {
            let said = found.get(*tool).map_or("", |(_, said)| said.as_str());
            let place = format!("{tool} with\n{lines}: {said}");
            assert!(
                said.starts_with(what) && said.is_empty() == what.is_empty(),
                "{place}"
            );
        }
    }
    // What a caller can bring is not lacking, but is said.
    let found = lacks(&secured(
        &upstream,
        "    extra_headers: [X-API-Key, X-Org]\n",
    ));
    for tool in ["inherited", "both", "either", "scopes", "login"] {
        let (heading, _) = &found[tool];
        assert!(
            heading.starts_with("tools whose callers bring"),
            "{tool}: {heading}"
        );
    }
    assert!(found["undeclared"].0.starts_with("tools that lack"));
}

#[tokio::test]
async fn check_says_what_to_configure_and_the_server_starts_with_a_warning() {
    let upstream = Upstream::start().await;
    let configuration = secured(
        &upstream,
        "    auth_type: api_key\n    security_scheme: apiKey\n    auth_value: canary-1\n",
    );
    let said = checked(&configuration, &[]);
    for line in [
        "tools that lack a credential: 7 of 13",
        "static_headers: {X-Org: …}, or extra_headers: [X-Org]",
        "another entry of mcp_servers, with auth_type: api_key",
        "static_headers: {Cookie: sid=…}",
        "client_cert_file and client_key_file",
        "x-mcp-api-authorization or x-mcp-auth",
        "note: mcp_servers.api: 7 of 13 tools lack a credential",
    ] {
        assert!(said.contains(line), "{line}\nis not in\n{said}");
    }
    assert!(!said.contains("canary"));
    let gateway = Gateway::start_quiet(&configuration);
    assert!(gateway.says("7 of 13 tools lack a credential"));
    // One auth_type, several keys: it must be said which one it is.
    let (status, said) = refused(&secured(
        &upstream,
        "    auth_type: api_key\n    auth_value: s\n",
    ));
    assert!(
        status == Some(2) && said.contains("apiKey, org, queryKey, session"),
        "{said}"
    );
}

//! What `toolwright check`, and the start, say about credentials that are missing.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::gateway::{Gateway, KEY, refused};
use crate::secured;
use crate::upstream::Upstream;

/// What a command says of a configuration that is in order; both streams of it.
fn run(configuration: Option<&str>, arguments: &[&str]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_secured"));
    command.args(arguments).current_dir(folder.path());
    if let Some(configuration) = configuration {
        fs::write(folder.path().join("toolwright.yaml"), configuration).unwrap();
    }
    let output = command.env("LITELLM_MASTER_KEY", KEY).output().unwrap();
    let [said, errors] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{said}{errors}");
    (said, errors)
}

/// What `check` says.
fn checked(configuration: &str, arguments: &[&str]) -> String {
    let arguments = [&["check"], arguments].concat();
    let (said, errors) = run(Some(configuration), &arguments);
    said + &errors
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

#[tokio::test]
async fn tools_are_listed_with_the_credentials_that_they_need() {
    let upstream = Upstream::start().await;
    let security = |configuration: Option<&str>| -> BTreeMap<String, Value> {
        let (said, _) = run(configuration, &["tools", "--json"]);
        let tools: Vec<Value> = serde_json::from_str(&said).unwrap();
        let named = tools.into_iter().map(|mut tool| {
            let name = tool["tool"]["name"].as_str().unwrap().to_owned();
            (name, tool["security"].take())
        });
        named.collect()
    };
    let lines = "    auth_type: basic\n    auth_value: canary\n    extra_headers: [X-Org]\n    caller_auth: false\n";
    let configuration = secured(&upstream, lines);
    let (configured, compiled) = (security(Some(&configuration)), security(None));
    let scheme = |name: &str, kind: Option<&str>, filled: Option<&str>| json!({"scheme": name, "kind": kind, "filled": filled});
    let key = "API key in header X-API-Key";
    let org = "API key in header X-Org";
    // What the description says of each, and who fills it.
    type Alternatives<'a> = &'a [&'a [(&'a str, Option<&'a str>, Option<&'a str>)]];
    let rows: [(&str, Alternatives<'_>); 9] = [
        ("inherited", &[&[("apiKey", Some(key), Some("nobody"))]]),
        ("open", &[]),
        ("optional", &[&[], &[("bearer", Some("Bearer"), None)]]),
        (
            "either",
            &[
                &[
                    ("basic", Some("Basic"), Some("operator")),
                    ("certificate", Some("mutual TLS"), Some("nobody")),
                ],
                &[
                    ("apiKey", Some(key), Some("nobody")),
                    ("org", Some(org), Some("caller")),
                ],
            ],
        ),
        ("login", &[&[("basic", Some("Basic"), Some("operator"))]]),
        (
            "query",
            &[&[("queryKey", Some("API key in query api_key"), Some("nobody"))]],
        ),
        (
            "cookie",
            &[&[("session", Some("API key in cookie sid"), Some("nobody"))]],
        ),
        ("undeclared", &[&[("nowhere", None, Some("nobody"))]]),
        ("referred", &[&[("org", Some(org), Some("caller"))]]),
    ];
    for (tool, alternatives) in rows {
        let expected = |is_configured: bool| -> Value {
            let alternatives = alternatives.iter().map(|schemes| {
                let schemes = schemes.iter();
                let one = |(name, kind, filled): &(&str, Option<&str>, Option<&str>)| {
                    scheme(name, *kind, filled.filter(|_| is_configured))
                };
                schemes.map(one).collect::<Value>()
            });
            alternatives.collect()
        };
        assert_eq!(configured[tool], expected(true), "{tool}");
        assert_eq!(compiled[tool], expected(false), "{tool}");
    }
}

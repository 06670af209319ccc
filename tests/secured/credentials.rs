//! Security schemes, from a description to what an upstream receives: the built binary, callers over HTTP, and an
//! upstream that records.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]
#![expect(dead_code, reason = "these tests need a part of what all tests share")]

#[path = "../support/caller.rs"]
mod caller;
#[path = "../support/gateway.rs"]
mod gateway;
#[path = "../support/upstream.rs"]
mod upstream;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use caller::Caller;
use gateway::{Gateway, KEY, refused};
use serde_json::{Value, json};
use upstream::Upstream;

/// The configuration of one server with more lines below it, each indented by four spaces.
fn secured(upstream: &Upstream, lines: &str) -> String {
    format!(
        "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\nmcp_servers:\n  api:\n    spec: security\n    url: {}\n{lines}",
        upstream.url()
    )
}

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

#[tokio::test]
async fn no_model_is_asked_for_a_key_that_others_give() {
    let upstream = Upstream::start().await;
    let arguments = |tools: &[Value], name: &str| -> Vec<String> {
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        let names = tool["inputSchema"]["properties"].as_object();
        names
            .into_iter()
            .flat_map(|names| names.keys().cloned())
            .collect()
    };
    for (lines, query, cookie) in [
        ("", vec!["api_key", "page"], vec!["sid"]),
        (
            "    auth_type: api_key\n    security_scheme: queryKey\n    auth_value: s\n",
            vec!["page"],
            vec!["sid"],
        ),
        (
            "    auth_type: api_key\n    security_scheme: session\n    auth_value: s\n",
            vec!["api_key", "page"],
            vec![],
        ),
    ] {
        let gateway = Gateway::start_quiet(&secured(&upstream, lines));
        let tools = Caller::new(&gateway, "/api/mcp").tools().await;
        assert_eq!(arguments(&tools, "query"), query, "{lines}");
        assert_eq!(arguments(&tools, "cookie"), cookie, "{lines}");
        // A header that carries an API key never is, whoever fills it.
        assert_eq!(arguments(&tools, "parameter"), ["X-Trace"], "{lines}");
    }
}

#[tokio::test]
async fn keys_travel_where_their_scheme_says() {
    let upstream = Upstream::start().await;
    for (scheme, tool, arguments, target, header) in [
        (
            "apiKey",
            "inherited",
            json!({}),
            "/inherited",
            Some(("x-api-key", "s&s")),
        ),
        // The API's other operations get it too, as with LiteLLM.
        (
            "apiKey",
            "open",
            json!({}),
            "/open",
            Some(("x-api-key", "s&s")),
        ),
        (
            "queryKey",
            "query",
            json!({"page": 2}),
            "/query?page=2&api_key=s%26s",
            None,
        ),
        (
            "session",
            "cookie",
            json!({}),
            "/cookie",
            Some(("cookie", "sid=s&s")),
        ),
    ] {
        let lines =
            format!("    auth_type: api_key\n    security_scheme: {scheme}\n    auth_value: s&s\n");
        let gateway = Gateway::start_quiet(&secured(&upstream, &lines));
        let caller = Caller::new(&gateway, "/api/mcp");
        caller.call(tool, arguments).await;
        let seen = upstream.only();
        assert_eq!(seen.target, target);
        for name in ["x-api-key", "cookie", "authorization", "x-org"] {
            let wanted: Vec<&str> = header
                .iter()
                .filter(|(own, _)| *own == name)
                .map(|(_, value)| *value)
                .collect();
            assert_eq!(seen.header(name), wanted, "{scheme}: {name}");
        }
    }
}

#[tokio::test]
async fn row_22_a_call_without_the_credential_of_its_caller_is_not_made() {
    let upstream = Upstream::start().await;
    // Lines, tool, the caller's headers, and what is missing; none where the call is made.
    type Row<'r> = (
        &'r str,
        &'r str,
        &'r [(&'r str, &'r str)],
        Option<&'r [&'r str]>,
    );
    let listed = "    extra_headers: [X-API-Key, X-Org]\n";
    let one = "    extra_headers: [X-API-Key]\n";
    let either = "    extra_headers: [X-API-Key, X-Org, Authorization]\n";
    let lenient = "    extra_headers: [{name: X-API-Key, required: false}]\n";
    let renamed = "    extra_headers: [{name: X-Theirs, rename: X-API-Key}]\n";
    let some = "    extra_headers: [{name: X-API-Key, tools: [both]}]\n";
    let glob = "    extra_headers: ['X-*']\n";
    let traced = "    extra_headers: [X-API-Key, {name: X-Trace}]\n";
    let plain = "    extra_headers: [X-API-Key, X-Trace]\n";
    let rows: [Row<'_>; 28] = [
        (listed, "inherited", &[], Some(&["X-API-Key"])),
        (listed, "inherited", &[("x-api-key", "k")], None),
        (listed, "inherited", &[("x-mcp-api-x-api-key", "k")], None),
        (
            listed,
            "inherited",
            &[("x-api-key", "")],
            Some(&["X-API-Key"]),
        ),
        (
            listed,
            "parameter",
            &[("x-api-key", "")],
            Some(&["X-API-Key"]),
        ),
        (listed, "open", &[], None),
        (listed, "optional", &[], None),
        (listed, "both", &[], Some(&["X-API-Key", "X-Org"])),
        (listed, "both", &[("x-api-key", "k")], Some(&["X-Org"])),
        (listed, "both", &[("x-api-key", "k"), ("x-org", "o")], None),
        (listed, "referred", &[], Some(&["X-Org"])),
        // The other alternative needs a certificate, which nobody has.
        (listed, "either", &[("x-org", "o")], Some(&["X-API-Key"])),
        // Half of a credential that nobody can complete: the API answers for itself.
        (one, "both", &[], None),
        (one, "undeclared", &[], None),
        (one, "parameter", &[], Some(&["X-API-Key"])),
        (one, "scopes", &[], None),
        (either, "scopes", &[], Some(&["Authorization"])),
        (either, "scopes", &[("authorization", "Bearer t")], None),
        (either, "scopes", &[("x-mcp-auth", "t")], None),
        (lenient, "inherited", &[], None),
        (lenient, "parameter", &[], None),
        (renamed, "inherited", &[], Some(&["X-Theirs"])),
        (renamed, "inherited", &[("x-theirs", "k")], None),
        (some, "inherited", &[], None),
        // A glob names no header.
        (glob, "inherited", &[], None),
        // A header parameter that is no credential is the API's to miss, unless it is listed as a mapping.
        (
            traced,
            "parameter",
            &[("x-api-key", "k")],
            Some(&["X-Trace"]),
        ),
        (
            traced,
            "parameter",
            &[("x-api-key", "k"), ("x-trace", "t")],
            None,
        ),
        (plain, "parameter", &[("x-api-key", "k")], None),
    ];
    let mut gateways: BTreeMap<&str, Gateway> = BTreeMap::new();
    for (lines, tool, headers, missing) in rows {
        let gateway = gateways
            .entry(lines)
            .or_insert_with(|| Gateway::start_quiet(&secured(&upstream, lines)));
        let mut caller = Caller::new(gateway, "/api/mcp");
        for (name, value) in headers {
            caller = caller.header(name, value);
        }
        let filled = lines.contains("X-Trace") || lines.contains("X-*");
        let arguments = match tool == "parameter" && !filled {
            true => json!({"X-Trace": "model"}),
            false => json!({}),
        };
        let (failed, said) = caller.call(tool, arguments).await;
        let place = format!("{tool} of {headers:?} with\n{lines}{said}");
        match missing {
            None => assert_eq!(upstream.take().len(), 1, "{place}"),
            Some(names) => {
                upstream.untouched();
                assert!(
                    failed && said.contains("required for this call but missing"),
                    "{place}"
                );
                for name in ["X-API-Key", "X-Org", "X-Trace", "X-Theirs", "Authorization"] {
                    let named = said.contains(&format!("`{name}`"));
                    assert_eq!(named, names.contains(&name), "{name}: {place}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_the_operator_gives_no_caller_has_to_bring() {
    let upstream = Upstream::start().await;
    let lines = "    auth_type: api_key\n    security_scheme: apiKey\n    auth_value: operator\n    extra_headers: [X-API-Key, X-Org]\n";
    let gateway = Gateway::start_quiet(&secured(&upstream, lines));
    let caller = Caller::new(&gateway, "/api/mcp");
    caller.call("inherited", json!({})).await;
    assert_eq!(upstream.only().header("x-api-key"), ["operator"]);
    let said = caller.error("both", json!({})).await;
    assert!(
        said.contains("`X-Org` is required") && !said.contains("X-API-Key"),
        "{said}"
    );
    upstream.untouched();
    let (_, said) = caller
        .call("parameter", json!({"x-api-key": "model", "X-Trace": "t"}))
        .await;
    assert!(said.contains("x-api-key"), "{said}");
    upstream.untouched();
}

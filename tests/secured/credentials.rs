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
mod check;
#[path = "../support/gateway.rs"]
mod gateway;
mod panics;
#[path = "../support/record.rs"]
mod record;
#[path = "../support/sent.rs"]
mod sent;
#[path = "../support/upstream.rs"]
mod upstream;

use std::collections::BTreeMap;

use caller::Caller;
use gateway::Gateway;
use serde_json::{Value, json};
use upstream::Upstream;

/// The configuration of one server with more lines below it, each indented by four spaces.
fn secured(upstream: &Upstream, lines: &str) -> String {
    format!(
        "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\nmcp_servers:\n  api:\n    spec: security\n    url: {}\n{lines}",
        upstream.url()
    )
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

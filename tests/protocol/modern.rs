//! Headers that repeat the body, since 2026-07-28. Which of them a generated request may carry is judged in
//! `crates/server/src/mcp/mutation_tests.rs`; here it is the built binary that refuses.

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Caller, Gateway, KEY, MODERN, Upstream, client, meta, send, with_token};

fn call(name: &str) -> String {
    let params = json!({"name": name, "arguments": {"item_id": 7}, "_meta": meta()});
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).to_string()
}

const VERSION: (&str, &str) = ("mcp-protocol-version", MODERN);
const METHOD: (&str, &str) = ("Mcp-Method", "tools/call");
const NAME: (&str, &str) = ("mcp-name", "get_item");

/// Whether a call with these headers is accepted; else it must be a mismatch.
async fn accepted(gateway: &Gateway, body: &str, headers: &[(&str, &str)]) -> bool {
    let mut caller = Caller::new(gateway, "/data_api/mcp").header("x-token", "t");
    for (name, value) in headers {
        caller = caller.header(name, value);
    }
    let (status, text) = caller.post(body.to_owned()).await;
    let answer: Value = serde_json::from_str(&text).unwrap();
    if status == StatusCode::OK {
        assert!(answer["result"].is_object(), "{text}");
        return true;
    }
    assert_eq!(
        (status.as_u16(), &answer["error"]["code"]),
        (400, &json!(-32020)),
        "{text}"
    );
    assert_eq!(answer["id"], 1, "{text}");
    false
}

#[tokio::test]
async fn h10_the_header_names_the_bodys_version() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let body = call("get_item");
    assert!(accepted(&gateway, &body, &[VERSION, METHOD, NAME]).await);
    upstream.only();
    for version in ["2025-11-25", "2025-03-26", "2099-01-01", "2026-7-28", ""] {
        let own = ("mcp-protocol-version", version);
        assert!(
            !accepted(&gateway, &body, &[own, METHOD, NAME]).await,
            "{version}"
        );
    }
    assert!(!accepted(&gateway, &body, &[METHOD, NAME]).await);
    assert!(!accepted(&gateway, &body, &[VERSION, VERSION, METHOD, NAME]).await);
    upstream.untouched();
}

#[tokio::test]
async fn h11_method_and_name_are_repeated_in_headers() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let body = call("get_item");
    let encoded = ("MCP-NAME", "=?base64?Z2V0X2l0ZW0=?=");
    for name in [NAME, encoded] {
        assert!(
            accepted(&gateway, &body, &[VERSION, METHOD, name]).await,
            "{name:?}"
        );
        upstream.only();
    }
    for method in [
        "Tools/Call",
        "tools/list",
        "",
        "tools/call,tools/call",
        "=?base64?dG9vbHMvY2FsbA==?=",
    ] {
        let own = ("mcp-method", method);
        assert!(
            !accepted(&gateway, &body, &[VERSION, own, NAME]).await,
            "{method}"
        );
    }
    for name in [
        "Get_Item",
        "whoami",
        "",
        "=?base64?d2hvYW1p?=",
        "=?base64?***?=",
        "=?base64?gA==?=",
        "=?BASE64?Z2V0X2l0ZW0=?=",
        "=?base64?Z2V0X2l0ZW0?=",
    ] {
        let own = ("mcp-name", name);
        assert!(
            !accepted(&gateway, &body, &[VERSION, METHOD, own]).await,
            "{name}"
        );
    }
    assert!(!accepted(&gateway, &body, &[VERSION, NAME]).await);
    assert!(!accepted(&gateway, &body, &[VERSION, METHOD]).await);
    assert!(!accepted(&gateway, &body, &[VERSION, METHOD, METHOD, NAME]).await);
    assert!(!accepted(&gateway, &body, &[VERSION, METHOD, NAME, NAME]).await);
    upstream.untouched();
    // A name that no header can carry as it is.
    let body = call("größe");
    let mut caller = Caller::new(&gateway, "/data_api/mcp");
    for (name, value) in [VERSION, METHOD, ("mcp-name", "=?base64?Z3LDtsOfZQ==?=")] {
        caller = caller.header(name, value);
    }
    let (status, text) = caller.post(body).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(text.contains("-32602") && text.contains("größe"), "{text}");
}

#[tokio::test]
async fn h11_a_mismatch_is_one_over_http_2_as_well() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let client = {
        drop(client());
        reqwest::Client::builder()
            .no_proxy()
            .http2_prior_knowledge()
            .build()
            .unwrap()
    };
    for (name, status) in [("get_item", 200), ("whoami", 400)] {
        let mut request = client
            .post(gateway.url("/data_api/mcp"))
            .body(call("get_item"));
        for (name, value) in [
            VERSION,
            METHOD,
            ("mcp-name", name),
            ("x-token", "t"),
            ("x-toolwright-key", KEY),
            ("content-type", "application/json"),
        ] {
            request = request.header(name, value);
        }
        let answer = send(request).await;
        assert_eq!(
            (answer.version(), answer.status().as_u16()),
            (http::Version::HTTP_2, status)
        );
    }
    upstream.only();
}

#[tokio::test]
async fn h13_headers_of_arguments_that_no_tool_names_are_ignored() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let own = [
        VERSION,
        METHOD,
        NAME,
        ("mcp-param-item_id", "8"),
        ("Mcp-Param-Other", "=?base64?***?="),
    ];
    assert!(accepted(&gateway, &call("get_item"), &own).await);
    let seen = upstream.only();
    assert!(
        !seen.names().iter().any(|name| name.starts_with("mcp-")),
        "{seen:?}"
    );
}

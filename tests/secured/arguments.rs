//! Bodies that are the arguments of their tools, on every way to a tool: what is asked for, what is refused, what is sent.

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
#[path = "../support/piped.rs"]
mod piped;
#[path = "../support/record.rs"]
mod record;
#[path = "../support/sent.rs"]
mod sent;
#[path = "../support/upstream.rs"]
mod upstream;

use caller::{Caller, client};
use gateway::{Gateway, KEY, refused};
use piped::Piped;
use serde_json::{Value, json};
use upstream::Upstream;

/// Numbers keep their text, members their order, unknown members their place, and white space stays.
const BODY: &str = r#"{ "zz":{"b":1,"a":[0,false,"\u00fc"]},"limit":100000000000000000000001, "region":"eu","price":1.10}"#;

/// Two servers, of which one offers its operations by search; the other has more lines.
fn servers(upstream: &Upstream, lines: &str) -> String {
    let server = |name: &str, lines: &str| {
        let url = upstream.url();
        format!(
            "  {name}:\n    spec: arguments\n    url: {url}\n    extra_headers: [X-TOKEN]\n{lines}"
        )
    };
    format!(
        "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\nmcp_servers:\n{}{}",
        server("api", lines),
        server("searched", "    discovery: search\n")
    )
}

fn caller(gateway: &Gateway, path: &str) -> Caller {
    Caller::new(gateway, path).header("X-TOKEN", "token-1")
}

/// A call whose arguments are a text.
fn call(tool: &str, arguments: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}","arguments":{arguments}}}}}"#
    )
}

#[tokio::test]
async fn the_schema_of_the_body_is_what_is_asked_for() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&servers(&upstream, ""));
    let tools = caller(&gateway, "/api/mcp").tools().await;
    let schema = |name: &str| -> &Value {
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        &tool["inputSchema"]
    };
    let contact = schema("create_contact");
    assert_eq!(
        contact["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(contact["$defs"]["address"]["$anchor"], "place");
    assert_eq!(contact["properties"]["address"]["$ref"], "#/$defs/address");
    for keyword in ["allOf", "if", "then", "else"] {
        assert!(contact.get(keyword).is_some(), "{keyword}: {contact}");
    }
    assert_eq!(contact["additionalProperties"], false);
    // The header that the caller fills is nobody's argument.
    assert!(!contact.to_string().contains("TOKEN"));
    assert!(schema("create_route").get("additionalProperties").is_none());
}

#[tokio::test]
async fn the_arguments_are_sent_as_they_were_written_on_every_way() {
    let upstream = Upstream::start().await;
    let configuration = servers(&upstream, "");
    let gateway = Gateway::start(&configuration);
    let arrived = |way: &str| {
        let seen = upstream.only();
        assert_eq!(seen.target, "/routes", "{way}");
        assert_eq!(seen.header("content-type"), ["application/json"], "{way}");
        assert_eq!(seen.body, BODY, "{way}");
    };
    caller(&gateway, "/api/mcp")
        .post(call("create_route", BODY))
        .await;
    arrived("MCP");
    let inner = format!(r#"{{"name":"create_route","arguments":{BODY}}}"#);
    caller(&gateway, "/searched/mcp")
        .post(call("call_operation", &inner))
        .await;
    arrived("search");
    let rest = client()
        .post(gateway.url("/api/tools/create_route"))
        .header("x-litellm-api-key", format!("Bearer {KEY}"))
        .header("content-type", "application/json")
        .body(BODY);
    assert_eq!(rest.send().await.unwrap().status(), 200);
    arrived("REST");
    let mut piped = Piped::start(&configuration, Some("api"));
    piped.initialize("2025-11-25").await;
    piped.answer(&call("create_route", BODY)).await;
    arrived("stdio");
    // No arguments are an empty object, which this schema does not take, and that one does.
    let caller = caller(&gateway, "/api/mcp");
    let said = caller.error("create_route", json!({})).await;
    assert!(said.contains("region"), "{said}");
    upstream.untouched();
    let bare = json!({"name": "patch_labels"});
    caller.ask("tools/call", bare).await;
    let seen = upstream.only();
    assert_eq!((seen.method.as_str(), seen.body.as_str()), ("PATCH", "{}"));
    assert_eq!(
        seen.header("content-type"),
        ["application/merge-patch+json"]
    );
}

#[tokio::test]
async fn what_the_schema_refuses_is_named_and_not_sent() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&servers(&upstream, ""));
    let caller = caller(&gateway, "/api/mcp");
    for (tool, arguments, named) in [
        ("create_contact", json!({"name": "n"}), "email"),
        (
            "create_contact",
            json!({"name": "n", "contactMethod": "phone", "email": "e"}),
            "phone",
        ),
        // Unknown members by the schema's own rule.
        (
            "create_contact",
            json!({"name": "n", "emial": "e", "email": "e"}),
            "emial",
        ),
        (
            "create_contact",
            json!({"name": "n", "email": "e", "address": {"city": "x"}}),
            "/address/city",
        ),
        ("put_tree", json!({"body": {"name": "n"}}), "body"),
        (
            "put_tree",
            json!({"name": "n", "children": [{"name": 1}]}),
            "/children/0/name",
        ),
        ("patch_labels", json!({"a": 1}), "/a"),
    ] {
        let said = caller.error(tool, arguments.clone()).await;
        assert!(said.contains(named), "{tool} {arguments}: {said}");
        upstream.untouched();
    }
    let contact = json!({"email": "e", "name": "n", "address": {"city": "xy", "new": 1}});
    caller.answer("create_contact", contact.clone()).await;
    let seen = upstream.only();
    assert_eq!(seen.body, contact.to_string());
    assert_eq!(seen.header("x-token"), ["token-1"]);
}

#[tokio::test]
async fn members_of_the_body_are_mirrored_in_headers() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&servers(&upstream, ""));
    let caller = caller(&gateway, "/api/mcp");
    let mut params = json!({"name": "create_route", "arguments": {"region": "eu"}});
    let right = caller.clone().header("mcp-param-region", "eu");
    let result = right.modern("tools/call", params.clone()).await;
    assert_eq!(result["isError"], false, "{result}");
    assert_eq!(upstream.only().body, r#"{"region":"eu"}"#);
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let wrong = caller
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", "create_route")
        .header("mcp-param-region", "us");
    let request = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
    let (status, said) = wrong.post(request.to_string()).await;
    assert_eq!(status, 400, "{said}");
    assert!(said.contains("-32020"), "{said}");
    upstream.untouched();
}

#[tokio::test]
async fn members_are_withheld_where_the_schema_lets_nothing_else_through() {
    let upstream = Upstream::start().await;
    let lines = |tool: &str, names: &str| {
        let lines = format!("    allowed_params:\n      {tool}: [{names}]\n");
        servers(&upstream, &lines)
    };
    let gateway = Gateway::start(&lines("put_tree", "name"));
    let caller = caller(&gateway, "/api/mcp");
    let said = caller
        .error("put_tree", json!({"name": "n", "children": []}))
        .await;
    assert!(said.contains("children"), "{said}");
    upstream.untouched();
    caller.answer("put_tree", json!({"name": "n"})).await;
    for tool in ["create_route", "patch_labels"] {
        let (status, said) = refused(&lines(tool, "region"));
        assert_ne!(status, Some(0));
        assert!(
            said.contains(tool) && said.contains("nothing can be withheld"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn the_command_line_lists_these_tools() {
    let upstream = Upstream::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("toolwright.yaml");
    std::fs::write(&file, servers(&upstream, "")).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_secured"));
        command.args(arguments).arg("--config").arg(&file);
        let output = command.env("LITELLM_MASTER_KEY", KEY).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}");
        said
    };
    run(&["check"]);
    let listed: Value = serde_json::from_str(&run(&["tools", "--json"])).unwrap();
    assert!(listed.to_string().contains("/routes"), "{listed}");
}

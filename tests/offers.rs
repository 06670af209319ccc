//! How tools are offered: by search, compressed, with instructions, icons and a version.

use std::io::Read as _;

use serde_json::{Value, json};

use crate::support::{Caller, Gateway, KEY, Upstream, client, data_api, record};

#[tokio::test]
async fn many_operations_are_three_tools() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN]\n    discovery: search\n    disallowed_tools: [delete_item]\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "token-1");
    let tools = caller.tools().await;
    let names: Vec<_> = tools
        .iter()
        .filter_map(|tool| tool["name"].as_str())
        .collect();
    assert_eq!(
        names,
        ["find_operations", "describe_operation", "call_operation"]
    );
    let found = caller
        .answer(
            "find_operations",
            json!({"query": "make new item", "limit": 2}),
        )
        .await;
    assert_eq!(found["operations"].as_array().unwrap().len(), 2);
    let found = caller
        .answer(
            "find_operations",
            json!({"query": "who am I, which headers arrived"}),
        )
        .await;
    assert_eq!(found["operations"][0]["name"], "whoami", "{found}");
    // What is not served is not found either, and the caller's header is nobody's argument.
    let found = caller
        .answer(
            "find_operations",
            json!({"query": "delete item", "limit": 50}),
        )
        .await;
    assert!(!found.to_string().contains("delete_item"), "{found}");
    assert!(!found.to_string().contains("x-token"), "{found}");
    let described = caller
        .answer("describe_operation", json!({"name": "get_item"}))
        .await;
    assert_eq!(described["inputSchema"]["required"], json!(["item_id"]));
    upstream.untouched();
    let call = json!({"name": "get_item", "arguments": {"item_id": 7}});
    let echo = caller.answer("call_operation", call).await;
    assert_eq!(
        (&echo["target"], &echo["token"]),
        (&json!("/items/7"), &json!("token-1"))
    );
    upstream.only();
    for (tool, arguments, said) in [
        ("call_operation", json!({"name": "get_itm"}), "get_item"),
        (
            "call_operation",
            json!({"name": "delete_item", "arguments": {"item_id": 1}}),
            "no operation",
        ),
        (
            "call_operation",
            json!({"name": "get_item", "arguments": {"item_id": "x"}}),
            "/item_id",
        ),
        (
            "call_operation",
            json!({"name": "get_item", "arguments": {"item_id": 7, "x-token": "m"}}),
            "x-token",
        ),
        (
            "call_operation",
            json!({"name": "get_item", "argument": {}}),
            "unknown field",
        ),
        ("describe_operation", json!({}), "missing field"),
        ("find_operations", json!({"query": 7}), "invalid type"),
    ] {
        let error = caller.error(tool, arguments).await;
        assert!(error.contains(said), "{said} in {error}");
    }
    upstream.untouched();
    let all = Caller::new(&gateway, "/mcp").header("X-TOKEN", "t");
    let names: Vec<String> = all
        .tools()
        .await
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names[0], "data_api-find_operations");
    all.answer("data_api-call_operation", json!({"name": "whoami"}))
        .await;
}

const LIST: &str = r#"{"jsonrpc":"2.0","id":"an id","method":"tools/list"}"#;

#[tokio::test]
async fn a_list_is_compressed_for_who_takes_it() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&data_api(&upstream, ""));
    // Makes the choice of the TLS provider, which the next one needs as well.
    drop(client());
    let client = reqwest::Client::builder().no_proxy().no_gzip().build();
    let client = client.unwrap();
    let list = |coding: Option<&'static str>| {
        let mut request = client
            .post(gateway.url("/data_api/mcp"))
            .header("x-litellm-api-key", KEY)
            .header("content-type", "application/json")
            .body(LIST);
        request = request.header("accept-encoding", coding.unwrap_or("identity"));
        async move {
            let answer = request.send().await.unwrap();
            let packed = answer.headers().get("content-encoding").cloned();
            (packed, answer.bytes().await.unwrap())
        }
    };
    let (packed, plain) = list(None).await;
    assert_eq!(packed, None);
    let (packed, bytes) = list(Some("gzip, br")).await;
    assert_eq!(packed.unwrap(), "gzip");
    assert!(bytes.len() * 2 < plain.len());
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..])
        .read_to_end(&mut text)
        .unwrap();
    assert_eq!(text, plain);
    let text = String::from_utf8(text).unwrap();
    record(None, LIST, Some(200), &text);
}

#[tokio::test]
async fn a_server_says_what_it_is() {
    let upstream = Upstream::start().await;
    let lines = "    instructions: Ask for items.\n    icons:\n      - https://api.example/icon.png\n      - {src: 'data:image/png;base64,AA==', mimeType: image/png, sizes: [48x48], theme: dark}\n";
    let gateway = Gateway::start_quiet(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp");
    let hello = |version: &str| json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
    let icons = json!([
        {"src": "https://api.example/icon.png"},
        {"src": "data:image/png;base64,AA==", "mimeType": "image/png", "sizes": ["48x48"], "theme": "dark"},
    ]);
    for (version, shown) in [("2025-11-25", &icons), ("2025-06-18", &Value::Null)] {
        let answer = caller.ask("initialize", hello(version)).await;
        let result = &answer["result"];
        assert_eq!(result["instructions"], "Ask for items.");
        let info = &result["serverInfo"];
        assert_eq!((&info["name"], &info["icons"]), (&json!("data_api"), shown));
        // Its own version, the description's digest, the compiler's version.
        let version = info["version"].as_str().unwrap();
        let built = &result["_meta"]["toolwright/build"];
        let toolset = &built["toolsets"][0];
        let digest = toolset["digest"].as_str().unwrap();
        let (hex, generator) = (&digest["sha256:".len()..], &toolset["generator"]);
        assert_eq!(hex.len(), 64, "{digest}");
        let expected = format!("+{}.gen.{}", &hex[..12], generator.as_str().unwrap());
        assert!(version.contains(&expected), "{version}");
        assert!(built["commit"].is_string() || built["commit"].is_null());
    }
    let discovered = caller.modern("server/discover", json!({})).await;
    let info = &discovered["_meta"]["io.modelcontextprotocol/serverInfo"];
    assert_eq!(info["icons"], icons);
    let toolsets = &discovered["_meta"]["toolwright/build"]["toolsets"];
    assert_eq!(toolsets[0]["name"], "data_api");
    let listed = caller.modern("tools/list", json!({})).await;
    assert_eq!(listed["tools"][0]["icons"], json!([icons[0]]));
}

//! The tools for those who do not speak MCP.

use serde_json::{Value, json};

use crate::support::{Gateway, KEY, Upstream, client, data_api};

async fn ask(
    gateway: &Gateway,
    method: &str,
    path: &str,
    key: bool,
    body: Option<&str>,
) -> (u16, Value) {
    let mut request = client().request(method.parse().unwrap(), gateway.url(path));
    if key {
        request = request.header("x-litellm-api-key", format!("Bearer {KEY}"));
    }
    request = request.header("X-TOKEN", "token-1");
    if let Some(body) = body {
        request = request.header("content-type", "application/json");
        request = request.body(body.to_owned());
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}

fn names(list: &Value) -> Vec<&str> {
    let tools = list["tools"].as_array().unwrap().iter();
    tools.filter_map(|tool| tool["name"].as_str()).collect()
}

#[tokio::test]
async fn tools_are_listed_and_called_without_mcp() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&data_api(&upstream, "    extra_headers: [X-TOKEN]\n"));
    let (status, list) = ask(&gateway, "GET", "/data_api/tools", true, None).await;
    assert_eq!(status, 200);
    assert!(names(&list).contains(&"get_item"), "{list}");
    // The header that the caller fills is not asked for.
    assert!(!list.to_string().contains("x-token"));
    let (_, alias) = ask(
        &gateway,
        "GET",
        "/mcp-rest/tools/list?server_id=data_api",
        true,
        None,
    )
    .await;
    assert_eq!(names(&alias), names(&list));
    assert_eq!(alias["tools"][0]["mcp_info"]["server_name"], "data_api");
    for (path, body) in [
        ("/data_api/tools/get_item", r#"{"item_id": 7}"#),
        (
            "/mcp-rest/tools/call",
            r#"{"name": "get_item", "arguments": {"item_id": 7}}"#,
        ),
        (
            "/mcp-rest/tools/call",
            r#"{"name": "data_api-get_item", "arguments": {"item_id": 7}}"#,
        ),
        (
            "/mcp-rest/tools/call",
            r#"{"server_id": "data_api", "name": "get_item", "arguments": {"item_id": 7}}"#,
        ),
    ] {
        let (status, result) = ask(&gateway, "POST", path, true, Some(body)).await;
        assert_eq!((status, &result["isError"]), (200, &json!(false)), "{path}");
        let seen = upstream.only();
        assert_eq!(seen.target, "/items/7");
        assert_eq!(seen.header("x-token"), ["token-1"]);
        assert!(!seen.text().contains(KEY));
    }
}

#[tokio::test]
async fn the_same_checks_hold() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN]\n    disallowed_tools: [delete_item]\n";
    let gateway = Gateway::start_quiet(&data_api(&upstream, lines));
    let call = "/data_api/tools/get_item";
    let alias = "/mcp-rest/tools/call";
    for (method, path, key, body, status) in [
        ("GET", "/data_api/tools", false, None, 401),
        ("GET", "/mcp-rest/tools/list", false, None, 401),
        ("POST", call, false, Some("{}"), 401),
        ("GET", "/nobody/tools", true, None, 404),
        ("GET", "/mcp-rest/tools/list?server_id=x", true, None, 404),
        ("POST", "/data_api/tools/no_such", true, Some("{}"), 404),
        (
            "POST",
            "/data_api/tools/delete_item",
            true,
            Some("{\"item_id\":1}"),
            404,
        ),
        ("POST", alias, true, Some("{\"name\":\"no_such\"}"), 404),
        ("POST", alias, true, Some("{}"), 400),
        ("POST", alias, true, Some("{\"name\":1}"), 400),
        (
            "POST",
            alias,
            true,
            Some("[\"get_item\",\"data_api\",{\"item_id\":7}]"),
            400,
        ),
        ("POST", call, true, Some("{"), 400),
        ("POST", call, true, None, 415),
        ("GET", call, true, None, 405),
        ("POST", "/data_api/tools", true, Some("{}"), 405),
        ("POST", "/metrics", true, Some("{}"), 405),
    ] {
        let (found, answer) = ask(&gateway, method, path, key, body).await;
        assert_eq!(found, status, "{method} {path} {body:?}: {answer}");
    }
    for body in [
        "[]",
        "7",
        "{}",
        "{\"item_id\":7,\"x-token\":\"model\"}",
        "{\"item_id\":7,\"item_id\":8}",
    ] {
        let (status, result) = ask(&gateway, "POST", call, true, Some(body)).await;
        assert_eq!(
            (status, &result["isError"]),
            (200, &json!(true)),
            "{body}: {result}"
        );
    }
    upstream.untouched();
}

//! What `tools/list` shows, and to whom.

use serde_json::{Value, json};

use crate::support::{Caller, Gateway, Upstream, data_api, with_token};

const NAMES: [&str; 7] = [
    "list_items",
    "create_item",
    "get_item",
    "update_item",
    "delete_item",
    "supplier_items",
    "whoami",
];

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

fn names(tools: &[Value]) -> Vec<String> {
    sorted(
        tools
            .iter()
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect(),
    )
}

fn arguments(tools: &[Value], name: &str) -> Vec<String> {
    let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
    let properties = tool["inputSchema"]["properties"].as_object();
    sorted(
        properties
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default(),
    )
}

#[tokio::test]
async fn the_model_is_never_asked_for_a_header_that_others_fill() {
    let upstream = Upstream::start().await;
    for lines in [
        "    extra_headers: [X-TOKEN]\n",
        "    extra_headers: [x-token]\n",
        "    extra_headers: ['X-*']\n",
        "    static_headers:\n      X-Token: operator\n",
    ] {
        let gateway = Gateway::start(&data_api(&upstream, lines));
        for path in ["/data_api/mcp", "/mcp"] {
            let tools = Caller::new(&gateway, path).tools().await;
            let text = serde_json::to_string(&tools).unwrap().to_lowercase();
            assert!(
                !text.contains("x-token") && !text.contains("x_token"),
                "{lines}: {text}"
            );
        }
        let tools = Caller::new(&gateway, "/data_api/mcp").tools().await;
        assert_eq!(arguments(&tools, "get_item"), ["item_id", "q"]);
        assert_eq!(arguments(&tools, "whoami"), [""; 0]);
    }
}

#[tokio::test]
async fn without_a_policy_the_header_is_an_argument() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&data_api(&upstream, "    auth_type: none\n"));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "canary");
    let tools = caller.tools().await;
    assert_eq!(arguments(&tools, "get_item"), ["item_id", "q", "x-token"]);
    let get_item = tools
        .iter()
        .find(|tool| tool["name"] == "get_item")
        .unwrap();
    let required = get_item["inputSchema"]["required"].as_array().unwrap();
    assert!(required.contains(&json!("x-token")), "{get_item}");
    caller
        .answer(
            "get_item",
            json!({"item_id": 7, "x-token": "from the model"}),
        )
        .await;
    assert_eq!(upstream.only().header("x-token"), ["from the model"]);
    caller.error("get_item", json!({"item_id": 7})).await;
    upstream.untouched();
}

#[tokio::test]
async fn one_server_lists_bare_names_and_all_servers_prefixed_ones() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let own = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    let all = Caller::new(&gateway, "/mcp").header("x-token", "t");
    assert_eq!(
        names(&own.tools().await),
        sorted(NAMES.map(str::to_owned).to_vec())
    );
    let prefixed = NAMES.map(|name| format!("data_api-{name}"));
    assert_eq!(names(&all.tools().await), sorted(prefixed.to_vec()));
    for tool in own.tools().await {
        assert!(
            tool["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{tool}"
        );
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
    }
    for (caller, name) in [
        (&own, "get_item"),
        (&own, "data_api-get_item"),
        (&all, "data_api-get_item"),
    ] {
        caller.answer(name, json!({"item_id": 7})).await;
        assert_eq!(upstream.only().target, "/items/7", "{name}");
    }
    for (caller, name) in [
        (&own, "get_itm"),
        (&all, "other-get_item"),
        (&all, ""),
        (&own, "data_api-"),
    ] {
        let answer = caller
            .ask(
                "tools/call",
                json!({"name": name, "arguments": {"item_id": 7}}),
            )
            .await;
        assert_eq!(answer["error"]["code"], -32602, "{name}: {answer}");
    }
    upstream.untouched();
}

#[tokio::test]
async fn names_that_are_too_long_are_listed_cut_and_called_either_way() {
    let upstream = Upstream::start().await;
    let server = "a_server_whose_name_tells_all_that_it_has_in_it_";
    let configuration =
        with_token(&upstream).replace("data_api:", &format!("{server}:\n    spec: data_api"));
    let gateway = Gateway::start(&format!("tool_name_separator: '----'\n{configuration}"));
    let all = Caller::new(&gateway, "/mcp").header("x-token", "t");
    let tools = all.tools().await;
    let listed = names(&tools);
    assert_eq!(listed.len(), NAMES.len());
    assert!(listed.iter().all(|name| name.len() <= 64), "{listed:?}");
    let whole = format!("{server}----supplier_items");
    assert!(!listed.contains(&whole), "{listed:?}");
    assert!(
        listed.contains(&format!("{server}----whoami")),
        "{listed:?}"
    );
    let takes_supplier = |tool: &&Value| tool["inputSchema"]["properties"]["supplier"].is_object();
    let tool = tools.iter().find(takes_supplier).unwrap();
    for name in [tool["name"].as_str().unwrap(), &whole] {
        all.answer(name, json!({"supplier": "acme"})).await;
        assert_eq!(upstream.only().target, "/suppliers/acme/items", "{name}");
    }
}

#[tokio::test]
async fn one_toolset_serves_several_servers() {
    let (production, staging) = (Upstream::start().await, Upstream::start().await);
    let configuration = format!(
        "tool_name_separator: '__'\ngeneral_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n\
         mcp_servers:\n\
         \x20 production:\n    spec: data_api\n    url: {}\n    extra_headers: [x-token]\n\
         \x20 staging:\n    spec: data_api\n    url: {}/v2\n    static_headers:\n      x-token: staging\n",
        production.url(),
        staging.url()
    );
    let gateway = Gateway::start(&configuration);
    let caller = Caller::new(&gateway, "/mcp").header("x-token", "mine");
    assert_eq!(caller.tools().await.len(), 2 * NAMES.len());
    caller
        .answer("production__get_item", json!({"item_id": 1}))
        .await;
    caller
        .answer("staging__get_item", json!({"item_id": 1}))
        .await;
    let (one, other) = (production.only(), staging.only());
    assert_eq!(
        (one.target.as_str(), one.header("x-token")),
        ("/items/1", vec!["mine"])
    );
    assert_eq!(
        (other.target.as_str(), other.header("x-token")),
        ("/v2/items/1", vec!["staging"])
    );
}

#[tokio::test]
async fn an_unknown_server_is_not_found() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    for path in [
        "/other/mcp",
        "/data_api",
        "/data_api/mcp/x",
        "/",
        "/mcp/other",
    ] {
        let (status, body) = Caller::new(&gateway, path).post("{}").await;
        assert_eq!(status, 404, "{path}: {body}");
        assert!(!body.contains("data_api"), "{body}");
    }
}

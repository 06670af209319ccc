//! What `tools/list` says, in every version and over both transports.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::{Caller, Gateway, Peer, Upstream, data_api};

async fn tools(peer: &mut Peer) -> Vec<Value> {
    let answer = peer.ask("tools/list", json!({})).await;
    answer.result()["tools"].as_array().unwrap().clone()
}

#[tokio::test]
async fn t_tools_are_declared_without_promises_of_changes() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "")
        .await
        .into_iter()
        .filter(Peer::is_modern)
    {
        let answer = peer.ask("server/discover", json!({})).await;
        assert_eq!(answer.result()["capabilities"], json!({"tools": {}}));
        peer.ask("subscriptions/listen", json!({}))
            .await
            .fails(-32601, 404);
    }
}

#[tokio::test]
async fn t_the_order_is_the_same_each_time_and_everywhere() {
    let upstream = Upstream::start().await;
    let mut orders = HashSet::new();
    for mut peer in Peer::all(&upstream, "").await {
        for _ in 0..5 {
            let tools = tools(&mut peer).await;
            let names: Vec<String> = tools.iter().map(|tool| tool["name"].to_string()).collect();
            orders.insert(names.join(" "));
        }
    }
    assert_eq!(orders.len(), 1, "{orders:?}");
}

#[tokio::test]
async fn t_and_row_47_cursors_lead_through_all_pages_and_none_can_be_made_up() {
    let upstream = Upstream::start().await;
    let configuration = format!(
        "tools_page_bytes: 4KiB\n{}",
        data_api(&upstream, "    extra_headers: [X-TOKEN]\n")
    );
    let gateway = Gateway::start_quiet(&configuration);
    let caller = Caller::new(&gateway, "/data_api/mcp");
    let whole = {
        let gateway = Gateway::start_quiet(&data_api(&upstream, "    extra_headers: [X-TOKEN]\n"));
        Caller::new(&gateway, "/data_api/mcp")
            .modern("tools/list", json!({}))
            .await
    };
    let (mut found, mut scopes, mut params, mut cursors) =
        (Vec::new(), HashSet::new(), json!({}), Vec::new());
    loop {
        let page = caller.modern("tools/list", params).await;
        found.extend(page["tools"].as_array().unwrap().clone());
        scopes.insert(format!("{} {}", page["cacheScope"], page["ttlMs"]));
        let Some(cursor) = page.get("nextCursor") else {
            break;
        };
        cursors.push(cursor.as_str().unwrap().to_owned());
        params = json!({"cursor": cursor});
    }
    assert!(cursors.len() >= 2, "{cursors:?}");
    assert_eq!(json!(found), whole["tools"]);
    assert_eq!(scopes.len(), 1, "{scopes:?}");
    // A cursor is good for as long as the list is, in the version that gave it out.
    caller
        .modern("tools/list", json!({"cursor": cursors[0]}))
        .await["tools"]
        .as_array()
        .unwrap();
    for cursor in [
        json!(""),
        json!("0"),
        json!("1"),
        json!(format!("{}0", cursors[0])),
        json!(cursors[0].to_uppercase() + " "),
        json!(1),
        json!({}),
        json!(true),
    ] {
        for version in ["2025-03-26", "2025-06-18", "2025-11-25"] {
            let caller = caller.clone().header("mcp-protocol-version", version);
            let answer = caller.ask("tools/list", json!({"cursor": cursor})).await;
            assert_eq!(answer["error"]["code"], -32602, "{cursor}: {answer}");
        }
    }
    // Nothing at all is the beginning.
    let answer = caller.ask("tools/list", json!({"cursor": null})).await;
    assert_eq!(
        answer["result"]["tools"][0],
        found_without_modern(&caller).await
    );
}

async fn found_without_modern(caller: &Caller) -> Value {
    caller.ask("tools/list", json!({})).await["result"]["tools"][0].clone()
}

#[tokio::test]
async fn t_caching_hints_say_private_as_soon_as_a_key_is_asked_for() {
    let upstream = Upstream::start().await;
    for (start, scope) in [
        ("general_settings: {master_key: sk-canary}\n", "private"),
        ("", "public"),
    ] {
        let servers = format!("mcp_servers:\n  data_api:\n    url: {}\n", upstream.url());
        let gateway = Gateway::start_quiet(&format!("{start}{servers}"));
        let caller =
            Caller::stranger(&gateway, "/data_api/mcp").header("x-toolwright-key", "sk-canary");
        for method in ["tools/list", "server/discover"] {
            let result = caller.modern(method, json!({})).await;
            assert_eq!(result["cacheScope"], scope, "{method}");
            assert!(result["ttlMs"].is_u64());
        }
        // No version before has them.
        let answer = caller.ask("tools/list", json!({})).await;
        assert!(answer["result"].get("ttlMs").is_none());
    }
}

#[tokio::test]
async fn t_and_row_48_names_descriptions_and_schemas_are_what_clients_take() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        let mut names = HashSet::new();
        for tool in tools(&mut peer).await {
            let name = tool["name"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name}");
            assert!((1..=64).contains(&name.len()), "{name}");
            assert!(
                name.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)),
                "{name}"
            );
            assert!(!tool["description"].as_str().unwrap().is_empty(), "{name}");
            let schema = &tool["inputSchema"];
            assert_eq!(schema["type"], "object", "{name}");
            jsonschema::draft202012::new(schema).unwrap();
            assert!(!schema.to_string().contains("\"$ref\":\"http"), "{name}");
            if name == "whoami" {
                assert_eq!(schema["additionalProperties"], false);
                assert!(schema.get("required").is_none(), "{schema}");
            }
            assert!(tool.get("execution").is_none(), "no tasks are offered");
        }
    }
}

#[tokio::test]
async fn t_annotations_follow_from_the_method() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        let tools = tools(&mut peer).await;
        let hints = |name: &str| {
            let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
            let hint = |hint: &str| tool["annotations"][hint].as_bool();
            [
                "readOnlyHint",
                "destructiveHint",
                "idempotentHint",
                "openWorldHint",
            ]
            .map(hint)
        };
        assert_eq!(hints("get_item")[0], Some(true));
        assert_eq!(
            hints("create_item"),
            [Some(false), Some(false), Some(false), Some(true)]
        );
        assert_eq!(
            hints("delete_item"),
            [Some(false), Some(true), Some(true), Some(true)]
        );
        let titled = tools.iter().any(|tool| tool.get("title").is_some());
        assert_eq!(titled, peer.version != "2025-03-26", "{}", peer.name());
    }
}

#[tokio::test]
async fn t_icons_and_output_schemas_are_shown_to_versions_that_know_them() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "    icons: ['https://api.example/icon.png']\n").await {
        let tools = tools(&mut peer).await;
        let icons = tools
            .iter()
            .all(|tool| tool["icons"][0]["src"] == "https://api.example/icon.png");
        assert_eq!(icons, peer.version >= "2025-11-25", "{}", peer.name());
        for tool in &tools {
            if let Some(schema) = tool.get("outputSchema") {
                assert!(peer.version >= "2025-06-18", "{}", peer.name());
                assert!(peer.is_modern() || schema["type"] == "object", "{schema}");
            }
        }
        let declared = tools.iter().any(|tool| tool.get("outputSchema").is_some());
        assert_eq!(declared, peer.version != "2025-03-26");
    }
}

#[tokio::test]
async fn groups_by_tag_have_endpoints_of_their_own() {
    let upstream = Upstream::start().await;
    let lines =
        "    extra_headers: [X-TOKEN]\n    discovery: search\n    disallowed_tools: [whoami]\n";
    let gateway = Gateway::start_quiet(&data_api(&upstream, lines));
    for (path, names) in [
        ("/data_api/suppliers/mcp", &["supplier_items"][..]),
        ("/data_api/%73uppliers/mcp", &["supplier_items"]),
        (
            "/data_api/items/mcp",
            &[
                "list_items",
                "create_item",
                "get_item",
                "update_item",
                "delete_item",
            ],
        ),
    ] {
        let caller = Caller::new(&gateway, path).header("x-token", "t");
        let tools = caller.tools().await;
        let found: Vec<_> = tools
            .iter()
            .filter_map(|tool| tool["name"].as_str())
            .collect();
        assert_eq!(found, names, "{path}");
    }
    let caller = Caller::new(&gateway, "/data_api/items/mcp").header("x-token", "t");
    caller.answer("get_item", json!({"item_id": 7})).await;
    assert_eq!(upstream.only().header("x-token"), ["t"]);
    // What is in another group is not there.
    let answer = caller
        .ask(
            "tools/call",
            json!({"name": "supplier_items", "arguments": {"supplier": "x"}}),
        )
        .await;
    assert_eq!(answer["error"]["code"], -32602);
    for path in [
        "/data_api/account/mcp",
        "/data_api/none/mcp",
        "/other/items/mcp",
        "/data_api/Items/mcp",
        "/data_api/%ff/mcp",
        "/data_api//mcp",
        "/data_api/items/mcp/",
        "/data_api/items",
    ] {
        let (status, _) = Caller::new(&gateway, path).post("{}").await;
        assert_eq!(status, 404, "{path}");
    }
    let stranger = Caller::stranger(&gateway, "/data_api/items/mcp");
    assert_eq!(stranger.post("{}").await.0, 401);
    upstream.untouched();
}

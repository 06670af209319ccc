//! `tools/call`: which mistakes are the protocol's and which are results.

use serde_json::{Value, json};

use crate::support::{Peer, Upstream};

#[tokio::test]
async fn e_unknown_tools_are_errors_and_everything_else_is_a_result() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "    timeout: 300ms\n").await {
        for (name, params) in [
            ("an unknown name", json!({"name": "no_such_tool"})),
            ("another case", json!({"name": "Get_Item"})),
            ("an empty name", json!({"name": ""})),
            ("no letters at all", json!({"name": "größe \u{202e}😀"})),
        ] {
            // Over HTTP such a name is repeated in a header, which has its own encoding; `h11` sends that.
            if peer.is_http() && peer.is_modern() && name.starts_with("no letters") {
                continue;
            }
            let answer = peer.ask("tools/call", params).await;
            answer.fails(-32602, 200);
        }
        for params in [
            json!({}),
            json!({"name": 5}),
            json!({"name": null}),
            json!({"name": ["get_item"]}),
        ] {
            peer.ask("tools/call", params).await.fails(-32602, 200);
        }
        upstream.untouched();
        for (arguments, said) in [
            (json!({}), "item_id"),
            (json!({"item_id": "x"}), "item_id"),
            (json!({"item_id": 7, "more": 1}), "more"),
            (json!(null), "item_id"),
        ] {
            let answer = peer.call("get_item", arguments.clone()).await;
            let result = answer.result();
            assert_eq!(result["isError"], true, "{arguments}: {result}");
            assert!(
                result["content"][0]["text"]
                    .as_str()
                    .unwrap()
                    .contains(said),
                "{arguments}: {result}"
            );
        }
        for malformed in [json!([7]), json!("item_id=7"), json!(7), json!(true)] {
            peer.call("get_item", malformed).await.fails(-32602, 200);
        }
        upstream.untouched();
        for item in [408, 500] {
            let answer = peer.call("get_item", json!({"item_id": item})).await;
            assert_eq!(answer.result()["isError"], true, "{item}");
            assert!(answer.result().get("structuredContent").is_none());
        }
        upstream.take();
    }
}

#[tokio::test]
async fn e_arguments_may_be_absent_or_null() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        for params in [
            json!({"name": "whoami"}),
            json!({"name": "whoami", "arguments": null}),
        ] {
            let answer = peer.ask("tools/call", params).await;
            assert_eq!(answer.result()["isError"], false, "{}", peer.name());
            assert_eq!(upstream.only().target, "/whoami");
        }
    }
}

#[tokio::test]
async fn t_structured_content_is_repeated_as_text() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        let answer = peer.call("get_item", json!({"item_id": 7})).await;
        let result = answer.result();
        let text = result["content"][0]["text"].as_str().unwrap();
        let sent: Value = serde_json::from_str(text).unwrap();
        assert_eq!(sent["target"], "/items/7");
        let structured = result.get("structuredContent");
        assert_eq!(
            structured.is_some(),
            peer.version != "2025-03-26",
            "{}",
            peer.name()
        );
        if let Some(structured) = structured {
            assert!(
                *structured == sent || structured["undescribed"] == sent,
                "{result}"
            );
        }
    }
}

#[tokio::test]
async fn e_only_listed_codes_are_sent() {
    let upstream = Upstream::start().await;
    let listed = [-32700, -32600, -32601, -32602, -32603, -32020, -32022];
    for mut peer in Peer::all(&upstream, "").await {
        for method in [
            "tools/list",
            "tools/call",
            "initialize",
            "server/discover",
            "ping",
            "resources/read",
            "x",
        ] {
            for params in [
                json!({}),
                json!({"_meta": 5}),
                json!({"name": 5}),
                json!({"cursor": 5}),
                json!({"uri": "x:y"}),
                json!({"protocolVersion": []}),
                json!({"_meta": {"progressToken": {}}}),
                json!({"_meta": {"io.modelcontextprotocol/protocolVersion": 5}}),
            ] {
                let request =
                    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
                let answer = peer
                    .send(&request.to_string(), method, params["name"].as_str())
                    .await;
                if let Some(code) = answer.body["error"]["code"].as_i64() {
                    assert!(listed.contains(&code), "{request}: {answer:?}");
                } else {
                    answer.result();
                }
            }
        }
    }
}

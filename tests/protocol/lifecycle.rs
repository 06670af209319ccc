//! Lifecycle and versions.

use serde_json::{Value, json};

use crate::support::{MODERN, Peer, Upstream, VERSIONS, meta};

fn initialize(version: &str) -> String {
    let params = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}).to_string()
}

#[tokio::test]
async fn l1_initialize_settles_a_version_and_says_who_answers() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        for (asked, spoken) in [
            ("2025-03-26", "2025-03-26"),
            ("2025-06-18", "2025-06-18"),
            ("2025-11-25", "2025-11-25"),
            // There is no handshake in this one, so the latest that has one is offered.
            (MODERN, "2025-11-25"),
            ("2024-11-05", "2025-11-25"),
            ("2099-01-01", "2025-11-25"),
            ("", "2025-11-25"),
        ] {
            let answer = peer.send(&initialize(asked), "initialize", None).await;
            let result = answer.result();
            assert_eq!(result["protocolVersion"], spoken, "{}", peer.name());
            assert_eq!(result["capabilities"], json!({"tools": {}}));
            assert_eq!(result["serverInfo"]["name"], "data_api");
            assert!(result["serverInfo"]["version"].is_string());
            assert_eq!(result["instructions"], "Items, and who is asking.");
        }
        for params in [
            json!({}),
            json!({"protocolVersion": 5}),
            json!({"protocolVersion": null}),
        ] {
            let request =
                json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params});
            let answer = peer.send(&request.to_string(), "initialize", None).await;
            answer.fails(-32602, 200);
        }
    }
}

#[tokio::test]
async fn l2_notifications_are_accepted_and_not_answered() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        for method in [
            "initialized",
            "cancelled",
            "roots/list_changed",
            "unheard-of",
        ] {
            let text = json!({"jsonrpc": "2.0", "method": format!("notifications/{method}")});
            let status = peer.tell(&text.to_string()).await;
            assert!(status.is_none_or(|status| status == 202), "{}", peer.name());
        }
        // Over pipes silence is seen by what comes next.
        peer.ask("tools/list", json!({})).await.result();
    }
}

#[tokio::test]
async fn l3_ping_is_answered_until_it_was_removed() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        let answer = peer.ask("ping", json!({})).await;
        match peer.is_modern() {
            false => assert_eq!(*answer.result(), json!({}), "{}", peer.name()),
            true => answer.fails(-32601, 404),
        }
    }
}

#[tokio::test]
async fn l4_discover_says_versions_capabilities_and_hints() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        let answer = peer.ask("server/discover", json!({})).await;
        if !peer.is_modern() {
            answer.fails(-32601, 200);
            continue;
        }
        let result = answer.result();
        let mut versions = VERSIONS;
        versions.reverse();
        assert_eq!(result["supportedVersions"], json!(versions));
        assert_eq!(result["capabilities"], json!({"tools": {}}));
        assert!(result["ttlMs"].is_u64(), "{result}");
        assert!(["public", "private"].contains(&result["cacheScope"].as_str().unwrap()));
        assert_eq!(result["instructions"], "Items, and who is asking.");
    }
}

#[tokio::test]
async fn l5_nothing_is_inferred_from_what_came_before() {
    let upstream = Upstream::start().await;
    let mut lists: Vec<Value> = Vec::new();
    for mut peer in Peer::all(&upstream, "").await {
        let before = peer.ask("tools/list", json!({})).await.body;
        peer.call("get_item", json!({"item_id": 7})).await.result();
        peer.call("get_item", json!({"item_id": "x"}))
            .await
            .result();
        peer.call("no_such_tool", json!({}))
            .await
            .fails(-32602, 200);
        peer.tell(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
            .await;
        let after = peer.ask("tools/list", json!({})).await.body;
        assert_eq!(before, after, "{}", peer.name());
        lists.push(after);
    }
    // The same over both transports, but for how long it may be kept: `private` needs a key to be private of.
    for (over_http, over_stdio) in lists.iter().zip(&lists[4..]) {
        assert_eq!(over_http["result"]["tools"], over_stdio["result"]["tools"]);
    }
}

#[tokio::test]
async fn l6_every_request_says_its_version_and_capabilities() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "")
        .await
        .into_iter()
        .filter(Peer::is_modern)
    {
        for (name, value) in [
            ("protocolVersion", Value::Null),
            ("clientCapabilities", Value::Null),
            ("clientCapabilities", json!("all")),
            ("clientCapabilities", json!([])),
        ] {
            let mut meta = meta();
            let name = format!("io.modelcontextprotocol/{name}");
            match value {
                Value::Null => drop(meta.as_object_mut().unwrap().remove(&name)),
                value => meta[&name] = value,
            }
            // Over pipes a request without a version is one of the last handshake, of which there was none here.
            if !peer.is_http()
                && meta
                    .get("io.modelcontextprotocol/protocolVersion")
                    .is_none()
            {
                continue;
            }
            let answer = peer.ask("tools/list", json!({"_meta": meta})).await;
            answer.fails(-32602, 400);
        }
        for wrong in [json!("x"), json!([]), json!(1)] {
            let answer = peer.ask("tools/list", json!({"_meta": wrong})).await;
            answer.fails(-32602, 400);
        }
        // Who the client is need not be said.
        let mut meta = meta();
        peer.ask("tools/list", json!({"_meta": meta}))
            .await
            .result();
        meta["io.modelcontextprotocol/clientInfo"] = json!({"name": "test", "version": "1"});
        peer.ask("tools/list", json!({"_meta": meta}))
            .await
            .result();
    }
}

#[tokio::test]
async fn l7_a_version_that_is_not_spoken_is_refused_with_those_that_are() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "")
        .await
        .into_iter()
        .filter(Peer::is_modern)
    {
        let unknown = "2099-01-01";
        let mut meta = meta();
        meta["io.modelcontextprotocol/protocolVersion"] = json!(unknown);
        peer.version = unknown;
        let answer = peer.ask("tools/list", json!({"_meta": meta})).await;
        answer.fails(-32022, 400);
        let data = &answer.body["error"]["data"];
        assert_eq!(data["requested"], unknown);
        assert!(
            data["supported"]
                .as_array()
                .unwrap()
                .contains(&json!(MODERN))
        );
    }
}

#[tokio::test]
async fn l8_both_eras_are_served_side_by_side() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        let own = peer.version;
        for version in [MODERN, own, MODERN, own] {
            peer.version = version;
            let answer = peer.call("get_item", json!({"item_id": 7})).await;
            let modern = answer.result().get("resultType").is_some();
            assert_eq!(modern, version == MODERN, "{}", peer.name());
        }
    }
}

#[tokio::test]
async fn l9_and_l10_results_say_that_they_are_complete_and_who_made_them() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        let mut answers = vec![
            peer.ask("tools/list", json!({})).await,
            peer.call("get_item", json!({"item_id": 7})).await,
            peer.call("get_item", json!({"item_id": 500})).await,
            peer.call("get_item", json!({"item_id": "x"})).await,
        ];
        if peer.is_modern() {
            answers.push(peer.ask("server/discover", json!({})).await);
        }
        for answer in answers {
            let result = answer.result();
            let info = &result["_meta"]["io.modelcontextprotocol/serverInfo"];
            match peer.is_modern() {
                true => {
                    assert_eq!(result["resultType"], "complete", "{result}");
                    assert_eq!(info["name"], "data_api", "{result}");
                    assert!(info["version"].as_str().unwrap().contains('+'), "{info}");
                }
                false => {
                    assert!(result.get("resultType").is_none(), "{result}");
                    assert!(info.is_null(), "{result}");
                }
            }
        }
    }
}

#[tokio::test]
async fn l11_batches_belong_to_one_version() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        let call = json!({"name": "get_item", "arguments": {"item_id": 7}});
        let batch = json!([
            {"jsonrpc": "2.0", "id": "a", "method": "ping"},
            {"jsonrpc": "2.0", "method": "notifications/initialized"},
            {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
            {"jsonrpc": "2.0", "id": 3, "method": "no/such"},
        ]);
        let answer = peer
            .send(&batch.to_string(), "tools/call", Some("get_item"))
            .await;
        if peer.version != "2025-03-26" && (peer.is_http() || !peer.is_modern()) {
            answer.fails(-32600, 400);
            continue;
        }
        let ids: Vec<_> = answer
            .body
            .as_array()
            .unwrap()
            .iter()
            .map(|answer| &answer["id"])
            .collect();
        assert_eq!(ids, [&json!("a"), &json!(2), &json!(3)]);
        assert_eq!(answer.body[1]["result"]["isError"], false);
        assert_eq!(answer.body[2]["error"]["code"], -32601);
        for (count, accepted) in [(0, false), (50, true), (51, false)] {
            let batch = vec![json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}); count];
            let answer = peer.send(&json!(batch).to_string(), "ping", None).await;
            match accepted {
                true => assert_eq!(answer.body.as_array().unwrap().len(), count),
                false => answer.fails(-32600, 400),
            }
        }
    }
}

#[tokio::test]
async fn l12_no_capability_of_the_client_is_needed() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        // The peers declare none.
        let tools = peer.ask("tools/list", json!({})).await;
        for tool in tools.result()["tools"].as_array().unwrap() {
            let answer = peer.call(tool["name"].as_str().unwrap(), json!({})).await;
            assert!(answer.body["result"].is_object(), "{answer:?}");
        }
    }
}

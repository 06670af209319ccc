use serde_json::json;

use super::tests::{ask, fixture};

/// A request of 2026-07-28, and the headers that go with it.
fn modern(method: &str, members: &str) -> String {
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{meta}{members}}}}}"#)
}

#[tokio::test]
async fn the_version_without_a_handshake() {
    let (router, _) = fixture(false).await;
    let version = ("mcp-protocol-version", "2026-07-28");
    let (status, answer) = ask(
        &router,
        "/data_api/mcp",
        &[version, ("mcp-method", "server/discover")],
        &modern("server/discover", ""),
    )
    .await;
    assert_eq!(status, 200);
    let result = &answer["result"];
    assert_eq!(
        result["supportedVersions"],
        json!(["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"])
    );
    assert_eq!(
        (&result["resultType"], &result["cacheScope"]),
        (&json!("complete"), &json!("public"))
    );
    assert!(result["ttlMs"].is_u64() && result["capabilities"]["tools"].is_object());
    let (_, answer) = ask(
        &router,
        "/data_api/mcp",
        &[version, ("mcp-method", "tools/list")],
        &modern("tools/list", ""),
    )
    .await;
    assert_eq!(answer["result"]["resultType"], "complete");
    assert_eq!(
        answer["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"],
        "data_api"
    );
    let headers = [
        version,
        ("mcp-method", "tools/call"),
        ("mcp-name", "=?base64?Z2V0X2l0ZW0=?="),
        ("x-token", "t"),
    ];
    let (status, answer) = ask(
        &router,
        "/data_api/mcp",
        &headers,
        &modern(
            "tools/call",
            r#","name":"get_item","arguments":{"item_id":1}"#,
        ),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(
        (
            &answer["result"]["resultType"],
            &answer["result"]["isError"]
        ),
        (&json!("complete"), &json!(false))
    );
    let meta = answer["result"]["_meta"].as_object().unwrap();
    assert_eq!(
        meta.keys().collect::<Vec<_>>(),
        ["io.modelcontextprotocol/serverInfo", "toolwright/response"]
    );
}

#[tokio::test]
async fn what_a_request_without_a_handshake_must_carry() {
    let (router, _) = fixture(false).await;
    let version = ("mcp-protocol-version", "2026-07-28");
    let list = ("mcp-method", "tools/list");
    let call = ("mcp-method", "tools/call");
    let named = r#","name":"get_item","arguments":{"item_id":1}"#;
    let old = modern("tools/list", "").replace("2026-07-28", "1900-01-01");
    let bare = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#.to_owned();
    let incapable =
        modern("tools/list", "").replace(r#","io.modelcontextprotocol/clientCapabilities":{}"#, "");
    for (headers, body, status, code) in [
        (&[list][..], modern("tools/list", ""), 400, -32020),
        (&[version], modern("tools/list", ""), 400, -32020),
        (&[version, call], modern("tools/list", ""), 400, -32020),
        (
            &[version, ("mcp-method", "Tools/List")],
            modern("tools/list", ""),
            400,
            -32020,
        ),
        (
            &[("mcp-protocol-version", "2025-11-25"), list],
            modern("tools/list", ""),
            400,
            -32020,
        ),
        (
            &[version, version, list],
            modern("tools/list", ""),
            400,
            -32020,
        ),
        (&[version, call], modern("tools/call", named), 400, -32020),
        (
            &[version, call, ("mcp-name", "whoami")],
            modern("tools/call", named),
            400,
            -32020,
        ),
        (
            &[("mcp-protocol-version", "1900-01-01"), list],
            old,
            400,
            -32022,
        ),
        (&[version, list], bare, 400, -32602),
        (&[version, list], incapable, 400, -32602),
        (
            &[version, ("mcp-method", "ping")],
            modern("ping", ""),
            404,
            -32601,
        ),
        (
            &[version, ("mcp-method", "initialize")],
            modern("initialize", ""),
            404,
            -32601,
        ),
        (
            &[version, call, ("mcp-name", "none")],
            modern("tools/call", r#","name":"none""#),
            200,
            -32602,
        ),
        (&[version, call], modern("tools/call", ""), 200, -32602),
    ] {
        let (got, answer) = ask(&router, "/data_api/mcp", headers, &body).await;
        assert_eq!(
            (got, answer["error"]["code"].as_i64()),
            (status, Some(code)),
            "{headers:?} {body}"
        );
        assert_eq!(answer["id"], 1);
    }
}

//! What is no message, or one with two readings: the exact code, the id where it can be read, nothing dispatched.

use serde_json::{Value, json};

use crate::support::{Caller, Gateway, Peer, Upstream, with_token};

/// A body, its code, and the id that its answer echoes as JSON text.
const MALFORMED: [(&str, i64, Option<&str>); 40] = [
    ("{", -32700, None),
    ("nonsense", -32700, None),
    (
        "\u{feff}{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
        -32700,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"} x"#,
        -32700,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}{}"#,
        -32700,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list",}"#,
        -32700,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":01,"method":"tools/list"}"#,
        -32700,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":'tools/list'}"#,
        -32700,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"\ud800"}"#,
        -32700,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":"\udc00"}}"#,
        -32700,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":NaN}}"#,
        -32700,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"m\u0065thod":"ping","method":"tools/list"}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{},"params":{"name":"whoami"}}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_item","name":"whoami"}}"#,
        -32600,
        Some("1"),
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":{},"arguments":{}}}"#,
        -32600,
        Some("1"),
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","_meta":{},"_meta":{}}}"#,
        -32600,
        Some("1"),
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"Method":"tools/list"}"#,
        -32600,
        Some("1"),
    ),
    (
        r#"{"JSONRPC":"2.0","id":1,"method":"tools/list"}"#,
        -32600,
        Some("1"),
    ),
    (
        r#"{"jsonrpc":"2.0","id":"a","method":5}"#,
        -32600,
        Some("\"a\""),
    ),
    (
        r#"{"jsonrpc":"2.0","id":"a","method":null}"#,
        -32600,
        Some("\"a\""),
    ),
    (r#"{"jsonrpc":"2.0","id":1}"#, -32600, Some("1")),
    (
        r#"{"jsonrpc":"1.0","id":1,"method":"tools/list"}"#,
        -32600,
        Some("1"),
    ),
    (
        r#"{"jsonrpc":2.0,"id":1,"method":"tools/list"}"#,
        -32600,
        Some("1"),
    ),
    (r#"{"id":1,"method":"tools/list"}"#, -32600, Some("1")),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","result":{}}"#,
        -32600,
        Some("1"),
    ),
    (
        r#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1e3,"method":"tools/list"}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":{},"method":"tools/list"}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":[1],"method":"tools/list"}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":true,"method":"tools/list"}"#,
        -32600,
        None,
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"text"}"#,
        -32600,
        Some("1"),
    ),
    (
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["whoami"]}"#,
        -32602,
        Some("1"),
    ),
    ("5", -32600, None),
    ("null", -32600, None),
    ("\"text\"", -32600, None),
    ("[]", -32600, None),
];

#[tokio::test]
async fn rows_32_and_33_what_is_no_message_has_its_code_and_is_never_dispatched() {
    let upstream = Upstream::start().await;
    for mut peer in Peer::all(&upstream, "").await {
        for (body, code, id) in MALFORMED {
            // A name that says what the body says, so that nothing but the body is wrong.
            let answer = peer.send(body, "tools/call", Some("whoami")).await;
            answer.fails(code, if code == -32602 { 200 } else { 400 });
            let echoed = answer.body.get("id");
            match id {
                Some(id) => assert_eq!(echoed.map(Value::to_string).as_deref(), Some(id), "{body}"),
                // `null` in JSON-RPC; absent where the schema allows that and `null` not.
                None if peer.version >= "2025-11-25" && (peer.is_http() || !peer.is_modern()) => {
                    assert_eq!(echoed, None, "{body}");
                }
                None => assert_eq!(echoed, Some(&Value::Null), "{body}"),
            }
            assert!(
                answer.body["error"]["message"].as_str().unwrap().len() < 400,
                "{answer:?}"
            );
        }
        peer.ask("tools/list", json!({})).await.result();
    }
    upstream.untouched();
}

#[tokio::test]
async fn row_32_bytes_that_are_no_utf_8_are_refused() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    for bytes in [
        &b"\xff"[..],
        b"\xc3\x28",
        b"\xed\xa0\x80",
        b"\xf8\x88\x80\x80\x80",
    ] {
        let mut body =
            br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","x":""#
                .to_vec();
        body.extend_from_slice(bytes);
        body.extend_from_slice(br#""}}"#);
        let (status, text) = caller.post(body).await;
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (status.as_u16(), &answer["error"]["code"]),
            (400, &json!(-32700)),
            "{text}"
        );
    }
    upstream.untouched();
}

#[tokio::test]
async fn e_ids_come_back_as_they_were_written() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    for id in [
        "0",
        "-1",
        "-0",
        "9007199254740993",
        "123456789012345678901234567890",
        "\"\"",
        "\"null\"",
        "\"\\u0041\"",
        "\"\\ud83d\\ude00\"",
        "\"a\\\"b\\\\c\\/\"",
        "\"\u{2028}\"",
        "\"größe\"",
        "\"1\"",
    ] {
        for (method, params, member) in [
            ("tools/list", "{}", "result"),
            (
                "tools/call",
                r#"{"name":"get_item","arguments":{"item_id":7}}"#,
                "result",
            ),
            ("tools/call", r#"{"name":"nope"}"#, "error"),
            ("no/such", "{}", "error"),
        ] {
            let body =
                format!(r#"{{"id":{id},"jsonrpc":"2.0","params":{params},"method":"{method}"}}"#);
            let (_, text) = caller.post(body).await;
            let start = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"{member}\":");
            assert!(text.starts_with(&start), "{id} {method}: {text}");
        }
    }
    // An id is a name, not a load.
    let long = format!(
        r#"{{"jsonrpc":"2.0","id":"{}","method":"ping"}}"#,
        "x".repeat(2000)
    );
    let (status, text) = caller.post(long).await;
    assert_eq!(status, 400);
    assert!(text.len() < 400 && text.contains("-32600"), "{text}");
}

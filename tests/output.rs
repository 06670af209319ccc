//! What tools declare about their answers, and that every answer keeps it: clients throw where one does not.

use serde_json::{Value, json};

use crate::support::KEY;
use crate::support::{Caller, Canned, Gateway, Upstream, client, data_api};

/// Versions, and whether they declare objects and lists.
const VERSIONS: [(&str, bool, bool); 4] = [
    ("2025-03-26", false, false),
    ("2025-06-18", true, false),
    ("2025-11-25", true, false),
    ("2026-07-28", true, true),
];

/// An answer, and whether it is as `get_item` and as `list_items` declare.
fn answers() -> Vec<(Canned, bool, bool)> {
    let item = r#"{"id": 7, "name": "x", "price": {"amount": 1.10}, "more": [1]}"#;
    vec![
        (Canned::ok("application/json", item), true, false),
        (
            Canned::ok("application/problem+json", format!("\u{feff} {item}\n")),
            true,
            false,
        ),
        (
            Canned::ok("application/json", format!("[{item}]")),
            false,
            true,
        ),
        (Canned::ok("application/json", "{}"), false, false),
        (Canned::ok("application/json", "null"), false, false),
        (
            Canned::ok("application/json", r#"{"id":1,"id":2}"#),
            false,
            false,
        ),
        (Canned::ok("application/json", "{not json"), false, false),
        (Canned::ok("text/html", "<p>down</p>"), false, false),
        (Canned::ok("image/png", "PNG"), false, false),
        (
            Canned {
                status: 204,
                ..Canned::default()
            },
            false,
            false,
        ),
        (
            Canned {
                status: 500,
                ..Canned::ok("application/json", "{}")
            },
            false,
            false,
        ),
        (
            Canned {
                status: 302,
                ..Canned::default()
            },
            false,
            false,
        ),
    ]
}

async fn ask(caller: &Caller, version: &str, method: &str, params: Value) -> Value {
    if version == "2026-07-28" {
        return caller.modern(method, params).await;
    }
    let caller = caller.clone().header("mcp-protocol-version", version);
    caller.ask(method, params).await["result"].clone()
}

async fn schema(caller: &Caller, version: &str, tool: &str) -> Option<Value> {
    let listed = ask(caller, version, "tools/list", json!({})).await;
    let tools = listed["tools"].as_array().unwrap();
    let found = tools.iter().find(|listed| listed["name"] == tool).unwrap();
    found.get("outputSchema").cloned()
}

/// What the SDKs' clients check, with the two drafts that their validators speak.
fn client_check(schema: Option<&Value>, result: &Value) -> Result<(), String> {
    let Some(schema) = schema else { return Ok(()) };
    let structured = result.get("structuredContent");
    if result["isError"] == true {
        return match structured {
            None => Ok(()),
            Some(_) => Err("an error with structured content".to_owned()),
        };
    }
    let structured = structured.ok_or("no structured content")?;
    for (draft, valid) in [
        ("7", jsonschema::draft7::is_valid(schema, structured)),
        (
            "2020-12",
            jsonschema::draft202012::is_valid(schema, structured),
        ),
    ] {
        if !valid {
            return Err(format!("draft {draft} refuses {structured}"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn no_answer_makes_a_client_throw() {
    for mode in ["checked", "strict", "off"] {
        let upstream = Upstream::start().await;
        let lines = format!("    extra_headers: [X-TOKEN]\n    output: {mode}\n");
        let gateway = Gateway::start_quiet(&data_api(&upstream, &lines));
        let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
        let tools = [
            ("get_item", json!({"item_id": 7})),
            ("list_items", json!({})),
        ];
        for (version, objects, lists) in VERSIONS {
            for (tool, arguments) in &tools {
                let declared = schema(&caller, version, tool).await;
                let allowed = if *tool == "get_item" { objects } else { lists };
                assert_eq!(
                    declared.is_some(),
                    allowed && mode != "off",
                    "{mode} {version} {tool}"
                );
                if version != "2026-07-28" {
                    let root = declared.as_ref().map(|schema| &schema["type"]);
                    assert!(root.is_none_or(|root| root == "object"));
                }
                for (canned, item, list) in answers() {
                    let case = format!("{mode} {version} {tool} {canned:?}");
                    upstream.answer_with(canned.clone());
                    let params = json!({"name": tool, "arguments": arguments});
                    let result = ask(&caller, version, "tools/call", params).await;
                    let checked = client_check(declared.as_ref(), &result);
                    assert_eq!(checked, Ok(()), "{case}: {result}");
                    // Whatever is declared, the answer is there.
                    assert!(!result["content"].as_array().unwrap().is_empty(), "{case}");
                    let fits = if *tool == "get_item" { item } else { list };
                    let success = canned.status < 300;
                    let refused = mode == "strict" && declared.is_some() && !fits;
                    assert_eq!(result["isError"], !success || refused, "{case}");
                    let marked = result["structuredContent"].get("undescribed").is_some();
                    let expected = mode == "checked" && declared.is_some() && success && !fits;
                    assert_eq!(marked, expected, "{case}: {result}");
                }
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_not_as_described_is_delivered_whole_and_counted() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&data_api(&upstream, "    extra_headers: [X-TOKEN]\n"));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    let call = json!({"name": "get_item", "arguments": {"item_id": 7}});
    upstream.answer_with(Canned::ok("application/json", r#"{"id": "seven"}"#));
    let result = ask(&caller, "2025-11-25", "tools/call", call.clone()).await;
    assert_eq!(result["content"][0]["text"], r#"{"id": "seven"}"#);
    assert_eq!(
        result["structuredContent"],
        json!({"undescribed": {"id": "seven"}})
    );
    upstream.answer_with(Canned {
        status: 500,
        ..Canned::default()
    });
    ask(&caller, "2025-11-25", "tools/call", call).await;
    let metrics = |key: Option<&'static str>| {
        let mut request = client().get(gateway.url("/metrics"));
        if let Some(key) = key {
            request = request.header("x-toolwright-key", key);
        }
        async move {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        }
    };
    let (status, text) = metrics(Some(KEY)).await;
    assert_eq!(status, 200);
    for line in [
        r#"toolwright_calls_total{server="data_api"} 2"#,
        r#"toolwright_calls_failed_total{server="data_api"} 1"#,
        r#"toolwright_answers_undescribed_total{server="data_api"} 1"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
    assert_eq!(metrics(None).await.0, 401);
}

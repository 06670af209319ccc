//! Row 34: a defect in one call is −32603 for that call, wherever it is, and nothing for any other.

use serde_json::json;

use super::tests::{ask, fixture};
use crate::testing::{STAGES, fail_at};

fn call(tool: &str) -> String {
    let arguments = if tool == "get_item" {
        json!({"item_id": 7})
    } else {
        json!({})
    };
    let params = json!({"name": tool, "arguments": arguments});
    json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}).to_string()
}

/// How often the generated function fails, in a row; the other stages a tenth of it.
const TIMES: usize = 10_000;

#[tokio::test]
async fn row_34_ten_thousand_panics_in_each_stage_are_ten_thousand_answers() {
    let (router, seen) = fixture(false).await;
    std::panic::set_hook(Box::new(|_| {}));
    let token = ("x-token", "t");
    for stage in STAGES {
        for _ in 0..TIMES / 10 {
            fail_at(Some(stage));
            let (status, answer) = ask(&router, "/data_api/mcp", &[token], &call("get_item")).await;
            assert_eq!(
                (status, &answer["error"]["code"]),
                (200, &json!(-32603)),
                "{stage}: {answer}"
            );
            assert_eq!(answer["id"], 7, "{stage}");
        }
        fail_at(None);
        let (_, answer) = ask(&router, "/data_api/mcp", &[token], &call("get_item")).await;
        assert_eq!(answer["result"]["isError"], false, "{stage}: {answer}");
    }
    // The generated function itself.
    for _ in 0..TIMES {
        let (_, answer) = ask(&router, "/data_api/mcp", &[token], &call("panics")).await;
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&json!(7), &json!(-32603))
        );
    }
    assert!(!seen.all().is_empty());
}

#[test]
fn row_34_a_panic_never_ends_the_process() {
    // `lib.rs` refuses to be compiled otherwise; this finds the setting before anybody builds with it.
    let manifest = include_str!("../../../../Cargo.toml");
    let settings: Vec<_> = manifest
        .lines()
        .filter(|line| line.trim_start().starts_with("panic"))
        .collect();
    assert!(
        settings
            .iter()
            .all(|line| line.contains("clippy") || line.contains("warn")),
        "{settings:?}"
    );
}

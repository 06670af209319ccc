//! Row 34: a defect in one call is −32603 for that call, wherever it is, and nothing for any other.

use std::process::Command;

use axum::Router;
use serde_json::{Value, json};

use super::tests::{ask, fixture};
use crate::testing::{STAGES, fail_at};

/// How often each stage fails.
const TIMES: usize = 10_000;

/// Set for the process that has nothing to do but this test.
const ALONE: &str = "TOOLWRIGHT_TEST_ALONE";

const TEST: &str =
    "row_34_ten_thousand_panics_in_each_stage_are_ten_thousand_answers_and_cost_no_memory";

/// The most that memory may grow from the first tenth of the panics to the last, sixty thousand later.
const GROWTH: usize = 1 << 20;

#[test]
fn row_34_ten_thousand_panics_in_each_stage_are_ten_thousand_answers_and_cost_no_memory() {
    if std::env::var_os(ALONE).is_some() {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().unwrap();
        return runtime.block_on(panics());
    }
    // A process of its own: other tests would fill the memory that is looked at.
    let mut alone = Command::new(std::env::current_exe().unwrap());
    let name = format!("{}::{TEST}", module_path!().split_once("::").unwrap().1);
    alone.args(["--exact", &name]).env(ALONE, "1");
    let output = alone.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

async fn panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let meant = info.payload_as_str();
        if !meant.is_some_and(|text| text.starts_with("a defect")) {
            usual(info);
        }
    }));
    let (router, seen) = fixture(false).await;
    let (mut before, mut asked) = (None, 0);
    for _ in 0..10 {
        for stage in STAGES {
            for _ in 0..TIMES / 10 {
                fail_at(Some(stage));
                failed(&router, "get_item", stage).await;
            }
            fail_at(None);
            let (_, answer) = call(&router, "get_item").await;
            assert_eq!(answer["result"]["isError"], false, "{stage}: {answer}");
        }
        for _ in 0..TIMES / 10 {
            failed(&router, "panics", "the generated function").await;
        }
        asked += seen.take().len();
        before = before.or_else(resident);
    }
    // Three of the stages come after the upstream has answered.
    assert!(asked > 3 * TIMES, "{asked}");
    if let (Some(before), Some(after)) = (before, resident()) {
        let grown = after.saturating_sub(before);
        assert!(grown < GROWTH, "{before} bytes became {after}");
    }
}

async fn call(router: &Router, tool: &str) -> (u16, Value) {
    let arguments = match tool {
        "get_item" => json!({"item_id": 7}),
        _ => json!({}),
    };
    let params = json!({"name": tool, "arguments": arguments});
    let request = json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params});
    let token = [("x-token", "t")];
    ask(router, "/data_api/mcp", &token, &request.to_string()).await
}

async fn failed(router: &Router, tool: &str, stage: &str) {
    let (status, answer) = call(router, tool).await;
    let found = (status, &answer["id"], &answer["error"]["code"]);
    assert_eq!(found, (200, &json!(7), &json!(-32603)), "{stage}: {answer}");
}

/// The memory that this process holds, where that can be read.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
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

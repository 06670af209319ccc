//! Row 34, from outside: a tool with a defect is an error for its caller, ten thousand times in a row, and costs nothing.

use serde_json::json;

use crate::caller::Caller;
use crate::gateway::{Gateway, KEY};
use crate::secured;
use crate::upstream::Upstream;

const TIMES: usize = 10_000;

/// The most that the process may grow from the first tenth of the calls to the last.
const GROWTH: usize = 4 << 20;

/// The memory that the process holds, where that can be read.
fn resident(gateway: &Gateway) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", gateway.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[tokio::test]
async fn row_34_ten_thousand_panics_leave_the_process_as_it_was() {
    let upstream = Upstream::start().await;
    let url = upstream.url();
    let other = format!("  defects:\n    spec: defects\n    url: {url}\n    rate: off\n");
    let gateway = Gateway::start_quiet(&(secured(&upstream, "") + &other));
    let caller = Caller::new(&gateway, "/defects/mcp");
    let mut before = None;
    for number in 0..TIMES {
        let call = json!({"name": "fails", "arguments": {}});
        let answer = caller.ask("tools/call", call).await;
        assert_eq!(answer["error"]["code"], -32603, "{answer}");
        let said = answer["error"]["message"].as_str().unwrap();
        assert!(!said.contains("canary") && !said.contains(KEY), "{said}");
        if number == TIMES / 10 {
            before = resident(&gateway);
        }
    }
    if let (Some(before), Some(after)) = (before, resident(&gateway)) {
        let grown = after.saturating_sub(before);
        assert!(grown < GROWTH, "{before} bytes became {after}");
    }
    upstream.untouched();
    // It still serves.
    let others = Caller::new(&gateway, "/api/mcp");
    let _ = others.call("open", json!({})).await;
    assert_eq!(upstream.only().target, "/open");
}

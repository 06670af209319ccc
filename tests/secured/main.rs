//! The server with the toolsets that the golden tests compile from `golden/security` and `golden/arguments`, and one whose
//! tool is a defect.

use std::process::ExitCode;

use toolwright_runtime::{Group, Tool, Toolset};

#[expect(unreachable_pub, dead_code, reason = "generated as a crate of its own")]
#[path = "../../crates/codegen/tests/golden/arguments/expected/src/lib.rs"]
mod arguments;
#[expect(unreachable_pub, reason = "generated as a crate of its own")]
#[path = "../../crates/codegen/tests/golden/security/expected/src/lib.rs"]
mod security;

// What is generated names its types from the root of its crate.
use arguments::types;

fn main() -> ExitCode {
    toolwright::main(&[&arguments::TOOLSET, &security::TOOLSET, DEFECTS])
}

const DEFECTS: &Toolset = &Toolset {
    name: "defects",
    groups: &[Group {
        tag: "",
        tools: &[Tool {
            name: "fails",
            endpoint: "GET /fails",
            call: |_, _| fails(),
            ..Tool::PLAIN
        }],
        list: r#"[{"name": "fails", "description": "Fails.", "inputSchema": {"type": "object"}}]"#,
    }],
    ..Toolset::PLAIN
};

#[expect(clippy::panic, reason = "what it is there for")]
fn fails() -> ! {
    panic!("a defect: canary-panic")
}

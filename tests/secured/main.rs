//! The server with the toolset that the golden tests compile from `golden/security/spec.yaml`.

use std::process::ExitCode;

#[expect(unreachable_pub, reason = "generated as a crate of its own")]
#[path = "../../crates/codegen/tests/golden/security/expected/src/lib.rs"]
mod toolset;

fn main() -> ExitCode {
    toolwright::main(&[&toolset::TOOLSET])
}

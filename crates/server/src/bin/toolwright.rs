//! The server with the toolsets of this workspace.

use std::process::ExitCode;

fn main() -> ExitCode {
    toolwright::main(build_specs::TOOLSETS)
}

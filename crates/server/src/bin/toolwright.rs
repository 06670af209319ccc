//! The gateway with the toolsets of this workspace linked in.

use std::process::ExitCode;

fn main() -> ExitCode {
    toolwright::main(&[])
}

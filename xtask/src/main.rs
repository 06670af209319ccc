//! `cargo xtask`: see the library of this crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    toolwright_xtask::main()
}

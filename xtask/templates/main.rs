//! The gateway, with the toolsets of this workspace.

fn main() -> std::process::ExitCode {
    toolwright::main(build_specs::TOOLSETS)
}

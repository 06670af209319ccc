//! `cargo xtask regen | add | update | diff | …`

fn main() -> std::process::ExitCode {
    toolwright_xtask::main()
}

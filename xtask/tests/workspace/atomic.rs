//! A killed `regen` leaves whole files: each is the old one or the new one.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use crate::support::Bench;

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// How often it is killed.
const ROUNDS: u32 = 200;

fn regen(bench: &Bench) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .arg("regen")
        .current_dir(bench.root())
        .env_remove("CARGO_MANIFEST_DIR")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn a_killed_regen_leaves_no_half_written_file() {
    let bench = Bench::new();
    for name in NAMES {
        bench.add_pets(name);
    }
    let right = bench.tree();
    let started = Instant::now();
    regen(&bench).wait().unwrap();
    let whole_run = started.elapsed();
    for round in 0..ROUNDS {
        for name in NAMES {
            fs::write(bench.at(&format!("{name}/src/lib.rs")), "// damage\n").unwrap();
            fs::write(bench.at(&format!("{name}/src/stale.rs")), "// damage\n").unwrap();
        }
        let mut child = regen(&bench);
        // Every point of a run, in an order without a pattern.
        thread::sleep(whole_run * (round * 73 % ROUNDS) / ROUNDS);
        let _ = child.kill();
        child.wait().unwrap();
        for (path, content) in bench.tree() {
            let whole = right.get(&path) == Some(&content) || content == b"// damage\n";
            assert!(
                whole || path.starts_with(".staging-"),
                "{path} is half written in round {round}"
            );
        }
    }
    bench.run(&["regen"]).ok();
    assert_eq!(bench.tree(), right);
}

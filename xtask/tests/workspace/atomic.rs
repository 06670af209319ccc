//! A killed `regen` leaves whole files: each is the old one or the new one.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::Bench;

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[test]
fn a_killed_regen_leaves_no_half_written_file() {
    let bench = Bench::new();
    for name in NAMES {
        bench.add_pets(name);
    }
    let right = bench.tree();
    for round in 0..60 {
        for name in NAMES {
            fs::write(bench.at(&format!("{name}/src/lib.rs")), "// damage\n").unwrap();
            fs::write(bench.at(&format!("{name}/src/stale.rs")), "// damage\n").unwrap();
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("regen")
            .current_dir(bench.root())
            .env_remove("CARGO_MANIFEST_DIR")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_micros(500 * round));
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

//! Every answer that tests get, kept for a validator that has the specification's schemas (`tests/clients/recorded.mjs`).

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use serde_json::json;

/// The variable that names the folder of the records; without it nothing is kept.
const FOLDER: &str = "TOOLWRIGHT_RECORD";

/// Keeps an answer as one line: what was asked, in which version as far as something besides the body said so, and the
/// HTTP status where there is one. An event stream is kept as it came.
pub(crate) fn record(version: Option<&str>, request: &str, status: Option<u16>, answer: &str) {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    // A validator reads the answer whole, but of what was asked only how it begins.
    let asked: String = request.chars().take(4096).collect();
    let record = json!({"version": version, "request": asked, "status": status, "answer": answer});
    let _ = fs::create_dir_all(&folder);
    let file = std::path::Path::new(&folder).join(format!("{}.jsonl", std::process::id()));
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .unwrap();
    // One write, so that tests that run side by side do not mix their lines.
    file.write_all(format!("{record}\n").as_bytes()).unwrap();
}

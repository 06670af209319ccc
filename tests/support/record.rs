//! Every answer that tests get, kept for a validator that has the specification's schemas (`tests/clients/recorded.mjs`).

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use serde_json::{Value, json};

/// The variable that names the folder of the records; without it nothing is kept.
const FOLDER: &str = "TOOLWRIGHT_RECORD";

/// Keeps an answer as one line: what was asked, in which version as far as something besides the body said so, and the
/// HTTP status where there is one. An event stream is kept as it came.
pub(crate) fn record(version: Option<&str>, request: &str, status: Option<u16>, answer: &str) {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let record =
        json!({"version": version, "request": short(request), "status": status, "answer": answer});
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

/// The longest request that is kept whole.
const WHOLE: usize = 4096;

/// What of a request tells how its answer must look.
fn short(request: &str) -> String {
    if request.len() <= WHOLE {
        return request.to_owned();
    }
    match serde_json::from_str::<Value>(request) {
        Ok(whole) if whole.is_object() => {
            let params = json!({"_meta": whole["params"]["_meta"]});
            json!({"id": whole["id"], "method": whole["method"], "params": params}).to_string()
        }
        Ok(whole) => whole.to_string(),
        Err(_) => request.chars().take(WHOLE).collect(),
    }
}

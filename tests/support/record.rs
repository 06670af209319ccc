//! Every answer that tests get, kept for a validator that has the specification's schemas (`tests/clients/recorded.mjs`).

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
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

/// A conversation over standard input and output, whose answers come in any order.
pub(crate) struct Session {
    /// What the last handshake settled.
    version: String,
    /// What was said last.
    said: String,
    /// Every request by its id, and by the token of its progress.
    asked: HashMap<String, String>,
}

impl Default for Session {
    fn default() -> Self {
        Session {
            version: String::from("2025-03-26"),
            said: String::new(),
            asked: HashMap::new(),
        }
    }
}

impl Session {
    /// Something is said.
    pub(crate) fn asks(&mut self, line: &str) {
        let message: Value = serde_json::from_str(line).unwrap_or_default();
        for one in message.as_array().unwrap_or(&vec![message.clone()]) {
            let token = &one["params"]["_meta"]["progressToken"];
            for key in [&one["id"], token].map(Value::to_string) {
                self.asked.insert(key, line.to_owned());
            }
        }
        line.clone_into(&mut self.said);
    }

    /// Keeps a message with the request that it belongs to, or else with what was said last.
    pub(crate) fn hears(&mut self, line: &str, message: &Value) {
        let one = message.get(0).unwrap_or(message);
        let key = match one.get("method") {
            Some(_) => &one["params"]["progressToken"],
            None => &one["id"],
        };
        let request = match key {
            Value::Null => &self.said,
            key => self.asked.get(&key.to_string()).unwrap_or(&self.said),
        };
        record(Some(&self.version), request, None, line);
        if let Some(settled) = message["result"]["protocolVersion"].as_str() {
            settled.clone_into(&mut self.version);
        }
    }
}

/// The longest request that is kept whole.
const WHOLE: usize = 4096;

/// The members of a request that tell how its answer must look. Everything else stays unread: tests send numbers that
/// nothing can hold.
#[derive(Deserialize, Serialize)]
struct Asked<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    method: Option<&'a RawValue>,
    #[serde(borrow)]
    params: Option<Params<'a>>,
}

#[derive(Deserialize, Serialize)]
struct Params<'a> {
    #[serde(borrow, rename = "_meta")]
    meta: Option<&'a RawValue>,
}

/// A request, or what matters of a long one.
fn short(request: &str) -> String {
    if request.len() <= WHOLE {
        return request.to_owned();
    }
    match serde_json::from_str::<Asked<'_>>(request) {
        Ok(asked) if request.starts_with('{') => serde_json::to_string(&asked).unwrap(),
        _ => request.chars().take(WHOLE).collect(),
    }
}

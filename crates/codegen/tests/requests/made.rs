//! What becomes of a small description.

use std::collections::BTreeMap;

use serde_json::Value;
use toolwright_codegen::{Input, compile};

/// What becomes of a description with one operation.
pub(crate) struct Made {
    /// The calls on the request.
    pub(crate) calls: String,
    /// `inputSchema`
    pub(crate) schema: Value,
    /// Messages of losses.
    pub(crate) losses: Vec<String>,
    /// Every message.
    pub(crate) said: String,
}

impl Made {
    /// Follows the references of a place in `inputSchema`.
    pub(crate) fn at(&self, pointer: &str) -> Value {
        let mut here = self.schema.clone();
        for name in pointer.split('/').filter(|name| !name.is_empty()) {
            here = self.followed(match here.is_array() {
                true => here[name.parse::<usize>().unwrap()].clone(),
                false => here[name].clone(),
            });
        }
        here
    }

    pub(crate) fn followed(&self, mut here: Value) -> Value {
        while let Some(target) = here["$ref"].as_str() {
            here = self.schema.pointer(&target[1..]).unwrap().clone();
        }
        here
    }

    /// Whether these calls are made.
    pub(crate) fn calls(&self, expected: &[&str]) {
        for call in expected {
            assert!(
                self.calls.contains(call),
                "{call} should be in\n{}\n{}",
                self.calls,
                self.said
            );
        }
    }
}

/// Compiles a description of one operation; its losses are accepted.
pub(crate) fn made(text: &str) -> Made {
    made_with(text, "")
}

pub(crate) fn made_with(text: &str, toolset: &str) -> Made {
    let files = BTreeMap::from([("spec.yaml".to_owned(), text.as_bytes().to_vec())]);
    let toolset = format!("accept = [\"#/paths\", \"#/components\"]\n{toolset}");
    let compiled = |toolset: Option<&str>| {
        compile(&Input {
            files: &files,
            entry: "spec.yaml",
            name: "t",
            source: "spec.yaml",
            toolset,
            url: None,
            pins: None,
            strict: false,
        })
    };
    let losses = compiled(None).report.losses;
    let accept: Vec<String> = losses
        .iter()
        .map(|loss| format!("\"#{}\"", loss.pointer))
        .collect();
    let toolset = toolset.replace("\"#/paths\", \"#/components\"", &accept.join(", "));
    let compiled = compiled(Some(&toolset));
    let notices = compiled
        .report
        .problems
        .iter()
        .map(|it| it.message.as_str());
    let said: Vec<&str> = notices
        .chain(losses.iter().map(|loss| loss.message.as_str()))
        .collect();
    let said = said.join("\n");
    let output = compiled.output.unwrap_or_else(|| panic!("{said}"));
    let file = |end: &str| {
        let mut found = output.files.iter();
        let found = found
            .find(|(path, text)| path.ends_with(end) && text.contains("pub const TOOLS: &[Tool]"));
        found.map(|(_, text)| text.clone())
    };
    let code = file(".rs").unwrap();
    let calls = code
        .split("-> Result<Request> {")
        .nth(1)
        .unwrap()
        .split("\n}")
        .next()
        .unwrap();
    let listed = output
        .files
        .iter()
        .find(|(path, _)| path.ends_with(".json"));
    let mut listed: Value = serde_json::from_str(listed.unwrap().1).unwrap();
    Made {
        calls: calls.to_owned(),
        schema: listed[0]["inputSchema"].take(),
        losses: losses.into_iter().map(|loss| loss.message).collect(),
        said,
    }
}

//! Writes a thousand tools: their table, and what `tools/list` says about them.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

const TOOLS: usize = 1000;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let (mut table, mut list) = (String::from("const TOOLS: &[Tool] = &[\n"), String::new());
    for number in 0..TOOLS {
        let (verb, method) = [("list", "GET"), ("create", "POST"), ("replace", "PUT")][number % 3];
        let name = format!("{verb}_resources_of_kind_{number:03}");
        let _ = writeln!(
            table,
            "Tool {{ name: {name:?}, endpoint: \"{method} /kinds/{number}\", call, ..Tool::PLAIN }},"
        );
        if number > 0 {
            list.push_str(",\n");
        }
        list.push_str(&entry(&name, verb, number));
    }
    table.push_str("];\n");
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    let out = Path::new(&out);
    fs::write(out.join("many.rs"), table)?;
    fs::write(out.join("many.json"), format!("[\n{list}\n]\n"))
}

/// About a kilobyte, as in real descriptions.
fn entry(name: &str, verb: &str, number: usize) -> String {
    format!(
        r#"{{
  "name": "{name}",
  "title": "{verb} the resources of kind {number}",
  "description": "Acts on the resources of kind {number}. What a caller may not see is left out, and the answer says how many there are in all, so that a client can show where in the whole it stands.",
  "inputSchema": {{
    "type": "object",
    "properties": {{
      "kind_{number}_id": {{ "type": "integer", "minimum": 1, "description": "The number of the resource of kind {number}." }},
      "label": {{ "anyOf": [ {{ "type": "string", "maxLength": {length} }}, {{ "type": "null" }} ], "description": "A text that the label of the resource must contain." }},
      "order": {{ "type": "string", "enum": [ "created", "updated", "label", "-label" ], "default": "created", "description": "What comes first." }},
      "page": {{ "type": "integer", "minimum": 1, "maximum": 10000, "default": 1, "description": "Which page of the results." }},
      "tags": {{ "type": "array", "items": {{ "type": "string" }}, "maxItems": 8, "description": "Resources with any of these tags." }}
    }},
    "required": [ "kind_{number}_id" ],
    "additionalProperties": false
  }},
  "annotations": {{ "readOnlyHint": {read_only}, "openWorldHint": true }}
}}"#,
        length = 20 + number % 200,
        read_only = verb == "list",
    )
}

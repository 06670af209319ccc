//! Any bytes as JSON or YAML: a tree or an error with a place, and what is read can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use toolwright_document::{Document, Json, Limits};

fuzz_target!(|data: &[u8]| {
    for name in ["fuzz.json", "fuzz.yaml"] {
        match Document::parse(name, data, &Limits::default()) {
            Ok(document) => {
                let json = document.root().to_json();
                let text = json.compact();
                let again = Json::parse(&text).expect("what was written can be read");
                assert_eq!(again.compact(), text);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});

//! Any bytes as a message: what is dispatched is what every JSON parser reads, and what is refused says why.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use toolwright::mcp::envelope::{self, Body, Message};

/// The members of an object, as they are written: numbers may be of any size.
type Members<'a> = BTreeMap<String, &'a RawValue>;

fuzz_target!(|data: &[u8]| {
    match envelope::parse(data) {
        Ok(Body::One(message)) => {
            same(&message, std::str::from_utf8(data).expect("JSON is UTF-8"));
        }
        Ok(Body::Batch(messages)) => {
            let values: Vec<&RawValue> = serde_json::from_slice(data).expect("an array");
            assert_eq!(messages.len(), values.len());
            for (message, value) in messages.iter().zip(values) {
                if let Ok(message) = message {
                    same(message, value.get());
                }
            }
        }
        Err(malformed) => assert!(!malformed.refusal.message.is_empty()),
    }
});

fn same(message: &Message<'_>, text: &str) {
    let members: Members<'_> = serde_json::from_str(text).expect("an object");
    let method = members
        .get("method")
        .map(|value| serde_json::from_str::<String>(value.get()).expect("a string"));
    match message {
        Message::Request(request) => {
            assert_eq!(method.as_deref(), Some(&*request.method));
            assert_eq!(members["id"].get(), request.id);
            assert!(!matches!(request.id, "null" | "true" | "false"));
            assert!(!request.id.starts_with(['{', '[']), "{}", request.id);
        }
        Message::Notification { method: said } => {
            assert_eq!(method.as_deref(), Some(&**said));
            assert!(!members.contains_key("id"));
        }
        Message::Response => assert_eq!(method, None),
    }
}

//! Any bytes as a message: what is dispatched is what every JSON parser reads, and what is refused says why.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use toolwright::mcp::envelope::{self, Body, Message};

fuzz_target!(|data: &[u8]| {
    match envelope::parse(data) {
        Ok(Body::One(message)) => {
            let value: Value = serde_json::from_slice(data).expect("a message is JSON");
            same(&message, &value);
        }
        Ok(Body::Batch(messages)) => {
            let values: Vec<Value> = serde_json::from_slice(data).expect("a batch is a JSON array");
            assert_eq!(messages.len(), values.len());
            for (message, value) in messages.iter().zip(&values) {
                if let Ok(message) = message {
                    same(message, value);
                }
            }
        }
        Err(malformed) => assert!(!malformed.refusal.message.is_empty()),
    }
});

fn same(message: &Message<'_>, value: &Value) {
    match message {
        Message::Request(request) => {
            assert_eq!(value["method"], *request.method);
            let id: Value = serde_json::from_str(request.id).expect("an id is JSON");
            assert_eq!(value["id"], id);
            assert!(id.is_string() || id.is_number(), "{id}");
        }
        Message::Notification { method } => {
            assert_eq!(value["method"], **method);
            assert!(value.get("id").is_none());
        }
        Message::Response => assert!(value.get("method").is_none()),
    }
}

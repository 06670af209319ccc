//! What does nothing, and what is said to whoever wrote it.

use super::tests::{load, server};

#[test]
fn what_does_nothing_is_noted() {
    let notes = load(&server("allow_passthrough: true")).unwrap().notes;
    let expected = ["mcp_servers.data_api: allow_passthrough does nothing without `jwt`"];
    assert_eq!(notes, expected);
}

//! What does nothing, and what is said to whoever wrote it.

use super::tests::{load, mistakes, server};

#[test]
fn what_does_nothing_is_noted() {
    let notes = load(&server("allow_passthrough: true")).unwrap().notes;
    let expected = ["mcp_servers.data_api: allow_passthrough does nothing without `jwt`"];
    assert_eq!(notes, expected);
}

#[test]
fn what_comes_to_nothing_is_a_mistake() {
    for (lines, expected) in [
        (
            "extra_headers: [{name: A, tools: []}]",
            "4:38: mcp_servers.data_api.extra_headers[0].tools: names no tool … leave `tools` out",
        ),
        (
            "icons: ['https://u:canary@a.local/a.png']",
            "4:13: mcp_servers.data_api.icons[0]: holds a user name or password | remove it",
        ),
        (
            "icons: [{src: 'https://u@a.local/a.png'}]",
            "4:19: mcp_servers.data_api.icons[0].src: holds a user name",
        ),
    ] {
        mistakes(&server(lines), &[expected]);
    }
    for (head, expected) in [
        (
            "gateway_keys: {a: {key: k, servers: []}}",
            "1:37: gateway_keys.a.servers: is empty, which opens nothing … name some",
        ),
        (
            "gateway_keys: {a: {key: k, servers: ['*'], tools: []}}",
            "1:51: gateway_keys.a.tools: is empty",
        ),
        (
            "general_settings: {master_key: }",
            "1:20: general_settings.master_key: has no value … os.environ/NAME",
        ),
    ] {
        mistakes(&format!("{head}\n{}", server("")), &[expected]);
    }
    let grouped = "gateway_keys: {a: {key: k, servers: [], access_groups: [g]}}";
    let joined = server("access_groups: [g]");
    assert!(load(&format!("{grouped}\n{joined}")).is_ok());
}

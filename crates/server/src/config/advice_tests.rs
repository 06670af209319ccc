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

#[test]
fn a_mistake_says_what_to_do() {
    for (lines, expected) in [
        (
            "rate: 5",
            "4:11: mcp_servers.data_api.rate: must be a number of requests per time | such as 10/s",
        ),
        (
            "rate: '5'",
            "4:11: mcp_servers.data_api.rate: must be a number of requests per time | such as 10/s",
        ),
        (
            "description: ''",
            "4:18: mcp_servers.data_api.description: is empty | write a value, or remove it",
        ),
        (
            "description: ${EMPTY}",
            "4:18: mcp_servers.data_api.description: is empty | set the environment variable",
        ),
        (
            "auth_type: api_key\nauth_value: a\nsecurity_scheme: nope",
            "6:22: mcp_servers.data_api.security_scheme: is not an API key of the description | it declares none; remove",
        ),
        (
            "extra_headers: [A]\nstdio_headers: {A: \"a\\nb\"}",
            "5:24: mcp_servers.data_api.stdio_headers.A: holds a character that no header can carry | ASCII without",
        ),
    ] {
        mistakes(&server(lines), &[expected]);
    }
    mistakes(
        &format!("general_settings: {{master_key: 'a b'}}\n{}", server("")),
        &[
            "1:32: general_settings.master_key: holds a character that no header can carry | visible ASCII",
        ],
    );
}

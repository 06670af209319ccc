use super::*;
use crate::testing::TOOLSETS;

pub(super) fn load(yaml: &str) -> Result<Config, Mistakes> {
    let environment = |name: &str| match name {
        "KEY" => Some("sk-1".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    };
    read("t.yaml", yaml.as_bytes(), &environment, TOOLSETS, None)
}

/// A file around one server's lines.
pub(super) fn server(lines: &str) -> String {
    let mut yaml = "mcp_servers:\n  data_api:\n    url: http://api.local\n".to_owned();
    for line in lines.lines() {
        yaml.push_str(&format!("    {line}\n"));
    }
    yaml
}

/// Checks that a file has exactly these mistakes: each is the start of `line:column: key: message`.
pub(super) fn mistakes(yaml: &str, expected: &[&str]) {
    let found = match load(yaml) {
        Ok(_) => panic!("accepted:\n{yaml}"),
        Err(mistakes) => mistakes.list,
    };
    let found: Vec<String> = found
        .iter()
        .map(|mistake| {
            let place = mistake
                .position
                .map(|at| format!("{}:{}", at.line, at.column))
                .unwrap_or_default();
            let help = mistake.help.as_deref().unwrap_or_default();
            format!("{place}: {}: {} | {help}", mistake.key, mistake.message)
        })
        .collect();
    let fits = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| {
            let (start, within) = expected.split_once(" … ").unwrap_or((expected, ""));
            found.starts_with(start) && found.contains(within)
        });
    assert!(fits, "{yaml}\nfound {found:#?}\nexpected {expected:#?}");
}

#[test]
fn the_configuration_of_litellms_issue_starts_unchanged() {
    let yaml = "general_settings:\n  master_key: os.environ/KEY\nmcp_servers:\n  data_api:\n    \
                url: http://upstream-api.local\n    spec_path: http://upstream-api.local/openapi.json\n    \
                auth_type: none\n    extra_headers:\n      - X-TOKEN\n";
    let config = load(yaml).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:4000");
    assert!(config.keys.find("sk-1").is_some() && config.keys.find("sk-2").is_none());
    let server = &config.servers[0];
    assert_eq!(
        (server.name.as_str(), server.toolset.name),
        ("data_api", "data_api")
    );
    assert!(server.policy.owns("x-token") && !server.policy.owns("x-other"));
    assert!(config.notes.is_empty(), "{:?}", config.notes);
}

#[test]
fn keys_of_litellm_that_mean_nothing_here_are_named_once() {
    let yaml = format!(
        "model_list: []\nlitellm_settings: {{drop_params: true}}\nrouter_settings:\ngeneral_settings: {{database_url: x}}\n{}",
        server("mcp_info: {server_name: x}\ntransport: http")
    );
    let notes = load(&yaml).unwrap().notes;
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes.iter().any(|note| note.ends_with(
        "model_list, litellm_settings, router_settings, general_settings.database_url"
    )));
}

#[test]
fn a_toolset_is_found_by_spec_by_name_or_by_source() {
    for (yaml, toolset, url) in [
        (
            "mcp_servers:\n  staging:\n    spec: data_api\n    url: http://s.local/base",
            "data_api",
            "http://s.local/base",
        ),
        (
            "mcp_servers:\n  mine:\n    spec_path: addressed.json",
            "addressed",
            "https://api.example/v1",
        ),
        (
            "mcp_servers:\n  addressed: {}",
            "addressed",
            "https://api.example/v1",
        ),
    ] {
        let config = load(yaml).unwrap();
        assert_eq!(config.servers[0].toolset.name, toolset);
        assert_eq!(config.servers[0].url.as_str(), url);
    }
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let yaml = "listn: 1\ngeneral_settings:\n  master_key: os.environ/UNSET\nmcp_servers:\n  data_api:\n    \
                url: ftp://x\n    extra_header: [X]\n    extra_headers:\n      - Host\n      - X-A\n    \
                static_headers:\n      Mcp-Session-Id: a\n      X-B: os.environ/NOPE\n    timeout: soon\n";
    mistakes(
        yaml,
        &[
            "1:1: listn: is not a key … did you mean `listen`?",
            "3:15: general_settings.master_key: the environment variable UNSET is not set",
            "6:10: mcp_servers.data_api.url: must begin with http:// or https://",
            "7:5: mcp_servers.data_api.extra_header: is not a key … did you mean `extra_headers`?",
            "9:9: mcp_servers.data_api.extra_headers[0]: the header `Host` cannot be set or forwarded",
            "12:7: mcp_servers.data_api.static_headers.Mcp-Session-Id: the header `Mcp-Session-Id`",
            "13:12: mcp_servers.data_api.static_headers.X-B: the environment variable NOPE is not set",
            "14:14: mcp_servers.data_api.timeout: must be a time",
        ],
    );
}

#[test]
fn servers_that_are_not_compiled_in_say_how_to_get_there() {
    mistakes(
        "mcp_servers:\n  data_apj:\n    url: http://a\n    spec_path: http://a/openapi.json\n",
        &["2:3: mcp_servers.data_apj: no tools are compiled in … did you mean `data_api`?"],
    );
    mistakes(
        "mcp_servers:\n  other:\n    url: http://a\n    spec_path: http://a/openapi.json\n",
        &["2:3: mcp_servers.other: no tools … cargo xtask add other http://a/openapi.json"],
    );
    mistakes(
        "mcp_servers:\n  x:\n    url: http://a\n    spec: data_apo\n",
        &["4:11: mcp_servers.x.spec: no toolset `data_apo` … did you mean `data_api`?"],
    );
}

#[test]
fn servers_that_are_no_apis_are_not_told_to_compile_one_in() {
    for transport in ["sse", "stdio"] {
        let yaml =
            format!("mcp_servers:\n  other:\n    url: http://a\n    transport: {transport}\n");
        mistakes(
            &yaml,
            &[
                "2:3: mcp_servers.other: no tools … remove this server",
                "4:16: mcp_servers.other.transport: `s",
            ],
        );
        let said = load(&yaml).unwrap_err().to_string();
        assert!(!said.contains("xtask"), "{said}");
    }
}

#[test]
fn the_source_of_a_description_is_shown_without_its_secrets() {
    let path = "spec_path: 'https://u:${KEY}@a.local/openapi.json?token=${KEY}&v=literal&flag'";
    let lines = format!("mcp_servers:\n  other:\n    url: http://a\n    {path}\n");
    mistakes(
        &lines,
        &[
            "2:3: mcp_servers.other: no tools … add other https://a.local/openapi.json?token=…&v=…&…",
        ],
    );
    let notes = load(&server(path)).unwrap().notes;
    assert!(
        notes[0].contains("spec_path is https://a.local/openapi.json?token=…&v=…&…, but"),
        "{notes:?}"
    );
}

#[test]
fn one_key_says_where_tokens_are_made() {
    let kind = "auth_type: oauth2_token_exchange\nclient_id: a\n";
    let (one, other) = (
        "token_url: https://a/t\n",
        "token_exchange_endpoint: ftp://b/t\n",
    );
    mistakes(
        &server(&format!("{kind}{one}{other}")),
        &[
            "7:5: mcp_servers.data_api.token_exchange_endpoint: means the same as `token_url` … keep one",
        ],
    );
    mistakes(
        &server(&format!("{kind}{other}")),
        &["6:30: mcp_servers.data_api.token_exchange_endpoint: must begin with http"],
    );
}

#[test]
fn wrong_values() {
    for (lines, expected) in [
        (
            "url: http://b.local",
            "4:5: mcp_servers.data_api: `url` is written twice",
        ),
        (
            "caller_auth: 1",
            "4:18: mcp_servers.data_api.caller_auth: must be true or false, not a number",
        ),
        (
            "auth_type: bearer",
            "4:16: mcp_servers.data_api.auth_type: `bearer` is not known … allowed: none, api_key",
        ),
        (
            "auth_type: api_keys",
            "4:16: mcp_servers.data_api.auth_type: `api_keys` … did you mean `api_key`?",
        ),
        (
            "auth_value: x",
            "4:5: mcp_servers.data_api.auth_value: is never sent",
        ),
        (
            "auth_type: token\nauth_value: 12345",
            "5:17: mcp_servers.data_api.auth_value: must be text … quotes",
        ),
        (
            "auth_type: token\nauth_value: a\nauthentication_token: b",
            "6:5: mcp_servers.data_api.authentication_token: means the same",
        ),
        (
            "precedence: model",
            "4:17: mcp_servers.data_api.precedence: `model` is not known",
        ),
        (
            "extra_headers: [x-mcp-auth]",
            "4:21: mcp_servers.data_api.extra_headers[0]: the header `x-mcp-auth`",
        ),
        (
            "extra_headers: [X-A, x-a]",
            "4:26: mcp_servers.data_api.extra_headers[1]: is in the list already",
        ),
        (
            "extra_headers: ['a b']",
            "4:21: mcp_servers.data_api.extra_headers[0]: `a b` is not a header name",
        ),
        (
            "extra_headers: {X: y}",
            "4:20: mcp_servers.data_api.extra_headers",
        ),
        (
            "static_headers: [a]",
            "4:21: mcp_servers.data_api.static_headers: must be a mapping",
        ),
        (
            "static_headers: {X-A: 'é'}",
            "4:22: mcp_servers.data_api.static_headers.X-A: the value",
        ),
        (
            "static_headers: {X-A: a, x-a: b}",
            "4:30: mcp_servers.data_api.static_headers.x-a: names the same",
        ),
        (
            "allowed_tools: [get_itm]",
            "4:21: mcp_servers.data_api.allowed_tools[0]: is not a tool … `get_item`",
        ),
        (
            "client_secert: x",
            "4:5: mcp_servers.data_api.client_secert: is not a key … did you mean `client_secret`?",
        ),
        (
            "token_urll: x",
            "4:5: mcp_servers.data_api.token_urll: is not a key … did you mean `token_url`?",
        ),
        (
            "transport: stdio",
            "4:16: mcp_servers.data_api.transport: `stdio` is not known",
        ),
        (
            "authorization_url: a",
            "4:5: mcp_servers.data_api.authorization_url: is a key of LiteLLM that is not supported",
        ),
        (
            "max_response_bytes: 5",
            "4:25: mcp_servers.data_api.max_response_bytes: must be between 1024",
        ),
        (
            "response_headers: [Set-Cookie]",
            "4:24: mcp_servers.data_api.response_headers[0]: is never passed on",
        ),
    ] {
        let yaml = server(lines);
        if lines.starts_with("extra_headers: {") {
            assert!(load(&yaml).is_err());
            continue;
        }
        mistakes(&yaml, &[expected]);
    }
    mistakes(
        "mcp_servers:\n  data_api: {}\n",
        &["2:3: mcp_servers.data_api: `url` is missing"],
    );
    mistakes("mcp_servers: {}\n", &["1:14: mcp_servers: names no server"]);
    mistakes(
        "listen: 127.0.0.1:1\n",
        &["1:1: : `mcp_servers` is missing"],
    );
    mistakes("- a\n", &["1:1: : must be a mapping"]);
    mistakes("a: [\n", &["2:1: "]);
    mistakes("", &[": : the file is empty"]);
}

#[test]
fn a_gateway_without_a_key_listens_on_loopback_alone() {
    let open = format!("listen: 0.0.0.0:4000\n{}", server(""));
    mistakes(
        &open,
        &["1:9: listen: 0.0.0.0:4000 can be reached … master_key"],
    );
    let keyed = format!("general_settings: {{master_key: k}}\n{open}");
    assert!(load(&keyed).is_ok());
    assert!(load(&format!("listen: '[::1]:4000'\n{}", server(""))).is_ok());
}

#[test]
fn the_counters_have_an_address_of_their_own() {
    let own = |listen: &str, metrics: &str| {
        format!(
            "listen: {listen}\nmetrics_listen: {metrics}\n{}",
            server("")
        )
    };
    mistakes(
        &own("127.0.0.1:4000", "localhost:4000"),
        &["2:17: metrics_listen: is where the gateway itself listens … another port"],
    );
    assert!(load(&own("127.0.0.1:4000", "127.0.0.1:4001")).is_ok());
    assert!(load(&own("127.0.0.1:0", "127.0.0.1:0")).is_ok());
}

#[test]
fn no_secret_is_in_what_is_printed() {
    let yaml =
        server("auth_type: bearer_token\nauth_value: canary-1\nstatic_headers: {X-A: canary-2}");
    let config = load(&format!(
        "general_settings: {{master_key: canary-3}}\n{yaml}"
    ))
    .unwrap();
    assert!(!format!("{config:?}").contains("canary"));
}

#[test]
fn there_is_a_rate_unless_it_is_turned_off() {
    for (lines, limited) in [
        ("", true),
        ("rate: 10/s", true),
        ("rpm: 600", true),
        ("rate: off", false),
        ("rate: 'off'", false),
    ] {
        let config = load(&server(lines)).unwrap();
        assert_eq!(config.servers[0].rate.is_some(), limited, "{lines}");
    }
}

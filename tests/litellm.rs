//! LiteLLM's keys: each is supported, named as ignored, or refused with its reason, as docs/from-litellm.md says. And
//! whole configurations, of each shape that LiteLLM documents for servers made from API descriptions.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::support::{Caller, Gateway, KEY, Upstream, data_api, refused};

/// The rows of a table: the keys of a row, and what becomes of them.
fn table(heading: &str) -> Vec<(Vec<String>, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/from-litellm.md");
    let text = fs::read_to_string(root).unwrap();
    let section = text.split(&format!("## {heading}\n")).nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        let names = cells
            .next()
            .unwrap()
            .trim_end_matches(" and all others")
            .split(", ");
        let names = names.map(|name| name.trim_matches('`').replace('*', "region_name"));
        (names.collect(), cells.next().unwrap().to_owned())
    })
    .collect()
}

fn keys(heading: &str, what: &str) -> Vec<String> {
    let rows = table(heading).into_iter().filter(|(_, here)| here == what);
    rows.flat_map(|(names, _)| names).collect()
}

#[tokio::test]
async fn every_key_of_the_table_is_treated_as_it_says() {
    let of = |what: &str| keys("Keys of a server", what);
    let (supported, ignored, refusals) = (of("supported"), of("ignored"), of("refused"));
    assert!(supported.len() > 20 && ignored.len() > 10 && refusals.len() > 30);
    // One configuration for all of them, because every mistake is told.
    let all =
        |keys: &[String]| -> String { keys.iter().map(|key| format!("    {key}: x\n")).collect() };
    let (code, said) = refused(&format!(
        "mcp_servers:\n  data_api:\n    url: http://a\n{}",
        all(&refusals)
    ));
    assert_eq!(code, Some(2), "{said}");
    for key in &refusals {
        let line =
            format!("mcp_servers.data_api.{key}: is a key of LiteLLM that is not supported: ");
        assert!(said.contains(&line), "{key}: {said}");
    }
    for key in &supported {
        let (_, said) = refused(&format!(
            "mcp_servers:\n  x:\n    spec: none\n    {key}: x\n"
        ));
        assert!(
            !said.contains(&format!("x.{key}: is not a key")),
            "{key}: {said}"
        );
        assert!(!said.contains("is not supported"), "{key}: {said}");
    }
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&data_api(&upstream, &all(&ignored)));
    for key in &ignored {
        assert!(
            gateway.says(&format!("data_api.{key} has no meaning")),
            "{key}"
        );
    }
}

#[tokio::test]
async fn every_setting_of_the_table_is_treated_as_it_says() {
    let (refusals, ignored) = (keys("Settings", "refused"), keys("Settings", "ignored"));
    assert!(refusals.len() > 20 && ignored.len() > 3);
    let lines: String = refusals.iter().map(|key| format!("  {key}: x\n")).collect();
    let servers = "mcp_servers:\n  data_api: {url: http://a}\n";
    let (code, said) = refused(&format!("general_settings:\n{lines}{servers}"));
    assert_eq!(code, Some(2), "{said}");
    for key in &refusals {
        let line = format!("general_settings.{key}: is a key of LiteLLM that is not supported: ");
        assert!(said.contains(&line), "{key}: {said}");
    }
    let upstream = Upstream::start().await;
    let lines: String = ignored.iter().map(|key| format!("  {key}: x\n")).collect();
    let off: String = refusals
        .iter()
        .map(|key| format!("  {key}: false\n"))
        .collect();
    let configuration =
        data_api(&upstream, "").replace("mcp_servers", &format!("{lines}{off}mcp_servers"));
    let gateway = Gateway::start(&configuration);
    for key in &ignored {
        assert!(gateway.says(&format!("general_settings.{key}")), "{key}");
    }
}

#[tokio::test]
async fn what_asks_for_nothing_is_let_pass() {
    let refusals = keys("Keys of a server", "refused");
    let settings = keys("Settings", "refused");
    let upstream = Upstream::start().await;
    for nothing in ["null", "{}", "[]", "''", "false"] {
        let lines = |keys: &[String], indent: &str| -> String {
            let asks = |key: &str| match nothing {
                "false" => key == "available_on_public_internet",
                "[]" | "{}" => {
                    ["allowed_ips", "allowed_routes", "mcp_allowed_clients"].contains(&key)
                }
                _ => false,
            };
            let keys = keys.iter().filter(|key| !asks(key));
            keys.map(|key| format!("{indent}{key}: {nothing}\n"))
                .collect()
        };
        let configuration = data_api(&upstream, &lines(&refusals, "    "));
        let head = format!(
            "{}mcp_aliases: {nothing}\nmcp_servers",
            lines(&settings, "  ")
        );
        let gateway = Gateway::start(&configuration.replace("mcp_servers", &head));
        let tools = Caller::new(&gateway, "/data_api/mcp").tools().await;
        assert!(!tools.is_empty(), "{nothing}: {}", gateway.log());
    }
    let (_, said) = refused(
        "general_settings: {allowed_ips: []}\nmcp_servers: {data_api: {url: http://a, available_on_public_internet: false}}\n",
    );
    for key in ["allowed_ips", "available_on_public_internet"] {
        let line = format!("{key}: is a key of LiteLLM that is not supported");
        assert!(said.contains(&line), "{said}");
    }
}

/// Configurations that start as they are. `UPSTREAM` becomes an address; every server must answer.
const STARTS: &[(&str, &[&str])] = &[
    (
        "mcp_servers:\n  data_api:\n    url: UPSTREAM\n    spec_path: http://upstream-api.local/openapi.json\n    auth_type: none\n  \
         keyed:\n    url: UPSTREAM\n    spec_path: http://upstream-api.local/openapi.json\n    auth_type: api_key\n    auth_value: some-key\n  \
         secured:\n    url: UPSTREAM\n    spec_path: http://upstream-api.local/openapi.json\n    auth_type: bearer_token\n    \
         auth_value: some-token\n",
        &[],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: UPSTREAM\n    spec_path: http://upstream-api.local/openapi.json\n    description: Items\n    \
         allowed_tools: [whoami, getitem, data_api-listitems, delete_item]\n    disallowed_tools: [Delete_Item]\n    \
         allowed_params:\n      getitem: [item_id]\n      data_api-list_items: [tag]\n",
        &[
            "`getitem` is taken for the tool `get_item`",
            "`data_api-listitems` is taken for the tool `list_items`",
        ],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: UPSTREAM\n    auth_type: basic\n    auth_value: dXNlcjpwYXNz\n  \
         verbatim: {url: UPSTREAM, spec_path: http://upstream-api.local/openapi.json, auth_type: authorization, auth_value: Token abc}\n  \
         token: {url: UPSTREAM, spec_path: http://upstream-api.local/openapi.json, auth_type: token, authentication_token: abc}\n",
        &[],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: UPSTREAM\n    transport: http\n    auth_type: bearer_token\n    \
         auth_value: os.environ/STATIC_VALUE\n    extra_headers: [custom_key, x-custom-header, Authorization]\n    \
         static_headers:\n      X-API-Key: abc\n      X-Source: '${STATIC_VALUE}'\n",
        &["`authorization` may come from the caller and from this file"],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: UPSTREAM\n    server_name: data_api\n    alias: data_api\n    access_groups: [dev_group]\n    \
         allow_all_keys: true\n    available_on_public_internet: true\n    delegate_auth_to_upstream: false\n    is_byok: false\n    \
         timeout: 30.0\n    max_concurrent_requests: 10\n    rpm: 600\n    mcp_info:\n      mcp_server_cost_info: {default_cost_per_query: 1}\n",
        &["mcp_info has no meaning", "allow_all_keys has no meaning"],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: UPSTREAM\nmodel_list:\n  - model_name: m\n    litellm_params: {model: m}\n\
         litellm_settings: {drop_params: true}\ncallbacks: [x]\nguardrails:\n  - guardrail_name: g\n    litellm_params: {mode: pre_call}\n\
         environment_variables: {A: b}\nmcp_tools:\n  - name: t\n",
        &[
            "model_list",
            "litellm_settings",
            "callbacks",
            "guardrails",
            "environment_variables",
            "mcp_tools is not read",
        ],
    ),
];

#[tokio::test]
async fn documented_configurations_start_as_they_are() {
    let upstream = Upstream::start().await;
    for (text, said) in STARTS {
        let head = "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n  store_model_in_db: true\n";
        let text = format!("{head}{}", text.replace("UPSTREAM", &upstream.url()));
        let gateway = Gateway::start(&text);
        for line in *said {
            assert!(gateway.says(line), "{line}\n{text}\n{}", gateway.log());
        }
        let log = gateway.log();
        let servers = ["data_api", "keyed", "secured", "verbatim", "token"];
        for server in servers
            .into_iter()
            .filter(|name| text.contains(&format!("\n  {name}:")))
        {
            let caller = Caller::new(&gateway, &format!("/{server}/mcp"));
            let tools = caller.tools().await;
            assert!(!tools.is_empty(), "{server}\n{text}\n{log}");
            caller.answer("whoami", json!({"x-token": "t"})).await;
            upstream.only();
        }
        assert!(!log.contains(KEY));
    }
}

#[tokio::test]
async fn the_tools_that_litellm_names_are_those_that_are_served() {
    let upstream = Upstream::start().await;
    let (text, _) = STARTS[1];
    let gateway = Gateway::start(&format!(
        "general_settings: {{master_key: {KEY}}}\n{}",
        text.replace("UPSTREAM", &upstream.url())
    ));
    let tools = Caller::new(&gateway, "/data_api/mcp").tools().await;
    let mut names: Vec<_> = tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["get_item", "list_items", "whoami"]);
    for tool in &tools {
        let arguments = &tool["inputSchema"]["properties"];
        assert!(
            arguments["q"].is_null() && arguments["order"].is_null(),
            "{tool}"
        );
    }
}

/// Configurations that do not start, and what must be said: each key that is not supported, and why.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "mcp_servers:\n  circle:\n    transport: stdio\n    command: npx\n    args: ['-y', server]\n    env: {TOKEN: x}\n",
        &[
            "circle.transport: `stdio` is not known",
            "circle.command: ",
            "circle.args: ",
            "circle.env: ",
            "no processes",
        ],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: https://a\n    auth_type: aws_sigv4\n    aws_role_name: os.environ/STATIC_VALUE\n    \
         aws_region_name: us-east-1\n    aws_service_name: x\n",
        &[
            "auth_type: `aws_sigv4` is not known",
            "aws_role_name: ",
            "aws_region_name: ",
            "aws_service_name: ",
            "not signed",
        ],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: https://a\n    auth_type: oauth2\n    authorization_url: https://a/authorize\n    \
         registration_url: https://a/register\n    token_url: https://a/token\n    client_id: x\n    client_secret: y\n    \
         scopes: ['a', 'b:c']\n",
        &[
            "authorization_url: ",
            "registration_url: ",
            "nobody is sent to log in",
        ],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: https://a\n    available_on_public_internet: false\n\
         general_settings: {mcp_internal_ip_ranges: [10.0.0.0/8]}\n",
        &[
            "available_on_public_internet: ",
            "mcp_internal_ip_ranges: ",
            "by their address",
        ],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: https://a\nlitellm_settings:\n  mcp_aliases: {short: data_api}\n",
        &["litellm_settings.mcp_aliases: ", "one name"],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: https://a\nguardrails:\n  - guardrail_name: g\n    litellm_params:\n      mode: [pre_call, pre_mcp_call]\n",
        &["guardrails[0]: is a guardrail of LiteLLM for calls of tools"],
    ),
    (
        "mcp_servers:\n  - server_name: a\n    url: https://a/mcp\n",
        &["mcp_servers: must be a mapping of names to servers"],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: https://a\n    transport: sse\n",
        &["transport: `sse` is not known"],
    ),
    (
        "mcp_servers:\n  data_api:\n    url: https://a\n    allowed_tools: [getitems]\n",
        &["allowed_tools[0]: is not a tool of this server", "get_item"],
    ),
];

#[test]
fn documented_configurations_that_cannot_start_name_each_key_and_why() {
    for (text, said) in REFUSED {
        let (code, output) = refused(text);
        assert_eq!(code, Some(2), "{text}{output}");
        for line in *said {
            assert!(output.contains(line), "{line}\n{text}\n{output}");
        }
    }
}

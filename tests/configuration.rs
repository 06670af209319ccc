//! Mistakes in the configuration: nothing starts, and all of them are named at once.

use crate::support::{Caller, Gateway, Issuer, Upstream, data_api, refused, with_token};

const HEAD: &str = "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\nmcp_servers:\n";

/// What is written below `mcp_servers`, and what must be said about it.
const MISTAKES: &[(&str, &[&str])] = &[
    (
        "  data_api:\n    url: http://a\n    extra_headrs: [X-TOKEN]\n",
        &["extra_headrs", "extra_headers", ":6:5"],
    ),
    (
        "  data_api:\n    url: http://a\n    extra_headers: [Host]\n",
        &["Host", "extra_headers"],
    ),
    (
        "  data_api:\n    url: http://a\n    extra_headers: [Content-Length]\n",
        &["Content-Length"],
    ),
    (
        "  data_api:\n    url: http://a\n    extra_headers: [Mcp-Session-Id]\n",
        &["Mcp-Session-Id"],
    ),
    (
        "  data_api:\n    url: http://a\n    extra_headers: [x-litellm-api-key]\n",
        &["x-litellm-api-key"],
    ),
    (
        "  data_api:\n    url: http://a\n    extra_headers: ['X Y']\n",
        &["X Y"],
    ),
    (
        "  data_api:\n    url: http://a\n    static_headers:\n      Connection: close\n",
        &["Connection"],
    ),
    (
        "  data_api:\n    url: http://a\n    static_headers:\n      X-A: os.environ/NOT_SET_ANYWHERE\n",
        &["NOT_SET_ANYWHERE"],
    ),
    (
        "  data_api:\n    url: http://a\n    auth_type: bearer\n",
        &["bearer", "bearer_token"],
    ),
    ("  data_api:\n    url: ftp://a\n", &["url"]),
    ("  data_api:\n    auth_type: none\n", &["url"]),
    (
        "  data_ap:\n    url: http://a\n    spec_path: http://a/openapi.json\n",
        &[
            "data_ap",
            "data_api",
            "cargo xtask add data_ap http://a/openapi.json",
        ],
    ),
    (
        "  other:\n    url: http://a\n    spec: data_apy\n",
        &["data_apy", "data_api"],
    ),
    (
        "  data_api:\n    url: http://a\n  data_api:\n    url: http://b\n",
        &["data_api", "twice"],
    ),
    ("  data_api: 7\n", &["data_api"]),
    ("  - data_api\n", &["mcp_servers"]),
];

#[test]
fn a_mistake_starts_nothing_and_is_named_with_its_place() {
    for (lines, named) in MISTAKES {
        let (code, said) = refused(&format!("{HEAD}{lines}"));
        assert_eq!(code, Some(2), "{lines}\n{said}");
        assert!(said.contains("toolwright.yaml:"), "{lines}\n{said}");
        for name in *named {
            assert!(said.contains(name), "`{name}` is missing.\n{lines}\n{said}");
        }
    }
}

#[test]
fn all_mistakes_are_named_at_once() {
    let (code, said) = refused(
        "generl_settings: {}\nlisten: nowhere\nmcp_servers:\n  data_api:\n    url: http://a\n    extra_headers: [Host, TE]\n  \
         nothing:\n    url: http://b\n    static_headers:\n      X-A: os.environ/NOT_SET_ANYWHERE\n",
    );
    assert_eq!(code, Some(2), "{said}");
    for name in [
        "generl_settings",
        "general_settings",
        "listen",
        "Host",
        "TE",
        "nothing",
        "NOT_SET_ANYWHERE",
    ] {
        assert!(said.contains(name), "`{name}` is missing: {said}");
    }
}

#[test]
fn what_is_no_configuration_is_refused() {
    for text in [
        "",
        "[",
        "a: b: c",
        "- a\n",
        "mcp_servers: {}\n",
        "\t- x",
        "\u{0}",
        "a: &a [*a]\n",
    ] {
        let (code, said) = refused(text);
        assert_eq!(code, Some(2), "{text:?}: {said}");
    }
}

#[test]
fn without_a_key_only_this_machine_may_call() {
    let (code, said) = refused("listen: 0.0.0.0:0\nmcp_servers:\n  data_api:\n    url: http://a\n");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("master_key"), "{said}");
}

#[tokio::test]
async fn without_a_key_it_says_so_and_serves_loopback() {
    let upstream = Upstream::start().await;
    let configuration = with_token(&upstream);
    let (_, servers) = configuration.split_once("mcp_servers").unwrap();
    let gateway = Gateway::start(&format!("mcp_servers{servers}"));
    let caller = Caller::stranger(&gateway, "/data_api/mcp").header("x-token", "t");
    caller.answer("whoami", serde_json::json!({})).await;
    assert!(gateway.says("master_key"), "{}", gateway.log());
}

#[tokio::test]
async fn a_configuration_of_litellm_starts_as_it_is() {
    let upstream = Upstream::start().await;
    let models = "model_list:\n  - model_name: m\n    litellm_params: {model: m}\nlitellm_settings: {drop_params: true}\n";
    let gateway = Gateway::start(&format!(
        "{models}{}",
        data_api(&upstream, "    mcp_info: {server_name: x}\n")
    ));
    assert!(
        !Caller::new(&gateway, "/data_api/mcp")
            .tools()
            .await
            .is_empty()
    );
}

#[test]
fn names_that_callers_could_not_tell_apart_are_mistakes() {
    let server = |name: &str, headers: &str| {
        format!("  {name}: {{url: http://a, spec: data_api, extra_headers: [{headers}]}}\n")
    };
    for (one, other, named) in [
        (server("api", ""), server("API", ""), "in case alone"),
        (
            server("a", "b-authorization"),
            server("a-b", ""),
            "x-mcp-a-b-authorization",
        ),
        (server("A", "B-X"), server("a-b", "X"), "x-mcp-a-b-x"),
    ] {
        let (code, said) = refused(&format!("mcp_servers:\n{one}{other}"));
        assert!(
            code == Some(2) && said.contains(named),
            "{one}{other}{said}"
        );
    }
}

#[test]
fn an_egress_is_a_list_of_origins() {
    for egress in [
        "[https://a/path]",
        "['*']",
        "[a]",
        "['https://u:p@a']",
        "[ftp://a]",
    ] {
        let text = format!("mcp_servers:\n  data_api: {{url: http://a, egress: {egress}}}\n");
        let (code, said) = refused(&text);
        assert!(
            code == Some(2) && said.contains("egress"),
            "{egress}: {said}"
        );
    }
}

#[test]
fn groups_can_be_told_from_servers_and_from_one_another() {
    for (groups, named) in [
        ("[other]", "name of a server"),
        ("['a,b']", "name of a group"),
        ("['a b']", "name of a group"),
    ] {
        let text = format!(
            "mcp_servers:\n  data_api: {{url: http://a, access_groups: {groups}}}\n  other: {{url: http://a, spec: data_api}}\n"
        );
        let (code, said) = refused(&text);
        assert!(code == Some(2) && said.contains(named), "{groups}: {said}");
    }
}

#[tokio::test]
async fn a_check_says_what_callers_need() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let tokens = issuer.configuration(&upstream, "");
    let servers = tokens.split_once("mcp_servers").unwrap().1;
    let key = "general_settings: {master_key: sk-1}\n";
    for (text, expected) in [
        (
            tokens.clone(),
            "callers need a token of https://issuer.example",
        ),
        (
            format!("{key}{tokens}"),
            "callers need a token of https://issuer.example, or a gateway key: master_key",
        ),
        (
            format!("{key}mcp_servers{servers}"),
            "callers need a gateway key: master_key",
        ),
        (
            format!("mcp_servers{servers}"),
            "no gateway key, so only this machine can call",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("toolwright.yaml"), &text).unwrap();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_toolwright"))
            .arg("check")
            .current_dir(folder.path())
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(
            printed.ends_with(&format!("; {expected}\n")),
            "{text}{printed}"
        );
    }
}

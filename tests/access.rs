//! Gateway keys: who may call what, and what each of them sees.

use http::StatusCode;
use serde_json::json;

use crate::support::{Caller, Gateway, Upstream, refused};

/// SHA-256 of `sk-hashed`.
const HASHED: &str = "c291001835042e213221b2f9fca79c9c91d08813d599b717bc695a268edb2ea6";

fn configuration(upstream: &Upstream, keys: &str) -> String {
    let url = upstream.url();
    format!(
        "gateway_keys:\n{keys}mcp_servers:\n  data_api:\n    url: {url}\n    extra_headers: [X-TOKEN]\n    access_groups: [first]\n  \
         other:\n    url: {url}\n    spec: data_api\n    extra_headers: [X-TOKEN]\n    access_groups: [second]\n"
    )
}

fn holder(gateway: &Gateway, path: &str, key: &str) -> Caller {
    Caller::stranger(gateway, path).header("x-toolwright-key", key)
}

async fn names(caller: &Caller) -> Vec<String> {
    let tools = caller.tools().await;
    let names = tools.iter().filter_map(|tool| tool["name"].as_str());
    names.map(str::to_owned).collect()
}

async fn status(caller: &Caller) -> StatusCode {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    caller.post(body.to_string()).await.0
}

#[tokio::test]
async fn row_63_a_key_sees_and_calls_its_own_servers_alone() {
    let upstream = Upstream::start().await;
    let keys = "  a: {key: sk-a, servers: [data_api]}\n  b: {key: sk-b, access_groups: [second], tools: [get_*, whoami]}\n  \
                c: {key: sk-c, servers: ['*'], read_only: true}\n";
    let keys = format!("{keys}  d: {{key_sha256: {HASHED}, servers: [data_api]}}\n");
    let gateway = Gateway::start(&configuration(&upstream, &keys));
    let all = names(&holder(&gateway, "/mcp", "sk-a")).await;
    assert!(
        !all.is_empty() && all.iter().all(|name| name.starts_with("data_api-")),
        "{all:?}"
    );
    assert_eq!(
        status(&holder(&gateway, "/data_api/mcp", "sk-a")).await,
        200
    );
    assert_eq!(status(&holder(&gateway, "/other/mcp", "sk-a")).await, 403);
    assert_eq!(status(&holder(&gateway, "/nowhere/mcp", "sk-a")).await, 404);
    assert_eq!(status(&holder(&gateway, "/mcp/other", "sk-a")).await, 403);
    // What is not seen cannot be called.
    let hidden = json!({"name": "other-whoami", "arguments": {}});
    let answer = holder(&gateway, "/mcp", "sk-a")
        .ask("tools/call", hidden)
        .await;
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    upstream.untouched();
    holder(&gateway, "/mcp", "sk-a")
        .header("x-token", "t")
        .answer("data_api-whoami", json!({}))
        .await;
    upstream.only();
    let some = names(&holder(&gateway, "/other/mcp", "sk-b")).await;
    let fits = |name: &String| name.starts_with("get_") || name == "whoami";
    assert!(some.len() > 1 && some.iter().all(fits), "{some:?}");
    // Only what reads.
    let whole = names(&holder(&gateway, "/other/mcp", "sk-c")).await;
    let tools = holder(&gateway, "/other/mcp", "sk-c").tools().await;
    assert!(!whole.is_empty());
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
    }
    let hashed = names(&holder(&gateway, "/data_api/mcp", "sk-hashed")).await;
    assert!(hashed.len() > 1, "a key known by its digest alone");
    for key in ["sk-", "sk-d", ""] {
        assert_eq!(status(&holder(&gateway, "/mcp", key)).await, 401, "{key}");
    }
    assert!(!gateway.log().contains("sk-a"));
    assert!(gateway.says("\"key\":\"a\""), "{}", gateway.log());
}

#[tokio::test]
async fn no_key_travels_whosever_it_is() {
    let upstream = Upstream::start().await;
    let keys = format!(
        "  a: {{key: sk-a, servers: ['*']}}\n  b: {{key_sha256: {HASHED}, servers: ['*']}}\n"
    );
    let gateway = Gateway::start(&configuration(&upstream, &keys));
    let caller = holder(&gateway, "/data_api/mcp", "sk-a");
    for value in [
        "sk-hashed",
        "Bearer sk-hashed",
        "k=sk-hashed; l",
        "Basic dTpzay1oYXNoZWQ=",
        "x sk-a",
    ] {
        let said = caller
            .clone()
            .header("x-token", value)
            .error("whoami", json!({}))
            .await;
        assert!(
            said.contains("key to this gateway") && !said.contains("sk-"),
            "{value}: {said}"
        );
    }
    upstream.untouched();
    caller
        .header("x-token", "sk-unknown")
        .answer("whoami", json!({}))
        .await;
    upstream.only();
}

#[tokio::test]
async fn selections_show_what_they_name_and_never_more() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&configuration(
        &upstream,
        "  a: {key: sk-a, servers: ['*']}\n",
    ));
    let of = |path: &str| holder(&gateway, path, "sk-a");
    for (caller, starts) in [
        (of("/mcp/other"), vec!["other-"]),
        (of("/mcp/first"), vec!["data_api-"]),
        (of("/mcp/data_api,other"), vec!["data_api-", "other-"]),
        (of("/mcp").header("x-mcp-servers", "other"), vec!["other-"]),
        (
            of("/mcp").header("x-mcp-servers", "other, first"),
            vec!["data_api-", "other-"],
        ),
    ] {
        let names = names(&caller).await;
        assert!(
            names
                .iter()
                .all(|name| starts.iter().any(|start| name.starts_with(start))),
            "{names:?}"
        );
        for start in starts {
            assert!(
                names.iter().any(|name| name.starts_with(start)),
                "{start} {names:?}"
            );
        }
    }
    for (caller, expected) in [
        (of("/mcp/nothing"), 404),
        (of("/mcp/other,nothing"), 404),
        (of("/mcp/other,"), 400),
        (of("/mcp/*"), 404),
        (of("/mcp").header("x-mcp-servers", "nothing"), 404),
        (of("/mcp").header("x-mcp-servers", ""), 400),
        (of("/mcp/other").header("x-mcp-servers", "other"), 400),
        (of("/data_api/mcp").header("x-mcp-servers", "other"), 403),
    ] {
        assert_eq!(status(&caller).await, expected);
    }
}

#[tokio::test]
async fn row_37_rates_hold_per_key_and_per_server() {
    let upstream = Upstream::start().await;
    let keys = "  slow: {key: sk-slow, servers: [data_api], rate: 2/h}\n  fast: {key: sk-fast, servers: [data_api]}\n";
    let configuration =
        configuration(&upstream, keys).replace("access_groups: [first]", "rate: 3/h");
    let gateway = Gateway::start(&configuration);
    let slow = holder(&gateway, "/data_api/mcp", "sk-slow").header("x-token", "t");
    for _ in 0..2 {
        slow.answer("whoami", json!({})).await;
    }
    assert_eq!(status(&slow).await, StatusCode::TOO_MANY_REQUESTS);
    let fast = holder(&gateway, "/data_api/mcp", "sk-fast").header("x-token", "t");
    fast.answer("whoami", json!({})).await;
    let said = fast.error("whoami", json!({})).await;
    assert!(said.contains("retry") && said.contains(" s"), "{said}");
    assert_eq!(upstream.take().len(), 3);
}

#[tokio::test]
async fn params_that_are_not_allowed_are_neither_shown_nor_taken() {
    let upstream = Upstream::start().await;
    let configuration = configuration(&upstream, "  a: {key: sk-a, servers: ['*']}\n").replace(
        "access_groups: [first]",
        "allowed_params: {get_item: [item_id]}",
    );
    let gateway = Gateway::start(&configuration);
    let caller = holder(&gateway, "/data_api/mcp", "sk-a").header("x-token", "t");
    caller.answer("get_item", json!({"item_id": 1})).await;
    upstream.only();
    let said = caller
        .error("get_item", json!({"item_id": 1, "q": "x"}))
        .await;
    assert!(said.contains('q'), "{said}");
    upstream.untouched();
}

#[test]
fn scopes_that_name_nothing_are_mistakes() {
    for (key, named) in [
        ("{key: k}", "servers"),
        ("{servers: ['*']}", "key"),
        ("{key: k, servers: [data_ap]}", "data_api"),
        ("{key: k, access_groups: [nobody]}", "group"),
        (
            "{key: k, servers: [data_api], tools: [nothing_*]}",
            "fits no tool",
        ),
        (
            "{key: k, servers: [data_api], tools: {other: [whoami]}}",
            "other",
        ),
        ("{key: k, servers: [data_api], rate: 5}", "rate"),
        (
            "{key: k, servers: [data_api], read_onli: true}",
            "read_only",
        ),
        ("{key: 'a b', servers: [data_api]}", "header"),
        ("{key_sha256: abc, servers: [data_api]}", "64"),
        (
            "{key: file:/nowhere/at/all, servers: [data_api]}",
            "/nowhere/at/all",
        ),
    ] {
        let (code, said) = refused(&format!(
            "gateway_keys:\n  one: {key}\nmcp_servers:\n  data_api: {{url: http://a}}\n  other: {{url: http://a, spec: data_api}}\n"
        ));
        assert_eq!(code, Some(2), "{key}: {said}");
        assert!(said.contains(named), "{key}: {said}");
    }
    for name in ["'jwt rules 0'", "master_key", "\"a\\tb\"", "é"] {
        let (code, said) = refused(&format!(
            "gateway_keys:\n  {name}: {{key: k, servers: ['*']}}\nmcp_servers:\n  data_api: {{url: http://a}}\n"
        ));
        assert!(
            code == Some(2) && said.contains("name of a key"),
            "{name}: {said}"
        );
    }
    let twice = format!(
        "gateway_keys:\n  one: {{key_sha256: {HASHED}, servers: ['*']}}\n  two: {{key_sha256: {HASHED}, servers: ['*']}}\n\
         mcp_servers:\n  data_api: {{url: http://a}}\n"
    );
    let (code, said) = refused(&twice);
    assert!(code == Some(2) && said.contains("same key"), "{said}");
}

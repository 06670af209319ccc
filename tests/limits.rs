//! How many calls at a time, and how often: on every way to a tool.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Caller, Gateway, KEY, Piped, Upstream, refused};

/// A way to call a tool: the path, and the body for a tool and its arguments.
struct Way {
    name: &'static str,
    path: &'static str,
    header: Option<(&'static str, &'static str)>,
    body: fn(&str, Value) -> Value,
}

fn message(name: &str, arguments: &Value) -> Value {
    let params = json!({"name": name, "arguments": arguments});
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
}

/// All of them, besides standard input. `data_api` lists its tools, `searched` has three that find and call them.
const WAYS: [Way; 10] = [
    Way {
        name: "one server",
        path: "/data_api/mcp",
        header: None,
        body: |tool, arguments| message(tool, &arguments),
    },
    Way {
        name: "all servers",
        path: "/mcp",
        header: None,
        body: |tool, arguments| message(&format!("data_api-{tool}"), &arguments),
    },
    Way {
        name: "some servers",
        path: "/mcp/data_api,searched",
        header: None,
        body: |tool, arguments| message(&format!("data_api-{tool}"), &arguments),
    },
    Way {
        name: "servers selected by a header",
        path: "/mcp",
        header: Some(("x-mcp-servers", "data_api")),
        body: |tool, arguments| message(&format!("data_api-{tool}"), &arguments),
    },
    Way {
        name: "a batch",
        path: "/data_api/mcp",
        header: None,
        body: |tool, arguments| json!([message(tool, &arguments)]),
    },
    Way {
        name: "a stream",
        path: "/data_api/mcp",
        header: None,
        body: |tool, arguments| {
            let mut message = message(tool, &arguments);
            message["params"]["_meta"] = json!({"progressToken": 1});
            message
        },
    },
    Way {
        name: "call_operation",
        path: "/searched/mcp",
        header: None,
        body: |tool, arguments| {
            message(
                "call_operation",
                &json!({"name": tool, "arguments": arguments}),
            )
        },
    },
    Way {
        name: "call_operation among all servers",
        path: "/mcp",
        header: None,
        body: |tool, arguments| {
            message(
                "searched-call_operation",
                &json!({"name": tool, "arguments": arguments}),
            )
        },
    },
    Way {
        name: "REST",
        path: "/data_api/tools/TOOL",
        header: None,
        body: |_, arguments| arguments,
    },
    Way {
        name: "LiteLLM's REST",
        path: "/mcp-rest/tools/call",
        header: None,
        body: |tool, arguments| json!({"name": tool, "arguments": arguments, "server_id": "data_api"}),
    },
];

impl Way {
    /// Everything that is answered to a call.
    async fn call(&self, gateway: &Gateway, tool: &str, arguments: Value) -> String {
        let path = self.path.replace("TOOL", tool);
        let mut caller = Caller::new(gateway, &path).header("x-token", "t");
        if let Some((name, value)) = self.header {
            caller = caller.header(name, value);
        }
        let (status, text) = caller.post((self.body)(tool, arguments).to_string()).await;
        assert_eq!(status, StatusCode::OK, "{}: {text}", self.name);
        text
    }
}

fn configuration(upstream: &Upstream, lines: &str) -> String {
    let url = upstream.url();
    let server =
        format!("    url: {url}\n    spec: data_api\n    extra_headers: [X-TOKEN]\n{lines}");
    format!(
        "general_settings: {{master_key: {KEY}}}\nmcp_servers:\n  data_api:\n{server}  searched:\n    discovery: search\n{server}"
    )
}

#[tokio::test]
async fn row_37_a_cap_of_calls_holds_on_every_way_to_a_tool() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&configuration(&upstream, "    max_concurrent_calls: 1\n"));
    // Item 408 keeps silent.
    let mut silent = Vec::new();
    for path in ["/data_api/tools/get_item", "/searched/tools/get_item"] {
        let caller = Caller::new(&gateway, path).header("x-token", "t");
        silent.push(tokio::spawn(async move {
            caller.post("{\"item_id\": 408}").await
        }));
    }
    let mut arrived = 0;
    while arrived < 2 {
        arrived += upstream.take().len();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for way in &WAYS {
        let said = way.call(&gateway, "whoami", json!({})).await;
        let refused = said.contains("already has 1 calls") && said.contains("\"isError\":true");
        assert!(refused, "{}: {said}", way.name);
    }
    upstream.untouched();
    for call in silent {
        call.abort();
        let _ = call.await;
    }
    for way in &WAYS {
        // The gateway hears of a caller that went away a moment later.
        while way
            .call(&gateway, "whoami", json!({}))
            .await
            .contains("already has")
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        upstream.only();
    }
}

#[tokio::test]
async fn row_37_a_rate_of_calls_holds_on_every_way_to_a_tool() {
    let upstream = Upstream::start().await;
    for way in &WAYS {
        let gateway = Gateway::start(&configuration(&upstream, "    rate: 1/h\n"));
        let said = way.call(&gateway, "whoami", json!({})).await;
        assert!(!said.contains("\"isError\":true"), "{}: {said}", way.name);
        upstream.only();
        // Whichever way the first call came, on every way there is none left.
        let searched = |way: &Way| way.name.starts_with("call_operation");
        for other in WAYS.iter().filter(|other| searched(other) == searched(way)) {
            let said = other.call(&gateway, "whoami", json!({})).await;
            // Of the hour a part has gone by, however slow the machine is.
            let wait = said
                .split_once("after ")
                .and_then(|(_, rest)| rest.split_once(" s"));
            let wait = wait.and_then(|(seconds, _)| seconds.parse().ok());
            let refused = said.contains("as often as it may")
                && wait.is_some_and(|seconds: u32| (3000..=3600).contains(&seconds));
            assert!(refused, "{} after {}: {said}", other.name, way.name);
        }
        upstream.untouched();
    }
}

#[tokio::test]
async fn row_37_who_waits_for_a_token_is_under_way() {
    let upstream = Upstream::start().await;
    // A token endpoint that takes a request and keeps silent.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let token_url = format!("http://{}/token", silent.local_addr().unwrap());
    let lines = format!(
        "    max_concurrent_calls: 1\n    auth_type: oauth2\n    client_id: me\n    token_url: {token_url}\n"
    );
    let gateway = Gateway::start(&configuration(&upstream, &lines));
    let caller = Caller::new(&gateway, "/data_api/tools/whoami").header("x-token", "t");
    let first = caller.clone();
    let first = tokio::spawn(async move { first.post("").await });
    let _asked = silent.accept().await.unwrap();
    let (_, said) = caller.post("").await;
    assert!(said.contains("already has 1 calls"), "{said}");
    upstream.untouched();
    first.abort();
}

#[tokio::test]
async fn row_37_caps_and_rates_hold_over_standard_input() {
    let upstream = Upstream::start().await;
    let lines = "    max_concurrent_calls: 1\n    rate: 2/h\n    stdio_headers: {X-TOKEN: t}\n";
    let mut session = Piped::start(&configuration(&upstream, lines), Some("data_api"));
    let call = |id: u32, tool: &str, arguments: Value| {
        let mut call = message(tool, &arguments);
        call["id"] = json!(id);
        call.to_string()
    };
    session
        .say(&call(1, "get_item", json!({"item_id": 408})))
        .await;
    while upstream.take().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for (id, expected) in [(2, "already has 1 calls"), (3, "as often as it may")] {
        session.say(&call(id, "whoami", json!({}))).await;
        let answer = session.hear().await;
        let text = answer["result"]["content"][0]["text"].as_str().unwrap();
        assert_eq!(answer["id"], id);
        assert!(text.contains(expected), "{answer}");
    }
    upstream.untouched();
}

#[tokio::test]
async fn each_request_of_a_batch_counts() {
    let upstream = Upstream::start().await;
    let url = upstream.url();
    let gateway = Gateway::start(&format!(
        "gateway_keys:\n  one: {{key: sk-one, servers: ['*'], rate: 3/h}}\n\
         mcp_servers:\n  data_api: {{url: '{url}', extra_headers: [X-TOKEN]}}\n"
    ));
    let caller = Caller::stranger(&gateway, "/data_api/mcp")
        .header("x-toolwright-key", "sk-one")
        .header("x-token", "t");
    let batch: Vec<Value> = (1..=5)
        .map(|id| {
            let mut call = message("whoami", &json!({}));
            call["id"] = json!(id);
            call
        })
        .collect();
    let (status, text) = caller.post(Value::from(batch).to_string()).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let answers: Vec<Value> = serde_json::from_str(&text).unwrap();
    let ids: Vec<_> = answers
        .iter()
        .map(|answer| answer["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    let late: Vec<_> = answers
        .iter()
        .filter(|answer| answer["error"].is_object())
        .collect();
    assert_eq!(late.len(), 2, "{text}");
    for answer in late {
        let said = answer["error"]["message"].as_str().unwrap();
        assert!(
            said.contains("retry after") && said.contains(" s"),
            "{said}"
        );
    }
    assert_eq!(upstream.take().len(), 3);
    // And the whole is refused once nothing is left, with the time to wait.
    let request = crate::support::client()
        .post(gateway.url("/data_api/mcp"))
        .header("x-toolwright-key", "sk-one")
        .header("content-type", "application/json")
        .body(message("whoami", &json!({})).to_string());
    let answer = crate::support::send(request).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u32 = answer.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=1200).contains(&wait), "{wait}");
}

#[test]
fn rates_are_read_strictly() {
    for rate in ["5", "0/s", "5/d", "fast", "true", "-1/s"] {
        let text = format!("mcp_servers:\n  data_api: {{url: http://a, rate: {rate}}}\n");
        let (code, said) = refused(&text);
        assert!(code == Some(2) && said.contains("rate"), "{rate}: {said}");
    }
    let both = "mcp_servers:\n  data_api: {url: http://a, rate: 5/s, rpm: 5}\n";
    let (code, said) = refused(both);
    assert!(
        code == Some(2) && said.contains("means the same as `rate`"),
        "{said}"
    );
}

//! Rows of the list of threats about callers' headers that have no test of their own elsewhere. docs/headers.md says
//! where the others are.

use http::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{
    Authority, Caller, Gateway, KEY, Upstream, client, data_api, record, refused, send, with_token,
};

#[tokio::test]
async fn row_12_proxies_of_the_environment_are_ignored() {
    // Every gateway of these tests runs with proxies in its environment that do not exist.
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    caller.answer("whoami", json!({})).await;
    upstream.only();
}

/// The whole answer to a call of `get_item`.
async fn whole(caller: &Caller, id: u16) -> String {
    let arguments = json!({"item_id": id});
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "get_item", "arguments": arguments}});
    let (status, text) = caller.post(call.to_string()).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(text.contains("\"isError\":true"), "{text}");
    text
}

#[tokio::test]
async fn row_13_errors_of_every_kind_hold_no_secret_and_no_address() {
    let upstream = Upstream::start().await;
    let taken = upstream.url().rsplit(':').next().unwrap().to_owned();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = free.local_addr().unwrap().port();
    drop(free);
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca");
    std::fs::write(&ca, Authority::new().pem).unwrap();
    let server = |name: &str, url: &str, lines: &str| {
        format!(
            "  {name}:\n    url: {url}\n    spec: data_api\n    extra_headers: [X-TOKEN]\n    auth_type: bearer_token\n    \
             auth_value: credential-canary\n    static_headers: {{X-Static: static-canary}}\n    timeout: 300ms\n{lines}"
        )
    };
    let secured = format!("    ca_file: {}\n", ca.display());
    let gateway = Gateway::start(&format!(
        "general_settings: {{master_key: {KEY}}}\nmcp_servers:\n{}{}{}{}",
        server("good", &upstream.url(), ""),
        server("closed", &format!("http://127.0.0.1:{closed}/canary"), ""),
        server("nameless", "http://canary-host.invalid/canary", ""),
        server(
            "plain",
            &format!("https://localhost:{taken}/canary"),
            &secured
        ),
    ));
    for (name, id, expected) in [
        ("good", 408, "did not answer within 0.3 s"),
        ("good", 500, "broken"),
        ("closed", 1, "refused the connection"),
        ("nameless", 1, "cannot be resolved"),
        ("plain", 1, "TLS connection to the upstream"),
    ] {
        let caller = Caller::new(&gateway, &format!("/{name}/mcp"))
            .header("x-token", "token-canary")
            .header("x-mcp-auth", "auth-canary");
        let text = whole(&caller, id).await;
        assert!(text.contains(expected), "{name}: {text}");
        for secret in ["canary", "127.0.0.1", "localhost", &taken, KEY] {
            assert!(!text.contains(secret), "{name}: {secret} in {text}");
        }
    }
    // A password in an address starts nothing, and is not repeated.
    let (code, said) = refused(
        "mcp_servers:\n  data_api: {url: 'http://user-canary:password-canary@127.0.0.1:9'}\n",
    );
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("auth_value") && !said.contains("canary"),
        "{said}"
    );
}

#[tokio::test]
async fn row_24_an_upstreams_401_stays_its_own() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let call =
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami"}});
    let request = client()
        .post(gateway.url("/data_api/mcp"))
        .header("content-type", "application/json")
        .header("x-toolwright-key", KEY)
        .header("x-token", "expired")
        .body(call.to_string());
    let answer = send(request).await;
    assert_eq!(answer.status(), StatusCode::OK);
    for name in ["www-authenticate", "set-cookie"] {
        assert!(!answer.headers().contains_key(name), "{name}");
    }
    let text = answer.text();
    assert!(
        text.contains("\"isError\":true") && text.contains("401"),
        "{text}"
    );
    assert!(!text.contains("realm") && !text.contains("id=1"), "{text}");
}

#[tokio::test]
async fn row_14_three_of_sixty_headers_arrive() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN, x-h-7, X-H-42]\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let mut caller = Caller::new(&gateway, "/data_api/mcp").header("x-Token", "t");
    for number in 0..60 {
        caller = caller.header(&format!("X-H-{number}"), "value");
    }
    caller.answer("whoami", json!({})).await;
    let seen = upstream.only();
    let names: Vec<_> = seen
        .names()
        .into_iter()
        .filter(|name| name.starts_with("x-"))
        .map(str::to_owned)
        .collect();
    assert_eq!(names, ["x-h-42", "x-h-7", "x-token"]);
}

#[tokio::test]
async fn rows_19_and_21_duplicates_are_refused_and_underscores_are_no_hyphens() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "t");
    for (name, first, second) in [
        ("authorization", "Bearer a", "Bearer b"),
        ("authorization", "Bearer a", "Bearer a"),
        ("x-toolwright-key", KEY, "other"),
        ("x-toolwright-key", "other", KEY),
    ] {
        let (status, _) = caller
            .clone()
            .header(name, first)
            .header(name, second)
            .post("{}")
            .await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{name} {first} {second}");
    }
    upstream.untouched();
    let underscored = Caller::new(&gateway, "/data_api/mcp").header("x_token", "canary");
    underscored.call("whoami", json!({})).await;
    for seen in upstream.take() {
        assert!(!seen.text().contains("canary"), "{seen:?}");
    }
}

#[tokio::test]
async fn row_60_health_and_metrics_show_no_secret() {
    let upstream = Upstream::start().await;
    let lines = "    auth_type: bearer_token\n    auth_value: credential-canary\n    extra_headers: [X-TOKEN]\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "token-canary");
    caller.answer("whoami", json!({})).await;
    for path in [
        "/healthz",
        "/metrics",
        "/mcp-rest/tools/list",
        "/config",
        "/debug",
    ] {
        for key in [None, Some(KEY)] {
            let mut request = client().get(gateway.url(path));
            if let Some(key) = key {
                request = request.header("x-toolwright-key", key);
            }
            let answer = request.send().await.unwrap();
            let text = format!(
                "{:?} {}",
                answer.headers().clone(),
                answer.text().await.unwrap()
            );
            assert!(!text.contains("canary"), "{path}: {text}");
        }
    }
}

#[tokio::test]
async fn row_60_counters_may_have_an_address_of_their_own() {
    let upstream = Upstream::start().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let apart = free.local_addr().unwrap();
    drop(free);
    let configuration = format!("metrics_listen: {apart}\n{}", with_token(&upstream));
    let gateway = Gateway::start(&configuration);
    let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "token-canary");
    caller.answer("whoami", json!({})).await;
    let get = async |url: String| {
        let request = client().get(url).header("x-toolwright-key", KEY);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, text) = get(format!("http://{apart}/metrics")).await;
    assert_eq!(status, 200, "{text}");
    assert!(
        text.contains("toolwright_calls_total{server=\"data_api\"} 1"),
        "{text}"
    );
    assert!(!text.contains("canary"), "{text}");
    assert_eq!(get(format!("http://{apart}/healthz")).await.0, 200);
    // Nothing else is there, and the counters are not at the gateway's address.
    for path in ["/data_api/mcp", "/mcp", "/data_api/tools", "/config"] {
        assert_eq!(get(format!("http://{apart}{path}")).await.0, 404, "{path}");
    }
    assert_eq!(get(gateway.url("/metrics")).await.0, 404);
    for path in ["/metrics", "/healthz"] {
        let refused = client().put(format!("http://{apart}{path}")).body("x");
        let refused = refused.send().await.unwrap();
        assert_eq!(refused.status(), 405, "{path}");
        assert_eq!(refused.headers()["allow"], "GET, HEAD", "{path}");
        assert!(refused.text().await.unwrap().starts_with("{\"error\""));
    }
    // A page that a visitor opened learns nothing.
    let foreign = client()
        .get(format!("http://{apart}/metrics"))
        .header("host", "evil.example");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    let (code, said) = refused("metrics_listen: here\nmcp_servers:\n  data_api: {url: http://a}\n");
    assert!(code == Some(2) && said.contains("metrics_listen"), "{said}");
}

/// One request with these header lines as bytes, and its whole answer.
async fn raw(gateway: &Gateway, lines: &str) -> String {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami"}}"#;
    let mut request = format!(
        "POST /data_api/mcp HTTP/1.1\r\nHost: {}\r\nx-litellm-api-key: {KEY}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n",
        gateway.address(),
        body.len()
    )
    .into_bytes();
    // Latin-1, so that a test can name each byte.
    request.extend(
        lines
            .chars()
            .map(|letter| u8::try_from(u32::from(letter)).unwrap()),
    );
    request.extend_from_slice(format!("\r\n{body}").as_bytes());
    let mut stream = TcpStream::connect(gateway.address()).await.unwrap();
    stream.write_all(&request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.get(9..12).and_then(|status| status.parse().ok());
    let text = answer.split_once("\r\n\r\n").map(|(_, text)| text);
    record(None, body, status, text.unwrap_or_default());
    answer
}

#[tokio::test]
async fn row_20_what_belongs_to_one_hop_stays_there() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers: [X-TOKEN, X-Key, '*']\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let answer = raw(
        &gateway,
        "X-TOKEN: t\r\nX-Key: canary\r\nX-Nominated: canary\r\nX-Fine: fine\r\nTE: canary\r\nKeep-Alive: canary\r\n\
         Proxy-Authorization: canary\r\nProxy-Connection: canary\r\nTrailer: canary\r\nHTTP2-Settings: canary\r\n\
         x-mcp-data_api-x-key: canary\r\nConnection: close, x-KEY,X-Nominated , x-mcp-data_api-x-key\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let seen = upstream.only();
    assert!(!seen.text().contains("canary"), "{seen:?}");
    assert_eq!(seen.header("x-token"), ["t"]);
    assert_eq!(seen.header("x-fine"), ["fine"]);
    // An upgrade is not asked for either.
    let answer = raw(
        &gateway,
        "X-TOKEN: t\r\nConnection: upgrade, close\r\nUpgrade: canary\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(!upstream.only().text().contains("canary"));
}

#[tokio::test]
async fn row_4_values_that_no_header_can_carry_are_refused_before_anything_is_sent() {
    let upstream = Upstream::start().await;
    let lines =
        "    extra_headers: [X-TOKEN, {name: X-Renamed, rename: X-Other, prefix: 'Bearer '}]\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    for (name, value) in [
        ("X-TOKEN", "canary-\u{fc}"),
        ("X-TOKEN", "canary-\u{c3}\u{bc}"),
        ("X-TOKEN", "canary-\u{80}"),
        ("X-TOKEN", "canary\tx"),
        ("X-Renamed", "canary-\u{ff}"),
        ("x-mcp-data_api-x-token", "canary-\u{fc}"),
        ("x-mcp-data_api-authorization", "canary-\u{fc}"),
        ("x-mcp-auth", "canary\tx"),
    ] {
        let answer = raw(
            &gateway,
            &format!("{name}: {value}\r\nConnection: close\r\n"),
        )
        .await;
        assert!(answer.contains("\"isError\":true"), "{name}: {answer}");
        let named = answer.contains(&format!("`{}` contains a", name.to_lowercase()));
        assert!(named && !answer.contains("canary"), "{name}: {answer}");
    }
    // What is no header at all is no request.
    for value in ["a\u{0}b", "a\u{7f}b", "a\u{1}b", "a\rb"] {
        let answer = raw(
            &gateway,
            &format!("X-TOKEN: {value}\r\nConnection: close\r\n"),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{value:?}: {answer}");
    }
    upstream.untouched();
}

#[tokio::test]
async fn row_22_a_missing_required_header_stops_the_call() {
    let upstream = Upstream::start().await;
    let lines = "    extra_headers:\n      - name: X-TOKEN\n        required: true\n      - {name: X-Key, required: true, rename: X-Api-Key, tools: [get_*]}\n";
    let gateway = Gateway::start(&data_api(&upstream, lines));
    let caller = Caller::new(&gateway, "/data_api/mcp");
    let said = caller.error("whoami", json!({})).await;
    assert!(
        said.contains("`X-TOKEN` is required") && said.contains("missing"),
        "{said}"
    );
    // An empty one is none.
    let said = caller
        .clone()
        .header("x-token", "")
        .error("whoami", json!({}))
        .await;
    assert!(said.contains("`X-TOKEN` is required"), "{said}");
    let caller = caller.header("x-token", "t");
    let said = caller.error("get_item", json!({"item_id": 1})).await;
    assert!(said.contains("`X-Key` is required"), "{said}");
    upstream.untouched();
    caller.answer("whoami", json!({})).await;
    upstream.only();
    caller
        .header("x-key", "k")
        .answer("get_item", json!({"item_id": 1}))
        .await;
    assert_eq!(upstream.only().header("x-api-key"), ["k"]);
}

#[tokio::test]
async fn row_55_what_was_built_shows_in_metrics_and_health() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&data_api(&upstream, ""));
    let ask = async |path: &str, key: Option<&str>| {
        let mut request = client().get(gateway.url(path));
        if let Some(key) = key {
            request = request.header("x-toolwright-key", key);
        }
        request.send().await.unwrap().text().await.unwrap()
    };
    // Whoever has no key learns that it runs.
    for key in [None, Some("wrong")] {
        let text = ask("/healthz", key).await;
        assert_eq!(text.trim(), r#"{"status":"ok"}"#);
    }
    let health: Value = serde_json::from_str(&ask("/healthz", Some(KEY)).await).unwrap();
    let toolset = &health["toolsets"][0];
    let (digest, generator) = (&toolset["digest"], &toolset["generator"]);
    assert!(digest.as_str().unwrap().starts_with("sha256:"));
    assert!(health["version"].is_string() && generator.is_string());
    assert!(health.as_object().unwrap().contains_key("commit"));
    let metrics = ask("/metrics", Some(KEY)).await;
    assert!(
        metrics.contains("toolwright_build_info{version=\""),
        "{metrics}"
    );
    let line = format!(
        "toolwright_toolset_info{{server=\"data_api\",toolset=\"data_api\",version=\"1.0.0\",digest={digest},generator={generator}}} 1\n"
    );
    assert!(metrics.contains(&line), "{line} in {metrics}");
}

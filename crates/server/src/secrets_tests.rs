//! Secrets where a process from outside cannot be looked into: in `Debug`, and in what is left of a panic.

use std::panic;
use std::thread;

use http::HeaderMap;
use tracing_subscriber::EnvFilter;

use crate::http::guard::Guard;
use crate::http::{App, key};
use crate::testing::{Page, TOOLSETS, gateway, post};
use crate::{config, logs, mcp};

/// A secret wherever there can be one.
const FULL: &str = "general_settings: {master_key: canary-master}
gateway_keys:
  one: {key: canary-key, servers: ['*']}
jwt:
  issuer: https://issuer.example
  public_url: https://tools.example
  jwks: https://issuer.example/jwks
  rules: [{claim: groups, value: operators, servers: ['*']}]
mcp_servers:
  data_api:
    url: http://api.local
    auth_type: bearer_token
    auth_value: canary-value
    extra_headers: [X-Token]
    static_headers: {X-Static: canary-static}
    stdio_headers: {X-Token: canary-stdio}
  keyed: {url: 'http://api.local', spec: data_api, auth_type: api_key, auth_value: canary-api-key}
  basic: {url: 'http://api.local', spec: data_api, auth_type: basic, auth_value: 'user:canary-basic'}
  fetched:
    url: http://api.local
    spec: data_api
    auth_type: oauth2
    client_id: me
    client_secret: canary-client
    token_url: http://issuer.local/token
";

#[tokio::test]
async fn row_60_nothing_that_holds_a_secret_shows_it() {
    let nothing = |_: &str| None;
    let read = || config::read("t.yaml", FULL.as_bytes(), &nothing, TOOLSETS, None).unwrap();
    let configuration = format!("{:#?}", read());
    assert!(configuration.contains("x-static"), "{configuration}");
    let app = App::new(read(), Guard::new(true, vec![], vec![])).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("x-toolwright-key", "canary-key".parse().unwrap());
    headers.insert("x-token", "canary-token".parse().unwrap());
    let admitted = key::admit(&app.access, &headers, true, || "/mcp".to_owned())
        .await
        .unwrap();
    let context = mcp::Context {
        gateway: &app.gateway,
        endpoint: &app.gateway.all,
        headers: &headers,
        key: admitted.key,
        caller: admitted.caller.as_deref(),
        stdio: None,
        progress: None,
    };
    let policy = &app.gateway.servers[0].policy;
    let bag = policy.fill(&headers, admitted.key).unwrap();
    assert!(bag.contains("x-token") && bag.contains("x-static"));
    let shown = [
        configuration,
        format!("{app:#?}"),
        format!("{admitted:#?}"),
        format!("{context:#?}"),
        format!("{policy:#?} {bag:#?}"),
    ];
    for text in shown {
        assert!(!text.contains("canary"), "{text}");
        // Nor in another spelling.
        assert!(!text.contains("dXNlcjpjYW5hcnk"), "{text}");
    }
}

#[tokio::test]
async fn a_panic_leaves_its_place_and_nothing_of_what_it_said() {
    let page = Page::default();
    let paper = page.clone();
    let subscriber = logs::subscriber(EnvFilter::new("trace"), false, move || paper.clone());
    let _logging = tracing::subscriber::set_default(subscriber);
    // The hook is the process's: other tests keep what they have.
    let (here, others) = (thread::current().id(), panic::take_hook());
    panic::set_hook(Box::new(move |panic| {
        match thread::current().id() == here {
            true => logs::panicked(panic),
            false => others(panic),
        }
    }));
    let router = gateway(
        "mcp_servers:\n  data_api: {url: 'http://127.0.0.1:9', extra_headers: [X-Token]}\n",
    );
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"panics"}}"#;
    for path in ["/data_api/mcp", "/data_api/tools/panics"] {
        let body = if path.ends_with("mcp") { body } else { "" };
        let (_, text) = post(&router, path, &[("x-token", "canary-token")], body).await;
        assert!(
            text.contains("the gateway failed") && !text.contains("canary"),
            "{path}: {text}"
        );
    }
    let _ = panic::take_hook();
    let log = page.text();
    assert_eq!(log.matches("testing.rs:").count(), 2, "{log}");
    assert_eq!(log.matches("the call panicked").count(), 2, "{log}");
    assert!(!log.contains("canary"), "{log}");
}

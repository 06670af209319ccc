//! Ten thousand calls of all kinds, each caller with secrets of its own, which are looked for everywhere afterwards.
//! Panics, and what `Debug` shows, are looked through where they can be had: in `crates/server/src/secrets_tests.rs`.

use http::StatusCode;
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::{Caller, Gateway, Issuer, KEY, Upstream, client};

const CALLERS: usize = 50;
const ROUNDS: usize = 20;

/// Requests of each round: see `one`.
const REQUESTS: usize = 12;

/// Of them those that arrive, but for the one that has too little time to be sure of it.
const ARRIVE: usize = 6;

/// One caller: who it is to the gateway, and what it brings.
struct Holder<'g> {
    gateway: &'g Gateway,
    client: Client,
    number: usize,
    /// A token of an authorization server, which every other caller has instead of the key.
    inbound: Option<String>,
}

impl Holder<'_> {
    fn secret(&self, what: &str) -> String {
        format!("canary-{what}-{:03}-", self.number)
    }

    fn at(&self, path: &str) -> Caller {
        let caller = Caller::with(self.client.clone(), self.gateway, path)
            .header("x-token", &self.secret("token"))
            .header("x-mcp-auth", &self.secret("auth"))
            .header("x-unlisted", &self.secret("unlisted"));
        match &self.inbound {
            Some(token) => caller.header("authorization", &format!("Bearer {token}")),
            None => caller.header("x-litellm-api-key", &format!("Bearer {KEY}")),
        }
    }

    /// Checks that an error shows none of the caller's headers.
    fn quiet(&self, said: &str) {
        for what in ["token", "auth", "unlisted", "static", "credential"] {
            assert!(!said.contains(&format!("canary-{what}")), "{said}");
        }
        assert!(!said.contains(KEY) && !said.contains("eyJ"), "{said}");
    }

    /// Twelve requests.
    async fn one(&self, round: usize) {
        let (own, token) = (self.at("/data_api/mcp"), self.secret("token"));
        let q = format!("caller-{:03}-{round}", self.number);
        let arguments = json!({"item_id": 7, "q": q});
        let call = |name: &str, arguments: &Value, meta: Value| {
            let params = json!({"name": name, "arguments": arguments, "_meta": meta});
            json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).to_string()
        };
        // Four that come back with what was sent: by MCP, as a stream, over REST, by an operation that was searched.
        let (failed, text) = own.call("get_item", arguments.clone()).await;
        assert!(!failed && text.contains(&token), "its own answer: {text}");
        let (_, text) = own
            .post(call("get_item", &arguments, json!({"progressToken": 1})))
            .await;
        assert!(
            text.contains(&token) && text.contains("event: message"),
            "{text}"
        );
        let (_, text) = self
            .at("/data_api/tools/get_item")
            .post(arguments.to_string())
            .await;
        assert!(text.contains(&token), "{text}");
        let within = json!({"name": "get_item", "arguments": arguments});
        let (failed, text) = self
            .at("/searched/mcp")
            .call("call_operation", within)
            .await;
        assert!(!failed && text.contains(&token), "{text}");
        // Three that the upstream fails: with an error, not in time, as unauthorised.
        self.quiet(&own.error("get_item", json!({"item_id": 500})).await);
        self.quiet(
            &self
                .at("/hasty/mcp")
                .error("get_item", json!({"item_id": 408}))
                .await,
        );
        let expired = Caller::with(self.client.clone(), self.gateway, "/data_api/mcp")
            .header("x-toolwright-key", KEY)
            .header("x-token", &format!("expired-{token}"))
            .header("x-mcp-auth", &self.secret("auth"));
        self.quiet(&expired.error("whoami", json!({})).await);
        // Five that the gateway refuses.
        let secret = self.secret("argument");
        let wrong = json!({"item_id": secret, "nothing": secret});
        self.quiet(&own.error("get_item", wrong).await);
        let smuggled = self.inbound.as_deref().unwrap_or(KEY);
        let smuggler = self
            .at("/data_api/mcp")
            .header("x-mcp-data_api-x-token", &format!("a {smuggled} b"));
        self.quiet(&smuggler.error("whoami", json!({})).await);
        let (_, text) = own.post(call("no_such_tool", &json!({}), json!({}))).await;
        assert!(!text.contains("canary"), "{text}");
        let stranger = Caller::with(self.client.clone(), self.gateway, "/data_api/mcp")
            .header("x-toolwright-key", &self.secret("key"))
            .header("x-token", &token);
        let (status, text) = stranger.post(json!({"secret": secret}).to_string()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(!text.contains("canary"), "{text}");
        let (_, text) = own
            .post(format!("{{\"jsonrpc\": \"2.0\", \"{secret}"))
            .await;
        self.quiet(&text);
    }
}

fn configuration(upstream: &Upstream, issuer: &Issuer) -> String {
    let server = |name: &str, lines: &str| {
        format!(
            "  {name}:\n    url: {}\n    spec: data_api\n    extra_headers: [X-TOKEN]\n    rate: off\n    \
             static_headers: {{X-Static: canary-static}}\n{lines}",
            upstream.url()
        )
    };
    let bearer = "    auth_type: bearer_token\n    auth_value: canary-credential\n";
    let key = "    auth_type: api_key\n    auth_value: canary-credential\n    discovery: search\n";
    let basic = "    auth_type: basic\n    auth_value: user:canary-credential\n    timeout: 20ms\n    max_concurrent_calls: 1000\n";
    format!(
        "general_settings: {{master_key: {KEY}}}\njwt:\n  issuer: https://issuer.example\n  public_url: https://tools.example\n  \
         jwks: {}/jwks\n  rules: [{{scope: data, servers: ['*']}}]\nmcp_servers:\n{}{}{}",
        issuer.url,
        server("data_api", bearer),
        server("searched", key),
        server("hasty", basic),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_of_ten_thousand_calls_is_anywhere_but_where_it_belongs() {
    let (upstream, issuer) = (Upstream::start().await, Issuer::start().await);
    let gateway = Gateway::start(&configuration(&upstream, &issuer));
    let client = client();
    let callers = (0..CALLERS).map(|number| {
        let inbound = number.is_multiple_of(2).then(|| {
            issuer.token(
                &json!({"aud": "https://tools.example", "sub": format!("canary-subject-{number}")}),
            )
        });
        let holder = Holder {
            gateway: &gateway,
            client: client.clone(),
            number,
            inbound,
        };
        async move {
            for round in 0..ROUNDS {
                holder.one(round).await;
            }
        }
    });
    const { assert!(CALLERS * ROUNDS * REQUESTS > 10_000) };
    futures_util::future::join_all(callers).await;
    let seen = upstream.take();
    let in_time = seen.iter().filter(|request| request.target != "/items/408");
    assert_eq!(in_time.count(), CALLERS * ROUNDS * ARRIVE);
    for request in seen {
        let text = request.text();
        let token = request.header("x-token")[0];
        let token = token.strip_prefix("expired-").unwrap_or(token);
        let number = token.strip_prefix("canary-token-").unwrap();
        assert_eq!(request.header("x-token").len(), 1);
        if let Some((_, rest)) = request.target.split_once("caller-") {
            assert_eq!(rest.get(..4), number.get(..4), "{text}");
        }
        // What the caller brought, written as the server wants it.
        let [authorization] = request.header("authorization")[..] else {
            panic!("{text}");
        };
        let (scheme, auth) = authorization.split_once(' ').unwrap();
        assert!(["Bearer", "ApiKey", "Basic"].contains(&scheme), "{text}");
        assert_eq!(auth, format!("canary-auth-{number}"), "{text}");
        // Two of its own and the operator's: a header, and where that is an API key, another one.
        let keyed = request.header("x-api-key").len();
        assert_eq!(keyed, usize::from(scheme == "ApiKey"), "{text}");
        assert_eq!(text.matches("canary-").count(), 3 + keyed, "{text}");
        assert!(!text.contains(KEY) && !text.contains("eyJ"), "{text}");
    }
    let metrics = client
        .get(gateway.url("/metrics"))
        .header("x-toolwright-key", KEY);
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    let log = gateway.log();
    for text in [&metrics, &log] {
        let secret = |line: &&str| {
            ["canary", KEY, "eyJ"]
                .iter()
                .any(|secret| line.contains(secret))
        };
        let lines: Vec<_> = text.lines().filter(secret).take(3).collect();
        assert!(lines.is_empty(), "{lines:#?}");
    }
    assert!(
        log.lines().count() > CALLERS * ROUNDS * 8,
        "the log is there"
    );
}

//! A caller that speaks JSON-RPC over HTTP by hand, so that it can also speak it wrongly.

use std::time::Duration;

use http::StatusCode;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::gateway::{Gateway, KEY};
use super::sent::{Sent, send};

/// How long a connection is kept. The gateway closes one that has been silent for ten seconds since it was opened, which
/// happens to those that a pool opens and then has no need for; a request that crosses such an end is lost.
const KEPT: Duration = Duration::from_secs(5);

/// A client without a proxy.
pub(crate) fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().no_proxy().pool_idle_timeout(KEPT);
    builder.build().unwrap()
}

/// One caller with its headers.
#[derive(Clone)]
pub(crate) struct Caller {
    client: Client,
    url: String,
    headers: Vec<(String, String)>,
}

impl Caller {
    /// A caller with the gateway's key and nothing else.
    pub(crate) fn new(gateway: &Gateway, path: &str) -> Self {
        Self::stranger(gateway, path).header("x-litellm-api-key", &format!("Bearer {KEY}"))
    }

    /// A caller without a key.
    pub(crate) fn stranger(gateway: &Gateway, path: &str) -> Self {
        Self::with(client(), gateway, path)
    }

    /// The same, by a client that others use too: making one takes time.
    pub(crate) fn with(client: Client, gateway: &Gateway, path: &str) -> Self {
        Self {
            client,
            url: gateway.url(path),
            headers: Vec::new(),
        }
    }

    /// One more header.
    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Posts a text as it is.
    pub(crate) async fn post(&self, body: impl Into<reqwest::Body>) -> (StatusCode, String) {
        let answer = self.open(body).await;
        (answer.status(), answer.text().to_owned())
    }

    /// The answer to a request, whole.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let (status, text) = self.post(request.to_string()).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(answer["id"], 1, "{text}");
        answer
    }

    /// The result of a request of 2026-07-28, with the headers that it asks for.
    pub(crate) async fn modern(&self, method: &str, mut params: Value) -> Value {
        let version = "2026-07-28";
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let mut caller = self
            .clone()
            .header("mcp-protocol-version", version)
            .header("mcp-method", method);
        if let Some(name) = params["name"].as_str() {
            caller = caller.header("mcp-name", name);
        }
        caller.ask(method, params).await["result"].take()
    }

    /// Posts a text, and gives back all of the answer.
    pub(crate) async fn open(&self, body: impl Into<reqwest::Body>) -> Sent {
        send(self.request(body)).await
    }

    /// Posts a text, and gives back the answer before its body is read.
    pub(crate) async fn stream(&self, body: impl Into<reqwest::Body>) -> reqwest::Response {
        self.request(body).send().await.unwrap()
    }

    fn request(&self, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let mut request = self.client.post(&self.url).body(body);
        request = request.header("content-type", "application/json");
        request = request.header("accept", "application/json, text/event-stream");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }

    /// The result of a tool: whether it is an error, and its texts.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> (bool, String) {
        let answer = self
            .ask("tools/call", json!({"name": tool, "arguments": arguments}))
            .await;
        let result = &answer["result"];
        let blocks = result["content"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer}"));
        let texts: Vec<_> = blocks
            .iter()
            .filter_map(|block| block["text"].as_str())
            .collect();
        (result["isError"] == true, texts.join("\n"))
    }

    /// The JSON that a tool answers when all is well.
    pub(crate) async fn answer(&self, tool: &str, arguments: Value) -> Value {
        let (failed, text) = self.call(tool, arguments).await;
        assert!(!failed, "{text}");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// What a tool says when it fails.
    pub(crate) async fn error(&self, tool: &str, arguments: Value) -> String {
        let (failed, text) = self.call(tool, arguments).await;
        assert!(failed, "{text}");
        text
    }

    /// The tools that are listed.
    pub(crate) async fn tools(&self) -> Vec<Value> {
        let answer = self.ask("tools/list", json!({})).await;
        answer["result"]["tools"].as_array().unwrap().clone()
    }
}

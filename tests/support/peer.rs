//! A client of one version over one transport, so that a test of the protocol is written once.

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};

use super::{Caller, Gateway, Piped, Upstream, data_api};

/// The versions that are spoken, oldest first.
pub(crate) const VERSIONS: [&str; 4] = ["2025-03-26", "2025-06-18", "2025-11-25", MODERN];

/// The version without a handshake.
pub(crate) const MODERN: &str = "2026-07-28";

/// What a client is connected by.
enum Way {
    Http {
        caller: Caller,
        /// Ends with the last of its clients.
        _gateway: Arc<Gateway>,
    },
    Stdio(Box<Piped>),
}

/// A client of `data_api` that speaks one version.
pub(crate) struct Peer {
    pub(crate) version: &'static str,
    way: Way,
}

/// An answer: the HTTP status where there is one, and the message.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: Option<StatusCode>,
    pub(crate) body: Value,
}

impl Answer {
    /// Checks code and, over HTTP, status of an error.
    pub(crate) fn fails(&self, code: i64, status: u16) {
        assert_eq!(self.body["error"]["code"], code, "{self:?}");
        if let Some(found) = self.status {
            assert_eq!(found, status, "{self:?}");
        }
    }

    /// The result of what must succeed.
    pub(crate) fn result(&self) -> &Value {
        assert!(self.body["result"].is_object(), "{self:?}");
        if let Some(status) = self.status {
            assert_eq!(status, StatusCode::OK, "{self:?}");
        }
        &self.body["result"]
    }
}

/// A configuration that both transports take.
pub(crate) fn configuration(upstream: &Upstream, lines: &str) -> String {
    let common = "    extra_headers: [X-TOKEN]\n    stdio_headers: {X-TOKEN: token-1}\n";
    data_api(upstream, &format!("{common}{lines}"))
}

impl Peer {
    /// A client of each version over each transport, all of one gateway each.
    pub(crate) async fn all(upstream: &Upstream, lines: &str) -> Vec<Self> {
        let configuration = configuration(upstream, lines);
        let gateway = Arc::new(Gateway::start_quiet(&configuration));
        let caller = Caller::new(&gateway, "/data_api/mcp").header("x-token", "token-1");
        let mut peers = Vec::new();
        for version in VERSIONS {
            let way = Way::Http {
                caller: caller.clone(),
                _gateway: Arc::clone(&gateway),
            };
            peers.push(Self { version, way });
        }
        for version in VERSIONS {
            let mut piped = Piped::start(&configuration, Some("data_api"));
            if version != MODERN {
                piped.initialize(version).await;
            }
            let way = Way::Stdio(Box::new(piped));
            peers.push(Self { version, way });
        }
        peers
    }

    /// Whether the version has no handshake.
    pub(crate) fn is_modern(&self) -> bool {
        self.version == MODERN
    }

    /// Whether there is HTTP in between.
    pub(crate) fn is_http(&self) -> bool {
        matches!(self.way, Way::Http { .. })
    }

    /// For messages of tests.
    pub(crate) fn name(&self) -> String {
        let way = if self.is_http() { "HTTP" } else { "stdio" };
        format!("{} over {way}", self.version)
    }

    /// The parameters as this version has them.
    pub(crate) fn params(&self, mut params: Value) -> Value {
        if self.is_modern() && params["_meta"].is_null() {
            params["_meta"] = meta();
        }
        params
    }

    /// The answer to a request with the id 1.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> Answer {
        let params = self.params(params);
        let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let answer = self
            .send(&request.to_string(), method, params["name"].as_str())
            .await;
        assert_eq!(answer.body["id"], 1, "{answer:?}");
        answer
    }

    /// The answer to a tool's call.
    pub(crate) async fn call(&mut self, tool: &str, arguments: Value) -> Answer {
        self.ask("tools/call", json!({"name": tool, "arguments": arguments}))
            .await
    }

    /// The answer to a text, sent with the headers that belong to the method and the name.
    pub(crate) async fn send(&mut self, text: &str, method: &str, name: Option<&str>) -> Answer {
        let headers = headers(self.version, method, name);
        match &mut self.way {
            Way::Http { caller, .. } => {
                let mut caller = caller.clone();
                for (name, value) in headers {
                    caller = caller.header(name, &value);
                }
                let (status, text) = caller.post(text.to_owned()).await;
                Answer {
                    status: Some(status),
                    body: serde_json::from_str(&text).unwrap_or(Value::Null),
                }
            }
            Way::Stdio(piped) => Answer {
                status: None,
                body: piped.answer(text).await,
            },
        }
    }

    /// Sends what is not answered; over HTTP the status is.
    pub(crate) async fn tell(&mut self, text: &str) -> Option<StatusCode> {
        let method = serde_json::from_str::<Value>(text).unwrap()["method"].take();
        let headers = headers(self.version, method.as_str().unwrap_or_default(), None);
        match &mut self.way {
            Way::Http { caller, .. } => {
                let mut caller = caller.clone();
                for (name, value) in headers {
                    caller = caller.header(name, &value);
                }
                let (status, text) = caller.post(text.to_owned()).await;
                assert_eq!(text, "", "{status}");
                Some(status)
            }
            Way::Stdio(piped) => {
                piped.say(text).await;
                None
            }
        }
    }
}

/// What every request of the version without a handshake carries.
pub(crate) fn meta() -> Value {
    json!({"io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {}})
}

/// The headers of a version.
pub(crate) fn headers(
    version: &str,
    method: &str,
    name: Option<&str>,
) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    if version != VERSIONS[0] {
        headers.push(("mcp-protocol-version", version.to_owned()));
    }
    if version == MODERN {
        headers.push(("mcp-method", method.to_owned()));
        headers.extend(name.map(|name| ("mcp-name", name.to_owned())));
    }
    headers
}

//! Requests, right and wrong, the same in each run.

use serde_json::json;

use crate::support::{MODERN, VERSIONS, headers, meta};

/// Numbers that look random and are the same in each run (Marsaglia's xorshift64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }
}

/// A request: what is wrong with it, if anything, and what is sent.
#[derive(Debug)]
pub(super) struct Asked {
    /// What is odd about it.
    pub(super) oddity: &'static str,
    /// The method, where the two may judge it differently.
    pub(super) method: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

/// One request.
pub(super) fn generate(dice: &mut Dice) -> Asked {
    let version = dice.pick(&VERSIONS);
    let modern = version == MODERN;
    let id = dice.pick(&[
        json!(1),
        json!(0),
        json!(-5),
        json!("a"),
        json!(""),
        json!("größe"),
        json!(9_007_199_254_740_991_i64),
    ]);
    let (method, mut params) = match dice.roll(12) {
        0 => ("ping", json!({})),
        1 => ("tools/list", json!({})),
        2 => ("server/discover", json!({})),
        3 => (
            "initialize",
            json!({"protocolVersion": dice.pick(&VERSIONS), "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}),
        ),
        4 => (
            dice.pick(&[
                "no/such",
                "resources/list",
                "prompts/list",
                "completion/complete",
                "logging/setLevel",
            ]),
            json!({}),
        ),
        5 => (
            "tools/call",
            json!({"name": dice.pick(&["nope", "", "Get_Item"]), "arguments": {}}),
        ),
        6 => (
            "tools/call",
            json!({"name": "get_item", "arguments": dice.pick(&[json!({}), json!({"item_id": "x"}), json!({"item_id": 7, "z": 1}), json!({"item_id": 0})])}),
        ),
        7 => (
            "tools/call",
            json!({"name": "get_item", "arguments": {"item_id": 500}}),
        ),
        8 => ("tools/call", json!({"name": "whoami"})),
        _ => (
            "tools/call",
            json!({"name": "get_item", "arguments": {"item_id": 1 + dice.roll(300)}}),
        ),
    };
    if modern {
        params["_meta"] = meta();
    }
    let mut headers = headers(version, method, params["name"].as_str());
    let mut request = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
    let mut oddity = "well-formed";
    let mut body = None;
    match dice.roll(24) {
        0 => {
            oddity = "a version header that is not spoken";
            headers.retain(|(name, _)| *name != "mcp-protocol-version");
            headers.push((
                "mcp-protocol-version",
                dice.pick(&["1999-01-01", "x"]).to_owned(),
            ));
        }
        1 if modern => {
            oddity = "no version header";
            headers.retain(|(name, _)| *name != "mcp-protocol-version");
        }
        2 if modern => {
            oddity = "another version header";
            headers.retain(|(name, _)| *name != "mcp-protocol-version");
            headers.push(("mcp-protocol-version", VERSIONS[2].to_owned()));
        }
        3 if modern => {
            oddity = "no Mcp-Method";
            headers.retain(|(name, _)| *name != "mcp-method");
        }
        4 if modern => {
            oddity = "another Mcp-Method";
            headers.retain(|(name, _)| *name != "mcp-method");
            headers.push(("mcp-method", String::from("Tools/Call")));
        }
        5 if modern && method == "tools/call" => {
            oddity = "another Mcp-Name";
            headers.retain(|(name, _)| *name != "mcp-name");
            headers.push(("mcp-name", dice.pick(&["x", "=?base64?***?="]).to_owned()));
        }
        6 if modern => {
            oddity = "no capabilities in _meta";
            let meta = request["params"]["_meta"].as_object_mut().unwrap();
            meta.remove("io.modelcontextprotocol/clientCapabilities");
        }
        7 if modern => {
            oddity = "another version in both";
            request["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] =
                json!("2099-01-01");
            headers.retain(|(name, _)| *name != "mcp-protocol-version");
            headers.push(("mcp-protocol-version", String::from("2099-01-01")));
        }
        8 => {
            oddity = "no JSON";
            body = Some(
                dice.pick(&["{", "nonsense", "", "{\"jsonrpc\":\"2.0\""])
                    .to_owned(),
            );
        }
        9 => {
            oddity = "no message";
            body = Some(
                dice.pick(&[
                    "{}",
                    "5",
                    "{\"jsonrpc\":\"2.0\"}",
                    "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
                ])
                .to_owned(),
            );
        }
        10 => {
            oddity = "an id that is none";
            request["id"] = dice.pick(&[json!(null), json!(1.5), json!({}), json!(true)]);
        }
        11 => {
            oddity = "a member twice";
            let text = request.to_string();
            body = Some(format!("{},\"method\":\"ping\"}}", &text[..text.len() - 1]));
        }
        12 => {
            oddity = "a notification";
            request.as_object_mut().unwrap().remove("id");
            request["method"] = json!("notifications/initialized");
            for (name, value) in &mut headers {
                if *name == "mcp-method" {
                    *value = String::from("notifications/initialized");
                }
            }
            headers.retain(|(name, _)| *name != "mcp-name");
            request["params"] = json!({});
        }
        13 => {
            oddity = "a response";
            body = Some(String::from(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#));
        }
        14 => {
            oddity = "a batch";
            body = Some(format!("[{request}]"));
        }
        15 if method == "tools/call" => {
            oddity = "arguments of another type";
            request["params"]["arguments"] = dice.pick(&[json!([1]), json!("x"), json!(5)]);
        }
        16 if method == "tools/list" || method == "tools/call" => {
            oddity = "a cursor that nobody gave out";
            request["params"]["cursor"] = json!("forged");
        }
        _ => {}
    }
    let method = match method {
        "initialize" if modern => "initialize, modern",
        "initialize" | "server/discover" => method,
        _ => "",
    };
    Asked {
        oddity,
        method,
        headers,
        body: body.unwrap_or_else(|| request.to_string()),
    }
}

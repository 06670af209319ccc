//! Row 45: requests of 2026-07-28 whose headers were tampered with, judged by an oracle that was written from the text of
//! the specification (Streamable HTTP, "Standard Request Headers", "Custom Headers from Tool Parameters", "Value Encoding",
//! "Server Validation") and shares no code with the server.

mod oracle;

use serde_json::{Value, json};
use toolwright_runtime::prelude::*;

use self::oracle::rules_accept;
use super::tests::ask;
use crate::testing::{gateway_of, upstream};

const LIST: &str = r#"[{
  "name": "mirror",
  "description": "Has arguments that clients repeat in headers.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "region": {"type": "string", "x-mcp-header": "Region"},
      "n": {"type": "integer", "x-mcp-header": "N"},
      "deep": {"type": "object", "properties": {"flag": {"type": "boolean", "x-mcp-header": "Flag"}}},
      "list": {"type": "array", "items": {"type": "object", "properties": {"no": {"type": "string"}}}}
    },
    "additionalProperties": false
  }
}]"#;

const MIRROR: &Toolset = &Toolset {
    name: "mirror",
    groups: &[Group {
        tag: "",
        tools: &[Tool {
            name: "mirror",
            endpoint: "GET /mirror",
            call: |headers, _| Request::get("/mirror", headers).build(),
            ..Tool::PLAIN
        }],
        list: LIST,
    }],
    ..Toolset::PLAIN
};

static TOOLSETS: &[&Toolset] = &[MIRROR];

/// The arguments that are mirrored: where they stand, and the header's name.
const PARAMS: [(&str, &str); 3] = [
    ("/region", "Mcp-Param-Region"),
    ("/n", "Mcp-Param-N"),
    ("/deep/flag", "Mcp-Param-Flag"),
];

/// A request before it is sent.
#[derive(Clone, Debug)]
struct Sent {
    arguments: Value,
    headers: Vec<(String, String)>,
}

/// Numbers that look random and are the same in each run (Marsaglia's xorshift64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.roll(from.len())]
    }
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// A request as a client that keeps the rules sends it.
fn conforming(dice: &mut Dice) -> Sent {
    let regions = [
        "us-west1",
        "größe",
        " padded ",
        "=?base64?literal?=",
        "",
        "a,b",
        "tab\there",
    ];
    let mut arguments = json!({});
    if dice.roll(4) > 0 {
        arguments["region"] = json!(dice.pick(&regions));
    }
    if dice.roll(4) > 0 {
        arguments["n"] = json!([42, -7, 0, 9_007_199_254_740_991_i64][dice.roll(4)]);
    }
    if dice.roll(4) > 0 {
        arguments["deep"] = json!({"flag": dice.roll(2) == 0});
    }
    let mut headers = vec![
        (
            String::from("MCP-Protocol-Version"),
            String::from("2026-07-28"),
        ),
        (String::from("Mcp-Method"), String::from("tools/call")),
        (String::from("Mcp-Name"), String::from("mirror")),
    ];
    for (at, name) in PARAMS {
        let value = match arguments.pointer(at) {
            None => continue,
            Some(Value::String(text)) => {
                let safe = text.bytes().all(|byte| matches!(byte, b'\t' | 0x20..=0x7e))
                    && text.trim() == text
                    && !(text.starts_with("=?base64?") && text.ends_with("?="));
                if safe {
                    text.clone()
                } else {
                    format!("=?base64?{}?=", base64(text))
                }
            }
            Some(other) => other.to_string(),
        };
        headers.push((name.to_owned(), value));
    }
    Sent { arguments, headers }
}

/// One thing done to it.
fn mutate(sent: &mut Sent, dice: &mut Dice) {
    let at = dice.roll(sent.headers.len());
    let (name, value) = sent.headers[at].clone();
    let other = match dice.roll(20) {
        0 => {
            sent.headers.remove(at);
            return;
        }
        1 => {
            sent.headers.push((name, value));
            return;
        }
        2 => {
            sent.headers.push((name, String::from("other")));
            return;
        }
        3 => {
            sent.headers[at].0 = name.to_ascii_uppercase();
            return;
        }
        4 => {
            sent.headers.push((
                String::from("Mcp-Param-Unknown"),
                String::from("=?base64?***?="),
            ));
            return;
        }
        5 => {
            let (_, absent) = PARAMS[dice.roll(PARAMS.len())];
            sent.headers
                .push((absent.to_owned(), String::from("us-west1")));
            return;
        }
        6 => {
            let name = dice.pick(&["region", "n"]);
            sent.arguments[name] = Value::Null;
            return;
        }
        7 => {
            sent.arguments["n"] = [
                json!(43),
                json!(42.0),
                json!("42"),
                json!(9_007_199_254_740_993_i64),
            ][dice.roll(4)]
            .clone();
            return;
        }
        8 => value.to_uppercase(),
        9 => format!("=?base64?{}?=", base64(&value)),
        10 => format!("=?BASE64?{}?=", base64(&value)),
        11 => format!("=?base64?{}?=", base64(&value).trim_end_matches('=')),
        12 => format!("=?base64?{}", base64(&value)),
        13 => String::from("=?base64?/w==?="),
        14 => String::from("=?base64??="),
        15 => format!("{value}\u{e9}"),
        16 => format!("{value}.0"),
        17 => format!("{value}e0"),
        18 => String::from(dice.pick(&[
            "42.0",
            "4.2e1",
            "420e-1",
            "+42",
            "042",
            "0x2a",
            "4_2",
            "nan",
            "9007199254740992",
            "42.5",
        ])),
        _ => String::from(dice.pick(&[
            "",
            "true",
            "false",
            "True",
            "us-west1",
            "tools/list",
            "2025-11-25",
            "mirror",
            "null",
        ])),
    };
    sent.headers[at].1 = other;
}

#[tokio::test]
async fn h13_and_row_45_tampered_headers_are_accepted_exactly_as_the_rules_say() {
    let (url, seen) =
        upstream(|_| axum::response::Response::new(axum::body::Body::from("{}"))).await;
    let router = gateway_of(
        &format!("mcp_servers:\n  mirror:\n    url: {url}\n"),
        TOOLSETS,
    );
    let mut dice = Dice(0x5EED_2026_0728);
    let (mut accepted, mut refused) = (0, 0);
    for round in 0..1000 {
        let mut sent = conforming(&mut dice);
        assert!(rules_accept(&sent), "{sent:?}");
        // Every fifth stays as it is.
        for _ in 0..(round % 5).min(3) {
            mutate(&mut sent, &mut dice);
        }
        let meta = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}});
        let params = json!({"name": "mirror", "arguments": sent.arguments, "_meta": meta});
        let body = json!({"jsonrpc": "2.0", "id": round, "method": "tools/call", "params": params})
            .to_string();
        let headers: Vec<_> = sent
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let before = seen.all().len();
        let (status, answer) = ask(&router, "/mirror/mcp", &headers, &body).await;
        assert_eq!(answer["id"], round, "{sent:?}: {answer}");
        if rules_accept(&sent) {
            accepted += 1;
            assert_eq!(
                (status, answer["result"].is_object()),
                (200, true),
                "{sent:?}: {answer}"
            );
        } else {
            refused += 1;
            assert_eq!(
                (status, &answer["error"]["code"]),
                (400, &json!(-32020)),
                "{sent:?}: {answer}"
            );
            assert_eq!(seen.all().len(), before, "{sent:?}");
        }
    }
    assert!(
        accepted > 200 && refused > 200,
        "{accepted} accepted, {refused} refused"
    );
}

#[tokio::test]
async fn h12_annotations_reach_the_list_as_they_are() {
    let router = gateway_of(
        "mcp_servers:\n  mirror:\n    url: http://127.0.0.1:1\n",
        TOOLSETS,
    );
    let (_, answer) = ask(
        &router,
        "/mirror/mcp",
        &[],
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
    )
    .await;
    let schema = &answer["result"]["tools"][0]["inputSchema"]["properties"];
    assert_eq!(schema["region"]["x-mcp-header"], "Region");
    assert_eq!(schema["deep"]["properties"]["flag"]["x-mcp-header"], "Flag");
}

#[tokio::test]
async fn h14_what_others_fill_is_never_repeated_by_clients() {
    // A header that the caller fills is not in the schema at all, and so has no annotation either.
    let yaml =
        "mcp_servers:\n  data_api:\n    url: http://127.0.0.1:1\n    extra_headers: [X-TOKEN]\n";
    let (_, answer) = ask(
        &crate::testing::gateway(yaml),
        "/data_api/mcp",
        &[],
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
    )
    .await;
    let text = answer.to_string();
    assert!(
        !text.contains("x-mcp-header") && !text.contains("x-token"),
        "{text}"
    );
}

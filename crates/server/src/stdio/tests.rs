use std::collections::HashMap;
use std::time::Duration;

use axum::body::Body;
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};

use super::GRACE;
use super::{Offer, serve};
use crate::config;
use crate::gateway::Gateway;
use crate::testing::{Seen, Session, TOOLSETS, upstream};

/// A client's side of a session.
struct Client {
    input: DuplexStream,
    output: tokio::io::Lines<BufReader<DuplexStream>>,
    seen: Seen,
    session: Session,
}

impl Client {
    async fn start(server: Option<&str>) -> Client {
        let (offer, seen) = Client::offer(server).await;
        let (input, from_client) = tokio::io::duplex(1 << 20);
        let (to_client, output) = tokio::io::duplex(1 << 20);
        tokio::spawn(serve(offer, from_client, to_client, std::future::pending()));
        Client {
            input,
            output: BufReader::new(output).lines(),
            seen,
            session: Session::default(),
        }
    }

    async fn offer(server: Option<&str>) -> (Offer, Seen) {
        let (url, seen) = upstream(|request| {
            let body = if request.uri().path() == "/items/13" {
                // Never ends.
                Body::from_stream(futures_util::stream::pending::<
                    Result<Vec<u8>, std::io::Error>,
                >())
            } else {
                Body::from("{\n  \"item_id\": 7.0\r\n}")
            };
            http::Response::builder()
                .header("content-type", "application/json")
                .body(body)
                .unwrap()
        })
        .await;
        let yaml = format!(
            "general_settings: {{master_key: sk-gateway}}\nmax_body_bytes: 8000\nmcp_servers:\n  data_api:\n    url: {url}\n    extra_headers: [X-TOKEN]\n    stdio_headers: {{X-TOKEN: os.environ/TOKEN}}\n  other:\n    spec: data_api\n    url: {url}\n    extra_headers: [X-TOKEN]\n"
        );
        let environment = |name: &str| (name == "TOKEN").then(|| "from-the-environment".to_owned());
        let mut config = config::read("test.yaml", yaml.as_bytes(), &environment, TOOLSETS, None)
            .unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let headers: HashMap<_, _> = config
            .servers
            .iter_mut()
            .map(|server| {
                (
                    server.name.clone(),
                    std::mem::take(&mut server.stdio_headers),
                )
            })
            .collect();
        let offer = Offer {
            gateway: Gateway::new(config).unwrap(),
            server: server.map(str::to_owned),
            headers,
        };
        (offer, seen)
    }

    async fn say(&mut self, text: &str) {
        self.session.asks(text);
        self.input.write_all(text.as_bytes()).await.unwrap();
        self.input.write_all(b"\n").await.unwrap();
    }

    async fn hear(&mut self) -> Value {
        let line = self.output.next_line().await.unwrap().unwrap();
        let message = serde_json::from_str(&line).unwrap();
        self.session.hears(&line, &message);
        message
    }

    async fn ask(&mut self, message: Value) -> Value {
        self.say(&message.to_string()).await;
        self.hear().await
    }
}

fn call(id: u64, item: u64) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call",
        "params": {"name": "get_item", "arguments": {"item_id": item}}})
}

fn initialize(version: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": 0, "method": "initialize",
        "params": {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}})
}

#[tokio::test]
async fn the_handshake_settles_the_version() {
    for (asked, spoken, structured) in [
        ("2025-03-26", "2025-03-26", false),
        ("2025-06-18", "2025-06-18", true),
        ("2025-11-25", "2025-11-25", true),
        ("2026-07-28", "2025-11-25", true),
        ("1999-01-01", "2025-11-25", true),
    ] {
        let mut client = Client::start(Some("data_api")).await;
        let answer = client.ask(initialize(asked)).await;
        assert_eq!(answer["result"]["protocolVersion"], spoken);
        client
            .say(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
            .await;
        let answer = client.ask(call(1, 7)).await;
        assert_eq!(answer["result"]["isError"], false, "{answer}");
        let found = answer["result"].get("structuredContent").is_some();
        assert_eq!(found, structured, "{asked}");
        let (target, headers) = client.seen.all().remove(0);
        assert_eq!(target, "GET /items/7");
        assert!(headers.contains(&"x-token: from-the-environment".to_owned()));
    }
}

#[tokio::test]
async fn requests_that_carry_their_version_need_no_headers() {
    let mut client = Client::start(Some("data_api")).await;
    let meta = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {}});
    let ask = |method: &str, mut params: Value| {
        params["_meta"] = meta.clone();
        json!({"jsonrpc": "2.0", "id": "a", "method": method, "params": params})
    };
    let answer = client.ask(ask("server/discover", json!({}))).await;
    assert_eq!(answer["result"]["resultType"], "complete");
    let arguments = json!({"name": "get_item", "arguments": {"item_id": 7}});
    let answer = client.ask(ask("tools/call", arguments)).await;
    assert_eq!(answer["result"]["structuredContent"]["item_id"], 7.0);
    let answer = client.ask(ask("ping", json!({}))).await;
    assert_eq!(answer["error"]["code"], -32601);
    let mut unknown = ask("tools/list", json!({}));
    unknown["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!("2099-01-01");
    let answer = client.ask(unknown).await;
    assert_eq!(answer["error"]["code"], -32022);
}

#[tokio::test]
async fn each_server_has_its_own_headers() {
    let mut client = Client::start(None).await;
    for (name, token) in [("data_api-get_item", true), ("other-get_item", false)] {
        let mut message = call(1, 7);
        message["params"]["name"] = json!(name);
        client.ask(message).await;
        let (_, headers) = client.seen.all().pop().unwrap();
        let sent = headers.iter().any(|header| header.starts_with("x-token"));
        assert_eq!(sent, token, "{name}");
    }
}

#[tokio::test]
async fn a_cancelled_call_is_not_answered_and_the_rest_goes_on() {
    let mut client = Client::start(Some("data_api")).await;
    client.say(&call(1, 13).to_string()).await;
    client.say(&call(2, 13).to_string()).await;
    for id in ["1", "7", "\"2\"", "null"] {
        client
            .say(&format!(
                r#"{{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{id}}}}}"#
            ))
            .await;
    }
    client
        .say(r#"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#)
        .await;
    assert_eq!(client.ask(call(3, 7)).await["id"], 3);
    client
        .say(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#)
        .await;
    assert_eq!(client.ask(call(4, 7)).await["id"], 4);
}

#[tokio::test]
async fn what_is_no_message_is_answered_on_one_line() {
    let mut client = Client::start(Some("data_api")).await;
    let long = format!("{{\"jsonrpc\":\"{}", "x".repeat(9000));
    for (text, code) in [
        ("not json", -32700),
        ("{}", -32600),
        (long.as_str(), -32600),
        (r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, -32600),
    ] {
        client.say(text).await;
        assert_eq!(client.hear().await["error"]["code"], code, "{text:.40}");
    }
    client.say("").await;
    client.say(" \t\r").await;
    client.say(r#"{"jsonrpc":"2.0","id":9,"result":{}}"#).await;
    let panicking =
        json!({"jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": {"name": "panics"}});
    let answer = client.ask(panicking).await;
    assert_eq!(
        (&answer["id"], &answer["error"]["code"]),
        (&json!(5), &json!(-32603))
    );
}

#[tokio::test]
async fn a_thousand_requests_at_once_are_all_answered() {
    let client = Client::start(Some("data_api")).await;
    let (mut input, mut output, mut session) = (client.input, client.output, client.session);
    for id in 0..1000 {
        session.asks(&call(id, 7).to_string());
    }
    // Said and heard side by side: who only says fills both pipes.
    let saying = async {
        for id in 0..1000 {
            let line = format!("{}\n", call(id, 7));
            input.write_all(line.as_bytes()).await.unwrap();
        }
    };
    let mut ids: Vec<u64> = Vec::new();
    let hearing = async {
        for _ in 0..1000 {
            let line = output.next_line().await.unwrap().unwrap();
            let answer: Value = serde_json::from_str(&line).unwrap();
            session.hears(&line, &answer);
            assert_eq!(answer["result"]["isError"], false, "{answer}");
            ids.push(answer["id"].as_u64().unwrap());
        }
    };
    tokio::join!(saying, hearing);
    ids.sort_unstable();
    assert_eq!(ids, (0..1000).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_end_of_the_input_ends_the_session_after_the_last_answer() {
    let mut client = Client::start(Some("data_api")).await;
    let last = call(1, 7).to_string();
    client.session.asks(&last);
    client.input.write_all(last.as_bytes()).await.unwrap();
    client.input.shutdown().await.unwrap();
    assert_eq!(client.hear().await["id"], 1);
    assert_eq!(client.output.next_line().await.unwrap(), None);
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_up_no_end() {
    for stopped in [false, true] {
        let (offer, _seen) = Client::offer(Some("data_api")).await;
        let (mut input, from_client) = tokio::io::duplex(1 << 20);
        let (to_client, _output) = tokio::io::duplex(16);
        let (stop, asked) = tokio::sync::oneshot::channel::<()>();
        let asked = async { drop(asked.await) };
        let session = tokio::spawn(serve(offer, from_client, to_client, asked));
        for id in 0..5 {
            let line = format!("{}\n", call(id, 7));
            input.write_all(line.as_bytes()).await.unwrap();
        }
        match stopped {
            true => stop.send(()).unwrap(),
            false => input.shutdown().await.unwrap(),
        }
        let ended = tokio::time::timeout(Duration::from_secs(20), session).await;
        ended.unwrap().unwrap().unwrap();
    }
}

#[tokio::test]
async fn calls_under_way_hold_up_neither_pings_nor_cancellations() {
    let mut client = Client::start(Some("data_api")).await;
    for id in 1..=300 {
        client.say(&call(id, 13).to_string()).await;
    }
    let ping = json!({"jsonrpc": "2.0", "id": "p", "method": "ping"});
    assert_eq!(client.ask(ping).await["id"], "p");
    for id in 1..=300 {
        client.say(&format!(
            r#"{{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{id}}}}}"#
        ))
        .await;
    }
    assert_eq!(client.ask(call(301, 7)).await["id"], 301);
}

#[tokio::test]
async fn an_id_may_be_written_in_more_than_one_way() {
    let mut client = Client::start(Some("data_api")).await;
    let hanging = call(1, 13)
        .to_string()
        .replace("\"id\":1", "\"id\":\"\\u0065\"");
    client.say(&hanging).await;
    client
        .say(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"e"}}"#)
        .await;
    client.input.shutdown().await.unwrap();
    // Were it still under way, it would end with the time for it, and not be heard either: the session ends at once.
    let end = tokio::time::timeout(GRACE / 2, client.output.next_line()).await;
    assert_eq!(end.unwrap().unwrap(), None);
}

#[tokio::test]
async fn progress_is_told_to_who_gave_a_token() {
    let mut client = Client::start(Some("data_api")).await;
    let mut message = call(1, 7);
    message["params"]["_meta"] = json!({"progressToken": "p"});
    let first = client.ask(message).await;
    assert_eq!(first["method"], "notifications/progress");
    assert_eq!(first["params"]["progressToken"], "p");
    assert_eq!(client.hear().await["id"], 1);
}

#[test]
fn headers_that_would_go_nowhere_are_mistakes() {
    let read = |headers: &str| {
        let yaml = format!(
            "mcp_servers:\n  data_api:\n    url: http://127.0.0.1:1\n    extra_headers: [X-TOKEN]\n    stdio_headers: {headers}\n"
        );
        let environment = |_: &str| None;
        config::read("test.yaml", yaml.as_bytes(), &environment, TOOLSETS, None)
    };
    let config = read("{x-token: t, X-MCP-Auth: a}").unwrap();
    let mut expected = HeaderMap::new();
    expected.insert("x-token", HeaderValue::from_static("t"));
    expected.insert("x-mcp-auth", HeaderValue::from_static("a"));
    assert_eq!(config.servers[0].stdio_headers, expected);
    assert!(!format!("{config:?}").contains("\"t\""));
    for (headers, said) in [
        ("{X-OTHER: a}", "would go nowhere"),
        ("{X-TOKEN: os.environ/UNSET}", "UNSET is not set"),
        ("{X-TOKEN: a, x-token: b}", "names the same header"),
        ("{\"x token\": a}", "is not a header name"),
        ("[X-TOKEN]", "must be a mapping"),
        ("{X-TOKEN: \"a\\nb\"}", "no header can carry"),
    ] {
        let mistakes = read(headers).unwrap_err().to_string();
        assert!(mistakes.contains(said), "{headers}: {mistakes}");
    }
}

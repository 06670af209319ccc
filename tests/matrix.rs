//! The order of authority as one table: every combination of sources for one header name, each absent, there once,
//! there twice, or written in another case, against a rule that is written down here a second time.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::{Gateway, KEY, Upstream, record};

/// How a header of the caller comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    Not,
    Once,
    Shouted,
    Twice,
}

const WAYS: [Comes; 4] = [Comes::Not, Comes::Once, Comes::Shouted, Comes::Twice];

impl Comes {
    fn lines(self, name: &str, value: &str) -> String {
        match self {
            Self::Not => String::new(),
            Self::Once => format!("{name}: {value}\r\n"),
            Self::Shouted => format!("{}: {value}\r\n", name.to_ascii_uppercase()),
            Self::Twice => format!("{name}: {value}\r\n{name}: {value}-2\r\n"),
        }
    }

    fn values(self, value: &str) -> Vec<String> {
        match self {
            Self::Not => vec![],
            Self::Once | Self::Shouted => vec![value.to_owned()],
            Self::Twice => vec![value.to_owned(), format!("{value}-2")],
        }
    }
}

/// What must come of a call.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// The call is made, with these values.
    Arrives(Vec<String>),
    /// The tool fails and nothing is sent.
    Error,
    /// The request is refused and nothing is sent.
    BadRequest,
}

/// The rules of one server.
#[derive(Clone, Copy, Debug)]
struct Rules {
    fixed: bool,
    credential: bool,
    listed: bool,
    caller_first: bool,
    caller_auth: bool,
}

impl Rules {
    fn all() -> Vec<Rules> {
        let bit = |number: u8, bit: u8| number & (1 << bit) != 0;
        let rules = (0..32).map(|number| Rules {
            fixed: bit(number, 0),
            credential: bit(number, 1),
            listed: bit(number, 2),
            caller_first: bit(number, 3),
            caller_auth: bit(number, 4),
        });
        rules.collect()
    }

    fn lines(self, url: &str, name: &str) -> String {
        let mut lines = format!("    url: {url}\n    spec: data_api\n");
        if self.fixed {
            lines.push_str(&format!("    static_headers: {{{name}: fixed}}\n"));
        }
        if self.credential {
            lines.push_str("    auth_type: bearer_token\n    auth_value: credential\n");
        }
        // The token is the model's to give unless it is named; here another header is to be looked at.
        let others = if name == "X-TOKEN" { "" } else { "X-TOKEN" };
        let own = if self.listed { name } else { "" };
        let list: Vec<_> = [others, own]
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect();
        if !list.is_empty() {
            lines.push_str(&format!("    extra_headers: [{}]\n", list.join(", ")));
        }
        let order = if self.caller_first {
            "caller"
        } else {
            "operator"
        };
        lines.push_str(&format!(
            "    precedence: {order}\n    caller_auth: {}\n",
            self.caller_auth
        ));
        lines
    }
}

fn start(upstream: &Upstream, name: &str) -> Gateway {
    let mut text = format!("general_settings: {{master_key: {KEY}}}\nmcp_servers:\n");
    for (number, rules) in Rules::all().into_iter().enumerate() {
        let lines = rules.lines(&upstream.url(), name);
        text.push_str(&format!("  s{number}:\n{lines}"));
    }
    Gateway::start_quiet(&text)
}

/// Calls by bytes, because clients write names of headers in lower case.
fn call(gateway: &Gateway, server: usize, headers: &str, arguments: &Value) -> (u16, Value) {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami", "arguments": arguments}});
    let (body, host) = (body.to_string(), gateway.address());
    let request = format!(
        "POST /s{server}/mcp HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nConnection: close\r\n\
         X-Toolwright-Key: {KEY}\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let text = answer.split_once("\r\n\r\n").unwrap().1;
    record(None, &body, Some(status), text);
    (status, serde_json::from_str(text).unwrap_or_default())
}

fn check(
    gateway: &Gateway,
    upstream: &Upstream,
    (server, name): (usize, &str),
    headers: &str,
    arguments: &Value,
    expected: &Expected,
) {
    let (status, answer) = call(gateway, server, headers, arguments);
    let seen = upstream.take();
    let found = match (status, seen.as_slice()) {
        (400, []) => Expected::BadRequest,
        (200, []) if answer["result"]["isError"] == true => Expected::Error,
        (200, [only]) => {
            let values = only.header(name);
            Expected::Arrives(values.into_iter().map(str::to_owned).collect())
        }
        _ => panic!("{status} {answer} {seen:?}"),
    };
    let rules = Rules::all()[server];
    assert_eq!(
        found, *expected,
        "{rules:?}\n{headers}{arguments}\n{answer}"
    );
}

/// The rule for `Authorization`, written again.
fn authorization(rules: Rules, own: Comes, plain: Comes, listed: Comes) -> Expected {
    if listed == Comes::Twice {
        return Expected::BadRequest;
    }
    let one = |value: &str| Expected::Arrives(vec![value.to_owned()]);
    if rules.caller_auth {
        match (own, plain) {
            (Comes::Twice, _) | (Comes::Not, Comes::Twice) => return Expected::Error,
            (Comes::Not, Comes::Not) => {}
            (Comes::Not, _) => return one("Bearer plain"),
            _ => return one("own"),
        }
    }
    let sent = rules.listed && listed != Comes::Not;
    match rules {
        _ if sent && rules.caller_first => one("listed"),
        Rules { fixed: true, .. } => one("fixed"),
        Rules {
            credential: true, ..
        } => one("Bearer credential"),
        _ if sent => one("listed"),
        _ => Expected::Arrives(vec![]),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_pair_of_sources_of_authorization() {
    let upstream = Upstream::start().await;
    let gateway = start(&upstream, "Authorization");
    for (server, rules) in Rules::all().into_iter().enumerate() {
        for own in WAYS {
            for plain in WAYS {
                for listed in WAYS {
                    let headers = own.lines(&format!("x-mcp-s{server}-authorization"), "own")
                        + &plain.lines("x-mcp-auth", "plain")
                        + &listed.lines("authorization", "listed");
                    let expected = authorization(rules, own, plain, listed);
                    let place = (server, "authorization");
                    check(&gateway, &upstream, place, &headers, &json!({}), &expected);
                }
            }
        }
    }
}

/// The rule for any other header, written again.
fn token(rules: Rules, own: Comes, listed: Comes, model: bool) -> Expected {
    if rules.fixed || rules.listed {
        // What others fill is no argument.
        if model {
            return Expected::Error;
        }
    } else {
        return match model {
            true => Expected::Arrives(vec![String::from("model")]),
            false => Expected::Error,
        };
    }
    let sent = match (rules.listed, rules.caller_auth && own != Comes::Not) {
        (false, _) => vec![],
        (true, true) => own.values("own"),
        (true, false) => listed.values("listed"),
    };
    if rules.fixed && (sent.is_empty() || !rules.caller_first) {
        return Expected::Arrives(vec![String::from("fixed")]);
    }
    Expected::Arrives(sent)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_pair_of_sources_of_another_header() {
    let upstream = Upstream::start().await;
    let gateway = start(&upstream, "X-TOKEN");
    for (server, rules) in Rules::all().into_iter().enumerate() {
        for own in WAYS {
            for listed in WAYS {
                for model in [false, true] {
                    let headers = own.lines(&format!("x-mcp-s{server}-x-token"), "own")
                        + &listed.lines("x-token", "listed");
                    let arguments = match model {
                        true => json!({"x-token": "model"}),
                        false => json!({}),
                    };
                    let expected = token(rules, own, listed, model);
                    let place = (server, "x-token");
                    check(&gateway, &upstream, place, &headers, &arguments, &expected);
                }
            }
        }
    }
}

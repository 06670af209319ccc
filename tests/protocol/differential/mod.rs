//! Row 53: the same generated requests to the official SDK's server and to this one, with the same tools in front of the
//! same upstream. What differs is in a table, with the clause that decides it; a difference that is not in the table, and
//! an entry that no request needs, fail. TOOLWRIGHT_DIFFERENTIAL is the number of requests.

mod decided;
mod generate;
mod official;

use std::collections::BTreeSet;

use reqwest::Client;
use serde_json::Value;

use self::decided::DECIDED;
use self::generate::{Asked, Dice, generate};
use self::official::official;
use crate::support::{Caller, Gateway, KEY, Upstream, client, send, with_token};

/// What of an answer is compared: its status, and what the body says without its wording.
async fn outcome(client: &Client, (url, ours): (&str, bool), asked: &Asked) -> String {
    let mut request = client
        .post(url)
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header("x-toolwright-key", KEY)
        .header("x-token", "t")
        .body(asked.body.clone());
    for (name, value) in &asked.headers {
        request = request.header(*name, value);
    }
    // What the other server answers is not ours to validate.
    let (status, text) = if ours {
        let answer = send(request).await;
        (answer.status().as_u16(), answer.text().to_owned())
    } else {
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    if let Some(code) = body["error"]["code"].as_i64() {
        return format!("{status} {code}");
    }
    let result = &body["result"];
    if !result.is_object() {
        return format!(
            "{status} {}",
            if body.is_array() {
                "batch"
            } else {
                "no message"
            }
        );
    }
    let sent: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(body["id"], sent["id"], "{text}");
    let text = result["content"][0]["text"].as_str().unwrap_or_default();
    let seen: Value = serde_json::from_str(text).unwrap_or_default();
    let names: Vec<_> = result["tools"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|tool| &tool["name"])
        .collect();
    format!(
        "{status} result {:?} {} {} {:?} {names:?} {:?}",
        result
            .get("isError")
            .and_then(Value::as_bool)
            .unwrap_or_default(),
        seen["target"],
        result["resultType"],
        result.get("protocolVersion"),
        result["capabilities"]
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_53_the_official_server_answers_the_same() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&with_token(&upstream));
    let tools = Caller::new(&gateway, "/data_api/mcp").tools().await;
    let theirs = official(&upstream, tools).await;
    let ours = gateway.url("/data_api/mcp");
    let count = std::env::var("TOOLWRIGHT_DIFFERENTIAL")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(2000);
    let client = client();
    let mut dice = Dice(0x5EED_0053);
    let (mut undecided, mut used) = (Vec::new(), BTreeSet::new());
    for _ in 0..count {
        let asked = generate(&mut dice);
        let one = outcome(&client, (&ours, true), &asked).await;
        let other = outcome(&client, (&theirs, false), &asked).await;
        if one == other {
            continue;
        }
        let decided = DECIDED
            .iter()
            .position(|(oddity, method, ours, theirs, _)| {
                ["*", asked.oddity].contains(oddity)
                    && (*method == "*" || *method == asked.method)
                    && one.starts_with(ours)
                    && other.starts_with(theirs)
            });
        match decided {
            Some(entry) => drop(used.insert(entry)),
            None => undecided.push(format!("{asked:?}\n  ours:   {one}\n  theirs: {other}")),
        }
    }
    assert!(undecided.is_empty(), "{}", undecided.join("\n"));
    for (entry, decided) in DECIDED.iter().enumerate() {
        assert!(used.contains(&entry), "no request needs {decided:?}");
    }
}

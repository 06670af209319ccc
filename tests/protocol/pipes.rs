//! The stdio transport, as a client sees it that breaks it.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::{Piped, Upstream, configuration};

fn call(id: usize) -> String {
    let params = json!({"name": "get_item", "arguments": {"item_id": 7}});
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}).to_string()
}

async fn start(upstream: &Upstream) -> Piped {
    Piped::start(&configuration(upstream, ""), Some("data_api"))
}

#[tokio::test]
async fn row_52_only_messages_are_on_standard_output_and_logs_are_elsewhere() {
    let upstream = Upstream::start().await;
    let mut piped = start(&upstream).await;
    // Each line that is read must be JSON; the level of the log is `trace`.
    piped.initialize("2025-11-25").await;
    for (line, code) in [
        ("not json", -32700),
        ("{}", -32600),
        ("\u{0}", -32700),
        ("[]", -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#, -32601),
    ] {
        assert_eq!(piped.answer(line).await["error"]["code"], code, "{line}");
    }
    piped.write(b"\xff\xfe\n").await;
    assert_eq!(piped.hear().await["error"]["code"], -32700);
    piped.write(b"\r\n\n   \n").await;
    let answer = piped.answer(&call(7)).await;
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    assert!(
        piped.process.says("\"call\"").await,
        "{}",
        piped.process.log()
    );
    let (rest, status) = piped.close().await;
    assert_eq!((rest.len(), status.code()), (0, Some(0)));
}

#[tokio::test]
async fn row_52_a_line_of_100_mb_is_refused_within_bounds() {
    let upstream = Upstream::start().await;
    let mut piped = start(&upstream).await;
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..100 {
        piped.write(&piece).await;
    }
    piped.write(b"\n").await;
    assert_eq!(piped.hear().await["error"]["code"], -32600);
    let answer = piped.answer(&call(7)).await;
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    #[cfg(target_os = "linux")]
    {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", piped.process.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .unwrap();
        let kilobytes: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        assert!(kilobytes < 80 << 10, "{line}");
    }
}

#[tokio::test]
async fn row_52_a_thousand_interleaved_requests_are_all_answered() {
    let upstream = Upstream::start().await;
    let mut piped = start(&upstream).await;
    let mut text = String::new();
    for id in 0..1000 {
        text += &call(id);
        text.push('\n');
        piped.session.asks(&call(id));
    }
    // Written by another task: whoever writes it all before it reads waits for a reader that waits for it.
    let mut input = piped.input.take().unwrap();
    let writing = tokio::spawn(async move {
        tokio::io::AsyncWriteExt::write_all(&mut input, text.as_bytes())
            .await
            .unwrap();
        input
    });
    let mut ids = HashSet::new();
    for _ in 0..1000 {
        let answer = piped.hear().await;
        assert_eq!(answer["result"]["isError"], false, "{answer}");
        ids.insert(answer["id"].as_u64().unwrap());
    }
    assert_eq!(ids.len(), 1000);
    piped.input = Some(writing.await.unwrap());
    assert_eq!(piped.close().await.1.code(), Some(0));
    assert_eq!(upstream.take().len(), 1000);
}

#[tokio::test]
async fn row_52_the_end_of_the_input_is_the_end_of_the_process() {
    let upstream = Upstream::start().await;
    for (last, answers) in [
        (call(1), 1),
        (String::from("{\"jsonrpc\":"), 1),
        (String::new(), 0),
    ] {
        let mut piped = start(&upstream).await;
        // No line end at the end.
        piped.write(last.as_bytes()).await;
        let (rest, status) = piped.close().await;
        assert_eq!((rest.len(), status.code()), (answers, Some(0)), "{rest:?}");
    }
    // What hangs is not waited for.
    let mut piped = start(&upstream).await;
    piped.say(&call(1).replace(":7", ":408")).await;
    while upstream
        .take()
        .iter()
        .all(|seen| seen.target != "/items/408")
    {
        tokio::task::yield_now().await;
    }
    let (rest, status) = piped.close().await;
    assert_eq!((rest.len(), status.code()), (0, Some(0)));
}

#[cfg(unix)]
#[tokio::test]
async fn row_52_sigterm_ends_it_in_order() {
    let upstream = Upstream::start().await;
    let mut piped = start(&upstream).await;
    piped.initialize("2025-06-18").await;
    let id = piped.process.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(piped.process.ended().await.code(), Some(0));
    assert_eq!(piped.next().await, None);
}

#[tokio::test]
async fn u_a_cancelled_call_is_not_answered_over_stdio() {
    let upstream = Upstream::start().await;
    for version in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let mut piped = start(&upstream).await;
        piped.initialize(version).await;
        for id in ["\"a\"", "17"] {
            let hanging = call(1)
                .replace(":7", ":408")
                .replace("\"id\":1", &format!("\"id\":{id}"));
            piped.say(&hanging).await;
            while upstream
                .take()
                .iter()
                .all(|seen| seen.target != "/items/408")
            {
                tokio::task::yield_now().await;
            }
            // Ids of nothing, and the same text as another type, are ignored.
            for cancelled in ["99", "\"17\"", "null", "{}", id] {
                let params: Value = serde_json::from_str(&format!(
                    "{{\"requestId\":{cancelled},\"reason\":\"x\"}}"
                ))
                .unwrap();
                let line = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params});
                piped.say(&line.to_string()).await;
            }
        }
        assert_eq!(piped.answer(&call(5)).await["id"], 5);
        let (rest, status) = piped.close().await;
        assert_eq!((rest.len(), status.code()), (0, Some(0)), "{rest:?}");
    }
}

//! Answers of every kind, as the content that a model gets.

use std::io::Write as _;

use serde_json::{Value, json};

use crate::support::{Caller, Canned, Gateway, Upstream, data_api};

async fn start(lines: &str) -> (Upstream, Gateway) {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start_quiet(&data_api(
        &upstream,
        &format!("    extra_headers: [X-TOKEN]\n{lines}"),
    ));
    (upstream, gateway)
}

fn caller(gateway: &Gateway) -> Caller {
    Caller::new(gateway, "/data_api/mcp").header("X-TOKEN", "t")
}

/// The result of a call that is answered like this.
async fn result(caller: &Caller, upstream: &Upstream, canned: Canned) -> Value {
    upstream.answer_with(canned);
    let call = json!({"name": "get_item", "arguments": {"item_id": 7}});
    caller.ask("tools/call", call).await["result"].clone()
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

#[tokio::test]
async fn every_media_type_becomes_the_content_that_suits_it() {
    let (upstream, gateway) = start("").await;
    let caller = caller(&gateway);
    let mixed = "--x\r\nContent-Type: text/plain\r\n\r\none\r\n--x\r\nContent-Type: image/png\r\n\r\nPNG\r\n--x--\r\n";
    for (media_type, body, content) in [
        (
            "application/json",
            &b"{ \"price\": 1.10,\n\"id\": 12345678901234567890 }"[..],
            json!([text("{ \"price\": 1.10,\n\"id\": 12345678901234567890 }")]),
        ),
        (
            "text/plain; charset=iso-8859-1",
            b"caf\xe9",
            json!([text("café")]),
        ),
        (
            "text/csv; charset=\"windows-1251\"",
            b"\xcf\xf0\xe8",
            json!([text("При")]),
        ),
        (
            "application/x-ndjson",
            b"{\"a\":1}\n{\"a\":2}\n",
            json!([text("{\"a\":1}\n{\"a\":2}\n")]),
        ),
        (
            "image/png",
            b"PNG",
            json!([{"type": "image", "mimeType": "image/png", "data": "UE5H"}]),
        ),
        (
            "audio/wav",
            b"RIFF",
            json!([{"type": "audio", "mimeType": "audio/wav", "data": "UklGRg=="}]),
        ),
        (
            "application/pdf",
            b"%PDF",
            json!([{"type": "resource", "resource": {
                "uri": "toolwright://data_api/get_item/response",
                "mimeType": "application/pdf",
                "blob": "JVBERg==",
            }}]),
        ),
        (
            "multipart/mixed; boundary=x",
            mixed.as_bytes(),
            json!([text("one"), {"type": "image", "mimeType": "image/png", "data": "UE5H"}]),
        ),
    ] {
        let result = result(&caller, &upstream, Canned::ok(media_type, body)).await;
        assert_eq!(result["content"], content, "{media_type}");
        assert_eq!(result["isError"], false, "{media_type}");
        assert!(!result.to_string().contains(&upstream.url()), "{result}");
    }
}

#[tokio::test]
async fn answers_without_a_body_are_their_status() {
    let (upstream, gateway) = start("").await;
    let caller = caller(&gateway);
    for status in [204, 200, 202] {
        let canned = Canned {
            status,
            ..Canned::default()
        };
        let result = result(&caller, &upstream, canned).await;
        let said = result["content"][0]["text"].as_str().unwrap();
        assert!(said.starts_with(&status.to_string()), "{said}");
        assert_eq!(result["isError"], false);
    }
}

#[tokio::test]
async fn headers_that_help_travel_beside_the_answer() {
    let headers = || {
        vec![
            ("content-type", "application/json".to_owned()),
            ("etag", "\"7\"".to_owned()),
            ("link", "</items?page=2>; rel=\"next\"".to_owned()),
            ("x-ratelimit-remaining", "3".to_owned()),
            ("retry-after", "2".to_owned()),
            ("set-cookie", "id=canary".to_owned()),
            ("www-authenticate", "Bearer canary".to_owned()),
            ("x-other", "canary".to_owned()),
            ("server", "internal".to_owned()),
        ]
    };
    for (lines, kept) in [
        (
            "",
            json!({"etag": "\"7\"", "link": "</items?page=2>; rel=\"next\"", "x-ratelimit-remaining": "3", "retry-after": "2"}),
        ),
        (
            "    response_headers: [Server, X-Rate*]\n",
            json!({"server": "internal", "x-ratelimit-remaining": "3"}),
        ),
    ] {
        let (upstream, gateway) = start(lines).await;
        for status in [200, 429] {
            let canned = Canned {
                status,
                headers: headers(),
                pieces: vec![b"{}".to_vec()],
                endless: false,
            };
            let result = result(&caller(&gateway), &upstream, canned).await;
            let shown = &result["_meta"]["toolwright/response"];
            assert_eq!(shown["headers"], kept);
            assert_eq!(shown["status"], status);
            assert_eq!(result["isError"], status == 429);
            assert!(!result.to_string().contains("canary"), "{result}");
        }
    }
}

#[tokio::test]
async fn a_redirect_names_the_origin_of_its_target_alone() {
    let (upstream, gateway) = start("").await;
    let canned = Canned {
        status: 302,
        headers: vec![(
            "location",
            "https://login.example/start?token=canary#x".to_owned(),
        )],
        ..Canned::default()
    };
    let result = result(&caller(&gateway), &upstream, canned).await;
    let said = result["content"][0]["text"].as_str().unwrap();
    assert!(
        said.contains("302") && said.contains("https://login.example"),
        "{said}"
    );
    assert_eq!(result["isError"], true);
    assert!(!result.to_string().contains("canary"), "{result}");
    upstream.only();
}

#[tokio::test]
async fn errors_carry_status_reason_and_a_bounded_body() {
    let (upstream, gateway) = start("").await;
    let long = format!("{{\"detail\":\"{}\"}}", "x".repeat(200_000));
    let canned = Canned {
        status: 409,
        ..Canned::ok("application/problem+json", long)
    };
    let result = result(&caller(&gateway), &upstream, canned).await;
    assert_eq!(result["isError"], true);
    assert_eq!(
        result["content"][0],
        text("The upstream answered 409 Conflict.")
    );
    assert!(
        result["content"][1]["text"]
            .as_str()
            .unwrap()
            .starts_with("{\"detail\":\"xxx")
    );
    let note = result["content"][2]["text"].as_str().unwrap();
    assert!(note.contains("truncated"), "{note}");
    assert!(result.to_string().len() < 100_000);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// One uncompressed meta-block (RFC 7932 §9.2).
fn brotli(bytes: &[u8]) -> Vec<u8> {
    let last = u32::try_from(bytes.len() - 1).unwrap();
    let head = 0x0b | ((last & 1) << 7) | ((last >> 1) & 0xff) << 8 | (0x80 | last >> 9) << 16;
    [&head.to_le_bytes()[..3], bytes, &[3]].concat()
}

/// One frame of one raw block (RFC 8878 §3.1.1).
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap();
    let block = (u32::from(length) << 3) | 1;
    let magic = [0x28, 0xb5, 0x2f, 0xfd, 0x20, length];
    [&magic, &block.to_le_bytes()[..3], bytes].concat()
}

#[tokio::test]
async fn compressed_answers_are_unpacked_within_bounds() {
    let (upstream, gateway) = start("    max_response_bytes: 64KiB\n").await;
    let caller = caller(&gateway);
    let body = br#"{"packed": true}"#;
    for (coding, packed) in [
        ("gzip", gzip(body)),
        ("deflate", zlib(body)),
        ("br", brotli(body)),
        ("zstd", zstd(body)),
    ] {
        let mut canned = Canned::ok("application/json", packed);
        canned.headers.push(("content-encoding", coding.to_owned()));
        let result = result(&caller, &upstream, canned).await;
        assert_eq!(
            result["content"][0],
            text("{\"packed\": true}"),
            "{coding}: {result}"
        );
    }
    // A hundred megabytes in a hundred kilobytes.
    let bomb = gzip(&vec![b'x'; 100 << 20]);
    let mut canned = Canned::ok("text/plain", bomb);
    canned.headers.push(("content-encoding", "gzip".to_owned()));
    let result = result(&caller, &upstream, canned).await;
    assert_eq!(
        result["content"][0]["text"].as_str().map(str::len),
        Some(64 << 10)
    );
    assert_eq!(
        result["content"][1],
        text("[truncated: the answer goes on; its first 65536 bytes are above]")
    );
}

#[tokio::test]
async fn what_is_not_compressed_as_it_says_is_an_error() {
    let (upstream, gateway) = start("").await;
    let caller = caller(&gateway);
    for (coding, body, said) in [
        (
            "gzip",
            b"not gzip at all".to_vec(),
            "not compressed as it says",
        ),
        ("gzip, gzip", gzip(&gzip(b"{}")), "not asked for"),
        ("compress", b"{}".to_vec(), "not asked for"),
        ("identity", b"{}".to_vec(), "{}"),
        ("compress", Vec::new(), "200 OK"),
    ] {
        let mut canned = Canned::ok("application/json", body);
        canned.headers.push(("content-encoding", coding.to_owned()));
        canned
            .headers
            .push(("content-length", canned.pieces[0].len().to_string()));
        let result = result(&caller, &upstream, canned).await;
        let is_error = said.starts_with("not");
        assert_eq!(result["isError"], is_error, "{coding}: {result}");
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(text.contains(said), "{coding}: {result}");
    }
}

#[tokio::test]
async fn long_answers_say_what_is_missing() {
    let (upstream, gateway) = start("    max_response_bytes: 1KiB\n").await;
    let caller = caller(&gateway);
    for (media_type, said) in [
        ("application/json", "truncated"),
        ("text/plain", "truncated"),
        ("image/png", "left out"),
        ("application/zip", "left out"),
    ] {
        let canned = Canned::ok(media_type, vec![b'1'; 5000]);
        let result = result(&caller, &upstream, canned).await;
        let last = result["content"].as_array().unwrap().last().unwrap();
        assert!(
            last["text"].as_str().unwrap().contains(said),
            "{media_type}: {result}"
        );
        assert_eq!(result.get("structuredContent"), None, "{media_type}");
    }
}

#[tokio::test]
async fn the_limits_of_a_server_hold() {
    let (upstream, gateway) =
        start("    max_arguments_bytes: 100\n    max_concurrent_calls: 1\n    timeout: 1s\n").await;
    let caller = caller(&gateway);
    let long = json!({"item_id": 7, "q": "x".repeat(200)});
    let said = caller.error("get_item", long).await;
    assert!(said.contains("100 bytes"), "{said}");
    upstream.untouched();
    let slow = {
        let caller = caller.clone();
        tokio::spawn(async move { caller.error("get_item", json!({"item_id": 408})).await })
    };
    while upstream.take().is_empty() {
        tokio::task::yield_now().await;
    }
    let said = caller.error("get_item", json!({"item_id": 1})).await;
    assert!(said.contains("1 calls") && said.contains("retry"), "{said}");
    let said = slow.await.unwrap();
    assert!(said.contains("within 1 s"), "{said}");
}

#[tokio::test]
async fn numbers_in_quotes_are_refused_unless_the_operator_says_otherwise() {
    let (upstream, gateway) = start("").await;
    let said = caller(&gateway)
        .error("get_item", json!({"item_id": "7"}))
        .await;
    assert!(said.contains("/item_id"), "{said}");
    upstream.untouched();
    let (upstream, gateway) = start("    coerce_arguments: true\n").await;
    caller(&gateway)
        .answer("get_item", json!({"item_id": "7"}))
        .await;
    assert_eq!(upstream.only().target, "/items/7");
    let said = caller(&gateway)
        .error("get_item", json!({"item_id": "seven"}))
        .await;
    assert!(said.contains("/item_id"), "{said}");
}

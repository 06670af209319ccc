//! Any answer of an upstream: one line its media type, the rest its body. What comes out is JSON with content.
#![no_main]

use http::{HeaderMap, HeaderValue, StatusCode, header};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use toolwright::config::Keep;
use toolwright::mcp::content::{Upstream, View, result};
use toolwright::protocol::version::Version;

fuzz_target!(|data: &[u8]| {
    let Some((head, rest)) = data.split_first_chunk::<2>() else {
        return;
    };
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (media_type, body) = rest.split_at(end);
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(media_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    let statuses = [200, 201, 204, 206, 301, 304, 400, 401, 404, 500];
    let status = statuses[usize::from(head[0]) % statuses.len()];
    let upstream = Upstream {
        status: StatusCode::from_u16(status).expect("a status"),
        headers: &headers,
        body: body.strip_prefix(b"\n").unwrap_or(body),
        truncated: head[1] & 1 == 1,
    };
    let view = View {
        version: Version::ALL[usize::from(head[1] >> 4) % Version::ALL.len()],
        uri: "toolwright://data_api/get_item/response",
        origin: "http://upstream.example",
        keep: &Keep::default(),
        head: head[1] & 2 == 2,
        declared: None,
    };
    let outcome = result(&upstream, &view, "", "");
    let value: Value = serde_json::from_slice(&outcome.text).expect("a result is JSON");
    assert!(value["content"].is_array());
    assert_eq!(value["isError"], outcome.failed);
    assert_eq!(outcome.failed, !upstream.status.is_success());
});

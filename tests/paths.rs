//! No argument leaves its path segment, or puts a line into a header.

use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::support::{Caller, Gateway, Upstream, data_api, with_token};

/// Values that some client or server turns into another path.
const CLIMBING: [&str; 9] = [
    "", ".", "..", "%2e", "%2E%2e", ".%2e", "%2e.", "%2E", "..%00",
];

/// Values that must stay one segment.
const STAYING: [&str; 31] = [
    "/",
    "//evil.example",
    "/etc/passwd",
    "../x",
    "..\\",
    "\\",
    "a/../../b",
    "..%2f",
    "%252e%252e",
    "%2f",
    "?a=b",
    "#x",
    ";x=1",
    "@evil.example",
    ":8080",
    "a b",
    "a+b",
    "a%b",
    "%",
    "%%",
    "%zz",
    "..;/",
    "．．",
    "ü",
    "a\nb",
    "a\r\nX: y",
    "\t",
    "\u{202e}",
    "http://evil.example/",
    "...",
    "a=b&c=d",
];

#[tokio::test]
async fn a_path_value_is_one_segment_or_refused() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    for value in ["", ".", ".."] {
        let said = caller
            .error("supplier_items", json!({"supplier": value}))
            .await;
        assert!(said.contains("supplier"), "{value:?}: {said}");
        upstream.untouched();
    }
    for value in CLIMBING.into_iter().chain(STAYING).chain(["\0", "a\0b"]) {
        let (failed, said) = caller
            .call("supplier_items", json!({"supplier": value}))
            .await;
        let seen = upstream.take();
        assert_eq!(seen.is_empty(), failed, "{value:?}: {said}");
        for seen in seen {
            let inner = seen
                .target
                .strip_prefix("/suppliers/")
                .and_then(|rest| rest.strip_suffix("/items"));
            let inner = inner.unwrap_or_else(|| panic!("{value:?} led to {}", seen.target));
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~%!$&'()*+,;=:@".contains(c);
            assert!(
                inner.chars().all(allowed),
                "{value:?} led to {}",
                seen.target
            );
            assert_eq!(percent_decode_str(inner).decode_utf8().unwrap(), value);
            assert!(!matches!(
                inner.to_lowercase().as_str(),
                "." | ".." | "%2e" | "%2e%2e" | ".%2e" | "%2e."
            ));
        }
    }
}

#[tokio::test]
async fn a_query_value_stays_one_value() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&with_token(&upstream));
    let caller = Caller::new(&gateway, "/data_api/mcp").header("X-TOKEN", "t");
    for value in STAYING
        .into_iter()
        .chain(CLIMBING)
        .chain(["a&admin=true", "\u{0}"])
    {
        caller
            .call("get_item", json!({"item_id": 7, "q": value}))
            .await;
        for seen in upstream.take() {
            let inner = seen.target.strip_prefix("/items/7?q=").unwrap();
            assert!(
                !inner.contains(['&', '#', '?', ' ', '+', '\n', '\r']),
                "{value:?} led to {}",
                seen.target
            );
            assert_eq!(percent_decode_str(inner).decode_utf8().unwrap(), value);
        }
    }
}

#[tokio::test]
async fn a_header_argument_adds_no_header() {
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(&data_api(&upstream, "    auth_type: none\n"));
    let caller = Caller::new(&gateway, "/data_api/mcp");
    let long = "x".repeat(100_000);
    for value in [
        "a\r\nX-Injected: 1",
        "a\nb",
        "a\rb",
        "a\0b",
        "a\u{7f}b",
        "\r\n\r\nGET / HTTP/1.1",
        long.as_str(),
    ] {
        caller.error("whoami", json!({"x-token": value})).await;
    }
    upstream.untouched();
    caller.answer("whoami", json!({"x-token": "a b"})).await;
    let seen = upstream.only();
    assert_eq!(seen.header("x-token"), ["a b"]);
}

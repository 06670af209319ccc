use serde_json::{Value, json};

use super::*;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(*name, value.parse().unwrap());
    }
    headers
}

struct Case<'a> {
    status: u16,
    headers: &'a [(&'static str, &'static str)],
    body: &'a [u8],
    truncated: bool,
    version: Version,
    head: bool,
}

impl Default for Case<'_> {
    fn default() -> Self {
        Case {
            status: 200,
            headers: &[],
            body: b"",
            truncated: false,
            version: Version::V2025_11_25,
            head: false,
        }
    }
}

fn show(case: &Case<'_>) -> Value {
    let headers = headers(case.headers);
    let upstream = Upstream {
        status: StatusCode::from_u16(case.status).unwrap(),
        headers: &headers,
        body: case.body,
        truncated: case.truncated,
    };
    let view = View {
        version: case.version,
        uri: "toolwright://data_api/get_item/response",
        origin: "http://upstream-api.local",
        keep: &Keep::default(),
        head: case.head,
        declared: None,
    };
    let outcome = result(&upstream, &view, "", "");
    let value: Value = serde_json::from_slice(&outcome.text).unwrap();
    assert_eq!(value["isError"], json!(outcome.failed));
    value
}

fn typed(media_type: &'static str, body: &[u8]) -> Value {
    show(&Case {
        headers: &[("content-type", media_type)],
        body,
        ..Case::default()
    })["content"]
        .clone()
}

fn text(value: &str) -> Value {
    json!([{"type": "text", "text": value}])
}

#[test]
fn json_keeps_the_upstreams_bytes_and_is_structured_where_the_version_allows() {
    let body = br#"{"b": 1.0, "a": 12345678901234567890}"#;
    for (version, object, array) in [
        (Version::V2025_03_26, false, false),
        (Version::V2025_06_18, true, false),
        (Version::V2025_11_25, true, false),
        (Version::V2026_07_28, true, true),
    ] {
        let of = |body| {
            show(&Case {
                headers: &[("content-type", "application/json")],
                body,
                version,
                ..Case::default()
            })
        };
        let answer = of(body);
        assert_eq!(answer["content"], text(std::str::from_utf8(body).unwrap()));
        assert_eq!(
            answer.get("structuredContent").is_some(),
            object,
            "{version:?}"
        );
        assert_eq!(
            of(b"[1]").get("structuredContent").is_some(),
            array,
            "{version:?}"
        );
    }
    let broken = show(&Case {
        headers: &[("content-type", "application/json")],
        body: b"{\"a\":",
        ..Case::default()
    });
    assert_eq!(broken["content"], text("{\"a\":"));
    assert_eq!(broken.get("structuredContent"), None);
}

#[test]
fn other_media_types_become_their_blocks() {
    assert_eq!(
        typed("text/plain; charset=iso-8859-1", b"caf\xe9"),
        text("café")
    );
    assert_eq!(typed("text/plain", b"caf\xe9"), text("caf\u{fffd}"));
    assert_eq!(
        typed(
            "application/json; charset=iso-8859-1",
            "\"café\"".as_bytes()
        ),
        text("\"café\"")
    );
    assert_eq!(typed("application/xml", b"<a/>"), text("<a/>"));
    assert_eq!(
        typed("image/png", b"\x89PNG"),
        json!([{"type": "image", "mimeType": "image/png", "data": "iVBORw=="}])
    );
    assert_eq!(
        typed("audio/wav", b"RIFF"),
        json!([{"type": "audio", "mimeType": "audio/wav", "data": "UklGRg=="}])
    );
    assert_eq!(
        typed("application/pdf", b"%PDF"),
        json!([{"type": "resource", "resource": {
            "uri": "toolwright://data_api/get_item/response", "mimeType": "application/pdf", "blob": "JVBERg=="}}])
    );
    assert_eq!(
        typed("multipart/mixed; boundary=x", b"--x\r\nContent-Type: text/plain\r\n\r\na\r\n--x\r\nContent-Type: application/pdf\r\n\r\nb\r\n--x--"),
        json!([
            {"type": "text", "text": "a"},
            {"type": "resource", "resource": {
                "uri": "toolwright://data_api/get_item/response/2", "mimeType": "application/pdf", "blob": "Yg=="}},
        ])
    );
}

#[test]
fn a_missing_media_type_is_guessed_from_the_bytes() {
    let guess = |body| {
        show(&Case {
            body,
            ..Case::default()
        })
    };
    assert_eq!(guess(b"{\"a\":1}")["structuredContent"], json!({"a": 1}));
    assert_eq!(guess(b"plain")["content"], text("plain"));
    assert_eq!(
        guess(b"\0\x01")["content"][0]["resource"]["mimeType"],
        "application/octet-stream"
    );
}

#[test]
fn an_answer_without_a_body_says_its_status() {
    assert_eq!(
        show(&Case {
            status: 204,
            ..Case::default()
        })["content"],
        text("204 No Content")
    );
    let head = show(&Case {
        head: true,
        headers: &[("content-type", "application/pdf"), ("etag", "\"7\"")],
        ..Case::default()
    });
    assert_eq!(head["content"], text("200 OK"));
    assert_eq!(
        head["_meta"]["toolwright/response"],
        json!({"status": 200, "headers": {"etag": "\"7\""}})
    );
}

#[test]
fn failures_carry_status_reason_and_body() {
    let answer = show(&Case {
        status: 422,
        headers: &[
            ("content-type", "application/json"),
            ("www-authenticate", "Bearer"),
            ("retry-after", "3"),
        ],
        body: br#"{"detail":"x-token is missing"}"#,
        ..Case::default()
    });
    assert_eq!(
        answer["content"][0]["text"],
        "The upstream answered 422 Unprocessable Entity."
    );
    assert_eq!(
        answer["content"][1]["text"],
        r#"{"detail":"x-token is missing"}"#
    );
    assert_eq!(answer["isError"], true);
    assert_eq!(
        answer["_meta"]["toolwright/response"]["headers"],
        json!({"retry-after": "3"})
    );
    let long = vec![b'a'; MAX_ERROR_BYTES + 1];
    let answer = show(&Case {
        status: 500,
        body: &long,
        ..Case::default()
    });
    assert_eq!(
        answer["content"][1]["text"].as_str().map(str::len),
        Some(MAX_ERROR_BYTES)
    );
    assert!(
        answer["content"][2]["text"]
            .as_str()
            .unwrap()
            .starts_with("[truncated")
    );
}

#[test]
fn redirects_name_the_targets_origin_only() {
    let of = |location: &'static str| {
        let answer = show(&Case {
            status: 302,
            headers: &[("location", location)],
            ..Case::default()
        });
        assert!(!answer["_meta"].to_string().contains("secret"));
        answer["content"][0]["text"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        of("https://u:secret@other.example/secret?secret"),
        "The upstream answered 302 Found, a redirect to https://other.example. Redirects are not followed."
    );
    for local in ["/secret", "http://upstream-api.local/secret"] {
        assert!(of(local).contains("within the upstream"), "{local}");
    }
}

#[test]
fn truncation_is_said() {
    let of = |media: &'static str, body| {
        show(&Case {
            headers: if media == "image/png" {
                &[("content-type", "image/png")]
            } else {
                &[("content-type", "application/json")]
            },
            body,
            truncated: true,
            ..Case::default()
        })
    };
    let answer = of("application/json", b"{}");
    assert_eq!(answer["content"][0]["text"], "{}");
    assert!(
        answer["content"][1]["text"]
            .as_str()
            .unwrap()
            .contains("truncated")
    );
    assert_eq!(answer.get("structuredContent"), None);
    assert!(
        of("image/png", b"\x89")["content"][0]["text"]
            .as_str()
            .unwrap()
            .starts_with("[left out")
    );
}

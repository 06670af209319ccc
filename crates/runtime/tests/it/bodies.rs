//! Bodies other than JSON.

use proptest::prelude::*;
use toolwright_runtime::prelude::*;

use crate::support::{body, decode, json, no_headers};

#[test]
fn text_and_bytes() {
    let request = Request::post("/", &no_headers())
        .text(&String::from("grüße\r\n"))
        .build()
        .unwrap();
    assert_eq!(body(&request), "grüße\r\n");
    assert_eq!(
        request.headers()["content-type"],
        "text/plain; charset=utf-8"
    );

    #[derive(Debug, Args)]
    struct Upload {
        body: Option<Bytes>,
    }
    let upload: Upload = decode(r#"{"body":"AP8="}"#).unwrap();
    let request = Request::put("/", &no_headers())
        .content_type("image/png")
        .bytes(&upload.body)
        .build()
        .unwrap();
    assert_eq!(request.body().unwrap().as_ref(), [0, 255]);
    assert_eq!(request.headers()["content-type"], "image/png");

    let absent: Upload = decode("{}").unwrap();
    let request = Request::put("/", &no_headers())
        .content_type("image/png")
        .bytes(&absent.body)
        .build()
        .unwrap();
    assert!(request.body().is_none() && request.headers().get("content-type").is_none());
}

#[test]
fn forms() {
    let value = json(
        r#"{"id":"a b&c=d+ü~*","n":1.0,"list":[1,"x y"],"o":{"k":[1.0]},"csv":["a","b,c"],"deep":{"a":{"b":1}},"e":"","null":null,"j":"s"}"#,
    );
    let request = Request::post("/", &no_headers())
        .encode("csv", Style::CSV)
        .encode("deep", Style::DEEP_OBJECT)
        .part_type("j", "application/json")
        .form(&value)
        .build()
        .unwrap();
    assert_eq!(
        body(&request),
        "id=a+b%26c%3Dd%2B%C3%BC%7E*&n=1.0&list=1&list=x+y&o=%7B%22k%22%3A%5B1.0%5D%7D&csv=a,b%2Cc&deep%5Ba%5D%5Bb%5D=1&e=&j=%22s%22"
    );
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert!(
        Request::post("/", &no_headers())
            .form(&json("[1]"))
            .build()
            .is_err()
    );
}

/// Head and data of each part, by a reader of the tests' own.
fn parts(request: &Request) -> Vec<(String, Vec<u8>)> {
    let content_type = request.headers()["content-type"].to_str().unwrap();
    let boundary = content_type.split("boundary=").nth(1).unwrap();
    let text = request.body().unwrap();
    let text: String = text.iter().map(|byte| char::from(*byte)).collect();
    let text = format!("\r\n{text}");
    let delimiter = format!("\r\n--{boundary}");
    let mut pieces = text.split(&delimiter);
    assert_eq!(pieces.next(), Some(""));
    let mut parts: Vec<_> = pieces.collect();
    assert_eq!(parts.pop(), Some("--\r\n"));
    let split = |part: &str| {
        let (head, data) = part
            .strip_prefix("\r\n")
            .unwrap()
            .split_once("\r\n\r\n")
            .unwrap();
        (
            head.to_owned(),
            data.chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect(),
        )
    };
    parts.into_iter().map(split).collect()
}

#[test]
fn multipart_parts() {
    let value = json(
        r#"{"text":"a\r\n--x","n":7,"o":{"a":1.0},"tags":["x","y"],"list":[{"i":1}],"null":null,
            "photo":{"data":"AP8=","filename":"a\"b\r\nc.png","content_type":"image/png"},"raw":"aGk=",
            "docs":[{"data":"aGk="},{"data":""}],"meta":"<a/>"}"#,
    );
    let request = Request::post("/", &no_headers())
        .file("photo", "image/*")
        .file("raw", "application/pdf")
        .file("docs", "application/octet-stream")
        .part_type("meta", "text/xml")
        .part_header("meta", "X-Kind", "main")
        .multipart(&value)
        .build()
        .unwrap();
    let content_type = request.headers()["content-type"].to_str().unwrap();
    assert!(
        content_type.starts_with("multipart/form-data; boundary=toolwright-"),
        "{content_type}"
    );
    let disposition = |rest: &str| format!("Content-Disposition: form-data; name={rest}");
    let expected: Vec<(String, &[u8])> = vec![
        (disposition("\"text\""), b"a\r\n--x"),
        (disposition("\"n\""), b"7"),
        (
            disposition("\"o\"\r\nContent-Type: application/json"),
            b"{\"a\":1.0}",
        ),
        (disposition("\"tags\""), b"x"),
        (disposition("\"tags\""), b"y"),
        (
            disposition("\"list\"\r\nContent-Type: application/json"),
            b"{\"i\":1}",
        ),
        (
            disposition("\"photo\"; filename=\"a%22b%0D%0Ac.png\"\r\nContent-Type: image/png"),
            &[0, 255],
        ),
        (
            disposition("\"raw\"; filename=\"raw\"\r\nContent-Type: application/pdf"),
            b"hi",
        ),
        (
            disposition("\"docs\"; filename=\"docs\"\r\nContent-Type: application/octet-stream"),
            b"hi",
        ),
        (
            disposition("\"docs\"; filename=\"docs\"\r\nContent-Type: application/octet-stream"),
            b"",
        ),
        (
            disposition("\"meta\"\r\nContent-Type: text/xml\r\nX-Kind: main"),
            b"<a/>",
        ),
    ];
    let found = parts(&request);
    let found: Vec<_> = found
        .iter()
        .map(|(head, data)| (head.clone(), data.as_slice()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn multipart_refuses_what_is_no_file() {
    let build = |value: &str| {
        let error = Request::post("/", &no_headers())
            .file("f", "image/png")
            .multipart(&json(value))
            .build()
            .unwrap_err();
        error.violations()[0].pointer.clone()
    };
    assert_eq!(build(r#"{"f":7}"#), "/body/f");
    assert_eq!(build(r#"{"f":{"data":"%"}}"#), "/body/f/data");
    assert_eq!(
        build(r#"{"f":[{"data":"","content_type":"a\r\nb"}]}"#),
        "/body/f/0/content_type"
    );
}

#[test]
fn threat_7_bodies_hold_their_text_and_nothing_more() {
    let text = "\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n--toolwright-0--";
    let quoted = serde_json::to_string(text).unwrap();
    let value = json(&format!(
        "{{\"a\":{quoted},\"f\":{{\"data\":\"\",\"filename\":{quoted}}}}}"
    ));
    let request = Request::post("/", &no_headers())
        .file("f", "text/plain")
        .multipart(&value)
        .build()
        .unwrap();
    let found = parts(&request);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].1, text.as_bytes());
    assert_eq!(found[1].0.lines().count(), 2);
    let request = Request::post("/", &no_headers())
        .json(&value)
        .build()
        .unwrap();
    let sent: serde_json::Value = serde_json::from_slice(request.body().unwrap()).unwrap();
    assert_eq!(sent["a"], text);
}

proptest! {
    #[test]
    fn forms_of_any_strings_come_back(texts in prop::collection::btree_map(any::<String>(), any::<String>(), 0..5)) {
        let value = json(&serde_json::to_string(&texts).unwrap());
        let request = Request::post("/", &no_headers()).form(&value).build().unwrap();
        let read: Vec<_> = url::form_urlencoded::parse(request.body().unwrap()).into_owned().collect();
        prop_assert_eq!(read, texts.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn parts_of_any_strings_come_back(texts in prop::collection::vec(any::<String>(), 0..5)) {
        let value = json(&format!("{{\"a\":{}}}", serde_json::to_string(&texts).unwrap()));
        let request = Request::post("/", &no_headers()).multipart(&value).build().unwrap();
        let read: Vec<_> = parts(&request).into_iter().map(|(_, data)| String::from_utf8(data).unwrap()).collect();
        prop_assert_eq!(read, texts);
    }
}

#[test]
fn boundaries_are_never_the_same() {
    let boundary = || {
        let request = Request::post("/", &no_headers())
            .multipart(&json("{}"))
            .build()
            .unwrap();
        request.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_ne!(boundary(), boundary());
}

#[test]
fn parts_that_may_be_files_are_files_where_they_are_objects() {
    let build = |value: &str| {
        let request = Request::post("/", &no_headers())
            .file_or_text("f", "image/png")
            .plain_part("meta")
            .other_files("application/octet-stream")
            .multipart(&json(value))
            .build()
            .unwrap();
        parts(&request)
    };
    let disposition = |rest: &str| format!("Content-Disposition: form-data; name={rest}");
    assert_eq!(
        build(r#"{"f":"https://a/","meta":{"data":"aGk="},"x":{"data":"aGk="},"y":[{"data":""}]}"#),
        [
            (disposition("\"f\""), b"https://a/".to_vec()),
            (
                disposition("\"meta\"\r\nContent-Type: application/json"),
                br#"{"data":"aGk="}"#.to_vec()
            ),
            (
                disposition("\"x\"; filename=\"x\"\r\nContent-Type: application/octet-stream"),
                b"hi".to_vec()
            ),
            (
                disposition("\"y\"; filename=\"y\"\r\nContent-Type: application/octet-stream"),
                Vec::new()
            ),
        ]
    );
    assert_eq!(
        build(r#"{"f":{"data":"aGk="}}"#),
        [(
            disposition("\"f\"; filename=\"f\"\r\nContent-Type: image/png"),
            b"hi".to_vec()
        )]
    );
}

#[test]
fn parts_may_be_forms() {
    let request = Request::post("/", &no_headers())
        .part_type("f", "application/x-www-form-urlencoded")
        .multipart(&json(r#"{"f":{"a":"x y","l":[1,2],"o":{"k":1}}}"#))
        .build()
        .unwrap();
    let head = "Content-Disposition: form-data; name=\"f\"\r\nContent-Type: application/x-www-form-urlencoded";
    let data = b"a=x+y&l=1&l=2&o=%7B%22k%22%3A1%7D".to_vec();
    assert_eq!(parts(&request), [(head.to_owned(), data)]);
}

#[test]
fn lists_may_be_lines_of_json() {
    let value = json("[{\"a\": 1.0,\n \"b\": \"x\\ny\"}, null, [1]]");
    let request = Request::post("/", &no_headers())
        .json_lines(&value)
        .build()
        .unwrap();
    assert_eq!(body(&request), "{\"a\":1.0,\"b\":\"x\\ny\"}\nnull\n[1]\n");
    assert_eq!(request.headers()["content-type"], "application/jsonl");
    let request = Request::post("/", &no_headers())
        .json_seq(&json("[1, {}]"))
        .build()
        .unwrap();
    assert_eq!(body(&request), "\u{1e}1\n\u{1e}{}\n");
    assert_eq!(request.headers()["content-type"], "application/json-seq");
}

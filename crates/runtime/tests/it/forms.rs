//! Forms, in bodies and in parameters, and bytes of a range.

use toolwright_runtime::prelude::*;

use crate::support::{body, decode, json, no_headers};

#[derive(Debug, Args)]
struct Upload {
    body: Bytes,
}

#[test]
fn bytes_of_a_range_have_a_type_within_it() {
    for (range, bytes, expected) in [
        ("image/*", "iVBORw0KGgo=", "image/png"),
        ("image/*", "/9j/4AAQ", "image/jpeg"),
        ("IMAGE/*", "AAAA", "image/png"),
        ("audio/*", "T2dnUw==", "audio/ogg"),
        ("video/*", "T2dnUw==", "video/ogg"),
        ("chemical/*", "AAAA", "application/octet-stream"),
        ("*/*", "iVBORw0KGgo=", "application/octet-stream"),
        ("", "iVBORw0KGgo=", "application/octet-stream"),
    ] {
        let upload: Upload = decode(&format!("{{\"body\":\"{bytes}\"}}")).unwrap();
        let request = Request::put("/", &no_headers())
            .bytes_of(range, &upload.body)
            .build()
            .unwrap();
        assert_eq!(request.headers()["content-type"], expected, "{range}");
    }
}

#[test]
fn reserved_characters_of_a_form_stay() {
    let request = Request::post("/", &no_headers())
        .encode("r", Style::FORM.reserved())
        .form(&json(r#"{"r":"a/b?c=d&e+f g[%41]","s":"a/b"}"#))
        .build()
        .unwrap();
    assert_eq!(body(&request), "r=a/b?c=d%26e%2Bf+g%5B%41%5D&s=a%2Fb");
}

#[test]
fn forms_in_parameters_are_one_value() {
    let value = json(r#"{"x":"a b","y":[1,2],"o":{"k":true}}"#);
    let request = Request::get("/{p}", &no_headers())
        .path_as(Style::URLENCODED, "p", &value)
        .query_as(Style::URLENCODED, "q", &value)
        .header_as(Style::URLENCODED, "x-q", &value)
        .build()
        .unwrap();
    let form = "x%3Da%2Bb%26y%3D1%26y%3D2%26o%3D%257B%2522k%2522%253Atrue%257D";
    assert_eq!(request.target(), format!("/{form}?q={form}"));
    assert_eq!(
        request.headers()["x-q"],
        "x=a+b&y=1&y=2&o=%7B%22k%22%3Atrue%7D"
    );
}

#[test]
fn members_of_a_query_string_have_encodings() {
    let request = Request::get("/", &no_headers())
        .encode("d", Style::DEEP_OBJECT)
        .encode("c", Style::CSV)
        .query_string(&json(r#"{"d":{"x":1},"c":["a","b"],"l":["a","b"]}"#))
        .build()
        .unwrap();
    assert_eq!(request.target(), "/?d%5Bx%5D=1&c=a,b&l=a&l=b");
}

//! Every row of OpenAPI's table of style examples, literally, and the values that the table leaves out.

use toolwright_runtime::prelude::*;

use crate::support::{json, no_headers, sent};

const STRING: &str = r#""blue""#;
const ARRAY: &str = r#"["blue","black","brown"]"#;
const OBJECT: &str = r#"{"R":100,"G":200,"B":150}"#;

fn in_path(style: Style, value: &str) -> Result<String> {
    let request = Request::get("/x/{color}", &no_headers())
        .path_as(style, "color", &json(value))
        .build()?;
    Ok(request.target().strip_prefix("/x/").unwrap().to_owned())
}

fn in_query(style: Style, value: &str) -> Result<String> {
    let request = Request::get("/", &no_headers())
        .query_as(style, "color", &json(value))
        .build()?;
    let target = request.target();
    Ok(target.strip_prefix("/?").unwrap_or_default().to_owned())
}

fn in_header(style: Style, value: &str) -> Result<Vec<String>> {
    let request = Request::get("/", &no_headers())
        .header_as(style, "X-Color", &json(value))
        .build()?;
    Ok(sent(&request, "X-Color"))
}

fn in_cookie(style: Style, value: &str) -> Result<Vec<String>> {
    let request = Request::get("/", &no_headers())
        .cookie_as(style, "color", &json(value))
        .build()?;
    Ok(sent(&request, "Cookie"))
}

#[test]
fn path_rows() {
    let rows = [
        (Style::MATRIX, "\"\"", ";color"),
        (Style::MATRIX, STRING, ";color=blue"),
        (Style::MATRIX, ARRAY, ";color=blue,black,brown"),
        (Style::MATRIX, OBJECT, ";color=R,100,G,200,B,150"),
        (Style::MATRIX_EXPLODED, "\"\"", ";color"),
        (Style::MATRIX_EXPLODED, STRING, ";color=blue"),
        (
            Style::MATRIX_EXPLODED,
            ARRAY,
            ";color=blue;color=black;color=brown",
        ),
        (Style::MATRIX_EXPLODED, OBJECT, ";R=100;G=200;B=150"),
        (Style::LABEL, STRING, ".blue"),
        (Style::LABEL, ARRAY, ".blue,black,brown"),
        (Style::LABEL, OBJECT, ".R,100,G,200,B,150"),
        (Style::LABEL_EXPLODED, STRING, ".blue"),
        (Style::LABEL_EXPLODED, ARRAY, ".blue.black.brown"),
        (Style::LABEL_EXPLODED, OBJECT, ".R=100.G=200.B=150"),
        (Style::SIMPLE, STRING, "blue"),
        (Style::SIMPLE, ARRAY, "blue,black,brown"),
        (Style::SIMPLE, OBJECT, "R,100,G,200,B,150"),
        (Style::SIMPLE_EXPLODED, STRING, "blue"),
        (Style::SIMPLE_EXPLODED, ARRAY, "blue,black,brown"),
        (Style::SIMPLE_EXPLODED, OBJECT, "R=100,G=200,B=150"),
        // Beyond the table.
        (Style::SIMPLE, "[\"a,b\",\"c\"]", "a%2Cb,c"),
        (
            Style::SIMPLE,
            "12345678901234567890123",
            "12345678901234567890123",
        ),
        (Style::SIMPLE, "1.10", "1.10"),
        (Style::SIMPLE, "false", "false"),
        (Style::PIPES, "[\"a\",\"b,c\"]", "a%7Cb%2Cc"),
        (Style::SPACES, "[\"a\",\"b\"]", "a%20b"),
        (Style::LABEL_EXPLODED, "[\"a.b\",\"c\"]", ".a%2Eb.c"),
        (Style::LABEL_EXPLODED, "[\"a.b\"]", ".a%2Eb"),
        (Style::LABEL_EXPLODED, "\"a.b\"", ".a.b"),
        (Style::MATRIX_EXPLODED, "{\"R\":\"\"}", ";R"),
        (
            Style::JSON,
            OBJECT,
            "%7B%22R%22%3A100%2C%22G%22%3A200%2C%22B%22%3A150%7D",
        ),
        (
            Style::SIMPLE.reserved(),
            "\"a/b?c#d:e@%41\"",
            "a%2Fb%3Fc%23d:e@%41",
        ),
    ];
    for (style, value, expected) in rows {
        assert_eq!(
            in_path(style, value).unwrap(),
            expected,
            "{style:?} {value}"
        );
    }
}

#[test]
fn an_empty_path_value_is_an_argument_error() {
    for style in [
        Style::SIMPLE,
        Style::SIMPLE_EXPLODED,
        Style::LABEL,
        Style::LABEL_EXPLODED,
    ] {
        for value in ["\"\"", "[]", "{}", "null", "[null]"] {
            let error = in_path(style, value).unwrap_err();
            assert_eq!(error.violations()[0].pointer, "/color", "{style:?} {value}");
            assert!(
                error.to_string().contains("`color` must not be empty"),
                "{error}"
            );
        }
    }
}

#[test]
fn query_rows() {
    let rows = [
        (Style::CSV, "\"\"", "color="),
        (Style::CSV, STRING, "color=blue"),
        (Style::CSV, ARRAY, "color=blue,black,brown"),
        (Style::CSV, OBJECT, "color=R,100,G,200,B,150"),
        (Style::FORM, "\"\"", "color="),
        (Style::FORM, STRING, "color=blue"),
        (Style::FORM, ARRAY, "color=blue&color=black&color=brown"),
        (Style::FORM, OBJECT, "R=100&G=200&B=150"),
        (Style::SPACES, ARRAY, "color=blue%20black%20brown"),
        (Style::SPACES, OBJECT, "color=R%20100%20G%20200%20B%20150"),
        (Style::PIPES, ARRAY, "color=blue%7Cblack%7Cbrown"),
        (Style::PIPES, OBJECT, "color=R%7C100%7CG%7C200%7CB%7C150"),
        (Style::TABS, ARRAY, "color=blue%09black%09brown"),
        (
            Style::DEEP_OBJECT,
            OBJECT,
            "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
        ),
        // Beyond the table.
        (Style::FORM, "[]", ""),
        (Style::FORM, "{}", ""),
        (Style::FORM, "null", ""),
        (Style::CSV, "[]", ""),
        (Style::FORM, "[\"\"]", "color="),
        (Style::CSV, "[\"\",\"a\"]", "color=,a"),
        (Style::FORM, "[1,null,2]", "color=1&color=2"),
        (Style::FORM.allow_empty(), "[]", "color="),
        (Style::FORM.allow_empty(), "null", "color="),
        (Style::FORM, "false", "color=false"),
        (Style::FORM, "0", "color=0"),
        (Style::FORM, "-1e400", "color=-1e400"),
        (Style::FORM, "\"a b+c&d=e\"", "color=a%20b%2Bc%26d%3De"),
        (Style::FORM, "\"ü\"", "color=%C3%BC"),
        (Style::CSV, "[\"a,b\",\"c\"]", "color=a%2Cb,c"),
        (
            Style::FORM,
            "[[1,2],{\"a\":1.0}]",
            "color=%5B1%2C2%5D&color=%7B%22a%22%3A1.0%7D",
        ),
        (
            Style::DEEP_OBJECT,
            r#"{"a":{"b":["x","y"]},"c":null}"#,
            "color%5Ba%5D%5Bb%5D%5B0%5D=x&color%5Ba%5D%5Bb%5D%5B1%5D=y",
        ),
        (
            Style::JSON,
            r#"{"a": [1.0, "ü"]}"#,
            "color=%7B%22a%22%3A%5B1.0%2C%22%C3%BC%22%5D%7D",
        ),
        (Style::JSON, STRING, "color=%22blue%22"),
        (
            Style::FORM.reserved(),
            "\"a/b?c:d=e%20f\"",
            "color=a/b?c:d=e%20f",
        ),
        (
            Style::FORM.reserved(),
            "\"a&b#c+d 100%\"",
            "color=a%26b%23c%2Bd%20100%25",
        ),
    ];
    for (style, value, expected) in rows {
        assert_eq!(
            in_query(style, value).unwrap(),
            expected,
            "{style:?} {value}"
        );
    }
}

#[test]
fn a_delimiter_inside_a_value_is_refused_where_it_would_be_lost() {
    for (style, value) in [
        (Style::SPACES, "[\"a b\",\"c\"]"),
        (Style::SPACES, "[\"a b\"]"),
        (Style::PIPES, "[\"a|b\",\"c\"]"),
        (Style::TABS, "[\"a\\tb\",\"c\"]"),
    ] {
        let error = in_query(style, value).unwrap_err();
        assert!(
            error.to_string().contains("`color` must not contain"),
            "{error}"
        );
    }
}

#[test]
fn header_rows() {
    let rows: [(_, _, &[&str]); 15] = [
        (Style::SIMPLE, "\"\"", &[""]),
        (Style::SIMPLE, STRING, &["blue"]),
        (Style::SIMPLE, ARRAY, &["blue,black,brown"]),
        (Style::SIMPLE, OBJECT, &["R,100,G,200,B,150"]),
        (Style::SIMPLE_EXPLODED, "\"\"", &[""]),
        (Style::SIMPLE_EXPLODED, STRING, &["blue"]),
        (Style::SIMPLE_EXPLODED, ARRAY, &["blue,black,brown"]),
        (Style::SIMPLE_EXPLODED, OBJECT, &["R=100,G=200,B=150"]),
        (Style::SIMPLE, "[]", &[]),
        (Style::SIMPLE, "null", &[]),
        (Style::SIMPLE, "true", &["true"]),
        (Style::SIMPLE, "\"a b%&=\\\"\"", &["a b%&=\""]),
        (Style::SIMPLE, "\"a,b\"", &["a,b"]),
        (
            Style::JSON,
            "{\"a\": \"ü\\n\"}",
            &["{\"a\":\"\\u00fc\\n\"}"],
        ),
        (Style::SIMPLE.allow_empty(), "[]", &[""]),
    ];
    for (style, value, expected) in rows {
        assert_eq!(
            in_header(style, value).unwrap(),
            expected,
            "{style:?} {value}"
        );
    }
}

#[test]
fn threat_4_header_injection_is_an_argument_error() {
    for value in [
        "a\\r\\nX-Evil: 1",
        "a\\nb",
        "a\\u0000b",
        "a\\u007fb",
        "ü",
        "a\\tb",
        " a",
        "a ",
    ] {
        let error = in_header(Style::SIMPLE, &format!("\"{value}\"")).unwrap_err();
        assert_eq!(error.violations()[0].pointer, "/X-Color", "{value}");
        assert!(
            error.to_string().contains("`X-Color` must not contain"),
            "{error}"
        );
    }
    for value in ["[\"a,b\",\"c\"]", "[\"a\\r\\n\"]", "{\"a\\n\":1}"] {
        in_header(Style::SIMPLE, value).unwrap_err();
    }
}

#[test]
fn cookie_rows() {
    let rows: [(_, _, &[&str]); 15] = [
        (Style::FORM, "\"\"", &["color="]),
        (Style::FORM, STRING, &["color=blue"]),
        (
            Style::FORM,
            ARRAY,
            &["color=blue; color=black; color=brown"],
        ),
        (Style::FORM, OBJECT, &["R=100; G=200; B=150"]),
        (Style::CSV, STRING, &["color=blue"]),
        (Style::CSV, ARRAY, &["color=blue,black,brown"]),
        (Style::CSV, OBJECT, &["color=R,100,G,200,B,150"]),
        (Style::FORM, "null", &[]),
        (Style::FORM, "[]", &[]),
        (
            Style::FORM,
            "\"dG9r/ZW4+x==\"",
            &["color=dG9r%2FZW4%2Bx%3D%3D"],
        ),
        (
            Style::COOKIE,
            "\"dG9r/ZW4+%20x==\"",
            &["color=dG9r/ZW4+%20x=="],
        ),
        (
            Style::COOKIE,
            ARRAY,
            &["color=blue; color=black; color=brown"],
        ),
        (Style::COOKIE, OBJECT, &["R=100; G=200; B=150"]),
        (Style::COOKIE_CSV, ARRAY, &["color=blue,black,brown"]),
        (Style::CSV, "[\"a,b\",\"c\"]", &["color=a%2Cb,c"]),
    ];
    for (style, value, expected) in rows {
        assert_eq!(
            in_cookie(style, value).unwrap(),
            expected,
            "{style:?} {value}"
        );
    }
}

#[test]
fn a_raw_cookie_refuses_what_it_cannot_hold() {
    for value in ["\"a; b=c\"", "\"a b\"", "\"é\"", "\"a\\r\\nb\"", "\"\\\"\""] {
        let error = in_cookie(Style::COOKIE, value).unwrap_err();
        assert!(error.to_string().contains("`color` must not"), "{error}");
    }
    in_cookie(Style::COOKIE_CSV, "[\"a,b\",\"c\"]").unwrap_err();
}

#[test]
fn threat_5_a_cookie_stays_one_pair() {
    let value = json(r#""a; admin=1, b\r\nX: 1 \"%""#);
    let request = Request::get("/", &no_headers())
        .cookie("session", &value)
        .cookie("lang", &json("\"de\""))
        .build()
        .unwrap();
    assert_eq!(
        sent(&request, "Cookie"),
        ["session=a%3B%20admin%3D1%2C%20b%0D%0AX%3A%201%20%22%25; lang=de"]
    );
}

#[test]
fn a_whole_query_comes_from_one_object() {
    let query = |style, value: &str| {
        let request = Request::get("/search?v=2", &no_headers())
            .query_string_as(style, &json(value))
            .build();
        request.unwrap().target().to_owned()
    };
    assert_eq!(
        query(Style::FORM, r#"{"a":[1,2],"b":"c d"}"#),
        "/search?v=2&a=1&a=2&b=c%20d"
    );
    assert_eq!(
        query(Style::JSON, r#"{"a":1}"#),
        "/search?v=2&%7B%22a%22%3A1%7D"
    );
}

#[test]
fn lists_in_lists_have_delimiters_of_their_own() {
    let value = json(r#"[["a","b"],["c"],[]]"#);
    let request = Request::post("/{p}", &no_headers())
        .path_as(Style::SIMPLE.items(Style::PIPES), "p", &value)
        .query_as(Style::PIPES.items(Style::CSV), "n", &value)
        .query_as(Style::FORM.items(Style::PIPES), "m", &value)
        .header_as(Style::PIPES.items(Style::CSV), "X-N", &value)
        .encode("f", Style::FORM.items(Style::PIPES))
        .form(&json(r#"{"f":[["a","b"],["c"]]}"#))
        .build()
        .unwrap();
    assert_eq!(request.target(), "/a%7Cb,c,?n=a%2Cb%7Cc%7C&m=a%7Cb&m=c&m=");
    assert_eq!(request.headers()["x-n"], "a,b|c|");
    assert_eq!(request.body().unwrap().as_ref(), b"f=a%7Cb&f=c");
    // A value that holds one of the delimiters could not be told from two.
    for value in [r#"[["a,b"]]"#, r#"[["a|b"]]"#] {
        let request = Request::get("/", &no_headers())
            .query_as(Style::PIPES.items(Style::CSV), "n", &json(value))
            .build();
        assert!(request.is_err(), "{value}");
    }
}

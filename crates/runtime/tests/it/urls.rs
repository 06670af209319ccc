//! No argument changes anything but its own place in the URL.

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use toolwright_runtime::prelude::*;
use url::Url;

use crate::support::no_headers;

fn url(request: &Request) -> Url {
    Url::parse(&format!(
        "http://upstream.example:8080/base{}",
        request.target()
    ))
    .unwrap()
}

#[test]
fn threat_1_path_values_that_climb_are_refused() {
    let climbing = [
        "",
        ".",
        "..",
        "%2e",
        "%2E",
        "%2e%2e",
        "%2E.",
        ".%2e",
        "%252e",
        "%252e%252e",
        "%252E.",
        "%25252e",
        ".%252e",
        "%2%65%2e",
    ];
    for value in climbing {
        let error = Request::get("/a/{id}/b", &no_headers())
            .path("id", &value.to_owned())
            .build()
            .unwrap_err();
        assert_eq!(error.violations()[0].pointer, "/id", "{value}");
    }
}

#[test]
fn threat_1_other_path_values_arrive_as_one_segment() {
    let payloads = [
        "..%2f",
        "../x",
        "..\\",
        "/etc/passwd",
        "//evil.example",
        "?a=b",
        "#x",
        ";x",
        "@evil",
        ":8080",
        "\0",
        "a\nb",
        "．．",
        "...",
        "a/../b",
        "%2f",
        "\\\\evil",
        "http://evil.example/",
        "..;/",
        "%c0%ae",
        "~",
        "a b",
        "ü",
        "..%00",
        " ",
        "\u{202e}",
        "{id}",
        "a%",
        "%zz",
    ];
    for payload in payloads {
        let request = Request::get("/a/{id}/b", &no_headers())
            .path("id", &payload.to_owned())
            .build()
            .unwrap();
        let url = url(&request);
        let segments: Vec<_> = url.path_segments().unwrap().collect();
        assert_eq!(segments.len(), 4, "{payload}");
        assert_eq!(
            (segments[0], segments[1], segments[3]),
            ("base", "a", "b"),
            "{payload}"
        );
        assert_eq!(
            percent_decode_str(segments[2]).decode_utf8().unwrap(),
            payload
        );
        assert_eq!(
            (url.host_str(), url.port()),
            (Some("upstream.example"), Some(8080))
        );
        assert_eq!((url.query(), url.fragment()), (None, None), "{payload}");
    }
}

#[test]
fn threat_3_query_values_add_no_parameter() {
    for payload in ["a&admin=true", "#", "+", "a=b", "a;b=c", "%26x=1"] {
        for style in [Style::FORM, Style::CSV, Style::DEEP_OBJECT, Style::JSON] {
            let request = Request::get("/", &no_headers())
                .query_as(style, "q", &payload.to_owned())
                .query("r", &true)
                .build()
                .unwrap();
            let url = url(&request);
            let names: Vec<_> = url
                .query_pairs()
                .map(|(name, _)| name.into_owned())
                .collect();
            assert_eq!(names, ["q", "r"], "{payload} {style:?}");
            assert_eq!(url.fragment(), None);
        }
    }
}

#[test]
fn templates_keep_their_fixed_parts() {
    let build = |template: &'static str| {
        let request = Request::get(template, &no_headers())
            .path("a", &String::from("x/y"))
            .path("b", &String::from("1.2"))
            .path("c/d?", &String::from("odd"))
            .query("q", &Some(String::from("z")))
            .query("absent", &None::<String>)
            .build();
        request.map(|request| request.target().to_owned())
    };
    let cases = [
        ("/{a}", "/x%2Fy?q=z"),
        ("/{a}.{b}/", "/x%2Fy.1.2/?q=z"),
        ("/v1/items:{a},{b}:cancel", "/v1/items:x%2Fy,1.2:cancel?q=z"),
        (
            "/@me/{a}?view=full&x=a b",
            "/@me/x%2Fy?view=full&x=a%20b&q=z",
        ),
        ("/a b/{a}/ü", "/a%20b/x%2Fy/%C3%BC?q=z"),
        ("/#Action=List", "/?q=z"),
        ("/x?id={a}&v=1", "/x?id=x%2Fy&v=1&q=z"),
        ("/Users('{a}')", "/Users('x%2Fy')?q=z"),
        ("/{c/d?}/{a}", "/odd/x%2Fy?q=z"),
        ("relative/{a}", "/relative/x%2Fy?q=z"),
        ("", "/?q=z"),
    ];
    for (template, expected) in cases {
        assert_eq!(build(template).unwrap(), expected, "{template}");
    }
    for template in ["/{a}/{missing}", "/{a", "/../{a}", "/%2e%2e/{a}"] {
        build(template).unwrap_err();
    }
}

#[test]
fn values_that_only_climb_together_are_refused() {
    for (template, value) in [
        ("/x/.{id}", "%2e"),
        ("/x/{id}{id}", "."),
        ("/x/.{id}/y", "."),
    ] {
        let request = Request::get(template, &no_headers())
            .path("id", &value.to_owned())
            .build();
        assert!(request.is_err(), "{template} {value}");
    }
}

#[test]
fn all_problems_are_reported_together() {
    let error = Request::get("/{a}/{b}", &no_headers())
        .path("a", &String::new())
        .path("b", &String::from(".."))
        .header("x-c", &String::from("\n"))
        .build()
        .unwrap_err();
    let pointers: Vec<_> = error
        .violations()
        .iter()
        .map(|v| v.pointer.as_str())
        .collect();
    assert_eq!(pointers, ["/a", "/b", "/x-c"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn threat_2_any_string_stays_in_its_place(text in any::<String>(), reserved in any::<bool>()) {
        let path = if reserved { Style::SIMPLE.reserved() } else { Style::SIMPLE };
        let query = if reserved { Style::FORM.reserved() } else { Style::FORM };
        let bag = no_headers();
        let built = Request::get("/fixed/{id}/end", &bag)
            .path_as(path, "id", &text)
            .query("before", &true)
            .query_as(query, "q", &text)
            .query("after", &7_i64)
            .build();
        let Ok(request) = built else {
            prop_assert!(text.chars().all(|c| ".%23456eE".contains(c)), "refused {text:?}");
            return Ok(());
        };
        let url = url(&request);
        prop_assert_eq!(url.origin().ascii_serialization(), "http://upstream.example:8080");
        prop_assert_eq!(url.fragment(), None);
        let segments: Vec<_> = url.path_segments().unwrap().collect();
        prop_assert_eq!(segments.len(), 4);
        prop_assert_eq!((segments[0], segments[1], segments[3]), ("base", "fixed", "end"));
        let pairs: Vec<_> = url.query_pairs().collect();
        prop_assert_eq!(pairs.len(), 3);
        prop_assert_eq!((&*pairs[0].0, &*pairs[0].1), ("before", "true"));
        prop_assert_eq!((&*pairs[2].0, &*pairs[2].1), ("after", "7"));
        if !reserved {
            prop_assert_eq!(percent_decode_str(segments[2]).decode_utf8().unwrap(), text.as_str());
            prop_assert_eq!((&*pairs[1].0, &*pairs[1].1), ("q", text.as_str()));
        }
    }

    #[test]
    fn lists_of_any_strings_come_back(texts in prop::collection::vec(any::<String>(), 1..5)) {
        let request = Request::get("/{id}", &no_headers())
            .path("id", &String::from("x"))
            .query("q", &texts)
            .query_as(Style::CSV, "c", &texts)
            .build()
            .unwrap();
        let url = url(&request);
        let values: Vec<_> = url.query_pairs().filter(|(name, _)| name == "q").map(|(_, v)| v.into_owned()).collect();
        prop_assert_eq!(&values, &texts);
        let joined = url.query().unwrap().split('&').find_map(|pair| pair.strip_prefix("c=")).unwrap();
        let split: Vec<_> = joined.split(',').map(|v| percent_decode_str(v).decode_utf8().unwrap()).collect();
        prop_assert_eq!(&split, &texts);
    }

    #[test]
    fn cookies_of_any_string_come_back(text in any::<String>()) {
        let request = Request::get("/", &no_headers())
            .cookie("a", &text)
            .cookie("b", &true)
            .build()
            .unwrap();
        let cookie = request.headers()["cookie"].to_str().unwrap();
        let value = cookie.strip_prefix("a=").unwrap().strip_suffix("; b=true").unwrap();
        prop_assert!(!value.contains([';', ',', ' ', '"', '\\']));
        prop_assert_eq!(percent_decode_str(value).decode_utf8().unwrap(), text.as_str());
    }
}

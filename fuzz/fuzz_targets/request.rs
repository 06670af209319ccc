//! Any text as a value in any place of a request: it stays in its place, or is refused.
#![no_main]

use http::HeaderMap;
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use toolwright_runtime::HeaderPolicy;
use toolwright_runtime::prelude::*;
use url::Url;

#[derive(Args)]
struct Form {
    form: Json,
}

fuzz_target!(|data: &str| {
    let policy = HeaderPolicy::builder("fuzz").build();
    let headers = policy.fill(&HeaderMap::new(), None).expect("no headers");
    let value = data.to_owned();
    let list = vec![value.clone(), value.clone()];

    if let Ok(request) = Request::get("/a/{id}/b", &headers)
        .path("id", &value)
        .build()
    {
        let url = joined(&request);
        let segments: Vec<&str> = url.path_segments().expect("a path").collect();
        assert_eq!(segments.len(), 4, "{url}");
        assert_eq!([segments[0], segments[1], segments[3]], ["base", "a", "b"]);
        assert_eq!(
            percent_decode_str(segments[2]).decode_utf8().as_deref(),
            Ok(data)
        );
    }
    if let Ok(request) = Request::get("/a", &headers)
        .query("q", &value)
        .query("list", &list)
        .build()
    {
        let url = joined(&request);
        let pairs: Vec<_> = url.query_pairs().collect();
        let expected = [("q", data), ("list", data), ("list", data)];
        assert_eq!(pairs.len(), expected.len(), "{url}");
        for ((name, found), (wanted, text)) in pairs.iter().zip(expected) {
            assert_eq!((name.as_ref(), found.as_ref()), (wanted, text));
        }
    }
    if let Ok(request) = Request::get("/a", &headers)
        .header("x-value", &value)
        .build()
    {
        let values: Vec<_> = request.headers().get_all("x-value").iter().collect();
        assert_eq!(values, [data]);
    }
    if let Ok(request) = Request::get("/a", &headers).cookie("c", &value).build() {
        let cookies: Vec<_> = request.headers().get_all("cookie").iter().collect();
        assert_eq!(cookies.len(), 1);
        let text = cookies[0].to_str().expect("visible ASCII");
        assert!(!text.contains([';', ',']), "{text}");
    }
    let text = serde_json::json!({ "form": { "f": data } }).to_string();
    let arguments = Arguments::parse(Some(&text)).expect("arguments");
    let Form { form } = arguments.decode().expect("any JSON");
    if let Ok(request) = Request::post("/a", &headers).form(&form).build() {
        let body = request.body().expect("a body");
        let pairs: Vec<_> = url::form_urlencoded::parse(body).collect();
        assert_eq!(pairs.len(), 1);
        assert_eq!(pairs[0].1, data);
    }
});

fn joined(request: &Request) -> Url {
    let url = Url::parse(&format!(
        "http://upstream.example:8080/base{}",
        request.target()
    ))
    .expect("a URL");
    assert_eq!(url.host_str(), Some("upstream.example"));
    assert_eq!(url.port(), Some(8080));
    assert_eq!(url.fragment(), None);
    url
}

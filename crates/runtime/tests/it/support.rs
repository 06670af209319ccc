//! What several tests need.

use http::{HeaderMap, HeaderName, HeaderValue};
use toolwright_runtime::prelude::*;
use toolwright_runtime::{Decode, HeaderPolicy};

#[derive(Debug, Args)]
struct One {
    value: Json,
}

/// The JSON text as an argument of any type.
pub(crate) fn json(text: &str) -> Json {
    decode::<One>(&format!("{{\"value\":{text}}}"))
        .unwrap()
        .value
}

pub(crate) fn decode<T: Decode>(text: &str) -> Result<T> {
    Arguments::parse(Some(text))?.decode()
}

/// What a server without any rule passes on: nothing.
pub(crate) fn no_headers() -> HeaderBag {
    HeaderPolicy::builder("test")
        .build()
        .fill(&HeaderMap::new(), None)
        .unwrap()
}

pub(crate) fn inbound(headers: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        map.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    map
}

/// All values of a header of the request, in order.
pub(crate) fn sent(request: &Request, name: &str) -> Vec<String> {
    let values = request.headers().get_all(name).iter();
    values
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

pub(crate) fn body(request: &Request) -> String {
    String::from_utf8(request.body().unwrap().to_vec()).unwrap()
}

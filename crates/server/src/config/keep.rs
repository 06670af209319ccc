//! The response headers that travel beside an answer.

use http::header::HeaderName;

/// The response headers that are passed on: names, and starts of names.
#[derive(Clone, Debug)]
pub struct Keep {
    names: Vec<String>,
}

impl Default for Keep {
    fn default() -> Self {
        Keep::new(
            [
                "location",
                "link",
                "retry-after",
                "etag",
                "ratelimit*",
                "x-ratelimit-*",
            ]
            .map(str::to_owned)
            .to_vec(),
        )
    }
}

impl Keep {
    /// Header names, in any case; one `*` at the end of a name stands for anything.
    pub fn new(names: Vec<String>) -> Keep {
        Keep {
            names: names
                .into_iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
        }
    }

    /// Whether a name may never be passed on: these start a log-in or set a cookie at the wrong party.
    pub fn is_refused(name: &str) -> bool {
        [
            "set-cookie",
            "set-cookie2",
            "www-authenticate",
            "proxy-authenticate",
        ]
        .iter()
        .any(|refused| name.eq_ignore_ascii_case(refused))
    }

    /// Whether a header is passed on.
    pub fn keeps(&self, name: &HeaderName) -> bool {
        !Keep::is_refused(name.as_str())
            && self.names.iter().any(|kept| match kept.strip_suffix('*') {
                Some(start) => name.as_str().starts_with(start),
                None => name.as_str() == kept,
            })
    }
}

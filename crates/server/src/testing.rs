//! A toolset written by hand, an upstream that records, and a gateway between them.

#[path = "../../../tests/support/record.rs"]
mod recording;

use std::sync::Arc;
use std::sync::Mutex;

use axum::Router;
use axum::body::Body;
use axum::extract::Request as Inbound;
use axum::response::Response;
use http_body_util::BodyExt as _;
use toolwright_runtime::prelude::*;
use tower::ServiceExt as _;

pub(crate) use self::recording::Session;
use self::recording::record;
use crate::config;
use crate::http::guard::Guard;
use crate::http::{App, respond};

#[derive(Debug, Args)]
struct GetItem {
    item_id: Integer,
    q: Option<String>,
    #[args(name = "x-token")]
    x_token: Option<String>,
}

fn get_item(headers: &HeaderBag, args: GetItem) -> Result<Request> {
    Request::get("/items/{item_id}", headers)
        .path("item_id", &args.item_id)
        .query("q", &args.q)
        .header("x-token", &args.x_token)
        .build()
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "get_item",
        endpoint: "GET /items/{item_id}",
        headers: &[Placed {
            name: "x-token",
            argument: "x-token",
        }],
        call: |headers, args| get_item(headers, args.decode()?),
        ..Tool::PLAIN
    },
    Tool {
        name: "whoami",
        endpoint: "GET /whoami",
        call: |headers, _| Request::get("/whoami", headers).build(),
        ..Tool::PLAIN
    },
    Tool {
        name: "panics",
        endpoint: "GET /panics",
        call: |_, _| panic!("a defect: canary-panic"),
        ..Tool::PLAIN
    },
];

const LIST: &str = r#"[
  {
    "name": "get_item",
    "title": "Get Item",
    "description": "Get an item.",
    "inputSchema": {
      "type": "object",
      "properties": {
        "item_id": {"type": "integer"},
        "q": {"type": "string"},
        "x-token": {"type": "string"}
      },
      "required": ["item_id", "x-token"],
      "additionalProperties": false
    },
    "annotations": {"readOnlyHint": true, "openWorldHint": true}
  },
  {
    "name": "whoami",
    "description": "Who is asking.",
    "inputSchema": {"type": "object", "additionalProperties": false}
  },
  {
    "name": "panics",
    "description": "Fails.",
    "inputSchema": {"type": "object", "additionalProperties": false}
  }
]"#;

/// An operation to which the description gives a server of its own.
const ELSEWHERE: &[Tool] = &[Tool {
    name: "upload",
    endpoint: "GET /upload",
    call: |headers, _| {
        Request::get("/upload", headers)
            .server("http://uploads.invalid/v2")
            .build()
    },
    ..Tool::PLAIN
}];

const ELSEWHERE_LIST: &str = r#"[
  {
    "name": "upload",
    "description": "Elsewhere.",
    "inputSchema": {"type": "object", "additionalProperties": false}
  }
]"#;

/// The toolset of these tests.
pub(crate) const DATA_API: &Toolset = &Toolset {
    name: "data_api",
    title: "Data API",
    version: "1.0.0",
    description: "Items.",
    source: "http://upstream-api.local/openapi.json",
    digest: "sha256:0123456789abcdef",
    generator: "0.1.0",
    servers: &[],
    security: &[],
    groups: &[Group {
        tag: "items",
        tools: TOOLS,
        list: LIST,
    }],
};

/// The same tools, with an address of their own.
pub(crate) const ADDRESSED: &Toolset = &Toolset {
    name: "addressed",
    source: "addressed.json",
    servers: &["https://api.example/v1", "/relative"],
    groups: &[
        Group {
            tag: "items",
            tools: TOOLS,
            list: LIST,
        },
        Group {
            tag: "elsewhere",
            tools: ELSEWHERE,
            list: ELSEWHERE_LIST,
        },
    ],
    ..*DATA_API
};

/// What is compiled in.
pub(crate) static TOOLSETS: &[&Toolset] = &[DATA_API, ADDRESSED];

/// The stages of a call that can be made to fail.
pub(crate) const STAGES: [&str; 6] = ["read", "fill", "check", "receive", "map", "write"];

thread_local! {
    static FAILING: std::cell::Cell<Option<&'static str>> = const { std::cell::Cell::new(None) };
}

/// Lets the next call of this thread panic at a stage.
pub(crate) fn fail_at(stage: Option<&'static str>) {
    FAILING.set(stage);
}

/// A stage of a call begins.
pub(crate) fn stage(name: &str) {
    if FAILING.get() == Some(name) {
        FAILING.set(None);
        panic!("a defect in {name}");
    }
}

/// A gateway of this configuration, with the toolsets of these tests.
pub(crate) fn gateway(yaml: &str) -> Router {
    gateway_of(yaml, TOOLSETS)
}

/// A gateway of this configuration.
pub(crate) fn gateway_of(yaml: &str, toolsets: &'static [&'static Toolset]) -> Router {
    let environment = |name: &str| (name == "LITELLM_MASTER_KEY").then(|| "sk-gateway".to_owned());
    let config = config::read("test.yaml", yaml.as_bytes(), &environment, toolsets, None)
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let guard = Guard::new(true, vec![], vec![]);
    let app = Arc::new(App::new(config, guard).unwrap());
    Router::new().fallback(move |request: Inbound| respond(Arc::clone(&app), request))
}

/// An upstream that keeps the requests' targets and headers, and its address.
pub(crate) async fn upstream(
    answer: impl Fn(&Inbound) -> Response + Clone + Send + Sync + 'static,
) -> (String, Seen) {
    let seen = Seen::default();
    let kept = seen.clone();
    let app = Router::new().fallback(move |request: Inbound| {
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        let target = format!("{} {}", request.method(), request.uri());
        kept.0.lock().unwrap().push((target, headers.collect()));
        let response = answer(&request);
        async move { response }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = crate::http::serve_for_tests(listener, app);
    tokio::spawn(serving);
    (format!("http://{address}"), seen)
}

/// Requests that an upstream got: target, and headers as `name: value`.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<Received>>>);

/// A target, and headers.
pub(crate) type Received = (String, Vec<String>);

impl Seen {
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        self.0.lock().unwrap().clone()
    }
}

/// A POST, answered: status, and the body as text.
pub(crate) async fn post(
    router: &Router,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> (u16, String) {
    let mut request = http::Request::post(path)
        .header("host", "localhost:4000")
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = body.into().collect().await.unwrap().to_bytes();
    let asked = String::from_utf8_lossy(&body).into_owned();
    let request = request.body(Body::from(body)).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let version = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("mcp-protocol-version"));
    record(
        version.map(|(_, version)| *version),
        &asked,
        Some(status),
        &text,
    );
    (status, text)
}

/// Paper for a log.
#[derive(Clone, Default)]
pub(crate) struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    /// What is written on it.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Page {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

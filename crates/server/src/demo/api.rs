//! A small data API in memory. It demands X-TOKEN, and remembers what it received.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use http::{StatusCode, header};
use serde_json::{Value, json};

/// The most bytes of a body that it reads.
const MAX_BODY: usize = 64 * 1024;

/// The most requests that it remembers.
const MEMORY: usize = 64;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Received {
    /// `GET /items/7`.
    pub(super) target: String,
    /// Names and values, in order.
    pub(super) headers: Vec<(String, String)>,
}

impl Received {
    /// All values of a header.
    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        let headers = self.headers.iter().filter(|(other, _)| other == name);
        headers.map(|(_, value)| value.as_str()).collect()
    }
}

/// The API's memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    items: BTreeMap<u64, Value>,
    received: Vec<Received>,
}

impl Shelf {
    fn open(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last request.
    pub(super) fn last(&self) -> Option<Received> {
        self.open().received.last().cloned()
    }

    /// How many requests arrived so far, as far as it remembers.
    pub(super) fn count(&self) -> usize {
        self.open().received.len()
    }
}

/// The API.
pub(super) fn router(shelf: &Shelf) -> Router {
    for (id, name, amount) in [
        (7, "Lantern", 24.5),
        (8, "Rope, 20 m", 12.0),
        (9, "Compass", 31.0),
    ] {
        let item = json!({"id": id, "name": name, "price": {"amount": amount, "currency": "EUR"}, "in_stock": true});
        shelf.open().items.insert(id, item);
    }
    Router::new()
        .route("/items", get(list).post(create))
        .route("/items/{id}", get(read).patch(update).delete(delete))
        .route("/suppliers/{supplier}/items", get(of_supplier))
        .route("/whoami", get(whoami))
        .layer(middleware::from_fn_with_state(shelf.clone(), door))
        .with_state(shelf.clone())
}

/// Remembers the request, and lets it in if it has a token.
async fn door(State(shelf): State<Shelf>, request: Request, next: Next) -> Response {
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| {
        (
            name.to_string(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let received = Received {
        target: format!("{} {}", request.method(), request.uri()),
        headers: headers.collect(),
    };
    let admitted = !received.values("x-token").is_empty();
    {
        let mut contents = shelf.open();
        if contents.received.len() == MEMORY {
            contents.received.remove(0);
        }
        contents.received.push(received);
    }
    if admitted {
        return next.run(request).await;
    }
    let missing = json!({"type": "missing", "loc": ["header", "x-token"], "msg": "Field required", "input": null});
    answer(
        StatusCode::UNPROCESSABLE_ENTITY,
        &json!({"detail": [missing]}),
    )
}

async fn list(State(shelf): State<Shelf>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let limit = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "limit")
        .and_then(|(_, limit)| limit.parse().ok());
    let contents = shelf.open();
    let items = contents.items.values().take(limit.unwrap_or(20));
    answer(StatusCode::OK, &Value::Array(items.cloned().collect()))
}

async fn read(State(shelf): State<Shelf>, Path(id): Path<u64>) -> Response {
    match shelf.open().items.get(&id) {
        Some(item) => answer(StatusCode::OK, item),
        None => no_such_item(),
    }
}

async fn create(State(shelf): State<Shelf>, body: Body) -> Response {
    let Some(Value::Object(mut item)) = json_of(body).await else {
        return answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!({"detail": "an object is expected"}),
        );
    };
    let mut contents = shelf.open();
    let id = contents.items.keys().next_back().map_or(1, |last| last + 1);
    item.insert("id".to_owned(), json!(id));
    let item = Value::Object(item);
    contents.items.insert(id, item.clone());
    let mut response = answer(StatusCode::CREATED, &item);
    if let Ok(location) = format!("/items/{id}").parse() {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

async fn update(State(shelf): State<Shelf>, Path(id): Path<u64>, body: Body) -> Response {
    let changes = json_of(body).await;
    let mut contents = shelf.open();
    let Some(Value::Object(item)) = contents.items.get_mut(&id) else {
        return no_such_item();
    };
    if let Some(Value::Object(changes)) = changes {
        item.extend(changes);
    }
    answer(StatusCode::OK, &Value::Object(item.clone()))
}

async fn delete(State(shelf): State<Shelf>, Path(id): Path<u64>) -> Response {
    match shelf.open().items.remove(&id) {
        Some(_) => with_status(StatusCode::NO_CONTENT, Body::empty()),
        None => no_such_item(),
    }
}

async fn of_supplier(State(shelf): State<Shelf>, Path(supplier): Path<String>) -> Response {
    let items: Vec<Value> = shelf.open().items.values().take(1).cloned().collect();
    answer(
        StatusCode::OK,
        &json!({"supplier": supplier, "items": items}),
    )
}

async fn whoami(State(shelf): State<Shelf>) -> Response {
    let received = shelf
        .last()
        .map(|received| received.headers)
        .unwrap_or_default();
    let headers: BTreeMap<String, String> = received.into_iter().collect();
    answer(StatusCode::OK, &json!({ "headers": headers }))
}

async fn json_of(body: Body) -> Option<Value> {
    serde_json::from_slice(&to_bytes(body, MAX_BODY).await.ok()?).ok()
}

fn no_such_item() -> Response {
    answer(StatusCode::NOT_FOUND, &json!({"detail": "No such item"}))
}

fn answer(status: StatusCode, value: &Value) -> Response {
    let mut response = with_status(status, Body::from(value.to_string()));
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn with_status(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

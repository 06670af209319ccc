//! `/healthz`: that the process runs, and what it was built from.

use std::sync::Arc;

use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use super::app::App;
use super::place::Place;
use super::{answer, key};
use crate::about;
use crate::gateway::Gateway;

/// That it runs, to everybody; what it was built from, to those who may know which servers there are.
pub(super) async fn health(app: &App, request: &Parts) -> Response {
    let seen = match app.guard.check(&request.uri, &request.headers) {
        Ok(_) => seen(app, &request.headers).await,
        Err(_) => None,
    };
    let details = seen.map_or_else(String::new, |gateway| {
        let toolsets: Vec<_> = gateway
            .servers
            .iter()
            .map(|server| server.toolset)
            .collect();
        format!(",{}", about::members(&toolsets, false))
    });
    answer::text(StatusCode::OK, format!("{{\"status\":\"ok\"{details}}}\n"))
}

/// That it runs.
pub(super) fn alive() -> Response {
    answer::text(StatusCode::OK, "{\"status\":\"ok\"}\n")
}

/// The gateway as a caller sees it; nothing for those who are not admitted.
async fn seen(app: &App, headers: &HeaderMap) -> Option<Arc<Gateway>> {
    let in_authorization = !app.gateway.all.forwards_authorization;
    let admitted = key::admit(&app.access, headers, in_authorization, || {
        Place::All.resource()
    })
    .await;
    let caller = admitted.ok()?.caller;
    app.access
        .gateway(&app.gateway, caller.as_deref(), None)
        .ok()
}

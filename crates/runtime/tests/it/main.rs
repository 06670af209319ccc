//! The runtime as generated code and the server use it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic, its helper functions included"
)]

mod args;
mod authority;
mod bodies;
mod connections;
mod forms;
mod forwarding;
mod gateway_keys;
mod headers;
mod json;
mod schema;
mod styles;
mod support;
mod upstream;
mod urls;
mod xml;

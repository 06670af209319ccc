//! Black box: the built binary between real clients and a real upstream that records what arrives.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper that fails is a test that fails"
)]

mod arguments;
mod callers;
mod configuration;
mod faults;
mod headers;
mod listing;
mod mcp_client;
mod paths;
mod precedence;
mod support;

//! Black box: the built binary between real clients and a real upstream that records what arrives.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper that fails is a test that fails"
)]

mod access;
mod answers;
mod arguments;
mod callers;
mod canary;
mod client_config;
mod commands;
mod configuration;
mod confined;
mod debug;
mod docs;
mod egress;
mod faults;
mod headers;
mod http2;
mod kept;
mod limits;
mod listing;
mod litellm;
mod load;
mod matrix;
mod mcp_client;
mod methods;
mod oauth;
mod offers;
mod output;
mod paths;
mod precedence;
mod protocol;
mod redirects;
mod rest;
mod rotation;
mod rows;
mod streams;
mod support;
mod tls;
mod tokens;

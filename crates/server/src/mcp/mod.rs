//! The Model Context Protocol over HTTP, stateless, as far as a server of tools speaks it.
//!
//! Four versions on one endpoint. A request with `_meta` of 2026-07-28 is served by that revision; everything else
//! by the version that its header names (2025-03-26 where there is none). Nothing is remembered between requests.

mod call;
pub mod code;
pub mod content;
mod dispatch;
pub mod envelope;
pub mod mirror;
mod modern;
pub mod reply;
mod scan;
pub mod version;

pub use self::dispatch::{Context, answer};

#[cfg(test)]
mod modern_tests;
#[cfg(test)]
mod tests;

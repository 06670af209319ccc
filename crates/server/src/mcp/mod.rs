//! The Model Context Protocol, stateless, as far as a server of tools speaks it.
//!
//! Four versions on one endpoint. A request with `_meta` of 2026-07-28 is served by that revision; everything else
//! by the version that its header names (2025-03-26 where there is none). Nothing is remembered between requests.

mod call;
pub mod content;
mod context;
mod dispatch;
pub mod envelope;
mod modern;
pub mod progress;
mod scan;
mod sentence;

pub use self::call::rest;
pub use self::context::{Context, Stdio};
pub use self::dispatch::{answer, progress_token, settled};

/// A body as text, where it is JSON of which there is one reading, or nothing at all.
pub fn readable(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    scan::scan(text).ok()?;
    Some(text)
}

#[cfg(test)]
mod modern_tests;
#[cfg(test)]
mod mutation_tests;
#[cfg(test)]
mod panic_tests;
#[cfg(test)]
mod tests;

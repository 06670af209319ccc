//! Serves compiled-in OpenAPI tools to AI agents over MCP.
//!
//! A binary of one's own is three lines:
//!
//! ```ignore
//! fn main() -> std::process::ExitCode {
//!     toolwright::main(build_specs::TOOLSETS)
//! }
//! ```
//!
//! The way of a call: [`http`] checks host, origin and key, [`mcp`] reads the message, [`gateway`] finds the tool, the
//! runtime fills headers, checks arguments, builds and sends the request, [`mcp::content`] maps the answer. There is
//! no way back, and nothing is shared between callers but connections to upstreams.

// A defect in one call must not end the others.
#[cfg(not(panic = "unwind"))]
compile_error!(
    "build with panic = \"unwind\": a panic is the error of one call, not the end of the process"
);

/// A call makes some seventy small allocations, for which this one takes half the time of the C library's.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod about;
pub mod access;
pub mod authority;
mod cli;
pub mod config;
mod demo;
pub mod gateway;
pub mod http;
pub mod jwt;
mod logs;
pub mod mcp;
pub mod protocol;
#[cfg(test)]
mod secrets_tests;
pub mod stdio;
#[cfg(test)]
mod testing;

pub use cli::main;

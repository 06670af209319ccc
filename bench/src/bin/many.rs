//! `bench-many`: the gateway with a thousand tools, each with a schema of its own. They stand in the binary as
//! generated ones do: a table and a text.

use std::process::ExitCode;

use toolwright_runtime::prelude::*;

include!(concat!(env!("OUT_DIR"), "/many.rs"));

const TOOLSET: Toolset = Toolset {
    name: "many",
    title: "Many tools",
    version: "1.0.0",
    description: "A thousand operations.",
    source: "benchmark",
    digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000",
    generator: env!("CARGO_PKG_VERSION"),
    servers: &[],
    security: &[],
    groups: &[Group {
        tag: "all",
        tools: TOOLS,
        list: include_str!(concat!(env!("OUT_DIR"), "/many.json")),
    }],
};

fn call(headers: &HeaderBag, _: Arguments<'_>) -> Result<Request> {
    Request::get("/items", headers).build()
}

fn main() -> ExitCode {
    toolwright::main(&[&TOOLSET])
}

//! Compiles descriptions of HTTP APIs (Swagger 2.0, OpenAPI 3.0 to 3.2) into Rust.
//!
//! The compiler is pure: text goes in through [`Files`], text comes out as [`Output`], and between them there is no
//! file system, network, clock or environment. What it finds wrong it collects as [`Problem`]s with file, line and
//! JSON pointer; it does not panic, whatever it reads.
//!
//! 1. [`load`] reads the files and finds what references lead to.
//! 2. [`version`] brings the four versions of the specification into one [`model`].
//! 3. [`toolset`] applies what the maintainer chose.
//! 4. [`schema`] reads every schema once into a graph of JSON Schema 2020-12.
//! 5. [`lower`] settles names, types and calls into plain structs ([`ir`]), and
//! 6. [`render`] writes them as Rust and JSON.

mod compile;
pub mod diff;
pub mod ir;
pub mod load;
pub mod lower;
pub mod model;
pub mod names;
pub mod problem;
pub mod render;
pub mod report;
pub mod schema;
pub mod text;
pub mod toolset;
pub mod version;

use std::collections::BTreeMap;

pub use compile::compile;
pub use load::{FileError, Files};
pub use problem::{Problem, Problems, Severity};
pub use render::linked_set;
pub use report::{Loss, ParameterReport, Report, ToolReport};

/// What is to be compiled.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Where the description and the files that it refers to are read from.
    pub files: &'a dyn Files,
    /// The description, relative to the root folder.
    pub entry: &'a str,
    /// What the toolset is called.
    pub name: &'a str,
    /// Where the description came from, as recorded in the output.
    pub source: &'a str,
    /// The text of `toolset.toml`, if there is one.
    pub toolset: Option<&'a str>,
    /// The API's base URL where the maintainer gave one; it stands in for the servers of the description.
    pub url: Option<&'a str>,
    /// What each tool was called before, by `METHOD /path`: an operation that is added later takes nobody's name.
    pub pins: Option<&'a BTreeMap<String, String>>,
    /// Whether a piece whose meaning is not clear is an error instead of a warning.
    pub strict: bool,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The account of the run.
    pub report: Report,
    /// Nothing when there was an error.
    pub output: Option<Output>,
}

/// The text of a crate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// By path, relative to the folder of the crate: `Cargo.toml`, `src/lib.rs` and so on.
    pub files: BTreeMap<String, String>,
}

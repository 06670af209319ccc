//! JSON and YAML text as one bounded tree with positions.
//!
//! Descriptions of APIs and configuration files are read by the same code, for the same two reasons: whoever wrote a
//! mistake wants its line and column, and whoever wrote the text may not be a friend. So:
//!
//! - every node knows where it stands in the text and can name itself by its JSON pointer (RFC 6901);
//! - numbers keep their text, objects keep their order, and a key that occurs twice is kept on record
//!   ([`Document::duplicate_keys`]), although the last one wins;
//! - bytes, nodes, depth and the nodes that YAML aliases stand for are bounded ([`Limits`]), nothing recurses over
//!   the input, and an alias shares the node it names instead of copying it.
//!
//! ```
//! use toolwright_document::{Document, Limits};
//!
//! let document = Document::parse("a.yaml", b"paths:\n  /pets: {get: 1}\n", &Limits::default())?;
//! let pets = document.root().at("/paths/~1pets").ok_or("no such place")?;
//! assert_eq!(pets.pointer(), "/paths/~1pets");
//! assert_eq!(pets.position().line, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! YAML is read by the core schema of YAML 1.2: `yes`, `no`, `on` and `off` are strings, there are no dates, and a
//! mapping key is the text of its scalar, so that `200:` is `"200"`. Merge keys (`<<`) are honoured, tags of other
//! kinds than `!!str` and its relatives are ignored.

mod builder;
mod cursor;
mod document;
mod error;
mod json;
mod limits;
mod position;
mod reindent;
mod scalar;
mod tree;
mod value;
mod write;
mod yaml;

pub use cursor::{Cursor, Kind, NodeId};
pub use document::{Document, DuplicateKey, Format};
pub use error::{SyntaxError, SyntaxErrorKind};
pub use limits::Limits;
pub use position::{Position, Snippet, visible};
pub use value::Json;

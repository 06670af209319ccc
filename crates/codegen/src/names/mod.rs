//! Names: of tools, arguments, functions, types, fields and modules.
//!
//! A name is made from its own text alone. Where two texts would get one name, *all* of them change, each by
//! something that is its own (method and path, or a hash of its spelling): no counters, so that neither the order
//! of a description nor what is added to it decides who is called what.

mod argument;
mod ident;
mod tool;
mod words;

pub use argument::{ArgumentName, argument_names, is_argument_name};
pub use ident::{Ident, Namer, Role};
pub use tool::{ToolName, is_tool_name, tool_names};
pub use words::{camel, first_word, snake, upper_snake};

use sha2::{Digest, Sha256};

/// The first eight hexadecimal digits of the SHA-256 of `text`.
pub(crate) fn hash8(text: &str) -> String {
    let mut hash: String = Sha256::digest(text.as_bytes())
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    hash.truncate(8);
    hash
}

/// At most `limit` bytes of an ASCII name: the beginning, and a hash of the whole where it is too long.
pub(crate) fn shorten(name: String, identity: &str, limit: usize) -> String {
    if name.len() <= limit {
        return name;
    }
    let head: String = name.chars().take(limit - 9).collect();
    format!("{}_{}", head.trim_end_matches('_'), hash8(identity))
}

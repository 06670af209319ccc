//! The words of the protocol that lists and messages share: versions, codes, texts, headers.

pub mod code;
mod field;
pub mod mirror;
pub mod reply;
pub mod text;
pub mod twin;
pub mod version;

pub(crate) use self::field::{decoded, mismatch, plain, single};

//! Who may call: named keys, what each of them may use, and how often.
//!
//! What a caller may not call it does not see; what nothing allows is refused.

mod admission;
mod keys;
mod pattern;
mod rate;
mod scope;
mod view;

pub use self::admission::{Access, Unseen};
pub use self::keys::{Digests, Key, Keys};
pub use self::pattern::Pattern;
pub use self::rate::Rate;
pub use self::scope::Scope;
pub use self::view::View;

/// Someone who was admitted.
#[derive(Debug)]
pub struct Caller {
    /// The name in the configuration, for logs.
    pub name: String,
    /// What may be used.
    pub scope: Scope,
    /// How many requests may come.
    pub rate: Option<Rate>,
    /// Whether a token showed who it is, which can be exchanged for an upstream's; a gateway key never leaves.
    pub by_token: bool,
}

//! Which headers an upstream receives, and from whom.
//!
//! Strongest first, for one name: framing that the gateway owns; the caller's explicit upstream credential; what the
//! operator configured; the caller's headers that the operator lets through; the model. [`HeaderPolicy`] decides the
//! middle three into a [`HeaderBag`], without which no request can be made; the request adds the model's last.

mod auth;
mod bag;
mod builder;
mod explain;
mod fill;
mod forward;
mod held;
mod meets;
mod needs;
mod policy;
pub mod reserved;
mod rules;
mod secret;
mod smuggled;
mod source;
mod value;
mod verdict;

pub use auth::AuthType;
pub use bag::HeaderBag;
pub use builder::HeaderPolicyBuilder;
pub use explain::Explained;
pub use forward::{Forward, Required};
pub use needs::{Need, Needs};
pub use policy::HeaderPolicy;
pub use rules::{Filled, Precedence};
pub use secret::Secret;
pub use source::Source;
pub(crate) use value::check_text;

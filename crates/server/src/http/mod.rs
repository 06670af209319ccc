//! The HTTP side: a listener with bounds, checks on every request, and the routes.

mod accept;
mod answer;
mod app;
mod body;
pub mod guard;
mod head;
mod health;
mod io;
pub mod key;
mod listener;
mod metrics;
mod place;
mod resource;
mod rest;
mod routes;
mod stream;

pub use self::app::App;
pub(crate) use self::listener::routed;
#[cfg(test)]
pub(crate) use self::listener::serve_for_tests;
pub use self::listener::{Serving, bind};
pub use self::routes::{respond, respond_apart};
#[cfg(test)]
mod tests;

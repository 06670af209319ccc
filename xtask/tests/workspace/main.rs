//! The commands in a workspace of their own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper that fails is a test that fails"
)]

mod atomic;
mod commands;
mod mishaps;
mod network;
mod new;
mod support;
mod update;

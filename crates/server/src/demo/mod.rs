//! `toolwright demo`.

use std::net::SocketAddr;

use toolwright_runtime::Toolset;

/// To come.
pub(crate) fn run(
    _: &'static [&'static Toolset],
    _: Option<SocketAddr>,
    _: bool,
) -> Result<(), String> {
    Err("not there yet".to_owned())
}

//! What went wrong on the way, in one sentence that gives nothing away.

use std::error::Error as _;
use std::io;

use super::options::UpstreamOptions;
use super::private;
use crate::error::{Error, Retry};

pub(super) fn of(error: &reqwest::Error, options: &UpstreamOptions) -> Error {
    if chain(error).any(|source| source.is::<private::Refused>()) {
        return private::refused();
    }
    if error.is_timeout() {
        let (what, limit) = if error.is_connect() {
            ("could not be connected to", options.connect_timeout)
        } else {
            ("did not answer", options.timeout)
        };
        let message = format!("the upstream {what} within {} s", limit.as_secs_f64());
        return Error::upstream(Retry::Maybe, message);
    }
    if error.is_connect() {
        return connect(error);
    }
    if error.is_builder() {
        return Error::gateway("the request cannot be sent as it is");
    }
    if mentions(error, |text| text.contains("before message")) || is_cut(error) {
        return Error::upstream(
            Retry::Maybe,
            "the upstream closed the connection before it had answered",
        );
    }
    // What fails while a body is decoded, but not on its connection, is its compression.
    if error.is_decode() && !mentions(error, |text| text.contains("connection")) {
        let message = "the upstream's answer is not compressed as it says";
        return Error::upstream(Retry::Never, message);
    }
    Error::upstream(Retry::Maybe, "the upstream did not answer in valid HTTP")
}

fn connect(error: &reqwest::Error) -> Error {
    if error.is_dns() {
        return Error::upstream(
            Retry::Maybe,
            "the name of the upstream's host cannot be resolved",
        );
    }
    if is_tls(error) {
        let message =
            "no TLS connection to the upstream: its certificate or protocol was not accepted";
        return Error::upstream(Retry::Never, message);
    }
    if mentions(error, |text| text.contains("refused")) {
        return Error::upstream(Retry::Maybe, "the upstream refused the connection");
    }
    Error::upstream(Retry::Maybe, "the upstream cannot be reached")
}

/// A TLS error travels inside an I/O error, or inside one inside another.
fn is_tls(error: &reqwest::Error) -> bool {
    chain(error).any(|source| {
        let mut io = source.downcast_ref::<io::Error>();
        while let Some(inner) = io.and_then(io::Error::get_ref) {
            if inner.is::<rustls::Error>() {
                return true;
            }
            io = inner.downcast_ref();
        }
        false
    })
}

fn is_cut(error: &reqwest::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    chain(error)
        .filter_map(|source| source.downcast_ref::<io::Error>())
        .any(|error| {
            matches!(
                error.kind(),
                BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
            )
        })
}

/// Looks into texts that are never shown: they hold addresses.
fn mentions(error: &reqwest::Error, matches: impl Fn(&str) -> bool) -> bool {
    chain(error).any(|source| matches(&source.to_string().to_lowercase()))
}

fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let here = next?;
        next = here.source();
        Some(here)
    })
}

/// The last cause; for errors at start, which an operator sees.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    chain(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

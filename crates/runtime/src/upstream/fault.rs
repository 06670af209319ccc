//! What went wrong on the way, in one sentence that gives nothing away.

use std::error::Error as StdError;
use std::io;

use super::options::UpstreamOptions;
use super::private;
use super::resolver::Unresolved;
use crate::error::{Error, Retry};

/// Why there is no answer, or only a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The request is none that can be written as HTTP.
    Unsendable,
    /// Every address is private, and such are refused.
    Private,
    /// The host's name has no address.
    Unresolved,
    /// No TLS connection came about.
    Tls,
    /// The port is closed.
    Refused,
    /// There is no way to the host.
    Unreachable,
    /// There was no connection in time.
    ConnectTimeout,
    /// There was no whole answer in time.
    Timeout,
    /// The connection ended before the answer did.
    Closed,
    /// What came is not HTTP.
    NotHttp,
    /// What came is not compressed as its headers say.
    Packing,
    /// What came is compressed in a way that was not asked for.
    Coding,
}

impl Trouble {
    /// Of an error of the connector.
    pub(super) fn of_connecting(error: &(dyn StdError + 'static)) -> Self {
        if chain(error).any(|cause| cause.is::<private::Refused>()) {
            Self::Private
        } else if chain(error).any(|cause| cause.is::<Unresolved>()) {
            Self::Unresolved
        } else if chain(error).any(is_tls) {
            Self::Tls
        } else if has_kind(error, &[io::ErrorKind::ConnectionRefused]) {
            Self::Refused
        } else if has_kind(error, &[io::ErrorKind::TimedOut]) {
            Self::ConnectTimeout
        } else {
            Self::Unreachable
        }
    }

    /// Of an error of a connection that stood.
    pub(super) fn of_exchange(error: &hyper::Error) -> Self {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        const CUT: [io::ErrorKind; 4] = [
            BrokenPipe,
            ConnectionAborted,
            ConnectionReset,
            UnexpectedEof,
        ];
        if error.is_user() {
            Self::Unsendable
        } else if error.is_incomplete_message()
            || error.is_canceled()
            || error.is_closed()
            || has_kind(error, &CUT)
        {
            Self::Closed
        } else {
            Self::NotHttp
        }
    }

    /// What is told.
    pub(super) fn told(self, options: &UpstreamOptions) -> Error {
        let within = |what: &str, limit: std::time::Duration| {
            let message = format!("the upstream {what} within {} s", limit.as_secs_f64());
            Error::upstream(Retry::Maybe, message)
        };
        let (retry, message) = match self {
            Self::Unsendable => return Error::gateway("the request cannot be sent as it is"),
            Self::Private => return private::refused(),
            Self::ConnectTimeout => {
                return within("could not be connected to", options.connect_timeout);
            }
            Self::Timeout => return within("did not answer", options.timeout),
            Self::Unresolved => (
                Retry::Maybe,
                "the name of the upstream's host cannot be resolved",
            ),
            Self::Tls => (
                Retry::Never,
                "no TLS connection to the upstream: its certificate or protocol was not accepted",
            ),
            Self::Refused => (Retry::Maybe, "the upstream refused the connection"),
            Self::Unreachable => (Retry::Maybe, "the upstream cannot be reached"),
            Self::Closed => (
                Retry::Maybe,
                "the upstream closed the connection before it had answered",
            ),
            Self::NotHttp => (Retry::Maybe, "the upstream did not answer in valid HTTP"),
            Self::Packing => (
                Retry::Never,
                "the upstream's answer is not compressed as it says",
            ),
            Self::Coding => (
                Retry::Never,
                "the upstream's answer is compressed in a way that was not asked for (Content-Encoding)",
            ),
        };
        Error::upstream(retry, message)
    }
}

/// A TLS error travels inside an I/O error, or inside one inside another.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    let mut io = error.downcast_ref::<io::Error>();
    while let Some(inner) = io.and_then(io::Error::get_ref) {
        if inner.is::<rustls::Error>() {
            return true;
        }
        io = inner.downcast_ref();
    }
    error.is::<rustls::Error>()
}

fn has_kind(error: &(dyn StdError + 'static), kinds: &[io::ErrorKind]) -> bool {
    chain(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| kinds.contains(&error.kind()))
}

/// The error and its causes.
fn chain<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

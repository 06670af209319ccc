//! What a request arrives with.

use std::collections::HashMap;
use std::fmt;

use http::{HeaderMap, HeaderName};

use super::progress::Progress;
use crate::access::Caller;
use crate::gateway::{Endpoint, Gateway};
use crate::protocol::version::Version;

/// What a request arrives with, besides its body.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The servers.
    pub gateway: &'a Gateway,
    /// The endpoint that was addressed.
    pub endpoint: &'a Endpoint,
    /// The caller's headers.
    pub headers: &'a HeaderMap,
    /// The gateway key that admitted the caller.
    pub key: Option<&'a str>,
    /// Who the caller is, where that is known.
    pub caller: Option<&'a Caller>,
    /// What takes the place of headers where there are none.
    pub stdio: Option<Stdio<'a>>,
    /// Who hears how a call goes on.
    pub progress: Option<&'a Progress>,
}

/// Names alone: headers and keys are secrets.
impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("Context")
            .field("headers", &names)
            .field("caller", &self.caller.map(|caller| &caller.name))
            .finish_non_exhaustive()
    }
}

/// A client at the other end of standard input and output.
#[derive(Clone, Copy)]
pub struct Stdio<'a> {
    /// The version that the handshake settled.
    pub version: Version,
    /// What stands in for the caller's headers, by the server's name.
    pub headers: &'a HashMap<String, HeaderMap>,
}

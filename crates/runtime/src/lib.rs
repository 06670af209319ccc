//! What generated tool functions call.
//!
//! A tool function *describes* one HTTP request ([`Request`]); [`Upstream::send`] is the one place that sends it.
//! Whatever is the same for all operations lives here, so that generated code is calls and nothing else:
//!
//! - [`Arguments`] and [`InputSchema`] read and check what a model sent;
//! - [`HeaderPolicy`] decides what goes upstream beside the arguments. Only it makes a [`HeaderBag`], and no request
//!   can be made without one, so that forgetting the caller's headers does not compile;
//! - the builder behind [`Request::get`] writes parameters and bodies as OpenAPI says;
//! - [`Toolset`], [`Group`] and [`Tool`] are the tables.
//!
//! Deliberately absent: OpenAPI itself, MCP, response types, redirects, a cookie jar, proxies from the environment.

mod args;
mod body;
mod error;
mod headers;
pub mod json;
mod request;
mod schema;
mod style;
mod tools;
mod upstream;

#[doc(hidden)]
pub use args::derive;
pub use args::{
    Any, Arguments, AsBytes, Bytes, Decode, Encode, File, Integer, Json, Map, Number, Param,
};
pub use body::XmlHints;
pub use error::{Error, Fault, Result, Retry, Violation};
pub use headers::{
    AuthType, Explained, Filled, Forward, HeaderBag, HeaderPolicy, HeaderPolicyBuilder, Need,
    Needs, Precedence, Required, Secret, Source, reserved,
};
pub use request::{Request, RequestBuilder};
pub use schema::InputSchema;
pub use style::Style;
pub use tools::{CallerHeader, Group, Place, Placed, SecurityScheme, Tool, Toolset};
pub use toolwright_runtime_macros::Args;
pub use upstream::{
    Answer, ClientAuth, Document, Grant, OAuth, OAuthOptions, Tls, Upstream, UpstreamOptions,
    is_private,
};

pub mod prelude {
    //! What generated code names.

    pub use crate::{
        Any, Args, Arguments, Bytes, CallerHeader, File, Group, HeaderBag, Integer, Json, Map,
        Number, Place, Placed, Request, Result, SecurityScheme, Style, Tool, Toolset, XmlHints,
    };
}

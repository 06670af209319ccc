//! The tables that generated code consists of, beside its functions.

use crate::args::Arguments;
use crate::error::{Error, Result};
use crate::headers::HeaderBag;
use crate::request::Request;

/// All tools made from one API description.
#[derive(Clone, Copy, Debug)]
pub struct Toolset {
    /// The name by which a server is configured.
    pub name: &'static str,
    /// The title of the API.
    pub title: &'static str,
    /// The version of the API description.
    pub version: &'static str,
    /// What the API says about itself.
    pub description: &'static str,
    /// Where the description came from: a URL or a path.
    pub source: &'static str,
    /// The digest of the description, `sha256:…`: of its document, or where it has several, of the list of their
    /// digests and paths as `sha256sum` writes it.
    pub digest: &'static str,
    /// The version of the compiler that wrote the code.
    pub generator: &'static str,
    /// The servers that the description names, absolute or relative, variables at their defaults.
    pub servers: &'static [&'static str],
    /// The security schemes that the description declares.
    pub security: &'static [SecurityScheme],
    /// The tools by tag.
    pub groups: &'static [Group],
}

impl Toolset {
    /// What a toolset has beside its name and its tools where the description says nothing else.
    pub const PLAIN: Toolset = Toolset {
        name: "",
        title: "",
        version: "",
        description: "",
        source: "",
        digest: "",
        generator: "",
        servers: &[],
        security: &[],
        groups: &[],
    };
}

/// The tools of one file: those of a tag, or operations without one whose paths begin alike.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The tag; empty for operations that have none.
    pub tag: &'static str,
    /// The tools, in the order of the description.
    pub tools: &'static [Tool],
    /// What `tools/list` says about them: a JSON array, one object per tool, in the same order.
    pub list: &'static str,
}

/// One operation of the API.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    /// The name, unique in its toolset.
    pub name: &'static str,
    /// The method and the path template, such as `GET /items/{item_id}`.
    pub endpoint: &'static str,
    /// What the API asks its callers for: alternatives, each of them the names of the schemes that it takes together
    /// (OpenAPI 3.2 §4.30). Without any, or with an empty one, a call needs no credential.
    pub security: &'static [&'static [&'static str]],
    /// The header parameters among the arguments.
    pub headers: &'static [Placed],
    /// The cookie parameters among the arguments.
    pub cookies: &'static [Placed],
    /// The query parameters among the arguments that have the name of an API key.
    pub keys: &'static [Placed],
    /// The header parameters that are no arguments: the caller or the operator fills them.
    pub caller_headers: &'static [CallerHeader],
    /// Describes the request for these arguments.
    pub call: fn(&HeaderBag, Arguments<'_>) -> Result<Request>,
}

impl Tool {
    /// What a tool has beside its name, its endpoint and its function where the description says nothing else.
    pub const PLAIN: Tool = Tool {
        name: "",
        endpoint: "",
        security: &[],
        headers: &[],
        cookies: &[],
        keys: &[],
        caller_headers: &[],
        call: |_, _| Err(Error::gateway("a tool without a function")),
    };

    /// The method of the endpoint.
    pub fn method(&self) -> &'static str {
        self.endpoint.split(' ').next().unwrap_or_default()
    }
}

/// A parameter that an argument fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its name on the wire.
    pub name: &'static str,
    /// The name of the argument.
    pub argument: &'static str,
}

/// A header parameter that no argument fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallerHeader {
    /// Its name.
    pub name: &'static str,
    /// Whether the description requires it.
    pub required: bool,
}

/// Where an API key travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a header.
    Header,
    /// In the query.
    Query,
    /// In a cookie.
    Cookie,
}

/// A security scheme of the API description (OpenAPI 3.2 §4.27).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityScheme {
    /// `type: apiKey`.
    ApiKey {
        /// The name of the scheme.
        name: &'static str,
        /// Where the key travels.
        place: Place,
        /// The name of the header, query parameter or cookie.
        parameter: &'static str,
    },
    /// `type: http`, `scheme: basic`.
    Basic {
        /// The name of the scheme.
        name: &'static str,
    },
    /// `type: http`, `scheme: bearer`.
    Bearer {
        /// The name of the scheme.
        name: &'static str,
    },
    /// `type: oauth2`.
    OAuth2 {
        /// The name of the scheme.
        name: &'static str,
    },
    /// `type: openIdConnect`.
    OpenIdConnect {
        /// The name of the scheme.
        name: &'static str,
    },
    /// `type: mutualTLS`.
    MutualTls {
        /// The name of the scheme.
        name: &'static str,
    },
    /// Any other scheme.
    Other {
        /// The name of the scheme.
        name: &'static str,
        /// Its type, or the HTTP authentication scheme.
        kind: &'static str,
    },
}

impl SecurityScheme {
    /// The name by which operations ask for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ApiKey { name, .. }
            | Self::Basic { name }
            | Self::Bearer { name }
            | Self::OAuth2 { name }
            | Self::OpenIdConnect { name }
            | Self::MutualTls { name }
            | Self::Other { name, .. } => name,
        }
    }
}

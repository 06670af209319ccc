//! The description of one HTTP request.

mod build;
mod builder;
mod header;
mod path;

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method};

pub use builder::RequestBuilder;

use crate::headers::HeaderBag;

/// A request that is complete but for the upstream's origin.
///
/// Made from a [`HeaderBag`] and in no other way, so that a tool function cannot forget the caller's headers:
///
/// ```
/// use toolwright_runtime::prelude::*;
///
/// fn get_item(headers: &HeaderBag) -> Result<Request> {
///     Request::get("/item", headers).build()
/// }
///
/// const TOOL: Tool = Tool {
///     name: "get_item",
///     endpoint: "GET /item",
///     call: |headers, _| get_item(headers),
///     ..Tool::PLAIN
/// };
/// ```
///
/// The same without the `headers` argument does not compile, inside or outside:
///
/// ```compile_fail,E0425
/// use toolwright_runtime::prelude::*;
///
/// fn get_item() -> Result<Request> {
///     Request::get("/item", headers).build()
/// }
/// ```
///
/// ```compile_fail,E0061
/// use toolwright_runtime::prelude::*;
///
/// fn get_item(headers: &HeaderBag) -> Result<Request> {
///     Request::get("/item").build()
/// }
/// ```
///
/// Nor can a bag be made on the spot:
///
/// ```compile_fail,E0599
/// use toolwright_runtime::prelude::*;
///
/// fn get_item() -> Result<Request> {
///     let headers = HeaderBag::default();
///     Request::get("/item", &headers).build()
/// }
/// ```
///
/// ```compile_fail
/// use toolwright_runtime::prelude::*;
///
/// fn get_item() -> Result<Request> {
///     let headers = HeaderBag { headers: Vec::new() };
///     Request::get("/item", &headers).build()
/// }
/// ```
pub struct Request {
    method: Method,
    template: &'static str,
    /// Path and query; begins with `/`.
    target: String,
    headers: HeaderMap,
    body: Option<Bytes>,
    server: Option<&'static str>,
}

impl Request {
    /// A `GET` of the path template, with the headers of the call.
    pub fn get<'h>(template: &'static str, headers: &'h HeaderBag) -> RequestBuilder<'h> {
        Self::new("GET", template, headers)
    }

    /// A `PUT` of the path template, with the headers of the call.
    pub fn put<'h>(template: &'static str, headers: &'h HeaderBag) -> RequestBuilder<'h> {
        Self::new("PUT", template, headers)
    }

    /// A `POST` to the path template, with the headers of the call.
    pub fn post<'h>(template: &'static str, headers: &'h HeaderBag) -> RequestBuilder<'h> {
        Self::new("POST", template, headers)
    }

    /// A `DELETE` of the path template, with the headers of the call.
    pub fn delete<'h>(template: &'static str, headers: &'h HeaderBag) -> RequestBuilder<'h> {
        Self::new("DELETE", template, headers)
    }

    /// `OPTIONS` of the path template, with the headers of the call.
    pub fn options<'h>(template: &'static str, headers: &'h HeaderBag) -> RequestBuilder<'h> {
        Self::new("OPTIONS", template, headers)
    }

    /// A `HEAD` of the path template, with the headers of the call.
    pub fn head<'h>(template: &'static str, headers: &'h HeaderBag) -> RequestBuilder<'h> {
        Self::new("HEAD", template, headers)
    }

    /// A `PATCH` of the path template, with the headers of the call.
    pub fn patch<'h>(template: &'static str, headers: &'h HeaderBag) -> RequestBuilder<'h> {
        Self::new("PATCH", template, headers)
    }

    /// A `TRACE` of the path template, with the headers of the call.
    pub fn trace<'h>(template: &'static str, headers: &'h HeaderBag) -> RequestBuilder<'h> {
        Self::new("TRACE", template, headers)
    }

    /// A request of any method, such as OpenAPI 3.2's `QUERY`.
    #[expect(
        clippy::new_ret_no_self,
        reason = "reads like its siblings in generated code"
    )]
    pub fn new<'h>(
        method: &'static str,
        template: &'static str,
        headers: &'h HeaderBag,
    ) -> RequestBuilder<'h> {
        RequestBuilder::new(method, template, headers)
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path template that the request was made from.
    pub fn template(&self) -> &'static str {
        self.template
    }

    /// Path and query, relative to the upstream's base URL; begins with `/`.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The operation's own server, absolute or relative to the upstream's base URL.
    pub fn server(&self) -> Option<&'static str> {
        self.server
    }

    /// All headers but the ones that frame the message.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// An empty body goes as none: the upstream then gets its length of zero where the method means something by a body
    /// (RFC 9110 §8.6), which hyper leaves out for a body that has ended before it began.
    pub(crate) fn into_parts(self) -> (Method, HeaderMap, Option<Bytes>) {
        let body = self.body.filter(|body| !body.is_empty());
        (self.method, self.headers, body)
    }

    /// The body, if there is one.
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.keys().map(http::HeaderName::as_str).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("template", &self.template)
            .field("headers", &names)
            .field("body", &self.body.as_ref().map(Bytes::len))
            .finish()
    }
}

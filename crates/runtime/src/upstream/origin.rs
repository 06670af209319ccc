//! One origin: how requests get there.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Method, StatusCode, Uri};
use http_body_util::Full;
use url::Url;

use super::dial::Dialer;
use super::fault::Trouble;
use super::incoming::Body;
use super::link::{Link, Outgoing, Unsent};
use super::options::UpstreamOptions;
use super::pool::Pool;
use super::resolver::Resolver;
use super::unpack::{self, Content};
use crate::error::{Error, Result};

/// A scheme, a host and a port (RFC 9110 §4.3.1), with the connections there.
#[derive(Debug)]
pub(super) struct Origin {
    scheme: Scheme,
    authority: Authority,
    host: HeaderValue,
    dialer: Dialer,
    pool: Arc<Pool>,
    /// The most bytes that compressed content is unpacked to, but one.
    most: usize,
}

/// The beginning of an answer.
pub(super) struct Started {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) content: Content,
}

impl Origin {
    /// The origin of this URL; everything else comes from the options.
    pub(super) fn new(url: &Url, options: &UpstreamOptions) -> Result<Self> {
        Self::with(url, options, Resolver::new(options.deny_private))
    }

    /// The same, with a resolver.
    pub(super) fn with(url: &Url, options: &UpstreamOptions, resolver: Resolver) -> Result<Self> {
        let unusable = || Error::gateway("the upstream's URL names a host that HTTP cannot");
        let is_tls = url.scheme() == "https";
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => return Err(unusable()),
        };
        Ok(Self {
            scheme: match is_tls {
                true => Scheme::HTTPS,
                false => Scheme::HTTP,
            },
            authority: host.parse().map_err(|_| unusable())?,
            host: host.parse().map_err(|_| unusable())?,
            dialer: Dialer::new(options, is_tls, resolver)?,
            pool: Pool::new(options.pool_idle_timeout, options.max_concurrent),
            most: options.max_response_bytes,
        })
    }

    /// Sends a request; its answer as it begins.
    ///
    /// What was never written, because a kept connection had been closed meanwhile, goes out on another. Nothing else is
    /// sent twice.
    pub(super) async fn send(
        &self,
        method: Method,
        target: PathAndQuery,
        headers: HeaderMap,
        body: Option<Bytes>,
    ) -> std::result::Result<Started, Trouble> {
        let mut request = self.request(method, headers, body);
        loop {
            let (mut link, is_new) = match self.pool.take() {
                Some(link) => (link, false),
                // Large, and seldom needed: every call would carry it about.
                None => (Box::pin(self.connect()).await?, true),
            };
            self.address(&mut request, &target, &link)?;
            match link.send(request).await {
                Ok(response) => {
                    let (mut head, incoming) = response.into_parts();
                    let link = match link {
                        Link::Http1(link) => Some(link),
                        Link::Http2(_) => None,
                    };
                    let body = Body::new(incoming, link, Arc::clone(&self.pool));
                    let content = Content::of(&mut head.headers, body, self.most)?;
                    return Ok(Started {
                        status: head.status,
                        headers: head.headers,
                        content,
                    });
                }
                Err(Unsent {
                    request: Some(unsent),
                    ..
                }) if !is_new => {
                    request = unsent;
                    if let Link::Http2(_) = link {
                        self.pool.unshare();
                    }
                }
                Err(Unsent { trouble, .. }) => return Err(trouble),
            }
        }
    }

    async fn connect(&self) -> std::result::Result<Link, Trouble> {
        let origin = self.uri(PathAndQuery::from_static("/"))?;
        let link = Link::open(self.dialer.dial(origin).await?).await?;
        if let Link::Http2(sender) = &link {
            self.pool.share(sender);
        }
        Ok(link)
    }

    fn request(&self, method: Method, headers: HeaderMap, body: Option<Bytes>) -> Outgoing {
        let has_body = body.is_some();
        let expects_body = matches!(method, Method::POST | Method::PUT | Method::PATCH);
        let mut request = Outgoing::new(Full::new(body.unwrap_or_default()));
        *request.method_mut() = method;
        *request.headers_mut() = headers;
        let headers = request.headers_mut();
        for (name, value) in [
            (header::ACCEPT, HeaderValue::from_static("*/*")),
            (header::ACCEPT_ENCODING, unpack::ACCEPTED),
        ] {
            headers.entry(name).or_insert(value);
        }
        // Servers answer 411 to such a method without a length (RFC 9110 §8.6).
        if expects_body && !has_body {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        request
    }

    /// HTTP/1.1 has the host in a header (RFC 9112 §3.2), HTTP/2 beside the path (RFC 9113 §8.3.1).
    fn address(
        &self,
        request: &mut Outgoing,
        target: &PathAndQuery,
        link: &Link,
    ) -> std::result::Result<(), Trouble> {
        match link {
            Link::Http1(_) => {
                let host = self.host.clone();
                request.headers_mut().insert(header::HOST, host);
                *request.uri_mut() = Uri::from(target.clone());
            }
            Link::Http2(_) => {
                request.headers_mut().remove(header::HOST);
                *request.uri_mut() = self.uri(target.clone())?;
            }
        }
        Ok(())
    }

    fn uri(&self, target: PathAndQuery) -> std::result::Result<Uri, Trouble> {
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(target)
            .build()
            .map_err(|_| Trouble::Unsendable)
    }
}

/// The part of a URL that a request names.
pub(super) fn target(url: &Url) -> std::result::Result<PathAndQuery, Trouble> {
    url[url::Position::BeforePath..url::Position::AfterQuery]
        .parse()
        .map_err(|_| Trouble::Unsendable)
}

//! What every test needs: an upstream that records, a gateway process in front of it, callers.

mod authority;
mod caller;
mod gateway;
mod issuer;
mod overheard;
mod peer;
mod piped;
mod record;
mod sent;
mod upstream;

pub(crate) use authority::Authority;
pub(crate) use caller::{Caller, client};
pub(crate) use gateway::{Gateway, KEY, refused};
pub(crate) use issuer::Issuer;
pub(crate) use overheard::{overheard, overheard_pipes};
pub(crate) use peer::{MODERN, Peer, VERSIONS, configuration, headers, meta};
pub(crate) use piped::{Piped, Process};
pub(crate) use record::record;
pub(crate) use sent::{Sent, send};
pub(crate) use upstream::{Canned, Upstream};

/// The configuration of one server `data_api` with more lines below it, each indented by four spaces.
pub(crate) fn data_api(upstream: &Upstream, lines: &str) -> String {
    format!(
        "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n\
         mcp_servers:\n  data_api:\n    url: {}\n    \
         spec_path: http://upstream-api.local/openapi.json\n{lines}",
        upstream.url()
    )
}

/// The configuration of the issue that started it all: the caller's X-TOKEN travels, nothing else.
pub(crate) fn with_token(upstream: &Upstream) -> String {
    data_api(
        upstream,
        "    auth_type: none\n    extra_headers:\n      - X-TOKEN\n",
    )
}

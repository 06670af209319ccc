//! Where a server's requests go, held against what its other keys say about the way there.

use toolwright_document::Cursor;
use toolwright_runtime::is_private;
use url::{Host, Origin, Url};

use super::reader::Reader;
use super::tls;

/// Everywhere that a server connects to.
pub(super) struct Ways<'a> {
    pub(super) url: &'a Url,
    pub(super) token_url: Option<&'a Url>,
    pub(super) egress: &'a [Origin],
}

impl Ways<'_> {
    /// Reports files for TLS where nothing is encrypted.
    pub(super) fn check_encrypted(&self, reader: &mut Reader<'_>, section: Cursor<'_>) {
        let mut urls = self.token_url.into_iter().chain([self.url]);
        let mut origins = self.egress.iter();
        let is_encrypted = urls.any(|url| url.scheme() == "https")
            || origins.any(|origin| origin.ascii_serialization().starts_with("https:"));
        if is_encrypted {
            return;
        }
        for at in tls::KEYS.iter().filter_map(|key| section.get(key)) {
            if !at.is_null() {
                let help = "write https://… as `url`, or remove this key".to_owned();
                reader.wrong_key(at, "is never used, because `url` is http", Some(help));
            }
        }
    }

    /// Reports addresses that `deny_private` refuses, as far as they are written in numbers; names are looked at when they
    /// are resolved.
    pub(super) fn check_public(&self, reader: &mut Reader<'_>, section: Cursor<'_>) {
        let asked = section.get("deny_private").unwrap_or(section);
        let member = |key| reader.member(section, key);
        let token_at = member("token_url").or_else(|| member("token_exchange_endpoint"));
        let places = [(member("url"), Some(self.url)), (token_at, self.token_url)];
        for (at, url) in places {
            if url.and_then(Url::host).is_some_and(is_private_host) {
                refuse(reader, at.unwrap_or(asked));
            }
        }
        for origin in self.egress {
            if let (Origin::Tuple(_, host, _), Some(list)) = (origin, section.get("egress"))
                && is_private_host(host.clone())
            {
                let is_it = |text: &str| Url::parse(text).is_ok_and(|url| url.origin() == *origin);
                let written = list.items().find(|item| item.as_str().is_some_and(is_it));
                refuse(reader, written.unwrap_or(list));
            }
        }
    }
}

fn refuse(reader: &mut Reader<'_>, at: Cursor<'_>) {
    let message = "names an address that is not public, and `deny_private` refuses such";
    let help = "write a public address, or deny_private: false".to_owned();
    reader.mistake(at, message, Some(help));
}

fn is_private_host<S>(host: Host<S>) -> bool {
    match host {
        Host::Ipv4(address) => is_private(address.into()),
        Host::Ipv6(address) => is_private(address.into()),
        Host::Domain(_) => false,
    }
}

#[cfg(test)]
#[path = "ways_tests.rs"]
mod tests;

//! Where the API is.

use openapiv3::ServerVariable;
use toolwright_document::Cursor;

use super::reader::Reader;
use crate::model::Server;

/// Bytes of a URL.
const LONGEST: usize = 8_000;

impl<'d> Reader<'d, '_> {
    /// The `servers` of the document, a path item or an operation.
    pub(super) fn servers(&mut self, node: Cursor<'d>) -> Vec<Server> {
        let servers = self.array(node, "servers");
        servers
            .into_iter()
            .flat_map(Cursor::items)
            .filter_map(|server| self.server(server))
            .collect()
    }

    fn server(&mut self, node: Cursor<'d>) -> Option<Server> {
        if !self.charge(node, 1, 0) {
            return None;
        }
        let Some(template) = self.text(node, "url") else {
            self.warn(node, "a server without a `url`");
            return None;
        };
        let mut variables = Vec::new();
        for (name, variable) in self
            .object(node, "variables")
            .into_iter()
            .flat_map(Cursor::entries)
        {
            if let Some(variable) = self.variable(variable) {
                variables.push((name.to_owned(), variable));
            }
        }
        let Some(url) = filled(&template, &variables) else {
            self.warn(
                node,
                format!("a server URL of more than {LONGEST} bytes is left out"),
            );
            return None;
        };
        self.usable(
            node,
            Server {
                url,
                variables,
                template,
            },
        )
    }

    fn variable(&mut self, node: Cursor<'d>) -> Option<ServerVariable> {
        if !node.is_object() || !self.charge(node, 1 + node.get("enum").map_or(0, Cursor::len), 0) {
            self.warn(node, "a server variable must be an object");
            return None;
        }
        let choices = self.array(node, "enum").into_iter().flat_map(Cursor::items);
        let enumeration: Vec<String> = choices
            .filter_map(Cursor::as_text)
            .map(str::to_owned)
            .collect();
        let default = self.text(node, "default");
        if default.is_none() {
            self.warn(node, "a server variable without a `default`");
        }
        let default = default
            .or_else(|| enumeration.first().cloned())
            .unwrap_or_default();
        Some(ServerVariable {
            enumeration,
            default,
            description: self.text(node, "description"),
            extensions: indexmap::IndexMap::new(),
        })
    }

    /// Leaves out what no request can go to, and credentials, which have no place in a description.
    pub(super) fn usable(&mut self, at: Cursor<'d>, mut server: Server) -> Option<Server> {
        if let Some((scheme, _)) = server.url.split_once("://")
            && !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https")
        {
            let message = format!(
                "a server with the scheme `{scheme}` is left out; requests go over http and https"
            );
            self.warn(at, message);
            return None;
        }
        if let Some((_, rest)) = server.url.split_once("://")
            && rest.split(['/', '?', '#']).next().is_none_or(str::is_empty)
        {
            self.warn(at, "a server URL without a host is left out");
            return None;
        }
        if let Some(scheme) = ["file:", "data:", "javascript:"]
            .iter()
            .find(|it| server.url.starts_with(**it))
        {
            self.warn(
                at,
                format!("a server with the scheme `{scheme}` is left out"),
            );
            return None;
        }
        let (url, template) = (
            without_userinfo(&server.url),
            without_userinfo(&server.template),
        );
        if url != server.url || template != server.template {
            self.warn(
                at,
                "a server URL with a user name or password in it; they are left out",
            )
            .help("take them out of the description; credentials belong into the configuration");
            (server.url, server.template) = (url, template);
        }
        Some(server)
    }
}

/// The URL with its variables at their defaults; a name without a variable stays as it is.
fn filled(template: &str, variables: &[(String, ServerVariable)]) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{')
        && template.len() + out.len() <= LONGEST
    {
        out.push_str(before);
        let name = after.split_once('}').map(|(name, _)| name);
        let variable = name.and_then(|name| variables.iter().find(|(known, _)| known == name));
        match (name, variable) {
            (Some(name), Some((_, variable))) => {
                out.push_str(&variable.default);
                rest = after.get(name.len() + 1..).unwrap_or_default();
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    (out.len() <= LONGEST).then_some(out)
}

/// Takes `user:password@` out of a URL (RFC 3986 §3.2.1).
fn without_userinfo(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{host}{tail}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_userinfo;

    #[test]
    fn credentials_are_taken_out() {
        for (url, expected) in [
            ("https://u:p@a.example/v1", "https://a.example/v1"),
            ("https://u:p@x@a.example", "https://a.example"),
            ("https://a.example/u@b", "https://a.example/u@b"),
            ("/v1", "/v1"),
        ] {
            assert_eq!(without_userinfo(url), expected);
        }
    }
}

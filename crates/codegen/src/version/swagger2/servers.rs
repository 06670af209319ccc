use toolwright_document::Cursor;

use super::super::reader::{Layers, Reader};
use crate::model::Server;

impl<'d> Reader<'d, '_> {
    /// `schemes`, `host` and `basePath` as servers. Without a host the API is where its description is.
    pub(crate) fn swagger2_servers(&mut self, root: Cursor<'d>) -> Vec<Server> {
        self.servers_with_schemes(root, root)
    }

    /// An operation that overrides `schemes` has servers of its own.
    pub(crate) fn swagger2_operation_servers(&mut self, operation: &Layers<'d>) -> Vec<Server> {
        match operation.holder("schemes") {
            Some(holder) => {
                let root = self.documents.entry();
                self.servers_with_schemes(root, holder)
            }
            None => Vec::new(),
        }
    }

    fn servers_with_schemes(&mut self, root: Cursor<'d>, holder: Cursor<'d>) -> Vec<Server> {
        let host = self.text(root, "host").filter(|host| !host.is_empty());
        let base = self.text(root, "basePath").unwrap_or_default();
        let base = if base.is_empty() || base.starts_with('/') {
            base
        } else {
            format!("/{base}")
        };
        let Some(host) = host else {
            let server = |url: String| Server {
                template: url.clone(),
                url,
                variables: Vec::new(),
            };
            return if base.is_empty() {
                Vec::new()
            } else {
                vec![server(base)]
            };
        };
        // Some write the whole address.
        let host = host
            .split_once("://")
            .map_or(host.as_str(), |(_, host)| host)
            .trim_end_matches('/');
        let schemes = self
            .array(holder, "schemes")
            .into_iter()
            .flat_map(Cursor::items);
        let mut schemes: Vec<String> = schemes
            .filter_map(Cursor::as_text)
            .map(str::to_owned)
            .collect();
        if schemes.is_empty() {
            schemes.push("https".to_owned());
        }
        let mut out = Vec::new();
        for scheme in schemes {
            let url = format!("{scheme}://{host}{base}");
            let server = Server {
                template: url.clone(),
                url,
                variables: Vec::new(),
            };
            out.extend(self.usable(root, server));
        }
        out
    }
}

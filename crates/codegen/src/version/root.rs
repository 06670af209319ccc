//! The fields of the whole document.

use toolwright_document::Cursor;

use super::reader::{Edition, Reader};
use crate::model::{Api, Tag};

impl<'d> Reader<'d, '_> {
    /// Everything but the operations.
    pub(super) fn root(&mut self, root: Cursor<'d>, format: String) -> Api<'d> {
        let info = match self.object(root, "info") {
            Some(info) => Some(info),
            None => {
                self.warn(
                    root,
                    "`info` is missing; it holds the title and the version of the API",
                );
                None
            }
        };
        let mut field = |key| info.and_then(|info| self.text(info, key));
        let (title, version, description) =
            (field("title"), field("version"), field("description"));
        let servers = match self.edition {
            Edition::V2 => self.swagger2_servers(root),
            _ => self.servers(root),
        };
        Api {
            format,
            title: title.unwrap_or_default(),
            version: version.unwrap_or_default(),
            description,
            servers,
            tags: self.tags(root),
            security_schemes: self.security_schemes(root),
            operations: Vec::new(),
            webhooks: 0,
            callbacks: 0,
        }
    }

    fn tags(&mut self, root: Cursor<'d>) -> Vec<Tag> {
        let Some(tags) = self.array(root, "tags") else {
            return Vec::new();
        };
        let mut out: Vec<Tag> = Vec::new();
        for tag in tags.items() {
            // A bare name is not allowed here, but says everything.
            let name = tag
                .as_text()
                .map(str::to_owned)
                .or_else(|| self.text(tag, "name"));
            let Some(name) = name else {
                self.warn(tag, "a tag without a name");
                continue;
            };
            let description = self.text(tag, "description");
            out.push(Tag { name, description });
        }
        out
    }
}

//! One operation: what all versions have in common.

use indexmap::IndexSet;
use toolwright_document::Cursor;

use super::paths::PathItem;
use super::reader::{Edition, Layers, Reader};
use crate::model::{Operation, Response};

/// Alternatives of schemes with their scopes.
pub(super) type Security = Vec<Vec<(String, Vec<String>)>>;

impl<'d> Reader<'d, '_> {
    /// The operation, and how many operations its callbacks have.
    pub(super) fn operation(
        &mut self,
        item: &PathItem<'d>,
        method: String,
        node: Cursor<'d>,
        security: &Security,
    ) -> Option<(Operation<'d>, usize)> {
        let layers = self.layers(node)?;
        if !self.charge(node, 1 + security.len(), item.path.len()) {
            return None;
        }
        let own = |key: &str| layers.holder(key).unwrap_or(node);
        let operation_id = self
            .text(own("operationId"), "operationId")
            .filter(|id| !id.trim().is_empty());
        let summary = self.text(own("summary"), "summary");
        let description = self.text(own("description"), "description");
        let deprecated = self.flag(own("deprecated"), "deprecated").unwrap_or(false);
        let tags = self.operation_tags(own("tags"));
        let own_security = self.security(own("security"));
        let (parameters, body) = match self.edition {
            Edition::V2 => self.swagger2_request(item, &layers),
            _ => (
                self.parameters(item, &layers),
                self.body(own("requestBody")),
            ),
        };
        let parameters = self.fit_path(node, &item.path, parameters);
        let servers = match self.edition {
            Edition::V2 => self.swagger2_operation_servers(&layers),
            _ => {
                let own = self.servers(own("servers"));
                match item.layers.holder("servers") {
                    Some(holder) if own.is_empty() => self.servers(holder),
                    _ => own,
                }
            }
        };
        let responses = self.responses(&layers);
        let callbacks = self.callbacks(&layers);
        let operation = Operation {
            at: layers.target().unwrap_or(node),
            method,
            path: item.path.clone(),
            operation_id,
            summary,
            description,
            tags,
            deprecated,
            servers,
            security: own_security.unwrap_or_else(|| security.clone()),
            parameters,
            body,
            responses,
        };
        Some((operation, callbacks))
    }

    fn operation_tags(&mut self, node: Cursor<'d>) -> Vec<String> {
        let Some(tags) = node.get("tags") else {
            return Vec::new();
        };
        if let Some(tag) = tags.as_text() {
            self.warn(
                tags,
                "`tags` must be an array, but this is a string; it is read as the only tag",
            );
            return vec![tag.to_owned()];
        }
        let mut out = IndexSet::new();
        for tag_node in self.array(node, "tags").into_iter().flat_map(Cursor::items) {
            match tag_node.as_text() {
                Some(tag) if self.charge(tag_node, 1, tag.len()) => {
                    out.insert(tag.to_owned());
                }
                Some(_) => {}
                None => {
                    self.warn(tag_node, "a tag must be a string");
                }
            }
        }
        out.into_iter().collect()
    }

    fn responses(&mut self, operation: &Layers<'d>) -> Vec<Response<'d>> {
        let at = operation.node();
        let Some(holder) = operation.holder("responses") else {
            if let Some(at) = at.filter(|_| self.edition <= Edition::V30) {
                self.warn(at, "`responses` is missing");
            }
            return Vec::new();
        };
        // What breaks here does not keep a request from being made; only a way out of the root folder does harm.
        let before = self.breaks.len();
        let mut out = Vec::new();
        if let Some(responses) = self.object(holder, "responses")
            && let Some(layers) = self.layers(responses)
        {
            for (status, response) in layers.entries() {
                if status.starts_with("x-") {
                    continue;
                }
                // A response that cannot be read is one all the same.
                let at = self
                    .object_behind(response, "a response")
                    .unwrap_or(response);
                let description = self.description(response, at);
                let content = match self.edition {
                    Edition::V2 => self.swagger2_produced(operation, at),
                    _ => self.content(at),
                };
                let status = status.to_owned();
                out.push(Response {
                    at,
                    status,
                    description,
                    content,
                });
            }
        }
        let harm: Vec<_> = self
            .breaks
            .drain(before..)
            .filter(|it| it.outside)
            .collect();
        self.breaks.extend(harm);
        out
    }

    /// How many operations the callbacks of an operation have.
    fn callbacks(&mut self, operation: &Layers<'d>) -> usize {
        let before = self.breaks.len();
        let mut count = 0;
        let holder = operation.holder("callbacks");
        for (_, callback) in holder
            .and_then(|it| self.object(it, "callbacks"))
            .into_iter()
            .flat_map(Cursor::entries)
        {
            let Some(callback) = self.object_behind(callback, "a callback") else {
                continue;
            };
            for (expression, item) in callback.entries() {
                if !expression.starts_with("x-")
                    && let Some(item) = self.path_item(item)
                {
                    count += self.methods(&item).len();
                }
            }
        }
        self.breaks.truncate(before);
        count
    }
}

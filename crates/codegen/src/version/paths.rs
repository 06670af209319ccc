//! `paths`, `webhooks` and what is in them.

use std::collections::HashMap;

use toolwright_document::Cursor;

use super::reader::{Edition, Layers, Reader, article, short};
use super::template;
use crate::model::Api;

/// Operations of one description.
const MOST_OPERATIONS: usize = 50_000;

const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A path with its methods.
pub(super) struct PathItem<'d> {
    pub(super) path: String,
    pub(super) layers: Layers<'d>,
}

impl<'d> Reader<'d, '_> {
    pub(super) fn paths(&mut self, root: Cursor<'d>, api: &mut Api<'d>) {
        let paths = root.get("paths");
        match paths {
            Some(paths) if paths.is_object() => self.each_path(root, paths, api),
            Some(paths) if !paths.is_null() => {
                let message = format!("`paths` must be an object, but this is {}", article(paths));
                self.problems
                    .error(paths, message)
                    .help("write it as `paths: {\"/pets\": {\"get\": …}}`");
            }
            _ if self.edition <= Edition::V30 => {
                self.warn(
                    root,
                    "`paths` is missing: the description has no operations",
                );
            }
            _ => {}
        }
        if let Some(webhooks) = self.object(root, "webhooks") {
            for (_, item) in webhooks.entries() {
                if let Some(layers) = self.path_item(item) {
                    api.webhooks += self.methods(&layers).len();
                }
            }
            self.breaks.clear();
        }
        self.repeated_ids(api);
    }

    fn each_path(&mut self, root: Cursor<'d>, paths: Cursor<'d>, api: &mut Api<'d>) {
        let security = self.security(root).unwrap_or_default();
        let mut shapes: HashMap<String, (&'d str, Cursor<'d>)> = HashMap::new();
        for (key, item) in paths.entries() {
            if key.starts_with("x-") {
                continue;
            }
            let Some(layers) = self.path_item(item) else {
                self.elsewhere.append(&mut self.breaks);
                continue;
            };
            let path = self.path_key(key, item);
            if let Some((other, _)) = shapes.insert(template::shape(&path), (key, item)) {
                let (other, key) = (short(other), short(key));
                let message = format!(
                    "the paths {other} and {key} differ only in the names of their parameters"
                );
                self.warn(item, message);
            }
            let item = PathItem { path, layers };
            for (method, operation) in self.methods(&item.layers) {
                if api.operations.len() >= MOST_OPERATIONS {
                    let message = format!("more than {MOST_OPERATIONS} operations");
                    self.problems.error(operation, message);
                    return;
                }
                let read = self.operation(&item, method, operation, &security);
                let breaks = std::mem::take(&mut self.breaks);
                let Some((operation, callbacks)) = read else {
                    self.elsewhere.extend(breaks);
                    continue;
                };
                api.callbacks += callbacks;
                api.operations.push(operation);
                self.operations.push(breaks);
            }
        }
    }

    fn path_key(&mut self, key: &'d str, item: Cursor<'d>) -> String {
        if let Some((_, fragment)) = key.split_once('#') {
            let (key, fragment) = (short(key), short(fragment));
            let message =
                format!("the path {key} has a fragment ({fragment}), which is never sent");
            self.problems.notice(item, message);
        }
        if key.starts_with('/') {
            return key.to_owned();
        }
        self.warn(
            item,
            format!(
                "the path {} must begin with `/`; it is read as if it did",
                short(key)
            ),
        );
        format!("/{key}")
    }

    /// A path item with what its references add.
    pub(super) fn path_item(&mut self, item: Cursor<'d>) -> Option<Layers<'d>> {
        if item.is_null() {
            return None;
        }
        let layers = self.layers(item)?;
        let target = layers.target()?;
        if !target.is_object() {
            let what = article(target);
            self.warn(
                target,
                format!("a path item must be an object, but this is {what}"),
            );
            return None;
        }
        Some(layers)
    }

    /// The operations of a path item: methods as HTTP has them, in order.
    pub(super) fn methods(&mut self, layers: &Layers<'d>) -> Vec<(String, Cursor<'d>)> {
        let mut out: Vec<(String, Cursor<'d>)> = Vec::new();
        let entries = layers.entries();
        if let Some(node) = layers.node()
            && !self.charge(node, entries.len() / 8, 0)
        {
            return out;
        }
        for (key, operation) in entries {
            let lower = key.to_ascii_lowercase();
            let query = lower == "query";
            if METHODS.contains(&key) || query && key == "query" && self.edition >= Edition::V32 {
                if operation.is_null() {
                    continue;
                }
                if operation.is_object() {
                    out.push((key.to_ascii_uppercase(), operation));
                } else {
                    let what = article(operation);
                    self.warn(
                        operation,
                        format!("an operation must be an object, but this is {what}"),
                    );
                }
            } else if key == "additionalOperations" && self.edition >= Edition::V32 {
                self.additional(operation, &mut out);
            } else if METHODS.contains(&lower.as_str()) {
                let message = format!("`{key}` is no field of a path item and is left out");
                self.warn(operation, message)
                    .help(format!("write methods in lower case: `{lower}`"));
            }
        }
        out
    }

    /// Methods without a field of their own (3.2).
    fn additional(&mut self, methods: Cursor<'d>, out: &mut Vec<(String, Cursor<'d>)>) {
        let fixed: Vec<String> = out.iter().map(|(method, _)| method.clone()).collect();
        for (method, operation) in methods.entries() {
            if !crate::text::is_token(method) {
                self.warn(
                    operation,
                    format!(
                        "{} is no method that HTTP allows; the operation is left out",
                        short(method)
                    ),
                );
            } else if !operation.is_object() {
                let what = article(operation);
                self.warn(
                    operation,
                    format!("an operation must be an object, but this is {what}"),
                );
            } else if fixed.iter().any(|known| known == method) {
                self.warn(
                    operation,
                    format!("the method `{method}` has a field of its own; this one is left out"),
                );
            } else {
                out.push((method.to_owned(), operation));
            }
        }
    }

    fn repeated_ids(&mut self, api: &Api<'d>) {
        let mut seen: HashMap<&str, Cursor<'d>> = HashMap::new();
        for operation in &api.operations {
            let Some(id) = operation.operation_id.as_deref() else {
                continue;
            };
            match seen.get(id) {
                Some(first) if *first != operation.at => {
                    let first = first.pointer();
                    let message = format!("the operationId {} is that of #{first} too", short(id));
                    self.warn(operation.at, message)
                        .help("give each operation an id of its own");
                }
                Some(_) => {}
                None => {
                    seen.insert(id, operation.at);
                }
            }
        }
    }
}

//! The root of a tool's schema: its arguments by name, or a body that is the arguments.

use super::arguments::Plan;
use super::hoist::listed;
use super::media;
use crate::model::{Location, Operation};
use crate::problem::Problems;
use crate::schema::{Emitted, Graph, emit, emit_body};
use crate::text::one_line;
use crate::toolset::{Mistake, ToolChoice};

/// Keywords that the APIs of some models do not take at the root of a tool's schema.
const CHOICES: [&str; 6] = ["allOf", "anyOf", "oneOf", "not", "enum", "$ref"];

impl<'d> Plan<'d> {
    /// Every reason why the body cannot be the arguments although that was chosen.
    pub(super) fn refuse_hoisting(
        &self,
        choice: &ToolChoice,
        tool: &str,
        graph: &Graph<'d>,
        mistakes: &mut Vec<Mistake>,
    ) {
        let Some(span) = &choice.hoisted else { return };
        let Some(body) = &self.body else {
            let message = format!("`{tool}` has no request body");
            let help = "take the entry out".to_owned();
            return mistakes.push(Mistake::new(span, message, Some(help)));
        };
        let mut reasons = body.refusals(graph);
        if let Some(names) = listed(self.names()) {
            let mut help = "take the entry out: the body is the argument `body` then".to_owned();
            if !self.placed(Location::Header).is_empty() {
                help.push_str("; headers that callers fill belong into `caller_headers`");
            }
            reasons.push((format!("the tool has other arguments: {names}"), help));
        }
        mistakes.extend(reasons.into_iter().map(|(reason, help)| {
            let message = format!("the body of `{tool}` cannot be its arguments: {reason}");
            Mistake::new(span, message, Some(help))
        }));
    }

    /// What `inputSchema` shows.
    pub(super) fn emitted(
        &self,
        graph: &Graph<'d>,
        operation: &Operation<'d>,
        problems: &mut Problems,
    ) -> Emitted {
        let (Some(hoisted), Some(body)) = (&self.hoisted, &self.body) else {
            return emit(graph, &self.roots());
        };
        let emitted = emit_body(graph, &body.root(), &hoisted.definitions);
        let found = CHOICES
            .into_iter()
            .filter(|word| emitted.schema.get(word).is_some());
        if let Some(words) = listed(found) {
            let message = format!(
                "the root of the arguments' schema has {words}, which the APIs of some models refuse there"
            );
            problems
                .notice(operation.at, message)
                .help("where they do, take `body = \"arguments\"` out of toolset.toml");
        }
        if let Some(dialect) = graph.stated_dialect(body.id)
            && emitted.schema.get("$schema").is_none()
        {
            let message = "this `$schema` is not shown: tools are described in JSON Schema 2020-12";
            problems.notice(dialect, message);
        }
        emitted
    }
}

/// A `content_type` that the operation does not offer.
pub(super) fn refuse_type(
    operation: &Operation<'_>,
    choice: &ToolChoice,
    tool: &str,
    mistakes: &mut Vec<Mistake>,
) {
    let Some(wanted) = &choice.content_type else {
        return;
    };
    let content = operation
        .body
        .as_ref()
        .map_or(&[][..], |body| &body.content);
    if media::named(content, &wanted.value).is_some() {
        return;
    }
    let (reason, help) = match listed(content.iter().map(|media| media.name.as_str())) {
        Some(names) => (
            format!("is not offered as `{}`", one_line(&wanted.value, 80)),
            format!("choose one of {names}, or take the entry out"),
        ),
        None => ("is not there".to_owned(), "take the entry out".to_owned()),
    };
    let message = format!("the request body of `{tool}` {reason}");
    mistakes.push(Mistake::new(&wanted.span, message, Some(help)));
}

//! A body that is the arguments themselves, and why it cannot be.

use super::arguments::Plan;
use super::body::BodyPlan;
use super::media::{self, Kind};
use crate::model::{Location, Operation};
use crate::names::is_argument_name;
use crate::problem::Problems;
use crate::schema::{Emitted, Graph, Id, Types, emit, emit_body};
use crate::toolset::{Mistake, ToolChoice};

/// Keywords that the APIs of some models do not take at the root of a tool's schema.
const CHOICES: [&str; 6] = ["allOf", "anyOf", "oneOf", "not", "enum", "$ref"];

/// What the schema of such a body has of its own.
#[derive(Debug)]
pub(super) struct Hoisted {
    definitions: Vec<(String, Id)>,
}

/// Why a body cannot be the arguments, and what to do.
type Reason = (String, String);

impl<'d> BodyPlan<'d> {
    /// Asks for what the root of the schema needs, where the body was chosen to be the arguments.
    pub(super) fn hoist(
        &self,
        operation: &Operation<'d>,
        choice: &ToolChoice,
        graph: &mut Graph<'d>,
    ) -> Option<Hoisted> {
        choice.hoisted.as_ref()?;
        let content = operation.body.as_ref().map(|body| &body.content);
        let media = content
            .into_iter()
            .flatten()
            .find(|media| media.name == self.media_type);
        let schema = media.and_then(|media| media.schema.as_ref());
        Some(Hoisted {
            definitions: schema.map_or_else(Vec::new, |schema| graph.definitions(schema)),
        })
    }

    fn refusals(&self, graph: &Graph<'_>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let stay = "take the entry out: the body is the argument `body` then";
        if !self.required {
            reasons.push((
                "it may be left out, which arguments cannot be".to_owned(),
                format!("{stay}; or make it `required` by an overlay"),
            ));
        }
        if self.kind != Kind::Json {
            let offered = self
                .others
                .iter()
                .find(|name| media::kind(name) == Kind::Json);
            let help = match offered {
                Some(name) => format!("choose `content_type = \"{name}\"`"),
                None => stay.to_owned(),
            };
            reasons.push((format!("it is `{}` and not JSON", self.media_type), help));
            return reasons;
        }
        let merged = graph.merged(self.id);
        if merged.types() != Types::OBJECT {
            let reason = match merged.types().present() {
                Types::OBJECT => "its schema takes `null` too",
                _ => "its schema does not say that it is an object",
            };
            let help = format!("{stay}; or say `type: object` by an overlay");
            reasons.push((reason.to_owned(), help));
        }
        let odd = merged
            .properties()
            .into_keys()
            .filter(|name| !is_argument_name(name));
        if let Some(names) = listed(odd) {
            let reason = format!("models take no arguments with these names: {names}");
            reasons.push((reason, stay.to_owned()));
        }
        reasons
    }
}

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

/// Names as a message shows them; nothing when there are none.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: Vec<String> = names
        .map(|name| format!("`{}`", crate::text::one_line(name, 80)))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

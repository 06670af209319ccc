//! A body that is the arguments themselves, and why it cannot be.

use super::body::BodyPlan;
use super::media::{self, Kind};
use crate::model::Operation;
use crate::names::is_argument_name;
use crate::schema::{Graph, Id, Types};
use crate::toolset::ToolChoice;

/// What the schema of such a body has of its own.
#[derive(Debug)]
pub(super) struct Hoisted {
    pub(super) definitions: Vec<(String, Id)>,
}

/// Why a body cannot be the arguments, and what to do.
pub(super) type Reason = (String, String);

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

    pub(super) fn refusals(&self, graph: &Graph<'_>) -> Vec<Reason> {
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

/// Names as a message shows them; nothing when there are none.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: Vec<String> = names
        .map(|name| format!("`{}`", crate::text::one_line(name, 80)))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

//! Bodies of JSON texts, one after the other (OpenAPI 3.2 §4.14.3).

use super::super::loss_at;
use super::super::media::{self, Kind};
use super::BodyPlan;
use crate::model::MediaType;
use crate::problem::Problems;
use crate::report::Report;
use crate::schema::{Graph, Id, Types};

/// Whether each text has a separator before it (RFC 7464).
pub(super) fn is_sequence(media_type: &str) -> bool {
    media::essence(media_type).ends_with("json-seq")
}

/// The schema of each text, where the body has one of its items alone.
pub(super) fn items<'d>(media: &MediaType<'d>, graph: &mut Graph<'d>) -> Option<Id> {
    let lines = media::kind(&media.name) == Kind::Lines && media.schema.is_none();
    let items = media.item_schema.as_ref().filter(|_| lines)?;
    graph.add(items)
}

impl<'d> BodyPlan<'d> {
    /// `schema` is that of the whole, an array. Descriptions before 3.2 have no word for items, and write their schema.
    pub(super) fn lines(&mut self, types: Types, graph: &mut Graph<'d>, problems: &mut Problems) {
        if types.contains(Types::ARRAY) {
            return;
        }
        let message = format!(
            "the schema of a body in `{}` is no array; it is read as that of each item",
            self.media_type
        );
        problems.notice(self.at, message);
        self.id = graph.list_of(self.id);
    }

    /// `itemSchema` means nothing here for types that are not lines of JSON; of multipart bodies it is a loss already.
    pub(super) fn lose_items(&self, media: &MediaType<'d>, report: &mut Report) {
        let lines = media::kind(&media.name) == Kind::Lines;
        if media.item_schema.is_some() && !lines && self.kind != Kind::Multipart {
            let message = format!(
                "`itemSchema` is not followed: `{}` is not written item by item",
                media.name
            );
            report.losses.push(loss_at(media.at, message));
        }
    }
}

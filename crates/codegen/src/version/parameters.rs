//! What parameters of all versions have in common: merging, and their relation to the path.

use toolwright_document::Cursor;

use super::reader::{Reader, short};
use super::template;
use crate::model::{Location, Parameter, ParameterStyle};

impl<'d> Reader<'d, '_> {
    /// The items of a `parameters` list, each with what is behind its references.
    pub(super) fn parameter_objects(
        &mut self,
        holder: Option<Cursor<'d>>,
    ) -> Vec<(Cursor<'d>, Cursor<'d>)> {
        let Some(list) = holder
            .and_then(|holder| holder.get("parameters"))
            .filter(|list| !list.is_null())
        else {
            return Vec::new();
        };
        if !list.is_array() {
            let message = format!(
                "`parameters` must be an array, but this is {}",
                super::reader::article(list)
            );
            self.breaking(list, message);
            return Vec::new();
        }
        list.items()
            .filter_map(|item| Some((item, self.object_behind(item, "a parameter")?)))
            .collect()
    }

    /// The name of a parameter and its place, as written.
    pub(super) fn identity(&mut self, node: Cursor<'d>) -> Option<(String, &'d str)> {
        let name = self.text(node, "name");
        let place = node.get("in").and_then(Cursor::as_str);
        match (name, place) {
            (Some(name), Some(place)) => Some((name, place)),
            (None, _) => {
                self.warn(node, "a parameter without a `name` is left out");
                None
            }
            (Some(name), None) => {
                self.warn(
                    node,
                    format!(
                        "the parameter {} is left out, since `in` does not say where it goes",
                        short(&name)
                    ),
                );
                None
            }
        }
    }

    /// Says what [`merge`] found.
    pub(super) fn report_repeated(&mut self, found: Vec<(Cursor<'d>, String, bool)>) {
        for (at, name, overrides) in found {
            let name = short(&name);
            if overrides {
                let message = format!(
                    "the header {name} takes the place of the path's, which is spelt otherwise: names of headers have no case"
                );
                self.problems.notice(at, message);
            } else {
                let message = format!(
                    "the parameter {name} is there twice in one place; the last one counts"
                );
                self.warn(at, message);
            }
        }
    }

    /// Whether HTTP can carry a parameter of that name.
    pub(super) fn sendable(&mut self, node: Cursor<'d>, name: &str, location: Location) -> bool {
        let header = location == Location::Header;
        if header || location == Location::Cookie {
            if crate::text::is_token(name) {
                return true;
            }
            let place = if header { "header" } else { "cookie" };
            // Cookie names are laxer in the wild than in RFC 6265; what would end or split the header is not.
            let bad =
                |c: char| c.is_control() || matches!(c, ';' | '=' | ',' | ' ') || !c.is_ascii();
            if !header && !name.is_empty() && !name.contains(bad) {
                return true;
            }
            let message = format!(
                "{} is no {place} name that HTTP allows; the parameter is left out",
                short(name)
            );
            self.breaking(node, message)
                .help("RFC 9110 allows letters, digits and !#$%&'*+-.^_`|~");
            return false;
        }
        true
    }

    /// Brings the path and its parameters together: one for each name in braces, and no others.
    pub(super) fn fit_path(
        &mut self,
        operation: Cursor<'d>,
        path: &str,
        parameters: Vec<Parameter<'d>>,
    ) -> Vec<Parameter<'d>> {
        let names = {
            let is_at = |place: Location, name: &str| {
                let mut all = parameters.iter();
                all.any(|parameter| parameter.location == place && parameter.name == name)
            };
            let query = path.split_once('?').map_or("", |(_, query)| query);
            let in_query = template::names(query);
            let all = template::names(path).into_iter();
            // A query parameter may be spelt out in the path; it stays one.
            let own = all.filter(|name| {
                is_at(Location::Path, name)
                    || !(in_query.contains(name) && is_at(Location::Query, name))
            });
            own.map(|name| template::meant(name, |it| is_at(Location::Path, it)).unwrap_or(name))
                .map(str::to_owned)
                .collect::<indexmap::IndexSet<String>>()
        };
        let fixed = {
            let all = |name: &str, place: Location| {
                let mut all = parameters.iter();
                all.any(|parameter| parameter.location == place && parameter.name == name)
            };
            template::fixed_pairs(path, |name| {
                all(name, Location::Query) && !all(name, Location::Path)
            })
        };
        let mut out = Vec::with_capacity(parameters.len());
        let mut missing = names.clone();
        for parameter in parameters {
            if parameter.location == Location::Query && fixed.contains(&parameter.name) {
                let (path, name) = (short(path), short(&parameter.name));
                let message = format!(
                    "the path {path} spells out the query parameter {name}, which is no argument therefore"
                );
                self.warn(parameter.at, message);
                continue;
            }
            if parameter.location == Location::Path && !missing.swap_remove(parameter.name.as_str())
            {
                let (path, name) = (short(path), short(&parameter.name));
                let message = format!(
                    "the path {path} has no place for its path parameter {name}, which is left out"
                );
                self.warn(parameter.at, message);
                continue;
            }
            out.push(parameter);
        }
        for name in names.iter().filter(|name| missing.contains(*name)) {
            let (shown, path) = (short(name), short(path));
            if !template::is_name(name) {
                self.warn(
                    operation,
                    format!("{shown} in braces in the path is no parameter; it is sent as it is"),
                );
                continue;
            }
            let message = format!(
                "the parameter {shown} of the path {path} is not declared; it is taken for a required string"
            );
            self.warn(operation, message);
            if !self.charge(operation, 1, name.len()) {
                break;
            }
            out.push(Parameter {
                at: operation,
                name: name.to_owned(),
                location: Location::Path,
                required: true,
                deprecated: false,
                description: None,
                style: ParameterStyle::Simple,
                explode: false,
                items: Vec::new(),
                allow_reserved: false,
                allow_empty_value: false,
                schema: None,
                media_type: None,
                encoding: Vec::new(),
                example: None,
                ignored: false,
            });
        }
        out
    }
}

/// Adds the parameters of an operation to those of its path: one of the same name and place takes its place. Header
/// names have no case (RFC 9110 §5.1). `repeated` hears of two in one list, and with `true` of an override that is
/// spelt otherwise.
pub(super) fn merge<'d>(
    mut all: Vec<Parameter<'d>>,
    more: Vec<Parameter<'d>>,
    mut repeated: impl FnMut(&Parameter<'d>, bool),
) -> Vec<Parameter<'d>> {
    use std::collections::HashMap;
    let key = |parameter: &Parameter<'d>| match parameter.location {
        Location::Header => (parameter.name.to_ascii_lowercase(), Location::Header),
        other => (parameter.name.clone(), other),
    };
    let mut places: HashMap<(String, Location), (usize, bool)> = HashMap::new();
    for (at, parameter) in all.iter().enumerate() {
        places.insert(key(parameter), (at, true));
    }
    for parameter in more {
        let key = key(&parameter);
        match places.get_mut(&key) {
            Some((at, inherited)) => {
                let own = !std::mem::take(inherited);
                if let Some(slot) = all.get_mut(*at) {
                    if own || slot.name != parameter.name {
                        repeated(&parameter, !own);
                    }
                    *slot = parameter;
                }
            }
            None => {
                places.insert(key, (all.len(), false));
                all.push(parameter);
            }
        }
    }
    all
}

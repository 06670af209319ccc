//! Argument names: the wire's own where the LLM APIs accept them as property names.

use std::collections::{BTreeMap, BTreeSet};

use super::hash8;
use crate::model::Location;

/// What an argument can be named by: the identity of a parameter is its name *and* its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArgumentName<'a> {
    /// On the wire.
    pub name: &'a str,
    /// Where it travels; `None` is the body.
    pub place: Option<Location>,
}

impl ArgumentName<'_> {
    /// Who keeps the bare name in a clash: the lowest.
    fn rank(&self) -> u8 {
        match self.place {
            None => 0,
            Some(Location::Path) => 1,
            Some(Location::Query | Location::QueryString) => 2,
            Some(Location::Header) => 3,
            Some(Location::Cookie) => 4,
        }
    }

    fn suffix(&self) -> &'static str {
        match self.place {
            None => "_body",
            Some(Location::Path) => "_path",
            Some(Location::Query) => "_query",
            Some(Location::QueryString) => "_querystring",
            Some(Location::Header) => "_header",
            Some(Location::Cookie) => "_cookie",
        }
    }

    fn identity(&self) -> String {
        format!("{} {}", self.suffix(), self.name)
    }
}

/// The names in the order of `arguments`: each matches `^[A-Za-z0-9_.-]{1,64}$`, no two are equal.
pub fn argument_names(arguments: &[ArgumentName<'_>]) -> Vec<String> {
    let bare: Vec<String> = arguments
        .iter()
        .map(|argument| plain(argument.name))
        .collect();
    let mut askers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, name) in bare.iter().enumerate() {
        askers.entry(name).or_default().push(at);
    }
    // The strongest keeps the bare name when it stands alone on its rank and is spelt so on the wire.
    let keeps = |at: usize| {
        let rank = arguments[at].rank();
        let rivals = &askers[bare[at].as_str()];
        rivals
            .iter()
            .all(|&other| other == at || arguments[other].rank() > rank)
    };
    let mut names: Vec<Option<String>> = (0..arguments.len())
        .map(|at| keeps(at).then(|| bare[at].clone()))
        .collect();
    let mut used: BTreeSet<String> = names.iter().flatten().cloned().collect();
    let mut order: Vec<usize> = (0..arguments.len())
        .filter(|at| names[*at].is_none())
        .collect();
    order.sort_by_key(|at| arguments[*at].identity());
    for at in order {
        let argument = &arguments[at];
        let twins = askers[bare[at].as_str()]
            .iter()
            .filter(|&&other| arguments[other].rank() == argument.rank());
        let placed = fit(
            format!("{}{}", bare[at], argument.suffix()),
            &argument.identity(),
        );
        let mut name = match twins.count() {
            1 => placed,
            _ => fit(
                format!("{}_{}", bare[at], hash8(&argument.identity())),
                &argument.identity(),
            ),
        };
        let mut spelling = argument.identity();
        while used.contains(&name) {
            name = fit(format!("{}_{}", bare[at], hash8(&spelling)), &spelling);
            spelling.push('\'');
        }
        used.insert(name.clone());
        names[at] = Some(name);
    }
    names.into_iter().flatten().collect()
}

/// Whether the LLM APIs accept it as the name of an argument.
pub fn is_argument_name(name: &str) -> bool {
    plain(name) == name
}

/// `name` with every other character replaced by `_`; a hash where too little of it is left to tell it apart.
fn plain(name: &str) -> String {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if !name.is_empty() && name.chars().all(legal) {
        return fit(name.to_owned(), name);
    }
    // `filter[status]` → `filter_status`, `expand[]` → `expand`, `größe` → `groesse`-like spelling.
    let mut out = String::new();
    for c in any_ascii::any_ascii(&visible(name)).chars() {
        match legal(c) {
            true => out.push(c),
            false if out.ends_with('_') || out.is_empty() => {}
            false => out.push('_'),
        }
    }
    let out = out.trim_end_matches('_');
    match out.is_empty() {
        true => format!("argument_{}", hash8(name)),
        false => fit(out.to_owned(), name),
    }
}

fn visible(name: &str) -> String {
    name.chars()
        .filter(|c| !crate::text::is_invisible(*c))
        .collect()
}

fn fit(name: String, identity: &str) -> String {
    super::shorten(name, identity, 64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(arguments: &[(&str, Option<Location>)]) -> Vec<String> {
        let arguments: Vec<_> = arguments
            .iter()
            .map(|(name, place)| ArgumentName {
                name,
                place: *place,
            })
            .collect();
        argument_names(&arguments)
    }

    #[test]
    fn the_wire_name_is_kept_where_it_can_be() {
        let query = Some(Location::Query);
        let names = named(&[
            ("x-token", Some(Location::Header)),
            ("filter[status]", query),
            ("expand[]", query),
        ]);
        assert_eq!(names, ["x-token", "filter_status", "expand"]);
    }

    #[test]
    fn a_clash_is_settled_by_place() {
        let names = named(&[
            ("id", Some(Location::Cookie)),
            ("id", Some(Location::Path)),
            ("id", Some(Location::Query)),
            ("id", Some(Location::Header)),
            ("body", Some(Location::Query)),
            ("body", None),
        ]);
        assert_eq!(
            names,
            [
                "id_cookie",
                "id",
                "id_query",
                "id_header",
                "body_query",
                "body"
            ]
        );
    }

    #[test]
    fn same_place_and_same_spelling_after_cleaning_both_change() {
        let names = named(&[
            ("a[b]", Some(Location::Query)),
            ("a_b", Some(Location::Query)),
        ]);
        assert!(
            names.iter().all(|name| name.starts_with("a_b_")) && names[0] != names[1],
            "{names:?}"
        );
    }

    proptest! {
        #[test]
        fn legal_unique_and_free_of_order(texts in prop::collection::vec(("[a-c\\[\\]é_]{0,3}|.{0,80}", 0..4_usize), 0..12)) {
            let places = [Location::Path, Location::Query, Location::Header, Location::Cookie];
            let mut arguments: Vec<_> =
                texts.iter().map(|(name, place)| ArgumentName { name, place: Some(places[*place]) }).collect();
            arguments.dedup();
            let mut seen = BTreeSet::new();
            arguments.retain(|argument| seen.insert(argument.identity()));
            let mut names = argument_names(&arguments);
            let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
            prop_assert!(names.iter().all(|name| (1..=64).contains(&name.len()) && name.chars().all(legal)));
            prop_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), arguments.len());
            arguments.reverse();
            names.reverse();
            prop_assert_eq!(argument_names(&arguments), names);
        }
    }
}

//! Parameters, told apart by name and place.

use super::change::{Changes, Class};
use super::schema;
use super::snapshot::{ParameterSnapshot, ToolSnapshot};
use super::words;
use crate::text::one_line;

/// Whether two parameters are one.
type Rule<'r> = &'r dyn Fn(&ParameterSnapshot, &ParameterSnapshot) -> bool;

pub(super) fn compare(before: &ToolSnapshot, after: &ToolSnapshot, changes: &mut Changes) {
    let mut old: Vec<Option<&ParameterSnapshot>> = before.parameters.iter().map(Some).collect();
    let mut partners: Vec<Option<&ParameterSnapshot>> = vec![None; after.parameters.len()];
    // Name and place; then what stands at the same spot of the path; then the name at another place.
    let rules: [Rule<'_>; 3] = [
        &|a, b| a.place == b.place && same_name(a, b),
        &|a, b| {
            let spots = (spot(&before.path, a), spot(&after.path, b));
            matches!(spots, (Some(a), Some(b)) if a == b) && before.address() == after.address()
        },
        &|a, b| a.name == b.name,
    ];
    for rule in rules {
        for (new, partner) in after.parameters.iter().zip(&mut partners) {
            if partner.is_none() {
                let found = old
                    .iter_mut()
                    .find(|old| old.is_some_and(|old| rule(old, new)));
                *partner = found.and_then(Option::take);
            }
        }
    }
    for gone in old.into_iter().flatten() {
        let class = match asked_of_agents(gone) {
            true => Class::Breaking,
            false => Class::Additive,
        };
        changes.push(class, place(gone), "removed");
    }
    for (new, partner) in after.parameters.iter().zip(partners) {
        match partner {
            Some(old) => pair(before, after, old, new, changes),
            None => added(after, new, changes),
        }
    }
}

fn pair(
    before: &ToolSnapshot,
    after: &ToolSnapshot,
    old: &ParameterSnapshot,
    new: &ParameterSnapshot,
    changes: &mut Changes,
) {
    let at = place(new);
    if old.place != new.place {
        changes.push(
            Class::Breaking,
            at.as_str(),
            format!("moved: {} → {}", old.place, new.place),
        );
    }
    match (asked_of_agents(old), asked_of_agents(new)) {
        (true, true) if old.argument != new.argument => changes.push(
            Class::Breaking,
            at.as_str(),
            format!(
                "argument renamed: {} → {}",
                one_line(&old.argument, 80),
                one_line(&new.argument, 80)
            ),
        ),
        (true, false) => changes.push(Class::Breaking, at.as_str(), "is no argument any more"),
        (false, true) => changes.push(Class::Security, at.as_str(), "agents are asked for it now"),
        _ => {}
    }
    match (old.required, new.required) {
        (false, true) => changes.push(Class::Breaking, at.as_str(), "is now required"),
        (true, false) => changes.push(Class::Additive, at.as_str(), "is now optional"),
        _ => {}
    }
    if old.place == new.place && old.style != new.style {
        changes.push(
            Class::Additive,
            at.as_str(),
            format!(
                "written on the wire another way: {} → {}",
                old.style, new.style
            ),
        );
    }
    if let (Some(from), Some(to)) = (
        before.argument(&old.argument),
        after.argument(&new.argument),
    ) {
        schema::input(&at, (&before.input, from), (&after.input, to), changes);
    }
}

fn added(tool: &ToolSnapshot, new: &ParameterSnapshot, changes: &mut Changes) {
    let at = place(new);
    match (asked_of_agents(new), new.required) {
        (true, true) => changes.push(Class::Breaking, at.as_str(), "added, required"),
        (true, false) => changes.push(Class::Additive, at.as_str(), "added, optional"),
        (false, true) => changes.push(
            Class::Security,
            at.as_str(),
            "added, required: the operator or the caller fills it",
        ),
        (false, false) => changes.push(
            Class::Additive,
            at.as_str(),
            "added, optional: the operator or the caller fills it",
        ),
    }
    words::fresh(&at, &[], tool.argument(&new.argument), changes);
}

fn asked_of_agents(parameter: &ParameterSnapshot) -> bool {
    !parameter.argument.is_empty()
}

fn same_name(a: &ParameterSnapshot, b: &ParameterSnapshot) -> bool {
    match a.place.as_str() {
        "header" => a.name.eq_ignore_ascii_case(&b.name),
        _ => a.name == b.name,
    }
}

/// Which of the `{…}` of a path a parameter fills.
fn spot(path: &str, parameter: &ParameterSnapshot) -> Option<usize> {
    if parameter.place != "path" {
        return None;
    }
    path.split('{').skip(1).position(|part| {
        part.split_once('}')
            .is_some_and(|(name, _)| name == parameter.name)
    })
}

/// `query limit`
fn place(parameter: &ParameterSnapshot) -> String {
    format!("{} {}", parameter.place, one_line(&parameter.name, 80))
}

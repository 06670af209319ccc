//! Which members hold their own type directly, so that only a box gives it a size.

use std::collections::HashSet;

use super::shape::{Def, DefKind, Shape};

/// Members that close a circle of types, by type and member.
pub(super) fn boxed_members(defs: &[Def]) -> HashSet<(usize, usize)> {
    let edges: Vec<Vec<(usize, usize)>> = defs.iter().map(direct).collect();
    let component = components(&edges);
    let mut boxed = HashSet::new();
    for (from, members) in edges.iter().enumerate() {
        for (member, to) in members {
            if component.get(from) == component.get(*to) {
                boxed.insert((from, *member));
            }
        }
    }
    boxed
}

/// The types that a value of this one holds in itself, by member. Lists and maps hold theirs elsewhere.
fn direct(def: &Def) -> Vec<(usize, usize)> {
    let held = |shape: &Shape| match shape.present() {
        Shape::Named(to) => Some(*to),
        _ => None,
    };
    match &def.kind {
        DefKind::Struct(members) => members
            .iter()
            .enumerate()
            .filter_map(|(at, member)| Some((at, held(&member.shape)?)))
            .collect(),
        DefKind::Union { variants, .. } => variants
            .iter()
            .enumerate()
            .filter_map(|(at, (_, shape))| Some((at, held(shape)?)))
            .collect(),
        DefKind::Open | DefKind::Enum(_) => Vec::new(),
    }
}

/// Strongly connected components (Kosaraju), a number for each type.
fn components(edges: &[Vec<(usize, usize)>]) -> Vec<usize> {
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (from, members) in edges.iter().enumerate() {
        for (_, to) in members {
            if let Some(list) = back.get_mut(*to) {
                list.push(from);
            }
        }
    }
    let forward: Vec<Vec<usize>> = edges
        .iter()
        .map(|members| members.iter().map(|(_, to)| *to).collect())
        .collect();
    let mut seen = vec![false; edges.len()];
    let mut finished = Vec::new();
    for start in 0..edges.len() {
        walk(start, &forward, &mut seen, &mut finished);
    }
    let mut number = vec![0; edges.len()];
    let mut seen = vec![false; edges.len()];
    for (count, start) in finished.into_iter().rev().enumerate() {
        let mut reached = Vec::new();
        walk(start, &back, &mut seen, &mut reached);
        for at in reached {
            if let Some(number) = number.get_mut(at) {
                *number = count + 1;
            }
        }
    }
    number
}

/// Depth first from `start`; nodes in the order in which they are left.
fn walk(start: usize, edges: &[Vec<usize>], seen: &mut [bool], left: &mut Vec<usize>) {
    let mut path = vec![(start, 0)];
    if std::mem::replace(&mut seen[start], true) {
        return;
    }
    while let Some((at, next)) = path.last_mut() {
        match edges.get(*at).and_then(|list| list.get(*next)) {
            Some(&to) => {
                *next += 1;
                if !std::mem::replace(&mut seen[to], true) {
                    path.push((to, 0));
                }
            }
            None => {
                left.push(*at);
                path.pop();
            }
        }
    }
}

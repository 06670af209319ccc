//! Which tool became which.

use std::collections::HashMap;

use super::snapshot::ToolSnapshot;

/// Tools before and after.
pub(super) struct Pairs<'b, 'a> {
    /// One and the same, perhaps under another name or at another place.
    pub(super) same: Vec<(&'b ToolSnapshot, &'a ToolSnapshot)>,
    pub(super) removed: Vec<&'b ToolSnapshot>,
    pub(super) added: Vec<&'a ToolSnapshot>,
}

/// Pairs tools, by the strongest reason first: name and endpoint, endpoint, name, operation id.
pub(super) fn pair<'b, 'a>(before: &'b [ToolSnapshot], after: &'a [ToolSnapshot]) -> Pairs<'b, 'a> {
    let keys: [fn(&ToolSnapshot) -> Option<String>; 4] = [
        |tool| Some(format!("{}\n{}", tool.name, tool.address())),
        |tool| Some(tool.address()),
        |tool| Some(tool.name.clone()),
        |tool| tool.operation_id.clone(),
    ];
    let mut old: Vec<Option<&ToolSnapshot>> = before.iter().map(Some).collect();
    let mut partner: Vec<Option<&ToolSnapshot>> = vec![None; after.len()];
    for key in keys {
        let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, tool) in old.iter().enumerate().rev() {
            if let Some(key) = tool.and_then(key) {
                waiting.entry(key).or_default().push(at);
            }
        }
        for (new, partner) in after.iter().zip(&mut partner) {
            if partner.is_some() {
                continue;
            }
            let found = key(new)
                .and_then(|key| waiting.get_mut(&key))
                .and_then(Vec::pop);
            *partner = found.and_then(|at| old.get_mut(at)).and_then(Option::take);
        }
    }
    let mut pairs = Pairs {
        same: Vec::new(),
        removed: old.into_iter().flatten().collect(),
        added: Vec::new(),
    };
    for (new, partner) in after.iter().zip(partner) {
        match partner {
            Some(old) => pairs.same.push((old, new)),
            None => pairs.added.push(new),
        }
    }
    pairs
}

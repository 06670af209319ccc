//! How many changes of each class there are.

use super::change::{Change, Class};

pub(super) fn number(changes: &[&Change], class: Class) -> usize {
    changes
        .iter()
        .filter(|change| change.class == class)
        .count()
}

/// `2 breaking, 1 text`
pub(super) fn summary(changes: &[&Change]) -> String {
    let counts = Class::ALL.map(|class| (number(changes, class), class));
    let parts = counts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, class)| format!("{number} {}", class.as_str()))
        .collect();
    if parts.is_empty() {
        "nothing changes for agents".to_owned()
    } else {
        parts.join(", ")
    }
}

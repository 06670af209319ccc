//! What a misspelt name was probably meant to be.

/// The nearest of `names`, if any is near enough to be a slip.
pub(super) fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let plain = |text: &str| {
        let kept = text.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect::<String>()
    };
    // Distances cost the product of the lengths, and this text came from outside.
    if wrong.len() > 100 {
        return None;
    }
    let wrong = plain(wrong);
    let allowed = (wrong.chars().count() / 3).max(1);
    let distance = |name: &str| strsim::osa_distance(&wrong, &plain(name));
    let near = names.map(|name| (distance(name), name));
    let near = near.filter(|(distance, _)| *distance <= allowed);
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

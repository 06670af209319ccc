//! The names of tools where several servers are behind one endpoint.

use sha2::{Digest as _, Sha256};

/// The longest name that all clients and models take. MCP allows 128 characters, its conformance suite and the APIs of
/// models 64.
const MAX_NAME: usize = 64;

/// How much of a name that is too long stays, before `_` and eight digits.
const KEPT: usize = MAX_NAME - 9;

/// A name that all clients take: itself, or its start with a check sum of the whole, so that it changes with nothing but
/// itself.
pub(super) fn fitting(name: &str) -> String {
    if name.len() <= MAX_NAME {
        return name.to_owned();
    }
    let start = name
        .get(..name.floor_char_boundary(KEPT))
        .unwrap_or_default();
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(name));
    let sum = u32::from_be_bytes([a, b, c, d]);
    format!("{}_{sum:08x}", start.trim_end_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn long_names_are_cut_to_fit_and_stay_apart() {
        let name = |end: &str| format!("{}{end}", "a".repeat(60));
        for (name, expected) in [
            (name("-get"), name("-get")),
            (name("-list"), format!("{}_413053f1", "a".repeat(55))),
            (name("-gets"), format!("{}_7423ba95", "a".repeat(55))),
        ] {
            assert_eq!(fitting(&name), expected);
            assert!(fitting(&name).len() <= 64, "{name}");
        }
        assert!(fitting(&"ü".repeat(40)).len() <= 64);
    }
}

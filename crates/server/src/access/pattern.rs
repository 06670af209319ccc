//! Names with `*` for any run of characters.

/// A name, or a pattern of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// This pattern.
    pub fn new(text: impl Into<String>) -> Pattern {
        Pattern(text.into())
    }

    /// Whether a name fits. The time is bounded by the product of both lengths.
    pub fn fits(&self, name: &str) -> bool {
        let (pattern, name) = (self.0.as_bytes(), name.as_bytes());
        let (mut at, mut to) = (0, 0);
        // Where to go on when what follows the last `*` did not fit.
        let mut again: Option<(usize, usize)> = None;
        while let Some(byte) = name.get(to) {
            match pattern.get(at) {
                Some(b'*') => {
                    again = Some((at + 1, to));
                    at += 1;
                }
                Some(expected) if expected == byte => (at, to) = (at + 1, to + 1),
                _ => match again {
                    Some((after, start)) => {
                        again = Some((after, start + 1));
                        (at, to) = (after, start + 1);
                    }
                    None => return false,
                },
            }
        }
        pattern.iter().skip(at).all(|byte| *byte == b'*')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_run() {
        for (pattern, name, fits) in [
            ("get_item", "get_item", true),
            ("get_item", "get_items", false),
            ("get_*", "get_", true),
            ("get_*", "get_item", true),
            ("get_*", "put_item", false),
            ("*_item", "get_item", true),
            ("*_item", "get_item_", false),
            ("*", "", true),
            ("a*b*c", "a--b--b-c", true),
            ("a*b*c", "a--c--b", false),
            ("**", "x", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(Pattern::new(pattern).fits(name), fits, "{pattern} {name}");
        }
        assert!(!Pattern::new("*a".repeat(500)).fits(&"a".repeat(499)));
    }
}

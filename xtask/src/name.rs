//! Names of toolsets, which are also folder names, parts of crate names, and parts of URLs.

use std::fmt;
use std::str::FromStr;

/// A toolset's name: a letter, then up to 31 letters, digits, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// Folders of `build-specs/` that are no toolsets.
const TAKEN: [&str; 2] = ["src", "target"];

impl Name {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names may not share: crate names and some file systems do not tell `Pet-API` from `pet_api`.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase().replace('-', "_")
    }

    /// The nearest name to a file name; `api` when nothing is left of it.
    pub fn from_file(path: &str) -> Self {
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let kept = stem
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
        let name: String = kept
            .skip_while(|c| !c.is_ascii_alphabetic())
            .take(32)
            .collect();
        name.trim_end_matches('_')
            .parse()
            .unwrap_or_else(|_| Self("api".to_owned()))
    }
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rule = "a name is a letter followed by up to 31 letters, digits, `_` or `-`";
        let fits = text.len() <= 32
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if !fits {
            return Err(rule.to_owned());
        }
        if TAKEN.contains(&text.to_ascii_lowercase().as_str()) {
            return Err(format!(
                "`{text}` is a folder that build-specs needs itself"
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn names_fit_folders_crates_and_urls() {
        for good in [
            "a",
            "data_api",
            "Data-API-2",
            "a2345678901234567890123456789012",
        ] {
            assert_eq!(good.parse::<Name>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "1a",
            "_a",
            "a b",
            "a/b",
            "..",
            "ä",
            "a.b",
            "src",
            "Target",
            "a23456789012345678901234567890123",
        ] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_is_made_from_any_file_name() {
        for (file, name) in [
            ("specs/pet store.v3.yaml", "pet_store_v3"),
            ("openapi.json", "openapi"),
            ("3.1.yaml", "api"),
            ("", "api"),
            ("C:\\x\\src.json", "api"),
        ] {
            assert_eq!(Name::from_file(file).as_str(), name, "{file}");
        }
    }
}

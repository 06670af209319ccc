//! What the binary was built from: its version, its commit, and the descriptions that are compiled in.

use toolwright_runtime::Toolset;

use crate::protocol::text::quoted;

/// The version of Toolwright.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit, with `-dirty` behind it where files had been changed; `None` where the build did not know it.
pub(crate) fn commit() -> Option<&'static str> {
    option_env!("TOOLWRIGHT_COMMIT").filter(|commit| !commit.is_empty())
}

/// `0.1.0+commit.3f2a1b9c0d1e`: a version as Semantic Versioning 2.0.0 §10 writes what it was built from.
pub(crate) fn version() -> String {
    joined(VERSION, &commit_words(commit()))
}

/// The version of a toolset: `1.0.0+5cd9a932f0f3.gen.0.1.0.commit.3f2a1b9c0d1e`. The first word after `+` are the first
/// digits of the description's digest.
pub(crate) fn toolset_version(toolset: &Toolset) -> String {
    let digest = toolset.digest.rsplit(':').next().unwrap_or_default();
    let mut words = vec![digest.get(..12).unwrap_or(digest).to_owned()];
    if !toolset.generator.is_empty() {
        words.push(format!("gen.{}", toolset.generator.replace('+', ".")));
    }
    words.extend(commit_words(commit()));
    words.retain(|word| !word.is_empty());
    let version = match toolset.version {
        "" => "0",
        version => version,
    };
    joined(version, &words)
}

fn commit_words(commit: Option<&str>) -> Vec<String> {
    let words = commit.map(|commit| {
        let (hash, rest) = commit.split_once('-').unwrap_or((commit, ""));
        let short = hash.get(..12).unwrap_or(hash);
        match rest {
            "" => format!("commit.{short}"),
            rest => format!("commit.{short}-{rest}"),
        }
    });
    words.into_iter().collect()
}

fn joined(version: &str, words: &[String]) -> String {
    match words {
        [] => version.to_owned(),
        words => format!("{version}+{}", words.join(".")),
    }
}

/// `"version":…,"commit":…,"toolsets":[{"name","version","digest","generator"}]`, each toolset once: the members of
/// an object, for those who may know where descriptions come from with their `source`.
pub(crate) fn members(toolsets: &[&Toolset], sources: bool) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut list: Vec<String> = Vec::new();
    for toolset in toolsets {
        if seen.contains(&toolset.name) {
            continue;
        }
        seen.push(toolset.name);
        let source = match sources {
            true => format!(",\"source\":{}", quoted(toolset.source)),
            false => String::new(),
        };
        list.push(format!(
            "{{\"name\":{},\"version\":{},\"digest\":{},\"generator\":{}{source}}}",
            quoted(toolset.name),
            quoted(toolset.version),
            quoted(toolset.digest),
            quoted(toolset.generator)
        ));
    }
    format!(
        "\"version\":{},\"commit\":{},\"toolsets\":[{}]",
        quoted(VERSION),
        commit().map_or_else(|| "null".to_owned(), quoted),
        list.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::DATA_API;

    #[test]
    fn a_commit_is_shortened_and_keeps_its_stain() {
        let hash = "3f2a1b9c0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f6";
        for (commit, expected) in [
            (None, "0.1.0"),
            (Some(hash), "0.1.0+commit.3f2a1b9c0d1e"),
            (
                Some(&*format!("{hash}-dirty")),
                "0.1.0+commit.3f2a1b9c0d1e-dirty",
            ),
            (Some("abc"), "0.1.0+commit.abc"),
        ] {
            assert_eq!(joined("0.1.0", &commit_words(commit)), expected);
        }
    }

    #[test]
    fn a_toolset_is_listed_once() {
        let text = format!("{{{}}}", members(&[DATA_API, DATA_API], true));
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["version"], VERSION);
        assert_eq!(json["toolsets"].as_array().unwrap().len(), 1);
        let toolset = &json["toolsets"][0];
        assert_eq!(toolset["digest"], DATA_API.digest);
        assert_eq!(toolset["generator"], DATA_API.generator);
        assert_eq!(toolset["source"], DATA_API.source);
        assert!(!members(&[DATA_API], false).contains(DATA_API.source));
    }
}

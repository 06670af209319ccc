//! Tool names: `[a-z0-9_]{1,64}`, unique in a toolset.

use std::collections::BTreeMap;

use super::words::snake;
use super::{hash8, shorten};

/// The longest name that the LLM APIs and the conformance suite accept.
const LONGEST: usize = 64;

/// Whether the APIs of models take a tool of this name: `^[a-zA-Z0-9_-]{1,64}$`.
pub fn is_tool_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    (1..=LONGEST).contains(&name.len()) && name.bytes().all(legal)
}

/// What a tool can be named by.
#[derive(Debug, Clone, Copy)]
pub struct ToolName<'a> {
    /// The name that the user gave it: taken as it is.
    pub chosen: Option<&'a str>,
    /// `operationId`
    pub id: Option<&'a str>,
    /// In upper case.
    pub method: &'a str,
    /// The template.
    pub path: &'a str,
    /// What it was called before. It goes on to be called so if it may be at all, and whoever clashes with it yields.
    pub pinned: Option<&'a str>,
}

/// How far a name had to fall back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Id,
    Place,
    Hash,
}

impl ToolName<'_> {
    fn at(&self, level: Level) -> String {
        let endpoint = format!("{} {}", self.method, self.path);
        if let Some(chosen) = self.chosen {
            return chosen.to_owned();
        }
        match level {
            Level::Id => shorten(
                self.id.map(snake).unwrap_or_default(),
                self.id.unwrap_or_default(),
                LONGEST,
            ),
            Level::Place => shorten(snake(&endpoint), &endpoint, LONGEST),
            Level::Hash => {
                let mut name = snake(&endpoint);
                name.truncate(LONGEST - 9);
                format!("{}_{}", name.trim_end_matches('_'), hash8(&endpoint))
            }
        }
    }
}

/// The names in the order of `tools`, unique unless two were chosen alike. No two may have the same method and path.
pub fn tool_names(tools: &[ToolName<'_>]) -> Vec<String> {
    let first = |tool: &ToolName<'_>| match tool.id.is_some_and(|id| !snake(id).is_empty()) {
        true => Level::Id,
        false => Level::Place,
    };
    let pins: Vec<Option<Level>> = tools
        .iter()
        .map(|tool| {
            let pinned = tool.pinned.filter(|_| tool.chosen.is_none())?;
            let mut levels = [Level::Id, Level::Place, Level::Hash].into_iter();
            levels.find(|level| *level >= first(tool) && tool.at(*level) == pinned)
        })
        .collect();
    let mut levels: Vec<Level> = tools
        .iter()
        .zip(&pins)
        .map(|(tool, pin)| pin.unwrap_or_else(|| first(tool)))
        .collect();
    loop {
        let names: Vec<String> = tools
            .iter()
            .zip(&levels)
            .map(|(tool, level)| tool.at(*level))
            .collect();
        let mut askers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            askers.entry(name).or_default().push(at);
        }
        let mut changed = false;
        for clash in askers.values().filter(|askers| askers.len() > 1) {
            let by_id = clash
                .iter()
                .any(|at| levels[*at] == Level::Id && tools[*at].chosen.is_none());
            let is_pinned = clash.iter().any(|at| pins[*at].is_some());
            for &at in clash.iter().filter(|at| pins[**at].is_none()) {
                let next = match (by_id, levels[at]) {
                    (true, Level::Id) => Level::Place,
                    (true, level) if !is_pinned => level,
                    (true, _) => Level::Hash,
                    (false, _) => Level::Hash,
                };
                changed |= next != levels[at];
                levels[at] = next;
            }
        }
        if !changed {
            return names;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn tool<'a>(id: &'a str, method: &'a str, path: &'a str) -> ToolName<'a> {
        ToolName {
            chosen: None,
            id: (!id.is_empty()).then_some(id),
            method,
            path,
            pinned: None,
        }
    }

    #[test]
    fn a_pinned_name_stays_with_its_tool() {
        let pinned = |name: &'static str, tool: ToolName<'static>| ToolName {
            pinned: Some(name),
            ..tool
        };
        let old = pinned("list", tool("list", "GET", "/a"));
        let new = tool("List", "GET", "/b");
        assert_eq!(tool_names(&[old, new]), ["list", "get_b"]);
        assert_eq!(tool_names(&[new, old]), ["get_b", "list"]);
        // A newcomer whose last resort is taken goes on to a name with a check sum.
        let holder = pinned("get_b", tool("", "GET", "/b"));
        assert!(tool_names(&[holder, tool("get_b", "GET", "/c")]).contains(&"get_c".to_owned()));
        // What its owner called otherwise is called otherwise.
        assert_eq!(
            tool_names(&[pinned("old", tool("new", "GET", "/a"))]),
            ["new"]
        );
    }

    #[test]
    fn ids_else_method_and_path() {
        let names = tool_names(&[
            tool("listPets", "GET", "/pets"),
            tool("", "GET", "/pets/{petId}"),
            tool("same", "PUT", "/a"),
            tool("Same", "PUT", "/b"),
            tool("", "GET", "/x/{id}"),
            tool("", "GET", "/x/id"),
            tool("名", "GET", "/y"),
        ]);
        assert_eq!(
            names[..4],
            ["list_pets", "get_pets_pet_id", "put_a", "put_b"]
        );
        assert!(
            names[4].starts_with("get_x_id_")
                && names[5].starts_with("get_x_id_")
                && names[4] != names[5]
        );
        assert_eq!(names[6], "ming");
    }

    #[test]
    fn a_long_id_is_cut_by_its_own_text() {
        let id = "a".repeat(200);
        let name = &tool_names(&[tool(&id, "GET", "/")])[0];
        assert_eq!(name.len(), 64);
        assert_eq!(
            *name,
            tool_names(&[tool("b", "GET", "/b"), tool(&id, "GET", "/")])[1]
        );
    }

    proptest! {
        #[test]
        fn unique_and_free_of_order(ids in prop::collection::vec("[aAbB_ é-]{0,3}", 1..20)) {
            let paths: Vec<String> = (0..ids.len()).map(|n| format!("/{}/{{x}}", n / 2)).collect();
            let tools: Vec<_> = ids.iter().zip(&paths).enumerate()
                .map(|(n, (id, path))| tool(id, if n % 2 == 0 { "GET" } else { "PUT" }, path)).collect();
            let names = tool_names(&tools);
            prop_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
            prop_assert!(names.iter().all(|name| !name.is_empty() && name.len() <= 64));
            let reversed: Vec<_> = tools.iter().rev().copied().collect();
            let mut again = tool_names(&reversed);
            again.reverse();
            prop_assert_eq!(again, names);
        }
    }
}

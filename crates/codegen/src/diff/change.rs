//! One line of a diff.

use std::cmp::Ordering;
use std::collections::HashSet;

use toolwright_document::Json;

use super::hints::fresh;

/// What a change means, most serious first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A call that was right is refused now, reaches something else, or comes back without what was there.
    Breaking,
    /// Who is asked for which credential, where calls and credentials go, or what a client asks its user to confirm.
    Security,
    /// Something more can be done or said.
    Additive,
    /// Agents read another text. They obey text, so it is not a trifle.
    Text,
}

impl Class {
    /// All of them, most serious first.
    pub const ALL: [Class; 4] = [
        Class::Breaking,
        Class::Security,
        Class::Additive,
        Class::Text,
    ];

    /// `breaking`, `security`, `additive` or `text`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Breaking => "breaking",
            Class::Security => "security",
            Class::Additive => "additive",
            Class::Text => "text",
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Change {
    /// What it means.
    pub class: Class,
    /// The tool as it is called now, or was called before it went; nothing when the whole toolset is meant.
    pub tool: Option<String>,
    /// The part: `query limit`, `body.owner.name`, `answer.id`, `description`.
    pub place: String,
    /// What happened, on one line, with every invisible character written out.
    pub message: String,
    /// Of texts, the whole of what was there, as it was.
    pub before: Option<String>,
    /// Of texts, the whole of what is there now, as it is.
    pub after: Option<String>,
}

impl Change {
    /// For scripts: `{"class", "tool", "place", "message"}` and, of texts, `"before"`, `"after"` and `"hints"`.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut json = Json::object()
            .with("class", self.class.as_str())
            .with("tool", self.tool.as_deref())
            .with("place", self.place.as_str())
            .with("message", self.message.as_str());
        if self.before.is_some() || self.after.is_some() {
            json.insert("before", self.before.as_deref());
            json.insert("after", self.after.as_deref());
        }
        let hints = self.hints();
        if !hints.is_empty() {
            json.insert("hints", hints.into_iter().map(Json::from).collect::<Json>());
        }
        json
    }

    /// What should make a reviewer of a changed text look twice, in words.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let after = self.after.as_deref();
        after.map_or_else(Vec::new, |after| fresh(self.before.as_deref(), after))
    }
}

/// Collects changes.
#[derive(Debug, Default)]
pub(super) struct Changes {
    list: Vec<Change>,
    tool: Option<String>,
}

impl Changes {
    /// What follows is about this tool.
    pub(super) fn about(&mut self, tool: &str) {
        self.tool = Some(tool.to_owned());
    }

    pub(super) fn push(
        &mut self,
        class: Class,
        place: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.list.push(Change {
            class,
            tool: self.tool.clone(),
            place: place.into(),
            message: message.into(),
            before: None,
            after: None,
        });
    }

    /// A changed text.
    pub(super) fn text(
        &mut self,
        place: impl Into<String>,
        message: String,
        before: Option<&str>,
        after: Option<&str>,
    ) {
        self.push(Class::Text, place, message);
        if let Some(change) = self.list.last_mut() {
            change.before = before.map(str::to_owned);
            change.after = after.map(str::to_owned);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn finish(mut self) -> Vec<Change> {
        let mut seen = HashSet::new();
        self.list.retain(|change| seen.insert(change.clone()));
        // The sort is stable: the parts of a tool stay in the order in which they are called for.
        self.list.sort_by(|a, b| match a.class.cmp(&b.class) {
            Ordering::Equal => a.tool.cmp(&b.tool),
            other => other,
        });
        self.list
    }
}

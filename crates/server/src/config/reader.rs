//! Reads typed values out of the configuration and collects what is wrong with them.

use std::collections::HashSet;
use std::time::Duration;

use toolwright_document::{Cursor, NodeId};
use toolwright_runtime::{Secret, Source};

use super::Variable;
use super::expand::{self, Environment};
use super::mistake::{self, Mistake};
use super::purpose::{self, Purpose};
use super::units::{bytes, millis, rate};
use crate::access::Rate;

/// Collects mistakes and remarks while values are read.
pub(super) struct Reader<'e> {
    environment: Environment<'e>,
    purpose: Purpose<'e>,
    /// Values that were not there and are not needed; nothing can be said about them.
    stood_in: HashSet<NodeId>,
    pub(super) variables: Vec<Variable>,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) notes: Vec<String>,
}

impl<'e> Reader<'e> {
    pub(super) fn new(environment: Environment<'e>, purpose: Purpose<'e>) -> Self {
        Reader {
            environment,
            purpose,
            stood_in: HashSet::new(),
            variables: Vec::new(),
            mistakes: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Records a mistake about a value.
    pub(super) fn mistake(
        &mut self,
        at: Cursor<'_>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        if self.stood_in.contains(&at.id()) {
            return;
        }
        self.mistakes.push(Mistake {
            position: Some(at.position()),
            key: mistake::path(at),
            message: message.into(),
            help,
        });
    }

    /// Records a mistake about a key rather than its value.
    pub(super) fn wrong_key(
        &mut self,
        at: Cursor<'_>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.mistakes.push(Mistake {
            position: Some(at.key_position()),
            key: mistake::path(at),
            message: message.into(),
            help,
        });
    }

    fn wrong_type(&mut self, at: Cursor<'_>, expected: &str) {
        let found = at.type_name();
        self.mistake(
            at,
            format!("must be {expected}, not {}", article(found)),
            None,
        );
    }

    /// A member that is present and not `null`.
    pub(super) fn member<'d>(&self, section: Cursor<'d>, key: &str) -> Option<Cursor<'d>> {
        section.get(key).filter(|value| !value.is_null())
    }

    /// An object; a mistake and `None` for anything else.
    pub(super) fn object<'d>(&mut self, at: Cursor<'d>) -> Option<Cursor<'d>> {
        if !at.is_object() {
            self.wrong_type(at, "a mapping of keys to values");
        }
        at.is_object().then_some(at)
    }

    /// Text with `os.environ/NAME` and `${NAME}` replaced.
    pub(super) fn text(&mut self, at: Cursor<'_>) -> Option<String> {
        let Some(written) = at.as_str() else {
            let help = at.number().map(|_| "put it in quotes".to_owned());
            let found = article(at.type_name());
            self.mistake(at, format!("must be text, not {found}"), help);
            return None;
        };
        let (needed, mut stood_in) = (self.purpose.needs(at), false);
        let expanded = expand::expand(written, |name| {
            self.variables.push(Variable {
                server: purpose::server(at).map(str::to_owned),
                name: name.to_owned(),
            });
            let value = (self.environment)(name);
            if needed || value.as_ref().is_some_and(|value| !value.is_empty()) {
                return value;
            }
            stood_in = true;
            purpose::stand_in()
        });
        if stood_in {
            self.stood_in.insert(at.id());
        }
        match expanded {
            Ok(text) if text.trim().is_empty() => {
                let help = match written.trim().is_empty() {
                    true => "write a value, or remove it",
                    false => "set the environment variable that it names, or remove it",
                };
                self.mistake(at, "is empty", Some(help.to_owned()));
                None
            }
            Ok(text) => Some(text),
            Err(problem) => {
                self.mistake(at, problem.message(), problem.help());
                None
            }
        }
    }

    /// Whether what a value names has to be there, such as a file.
    pub(super) fn needs(&self, at: Cursor<'_>) -> bool {
        self.purpose.needs(at)
    }

    /// A secret: text, or `file:PATH` for what is in a file, now and whenever it changes.
    pub(super) fn source(&mut self, at: Cursor<'_>) -> Option<Source> {
        let text = self.text(at)?;
        // Only where it is written: a variable's value is never taken for a path.
        let path = at
            .as_str()
            .filter(|written| written.starts_with("file:"))
            .and(text.strip_prefix("file:"));
        let Some(path) = path else {
            return Some(Secret::new(text).into());
        };
        if !self.needs(at) {
            return Some(Secret::new(purpose::stand_in()?).into());
        }
        match Source::file(path.trim()) {
            Ok(source) => Some(source),
            Err(error) => {
                let shown = toolwright_document::visible(path.trim()).to_string();
                self.mistake(at, format!("{error}: `{shown}`"), None);
                None
            }
        }
    }

    /// Which of two keys of one meaning is there; both at once would have two readings.
    pub(super) fn one_of<'k>(&mut self, section: Cursor<'_>, keys: [&'k str; 2]) -> &'k str {
        let [first, second] = keys;
        match (self.member(section, first), self.member(section, second)) {
            (Some(_), Some(at)) => {
                let message = format!("means the same as `{first}`, which is there too");
                self.wrong_key(at, message, Some("keep one of the two".to_owned()));
                first
            }
            (None, Some(_)) => second,
            _ => first,
        }
    }

    /// A number of requests and a time, such as `60/m`.
    pub(super) fn rate_of(&mut self, section: Cursor<'_>, key: &str) -> Option<Rate> {
        let at = self.member(section, key)?;
        // A number alone is told its units as well, and not to stand in quotes.
        let text = match at.number() {
            Some(number) => number.to_owned(),
            None => self.text(at)?,
        };
        let rate = rate(&text);
        if rate.is_none() {
            let help = "such as 10/s, 600/m or 10000/h".to_owned();
            self.mistake(at, "must be a number of requests per time", Some(help));
        }
        rate
    }

    /// The text of a member.
    pub(super) fn text_of(&mut self, section: Cursor<'_>, key: &str) -> Option<String> {
        let at = self.member(section, key)?;
        self.text(at)
    }

    /// `true` or `false`.
    pub(super) fn bool_of(&mut self, section: Cursor<'_>, key: &str) -> Option<bool> {
        let at = self.member(section, key)?;
        if at.as_bool().is_none() {
            self.wrong_type(at, "true or false");
        }
        at.as_bool()
    }

    /// One of a few words.
    pub(super) fn word_of<T: Copy>(
        &mut self,
        section: Cursor<'_>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let at = self.member(section, key)?;
        let text = self.text(at)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let shown = toolwright_document::visible(&text).to_string();
            self.mistake(
                at,
                format!("`{shown}` is not known"),
                Some(mistake::suggest(&text, &allowed)),
            );
        }
        found.map(|(_, value)| *value)
    }

    /// Texts; one text stands for a list of itself.
    pub(super) fn texts_of<'d>(
        &mut self,
        section: Cursor<'d>,
        key: &str,
    ) -> Option<Vec<(Cursor<'d>, String)>> {
        let at = self.member(section, key)?;
        if at.as_str().is_some() {
            return Some(self.text(at).map(|text| (at, text)).into_iter().collect());
        }
        if !at.is_array() {
            self.wrong_type(at, "a list of texts");
            return None;
        }
        Some(
            at.items()
                .filter_map(|item| self.text(item).map(|text| (item, text)))
                .collect(),
        )
    }

    /// A whole number between two bounds.
    pub(super) fn count_of(
        &mut self,
        section: Cursor<'_>,
        key: &str,
        least: u64,
        most: u64,
    ) -> Option<u64> {
        let at = self.member(section, key)?;
        let value = at.number().and_then(|text| text.parse::<u64>().ok());
        self.bounded(at, value, least, most, "a whole number", "")
    }

    /// Bytes: a whole number, or with a unit (`64KiB`, `10MB`).
    pub(super) fn bytes_of(
        &mut self,
        section: Cursor<'_>,
        key: &str,
        least: u64,
        most: u64,
    ) -> Option<u64> {
        let at = self.member(section, key)?;
        let value = at.as_text().and_then(bytes);
        let what = "a number of bytes such as 65536, `64KiB` or `10MB`";
        self.bounded(at, value, least, most, what, " bytes")
    }

    /// Time: seconds, or with a unit (`500ms`, `30s`, `2m`).
    pub(super) fn time_of(
        &mut self,
        section: Cursor<'_>,
        key: &str,
        most: Duration,
    ) -> Option<Duration> {
        let at = self.member(section, key)?;
        let value = at.as_text().and_then(millis);
        let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
        let what = "a time such as 30 (seconds), `500ms` or `2m`";
        self.bounded(at, value, 1, most, what, " milliseconds")
            .map(Duration::from_millis)
    }

    fn bounded(
        &mut self,
        at: Cursor<'_>,
        value: Option<u64>,
        least: u64,
        most: u64,
        what: &str,
        unit: &str,
    ) -> Option<u64> {
        match value {
            None => {
                self.mistake(at, format!("must be {what}"), None);
                None
            }
            Some(value) if value < least || value > most => {
                self.mistake(
                    at,
                    format!("must be between {least} and {most}{unit}"),
                    None,
                );
                None
            }
            some => some,
        }
    }

    /// Reports members that are not in `known`; `other` may claim one first.
    pub(super) fn only(
        &mut self,
        section: Cursor<'_>,
        known: &[&str],
        other: &mut dyn FnMut(&mut Reader<'e>, &str, Cursor<'_>) -> bool,
    ) {
        for (key, value) in section.entries() {
            if known.contains(&key) || other(self, key, value) {
                continue;
            }
            self.wrong_key(
                value,
                "is not a key of the configuration",
                Some(mistake::suggest(key, known)),
            );
        }
    }
}

/// The JSON word for a type with its article.
fn article(kind: &str) -> String {
    match kind {
        "null" => "null".to_owned(),
        "object" => "a mapping".to_owned(),
        "array" => "a list".to_owned(),
        "string" => "text".to_owned(),
        other => format!("a {other}"),
    }
}

//! TOML text to a [`ToolsetFile`], with every mistake of the text.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Filter, Mistake, Spot, ToolChoice, ToolsetFile, nearest};
use crate::names::is_tool_name;
use crate::text::one_line;

const KEYS: [&str; 7] = [
    "overlays",
    "caller_headers",
    "argument_headers",
    "accept",
    "include",
    "exclude",
    "tools",
];
const FILTER_KEYS: [&str; 4] = ["tags", "methods", "paths", "operations"];
const TOOL_KEYS: [&str; 6] = [
    "name",
    "title",
    "description",
    "content_type",
    "body",
    "annotations",
];
/// MCP 2025-11-25, `ToolAnnotations`.
const HINTS: [&str; 4] = [
    "readOnlyHint",
    "destructiveHint",
    "idempotentHint",
    "openWorldHint",
];

/// Reads `toolset.toml`.
///
/// # Errors
/// All mistakes at once: syntax, unknown keys, wrong types.
pub fn parse(text: &str) -> Result<ToolsetFile, Vec<Mistake>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        mistakes: errors
            .iter()
            .map(|error| Mistake::new(&error.span().unwrap_or(0..0), error.message(), None))
            .collect(),
    };
    if !reader.mistakes.is_empty() {
        return Err(reader.mistakes);
    }
    let mut file = ToolsetFile::default();
    for (key, value) in table.get_ref() {
        match key.get_ref().as_ref() {
            "overlays" => file.overlays = reader.strings(value),
            "caller_headers" => file.caller_headers = reader.strings(value),
            "argument_headers" => file.argument_headers = reader.strings(value),
            "accept" => file.accept = reader.strings(value),
            "include" => file.include = reader.filter(value),
            "exclude" => file.exclude = reader.filter(value),
            "tools" => file.tools = reader.tools(value),
            _ => reader.unknown(key, &KEYS),
        }
    }
    if reader.mistakes.is_empty() {
        Ok(file)
    } else {
        Err(reader.mistakes)
    }
}

struct Reader {
    mistakes: Vec<Mistake>,
}

type Key<'t> = Spanned<std::borrow::Cow<'t, str>>;
type Item<'t> = Spanned<DeValue<'t>>;

impl Reader {
    fn unknown(&mut self, key: &Key<'_>, allowed: &[&str]) {
        let help = nearest(key.get_ref(), allowed.iter().copied())
            .unwrap_or_else(|| format!("allowed here: {}", allowed.join(", ")));
        self.mistakes.push(Mistake::new(
            &key.span(),
            format!("unknown key `{}`", key.get_ref()),
            Some(help),
        ));
    }

    fn expected(&mut self, value: &Item<'_>, what: &str) {
        let found = match value.get_ref().as_str() {
            Some("") => "an empty one",
            _ => value.get_ref().type_str(),
        };
        let message = format!("expected {what}, found {found}");
        self.mistakes
            .push(Mistake::new(&value.span(), message, None));
    }

    fn string(&mut self, value: &Item<'_>) -> Option<Spot<String>> {
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        if text.is_none() {
            self.expected(value, "a string that is not empty");
        }
        text.map(|text| Spot {
            value: text.to_owned(),
            span: value.span(),
        })
    }

    /// Taken as it is, so that it must be one that clients take.
    fn tool_name(&mut self, value: &Item<'_>) -> Option<Spot<String>> {
        let name = self.string(value)?;
        if is_tool_name(&name.value) {
            return Some(name);
        }
        let message = format!(
            "clients refuse the tool name `{}`",
            one_line(&name.value, 80)
        );
        let help = "1 to 64 characters, each of them a letter of ASCII, a digit, `_` or `-`";
        self.mistakes
            .push(Mistake::new(&name.span, message, Some(help.to_owned())));
        None
    }

    fn strings(&mut self, value: &Item<'_>) -> Vec<Spot<String>> {
        let Some(items) = value.get_ref().as_array() else {
            self.expected(value, "a list of strings");
            return Vec::new();
        };
        items.iter().filter_map(|item| self.string(item)).collect()
    }

    fn table<'a, 't>(&mut self, value: &'a Item<'t>) -> Vec<(&'a Key<'t>, &'a Item<'t>)> {
        match value.get_ref().as_table() {
            Some(table) => table.iter().collect(),
            None => {
                self.expected(value, "a table");
                Vec::new()
            }
        }
    }

    fn filter(&mut self, value: &Item<'_>) -> Filter {
        let mut filter = Filter::default();
        for (key, value) in self.table(value) {
            match key.get_ref().as_ref() {
                "tags" => filter.tags = self.strings(value),
                "methods" => filter.methods = self.strings(value),
                "paths" => filter.paths = self.strings(value),
                "operations" => filter.operations = self.strings(value),
                _ => self.unknown(key, &FILTER_KEYS),
            }
        }
        filter
    }

    fn tools(&mut self, value: &Item<'_>) -> Vec<(Spot<String>, ToolChoice)> {
        let mut tools = Vec::new();
        for (key, value) in self.table(value) {
            let mut choice = ToolChoice::default();
            for (field, value) in self.table(value) {
                match field.get_ref().as_ref() {
                    "name" => choice.name = self.tool_name(value),
                    "title" => choice.title = self.string(value),
                    "description" => choice.description = self.string(value),
                    "content_type" => choice.content_type = self.string(value),
                    "body" => choice.hoisted = self.hoisted(value),
                    "annotations" => choice.annotations = self.annotations(value),
                    _ => self.unknown(field, &TOOL_KEYS),
                }
            }
            tools.push((
                Spot {
                    value: key.get_ref().to_string(),
                    span: key.span(),
                },
                choice,
            ));
        }
        // The table is sorted by its keys; of two entries that clash the later one is the mistake.
        tools.sort_by_key(|(selector, _)| selector.span.start);
        tools
    }

    /// `"arguments"` is all that can be said: the body is an argument of that name anyway.
    fn hoisted(&mut self, value: &Item<'_>) -> Option<Range<usize>> {
        let text = self.string(value)?;
        if text.value == "arguments" {
            return Some(text.span);
        }
        let message = format!("`body` cannot be `{}`", text.value);
        let help = "say \"arguments\", or take the entry out: the body is the argument `body` then";
        self.mistakes
            .push(Mistake::new(&text.span, message, Some(help.to_owned())));
        None
    }

    fn annotations(&mut self, value: &Item<'_>) -> Vec<(String, bool)> {
        let mut hints = Vec::new();
        for (key, value) in self.table(value) {
            if !HINTS.contains(&key.get_ref().as_ref()) {
                self.unknown(key, &HINTS);
            } else if let Some(hint) = value.get_ref().as_bool() {
                hints.push((key.get_ref().to_string(), hint));
            } else {
                self.expected(value, "true or false");
            }
        }
        hints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_reported_at_once() {
        let text = "overlay = []\ncaller_headers = 3\n[include]\ntag = [\"a\"]\n[tools.x]\nnmae = \"y\"\nannotations = { readOnlyHint = 1 }\n";
        let mistakes = parse(text).unwrap_err();
        let messages: Vec<_> = mistakes
            .iter()
            .map(|m| (m.message.as_str(), m.help.as_deref()))
            .collect();
        assert_eq!(messages.len(), 5, "{messages:?}");
        assert!(messages.contains(&("unknown key `overlay`", Some("did you mean `overlays`?"))));
        assert!(messages.contains(&("expected a list of strings, found integer", None)));
        assert!(messages.contains(&("unknown key `tag`", Some("did you mean `tags`?"))));
        assert!(messages.contains(&("unknown key `nmae`", Some("did you mean `name`?"))));
        assert!(messages.contains(&("expected true or false, found integer", None)));
    }

    #[test]
    fn an_empty_file_chooses_nothing() {
        let file = parse("# nothing\n").unwrap();
        assert!(file.tools.is_empty() && file.overlays.is_empty());
    }

    #[test]
    fn operations_can_be_named_by_method_and_path() {
        let file = parse("[tools.\"GET /items/{item_id}\"]\nname = \"fetch\"\n").unwrap();
        assert_eq!(file.tools[0].0.value, "GET /items/{item_id}");
        assert_eq!(file.tools[0].1.name.as_ref().unwrap().value, "fetch");
    }
}

//! Errors as a model reads them.

use std::borrow::Cow;

use toolwright_runtime::{Error, Fault, Retry};

/// The most characters of a place or a message that are said about wrong arguments.
const MAX_SAID: usize = 400;

/// What went wrong, who can change it, and whether to try again.
pub(super) fn sentence(error: &Error, tool: &str) -> String {
    if !error.violations().is_empty() {
        let mut text = format!("The arguments do not fit `{tool}`; nothing was sent.");
        for violation in error.violations() {
            let place = if violation.pointer.is_empty() {
                "arguments"
            } else {
                &violation.pointer
            };
            let (place, message) = (bounded(place), bounded(&violation.message));
            text.push_str(&format!("\n- {place}: {message}"));
            if let Some(suggestion) = &violation.suggestion {
                text.push_str(&format!(" ({})", bounded(suggestion)));
            }
        }
        return text;
    }
    let message = error.message();
    let mut characters = message.chars();
    let mut text: String = characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default();
    if !text.ends_with('.') {
        text.push('.');
    }
    text.push_str(match error.fault() {
        Fault::Caller => " Nothing was sent.",
        Fault::Upstream => " The upstream is at fault.",
        Fault::Gateway => " The gateway or its configuration is at fault.",
    });
    match error.retry() {
        Retry::Never => {}
        Retry::Maybe => text.push_str(" A retry may help."),
        Retry::After(wait) => {
            text.push_str(&format!(
                " A retry may help after {} s.",
                wait.as_secs_f64().ceil().max(1.0)
            ));
        }
    }
    text
}

/// What names something of the caller's own arguments is as long as the caller likes.
fn bounded(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_SAID) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

//! Errors as a model reads them.

use toolwright_runtime::{Error, Fault, Retry};

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
            text.push_str(&format!("\n- {place}: {}", violation.message));
            if let Some(suggestion) = &violation.suggestion {
                text.push_str(&format!(" ({suggestion})"));
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

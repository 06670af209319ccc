//! What the demo prints, and whether its proofs hold.

use std::io::IsTerminal as _;

use super::api::Received;
use crate::cli::out::say;

/// Prints, and keeps count of what did not hold.
pub(super) struct Page {
    colours: bool,
    failed: Vec<String>,
}

impl Page {
    pub(super) fn new() -> Page {
        Page {
            colours: std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
            failed: Vec::new(),
        }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colours {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// A headline.
    pub(super) fn title(&self, text: &str) {
        say(&format!("\n{}", self.paint("1", text)));
    }

    /// Lines set in.
    pub(super) fn lines(&self, text: &str) {
        for line in text.lines() {
            say(&format!("    {line}"));
        }
    }

    /// A word in front of lines.
    pub(super) fn labelled(&self, label: &str, text: &str) {
        say(&format!("  {}", self.paint("2", label)));
        self.lines(text);
    }

    /// A request as the API received it; headers of interest are marked.
    pub(super) fn received(&self, received: Option<&Received>, marked: &str) {
        let Some(received) = received else {
            self.labelled("the API saw", "nothing");
            return;
        };
        let mut text = received.target.clone();
        for (name, value) in &received.headers {
            let line = format!("{name}: {value}");
            text.push('\n');
            if name == marked {
                text.push_str(&self.paint("1;32", &format!("{line}    <- the caller's own")));
            } else {
                text.push_str(&line);
            }
        }
        self.labelled("the API saw", &text);
    }

    /// Something that must hold.
    pub(super) fn proof(&mut self, text: &str, holds: bool) {
        if holds {
            say(&format!("  {} {text}", self.paint("32", "ok")));
        } else {
            say(&format!("  {} {text}", self.paint("31", "NOT SO:")));
            self.failed.push(text.to_owned());
        }
    }

    /// The end: an error that names what did not hold.
    pub(super) fn verdict(self) -> Result<(), String> {
        if self.failed.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "the demo did not come out as it must: {}",
                self.failed.join("; ")
            ))
        }
    }
}

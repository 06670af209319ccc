//! What a command says: answers on standard output, everything else on standard error.

use std::fmt::{self, Display};
use std::io::{IsTerminal, Write, stderr};

use crate::progress::Progress;

pub(crate) use toolwright_codegen::text::count;

/// The result of a command or a part of it.
pub type Result<T> = std::result::Result<T, Failure>;

/// Why a command changed nothing.
#[derive(Debug)]
pub struct Failure {
    message: String,
    help: Option<String>,
    status: u8,
}

impl Failure {
    /// What is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
            status: 1,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The process exits with this instead of 1.
    #[must_use]
    pub fn exits(mut self, status: u8) -> Self {
        self.status = status;
        self
    }

    /// What the process exits with.
    pub fn status(&self) -> u8 {
        self.status
    }

    /// What is wrong, alone.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it, alone.
    pub fn hint(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The same failure, with the place in front.
    #[must_use]
    pub fn at(mut self, place: impl Display) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

/// The two streams of a command.
pub struct Console<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    quiet: bool,
    /// Whether a line of progress may stand where the next line goes.
    bar: bool,
}

impl fmt::Debug for Console<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Console")
    }
}

impl<'a> Console<'a> {
    /// Answers go to `out`, diagnostics to `err`.
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self {
            out,
            err,
            quiet: false,
            bar: false,
        }
    }

    /// From here on nothing is said but answers, and what is wrong.
    pub fn quieten(&mut self) {
        self.quiet = true;
    }

    /// How far so many pieces of work are.
    pub(crate) fn progress(&mut self, total: usize) -> Progress {
        self.bar = !self.quiet && stderr().is_terminal();
        Progress::new(total, self.bar)
    }

    /// One line, or several, of the answer. A reader that went away (`| head`) is no reason to fail.
    pub fn answer(&mut self, text: impl Display) {
        let _ = writeln!(self.out, "{text}");
    }

    /// One line, or several, about the work.
    pub fn note(&mut self, text: impl Display) {
        if !self.quiet {
            self.warn(text);
        }
    }

    /// One line, or several, about something that is not as it should be.
    pub fn warn(&mut self, text: impl Display) {
        if self.bar {
            let _ = self.err.write_all(b"\r\x1b[K");
        }
        let _ = writeln!(self.err, "{text}");
    }

    /// Why the command failed.
    pub fn failure(&mut self, failure: &Failure) {
        self.warn(failure);
    }
}

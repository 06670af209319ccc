//! The one error type of a call: who is at fault, whether a retry may help, and where.

use std::fmt;
use std::time::Duration;

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Who has to change something for the call to succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Whoever called: an argument or a header is missing or wrong.
    Caller,
    /// The API behind the gateway, or the way to it.
    Upstream,
    /// The gateway itself: its configuration, its limits, the generated code.
    Gateway,
}

/// Whether the same call may succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same call fails again.
    Never,
    /// The same call may succeed at any later time.
    Maybe,
    /// The same call may succeed after this long.
    After(Duration),
}

/// One thing that is wrong with the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The place inside the arguments (RFC 6901); empty for the arguments as a whole.
    pub pointer: String,
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// Why a call did not go through. Holds no header value, no credential and no internal address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    fault: Fault,
    retry: Retry,
    message: String,
    violations: Vec<Violation>,
}

impl Error {
    /// An error from its parts; `message` is one sentence without a full stop.
    pub fn new(fault: Fault, retry: Retry, message: impl Into<String>) -> Self {
        Self {
            fault,
            retry,
            message: message.into(),
            violations: Vec::new(),
        }
    }

    /// The caller has to change something.
    pub fn caller(message: impl Into<String>) -> Self {
        Self::new(Fault::Caller, Retry::Never, message)
    }

    /// The gateway, its configuration or its generated code is wrong.
    pub fn gateway(message: impl Into<String>) -> Self {
        Self::new(Fault::Gateway, Retry::Never, message)
    }

    /// The upstream is at fault.
    pub fn upstream(retry: Retry, message: impl Into<String>) -> Self {
        Self::new(Fault::Upstream, retry, message)
    }

    /// One argument is wrong; `pointer` is its place (RFC 6901).
    pub fn argument(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::arguments(vec![Violation {
            pointer: pointer.into(),
            message: message.into(),
            suggestion: None,
        }])
    }

    /// Several arguments are wrong, all reported together.
    pub fn arguments(violations: Vec<Violation>) -> Self {
        Self {
            fault: Fault::Caller,
            retry: Retry::Never,
            message: String::from("the arguments do not fit the tool"),
            violations,
        }
    }

    /// Who has to change something.
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// Whether the same call may succeed later.
    pub fn retry(&self) -> Retry {
        self.retry
    }

    /// The sentence without the violations.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What is wrong with the arguments, in the order of the schema; empty for other errors.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// The same error, seen from the container that holds the value as `name`.
    #[must_use]
    pub(crate) fn inside(mut self, name: &str) -> Self {
        for violation in &mut self.violations {
            violation
                .pointer
                .insert_str(0, &format!("/{}", escape_pointer(name)));
        }
        self
    }

    pub(crate) fn into_violations(self) -> Vec<Violation> {
        if self.violations.is_empty() {
            return vec![Violation {
                pointer: String::new(),
                message: self.message,
                suggestion: None,
            }];
        }
        self.violations
    }
}

/// Escapes one reference token of a JSON pointer (RFC 6901 §4).
pub(crate) fn escape_pointer(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, " ({suggestion})")?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for (index, violation) in self.violations.iter().enumerate() {
            f.write_str(if index == 0 { ": " } else { "; " })?;
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

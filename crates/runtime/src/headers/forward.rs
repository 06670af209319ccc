//! One entry of the list of caller headers that go on.

use http::HeaderName;

use super::reserved;
use crate::error::{Error, Result};

/// A caller's header that goes on to the upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// The name, or its beginning followed by `*`.
    pub name: String,
    /// When a call without it is refused.
    pub required: Required,
    /// Its name at the upstream, where it differs; not with `*`.
    pub rename: Option<String>,
    /// What is put before each value, such as `Bearer `.
    pub prefix: Option<String>,
    /// The tools it is for (a name, or a beginning followed by `*`); all when empty.
    pub tools: Vec<String>,
}

impl From<&str> for Forward {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            required: Required::AsCredential,
            rename: None,
            prefix: None,
            tools: Vec::new(),
        }
    }
}

/// When a call without a caller's header is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Required {
    /// Where the API cannot do without it: it asks for it as a credential, or requires it of callers alone. Any other
    /// header may be missing, and the API answers for itself.
    #[default]
    AsCredential,
    /// Where the description requires it in any way.
    AsDescribed,
    /// In each call.
    Always,
    /// In none.
    Never,
}

/// A checked entry.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// The name as it was written, for messages.
    pub(super) given: String,
    pub(super) name: Pattern,
    pub(super) required: Required,
    pub(super) rename: Option<HeaderName>,
    pub(super) prefix: Option<String>,
    tools: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) enum Pattern {
    Exact(HeaderName),
    /// The lower-case beginning; empty for all.
    Start(String),
}

impl Rule {
    pub(super) fn new(entry: Forward) -> Result<Self> {
        let given = &entry.name;
        let name = match given.split_once('*') {
            None => Pattern::Exact(allowed_name(given)?),
            Some((start, "")) => {
                if !start.is_empty() {
                    header_name(start)?;
                }
                refuse_reserved_glob(given, start)?;
                Pattern::Start(start.to_ascii_lowercase())
            }
            Some(_) => {
                let message = format!(
                    "`{given}`: one `*` may stand at the end of a header name, nowhere else"
                );
                return Err(Error::gateway(message));
            }
        };
        let rename = match (&entry.rename, &name) {
            (Some(_), Pattern::Start(_)) => {
                let message =
                    format!("`{given}` stands for several headers and cannot be renamed to one");
                return Err(Error::gateway(message));
            }
            (Some(rename), Pattern::Exact(_)) => Some(target_name(rename)?),
            (None, _) => None,
        };
        if entry.required == Required::Always && matches!(name, Pattern::Start(_)) {
            let message =
                format!("`{given}` stands for any number of headers and cannot be required");
            return Err(Error::gateway(message));
        }
        if let Some(prefix) = &entry.prefix
            && !prefix.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        {
            let message =
                format!("the prefix of `{given}` holds something that no header value may hold");
            return Err(Error::gateway(message));
        }
        Ok(Self {
            name,
            given: entry.name,
            required: entry.required,
            rename,
            prefix: entry.prefix,
            tools: entry.tools,
        })
    }

    /// Whether the rule is for this tool; an empty name asks for any tool.
    pub(super) fn is_for(&self, tool: &str) -> bool {
        let matches = |pattern: &String| match pattern.strip_suffix('*') {
            Some(start) => tool.starts_with(start),
            None => pattern == tool,
        };
        tool.is_empty() || self.tools.is_empty() || self.tools.iter().any(matches)
    }

    /// Whether the caller's header `name` (lower case) goes on by this rule.
    pub(super) fn matches(&self, name: &str) -> bool {
        match &self.name {
            Pattern::Exact(exact) => exact.as_str() == name,
            Pattern::Start(start) => {
                name.starts_with(start.as_str())
                    && !reserved::needs_exact_name(name, start)
                    && reserved::forward_reason(name).is_none()
            }
        }
    }

    /// Whether this rule can fill the upstream's header `name` (lower case).
    pub(super) fn fills(&self, name: &str) -> bool {
        match &self.rename {
            Some(rename) => rename.as_str() == name,
            None => self.matches(name),
        }
    }
}

pub(super) fn header_name(name: &str) -> Result<HeaderName> {
    let parsed = HeaderName::from_bytes(name.as_bytes());
    parsed.map_err(|_| Error::gateway(format!("`{name}` is not a header name")))
}

/// A name that configuration may set.
pub(super) fn target_name(name: &str) -> Result<HeaderName> {
    match reserved::reason(name) {
        Some(reason) => Err(refused(name, reason)),
        None => header_name(name),
    }
}

fn allowed_name(name: &str) -> Result<HeaderName> {
    match reserved::forward_reason(name) {
        Some(reason) => Err(refused(name, reason)),
        None => header_name(name),
    }
}

/// A glob that could only ever match reserved names is a mistake.
fn refuse_reserved_glob(glob: &str, start: &str) -> Result<()> {
    match reserved::forward_reason(start) {
        Some(reason) => Err(refused(glob, reason)),
        None => Ok(()),
    }
}

fn refused(name: &str, reason: &str) -> Error {
    Error::gateway(format!(
        "the header `{name}` cannot be set or forwarded: {reason}"
    ))
}

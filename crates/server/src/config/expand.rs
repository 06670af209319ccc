//! Environment variables inside values: `os.environ/NAME` and `${NAME}`.

/// Where environment variables come from.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// Why a value could not be completed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// The variable is not set.
    Unset(String),
    /// What follows is no variable name.
    Malformed(&'static str),
}

impl Problem {
    pub(super) fn message(&self) -> String {
        match self {
            Problem::Unset(name) => format!("the environment variable {name} is not set"),
            Problem::Malformed(what) => {
                format!("`{what}` is not followed by the name of an environment variable")
            }
        }
    }

    pub(super) fn help(&self) -> Option<String> {
        match self {
            Problem::Unset(name) => Some(format!("set it before the start: export {name}=…")),
            Problem::Malformed(_) => {
                Some("write os.environ/NAME or ${NAME}; `$${` stands for a literal `${`".to_owned())
            }
        }
    }
}

const PREFIX: &str = "os.environ/";

/// Replaces every variable in a value.
pub(super) fn expand(
    text: &str,
    mut environment: impl FnMut(&str) -> Option<String>,
) -> Result<String, Problem> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let next = [rest.find(PREFIX), rest.find("${")]
            .into_iter()
            .flatten()
            .min();
        let Some(at) = next else {
            out.push_str(rest);
            return Ok(out);
        };
        let (before, found) = rest.split_at(at);
        if found.starts_with("${") && before.ends_with('$') {
            out.push_str(&before[..before.len() - 1]);
            out.push_str("${");
            rest = &found[2..];
            continue;
        }
        out.push_str(before);
        let (name, after) = match found.strip_prefix(PREFIX) {
            Some(name) => take_name(name).ok_or(Problem::Malformed(PREFIX))?,
            None => {
                let (name, after) = take_name(&found[2..]).ok_or(Problem::Malformed("${"))?;
                (
                    name,
                    after.strip_prefix('}').ok_or(Problem::Malformed("${"))?,
                )
            }
        };
        out.push_str(&environment(name).ok_or_else(|| Problem::Unset(name.to_owned()))?);
        rest = after;
    }
}

fn take_name(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let starts_well = name.starts_with(|first: char| !first.is_ascii_digit());
    starts_well.then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced() {
        let environment = |name: &str| (name == "KEY_1").then(|| "${x}".to_owned());
        let unset = |name: &str| Err(Problem::Unset(name.to_owned()));
        for (text, expected) in [
            ("plain", Ok("plain".to_owned())),
            ("os.environ/KEY_1", Ok("${x}".to_owned())),
            ("Bearer ${KEY_1}!", Ok("Bearer ${x}!".to_owned())),
            (
                "a os.environ/KEY_1 b ${KEY_1}",
                Ok("a ${x} b ${x}".to_owned()),
            ),
            ("$${KEY_1}", Ok("${KEY_1}".to_owned())),
            ("cost: $5", Ok("cost: $5".to_owned())),
            ("os.environ/OTHER", unset("OTHER")),
            ("${OTHER}", unset("OTHER")),
            ("os.environ/", Err(Problem::Malformed(PREFIX))),
            ("${KEY_1", Err(Problem::Malformed("${"))),
            ("${1}", Err(Problem::Malformed("${"))),
        ] {
            assert_eq!(expand(text, environment), expected, "{text}");
        }
    }
}

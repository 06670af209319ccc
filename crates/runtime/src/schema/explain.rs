//! From the checker's findings to sentences about arguments.

use jsonschema::error::{TypeKind, ValidationErrorKind as Found};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value as Plain;

use super::MAX_VIOLATIONS;
use super::nearest::nearest;
use crate::error::{Violation, escape_pointer};
use crate::json::{Kind, Value, is_integer};

/// The most characters of a value or of a list of values that a sentence shows.
const EXCERPT: usize = 80;
/// The most reasons that a sentence about alternatives gives.
const REASONS: usize = 3;

pub(super) fn explain(
    error: &ValidationError<'_>,
    root: &Value<'_>,
    schema: &Plain,
    out: &mut Vec<Violation>,
) {
    let pointer = error.instance_path().as_str().to_owned();
    let here = root.at(&pointer);
    let name = subject(&pointer);
    match error.kind() {
        Found::Required { property } => {
            let missing = property.as_str().unwrap_or_default();
            let of = if pointer.is_empty() {
                String::new()
            } else {
                format!(" in {name}")
            };
            out.push(Violation {
                pointer: format!("{pointer}/{}", escape_pointer(missing)),
                message: format!("`{missing}` is required{of} but missing"),
                suggestion: None,
            });
        }
        Found::AdditionalProperties { unexpected }
        | Found::UnevaluatedProperties { unexpected } => {
            let known = known_names(error, schema);
            // There may be hundreds of thousands, and each sentence costs more than its name.
            let left = (MAX_VIOLATIONS + 1).saturating_sub(out.len());
            for wrong in unexpected.iter().take(left) {
                let what = if pointer.is_empty() {
                    String::from("an argument of this tool")
                } else {
                    format!("a property of {name}")
                };
                let near = nearest(wrong, known.iter().copied());
                out.push(Violation {
                    pointer: format!("{pointer}/{}", escape_pointer(wrong)),
                    message: format!("`{}` is not {what}", excerpt(wrong)),
                    suggestion: near.map(|near| format!("did you mean `{near}`?")),
                });
            }
        }
        Found::AnyOf { context } | Found::OneOfNotValid { context } => {
            alternatives(context, root, schema, pointer, out);
        }
        other => out.push(Violation {
            message: format!("{name} {}", sentence(other, here)),
            suggestion: suggestion(other, here),
            pointer,
        }),
    }
}

/// The argument by its path: `body.tags[0]`.
fn subject(pointer: &str) -> String {
    let mut out = String::new();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push_str(&format!("[{token}]"));
        } else {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&token);
        }
    }
    if out.is_empty() {
        return String::from("the arguments");
    }
    format!("`{}`", excerpt(&out))
}

fn sentence(found: &Found, here: Option<&Value<'_>>) -> String {
    let shown = here.map_or_else(String::new, |value| {
        format!("{} ({})", value.described(), excerpt(value.text()))
    });
    match found {
        Found::Type { kind } => format!("must be {}, not {shown}", types(kind)),
        Found::Enum { options } => format!("must be one of {}, not {shown}", options_list(options)),
        Found::Constant { expected_value } => {
            format!("must be {}", excerpt(&expected_value.to_string()))
        }
        Found::Minimum { limit } => format!("must be at least {limit}, not {shown}"),
        Found::Maximum { limit } => format!("must be at most {limit}, not {shown}"),
        Found::ExclusiveMinimum { limit } => format!("must be more than {limit}, not {shown}"),
        Found::ExclusiveMaximum { limit } => format!("must be less than {limit}, not {shown}"),
        Found::MultipleOf { multiple_of } => {
            format!("must be a multiple of {multiple_of}, not {shown}")
        }
        Found::MinLength { limit } => format!("must have at least {}", count(*limit, "character")),
        Found::MaxLength { limit } => format!("must have at most {}", count(*limit, "character")),
        Found::MinItems { limit } => format!("must have at least {}", count(*limit, "item")),
        Found::MaxItems { limit } => format!("must have at most {}", count(*limit, "item")),
        Found::MinProperties { limit } => format!("must have at least {}", count(*limit, "member")),
        Found::MaxProperties { limit } => format!("must have at most {}", count(*limit, "member")),
        Found::AdditionalItems { limit } => {
            format!("must have at most {}", count(*limit as u64, "item"))
        }
        Found::Pattern { pattern } => {
            format!("must match the pattern `{}`, not {shown}", excerpt(pattern))
        }
        Found::UniqueItems => String::from("must not hold the same item twice"),
        Found::Contains => {
            String::from("must hold at least one item of the kind that is asked for")
        }
        Found::OneOfMultipleValid { .. } => String::from(
            "fits several of the forms that exclude each other; it must fit exactly one",
        ),
        Found::Not { .. } => String::from("has a form that is ruled out"),
        Found::FalseSchema => String::from("must not be given"),
        Found::PropertyNames { error } => {
            format!(
                "has a member whose name does not fit: the name {}",
                sentence(error.kind(), None)
            )
        }
        Found::UnevaluatedItems { .. } => String::from("holds items that are not allowed"),
        Found::BacktrackLimitExceeded { .. } | Found::RegexEngineFailure { .. } => {
            String::from("cannot be matched against its pattern within the limits")
        }
        other => format!("does not satisfy `{}`", other.keyword()),
    }
}

/// Models like to quote: say so.
fn suggestion(found: &Found, here: Option<&Value<'_>>) -> Option<String> {
    let Found::Type { kind } = found else {
        return None;
    };
    let text = here?.as_str()?;
    let wants = |wanted: JsonType| match kind {
        TypeKind::Single(one) => *one == wanted,
        TypeKind::Multiple(several) => several.contains(wanted),
    };
    let parsed = Value::parse(text).ok()?;
    let fits = match parsed.kind() {
        Kind::Number(number) => {
            wants(JsonType::Number) || (wants(JsonType::Integer) && is_integer(number))
        }
        Kind::Bool(_) => wants(JsonType::Boolean),
        Kind::Array(_) => wants(JsonType::Array),
        Kind::Object(_) => wants(JsonType::Object),
        Kind::Null => wants(JsonType::Null),
        Kind::String(_) => false,
    };
    fits.then(|| format!("send {} without quotes", excerpt(parsed.text())))
}

fn types(kind: &TypeKind) -> String {
    let article = |one: JsonType| match one {
        JsonType::Null => "null",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::String => "a string",
        JsonType::Array => "an array",
        JsonType::Object => "an object",
    };
    match kind {
        TypeKind::Single(one) => article(*one).to_owned(),
        TypeKind::Multiple(several) => several.iter().map(article).collect::<Vec<_>>().join(" or "),
    }
}

fn options_list(options: &Plain) -> String {
    let all = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut out = String::new();
    for (index, option) in all.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        out.push_str(&excerpt(&option.to_string()));
        if out.len() > 4 * EXCERPT && index + 1 < all.len() {
            return format!("{out} and {} more", all.len() - index - 1);
        }
    }
    out
}

fn count(limit: u64, what: &str) -> String {
    format!("{limit} {what}{}", if limit == 1 { "" } else { "s" })
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The names beside the keyword that refused one.
fn known_names<'s>(error: &ValidationError<'_>, schema: &'s Plain) -> Vec<&'s str> {
    let path = error.schema_path().as_str();
    let around = path.rsplit_once('/').map_or("", |(around, _)| around);
    let properties = schema
        .pointer(around)
        .and_then(|schema| schema.get("properties"));
    let properties = properties.and_then(Plain::as_object);
    properties.map_or_else(Vec::new, |properties| {
        properties.keys().map(String::as_str).collect()
    })
}

/// Reports the branch that came closest; if only one is for such a value at all, as with `null`, its reasons alone.
fn alternatives(
    branches: &[Vec<ValidationError<'static>>],
    root: &Value<'_>,
    schema: &Plain,
    pointer: String,
    out: &mut Vec<Violation>,
) {
    let wrong_type = |errors: &[ValidationError<'_>]| {
        errors.iter().any(|error| {
            error.instance_path().as_str() == pointer
                && matches!(
                    error.kind(),
                    Found::Type { .. } | Found::Constant { .. } | Found::Enum { .. }
                )
        })
    };
    let mut close: Vec<&Vec<ValidationError<'static>>> = branches
        .iter()
        .filter(|errors| !wrong_type(errors))
        .collect();
    if let [only] = close.as_slice() {
        for error in only.iter() {
            explain(error, root, schema, out);
        }
        return;
    }
    let name = subject(&pointer);
    if close.is_empty() {
        close = branches.iter().collect();
        let kinds: Option<Vec<String>> = branches
            .iter()
            .map(|errors| match errors.first()?.kind() {
                Found::Type { kind } => Some(types(kind)),
                _ => None,
            })
            .collect();
        if let (Some(mut kinds), Some(here)) = (kinds, root.at(&pointer)) {
            kinds.dedup();
            let message = format!(
                "{name} must be {}, not {} ({})",
                kinds.join(" or "),
                here.described(),
                excerpt(here.text())
            );
            let suggestion = branches
                .iter()
                .flatten()
                .find_map(|error| suggestion(error.kind(), Some(here)));
            out.push(Violation {
                pointer,
                message,
                suggestion,
            });
            return;
        }
    }
    let Some(best) = close.iter().min_by_key(|errors| errors.len()) else {
        return;
    };
    let mut reasons = Vec::new();
    for error in best.iter().take(REASONS) {
        explain(error, root, schema, &mut reasons);
    }
    let texts: Vec<_> = reasons.iter().map(ToString::to_string).collect();
    let message = format!(
        "{name} fits none of the {} forms that are allowed; for the closest one, {}",
        branches.len(),
        texts.join(", ")
    );
    out.push(Violation {
        pointer,
        message,
        suggestion: None,
    });
}

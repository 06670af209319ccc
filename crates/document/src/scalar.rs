//! Plain scalars by the core schema of YAML 1.2.2 §10.3.2, as JSON says them.

use std::borrow::Cow;

/// What a plain scalar means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plain<'t> {
    Null,
    Bool(bool),
    /// In JSON's notation.
    Number(Cow<'t, str>),
    /// The text itself: also `.inf` and `.nan`, for which JSON has no number.
    String,
}

pub(crate) fn resolve(text: &str) -> Plain<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        _ => number(text).map_or(Plain::String, Plain::Number),
    }
}

fn number(text: &str) -> Option<Cow<'_, str>> {
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, unsigned.get(at..)?),
        None => (unsigned, ""),
    };
    if !exponent.is_empty() {
        let power = exponent.get(1..)?;
        let power = power.strip_prefix(['-', '+']).unwrap_or(power);
        if !digits(power) {
            return None;
        }
    }
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let some = |part: &str| part.is_empty() || digits(part);
    if !some(whole)
        || !fraction.is_none_or(some)
        || whole.is_empty() && fraction.is_none_or(str::is_empty)
    {
        return None;
    }
    let strict = !text.starts_with('+')
        && fraction != Some("")
        && !whole.is_empty()
        && (whole == "0" || !whole.starts_with('0'));
    if strict {
        return Some(Cow::Borrowed(text));
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let mut out = String::with_capacity(text.len() + 2);
    if text.starts_with('-') {
        out.push('-');
    }
    out.push_str(whole);
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(if fraction.is_empty() { "0" } else { fraction });
    }
    out.push_str(exponent);
    Some(Cow::Owned(out))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number beyond 128 bits stays text: nothing that reads JSON would take it either.
fn radix(digits: &str, radix: u32) -> Option<Cow<'_, str>> {
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = u128::from_str_radix(digits, radix).ok()?;
    Some(Cow::Owned(value.to_string()))
}

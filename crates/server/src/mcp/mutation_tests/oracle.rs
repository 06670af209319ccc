//! The rules about headers that repeat the body, written down a second time.

use serde_json::Value;

use super::{PARAMS, Sent};

/// Whether the rules accept it.
pub(super) fn rules_accept(sent: &Sent) -> bool {
    let values = |name: &str| -> Vec<&str> {
        let own = sent
            .headers
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name));
        own.map(|(_, value)| value.as_str()).collect()
    };
    // Names are compared without, values with case; what is there twice has two readings.
    if values("mcp-protocol-version") != ["2026-07-28"] || values("mcp-method") != ["tools/call"] {
        return false;
    }
    let [name] = values("mcp-name")[..] else {
        return false;
    };
    if decode(name).as_deref() != Some("mirror") {
        return false;
    }
    PARAMS.iter().all(|(at, header)| {
        let value = sent.arguments.pointer(at).filter(|value| !value.is_null());
        match (value, &values(header)[..]) {
            (None, []) => true,
            (Some(value), [sent]) => decode(sent).is_some_and(|sent| says(value, &sent)),
            _ => false,
        }
    })
}

fn says(value: &Value, sent: &str) -> bool {
    match value {
        Value::String(text) => text == sent,
        Value::Number(number) => {
            let number = number.to_string();
            number == sent
                || matches!((integer(&number), integer(sent)), (Some(one), Some(other)) if one == other)
        }
        Value::Bool(flag) => sent == if *flag { "true" } else { "false" },
        _ => false,
    }
}

/// The integer that a decimal text (in JSON's spelling) stands for, within the safe range.
fn integer(text: &str) -> Option<i128> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, mantissa),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || !all_digits(whole)
        || !all_digits(fraction)
        || (whole.len() > 1 && whole.starts_with('0'))
    {
        return None;
    }
    let mut number: i128 = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent - i32::try_from(fraction.len()).ok()?;
    for _ in 0..shift.unsigned_abs().min(30) {
        if shift > 0 {
            number = number.checked_mul(10)?;
        } else if number % 10 != 0 {
            return None;
        } else {
            number /= 10;
        }
    }
    (number < 1 << 53).then_some(if negative { -number } else { number })
}

/// A value without its encoding; nothing where it is malformed.
fn decode(value: &str) -> Option<String> {
    if !value
        .bytes()
        .all(|byte| matches!(byte, b'\t' | 0x20..=0x7e))
    {
        return None;
    }
    let Some(inner) = value
        .strip_prefix("=?base64?")
        .and_then(|rest| rest.strip_suffix("?="))
    else {
        return Some(value.to_owned());
    };
    // RFC 4648, section 4: groups of four, padded at the end.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bare = inner.trim_end_matches('=');
    if !inner.len().is_multiple_of(4) || inner.len() - bare.len() > 2 {
        return None;
    }
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for character in bare.chars() {
        bits = (bits << 6) | u32::try_from(alphabet.find(character)?).ok()?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    // Bits that are left over must be zero.
    if bits & ((1 << held) - 1) != 0 {
        return None;
    }
    String::from_utf8(bytes).ok()
}

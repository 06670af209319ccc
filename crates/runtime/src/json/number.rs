//! Numbers as text: exact at any size.

use std::borrow::Cow;
use std::cmp::Ordering;

/// The most digits that an exponent may expand to.
const MAX_DIGITS: i64 = 4096;

/// Sign, significant digits without leading or trailing zeros, and the power of ten of the last digit.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

/// `None` when the exponent is beyond any sense; the text is a JSON number.
fn decimal(text: &str) -> Option<Decimal> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (text, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    digits.drain(..leading);
    let kept = digits.len() - digits.iter().rev().take_while(|d| **d == b'0').count();
    if kept == 0 {
        return Some(Decimal {
            negative: false,
            digits: Vec::new(),
            exponent: 0,
        });
    }
    let dropped = i64::try_from(digits.len() - kept).ok()?;
    digits.truncate(kept);
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let exponent = exponent
        .parse::<i64>()
        .ok()?
        .checked_sub(i64::try_from(fraction.len()).ok()?)?
        .checked_add(dropped)?;
    Some(Decimal {
        negative,
        digits,
        exponent,
    })
}

/// Whether a number has neither fraction nor exponent.
pub(super) fn is_written_whole(text: &str) -> bool {
    !text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
}

/// Whether the JSON number `text` is a whole number: `7`, `1.0` and `1e2` are, `0.5` is not.
pub fn is_integer(text: &str) -> bool {
    if is_written_whole(text) {
        return true;
    }
    match decimal(text) {
        Some(decimal) => decimal.exponent >= 0,
        // Too far out to expand: the sign of the exponent decides.
        None => !text.contains("e-") && !text.contains("E-"),
    }
}

/// The whole number `text` without fraction and exponent; `None` when it is not whole or has more than 4096 digits
/// once its exponent is written out.
pub fn canonical_integer(text: &str) -> Option<Cow<'_, str>> {
    if is_written_whole(text) {
        return Some(Cow::Borrowed(if text == "-0" { "0" } else { text }));
    }
    let decimal = decimal(text)?;
    if decimal.digits.is_empty() {
        return Some(Cow::Borrowed("0"));
    }
    if decimal.exponent < 0 || decimal.exponent > MAX_DIGITS {
        return None;
    }
    let mut out = String::new();
    if decimal.negative {
        out.push('-');
    }
    out.extend(decimal.digits.iter().map(|digit| char::from(*digit)));
    out.extend((0..decimal.exponent).map(|_| '0'));
    Some(Cow::Owned(out))
}

/// Whether two JSON numbers are the same number, whatever their spelling.
pub(super) fn equal(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    match (decimal(left), decimal(right)) {
        (Some(left), Some(right)) => same(&left, &right) == Ordering::Equal,
        _ => false,
    }
}

fn same(left: &Decimal, right: &Decimal) -> Ordering {
    (left.negative, left.exponent)
        .cmp(&(right.negative, right.exponent))
        .then_with(|| left.digits.cmp(&right.digits))
}

/// A spelling that equal numbers share, for finding duplicates.
pub(super) fn normal(text: &str) -> String {
    match decimal(text) {
        Some(decimal) => format!(
            "{}{}e{}",
            if decimal.negative { "-" } else { "" },
            String::from_utf8_lossy(&decimal.digits),
            decimal.exponent
        ),
        None => text.to_owned(),
    }
}

//! Numbers as text: no float between a description and what is made of it.

/// Whether a JSON number is whole: `7`, `7.0`, `7e2`.
pub(crate) fn whole(text: &str) -> Option<i128> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let digits = format!("{integer}{fraction}");
    let digits: i128 = digits.parse().ok()?;
    match shift {
        0..=38 => digits.checked_mul(10_i128.checked_pow(shift.unsigned_abs())?),
        -38..=-1 if digits != 0 => {
            let power = 10_i128.checked_pow(shift.unsigned_abs())?;
            (digits % power == 0).then(|| digits / power)
        }
        _ => (digits == 0).then_some(0),
    }
}

/// A JSON number written as a string: what an author meant who put quotes around it.
pub(crate) fn unquoted(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix('+').unwrap_or(text);
    let valid = toolwright_document::Json::parse(text).ok()?;
    valid.as_number().map(str::to_owned)
}

/// Whether a number is above zero.
pub(crate) fn positive(text: &str) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    !text.starts_with('-') && mantissa.contains(|c: char| ('1'..='9').contains(&c))
}

#[cfg(test)]
mod tests {
    #[test]
    fn whole_numbers_in_every_spelling() {
        for (text, expected) in [
            ("7", Some(7)),
            ("7.0", Some(7)),
            ("-7.50e1", Some(-75)),
            ("1e3", Some(1000)),
            ("0.000", Some(0)),
            ("7.5", None),
            ("1e-1", None),
            ("10e-1", Some(1)),
            ("1e400", None),
        ] {
            assert_eq!(super::whole(text), expected, "{text}");
        }
        assert_eq!(super::unquoted("+5").as_deref(), Some("5"));
        assert_eq!(super::unquoted("five"), None);
        assert!(super::positive("1e-9") && !super::positive("0.0e9") && !super::positive("-1"));
    }
}

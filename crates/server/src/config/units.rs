//! Numbers with their units.

use std::time::Duration;

use crate::access::Rate;

/// `10/s`, `600/m`, `10000/h`.
pub(super) fn rate(text: &str) -> Option<Rate> {
    let (count, unit) = text.split_once('/')?;
    let seconds = match unit.trim() {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    let count = count.trim().parse().ok()?;
    let fits = (1..=1_000_000_000).contains(&count);
    fits.then(|| Rate::new(count, Duration::from_secs(seconds)))
}

/// `10`, `64KiB`, `10MB`.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let (digits, unit) = split_unit(text);
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "kib" => 1 << 10,
        "mb" => 1_000_000,
        "mib" => 1 << 20,
        "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// `30`, `0.5`, `500ms`, `30s`, `2m`, in milliseconds.
pub(super) fn millis(text: &str) -> Option<u64> {
    let (digits, unit) = split_unit(text);
    let factor = match unit {
        "ms" => 1.0,
        "" | "s" => 1000.0,
        "m" => 60_000.0,
        "h" => 3_600_000.0,
        _ => return None,
    };
    let value = digits.parse::<f64>().ok()? * factor;
    // Through text, because a cast would hide what does not fit.
    (value.is_finite() && value >= 0.0)
        .then(|| format!("{value:.0}").parse().ok())
        .flatten()
}

fn split_unit(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    (digits, unit.trim())
}

/// A bound that fits this machine's addresses.
pub(super) fn size(value: Option<u64>, default: usize) -> usize {
    value.map_or(default, |value| {
        usize::try_from(value).unwrap_or(usize::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::{bytes, millis};

    #[test]
    fn units() {
        for (text, expected) in [
            ("10", Some(10)),
            ("64KiB", Some(65_536)),
            ("10 MB", Some(10_000_000)),
            ("1GiB", Some(1 << 30)),
            ("ten", None),
            ("1.5MB", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(bytes(text), expected, "{text}");
        }
        for (text, expected) in [
            ("30", Some(30_000)),
            ("0.5", Some(500)),
            ("500ms", Some(500)),
            ("2m", Some(120_000)),
            ("1h", Some(3_600_000)),
            ("-1", None),
            ("1 week", None),
        ] {
            assert_eq!(millis(text), expected, "{text}");
        }
    }
}

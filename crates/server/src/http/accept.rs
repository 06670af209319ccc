//! What a caller takes and what it sends: media types (RFC 9110 §8.3.1) and `Accept` (§12.5.1).

use http::{HeaderMap, header};

/// What a caller takes of what is made here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// Whether it takes JSON. Without `Accept` it takes anything; of several ranges that fit the narrowest decides.
    pub(super) json: bool,
    /// Whether it names events. `*/*` is not enough: those who send it want one answer.
    pub(super) events: bool,
}

impl Taken {
    pub(super) fn of(headers: &HeaderMap) -> Taken {
        let (mut best, mut events) = ((0, !headers.contains_key(header::ACCEPT)), false);
        for (range, wanted) in ranges(headers) {
            let narrowness = match range {
                "*/*" => 1,
                range if range.eq_ignore_ascii_case("application/*") => 2,
                range if range.eq_ignore_ascii_case("application/json") => 3,
                range => {
                    events |= wanted && range.eq_ignore_ascii_case("text/event-stream");
                    continue;
                }
            };
            if narrowness > best.0 || (narrowness == best.0 && wanted) {
                best = (narrowness, wanted);
            }
        }
        Taken {
            json: best.1,
            events,
        }
    }
}

/// The ranges, and whether each is wanted: a weight of zero says no.
fn ranges(headers: &HeaderMap) -> impl Iterator<Item = (&str, bool)> {
    let values = headers.get_all(header::ACCEPT).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let essence = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix(['q', 'Q'])?.strip_prefix('='));
            let wanted =
                weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0));
            (essence, wanted)
        })
}

/// Whether a body says that it is JSON. JSON is UTF-8 (RFC 8259 §8.1), so that another charset would be another reading.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(Ok(only)), None) = (types.next().map(|value| value.to_str()), types.next()) else {
        return false;
    };
    let mut parts = only.split(';').map(str::trim);
    parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
                let value = value.trim_matches('"');
                ["utf-8", "utf8", "us-ascii"]
                    .iter()
                    .any(|known| value.eq_ignore_ascii_case(known))
            }
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_range_decides() {
        for (values, json, events) in [
            (&[][..], true, false),
            (&["application/json, text/event-stream"], true, true),
            (&["application/json", "text/event-stream;q=0"], true, false),
            (&["APPLICATION/*; Q=0.1"], true, false),
            (&["*/*"], true, false),
            (&["*/*;q=0, application/json"], true, false),
            (&["*/*, application/json;q=0.0"], false, false),
            (&["application/*;q=1, application/json;q=x"], false, false),
            (&["text/event-stream"], false, true),
            (&[""], false, false),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::ACCEPT, value.parse().unwrap());
            }
            assert_eq!(Taken::of(&headers), Taken { json, events }, "{values:?}");
        }
    }
}

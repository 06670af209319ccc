//! `Mcp-Param-*`: arguments that a tool's schema asks clients to repeat in headers (2026-07-28, "Custom Headers from
//! Tool Parameters"), so that a proxy may trust what it routes by.

use http::HeaderMap;
use serde_json::Value;
use serde_json::value::RawValue;
use toolwright_runtime::Arguments;

use super::code::Refusal;
use super::field::{decoded, mismatch, plain, single};

/// The keyword that asks for it.
const KEYWORD: &str = "x-mcp-header";

/// The deepest property that is looked for.
const MAX_DEPTH: usize = 16;

/// One argument that is repeated in a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirrored {
    header: String,
    path: Vec<String>,
}

/// The annotated properties of a schema: those that a chain of `properties` alone leads to.
pub fn mirrored(schema: &str) -> Vec<Mirrored> {
    let mut found = Vec::new();
    if schema.contains(KEYWORD)
        && let Ok(schema) = serde_json::from_str::<Value>(schema)
    {
        collect(&schema, &mut Vec::new(), &mut found);
    }
    found
}

fn collect(schema: &Value, path: &mut Vec<String>, found: &mut Vec<Mirrored>) {
    if path.len() > MAX_DEPTH {
        return;
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        path.push(name.clone());
        if let Some(header) = property.get(KEYWORD).and_then(Value::as_str) {
            found.push(Mirrored {
                header: format!("Mcp-Param-{header}"),
                path: path.clone(),
            });
        }
        collect(property, path, found);
        path.pop();
    }
}

/// Checks that every header says what the arguments say.
///
/// # Errors
/// A header is missing, repeated, malformed or different, or repeats an argument that is not there.
pub fn check(
    mirrored: &[Mirrored],
    headers: &HeaderMap,
    arguments: Option<&str>,
) -> Result<(), Refusal> {
    if mirrored.is_empty() {
        return Ok(());
    }
    // What is wrong with the arguments themselves is said where they are checked.
    let Ok(arguments) = Arguments::parse(arguments) else {
        return Ok(());
    };
    for Mirrored { header, path } in mirrored {
        let mut value = Some(arguments.value());
        for name in path {
            value = value.and_then(|value| value.as_object()?.get(name));
        }
        let value = value.filter(|value| !value.is_null());
        let sent = match single(headers, header)? {
            None => None,
            Some(sent) => {
                let text = plain(sent)
                    .ok_or_else(|| mismatch(header, "holds a character that is not allowed"))?;
                let text = decoded(text)
                    .ok_or_else(|| mismatch(header, "is not valid base64 of UTF-8 text"))?;
                Some(text)
            }
        };
        match (value, sent) {
            (None, None) => {}
            (None, Some(_)) => {
                return Err(mismatch(header, "repeats an argument that is not there"));
            }
            (Some(_), None) => return Err(mismatch(header, "is missing")),
            (Some(value), Some(sent)) => {
                let equal = match value.as_str() {
                    Some(text) => text == sent,
                    None => value.text() == sent || same_number(value.text(), &sent),
                };
                if !equal {
                    return Err(mismatch(header, "does not say what the body says"));
                }
            }
        }
    }
    Ok(())
}

/// The largest integer below which no two share a double.
const SAFE: f64 = 9_007_199_254_740_991.0;

/// `42.0` and `42` are one number. Annotated numbers lie within the safe range; beyond it different integers look alike.
fn same_number(one: &str, other: &str) -> bool {
    // Rust reads more as a number than JSON does: `+42`, `inf`.
    let number = |text: &str| {
        serde_json::from_str::<&RawValue>(text).ok()?;
        text.parse::<f64>().ok()
    };
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one.abs() <= SAFE && one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = r#"{"type":"object","properties":{
        "region":{"type":"string","x-mcp-header":"Region"},
        "n":{"type":"integer","x-mcp-header":"N"},
        "deep":{"type":"object","properties":{"flag":{"type":"boolean","x-mcp-header":"Flag"}}},
        "list":{"type":"array","items":{"properties":{"no":{"x-mcp-header":"No"}}}}}}"#;

    #[test]
    fn headers_repeat_arguments() {
        let mirrored = mirrored(SCHEMA);
        assert_eq!(mirrored.len(), 3);
        let check = |arguments: &str, pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().unwrap());
            }
            check(&mirrored, &headers, Some(arguments)).is_ok()
        };
        let all = r#"{"region":"é","n":42,"deep":{"flag":true},"list":[]}"#;
        let (region, flag) = (
            ("mcp-param-region", "=?base64?w6k=?="),
            ("mcp-param-flag", "true"),
        );
        for number in ["42", "42.0", "4.2e1"] {
            assert!(
                check(all, &[region, flag, ("mcp-param-n", number)]),
                "{number}"
            );
        }
        assert!(!check(all, &[region, flag, ("mcp-param-n", "43")]));
        for (body, header, same) in [
            ("-0", "0", true),
            ("9007199254740991", "9007199254740991.0", true),
            ("9007199254740993", "9007199254740992", false),
            ("9007199254740993", "9007199254740993", true),
            ("1e400", "inf", false),
            ("0", "nan", false),
            ("0", "", false),
        ] {
            let arguments = format!("{{\"n\":{body}}}");
            assert_eq!(
                check(&arguments, &[("mcp-param-n", header)]),
                same,
                "{body} {header}"
            );
        }
        assert!(!check(all, &[region, flag]));
        assert!(!check(
            all,
            &[region, flag, ("mcp-param-n", "42"), ("mcp-param-n", "42")]
        ));
        assert!(!check(
            all,
            &[
                ("mcp-param-region", "=?base64?w6?="),
                flag,
                ("mcp-param-n", "42")
            ]
        ));
        assert!(check("{}", &[("mcp-param-other", "x")]));
        assert!(check(r#"{"region":null}"#, &[]));
        assert!(!check("{}", &[("mcp-param-n", "1")]));
    }
}

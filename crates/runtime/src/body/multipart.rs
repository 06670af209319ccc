//! `multipart/form-data` and its kin (RFC 7578, RFC 2046 §5.1; OpenAPI 3.2 §4.14.6).

use std::borrow::Cow;
use std::collections::hash_map::RandomState;
use std::fmt::Write as _;
use std::hash::{BuildHasher as _, Hasher as _};

use super::form::is_json;
use super::{Body, Encoding, Encodings, FilePart};
use crate::args::{Decode as _, File, Param};
use crate::error::{Error, Result};
use crate::json::Value;
use crate::style::{form_text, pairs};

struct Part<'a> {
    name: Cow<'a, str>,
    filename: Option<String>,
    content_type: Option<Cow<'a, str>>,
    /// Further lines of its head, each with its end.
    headers: String,
    data: Vec<u8>,
}

pub(crate) fn multipart(
    value: &Param<'_>,
    encodings: &Encodings,
    media_type: &str,
) -> Result<Body> {
    let Param::Map(members) = value else {
        return Err(Error::argument(
            "",
            "must be an object: each member is sent as a part",
        ));
    };
    let mut parts = Vec::new();
    for (name, member) in members {
        let encoding = encodings.get(name);
        let from = parts.len();
        property(name, member, encoding, &mut parts).map_err(|error| error.inside(name))?;
        for part in parts.iter_mut().skip(from) {
            part.headers = encodings.headers_of(name);
        }
    }
    let (boundary, bytes) = write(&parts);
    Ok(Body {
        media_type: Cow::Owned(format!("{media_type}; boundary={boundary}")),
        bytes: bytes.into(),
        fixed: true,
    })
}

/// A list is one part for each element, all of the same name.
fn property<'a>(
    name: &'a str,
    value: &'a Param<'a>,
    encoding: Encoding,
    parts: &mut Vec<Part<'a>>,
) -> Result<()> {
    if let (Some(style), None, FilePart::Never) =
        (encoding.style, encoding.content_type, encoding.file)
    {
        let plain = |out: &mut String, text: &str, _: bool| out.push_str(text);
        let pairs = pairs(name, value, style, plain)
            .map_err(|what| Error::argument("", format!("`{name}` {what}")))?;
        parts.extend(pairs.into_iter().map(|(name, text)| Part {
            name: Cow::Owned(name),
            filename: None,
            content_type: None,
            headers: String::new(),
            data: text.into_bytes(),
        }));
        return Ok(());
    }
    match value {
        Param::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let part = part(name, item, encoding);
                parts.push(part.map_err(|error| error.inside(&index.to_string()))?);
            }
        }
        Param::Null => {}
        _ => parts.push(part(name, value, encoding)?),
    }
    Ok(())
}

fn part<'a>(name: &'a str, value: &'a Param<'a>, encoding: Encoding) -> Result<Part<'a>> {
    let media_type = match (encoding.file, value) {
        (FilePart::Always, _) | (FilePart::Objects, Param::Map(_)) => {
            return file(name, value, encoding.content_type);
        }
        // The type is the file's.
        (FilePart::Objects, _) => None,
        (FilePart::Never, _) => encoding.content_type,
    };
    let is_nested = matches!(value, Param::List(_) | Param::Map(_));
    let text = if is_nested && media_type.is_some_and(is_xml) {
        super::xml::document(value, encoding.xml.unwrap_or(&super::XmlHints::NONE), name)?
    } else if let Some(text) = form_text(value).filter(|_| media_type.is_some_and(is_form)) {
        text
    } else if is_nested || media_type.is_some_and(is_json) {
        value.to_json()
    } else {
        value.scalar().unwrap_or_default().into_owned()
    };
    let content_type = media_type.or(is_nested.then_some("application/json"));
    Ok(Part {
        name: Cow::Borrowed(name),
        filename: None,
        content_type: content_type.map(Cow::Borrowed),
        headers: String::new(),
        data: text.into_bytes(),
    })
}

fn file<'a>(name: &'a str, value: &Param<'_>, media_type: Option<&'a str>) -> Result<Part<'a>> {
    let text = value.to_json();
    let file = File::decode(&Value::parse(&text)?)?;
    // The description may allow several types or a range; the first that is a type is the default.
    let allowed = media_type.unwrap_or_default().split(',').map(str::trim);
    let allowed = allowed
        .into_iter()
        .find(|one| !one.is_empty() && !one.contains('*'));
    let content_type = match file.content_type {
        Some(own) if is_media_type(&own) => Cow::Owned(own),
        Some(_) => {
            let message = "`content_type` must be a media type such as `image/png`";
            return Err(Error::argument("", message).inside("content_type"));
        }
        None => Cow::Borrowed(allowed.unwrap_or("application/octet-stream")),
    };
    Ok(Part {
        name: Cow::Borrowed(name),
        filename: Some(file.filename.unwrap_or_else(|| name.to_owned())),
        content_type: Some(content_type),
        headers: String::new(),
        data: file.data.as_slice().to_vec(),
    })
}

fn is_form(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn is_xml(media_type: &str) -> bool {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    matches!(essence.as_str(), "application/xml" | "text/xml") || essence.ends_with("+xml")
}

/// `type/subtype`, perhaps with parameters (RFC 9110 §8.3.1).
pub(crate) fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    let is_token = |token: &str| http::Method::from_bytes(token.as_bytes()).is_ok();
    let pair = essence.split_once('/');
    crate::headers::check_text(text.as_bytes()).is_ok()
        && pair.is_some_and(|(kind, sub)| is_token(kind) && is_token(sub))
}

fn write(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    let heads: Vec<String> = parts.iter().map(head).collect();
    loop {
        let boundary = boundary();
        let within = |text: &[u8]| {
            let mut windows = text.windows(boundary.len());
            windows.any(|window| window == boundary.as_bytes())
        };
        if parts.iter().any(|part| within(&part.data))
            || heads.iter().any(|head| within(head.as_bytes()))
        {
            continue;
        }
        let mut out = Vec::new();
        for (part, head) in parts.iter().zip(&heads) {
            out.extend_from_slice(format!("--{boundary}\r\n{head}\r\n").as_bytes());
            out.extend_from_slice(&part.data);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        return (boundary, out);
    }
}

fn head(part: &Part<'_>) -> String {
    let mut head = format!(
        "Content-Disposition: form-data; name=\"{}\"",
        quoted(&part.name)
    );
    // Writing into a string cannot fail.
    if let Some(filename) = &part.filename {
        let _ = write!(head, "; filename=\"{}\"", quoted(filename));
    }
    head.push_str("\r\n");
    if let Some(content_type) = &part.content_type {
        let _ = write!(head, "Content-Type: {content_type}\r\n");
    }
    head + &part.headers
}

/// What would end the quotes or the line is percent-encoded (WHATWG HTML, multipart form data).
fn quoted(text: &str) -> String {
    text.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// 128 bits that the process's random hash keys decide; nobody who writes arguments can foresee them.
fn boundary() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("toolwright-{:016x}{:016x}", half(), half())
}

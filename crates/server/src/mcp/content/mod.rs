//! An upstream's answer as MCP content.

mod blocks;
mod media;
mod multipart;
mod notes;

use http::{HeaderMap, StatusCode, header};

use self::blocks::Blocks;
use self::media::{Kind, Media};
use super::scan;
use crate::config::Keep;
use crate::gateway::{Declared, UNDESCRIBED};
use crate::protocol::text;
use crate::protocol::version::{Structured, Version};

/// How deep `structuredContent` may be nested; deeper answers stay text.
const MAX_STRUCTURED_DEPTH: usize = 64;

/// Some servers begin UTF-8 with it; a JSON text does not (RFC 8259 §8.1).
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How many bytes of an error answer's body are passed on.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// What an upstream answered.
#[derive(Debug)]
pub struct Upstream<'a> {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its body, decompressed, as far as it was read.
    pub body: &'a [u8],
    /// Whether the body went on beyond the limit.
    pub truncated: bool,
}

/// How an answer is shown.
#[derive(Debug)]
pub struct View<'a> {
    /// The version that the client speaks.
    pub version: Version,
    /// The address that embedded content gets: never one of the upstream's.
    pub uri: &'a str,
    /// The upstream's own origin, cut off from what is passed on.
    pub origin: &'a str,
    /// The response headers that are passed on.
    pub keep: &'a Keep,
    /// Whether the request was HEAD, whose answers have no body.
    pub head: bool,
    /// What the client was told about answers.
    pub declared: Option<&'a Declared>,
}

/// What stands as `structuredContent`.
enum Structure<'a> {
    /// Nothing: the answer is no JSON, or the version does not allow it.
    None,
    /// The answer.
    Answer(&'a [u8]),
    /// An answer, if it is JSON, that is not as declared.
    Undescribed(Option<&'a [u8]>),
    /// The same where it is an error.
    Refused,
}

/// The result of a call as JSON text; `common` are members that every result of the version carries, each followed
/// by a comma, and `common_meta` the same for `_meta`.
pub fn result(
    upstream: &Upstream<'_>,
    view: &View<'_>,
    common: &str,
    common_meta: &str,
) -> Outcome {
    let mut text = Vec::with_capacity(upstream.body.len() * 2 + 256);
    text.push(b'{');
    text.extend_from_slice(common.as_bytes());
    text.extend_from_slice(br#""content":["#);
    let mut blocks = Blocks::new(&mut text, view.uri);
    let mut failed = !upstream.status.is_success();
    let mut structure = Structure::None;
    if upstream.status.is_redirection() {
        blocks.text(&notes::redirect(upstream, view));
    } else if failed {
        failure(&mut blocks, upstream);
    } else {
        let media = media_of(upstream.headers, upstream.body);
        structure = judge(upstream, view, &media);
        if matches!(structure, Structure::Refused) {
            failed = true;
            blocks.text(&notes::refused(upstream.status));
        }
        success(&mut blocks, upstream, view, &media);
    }
    text.push(b']');
    let undescribed = matches!(structure, Structure::Undescribed(_) | Structure::Refused);
    match structure {
        Structure::None | Structure::Refused => {}
        Structure::Answer(answer) => {
            text.extend_from_slice(br#","structuredContent":"#);
            text.extend_from_slice(answer);
        }
        Structure::Undescribed(answer) => {
            let answer = answer.unwrap_or(b"null");
            text.extend_from_slice(br#","structuredContent":{""#);
            text.extend_from_slice(UNDESCRIBED.as_bytes());
            text.extend_from_slice(br#"":"#);
            text.extend_from_slice(answer);
            text.push(b'}');
        }
    }
    text.extend_from_slice(if failed {
        br#","isError":true"#
    } else {
        br#","isError":false"#
    });
    text.extend_from_slice(br#","_meta":{"#);
    text.extend_from_slice(common_meta.as_bytes());
    if !common_meta.is_empty() {
        text.push(b',');
    }
    notes::meta(&mut text, upstream, view);
    text.extend_from_slice(b"}}");
    Outcome {
        text,
        failed,
        undescribed,
    }
}

/// A result that is one sentence about what went wrong before or on the way to the upstream.
pub fn fault(sentence: &str, common: &str, common_meta: &str) -> Outcome {
    said(sentence, true, common, common_meta)
}

/// A result that is one text of the gateway's own.
pub fn said(sentence: &str, failed: bool, common: &str, common_meta: &str) -> Outcome {
    let mut text = format!("{{{common}\"content\":[").into_bytes();
    Blocks::new(&mut text, "").text(sentence);
    text.extend_from_slice(format!("],\"isError\":{failed}").as_bytes());
    if !common_meta.is_empty() {
        text.extend_from_slice(format!(",\"_meta\":{{{common_meta}}}").as_bytes());
    }
    text.push(b'}');
    Outcome {
        text,
        failed,
        undescribed: false,
    }
}

/// A result's JSON text.
#[derive(Debug)]
pub struct Outcome {
    /// The text.
    pub text: Vec<u8>,
    /// Whether it says `isError`.
    pub failed: bool,
    /// Whether the answer is a success of another form than was declared.
    pub undescribed: bool,
}

fn failure(blocks: &mut Blocks<'_>, upstream: &Upstream<'_>) {
    blocks.text(&format!(
        "The upstream answered {}.",
        notes::status(upstream.status)
    ));
    if upstream.body.is_empty() {
        return;
    }
    let bounded = &upstream.body[..upstream.body.len().min(MAX_ERROR_BYTES)];
    let media = media_of(upstream.headers, bounded);
    match media.kind() {
        kind @ (Kind::Json | Kind::Text) => {
            blocks.text(&decode(bounded, charset(kind, &media)));
            if upstream.truncated || bounded.len() < upstream.body.len() {
                blocks.text(&notes::truncated(bounded.len()));
            }
        }
        _ => blocks.text(&format!(
            "Its body is {} bytes of {}.",
            upstream.body.len(),
            media.essence
        )),
    }
}

/// Writes the blocks of a success.
fn success(blocks: &mut Blocks<'_>, upstream: &Upstream<'_>, view: &View<'_>, media: &Media) {
    if view.head || upstream.body.is_empty() {
        blocks.text(&notes::status(upstream.status));
        return;
    }
    content(blocks, media, upstream.body, upstream.truncated, true);
}

/// What of a success may stand as `structuredContent`, by the version and by what was declared.
fn judge<'a>(upstream: &Upstream<'a>, view: &View<'_>, media: &Media) -> Structure<'a> {
    let whole = !(view.head || upstream.body.is_empty() || upstream.truncated);
    let declared = view
        .declared
        .filter(|declared| declared.applies(view.version));
    let allowed = view.version.structured();
    if allowed == Structured::Never {
        return Structure::None;
    }
    let body = upstream.body;
    let body = body
        .strip_prefix(BYTE_ORDER_MARK)
        .unwrap_or(body)
        .trim_ascii();
    let body = (whole && media.kind() == Kind::Json).then_some(body);
    if let (Some(declared), Some(body)) = (declared, body)
        && !scan::is_deeper(body, MAX_STRUCTURED_DEPTH)
        && std::str::from_utf8(body).is_ok_and(|text| declared.fits(text))
    {
        // What fits has been read strictly, so that nothing is left to look at.
        return Structure::Answer(body);
    }
    let answer = body.and_then(structured);
    let Some(declared) = declared else {
        return match answer {
            Some(answer) if allowed == Structured::Anything || answer.starts_with(b"{") => {
                Structure::Answer(answer)
            }
            _ => Structure::None,
        };
    };
    if declared.strict {
        Structure::Refused
    } else {
        Structure::Undescribed(answer)
    }
}

fn content(blocks: &mut Blocks<'_>, media: &Media, body: &[u8], truncated: bool, outermost: bool) {
    match media.kind() {
        kind @ (Kind::Json | Kind::Text) => {
            blocks.text(&decode(body, charset(kind, media)));
            if truncated {
                blocks.text(&notes::truncated(body.len()));
            }
        }
        // Half a picture, archive or envelope serves nobody.
        _ if truncated => blocks.text(&notes::left_out(&media.essence, body.len())),
        Kind::Image => blocks.bytes("image", &media.essence, body),
        Kind::Audio => blocks.bytes("audio", &media.essence, body),
        Kind::Multipart if outermost => {
            let boundary = media.boundary.as_deref().unwrap_or_default();
            match multipart::parts(body, boundary) {
                Some(parts) if !parts.is_empty() => {
                    for part in parts {
                        let media = media_of(&part.headers, part.body);
                        content(blocks, &media, part.body, false, false);
                    }
                }
                _ => blocks.resource(&media.essence, body),
            }
        }
        Kind::Multipart | Kind::Binary => blocks.resource(&media.essence, body),
    }
}

/// The declared media type; where there is none, what the bytes look like.
fn media_of(headers: &HeaderMap, body: &[u8]) -> Media {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(Media::parse);
    declared.unwrap_or_else(|| {
        let essence = match std::str::from_utf8(body) {
            Ok(text) if text.trim_start().starts_with(['{', '[']) && is_json(body) => {
                "application/json"
            }
            Ok(text) if !text.contains('\0') => "text/plain",
            _ => "application/octet-stream",
        };
        Media {
            essence: essence.to_owned(),
            charset: None,
            boundary: None,
        }
    })
}

/// The charset that counts: JSON is UTF-8, whatever is declared beside it (RFC 8259 §8.1, §11).
fn charset(kind: Kind, media: &Media) -> Option<&str> {
    media.charset.as_deref().filter(|_| kind == Kind::Text)
}

/// Text in its declared charset; UTF-8 where none, or an unknown one, is declared. A byte order mark decides.
fn decode<'a>(body: &'a [u8], charset: Option<&str>) -> std::borrow::Cow<'a, str> {
    let encoding = charset
        .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()))
        .unwrap_or(encoding_rs::UTF_8);
    encoding.decode(body).0
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<&serde_json::value::RawValue>(body).is_ok()
}

/// The body as it may stand inside of an answer: one JSON text of which there is one reading.
fn structured(body: &[u8]) -> Option<&[u8]> {
    let text = std::str::from_utf8(body).ok()?;
    scan::scan(text).ok()?;
    (is_json(body) && !scan::is_deeper(body, MAX_STRUCTURED_DEPTH)).then_some(body)
}

/// A JSON string of a header value or sentence.
fn quoted(text: &mut Vec<u8>, value: &str) {
    text::string(text, value);
}

#[cfg(test)]
mod tests;

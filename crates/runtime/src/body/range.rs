//! The media type of bytes of which only a range such as `image/*` is known.

/// How files of a type begin, and from where.
const SIGNATURES: &[(&str, usize, &[u8])] = &[
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/gif", 0, b"GIF8"),
    ("image/webp", 8, b"WEBP"),
    ("image/bmp", 0, b"BM"),
    ("image/tiff", 0, b"II*\0"),
    ("image/tiff", 0, b"MM\0*"),
    ("image/avif", 4, b"ftypavif"),
    ("image/heic", 4, b"ftyphei"),
    ("image/svg+xml", 0, b"<svg"),
    ("image/svg+xml", 0, b"<?xml"),
    ("audio/mpeg", 0, b"ID3"),
    ("audio/mpeg", 0, b"\xff\xfb"),
    ("audio/wav", 8, b"WAVE"),
    ("audio/flac", 0, b"fLaC"),
    ("audio/ogg", 0, b"OggS"),
    ("audio/mp4", 4, b"ftyp"),
    ("video/webm", 0, b"\x1a\x45\xdf\xa3"),
    ("video/ogg", 0, b"OggS"),
    ("video/quicktime", 4, b"ftypqt"),
    ("video/mp4", 4, b"ftyp"),
    ("font/woff2", 0, b"wOF2"),
    ("font/woff", 0, b"wOFF"),
    ("font/otf", 0, b"OTTO"),
    ("font/ttf", 0, b"\0\x01\0\0"),
];

/// What an upstream takes whatever the bytes are: a sender may name no range (RFC 9110 §8.3).
const USUAL: &[&str] = &["image/png", "audio/mpeg", "video/mp4", "font/woff2"];

/// The type within `range` that the bytes begin like, else the usual one.
pub(crate) fn media_type(range: &str, bytes: &[u8]) -> &'static str {
    let kind = range.split('*').next().unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    let within = |name: &str| kind.ends_with('/') && name.starts_with(&kind);
    let found = SIGNATURES.iter().find(|(name, from, signature)| {
        within(name)
            && bytes
                .get(*from..)
                .is_some_and(|rest| rest.starts_with(signature))
    });
    let usual = USUAL.iter().find(|name| within(name)).copied();
    found
        .map(|(name, ..)| *name)
        .or(usual)
        .unwrap_or("application/octet-stream")
}

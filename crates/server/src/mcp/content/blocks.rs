//! Content blocks, appended to a JSON array.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::quoted;

/// Writes blocks one after another.
pub(super) struct Blocks<'a> {
    text: &'a mut Vec<u8>,
    uri: &'a str,
    written: usize,
}

impl<'a> Blocks<'a> {
    /// Appends to an array that was just opened.
    pub(super) fn new(text: &'a mut Vec<u8>, uri: &'a str) -> Blocks<'a> {
        Blocks {
            text,
            uri,
            written: 0,
        }
    }

    /// A text block.
    pub(super) fn text(&mut self, value: &str) {
        self.begin();
        self.text.extend_from_slice(br#"{"type":"text","text":"#);
        quoted(self.text, value);
        self.text.push(b'}');
    }

    /// An `image` or `audio` block.
    pub(super) fn bytes(&mut self, kind: &str, media_type: &str, bytes: &[u8]) {
        self.begin();
        self.text
            .extend_from_slice(format!(r#"{{"type":"{kind}","mimeType":"#).as_bytes());
        quoted(self.text, media_type);
        self.text.extend_from_slice(br#","data":""#);
        self.base64(bytes);
        self.text.extend_from_slice(b"\"}");
    }

    /// An embedded resource of bytes. Each gets an address of its own within the answer.
    pub(super) fn resource(&mut self, media_type: &str, bytes: &[u8]) {
        self.begin();
        let uri = match self.written {
            1 => self.uri.to_owned(),
            part => format!("{}/{part}", self.uri),
        };
        self.text
            .extend_from_slice(br#"{"type":"resource","resource":{"uri":"#);
        quoted(self.text, &uri);
        self.text.extend_from_slice(br#","mimeType":"#);
        quoted(self.text, media_type);
        self.text.extend_from_slice(br#","blob":""#);
        self.base64(bytes);
        self.text.extend_from_slice(b"\"}}");
    }

    fn begin(&mut self) {
        if self.written > 0 {
            self.text.push(b',');
        }
        self.written += 1;
    }

    fn base64(&mut self, bytes: &[u8]) {
        let start = self.text.len();
        let Some(length) = base64::encoded_len(bytes.len(), true) else {
            return;
        };
        self.text.resize(start + length, 0);
        if STANDARD
            .encode_slice(bytes, &mut self.text[start..])
            .is_err()
        {
            // The room is exactly what the encoder asks for.
            self.text.truncate(start);
        }
    }
}

//! The compressed form of a text that is kept: deflated once, framed as gzip (RFC 1952) for every answer around it.
//!
//! An answer is the kept text between a few bytes that hold its id. Those go into blocks that are stored as they are
//! (RFC 1951 §3.2.4), so that one gzip member comes out without compressing anything again.

use bytes::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use http::{HeaderMap, header};

/// Texts below this size are not worth a header.
const LEAST: usize = 1024;

/// The most bytes of one stored block.
const STORED: usize = 0xFFFF;

/// A deflated text.
#[derive(Debug)]
pub struct Twin {
    blocks: Bytes,
    crc: Crc,
}

impl Twin {
    /// Deflates a text; `None` where that is not worth it.
    pub fn new(text: &[u8]) -> Option<Twin> {
        if text.len() < LEAST {
            return None;
        }
        let mut deflate = Compress::new(Compression::best(), false);
        let mut blocks = Vec::with_capacity(text.len() / 4 + 64);
        loop {
            let read = usize::try_from(deflate.total_in()).ok()?;
            // Ends on a byte, and leaves the stream open for what follows.
            let status = deflate
                .compress_vec(text.get(read..)?, &mut blocks, FlushCompress::Sync)
                .ok()?;
            let all = usize::try_from(deflate.total_in()).ok()? == text.len();
            // Room that is left means that nothing waits for more.
            if all
                && blocks.len() < blocks.capacity()
                && matches!(status, Status::Ok | Status::BufError)
            {
                break;
            }
            blocks.reserve(blocks.len().max(1024));
        }
        let mut crc = Crc::new();
        crc.update(text);
        Some(Twin {
            blocks: Bytes::from(blocks),
            crc,
        })
    }

    /// One gzip member of `before`, the text, and `after`.
    pub fn between(&self, before: &[u8], after: &[u8]) -> [Bytes; 3] {
        // Magic, deflate, no flags, no time, no hints, no system.
        let mut start = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        for piece in before.chunks(STORED) {
            stored(&mut start, piece, false);
        }
        let mut end = Vec::with_capacity(after.len() + 16);
        for piece in after.chunks(STORED) {
            stored(&mut end, piece, false);
        }
        stored(&mut end, &[], true);
        let mut crc = Crc::new();
        crc.update(before);
        crc.combine(&self.crc);
        let mut last = Crc::new();
        last.update(after);
        crc.combine(&last);
        end.extend_from_slice(&crc.sum().to_le_bytes());
        end.extend_from_slice(&crc.amount().to_le_bytes());
        [Bytes::from(start), self.blocks.clone(), Bytes::from(end)]
    }
}

/// A block of bytes as they are; at most 65,535.
fn stored(out: &mut Vec<u8>, bytes: &[u8], last: bool) {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.push(u8::from(last));
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&(!length).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// Whether a caller takes gzip (RFC 9110 §12.5.3).
pub fn is_accepted(headers: &HeaderMap) -> bool {
    let mut any = false;
    for range in headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
    {
        let (coding, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = parameters.trim().strip_prefix("q=").unwrap_or("1").trim();
        let takes = weight.parse::<f32>().is_ok_and(|weight| weight > 0.0);
        match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => return takes,
            "*" => any = takes,
            _ => {}
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn any_frame_unpacks_to_the_whole_text() {
        let list: String = (0..9000).map(|number| format!("tool {number},")).collect();
        let twin = Twin::new(list.as_bytes()).unwrap();
        for (before, after) in [
            ("", ""),
            ("{\"id\":7,", "}"),
            (&"x".repeat(70_000)[..], "y"),
        ] {
            let packed = twin.between(before.as_bytes(), after.as_bytes()).concat();
            let mut text = String::new();
            // A decoder of one member, as most clients have it.
            let mut reader = flate2::read::GzDecoder::new(&packed[..]);
            reader.read_to_string(&mut text).unwrap();
            assert!(text == format!("{before}{list}{after}"), "{}", text.len());
        }
        assert!(Twin::new(b"short").is_none());
    }

    #[test]
    fn gzip_is_sent_to_who_takes_it() {
        for (value, takes) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("*", true),
            ("gzip;q=0, *", false),
            ("br", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
            assert_eq!(is_accepted(&headers), takes, "{value}");
        }
    }
}

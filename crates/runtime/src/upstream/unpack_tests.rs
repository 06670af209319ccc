use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use super::*;

fn text() -> Vec<u8> {
    (0..20_000u32)
        .flat_map(|number| number.to_string().into_bytes())
        .collect()
}

fn packed(coding: &str, text: &[u8]) -> Vec<u8> {
    match coding {
        "gzip" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        "deflate" => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        "br" => {
            let mut packed = Vec::new();
            let params = brotli::enc::BrotliEncoderParams::default();
            brotli::BrotliCompress(&mut &text[..], &mut packed, &params).unwrap();
            packed
        }
        _ => zstd::encode_all(text, 1).unwrap(),
    }
}

const CODINGS: [&str; 4] = ["gzip", "deflate", "br", "zstd"];

/// All of it in pieces of this size.
fn unpacked(coding: &str, packed: &[u8], piece: usize, most: usize) -> io::Result<Vec<u8>> {
    let mut packing = Packing::of(coding.as_bytes(), most)?.unwrap();
    let mut all = Vec::new();
    for piece in packed.chunks(piece) {
        all.extend(packing.feed(piece)?);
    }
    all.extend(packing.finish()?);
    assert!(packing.finish()?.is_empty());
    Ok(all)
}

#[test]
fn every_coding_is_undone_in_pieces_of_any_size() {
    let text = text();
    for coding in CODINGS {
        let packed = packed(coding, &text);
        assert!(packed.len() < text.len());
        for piece in [1, 7, 1000, usize::MAX] {
            let outcome = unpacked(coding, &packed, piece, usize::MAX).unwrap();
            assert!(outcome == text, "{coding} in pieces of {piece}");
        }
        assert!(unpacked(coding, &[], 1, 10).unwrap().is_empty(), "{coding}");
    }
    // Several members are one text (RFC 1952 §2.2), and so are several frames (RFC 8878 §3).
    for coding in ["gzip", "zstd"] {
        let twice = [packed(coding, b"one, "), packed(coding, b"two")].concat();
        for piece in [1, usize::MAX] {
            assert_eq!(unpacked(coding, &twice, piece, 100).unwrap(), b"one, two");
        }
    }
}

#[test]
fn what_is_cut_off_or_something_else_is_a_mistake() {
    let text = text();
    for coding in CODINGS {
        let packed = packed(coding, &text);
        for cut in [1, packed.len() / 2, packed.len() - 1] {
            let outcome = unpacked(coding, &packed[..cut], 1000, usize::MAX);
            assert!(outcome.is_err(), "{coding} cut at {cut}");
        }
        let outcome = unpacked(coding, b"{\"not\": \"compressed\"}", 1000, usize::MAX);
        assert!(outcome.is_err(), "{coding}");
    }
}

#[test]
fn nothing_grows_beyond_the_bound() {
    let text = vec![b'a'; 8 << 20];
    for coding in CODINGS {
        let packed = packed(coding, &text);
        let outcome = unpacked(coding, &packed, usize::MAX, 1000).unwrap();
        assert_eq!(outcome.len(), 1001, "{coding}");
    }
    assert!(Packing::of(b"compress", 10).unwrap().is_none());
    assert!(Packing::of(b"gzip, br", 10).unwrap().is_none());
}

#[test]
fn a_window_larger_than_http_allows_is_refused() {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.write_all(&vec![b'a'; 1 << 20]).unwrap();
    let packed = encoder.finish().unwrap();
    assert!(unpacked("zstd", &packed, usize::MAX, usize::MAX).is_err());
}

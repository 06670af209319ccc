//! Undoes the compression of an answer (RFC 9110 §8.4), within a bound.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue};
use zstd::stream::raw;
use zstd::zstd_safe::DParameter;

use super::fault::Trouble;
use super::incoming::Body;

/// What is understood.
pub(super) const ACCEPTED: HeaderValue = HeaderValue::from_static("zstd,gzip,deflate,br");

/// The largest window of Zstandard in HTTP, 8 MiB, as a power of two (RFC 9659 §3).
const ZSTD_WINDOW: u32 = 23;

/// The body of an answer as it was before its compression.
pub(super) struct Content {
    body: Body,
    packing: Option<Packing>,
}

impl Content {
    /// The content of an answer, of which the headers tell afterwards as it will be read. What is compressed is unpacked to
    /// `most` bytes and one. Another coding, or several of them, was not asked for and cannot be read.
    pub(super) fn of(headers: &mut HeaderMap, body: Body, most: usize) -> Result<Self, Trouble> {
        let values = headers.get_all(CONTENT_ENCODING).iter();
        let listed = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
        let mut codings = listed
            .map(<[u8]>::trim_ascii)
            .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"));
        let packing = match (codings.next(), codings.next()) {
            (None, _) => None,
            // Nothing is coded in any way.
            _ if body.length() == Some(0) => None,
            (Some(coding), None) => match Packing::of(coding, most) {
                Ok(Some(packing)) => Some(packing),
                Ok(None) => return Err(Trouble::Coding),
                Err(_) => return Err(Trouble::Packing),
            },
            (Some(_), Some(_)) => return Err(Trouble::Coding),
        };
        if packing.is_some() {
            headers.remove(CONTENT_ENCODING);
            headers.remove(CONTENT_LENGTH);
        }
        Ok(Self { body, packing })
    }

    /// How many bytes there will be, where that is known.
    pub(super) fn length(&self) -> Option<u64> {
        match self.packing {
            Some(_) => None,
            None => self.body.length(),
        }
    }

    /// The next bytes, nothing at the end. Of what is compressed, one byte more than the bound at most.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Trouble> {
        loop {
            let piece = self.body.chunk().await?;
            let Some(packing) = &mut self.packing else {
                return Ok(piece);
            };
            let is_last = piece.is_none();
            let unpacked = match piece {
                Some(piece) => packing.feed(&piece),
                None => packing.finish(),
            };
            let unpacked = unpacked.map_err(|_| Trouble::Packing)?;
            if !unpacked.is_empty() {
                return Ok(Some(unpacked.into()));
            }
            if is_last {
                return Ok(None);
            }
        }
    }
}

/// A decoder, and whether anything came for it: an empty body is compressed by nobody, whatever its headers say.
struct Packing {
    decoder: Decoder,
    begun: bool,
}

enum Decoder {
    Gzip(Box<MultiGzDecoder<Sink>>),
    Deflate(Box<Zlib>),
    Brotli(Box<brotli::DecompressorWriter<Sink>>),
    Zstd(zstd::stream::write::Decoder<'static, Sink>),
}

impl Packing {
    fn of(coding: &[u8], most: usize) -> io::Result<Option<Packing>> {
        let sink = Sink {
            bytes: Vec::new(),
            room: most.saturating_add(1),
        };
        let decoder = match coding.trim_ascii().to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" => Decoder::Gzip(Box::new(MultiGzDecoder::new(sink))),
            b"deflate" => Decoder::Deflate(Box::new(Zlib::new(sink))),
            b"br" => Decoder::Brotli(Box::new(brotli::DecompressorWriter::new(sink, 4096))),
            b"zstd" => {
                let mut decoder = raw::Decoder::new()?;
                decoder.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW))?;
                Decoder::Zstd(zstd::stream::write::Decoder::with_decoder(sink, decoder))
            }
            _ => return Ok(None),
        };
        Ok(Some(Packing {
            decoder,
            begun: false,
        }))
    }

    /// What these bytes were before.
    fn feed(&mut self, packed: &[u8]) -> io::Result<Vec<u8>> {
        self.begun = true;
        let outcome = match &mut self.decoder {
            Decoder::Gzip(decoder) => decoder.write_all(packed).and_then(|()| decoder.flush()),
            Decoder::Deflate(decoder) => decoder.write_all(packed),
            Decoder::Brotli(decoder) => decoder.write_all(packed).and_then(|()| decoder.flush()),
            Decoder::Zstd(decoder) => decoder.write_all(packed).and_then(|()| decoder.flush()),
        };
        self.taken(outcome)
    }

    /// What is left, where nothing more comes.
    fn finish(&mut self) -> io::Result<Vec<u8>> {
        // What was asked for once more after the end has nothing left.
        if !std::mem::replace(&mut self.begun, false) {
            return Ok(Vec::new());
        }
        let outcome = match &mut self.decoder {
            Decoder::Gzip(decoder) => decoder.try_finish(),
            Decoder::Deflate(decoder) => decoder.finish(),
            Decoder::Brotli(decoder) => decoder.close(),
            Decoder::Zstd(decoder) => decoder.do_finish(),
        };
        self.taken(outcome)
    }

    /// Errors count only while there is room: a full sink is the end of what is read, not a mistake of the upstream.
    fn taken(&mut self, outcome: io::Result<()>) -> io::Result<Vec<u8>> {
        let sink = match &mut self.decoder {
            Decoder::Gzip(decoder) => decoder.get_mut(),
            Decoder::Deflate(decoder) => &mut decoder.sink,
            Decoder::Brotli(decoder) => decoder.get_mut(),
            Decoder::Zstd(decoder) => decoder.get_mut(),
        };
        if sink.room > 0 {
            outcome?;
        }
        Ok(std::mem::take(&mut sink.bytes))
    }
}

/// Takes what a decoder writes, as long as there is room.
struct Sink {
    bytes: Vec<u8>,
    room: usize,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        self.bytes.extend_from_slice(&bytes[..taken]);
        match taken {
            0 if !bytes.is_empty() => Err(io::ErrorKind::StorageFull.into()),
            taken => Ok(taken),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `deflate` in HTTP is the zlib format (RFC 9110 §8.4.1.2). Unlike the decoder of the library that writes, this one tells
/// a stream that ends too early.
struct Zlib {
    inner: Decompress,
    sink: Sink,
    ended: bool,
}

impl Zlib {
    fn new(sink: Sink) -> Zlib {
        Zlib {
            inner: Decompress::new(true),
            sink,
            ended: false,
        }
    }

    fn write_all(&mut self, mut packed: &[u8]) -> io::Result<()> {
        let mut buffer = [0; 8192];
        while !self.ended {
            let (read, written) = (self.inner.total_in(), self.inner.total_out());
            let status = self
                .inner
                .decompress(packed, &mut buffer, FlushDecompress::None)?;
            let read = usize::try_from(self.inner.total_in() - read).unwrap_or(packed.len());
            let written = usize::try_from(self.inner.total_out() - written).unwrap_or(0);
            packed = &packed[read..];
            self.sink.write_all(&buffer[..written])?;
            self.ended = status == Status::StreamEnd;
            if read == 0 && written == 0 {
                break;
            }
        }
        Ok(())
    }

    fn finish(&self) -> io::Result<()> {
        match self.ended {
            true => Ok(()),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

#[cfg(test)]
#[path = "unpack_tests.rs"]
mod tests;

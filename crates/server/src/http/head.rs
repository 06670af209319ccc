//! Watches the bytes of an HTTP/1 connection for requests that two readers could frame differently.
//!
//! The server behind it is lenient where RFC 9112 allows it: it lets `Transfer-Encoding` win over `Content-Length`,
//! takes a bare line feed for a line end, and drops what it has decided about from the headers that a handler sees. A
//! proxy in front may have decided otherwise. Here such a request is cut off where it is found out, and something is put
//! in its place that makes the server answer 400 and close.

/// No header name: whatever came before it, the server's parser fails here. It ends as a head does, because the parser
/// waits for that.
pub(super) const SPOILER: &[u8] = b"\0\r\n\r\n";

/// The most bytes of a head that are watched; the server's own limit is lower.
const MAX_HEAD: usize = 64 * 1024;

/// Where in the stream of requests the connection is.
#[derive(Debug)]
pub(super) struct Inspector {
    state: State,
    head: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between requests, or within a head.
    Head,
    /// So many bytes of a body are still to come.
    Body(u64),
    /// Chunks.
    Chunk(Chunk),
    /// HTTP/2, or a connection that the server is about to close.
    Unwatched,
    /// A request was ambiguous.
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chunk {
    /// The digits of a size.
    Size { value: u64, digits: u8 },
    /// What follows a size on its line.
    Extension { value: u64 },
    /// The line feed after a size.
    SizeEnd { value: u64 },
    /// So many bytes of data.
    Data(u64),
    /// The carriage return after data.
    DataEnd,
    /// The line feed after data.
    DataEndLine,
    /// A trailer's line: whether it is empty so far, and whether a carriage return was last.
    Trailer { empty: bool, returned: bool },
}

impl Inspector {
    pub(super) fn new() -> Inspector {
        Inspector {
            state: State::Head,
            head: Vec::new(),
        }
    }

    /// Whether a head has begun and not ended.
    pub(super) fn in_head(&self) -> bool {
        self.state == State::Head && !self.head.is_empty()
    }

    /// Looks at bytes that were just read; how many of them may be passed on. Fewer than all means that a request was
    /// refused, and nothing more may be passed on.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while at < bytes.len() && self.state != State::Refused {
            let rest = &bytes[at..];
            at += match self.state {
                State::Head => self.head(rest),
                State::Body(left) => {
                    let taken = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                    let left = left - taken as u64;
                    self.state = if left == 0 {
                        State::Head
                    } else {
                        State::Body(left)
                    };
                    taken
                }
                State::Chunk(chunk) => self.chunk(chunk, rest),
                State::Unwatched => rest.len(),
                State::Refused => 0,
            };
        }
        at
    }

    /// Takes bytes of a head; how many. None are taken where the head turns out to be refused.
    fn head(&mut self, bytes: &[u8]) -> usize {
        if self.head.is_empty() && matches!(bytes.first(), Some(b'\r' | b'\n')) {
            // Empty lines before a request (RFC 9112 §2.2).
            return 1;
        }
        // Nearly always the head is here in one piece, and nothing has to be kept of it.
        let before = self.head.len();
        if before > 0 {
            self.head.extend_from_slice(bytes);
        }
        let seen = if before > 0 { &self.head } else { bytes };
        self.state = match end(seen, before) {
            End::Bare => State::Refused,
            End::At(end) => {
                let state = framing(&seen[..end]);
                self.head.clear();
                if state != State::Refused {
                    self.state = state;
                    return end - before;
                }
                state
            }
            End::Open => {
                if before == 0 {
                    self.head.extend_from_slice(bytes);
                }
                if self.head.len() > MAX_HEAD {
                    self.state = State::Unwatched;
                }
                return bytes.len();
            }
        };
        0
    }

    /// Takes bytes of a chunked body; how many.
    fn chunk(&mut self, chunk: Chunk, bytes: &[u8]) -> usize {
        if let Chunk::Data(left) = chunk {
            let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
            let left = left - taken as u64;
            self.state = State::Chunk(if left == 0 {
                Chunk::DataEnd
            } else {
                Chunk::Data(left)
            });
            return taken;
        }
        let Some(&byte) = bytes.first() else { return 0 };
        self.state = match (chunk, byte) {
            (Chunk::Size { value, digits }, byte) if byte.is_ascii_hexdigit() && digits < 15 => {
                let digit = char::from(byte).to_digit(16).unwrap_or(0);
                State::Chunk(Chunk::Size {
                    value: value * 16 + u64::from(digit),
                    digits: digits + 1,
                })
            }
            (Chunk::Size { value, digits: 1.. }, b'\r') => State::Chunk(Chunk::SizeEnd { value }),
            (Chunk::Size { value, digits: 1.. }, b';' | b' ' | b'\t') => {
                State::Chunk(Chunk::Extension { value })
            }
            (Chunk::Extension { value }, b'\r') => State::Chunk(Chunk::SizeEnd { value }),
            (Chunk::Extension { value }, byte) if byte != b'\n' => {
                State::Chunk(Chunk::Extension { value })
            }
            (Chunk::SizeEnd { value: 0 }, b'\n') => State::Chunk(Chunk::Trailer {
                empty: true,
                returned: false,
            }),
            (Chunk::SizeEnd { value }, b'\n') => State::Chunk(Chunk::Data(value)),
            (Chunk::DataEnd, b'\r') => State::Chunk(Chunk::DataEndLine),
            (Chunk::DataEndLine, b'\n') => State::Chunk(Chunk::Size {
                value: 0,
                digits: 0,
            }),
            (
                Chunk::Trailer {
                    empty: true,
                    returned: true,
                },
                b'\n',
            ) => State::Head,
            (
                Chunk::Trailer {
                    empty: false,
                    returned: true,
                },
                b'\n',
            ) => State::Chunk(Chunk::Trailer {
                empty: true,
                returned: false,
            }),
            (
                Chunk::Trailer {
                    empty,
                    returned: false,
                },
                b'\r',
            ) => State::Chunk(Chunk::Trailer {
                empty,
                returned: true,
            }),
            (
                Chunk::Trailer {
                    returned: false, ..
                },
                byte,
            ) if byte != b'\n' => State::Chunk(Chunk::Trailer {
                empty: false,
                returned: false,
            }),
            _ => State::Refused,
        };
        usize::from(self.state != State::Refused)
    }
}

/// Where a head ends.
enum End {
    /// After so many bytes.
    At(usize),
    /// Not yet.
    Open,
    /// A line feed before its end does not follow a carriage return.
    Bare,
}

/// Looks for the end of a head; line feeds before `start` have been looked at.
fn end(head: &[u8], start: usize) -> End {
    for at in memchr::memchr_iter(b'\n', &head[start..]).map(|at| start + at) {
        let line = &head[..at];
        if !line.ends_with(b"\r") {
            return End::Bare;
        }
        if line.ends_with(b"\r\n\r") {
            return End::At(at + 1);
        }
    }
    End::Open
}

/// What follows a head, or that it has two readings.
fn framing(head: &[u8]) -> State {
    if head.starts_with(b"PRI * HTTP/2.0\r\n") {
        return State::Unwatched;
    }
    let (mut length, mut chunked, mut hosts) = (None, false, 0);
    let mut from = 0;
    for to in memchr::memchr_iter(b'\n', head) {
        let line = &head[from..to];
        let is_first = from == 0;
        from = to + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if is_first {
            continue;
        }
        if line.is_empty() {
            continue;
        }
        // A folded line, or white space where a name should end.
        let colon = memchr::memchr(b':', line);
        let Some(name) = colon.map(|colon| &line[..colon]) else {
            return State::Refused;
        };
        if name.is_empty() || name.iter().any(u8::is_ascii_whitespace) {
            return State::Refused;
        }
        let value = line[name.len() + 1..].trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") {
            let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
            let parsed = std::str::from_utf8(value)
                .ok()
                .and_then(|text| text.parse::<u64>().ok());
            match parsed {
                Some(parsed) if digits && length.is_none() => length = Some(parsed),
                _ => return State::Refused,
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            if chunked || !value.eq_ignore_ascii_case(b"chunked") {
                return State::Refused;
            }
            chunked = true;
        } else if name.eq_ignore_ascii_case(b"host") {
            hosts += 1;
        }
    }
    match (length, chunked) {
        _ if hosts > 1 => State::Refused,
        (Some(_), true) => State::Refused,
        (None, true) => State::Chunk(Chunk::Size {
            value: 0,
            digits: 0,
        }),
        (Some(0) | None, false) => State::Head,
        (Some(length), false) => State::Body(length),
    }
}

#[cfg(test)]
#[path = "head_tests.rs"]
mod tests;

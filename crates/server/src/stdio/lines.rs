//! Lines of bytes, none of them longer than a limit.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// How much is asked for at a time.
const PIECE: usize = 16 * 1024;

/// One line of the input, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Its bytes.
    Whole(Vec<u8>),
    /// It is longer than the limit, and was thrown away while it came.
    TooLong,
}

/// The lines of an input. At most the limit and one piece are in memory.
#[derive(Debug)]
pub(super) struct Lines<R> {
    input: R,
    limit: usize,
    /// What was read and not given out.
    held: Vec<u8>,
    /// The start of `held` that holds no line end.
    searched: usize,
    /// Whether the line that is being read was too long already.
    skipping: bool,
    ended: bool,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn new(input: R, limit: usize) -> Lines<R> {
        Lines {
            input,
            limit,
            held: Vec::new(),
            searched: 0,
            skipping: false,
            ended: false,
        }
    }

    /// The next line; `None` at the end of the input, which also ends a last line without a line end. Nothing is lost when
    /// the future is dropped.
    pub(super) async fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            if let Some(line) = self.complete() {
                return Ok(Some(line));
            }
            if self.ended {
                let rest = std::mem::take(&mut self.held);
                self.searched = 0;
                return Ok(
                    match (std::mem::take(&mut self.skipping), rest.is_empty()) {
                        (true, _) => Some(Line::TooLong),
                        (false, true) => None,
                        (false, false) => Some(Line::Whole(rest)),
                    },
                );
            }
            self.held.reserve(PIECE);
            if self.input.read_buf(&mut self.held).await? == 0 {
                self.ended = true;
            }
        }
    }

    /// A line that is there as a whole.
    fn complete(&mut self) -> Option<Line> {
        let found = self.held[self.searched..]
            .iter()
            .position(|byte| *byte == b'\n');
        let Some(at) = found else {
            self.searched = self.held.len();
            if self.held.len() > self.limit {
                self.skipping = true;
                self.held = Vec::new();
                self.searched = 0;
            }
            return None;
        };
        let end = self.searched + at;
        let rest = self.held.split_off(end + 1);
        let mut line = std::mem::replace(&mut self.held, rest);
        self.searched = 0;
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if std::mem::take(&mut self.skipping) || line.len() > self.limit {
            return Some(Line::TooLong);
        }
        Some(Line::Whole(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(input: &[u8], limit: usize) -> Vec<Option<String>> {
        let mut lines = Lines::new(input, limit);
        let mut found = Vec::new();
        while let Some(line) = lines.next().await.unwrap() {
            found.push(match line {
                Line::Whole(bytes) => Some(String::from_utf8(bytes).unwrap()),
                Line::TooLong => None,
            });
        }
        found
    }

    #[tokio::test]
    async fn lines_end_at_line_feeds_and_at_the_end() {
        let some = |text: &str| Some(text.to_owned());
        for (input, expected) in [
            ("", vec![]),
            (
                "a\nb\r\n\nc",
                vec![some("a"), some("b"), some(""), some("c")],
            ),
            (
                "123456789\n1234567890\n12345678901\nx\n",
                vec![some("123456789"), some("1234567890"), None, some("x")],
            ),
            ("12345678901", vec![None]),
        ] {
            assert_eq!(all(input.as_bytes(), 10).await, expected, "{input:?}");
        }
    }

    #[tokio::test]
    async fn a_line_without_end_is_not_kept() {
        let mut input = vec![b'x'; 3_000_000];
        input.extend_from_slice(b"\nnext\n");
        let mut lines = Lines::new(&input[..], 1000);
        assert_eq!(lines.next().await.unwrap(), Some(Line::TooLong));
        assert!(lines.held.capacity() < 8 * PIECE);
        assert_eq!(
            lines.next().await.unwrap(),
            Some(Line::Whole(b"next".to_vec()))
        );
        assert_eq!(lines.next().await.unwrap(), None);
    }
}

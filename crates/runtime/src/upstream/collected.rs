//! A body as it comes in. One that comes in one piece, as most do, is never copied.

use bytes::{Bytes, BytesMut};

/// The pieces so far.
#[derive(Debug, Default)]
pub(super) struct Collected {
    first: Bytes,
    /// All of it, once there is more than one piece.
    all: BytesMut,
}

impl Collected {
    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    /// Whether nothing has come yet.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn push(&mut self, piece: Bytes) {
        if self.is_empty() {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&piece);
    }

    /// The whole body.
    pub(super) fn into_bytes(self) -> Bytes {
        match self.all.is_empty() {
            true => self.first,
            false => self.all.freeze(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_put_together_in_order() {
        for pieces in [
            &[][..],
            &["ab"],
            &["", "ab"],
            &["ab", "", "c"],
            &["a", "b", "cd"],
        ] {
            let mut body = Collected::default();
            for piece in pieces {
                body.push(Bytes::from_static(piece.as_bytes()));
            }
            let whole = pieces.concat();
            assert_eq!(
                (body.len(), body.is_empty()),
                (whole.len(), whole.is_empty())
            );
            assert_eq!(body.into_bytes(), whole);
        }
    }
}

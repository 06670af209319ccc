//! Calls that wait until others have ended.

use std::collections::VecDeque;

/// Messages, the first to come first.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Their bytes together.
    pub(super) bytes: usize,
    calls: VecDeque<(Option<String>, Vec<u8>)>,
}

impl Waiting {
    pub(super) fn push(&mut self, id: Option<String>, text: Vec<u8>) {
        self.bytes += text.len();
        self.calls.push_back((id, text));
    }

    pub(super) fn pop(&mut self) -> Option<(Option<String>, Vec<u8>)> {
        let (id, text) = self.calls.pop_front()?;
        self.bytes -= text.len();
        Some((id, text))
    }

    /// Forgets the call of this id, if it is here.
    pub(super) fn remove(&mut self, id: &str) {
        self.calls.retain(|(own, _)| own.as_deref() != Some(id));
        self.bytes = self.calls.iter().map(|(_, text)| text.len()).sum();
    }
}

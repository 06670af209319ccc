//! Messages on their way to the client.

use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// What is still to be written.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    bytes: Vec<u8>,
    sent: usize,
}

impl Outgoing {
    /// Whether the client has everything.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn push(&mut self, message: &[u8]) {
        self.bytes.extend_from_slice(message);
    }

    /// Writes as much as there is; whether the client still reads. Nothing is written twice when the future is dropped.
    pub(super) async fn write(&mut self, output: &mut (impl AsyncWrite + Unpin)) -> bool {
        while let Some(rest) = self.bytes.get(self.sent..).filter(|rest| !rest.is_empty()) {
            match output.write(rest).await {
                Ok(0) | Err(_) => return false,
                Ok(count) => self.sent += count,
            }
        }
        let is_read = output.flush().await.is_ok();
        self.bytes.clear();
        self.sent = 0;
        is_read
    }
}

//! What a configuration is read for, which decides whose values must be there.

use ring::rand::{SecureRandom as _, SystemRandom};
use toolwright_document::Cursor;

/// What a configuration is read for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'p> {
    /// To serve callers: every value must be there.
    Serve,
    /// To serve one client over standard input: the values of these servers must be there; none stands for all servers.
    /// Keys of callers are not looked at there.
    Stdio(&'p [String]),
    /// To show what the file says: no value has to be there.
    Show,
}

impl Purpose<'_> {
    /// Whether what is written at a place is used.
    pub(super) fn needs(self, at: Cursor<'_>) -> bool {
        match self {
            Purpose::Serve => true,
            Purpose::Show => false,
            Purpose::Stdio(servers) => server(at).is_some_and(|name| {
                servers.is_empty() || servers.iter().any(|server| server == name)
            }),
        }
    }
}

/// The server to whose entry a place belongs.
pub(super) fn server(at: Cursor<'_>) -> Option<&str> {
    let mut nodes: Vec<_> = std::iter::successors(Some(at), |node| node.parent()).collect();
    nodes.pop();
    let section = nodes.pop()?;
    let entry = nodes.pop()?;
    (section.key() == Some("mcp_servers"))
        .then(|| entry.key())
        .flatten()
}

/// What stands where a value is not needed and not there. It reads as a secret and as a URL, and nobody can guess it: were
/// it ever taken for a key, it would open nothing.
pub(super) fn stand_in() -> Option<String> {
    let mut random = [0u8; 16];
    SystemRandom::new().fill(&mut random).ok()?;
    Some(format!(
        "https://unset.invalid/{:032x}",
        u128::from_be_bytes(random)
    ))
}

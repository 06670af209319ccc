/// How much of a document is read before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text (64 MiB).
    pub max_bytes: usize,
    /// Values, counted before aliases are followed (4,000,000).
    pub max_nodes: usize,
    /// Objects and arrays within each other, aliases followed (500).
    pub max_depth: usize,
    /// Values that all YAML aliases together stand for (1,000,000).
    pub max_alias_nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_bytes: 64 << 20,
            max_nodes: 4_000_000,
            max_depth: 500,
            max_alias_nodes: 1_000_000,
        }
    }
}

//! The protocol versions that are spoken, and what each of them allows.

/// A revision of the Model Context Protocol, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// Batches are received; no protocol header yet.
    V2025_03_26,
    /// Structured content, titles, the protocol header.
    V2025_06_18,
    /// Error answers without an id; 403 on a bad origin.
    V2025_11_25,
    /// No handshake: every request says its version; any JSON as structured content.
    V2026_07_28,
}

impl Version {
    /// All of them, latest first, as `server/discover` and refusals list them.
    pub const ALL: [Version; 4] = [
        Version::V2026_07_28,
        Version::V2025_11_25,
        Version::V2025_06_18,
        Version::V2025_03_26,
    ];

    /// The version offered to a client whose `initialize` asks for one that is not spoken here.
    pub const LATEST_WITH_HANDSHAKE: Version = Version::V2025_11_25;

    /// The version of a request that does not say one (2025-11-25, transports, "Protocol Version Header").
    pub const WHEN_UNSAID: Version = Version::V2025_03_26;

    /// Reads the date that names a version.
    pub fn parse(text: &str) -> Option<Version> {
        Version::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
    }

    /// The date that names this version.
    pub const fn as_str(self) -> &'static str {
        match self {
            Version::V2025_03_26 => "2025-03-26",
            Version::V2025_06_18 => "2025-06-18",
            Version::V2025_11_25 => "2025-11-25",
            Version::V2026_07_28 => "2026-07-28",
        }
    }

    /// Whether requests carry their version in `_meta` and there is no handshake.
    pub const fn is_modern(self) -> bool {
        matches!(self, Version::V2026_07_28)
    }

    /// Whether an array of messages is a message (removed in 2025-06-18).
    pub const fn has_batches(self) -> bool {
        matches!(self, Version::V2025_03_26)
    }

    /// Whether servers and tools may show icons (since 2025-11-25).
    pub const fn has_icons(self) -> bool {
        matches!(self, Version::V2025_11_25 | Version::V2026_07_28)
    }

    /// Which values `structuredContent` may hold.
    pub const fn structured(self) -> Structured {
        match self {
            Version::V2025_03_26 => Structured::Never,
            Version::V2025_06_18 | Version::V2025_11_25 => Structured::Objects,
            Version::V2026_07_28 => Structured::Anything,
        }
    }

    /// Whether an error answer whose id could not be read leaves the id out, instead of saying `null`.
    pub const fn omits_unknown_id(self) -> bool {
        matches!(self, Version::V2025_11_25 | Version::V2026_07_28)
    }
}

/// What a version allows in `structuredContent` and describes with `outputSchema`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structured {
    /// The field does not exist.
    Never,
    /// JSON objects alone.
    Objects,
    /// Any JSON value.
    Anything,
}

//! The three kinds of bundles. Begin with [`Kind`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of thing travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Content for kiosks (`.kpack`).
    Pack,
    /// Counts from a kiosk (`.kstat`).
    Statistics,
    /// The office's answer to statistics (`.kack`).
    Receipt,
}

impl Kind {
    /// The most bytes of a payload, unpacked. A pack holds pictures and recordings; the others are short texts.
    #[must_use]
    pub const fn largest(self) -> u64 {
        match self {
            Self::Pack => 4 * 1024 * 1024 * 1024,
            Self::Statistics | Self::Receipt => 4 * 1024 * 1024,
        }
    }

    /// How names of its files end, after a dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pack => "kpack",
            Self::Statistics => "kstat",
            Self::Receipt => "kack",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pack => "pack",
            Self::Statistics => "statistics",
            Self::Receipt => "receipt",
        })
    }
}

//! What the office says of statistics that it got. Begin with [`Receipt`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The most ranges of numbers that one receipt may name as lacking.
pub const MOST_LACKING: usize = 400;

/// The longest nonce, in letters.
pub const LONGEST_NONCE: usize = 64;

/// The payload of a `receipt` bundle, which is signed by the office.
///
/// It names bundles by number and by the hash of their payload, so that it can't be taken for the receipt of another bundle
/// with the same number. What a newer office says beside it is passed over (docs/decisions/015).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Whose bundles.
    pub kiosk: String,
    /// Stored by the office: number, and BLAKE3 of the payload. The kiosk need not send these again, unless they are lacking later.
    pub stored: BTreeMap<u64, String>,
    /// Refused for good. The kiosk puts these aside.
    pub refused: BTreeMap<u64, Refused>,
    /// Numbers that the office has neither stored nor refused, as first and last, ascending: those it never got, and those it has
    /// lost. The kiosk sends again what it still has of them. Absent from offices up to version 0.1.0, and from the answer to a bundle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacking: Vec<(u64, u64)>,
    /// When it was made, by the office's clock: seconds since 1970, UTC. Absent as `lacking` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<i64>,
    /// The highest number of this kiosk's bundles that the office has seen, so that a kiosk whose card was lost gives none of them
    /// again. Only in the answer to a kiosk's own question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest: Option<u64>,
    /// What the kiosk made up for its question, so that it knows the answer to be none of an earlier day. Empty if nobody asked, as on
    /// a stick.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nonce: String,
}

impl Receipt {
    /// Whether the office lacks the bundle of this number.
    #[must_use]
    pub fn lacks(&self, sequence: u64) -> bool {
        let mut ranges = self.lacking.iter().take(MOST_LACKING);
        ranges.any(|(first, last)| (*first..=*last).contains(&sequence))
    }
}

/// A bundle that the office does not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// BLAKE3 of the payload.
    pub blake3: String,
    /// Why, in Vietnamese, for staff.
    pub why: String,
}

//! What the office says of statistics that it got. Begin with [`Receipt`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The payload of a `receipt` bundle, which is signed by the office.
///
/// It names bundles by number and by the hash of their payload, so that it can't be taken for the receipt of another bundle
/// with the same number. An old receipt says nothing that is not true any more. What
/// a newer office says beside it is passed over (docs/decisions/015).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Whose bundles.
    pub kiosk: String,
    /// Stored by the office, for good: number, and BLAKE3 of the payload. The kiosk may delete these.
    pub stored: BTreeMap<u64, String>,
    /// Refused for good. The kiosk puts these aside.
    pub refused: BTreeMap<u64, Refused>,
}

/// A bundle that the office does not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// BLAKE3 of the payload.
    pub blake3: String,
    /// Why, in Vietnamese, for staff.
    pub why: String,
}

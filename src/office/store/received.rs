//! A bundle on its way into the store, and what becomes of it. Begin with [`Received`].

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use super::Seconds;
use crate::usage::statistics::Statistics;

/// A bundle whose signature and content were checked.
#[derive(Debug, Clone)]
pub struct Received {
    /// The kiosk's id, which fits its key.
    pub kiosk: String,
    /// The key that signed it, in base64.
    pub public_key: String,
    /// Its number.
    pub sequence: u64,
    /// BLAKE3 of the payload.
    pub blake3: String,
    /// The day it was made, by the kiosk's clock; empty if it had none.
    pub made: String,
    /// When it arrived.
    pub at: Seconds,
    /// What it says, or why that is not taken.
    pub content: Result<Statistics, Objection>,
    /// After this day nothing of what it says had come yet, and a person has had that counted as undated. `content` says so already; it is
    /// remembered for whoever reads the bundle again.
    pub undated_after: Option<NaiveDate>,
    /// The bundle itself.
    pub bundle: Arc<[u8]>,
    /// Where in it the payload lies, packed with zstd; `None` if it isn't.
    pub packed: Option<Range<usize>>,
}

impl Received {
    /// The counts as they came, packed, if they are what `content` says.
    pub(super) fn packed(&self) -> Option<&[u8]> {
        let packed = self.packed.clone().filter(|_| self.undated_after.is_none())?;
        self.bundle.get(packed)
    }
}

/// Why a bundle that is whole is not taken, in Vietnamese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// It will never be: it is refused, and kept aside.
    ForGood(String),
    /// It may be later: nothing is decided, and the kiosk sends it again.
    ForNow(String),
    /// Some of its days have not come yet: somebody's clock is wrong. It may be later, or a person decides.
    Ahead(String),
    /// Nobody has read it, because nobody had accepted its kiosk when it arrived.
    Unread,
}

/// How many days a kiosk's calendar may be ahead of the office's. Kiosks themselves ask another question (docs/decisions/020).
pub const DAYS_AHEAD: u64 = 2;

/// Why a bundle is refused of which a person has said so. It stays refused when its days have come.
pub const REFUSED_BY_A_PERSON: &str = "Có số liệu của ngày chưa đến; cán bộ văn phòng đã xem và không nhận gói này.";

/// What became of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is stored, now or since an earlier time.
    Stored,
    /// Nobody has accepted the kiosk yet; the bundle waits here.
    Waiting,
    /// Nobody has accepted the kiosk yet, and there is no room for its bundle; it must wait where it is.
    NoRoom,
    /// The kiosk is retired; the bundle is kept aside.
    Retired,
    /// Refused for good, and kept aside; why, in Vietnamese.
    Refused(String),
    /// Not decided yet; it waits here if there is room, and where it is in any case; why, in Vietnamese.
    Undecided(String),
}

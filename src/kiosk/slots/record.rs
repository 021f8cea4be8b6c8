//! The file `current`: which pack is shown, and which one was shown before. Begin with [`Record`].

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::SlotError;

/// The longest record, in bytes; ours have about 300, and 100 more for each pack that was left.
const LONGEST: u64 = 4096;

/// So many packs that were left are remembered: the newest.
const MOST_REFUSED: usize = 16;

/// How the names of packs end.
const ENDING: &str = ".db";

/// A place that content can be shown from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Slot {
    /// The pack that was built in.
    Factory,
    /// A pack that was installed.
    Pack {
        /// The name of its file.
        file: String,
        /// Its id; unknown if the record was lost.
        id: Option<String>,
        /// Its sequence number.
        sequence: u64,
    },
}

impl Slot {
    /// A slot for a pack of this number.
    pub(super) fn of(id: Option<String>, sequence: u64) -> Self {
        Self::Pack {
            file: file_of(sequence),
            id,
            sequence,
        }
    }

    /// A slot of which only the file is known.
    pub(super) fn found(sequence: u64) -> Self {
        Self::of(None, sequence)
    }

    /// The name of its file, if it was installed.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Factory => None,
            Self::Pack { file, .. } => Some(file),
        }
    }

    /// Its sequence number, if it was installed.
    #[must_use]
    pub fn sequence(&self) -> Option<u64> {
        match self {
            Self::Factory => None,
            Self::Pack { sequence, .. } => Some(*sequence),
        }
    }
}

/// The name of a pack's file.
pub(super) fn file_of(sequence: u64) -> String {
    format!("{sequence}{ENDING}")
}

/// The number in the name of a pack's file.
pub(super) fn sequence_of(file: &str) -> Option<u64> {
    let number: u64 = file.strip_suffix(ENDING)?.parse().ok()?;
    // One name for each number.
    (file_of(number) == file).then_some(number)
}

/// Which pack is shown. What a newer program wrote beside it is passed over (docs/decisions/015).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub current: Slot,
    pub previous: Option<Slot>,
    /// BLAKE3 of each pack as its office signed it, by file. What earlier programs installed has none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hashes: BTreeMap<String, String>,
    /// The packs that ended the program again and again, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
}

/// A pack that ended the program again and again when it was new here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Refused {
    pub sequence: u64,
    /// BLAKE3 of its bytes, as its office signed it.
    pub blake3: String,
}

impl Record {
    /// Remembers a pack that was left.
    pub fn refuse(&mut self, pack: Refused) {
        self.refused.push(pack);
        let old = self.refused.len().saturating_sub(MOST_REFUSED);
        self.refused.drain(..old);
    }

    /// The current slot, then the one before.
    pub fn order(&self) -> impl Iterator<Item = &Slot> {
        std::iter::once(&self.current).chain(&self.previous)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("two slots are JSON")
    }
}

/// Reads the record.
pub(super) fn read(path: &Path) -> Result<Record, SlotError> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
    let record: Record = serde_json::from_slice(&bytes).map_err(|error| SlotError::Record(error.to_string()))?;
    for slot in record.order() {
        if let Slot::Pack { file, sequence, .. } = slot
            && sequence_of(file) != Some(*sequence)
        {
            return Err(SlotError::Record(format!("{file} is no name of pack {sequence}")));
        }
    }
    Ok(record)
}

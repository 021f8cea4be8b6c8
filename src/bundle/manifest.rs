//! What a bundle says about itself, and what is signed. Begin with [`Manifest`].

use serde::{Deserialize, Serialize};

use super::error::BundleError;
use super::kind::Kind;

/// The format that is written and read.
pub(super) const FORMAT: u64 = 1;

/// The longest id, in letters.
const LONGEST_ID: usize = 64;

/// The longest date, in bytes.
const LONGEST_DATE: usize = 40;

/// The largest sequence number: what integers of `SQLite` hold.
const LARGEST_SEQUENCE: u64 = i64::MAX as u64;

/// What its maker knows of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What travels.
    pub kind: Kind,
    /// Of which pack or kiosk: `a-z`, `0-9` and `-`, at most 64.
    pub id: String,
    /// Grows with each bundle of this id; from 1. Decides which of two is newer: dates never do.
    pub sequence: u64,
    /// The day it was made, for people.
    pub created: String,
}

/// The first member of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Grows when an older program can't read the bundle.
    pub format: u64,
    /// What travels.
    pub kind: Kind,
    /// Of which pack or kiosk.
    pub id: String,
    /// Grows with each bundle of this id.
    pub sequence: u64,
    /// The day it was made, for people.
    pub created: String,
    /// The id of the key it is signed with, 16 hexadecimal digits.
    pub issuer: String,
    /// The payload as it travels.
    pub packed: Payload,
    /// The payload itself.
    pub unpacked: Payload,
}

/// Size and hash of a payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payload {
    /// In bytes.
    pub bytes: u64,
    /// BLAKE3, 64 hexadecimal digits.
    pub blake3: String,
}

impl Payload {
    pub(super) fn hash(&self) -> Option<blake3::Hash> {
        blake3::Hash::from_hex(&self.blake3).ok()
    }
}

impl Manifest {
    /// Reads a manifest whose signature holds; `signer` is the id of the key that made it.
    pub(super) fn read(bytes: &[u8], signer: &str) -> Result<Self, BundleError> {
        // The format first: a newer one may have other fields.
        #[derive(Deserialize)]
        struct Format {
            format: u64,
        }
        let bad = |error: serde_json::Error| BundleError::BadManifest(error.to_string());
        let Format { format } = serde_json::from_slice(bytes).map_err(bad)?;
        if format != FORMAT {
            return Err(BundleError::OtherFormat {
                found: format,
                known: FORMAT,
            });
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(bad)?;
        manifest.check(signer)?;
        Ok(manifest)
    }

    fn check(&self, signer: &str) -> Result<(), BundleError> {
        let wrong = |what: &str| Err(BundleError::BadManifest(what.to_owned()));
        if !is_id(&self.id) {
            return wrong("its id has other letters than a-z, 0-9 and -, or too many");
        }
        if self.sequence == 0 || self.sequence > LARGEST_SEQUENCE {
            return wrong("its sequence number is out of range");
        }
        if self.created.len() > LONGEST_DATE || self.created.contains(char::is_control) {
            return wrong("its date is none");
        }
        if self.issuer != signer {
            return wrong("it names another issuer than the key that signed it");
        }
        if self.packed.hash().is_none() || self.unpacked.hash().is_none() {
            return wrong("a hash has another form than BLAKE3's");
        }
        if self.unpacked.bytes > self.kind.largest() || self.packed.bytes > self.kind.largest() {
            return Err(BundleError::TooLarge("the payload"));
        }
        Ok(())
    }
}

/// Whether this can be the id of a pack or a kiosk.
#[must_use]
pub fn is_id(id: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(good)
}

//! What travels: one signed file format for content packs, statistics and receipts.
//!
//! A bundle is a plain tar of three files in this order: `manifest.json`, its minisign signature, and the payload packed by
//! zstd. [`write()`] makes one, [`Reader`] opens one: in one pass, in constant memory, and without understanding a word
//! of it before the signature of a trusted key holds. Nothing here knows what payloads say, where bundles lie or what time
//! it is. The format and its reasons are in `docs/decisions/007-bundles.md`. Begin with [`Reader`].

mod contact;
mod error;
mod fingerprint;
mod keys;
mod kind;
mod manifest;
mod member;
mod reading;
mod writing;

pub use contact::{Contact, LONGEST_CONTACT};
pub use error::BundleError;
pub use fingerprint::kiosk_named;
pub use keys::{Key, KeyError, PublicKey, Trust};
pub use kind::Kind;
pub use manifest::{Head, Manifest, Payload, is_id};
pub use reading::Reader;
pub use writing::write;

#[cfg(test)]
mod tests;

//! The members of the tar, in their order, and the 512 bytes that stand before each of them.
//!
//! POSIX.1-1988 (ustar) with short names only. Extended headers (PAX, GNU long names), links, devices, folders and sparse
//! files are refused. Begin with [`Member`].

use tar::{EntryType, Header};

use super::error::BundleError;

/// Tar's unit: headers are one block, contents are filled up to whole blocks.
pub(super) const BLOCK: usize = 512;

/// Zeros after the last member: two blocks end a tar, and programs fill the file up to records of twenty blocks.
pub(super) const LEAST_END: usize = 2 * BLOCK;
pub(super) const MOST_END: usize = 22 * BLOCK;

/// The three members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    Manifest,
    Signature,
    Payload,
}

impl Member {
    /// Its name in the tar.
    pub fn name(self) -> &'static str {
        match self {
            Self::Manifest => "manifest.json",
            Self::Signature => "manifest.json.minisig",
            Self::Payload => "payload.zst",
        }
    }

    /// The most bytes it may have; what the payload may have is in the manifest.
    pub fn largest(self) -> u64 {
        match self {
            // Ours has about 400 bytes.
            Self::Manifest => 64 * 1024,
            // Four lines, two of them comments.
            Self::Signature => 2 * 1024,
            Self::Payload => u64::MAX,
        }
    }

    /// Its header.
    pub fn header(self, bytes: u64) -> Result<Header, std::io::Error> {
        let mut header = Header::new_ustar();
        header.set_path(self.name())?;
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(bytes);
        header.set_cksum();
        Ok(header)
    }

    /// Reads its header; gives its length in bytes.
    pub fn read_header(self, block: &[u8; BLOCK]) -> Result<u64, BundleError> {
        let header = Header::from_byte_slice(block);
        if header.as_ustar().is_none() && header.as_gnu().is_none() {
            return Err(BundleError::NotABundle("no tar header where one should be"));
        }
        // The sum of all bytes, with the sum itself counted as eight spaces.
        let sum: u32 = block
            .iter()
            .enumerate()
            .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) })
            .sum();
        if header.cksum().ok() != Some(sum) {
            return Err(BundleError::Damaged("a tar header"));
        }
        if header.entry_type() != EntryType::Regular {
            return Err(BundleError::NotABundle("a member is not a plain file"));
        }
        if *header.path_bytes() != *self.name().as_bytes() {
            return Err(BundleError::NotABundle(
                "other members than a bundle's, or in another order",
            ));
        }
        let bytes = header.entry_size().map_err(|_| BundleError::Damaged("a tar header"))?;
        if bytes > self.largest() {
            return Err(BundleError::TooLarge(self.name()));
        }
        Ok(bytes)
    }
}

/// The zeros that fill up the last block of a content.
pub(super) fn padding(bytes: u64) -> usize {
    let over = usize::try_from(bytes % BLOCK as u64).expect("less than a block");
    if over == 0 { 0 } else { BLOCK - over }
}

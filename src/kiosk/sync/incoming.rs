//! Packs that come over the network: one file that grows until it is whole, and a mark in its place if it proved to be of no
//! use, so that the same pack is not fetched every day anew.
//!
//! The carrier makes the file, the thread that installs takes it. Begin with [`place`].

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The beginning of the names of all that is kept here.
const INCOMING: &str = "incoming-";

/// The ending of marks.
const REFUSED: &str = "refused";

/// Where a pack grows, by its edition and hash. What came of other packs is removed.
///
/// # Errors
/// The folder can't be read or written.
pub fn place(folder: &Path, sequence: u64, hash: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let pack = folder.join(format!("{INCOMING}{sequence}-{hash}.part"));
    let kept = [pack.clone(), mark(&pack)];
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(INCOMING.as_bytes()) && !kept.contains(&entry.path()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(pack)
}

/// Whether this pack was refused before.
#[must_use]
pub fn is_refused(pack: &Path) -> bool {
    mark(pack).exists()
}

/// Removes a pack that is of no use, and remembers it.
///
/// # Errors
/// The folder can't be written to.
pub fn refuse(pack: &Path) -> io::Result<()> {
    File::create(mark(pack))?.sync_all()?;
    fs::remove_file(pack)
}

fn mark(pack: &Path) -> PathBuf {
    pack.with_extension(REFUSED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_pack_is_remembered_until_another_is_offered() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("incoming");
        let pack = place(&folder, 3, "0123456789abcdef").expect("a place");
        fs::write(&pack, "a pack").expect("written");
        refuse(&pack).expect("refused");
        assert!(!pack.exists() && is_refused(&pack));
        assert_eq!(place(&folder, 3, "0123456789abcdef").expect("the same place"), pack);
        assert!(is_refused(&pack));
        let other = place(&folder, 3, "fedcba9876543210").expect("a place");
        assert!(!is_refused(&other) && !is_refused(&pack));
    }
}

//! A small file that is written, read back and removed: the only way to know whether a card still keeps what it is given.
//! Begin with [`try_in`].

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::Advice;
use rustix::io::Errno;

/// Its name. It is there for a moment only, or after a power cut until the next try.
const FILE: &str = ".canary";

/// One block of most file systems, in bytes.
const SIZE: usize = 4096;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canary {
    /// It was kept.
    Fine,
    /// There was no room.
    Full,
    /// Nobody may write there.
    ReadOnly,
    /// It could not be written or read, or another file came back.
    Failing,
}

impl Canary {
    /// In a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Full => "full",
            Self::ReadOnly => "read-only",
            Self::Failing => "failing",
        }
    }

    /// What an error means; `None` if it says nothing of the card, as when the folder is not ours.
    ///
    /// File systems report a broken card as EIO, ext4 and XFS as EUCLEAN or EBADMSG where a checksum is wrong; the block layer
    /// has three more for a medium, target or controller that gave up (the table in Linux' `block/blk-core.c`).
    pub(super) fn of_error(error: &io::Error) -> Option<Self> {
        match Errno::from_io_error(error)? {
            Errno::NOSPC | Errno::DQUOT => Some(Self::Full),
            Errno::ROFS => Some(Self::ReadOnly),
            Errno::IO | Errno::UCLEAN | Errno::BADMSG | Errno::NODATA | Errno::REMOTEIO | Errno::TIMEDOUT => {
                Some(Self::Failing)
            }
            _ => None,
        }
    }
}

/// Tries it in a folder; `None` if it could not be tried.
pub(super) fn try_in(folder: &Path) -> Option<Canary> {
    let path = folder.join(FILE);
    let tried = remove(&path)
        .and_then(|()| {
            let mut options = File::options();
            options.read(true).write(true).create_new(true).mode(0o600).open(&path)
        })
        .and_then(|mut file| keeps(&mut file));
    let removed = remove(&path);
    let outcome = |error: &io::Error| {
        let outcome = Canary::of_error(error);
        if outcome.is_none() {
            tracing::debug!("the canary can't be tried: {error}");
        }
        outcome
    };
    match (tried, removed) {
        (Ok(true), Ok(())) => Some(Canary::Fine),
        (Ok(false), _) => Some(Canary::Failing),
        (Err(error), _) | (Ok(true), Err(error)) => outcome(&error),
    }
}

/// Whether a file gives back what is written to it.
pub(super) fn keeps(file: &mut File) -> io::Result<bool> {
    // Other bytes each time: an old block that comes back must not look like the new one.
    let written: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(SIZE).collect();
    file.write_all(&written)?;
    file.sync_all()?;
    // Else the kernel answers from memory. Where it doesn't take the advice, this reads what it remembers.
    let _ = rustix::fs::fadvise(&*file, 0, None, Advice::DontNeed);
    file.rewind()?;
    let mut read = Vec::with_capacity(SIZE);
    file.take(SIZE as u64 + 1).read_to_end(&mut read)?;
    Ok(read == written)
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

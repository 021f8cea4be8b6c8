//! A damaged `usage.db` is moved out of the way, never repaired and never opened again by the kiosk.
//!
//! The copies are for a technician. How many there have been is read from their names, so the number survives the file
//! that used to hold it. Nothing here opens a database.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::FILE;

/// The damaged copies kept, so that a failing card isn't filled with them.
const KEPT: u64 = 3;

/// Moves the database aside as `usage.db.damaged-N`.
///
/// # Errors
/// The folder can't be read or written.
pub(super) fn set_aside(dir: &Path) -> io::Result<PathBuf> {
    let number = losses(dir)? + 1;
    let target = copy(dir, number);
    // The database first: a log without a database is cleared away when the next one is made, but a database without its
    // log could pass for a sound one with older figures.
    fs::rename(dir.join(FILE), &target)?;
    move_if_there(&companion(&dir.join(FILE), "-wal"), &companion(&target, "-wal"))?;
    remove_if_there(&companion(&dir.join(FILE), "-shm"))?;
    sync_folder(dir)?;
    if let Some(oldest) = number.checked_sub(KEPT).filter(|oldest| *oldest > 0) {
        remove_if_there(&copy(dir, oldest))?;
        remove_if_there(&companion(&copy(dir, oldest), "-wal"))?;
    }
    Ok(target)
}

/// How many databases have been set aside in this folder: the highest number among them.
///
/// # Errors
/// The folder can't be read.
pub(super) fn losses(dir: &Path) -> io::Result<u64> {
    let mut highest = 0;
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        let number = name
            .to_str()
            .and_then(|name| name.strip_prefix(FILE)?.strip_prefix(".damaged-")?.parse().ok());
        highest = highest.max(number.unwrap_or(0));
    }
    Ok(highest)
}

/// Puts a finished new database in its place, with nothing of an older one beside it.
///
/// # Errors
/// The folder can't be written.
pub(super) fn put_in_place(dir: &Path, finished: &Path) -> io::Result<()> {
    for end in ["-wal", "-shm"] {
        // `SQLite` would play an older log into the new file.
        remove_if_there(&companion(&dir.join(FILE), end))?;
    }
    fs::rename(finished, dir.join(FILE))?;
    sync_folder(dir)
}

/// Removes a file that may not be there.
///
/// # Errors
/// It is there and can't be removed.
pub(super) fn remove_if_there(file: &Path) -> io::Result<()> {
    may_be_missing(fs::remove_file(file))
}

fn move_if_there(from: &Path, to: &Path) -> io::Result<()> {
    may_be_missing(fs::rename(from, to))
}

fn may_be_missing(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            Ok(())
        } else {
            Err(error)
        }
    })
}

/// The log or index that belongs to a database.
pub(super) fn companion(database: &Path, end: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn copy(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{FILE}.damaged-{number}"))
}

fn sync_folder(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_three_are_kept_and_the_number_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        for round in 1..=5 {
            fs::write(dir.path().join(FILE), "not a database").unwrap();
            fs::write(dir.path().join("usage.db-wal"), "nor a log").unwrap();
            set_aside(dir.path()).unwrap();
            assert_eq!(round, losses(dir.path()).unwrap());
        }
        let mut left: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let expected = [3, 4, 5].map(|n| [format!("usage.db.damaged-{n}"), format!("usage.db.damaged-{n}-wal")]);
        assert_eq!(expected.concat(), left);
    }
}

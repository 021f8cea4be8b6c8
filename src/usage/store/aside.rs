//! A damaged `usage.db` is moved out of the way, never repaired and never opened again by the kiosk.
//!
//! The copies are for a technician. How many there have been is read from their names, so the number survives the file
//! that used to hold it. Nothing here opens a database.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::FILE;
use crate::files::Files;

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
    let files = Files::default();
    files.remove(&companion(&dir.join(FILE), "-shm"))?;
    files.sync_folder(&target)?;
    if let Some(oldest) = number.checked_sub(KEPT).filter(|oldest| *oldest > 0) {
        files.remove(&copy(dir, oldest))?;
        files.remove(&companion(&copy(dir, oldest), "-wal"))?;
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
    let files = Files::default();
    for end in ["-wal", "-shm"] {
        // `SQLite` would play an older log into the new file.
        files.remove(&companion(&dir.join(FILE), end))?;
    }
    files.put_in_place(finished, &dir.join(FILE))
}

fn move_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
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

//! How an office's `SQLite` file is opened: made if need be, or only if it is there. Begin with [`make`] and [`existing`].

use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};

use super::{DatabaseError, WAIT};
use crate::files;

/// How many statements are kept prepared: more than there are, but for those that name so many kiosks.
const STATEMENTS: usize = 64;

/// Between two attempts to switch to the write-ahead log.
const PAUSE: Duration = Duration::from_millis(10);

/// A connection to a file that is made if it is not there, in which nobody who reads waits for somebody who writes.
pub(super) fn make(file: &str) -> Result<Connection, DatabaseError> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(WAIT)?;
    switch_to_log(&connection)?;
    Ok(ready(connection)?)
}

/// A connection to a file that is there. Nothing is made or changed by opening it.
pub(super) fn existing(file: &str) -> Result<Connection, DatabaseError> {
    // Of a file that can't even be asked for, `SQLite` says why.
    if let Ok(false) = Path::new(file).try_exists() {
        return Err(DatabaseError::NoOffice);
    }
    let flags = OpenFlags::default().difference(OpenFlags::SQLITE_OPEN_CREATE);
    let connection = Connection::open_with_flags(file, flags)?;
    // A copy that may not be written, such as a backup, often lies where nothing may be written beside it either, as `SQLite`
    // would. Whoever has it open for writing has such files there.
    if connection.is_readonly(MAIN_DB)? && !log_of(file).exists() {
        let copy = Connection::open_with_flags(files::unchanging(Path::new(file)), flags)?;
        return Ok(ready(copy)?);
    }
    connection.busy_timeout(WAIT)?;
    Ok(ready(connection)?)
}

/// Writes the whole database as it is at one moment into a file that is empty or not there, ready for the office.
pub(super) fn copy(from: &Connection, file: &Path) -> Result<(), DatabaseError> {
    let name = file
        .to_str()
        .ok_or_else(|| rusqlite::Error::InvalidPath(file.to_owned()))?;
    from.execute("VACUUM INTO $1", [name])?;
    // As one that the office has made: whoever reads waits for nobody who writes.
    let copy = Connection::open(file)?;
    switch_to_log(&copy)?;
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Has the file keep a write-ahead log, now and for ever; does nothing where it does.
///
/// The busy timeout does not cover this: of programs that come at the same moment to a new file, `SQLite` lets one switch
/// and refuses the others at once.
fn switch_to_log(connection: &Connection) -> Result<(), rusqlite::Error> {
    let since = Instant::now();
    loop {
        match connection.execute_batch("PRAGMA journal_mode = WAL") {
            Err(error) if is_busy(&error) && since.elapsed() < WAIT => sleep(PAUSE),
            done => return done,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

fn ready(connection: Connection) -> Result<Connection, rusqlite::Error> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 268435456;",
    )?;
    Ok(connection)
}

fn log_of(file: &str) -> PathBuf {
    format!("{file}-wal").into()
}

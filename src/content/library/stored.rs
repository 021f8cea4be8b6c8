//! A file of a library that another thread reads, a piece at a time. Begin with [`Stored`].

use std::io::{Cursor, Read, Seek};
use std::path::PathBuf;

use rusqlite::OptionalExtension;

use super::{LibraryError, open_read_only, unsound};

/// Where it stands. It may be large, and is read only when somebody wants it.
#[derive(Debug, Clone)]
pub enum Stored {
    /// In a library file, by its name in `media/`.
    In {
        /// The library file.
        library: PathBuf,
        /// The name.
        name: String,
    },
    /// In memory, as a library of an author's folder is.
    Bytes(Vec<u8>),
}

/// Bytes that are read from anywhere in them.
pub trait Bytes: Read + Seek {}

impl<T: Read + Seek> Bytes for T {}

impl Stored {
    /// Has it read.
    ///
    /// # Errors
    /// [`LibraryError::Database`] if the library can't be opened, [`LibraryError::Unsound`] if it holds no such file.
    pub fn read<T>(&self, work: impl FnOnce(&mut dyn Bytes) -> T) -> Result<T, LibraryError> {
        match self {
            Self::Bytes(bytes) => Ok(work(&mut Cursor::new(bytes))),
            Self::In { library, name } => {
                let db = open_read_only(library)?;
                // Each page is read once, from the first to the last: keeping them would take 2 MiB (in KiB, where it is less than 0).
                db.pragma_update(None, "cache_size", -128)?;
                let row: Option<i64> = db
                    .query_row("SELECT rowid FROM media WHERE name = ?1", [name], |row| row.get(0))
                    .optional()?;
                let Some(row) = row else {
                    return unsound(&format!("the file {name} is named and not there"));
                };
                let mut blob = db.blob_open(rusqlite::MAIN_DB, "media", "bytes", row, true)?;
                Ok(work(&mut blob))
            }
        }
    }
}

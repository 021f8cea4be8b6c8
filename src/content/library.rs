//! The library file: one edition of the content as one read-only `SQLite` file, `content.db`.
//!
//! [`write()`] makes the file in the office; the kiosk opens it with [`Library::open`] and reads pages one at a time.
//! Each document is stored as the JSON of its struct in [`super::model`], so that there is one path for all of them.
//! What the home screen and the lists need stands in columns of its own and is read once, as [`Catalogue`].
//! This file never changes a library and never checks what it says: [`super::source`] did that. Begin with [`Library`].

mod catalogue;
mod earlier;
mod pictures;
mod stored;
mod verify;
mod whole;
mod writing;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};
use serde::de::DeserializeOwned;
use thiserror::Error;

pub use catalogue::{Catalogue, Length, PageCard, ProgrammeInfo, QuizInfo};
pub use stored::Stored;
use verify::unsound;
pub use verify::verify;
pub use writing::{write, write_form};

use super::model::{Content, Page, Programme, Quiz};
use super::search::{Hit, Search, SearchError};
use crate::files;

/// Marks a file as ours in its header (`application_id`): the letters C, K, l, b.
const APPLICATION_ID: i32 = 0x434b_6c62;

/// The form that is written (`user_version`). Programs that know only earlier ones refuse it: see docs/decisions/015.
pub const FORM: i32 = 3;

/// The earliest form that is read. It has the same tables, and Markdown where the third has spans.
pub const EARLIEST_FORM: i32 = 2;

/// The longest JSON document that is written or read, in bytes. A long guide has about 20 KiB.
const LONGEST_DOCUMENT: u32 = 1024 * 1024;

/// Why a library can't be written, opened or read.
#[derive(Debug, Error)]
pub enum LibraryError {
    /// Not one of our files; choose another.
    #[error("this is not a content library")]
    NotALibrary,
    /// Made for another version of the program; update the kiosk, or make the pack again.
    #[error("the library has form {found}, this program reads forms {EARLIEST_FORM} to {FORM}")]
    OtherForm {
        /// The form that the file says it has.
        found: i32,
    },
    /// A document is longer than 1 MiB; shorten it, or distrust the file.
    #[error("{what} is longer than {LONGEST_DOCUMENT} bytes")]
    TooLong {
        /// Which document.
        what: String,
    },
    /// A document doesn't have the form of the model; the file is damaged or was made by something else.
    #[error("{what} is not as it should be")]
    Malformed {
        /// Which document.
        what: String,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// The file is damaged, or holds what no library holds; distrust it.
    #[error("the library is unsound: {what}")]
    Unsound {
        /// What is wrong.
        what: String,
    },
    /// The database can't be read or written.
    #[error("the library's database fails")]
    Database(#[from] rusqlite::Error),
    /// The search tables can't be read.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The file can't be written.
    #[error("the library can't be written")]
    Io(#[from] std::io::Error),
}

impl LibraryError {
    /// Whether the file itself is at fault, and will be tomorrow. A disk that can't be read just now says nothing of the file, and
    /// one of another form is good for another program.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::OtherForm { .. } | Self::Io(_) => false,
            Self::Database(error) | Self::Search(SearchError::Database(error)) => is_damage(error),
            Self::NotALibrary
            | Self::TooLong { .. }
            | Self::Malformed { .. }
            | Self::Unsound { .. }
            | Self::Search(SearchError::NoIndex) => true,
        }
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        // `Unknown` is SQLite's word for a statement that makes no sense, and no code at all means a row of an unexpected form. Our
        // statements don't change, so the tables have.
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown) | None => true,
        Some(_) => false,
    }
}

/// An open library.
#[derive(Debug)]
pub struct Library {
    db: Connection,
    /// The file, if it is one.
    path: Option<PathBuf>,
    catalogue: Catalogue,
    search: Search,
}

impl Library {
    /// Opens a library file for reading. Takes the same short time for 10 pages and for 1,000: pages stay on the disk.
    ///
    /// The file must not change as long as it is open (`immutable=1`: `SQLite` then needs neither locks nor a
    /// writable folder).
    ///
    /// # Errors
    /// [`LibraryError::NotALibrary`] and [`LibraryError::OtherForm`] for files that aren't ours to read;
    /// [`LibraryError::Database`] if there is no file, or if it is damaged.
    pub fn open(path: &Path) -> Result<Self, LibraryError> {
        let db = open_read_only(path)?;
        check_form(&db)?;
        // What is read again is in the system's memory anyway: keeping it would take 2 MiB (in KiB, where it is less than 0).
        db.pragma_update(None, "cache_size", -128)?;
        Self::new(db, Some(path.to_owned()))
    }

    /// Makes a library that lives in memory only: for an author's folder that is shown without packing, and for tests.
    ///
    /// # Errors
    /// [`LibraryError::TooLong`] if a document is too long to be stored.
    pub fn in_memory(content: &Content) -> Result<Self, LibraryError> {
        let mut db = Connection::open_in_memory()?;
        writing::fill(&mut db, content, FORM)?;
        Self::new(db, None)
    }

    fn new(db: Connection, path: Option<PathBuf>) -> Result<Self, LibraryError> {
        let catalogue = catalogue::read(&db)?;
        let search = Search::open(&db)?;
        Ok(Self {
            db,
            path,
            catalogue,
            search,
        })
    }

    /// What the pack holds, as far as lists and tiles show it.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Reads a page; `None` if there is no page of this id.
    ///
    /// # Errors
    /// [`LibraryError::TooLong`], [`LibraryError::Malformed`] or [`LibraryError::Database`] if the file is damaged.
    pub fn page(&self, id: &str) -> Result<Option<Page>, LibraryError> {
        self.document("pages", id)
    }

    /// Reads a question set; `None` if there is none of this id.
    ///
    /// # Errors
    /// As [`Library::page`].
    pub fn quiz(&self, id: &str) -> Result<Option<Quiz>, LibraryError> {
        self.document("quizzes", id)
    }

    /// Reads a radio programme; `None` if there is none of this id.
    ///
    /// # Errors
    /// As [`Library::page`].
    pub fn programme(&self, id: &str) -> Result<Option<Programme>, LibraryError> {
        self.document("programmes", id)
    }

    /// Reads a picture or a recording by its file name; `None` if there is none.
    ///
    /// # Errors
    /// [`LibraryError::Database`] if the file is damaged.
    pub fn media(&self, name: &str) -> Result<Option<Vec<u8>>, LibraryError> {
        let mut query = self.db.prepare_cached("SELECT bytes FROM media WHERE name = ?1")?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Where another thread reads a recording of this name, when it wants to.
    ///
    /// # Errors
    /// As [`Self::media`], and [`LibraryError::Unsound`] where there is none.
    pub fn stored(&self, name: &str) -> Result<Stored, LibraryError> {
        match &self.path {
            Some(library) => Ok(Stored::In {
                library: library.clone(),
                name: name.to_owned(),
            }),
            None => match self.media(name)? {
                Some(bytes) => Ok(Stored::Bytes(bytes)),
                None => unsound(&format!("the file {name} is named and not there")),
            },
        }
    }

    /// The first bytes of a picture or a recording; `None` if there is none of this name.
    fn head_of_media(&self, name: &str) -> Result<Option<Vec<u8>>, LibraryError> {
        let mut query = self
            .db
            // Of nothing, SQLite cuts out NULL.
            .prepare_cached("SELECT ifnull(substr(bytes, 1, 512), x'') FROM media WHERE name = ?1")?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Whether there is a picture or a recording of this name.
    fn has_media(&self, name: &str) -> Result<bool, LibraryError> {
        let mut query = self.db.prepare_cached("SELECT 1 FROM media WHERE name = ?1")?;
        Ok(query.exists([name])?)
    }

    /// Finds what was typed, best first, at most `limit` hits; see [`super::search`].
    ///
    /// # Errors
    /// If the search tables can't be read.
    pub fn search(&self, typed: &str, limit: usize) -> Result<Vec<Hit>, LibraryError> {
        Ok(self.search.search(&self.db, typed, limit)?)
    }

    fn document<T: DeserializeOwned>(&self, table: &'static str, id: &str) -> Result<Option<T>, LibraryError> {
        // `octet_length` comes from the record's header, so that a huge document is refused before it is loaded.
        let query = format!("SELECT iif(octet_length(data) <= ?2, data, NULL) FROM {table} WHERE id = ?1");
        let mut query = self.db.prepare_cached(&query)?;
        let found: Option<Option<String>> = query.query_row((id, LONGEST_DOCUMENT), |row| row.get(0)).optional()?;
        match found {
            None => Ok(None),
            Some(None) => Err(LibraryError::TooLong {
                what: format!("{table}/{id}"),
            }),
            Some(Some(json)) => from_json(&json, || format!("{table}/{id}")).map(Some),
        }
    }
}

fn open_read_only(path: &Path) -> Result<Connection, LibraryError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(files::unchanging(path), flags)?;
    // The schema comes from the file: let it call nothing that could have an effect outside.
    db.pragma_update(None, "trusted_schema", false)?;
    Ok(db)
}

/// Refuses what is not ours to read, without touching a table.
fn check_form(db: &Connection) -> Result<(), LibraryError> {
    let pragma = |name: &str| match db.pragma_query_value(None, name, |row| row.get::<_, i32>(0)) {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Err(LibraryError::NotALibrary)
        }
        other => Ok(other?),
    };
    if pragma("application_id")? != APPLICATION_ID {
        return Err(LibraryError::NotALibrary);
    }
    let found = pragma("user_version")?;
    if !(EARLIEST_FORM..=FORM).contains(&found) {
        return Err(LibraryError::OtherForm { found });
    }
    Ok(())
}

/// Every table, index, view and trigger, with its definition.
fn schema_of(db: &Connection) -> Result<Vec<(String, String, Option<String>)>, LibraryError> {
    let mut query = db.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name LIMIT 1000")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Reads one JSON document of the library.
fn from_json<T: DeserializeOwned>(json: &str, what: impl FnOnce() -> String) -> Result<T, LibraryError> {
    serde_json::from_str(json).map_err(|source| LibraryError::Malformed { what: what(), source })
}

#[cfg(test)]
mod tests;

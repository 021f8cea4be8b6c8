//! What residents read: from the author's folder to a page found by three letters.
//!
//! The way of the data: [`source`] reads and checks the author's folder and makes the plain data of [`model`];
//! [`library`] writes it as one file and reads it back, with [`search`] on top. [`vietnamese`] knows the writing system.
//! [`rich`] is text with marks, [`font`] the one font, [`media`] the one decoder of pictures, [`pixels`] says how large a picture is,
//! [`aloud`] what is read out, [`sound`] how a recording of it is kept, [`take_home`] what a telephone takes with it, [`review`] what staff must check. This room has no clock and no Slint. Read [`model::Content`] first.

pub mod aloud;
pub mod faults;
pub mod font;
pub mod library;
pub mod media;
pub mod model;
pub mod pixels;
pub mod review;
pub mod rich;
pub mod search;
pub mod sound;
pub mod source;
pub mod take_home;
pub mod vietnamese;

use std::path::Path;

use chrono::NaiveDate;
use thiserror::Error;

use library::{Library, LibraryError};

/// Why content can't be shown.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The author's folder has errors; the text is the checker's, with each line at fault.
    #[error("{0}")]
    Faulty(String),
    /// The library file can't be opened.
    #[error(transparent)]
    Library(#[from] LibraryError),
}

/// Opens what there is at `path`: an author's folder, checked and kept in memory, or a library file.
///
/// # Errors
/// [`OpenError::Faulty`] with the checker's report, or [`OpenError::Library`].
pub fn open(path: &Path, today: NaiveDate) -> Result<Library, OpenError> {
    if !path.is_dir() {
        return Ok(Library::open(path)?);
    }
    let checked = source::read(path, today);
    match &checked.content {
        Some(content) => Ok(Library::in_memory(content)?),
        None => Err(OpenError::Faulty(checked.report(false))),
    }
}

//! What packs say, for pages that are made of their words. Begin with [`content`].

use std::sync::{Mutex, PoisonError};

use tempfile::TempPath;
use tokio::runtime::Handle;

use super::App;
use crate::content::library::Library;
use crate::content::model::Content;
use crate::office::packs::{self, PackError};
use crate::office::store::Pack;

/// The pack that was looked at last: unpacking it takes longer than making a leaflet of it.
#[derive(Default)]
pub struct Contents(Mutex<Option<Unpacked>>);

struct Unpacked {
    id: String,
    sequence: u64,
    library: Library,
    /// Removed with it.
    _file: TempPath,
}

/// What a pack says, with those of its media that are wanted by their names. Blocks as long as unpacking takes,
/// so it is for a thread beside those that answer.
///
/// # Errors
/// The pack is not there, or damaged.
pub fn content(app: &App, pack: &Pack, wanted: impl Fn(&Library, &str) -> bool) -> Result<Content, PackError> {
    let mut unpacked = app.contents.0.lock().unwrap_or_else(PoisonError::into_inner);
    let known = unpacked.take();
    let known = known.filter(|known| (&known.id, known.sequence) == (&pack.id, pack.sequence));
    let known = if let Some(known) = known {
        known
    } else {
        Handle::current().block_on(packs::fetched(&app.store, &app.folder, pack))?;
        let (library, file) = packs::unpack(&app.folder, &app.trust, pack)?;
        Unpacked {
            id: pack.id.clone(),
            sequence: pack.sequence,
            library,
            _file: file,
        }
    };
    let content = known.library.content(|name| wanted(&known.library, name))?;
    *unpacked = Some(known);
    Ok(content)
}

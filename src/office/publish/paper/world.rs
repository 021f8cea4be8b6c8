//! All that typesetting can see: our templates, our fonts, the job's data and pictures, and the day it was given.
//!
//! There is no network, no package and no file of the machine here. Content comes in as data (`/job.json`), so that no letter of it can be
//! an instruction. Begin with [`Desk`].

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::content::font::FACES;

/// The templates by their names; `style.typ` is what the others share.
const TEMPLATES: [(&str, &str); 18] = [
    ("blocks.typ", include_str!("templates/blocks.typ")),
    ("calendar.typ", include_str!("templates/calendar.typ")),
    ("card.typ", include_str!("templates/card.typ")),
    ("chart.typ", include_str!("templates/chart.typ")),
    ("columns.typ", include_str!("templates/columns.typ")),
    ("deck.typ", include_str!("templates/deck.typ")),
    ("foot.typ", include_str!("templates/foot.typ")),
    ("leaflet.typ", include_str!("templates/leaflet.typ")),
    ("leaflet-a5.typ", include_str!("templates/leaflet-a5.typ")),
    ("lesson.typ", include_str!("templates/lesson.typ")),
    ("pieces.typ", include_str!("templates/pieces.typ")),
    ("poster.typ", include_str!("templates/poster.typ")),
    ("report-parts.typ", include_str!("templates/report-parts.typ")),
    ("report.typ", include_str!("templates/report.typ")),
    ("review.typ", include_str!("templates/review.typ")),
    ("script.typ", include_str!("templates/script.typ")),
    ("style.typ", include_str!("templates/style.typ")),
    ("titles.typ", include_str!("templates/titles.typ")),
];

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::builder().build()));

/// What Nghị định 30/2020/NĐ-CP wants letters of an authority to be set in, Times New Roman, as a font that everybody may pass on: TeX Gyre Termes, of Debian's
/// package `fonts-texgyre` (`build.rs` says from where).
const SERIF: [&[u8]; 4] = [
    include_bytes!(concat!(env!("OUT_DIR"), "/texgyretermes-regular.otf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/texgyretermes-bold.otf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/texgyretermes-italic.otf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/texgyretermes-bolditalic.otf")),
];

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let faces = FACES.into_iter().chain(SERIF);
    faces.filter_map(|face| Font::new(Bytes::new(face), 0)).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// Whether any of our fonts has a picture for a letter.
pub(super) fn covers(letter: char) -> bool {
    FONTS.iter().any(|font| font.info().coverage.contains(letter.into()))
}

/// What lies on the typesetter's desk for one job.
pub(super) struct Desk {
    main: FileId,
    templates: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
    today: NaiveDate,
}

impl Desk {
    /// A job set by the template of this name. `files` are the data and the pictures by their paths.
    ///
    /// # Panics
    /// Never: the names of our templates are paths.
    pub(super) fn new(template: &str, files: BTreeMap<String, Vec<u8>>, today: NaiveDate) -> Self {
        let templates = TEMPLATES.iter().filter_map(|(name, text)| {
            let id = id(name)?;
            Some((id, Source::new(id, (*text).to_owned())))
        });
        let files = files.into_iter();
        Self {
            main: id(template).expect("the names of templates are paths"),
            templates: templates.collect(),
            files: files
                .filter_map(|(name, bytes)| Some((id(&name)?, Bytes::new(bytes))))
                .collect(),
            today,
        }
    }
}

fn id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(format!("/{name}")).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(id.vpath().get_without_slash()))
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.templates.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        let [month, day] = [self.today.month(), self.today.day()].map(u8::try_from);
        Datetime::from_ymd(self.today.year(), month.ok()?, day.ok()?)
    }
}

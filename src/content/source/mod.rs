//! The author's folder: from UTF-8 text files to [`Content`], with every fault that stands in the way.
//!
//! `folder` reads files, `fields` and `markdown` read their two languages, one file each reads a kind of content, and
//! `check` holds the rules between files and `wording` those about words. Nothing here writes, and nothing asks for the date: it comes in.
//! Begin with [`read`].

mod check;
mod commune;
mod english;
mod facts;
mod fields;
mod file;
mod folder;
mod front_matter;
mod glyphs;
mod groups;
mod inline;
mod insertions;
mod lengths;
mod line_ends;
mod links;
mod lookalikes;
mod markdown;
mod markers;
mod media;
mod notes;
mod notices;
mod old_code;
mod pages;
mod phones;
mod pieces;
mod programmes;
mod quizzes;
mod recordings;
mod refusal;
mod screenful;
mod sentences;
mod style;
mod syntax;
mod tables;
mod values;
mod voices;
mod wording;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use self::file::SourceFile;
use self::folder::Folder;
use self::notes::Notes;
use self::pages::Ordered;
use super::faults::{self, Fault, Place};
use super::model::{Content, Section};
use super::vietnamese::spoken::Pronunciations;
pub use links::is_official;

/// What came of reading an author's folder.
#[derive(Debug)]
pub struct Checked {
    /// The content, if there is no error in it. Warnings don't count.
    pub content: Option<Content>,
    /// Errors and warnings, in the order of files and lines.
    pub faults: Vec<Fault>,
    /// The text of each file by path, to show the lines of faults.
    pub texts: BTreeMap<String, String>,
    /// All recordings that could be read, also such as are not in the content.
    pub recordings: Vec<Recorded>,
    /// How the author has words said (`spoken.toml`).
    pub pronunciations: Pronunciations,
    /// The program that speaks, with what it is started with (`voice.toml`); empty if there is none.
    pub voice: Vec<String>,
}

/// A recording as its folder knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// What it reads, as [`super::model::Said`] is written.
    pub of: String,
    /// How long it lasts, in seconds.
    pub seconds: u32,
    /// Who speaks.
    pub voice: String,
    /// Whether that is a machine.
    pub machine: bool,
    /// What is written has changed since; no kiosk plays it.
    pub is_stale: bool,
    /// When each of its parts begins, in seconds; empty if it was recorded in one piece.
    pub parts: Vec<u32>,
}

impl Checked {
    /// The faults with the lines they are on, for a terminal or a log.
    #[must_use]
    pub fn report(&self, colour: bool) -> String {
        faults::render(&self.faults, &self.texts, colour)
    }
}

/// Reads and checks an author's folder. `today` decides which pages are due for review.
#[must_use]
pub fn read(dir: &Path, today: NaiveDate) -> Checked {
    let mut notes = Notes::new(today);
    let mut texts = BTreeMap::new();
    let mut content = None;
    let mut recordings = Vec::new();
    let mut voice = Vec::new();
    if let Some(mut folder) = folder::read(dir, &mut notes) {
        if let Some(file) = folder.texts.get("voice.toml") {
            voice = voices::voice(file, &mut notes);
        }
        content = Some(read_files(&folder, &mut notes));
        let content = content.get_or_insert_default();
        content.media = std::mem::take(&mut folder.media);
        media::make_ready(content, &mut notes);
        check::between_files(content, &mut notes);
        // Last, because they say what all the others say.
        recordings = recordings::read(&folder, content, &mut notes);
        texts = folder.texts.into_iter().map(|(name, file)| (name, file.text)).collect();
    }
    let mut faults = notes.faults;
    faults.sort_by_cached_key(|fault| (fault.place.file.clone(), fault.place.span.start));
    let (errors, _) = faults::count(&faults);
    Checked {
        content: content.filter(|_| errors == 0),
        faults,
        texts,
        recordings,
        pronunciations: notes.pronunciations,
        voice,
    }
}

/// How the author of a folder has words said, whatever else is wrong in it.
#[must_use]
pub fn pronunciations(dir: &Path) -> Pronunciations {
    // Nothing here depends on the day.
    let mut notes = Notes::new(NaiveDate::default());
    let folder = folder::read(dir, &mut notes).unwrap_or_default();
    let file = folder.texts.get("spoken.toml");
    file.map(|file| voices::pronunciations(file, &mut notes))
        .unwrap_or_default()
}

fn read_files(folder: &Folder, notes: &mut Notes) -> Content {
    // First, because every other file may insert these facts.
    if let Some(file) = required(folder, "commune.toml", notes) {
        commune::read(file, notes);
    }
    // Then this, because it says how every other file should be worded.
    if let Some(file) = folder.texts.get("style.toml") {
        tables::style(file, notes);
    }
    // And this, because what is reckoned of programmes and recordings is reckoned of what is said.
    if let Some(file) = folder.texts.get("spoken.toml") {
        notes.pronunciations = voices::pronunciations(file, notes);
    }
    let mut content = Content::default();
    if let Some(file) = required(folder, "pack.toml", notes) {
        content.pack = tables::pack(file, notes);
    }
    if let Some(file) = required(folder, "sections.toml", notes) {
        content.sections = tables::sections(file, notes);
    }
    if let Some(file) = folder.texts.get("synonyms.toml") {
        content.synonyms = tables::synonyms(file, notes);
    }
    if let Some(file) = folder.texts.get("calendar.toml") {
        content.events = tables::calendar(file, notes);
    }
    if let Some(file) = folder.texts.get("topics.toml") {
        content.topics = tables::topics(file, notes);
    }
    let pages = folder.texts.values().filter(|file| file.name.starts_with("pages/"));
    let (english, pages): (Vec<_>, Vec<_>) = pages.partition(|file| english::is_english(file));
    let mut pages: Vec<Ordered> = pages.into_iter().filter_map(|file| pages::read(file, notes)).collect();
    pages.sort_by_cached_key(|page| place_of(page, &content.sections));
    groups::fill(&mut content.sections, &pages, notes);
    content.pages = pages.into_iter().map(|ordered| ordered.page).collect();
    for file in english {
        english::read(file, &mut content.pages, notes);
    }
    content.quizzes = folder.texts_in("quiz").map(|file| quizzes::read(file, notes)).collect();
    content.programmes = folder
        .texts_in("programmes")
        .filter_map(|file| programmes::read(file, notes))
        .collect();
    content.programmes.sort_by_key(|programme| Reverse(programme.month));
    content.notices = notices::read_all(folder.texts_in("notices"), notes);
    content.commune.clone_from(&notes.facts.values);
    content
}

fn required<'a>(folder: &'a Folder, name: &str, notes: &mut Notes) -> Option<&'a SourceFile> {
    let file = folder.texts.get(name);
    // One that is there and can't be read has been reported.
    if file.is_none() && notes.half_read.insert(name.to_owned()) {
        notes.add(Fault::error("missing-file", Place::whole(name), "Thiếu tệp này"));
    }
    file
}

/// Pages stand in the order of their sections, then in the one they ask for, then in that of the alphabet, where
/// accents count only between words that are otherwise equal.
fn place_of(Ordered { page, order, .. }: &Ordered, sections: &[Section]) -> (usize, u64, String, String) {
    let section = sections
        .iter()
        .position(|section| section.id == page.section)
        .unwrap_or(usize::MAX);
    let letters = page.title.to_lowercase().replace('đ', "d");
    let letters = letters.nfd().filter(|c| !is_combining_mark(*c)).collect();
    (section, *order, letters, page.title.clone())
}

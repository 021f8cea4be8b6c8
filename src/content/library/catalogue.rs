//! What lists and tiles show of a library: read once when it is opened, without parsing a single page.
//!
//! Begin with [`Catalogue`].

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::de::DeserializeOwned;

use super::pictures::{self, Pictures};
use super::{LibraryError, from_json};
use crate::content::model::{Event, Notice, Pack, Recording, Said, Section, Topic};

/// Everything in a library except what is inside its pages, question sets and programmes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Catalogue {
    /// Who made it and which edition it is.
    pub pack: Pack,
    /// Facts of the commune by key; an empty value means that staff have not filled it in.
    pub commune: BTreeMap<String, String>,
    /// The tiles of the home screen, in their order.
    pub sections: Vec<Section>,
    /// All pages, in the order of their sections.
    pub pages: Vec<PageCard>,
    /// The question sets.
    pub quizzes: Vec<QuizInfo>,
    /// The radio programmes, the newest month first.
    pub programmes: Vec<ProgrammeInfo>,
    /// Meetings, classes and contests.
    pub events: Vec<Event>,
    /// What people ask for in their own words; the second form had none.
    pub topics: Vec<Topic>,
    /// Notices of the commune, whole, because they are short; older libraries have none.
    pub notices: Vec<Notice>,
    /// What can be heard; older libraries have none.
    pub recordings: Vec<Recording>,
}

impl Catalogue {
    /// The section of this id.
    #[must_use]
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The page cards of a section, in their order.
    pub fn pages_of<'a>(&'a self, section: &'a str) -> impl Iterator<Item = &'a PageCard> {
        self.pages.iter().filter(move |page| page.section == section)
    }

    /// The topic of this id.
    #[must_use]
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// The notice of this id.
    #[must_use]
    pub fn notice(&self, id: &str) -> Option<&Notice> {
        self.notices.iter().find(|notice| notice.id == id)
    }

    /// The recording of this.
    #[must_use]
    pub fn recording(&self, said: Said<'_>) -> Option<&Recording> {
        let of = said.to_string();
        self.recordings.iter().find(|recording| recording.of == of)
    }

    /// The card of the page of this id.
    #[must_use]
    pub fn card(&self, page: &str) -> Option<&PageCard> {
        self.pages.iter().find(|card| card.id == page)
    }
}

/// A page as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCard {
    /// The page's id.
    pub id: String,
    /// The section that lists it.
    pub section: String,
    /// Title as residents see it.
    pub title: String,
    /// One line under it.
    pub summary: String,
    /// English title; may be empty.
    pub title_en: String,
    /// English line; may be empty.
    pub summary_en: String,
    /// How much it asks of the reader.
    pub length: Length,
    /// Whether the whole page can be read in English.
    pub english: bool,
    /// File name in `media/` of the picture by which it is known; empty if it has none, or if the library is from before there
    /// were any.
    pub picture: String,
}

/// How much a page asks of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// A guide: so many steps to do.
    Steps(u32),
    /// An article: so many minutes to read, at least one.
    Minutes(u32),
}

/// A question set as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuizInfo {
    /// The set's id.
    pub id: String,
    /// Title of the set.
    pub title: String,
    /// One line under it.
    pub summary: String,
    /// How many questions it has.
    pub count: u32,
}

/// A radio programme as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeInfo {
    /// The programme's id.
    pub id: String,
    /// Title of the programme.
    pub title: String,
    /// One line under it.
    pub summary: String,
    /// First day of its month.
    pub month: NaiveDate,
    /// How long it lasts when read aloud.
    pub minutes: u32,
    /// File name in `media/`; empty as long as nobody has recorded it.
    pub audio: String,
}

/// Reads the catalogue from the columns that are kept for it.
pub(super) fn read(db: &Connection) -> Result<Catalogue, LibraryError> {
    let mut pictures: Pictures = optional_value(db, pictures::KEY)?.unwrap_or_default();
    let mut sections: Vec<Section> = documents(db, "sections")?;
    for section in &mut sections {
        section.picture = pictures.sections.remove(&section.id).unwrap_or_default();
    }
    Ok(Catalogue {
        pack: value(db, "pack")?,
        commune: value(db, "commune")?,
        sections,
        pages: rows(
            db,
            "SELECT id, section, title, summary, title_en, summary_en, steps, minutes, english FROM pages ORDER BY position",
            |row| page_card(row, &mut pictures),
        )?,
        quizzes: rows(
            db,
            "SELECT id, title, summary, count FROM quizzes ORDER BY position",
            |row| {
                Ok(QuizInfo {
                    id: row.get(0)?,
                    title: row.get(1)?,
                    summary: row.get(2)?,
                    count: row.get(3)?,
                })
            },
        )?,
        programmes: rows(
            db,
            "SELECT id, title, summary, month, minutes, audio FROM programmes ORDER BY position",
            programme_info,
        )?,
        events: documents(db, "events")?,
        topics: optional_value(db, "topics")?.unwrap_or_default(),
        notices: optional_value(db, "notices")?.unwrap_or_default(),
        recordings: optional_value(db, "recordings")?.unwrap_or_default(),
    })
}

fn page_card(row: &Row<'_>, pictures: &mut Pictures) -> rusqlite::Result<PageCard> {
    let id: String = row.get(0)?;
    let steps: Option<u32> = row.get(6)?;
    Ok(PageCard {
        picture: pictures.pages.remove(&id).unwrap_or_default(),
        id,
        section: row.get(1)?,
        title: row.get(2)?,
        summary: row.get(3)?,
        title_en: row.get(4)?,
        summary_en: row.get(5)?,
        length: match steps {
            Some(steps) => Length::Steps(steps),
            None => Length::Minutes(row.get(7)?),
        },
        english: row.get(8)?,
    })
}

fn programme_info(row: &Row<'_>) -> rusqlite::Result<ProgrammeInfo> {
    let days: i32 = row.get(3)?;
    Ok(ProgrammeInfo {
        id: row.get(0)?,
        title: row.get(1)?,
        summary: row.get(2)?,
        month: NaiveDate::from_num_days_from_ce_opt(days)
            .ok_or(rusqlite::Error::IntegralValueOutOfRange(3, days.into()))?,
        minutes: row.get(4)?,
        audio: row.get(5)?,
    })
}

fn value<T: DeserializeOwned>(db: &Connection, key: &str) -> Result<T, LibraryError> {
    let json: String = db.query_row("SELECT value FROM pack WHERE key = ?1", [key], |row| row.get(0))?;
    from_json(&json, || key.to_owned())
}

fn optional_value<T: DeserializeOwned>(db: &Connection, key: &str) -> Result<Option<T>, LibraryError> {
    let json: Option<String> = db
        .query_row("SELECT value FROM pack WHERE key = ?1", [key], |row| row.get(0))
        .optional()?;
    json.map(|json| from_json(&json, || key.to_owned())).transpose()
}

pub(super) fn documents<T: DeserializeOwned>(db: &Connection, table: &str) -> Result<Vec<T>, LibraryError> {
    let all: Vec<String> = rows(db, &format!("SELECT data FROM {table} ORDER BY position"), |row| {
        row.get(0)
    })?;
    all.iter().map(|json| from_json(json, || table.to_owned())).collect()
}

fn rows<T>(
    db: &Connection,
    query: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, LibraryError> {
    Ok(db.prepare(query)?.query_map([], read)?.collect::<Result<_, _>>()?)
}

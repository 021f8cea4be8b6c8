//! Making a library file out of checked content.
//!
//! The same content always gives the same bytes: nothing here asks for the time or for chance. Begin with [`write()`].

use std::path::Path;

use chrono::Datelike;
use rusqlite::{Connection, Transaction};
use serde::Serialize;
use serde_json::Value;

use super::{APPLICATION_ID, EARLIEST_FORM, FORM, LONGEST_DOCUMENT, LibraryError, earlier, pictures};
use crate::content::model::{Block, Body, Content, Page, Programme, Quiz};
use crate::content::search;
use crate::files::{self, Files};

/// Words that a practised reader reads in a minute.
const WORDS_A_MINUTE: usize = 150;

/// Writes a library file. A reader finds the old file or the new one under `path`, never a part of one.
///
/// # Errors
/// [`LibraryError::TooLong`] if a document is too long; [`LibraryError::Io`] or [`LibraryError::Database`] if the
/// folder can't be written to. Then there is no new file, and no temporary one either.
pub fn write(content: &Content, path: &Path) -> Result<(), LibraryError> {
    write_form(content, FORM, path)
}

/// The same in an earlier form, from [`super::EARLIEST_FORM`] on, for kiosks whose program knows no later one.
///
/// # Errors
/// As [`write()`]; [`LibraryError::OtherForm`] for a form that this program doesn't write.
pub fn write_form(content: &Content, form: i32, path: &Path) -> Result<(), LibraryError> {
    if !(EARLIEST_FORM..=FORM).contains(&form) {
        return Err(LibraryError::OtherForm { found: form });
    }
    let files = Files::default();
    // Beside the file, because a rename is atomic only inside one file system.
    let temporary = files::unfinished(path);
    // Left by a run that was cut off.
    files.remove(&temporary)?;
    let written = write_temporary(content, form, &temporary).and_then(|()| Ok(files.put_in_place(&temporary, path)?));
    if written.is_err() {
        // Ignored, because the first error says more than this one would.
        let _ = files.remove(&temporary);
    }
    written
}

fn write_temporary(content: &Content, form: i32, path: &Path) -> Result<(), LibraryError> {
    let mut db = Connection::open(path)?;
    // Nobody sees the file before the rename, so it needs neither a journal nor a flush until then.
    db.pragma_update(None, "journal_mode", "off")?;
    db.pragma_update(None, "synchronous", "off")?;
    fill(&mut db, content, form)?;
    db.close().map_err(|(_, error)| error.into())
}

/// Fills an empty database, in one of the forms.
pub(super) fn fill(db: &mut Connection, content: &Content, form: i32) -> Result<(), LibraryError> {
    let tx = db.transaction()?;
    tx.execute_batch(include_str!("schema.sql"))?;
    insert_value(&tx, "pack", &content.pack)?;
    insert_value(&tx, "commune", &content.commune)?;
    let name_of = |name: &str| match content.media.get(name) {
        Some(bytes) if form < FORM => earlier::name_of(name, bytes),
        _ => name.to_owned(),
    };
    let mut sections = content.sections.clone();
    for section in &mut sections {
        section.icon = name_of(&section.icon);
        // The second form listed all pages of a section.
        if form < FORM {
            section.groups.clear();
        }
    }
    insert_documents(&tx, "sections", &sections)?;
    let document = |what: &str, newest: serde_json::Result<Value>| {
        let written = newest.and_then(|newest| {
            if form == FORM {
                Ok(newest)
            } else {
                earlier::document(newest, &name_of)
            }
        });
        written
            .map_err(|source| LibraryError::Malformed {
                what: what.to_owned(),
                source,
            })
            .and_then(|written| json(&written, what))
    };
    for (position, page) in content.pages.iter().enumerate() {
        insert_page(&tx, position, page, &document(&page.id, serde_json::to_value(page))?)?;
    }
    for (position, quiz) in content.quizzes.iter().enumerate() {
        let mut quiz = quiz.clone();
        if form < FORM {
            // Its programs show none, and know some of them by other names.
            quiz.questions.iter_mut().for_each(|question| question.picture.clear());
        }
        insert_quiz(&tx, position, &quiz)?;
    }
    for (position, programme) in content.programmes.iter().enumerate() {
        let document = document(&programme.id, serde_json::to_value(programme))?;
        insert_programme(&tx, position, programme, &document)?;
    }
    let mut events = content.events.clone();
    if form < FORM {
        // It had neither links to events, nor such as repeat or have no day yet.
        events.retain(|event| event.date.is_some() && event.repeats.is_none());
        for event in &mut events {
            event.id.clear();
        }
    }
    insert_documents(&tx, "events", &events)?;
    if form == FORM {
        insert_value(&tx, "topics", &content.topics)?;
        insert_value(&tx, pictures::KEY, &pictures::Pictures::of(content))?;
        // Programs of this form that are older than notices or recordings pass over them.
        insert_value(&tx, "notices", &content.notices)?;
        insert_value(&tx, "recordings", &content.recordings)?;
    }
    insert_documents(&tx, "synonyms", &content.synonyms)?;
    for (name, bytes) in &content.media {
        tx.prepare_cached("INSERT INTO media VALUES (?1, ?2)")?
            .execute((name_of(name), bytes))?;
    }
    search::create_index(&tx, content, &events)?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", form)?;
    tx.commit()?;
    Ok(())
}

fn insert_value(tx: &Transaction<'_>, key: &str, value: &impl Serialize) -> Result<(), LibraryError> {
    tx.execute("INSERT INTO pack VALUES (?1, ?2)", (key, json(value, key)?))?;
    Ok(())
}

fn insert_documents<T: Serialize>(tx: &Transaction<'_>, table: &str, all: &[T]) -> Result<(), LibraryError> {
    for (position, one) in all.iter().enumerate() {
        tx.execute(
            &format!("INSERT INTO {table} VALUES (?1, ?2)"),
            (number(position), json(one, table)?),
        )?;
    }
    Ok(())
}

fn insert_page(tx: &Transaction<'_>, position: usize, page: &Page, document: &str) -> Result<(), LibraryError> {
    let (steps, minutes) = match &page.body {
        Body::Guide(guide) => (Some(guide.steps.len()), None),
        Body::Article { blocks } => (None, Some(minutes_to_read(blocks))),
    };
    tx.prepare_cached("INSERT INTO pages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?
        .execute((
            number(position),
            &page.id,
            &page.section,
            &page.title,
            &page.summary,
            &page.title_en,
            &page.summary_en,
            steps.map(number),
            minutes.map(number),
            page.english.is_some(),
            document,
        ))?;
    Ok(())
}

fn insert_quiz(tx: &Transaction<'_>, position: usize, quiz: &Quiz) -> Result<(), LibraryError> {
    tx.execute(
        "INSERT INTO quizzes VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            number(position),
            &quiz.id,
            &quiz.title,
            &quiz.summary,
            number(quiz.questions.len()),
            json(quiz, &quiz.id)?,
        ),
    )?;
    Ok(())
}

fn insert_programme(
    tx: &Transaction<'_>,
    position: usize,
    programme: &Programme,
    document: &str,
) -> Result<(), LibraryError> {
    tx.execute(
        "INSERT INTO programmes VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            number(position),
            &programme.id,
            &programme.title,
            &programme.summary,
            programme.month.num_days_from_ce(),
            programme.minutes,
            &programme.audio,
            document,
        ),
    )?;
    Ok(())
}

/// A count as `SQLite` stores it.
fn number(count: usize) -> i64 {
    i64::try_from(count).expect("nothing in memory has so many parts")
}

fn json(value: &impl Serialize, what: &str) -> Result<String, LibraryError> {
    let json = serde_json::to_string(value).map_err(|source| LibraryError::Malformed {
        what: what.to_owned(),
        source,
    })?;
    if json.len() > LONGEST_DOCUMENT as usize {
        return Err(LibraryError::TooLong { what: what.to_owned() });
    }
    Ok(json)
}

/// At least one, so that no list says "0 minutes".
fn minutes_to_read(blocks: &[Block]) -> usize {
    let words = |text: &str| text.split_whitespace().count();
    let total: usize = blocks
        .iter()
        .map(|block| {
            let plain = match block {
                Block::Heading { text } | Block::Link { text, .. } => words(text),
                Block::Table { header, .. } => header.iter().map(|column| words(column)).sum(),
                _ => 0,
            };
            plain + block.texts().iter().map(|text| words(&text.text())).sum::<usize>()
        })
        .sum();
    total.div_ceil(WORDS_A_MINUTE).max(1)
}

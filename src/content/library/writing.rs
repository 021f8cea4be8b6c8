//! Making a library file out of checked content.
//!
//! The same content always gives the same bytes: nothing here asks for the time or for chance. Begin with [`write()`].

use std::path::Path;

use chrono::Datelike;
use rusqlite::{Connection, Transaction};
use serde::Serialize;

use super::{APPLICATION_ID, FORM, LONGEST_DOCUMENT, LibraryError};
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
    let files = Files::default();
    // Beside the file, because a rename is atomic only inside one file system.
    let temporary = files::unfinished(path);
    // Left by a run that was cut off.
    files.remove(&temporary)?;
    let written = write_temporary(content, &temporary).and_then(|()| Ok(files.put_in_place(&temporary, path)?));
    if written.is_err() {
        // Ignored, because the first error says more than this one would.
        let _ = files.remove(&temporary);
    }
    written
}

fn write_temporary(content: &Content, path: &Path) -> Result<(), LibraryError> {
    let mut db = Connection::open(path)?;
    // Nobody sees the file before the rename, so it needs neither a journal nor a flush until then.
    db.pragma_update(None, "journal_mode", "off")?;
    db.pragma_update(None, "synchronous", "off")?;
    fill(&mut db, content)?;
    db.close().map_err(|(_, error)| error.into())
}

/// Fills an empty database.
pub(super) fn fill(db: &mut Connection, content: &Content) -> Result<(), LibraryError> {
    let tx = db.transaction()?;
    tx.execute_batch(include_str!("schema.sql"))?;
    insert_value(&tx, "pack", &content.pack)?;
    insert_value(&tx, "commune", &content.commune)?;
    insert_documents(&tx, "sections", &content.sections)?;
    for (position, page) in content.pages.iter().enumerate() {
        insert_page(&tx, position, page)?;
    }
    for (position, quiz) in content.quizzes.iter().enumerate() {
        insert_quiz(&tx, position, quiz)?;
    }
    for (position, programme) in content.programmes.iter().enumerate() {
        insert_programme(&tx, position, programme)?;
    }
    insert_documents(&tx, "events", &content.events)?;
    insert_documents(&tx, "synonyms", &content.synonyms)?;
    for (name, bytes) in &content.media {
        tx.prepare_cached("INSERT INTO media VALUES (?1, ?2)")?
            .execute((name, bytes))?;
    }
    search::create_index(&tx, content)?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", FORM)?;
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

fn insert_page(tx: &Transaction<'_>, position: usize, page: &Page) -> Result<(), LibraryError> {
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
            json(page, &page.id)?,
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

fn insert_programme(tx: &Transaction<'_>, position: usize, programme: &Programme) -> Result<(), LibraryError> {
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
            json(programme, &programme.id)?,
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
    let words = |text: &String| text.split_whitespace().count();
    let total: usize = blocks
        .iter()
        .map(|block| match block {
            Block::Heading { text } | Block::Paragraph { text } | Block::Link { text, .. } => words(text),
            Block::List { items: texts, .. }
            | Block::Note { paragraphs: texts }
            | Block::Warning { paragraphs: texts }
            | Block::Contact { paragraphs: texts } => texts.iter().map(words).sum(),
            Block::Picture { .. } => 0,
        })
        .sum();
    total.div_ceil(WORDS_A_MINUTE).max(1)
}

//! Which entries answer a query, and in which order.
//!
//! Each typed word gives each entry a level: how well the entry answers it. An entry is as good as the worst of its
//! levels, and nothing if one word isn't answered at all. Begin with [`rank`].

use std::ops::RangeInclusive;

use rusqlite::Connection;

use super::form::Form;
use super::index::{SHORT_BEGINNING, beginning};
use super::places::{self, Place};
use super::query::{Query, QueryWord, title_line};

/// Levels of an entry for a word: even for a whole word, one more for the beginning of a word.
const TONED_TITLE: u8 = 0;
const TITLE: u8 = 2;
const KEYWORD: u8 = 4;
const SYNONYM_IN_TITLE: u8 = 6;
const SUMMARY: u8 = 8;
const BODY: u8 = 10;
const NOWHERE: u8 = u8::MAX;

/// Orders of an entry: a title typed whole goes before every level, first with its tones (as typed, then as Telex), then
/// without; then a keyword typed whole.
const WHOLE_TITLE_TONED: [u8; 2] = [0, 1];
const WHOLE_TITLE: u8 = 2;
const WHOLE_KEYWORD: u8 = 3;
const BY_LEVEL: u8 = 4;

/// The entries of a library, numbered from 1.
#[derive(Debug)]
pub(super) struct Entries {
    pub count: u32,
    /// Question sets and programmes. Whoever asks how a birth is registered wants the guide, not the programme that spoke of it in February.
    pub besides: Option<RangeInclusive<u32>>,
}

/// An entry that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ranked {
    /// Its number.
    pub entry: u32,
    /// Some word is answered by the body alone.
    pub in_body: bool,
    /// Every word is answered by title, keywords or summary; the beginning of a word in a summary is no answer yet, nor are two letters of
    /// one in a keyword.
    pub answers: bool,
}

/// The best `limit` of the `entries` that answer every word of the query.
pub(super) fn rank(
    db: &Connection,
    entries: &Entries,
    query: &Query,
    form: Form,
    synonyms: &[(u32, u8)],
    limit: usize,
) -> rusqlite::Result<Vec<Ranked>> {
    let slots = entries.count as usize + 1;
    let mut worst = vec![0_u8; slots];
    let mut sum = vec![0_u16; slots];
    let mut answers = vec![true; slots];
    let keywords = whole_keywords(db, query)?;
    for (index, word) in query.words.iter().enumerate() {
        let mut levels = Levels {
            best: vec![NOWHERE; slots],
            answered: false,
        };
        for (entry, _) in &keywords {
            levels.note(*entry, KEYWORD);
        }
        let unfinished = index + 1 == query.words.len();
        levels.note_word(db, word, form, unfinished)?;
        if query.toned {
            levels.note_word(db, word, Form::Toned, unfinished)?;
        }
        for (group, _) in synonyms.iter().filter(|(_, covered)| covered & (1 << index) != 0) {
            levels.note_synonyms(db, *group)?;
        }
        if !levels.answered {
            return Ok(Vec::new());
        }
        // Two letters begin too many words to mean one of a keyword.
        let is_short = word
            .readings
            .iter()
            .all(|reading| reading.folded.chars().count() <= SHORT_BEGINNING);
        for (entry, &level) in levels.best.iter().enumerate() {
            worst[entry] = level.max(worst[entry]);
            sum[entry] += u16::from(level);
            answers[entry] &= level <= SUMMARY && !(is_short && level == KEYWORD + 1);
        }
    }
    let mut order: Vec<u8> = worst.iter().map(|level| BY_LEVEL + level / 2).collect();
    for (entry, place) in keywords.into_iter().chain(whole_titles(db, query)?) {
        if let Some(order) = order.get_mut(entry as usize) {
            *order = place;
        }
    }
    let is_beside = |entry: u32| entries.besides.as_ref().is_some_and(|besides| besides.contains(&entry));
    let mut answering: Vec<(u8, bool, u16, u32)> = (1..=entries.count)
        .filter(|&entry| worst[entry as usize] != NOWHERE)
        .map(|entry| {
            let at = entry as usize;
            // A title typed whole is meant.
            (order[at], order[at] >= BY_LEVEL && is_beside(entry), sum[at], entry)
        })
        .collect();
    if answering.len() > limit {
        // Only what is shown has to be in order.
        answering.select_nth_unstable(limit);
        answering.truncate(limit);
    }
    answering.sort_unstable();
    let ranked = answering.into_iter().map(|(.., entry)| Ranked {
        entry,
        in_body: worst[entry as usize] >= BODY,
        answers: answers[entry as usize],
    });
    Ok(ranked.collect())
}

/// Each entry's best level for one word.
struct Levels {
    best: Vec<u8>,
    answered: bool,
}

impl Levels {
    fn note(&mut self, entry: u32, level: u8) {
        // A number that is out of range comes from a damaged file.
        if let Some(best) = self.best.get_mut(entry as usize) {
            *best = level.min(*best);
            self.answered = true;
        }
    }

    /// Notes all entries that have the word in one form.
    fn note_word(&mut self, db: &Connection, word: &QueryWord, form: Form, unfinished: bool) -> rusqlite::Result<()> {
        for reading in &word.readings {
            let word = form.of(reading);
            let mut note_all = |blob: &[u8], beginning: u8| {
                for (entry, place) in places::read(blob) {
                    let level = match (form, place) {
                        (Form::Toned, _) => TONED_TITLE,
                        (_, Place::Title) => TITLE,
                        (_, Place::Keyword) => KEYWORD,
                        (_, Place::Summary) => SUMMARY,
                        (_, Place::Body) => BODY,
                    };
                    self.note(entry, level + beginning);
                }
            };
            let mut whole = db.prepare_cached("SELECT places FROM search_words WHERE form = ?1 AND word = ?2")?;
            let mut rows = whole.query((form.column(), &*word))?;
            while let Some(row) = rows.next()? {
                note_all(row.get_ref(0)?.as_blob()?, 0);
            }
            drop(rows);
            if !unfinished {
                continue;
            }
            if word.chars().count() <= SHORT_BEGINNING {
                let mut rows = whole.query((form.column(), beginning(&word)))?;
                while let Some(row) = rows.next()? {
                    note_all(row.get_ref(0)?.as_blob()?, 1);
                }
            } else {
                let mut longer = db.prepare_cached(
                    "SELECT places FROM search_words WHERE form = ?1 AND word > ?2 AND word < ?2 || char(0x10ffff)",
                )?;
                let mut rows = longer.query((form.column(), &*word))?;
                while let Some(row) = rows.next()? {
                    note_all(row.get_ref(0)?.as_blob()?, 1);
                }
            }
        }
        Ok(())
    }

    /// Notes all entries that have any phrase of a synonym group.
    fn note_synonyms(&mut self, db: &Connection, group: u32) -> rusqlite::Result<()> {
        let mut places = db.prepare_cached("SELECT places FROM search_synonyms WHERE id = ?1")?;
        let mut rows = places.query([group])?;
        while let Some(row) = rows.next()? {
            for (entry, place) in places::read(row.get_ref(0)?.as_blob()?) {
                let level = match place {
                    Place::Title | Place::Keyword => SYNONYM_IN_TITLE,
                    // After the word itself in the same place.
                    Place::Summary => SUMMARY + 1,
                    Place::Body => BODY + 1,
                };
                self.note(entry, level);
            }
        }
        Ok(())
    }
}

/// The entries of which a whole keyword was typed, slips forgiven, with their order.
fn whole_keywords(db: &Connection, query: &Query) -> rusqlite::Result<Vec<(u32, u8)>> {
    let mut found = Vec::new();
    let mut keywords = db.prepare_cached("SELECT entry FROM search_keywords WHERE form = ?1 AND keyword = ?2")?;
    // Slips last: what was typed rightly goes before.
    for form in [Form::Folded, Form::Slip] {
        for line in query.lines(form) {
            let mut rows = keywords.query((form.column(), line))?;
            while let Some(row) = rows.next()? {
                found.push((row.get(0)?, WHOLE_KEYWORD));
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    Ok(found)
}

/// The entries whose whole title was typed, and their orders.
fn whole_titles(db: &Connection, query: &Query) -> rusqlite::Result<Vec<(u32, u8)>> {
    let mut found = Vec::new();
    let toned = query.lines(Form::Toned);
    let mut titles = db.prepare_cached("SELECT id, title FROM search_entries WHERE folded_title = ?1")?;
    for line in query.lines(Form::Folded) {
        let mut rows = titles.query([line])?;
        while let Some(row) = rows.next()? {
            let title: String = row.get(1)?;
            let title = title_line(&title);
            let order = toned.iter().position(|line| *line == title);
            let order = order
                .and_then(|order| WHOLE_TITLE_TONED.get(order))
                .unwrap_or(&WHOLE_TITLE);
            found.push((row.get(0)?, *order));
        }
    }
    Ok(found)
}

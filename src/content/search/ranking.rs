//! Which entries answer a query, and in which order.
//!
//! Each typed word gives each entry a level: how well the entry answers it. An entry is as good as the worst of its
//! levels, and nothing if one word isn't answered at all; words that only ask ("ở đâu") decide nothing. What was typed whole, or
//! stands whole in what was typed, goes before. Begin with [`rank`].

use std::ops::{Range, RangeInclusive};

use rusqlite::Connection;

use super::form::{Form, QueryWord};
use super::index::{SHORT_BEGINNING, beginning, keywords_of};
use super::places::{self, Place};
use super::query::{MOST_WORDS, Query, title_line};
use crate::content::vietnamese::{fold, words};

/// Levels of an entry for a word: even for a whole word, one more for the beginning of a word.
const TONED_TITLE: u8 = 0;
const TITLE: u8 = 2;
const KEYWORD: u8 = 4;
const SYNONYM_IN_TITLE: u8 = 6;
const SUMMARY: u8 = 8;
const BODY: u8 = 10;
const NOWHERE: u8 = u8::MAX;

/// What a word beside a phrase that was typed whole costs where it isn't answered.
const UNANSWERED: u8 = 20;

/// Orders of an entry: a title typed whole goes before every level, first with its tones (as typed, then as Telex), then
/// without; then a keyword typed whole; then either of them, with nothing beside it but words that only ask.
const WHOLE_TITLE_TONED: [u8; 2] = [0, 1];
const WHOLE_TITLE: u8 = 2;
const WHOLE_KEYWORD: u8 = 3;
const ASKED_FOR: u8 = 4;
const BY_LEVEL: u8 = 5;

/// The entries of a library, numbered from 1.
#[derive(Debug)]
pub(super) struct Entries {
    pub count: u32,
    /// Question sets and programmes. Whoever asks how a birth is registered wants the guide, not the programme that spoke of it in February.
    pub besides: Option<RangeInclusive<u32>>,
}

/// An entry that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ranked {
    /// Its number.
    pub entry: u32,
    /// How it fits.
    pub fit: Fit,
}

/// How an entry fits what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Title or keyword was typed whole, perhaps with words beside it that only ask.
    Whole,
    /// Title or keyword stands whole in what was typed, and makes up at least two thirds of what was asked for.
    Inside,
    /// The same, but it makes up only half: it answers if nothing else does.
    Half,
    /// Every word is answered by title, keywords or summary. Whether together, their text says.
    Words,
    /// The same, but so little was typed that it says nothing: the beginning of a word in a summary, two letters of one in a keyword.
    Beginnings,
    /// Some word is answered by the body alone.
    Body,
}

/// The best `limit` of the `entries` that answer every word of the query that doesn't only ask, or of which title or keyword is in it.
pub(super) fn rank(
    db: &Connection,
    entries: &Entries,
    query: &Query,
    whole: &[WholePhrase],
    form: Form,
    synonyms: &[(u32, u8)],
    limit: usize,
) -> rusqlite::Result<Vec<Ranked>> {
    let slots = entries.count as usize + 1;
    let mut worst = vec![0_u8; slots];
    let mut sum = vec![0_u16; slots];
    let mut says_little = vec![false; slots];
    for (index, word) in query.words.iter().enumerate() {
        let mut levels = Levels {
            best: vec![NOWHERE; slots],
            answered: false,
        };
        let unfinished = index + 1 == query.words.len();
        levels.note_word(db, word, form, unfinished)?;
        if query.toned {
            levels.note_word(db, word, Form::Toned, unfinished)?;
        }
        for (group, _) in synonyms.iter().filter(|(_, covered)| covered & (1 << index) != 0) {
            levels.note_synonyms(db, *group)?;
        }
        if !levels.answered && query.asked_for[index] && whole.is_empty() {
            return Ok(Vec::new());
        }
        // Two letters begin too many words to mean one of a keyword.
        let is_short = word
            .readings
            .iter()
            .all(|reading| reading.folded.chars().count() <= SHORT_BEGINNING);
        for (entry, &level) in levels.best.iter().enumerate() {
            if query.asked_for[index] {
                sum[entry] += u16::from(level.min(UNANSWERED));
                worst[entry] = level.max(worst[entry]);
                // What was heard wrongly is no answer in a summary: too many words sound alike.
                let in_summary = if form == Form::Slip { KEYWORD + 1 } else { SUMMARY };
                says_little[entry] |= level > in_summary || is_short && level == KEYWORD + 1;
            }
        }
    }
    // The order of each entry, how many words stand beside the phrase that decides it, and how it fits.
    let mut found: Vec<(u8, usize, Fit)> = (0..slots)
        .map(|entry| {
            let fit = match worst[entry] {
                BODY.. => Fit::Body,
                _ if says_little[entry] => Fit::Beginnings,
                _ => Fit::Words,
            };
            (BY_LEVEL + worst[entry] / 2, 0, fit)
        })
        .collect();
    for phrase in whole {
        if let Some(found) = found.get_mut(phrase.entry as usize)
            // Another phrase of the entry may fit better, and so may its words.
            && (phrase.order, phrase.beside) < (found.0, found.1)
        {
            *found = (phrase.order, phrase.beside, phrase.fit);
        }
    }
    let is_beside = |entry: u32| entries.besides.as_ref().is_some_and(|besides| besides.contains(&entry));
    let mut answering: Vec<(u8, bool, usize, u16, u32)> = (1..=entries.count)
        .filter(|&entry| found[entry as usize].0 <= BY_LEVEL + BODY.div_ceil(2))
        .map(|entry| {
            let at = entry as usize;
            let (order, beside, fit) = found[at];
            // A title typed whole is meant.
            (order, fit != Fit::Whole && is_beside(entry), beside, sum[at], entry)
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
        fit: found[entry as usize].2,
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

/// An entry of which title or keyword was typed whole, or stands whole in what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WholePhrase {
    entry: u32,
    order: u8,
    /// How many words were typed beside it.
    pub beside: usize,
    fit: Fit,
}

/// The entries of which title or keyword was typed whole, or stands whole in what was typed. An entry may come several times.
///
/// If the library is `marked`, one whose marks are others than those typed doesn't count.
pub(super) fn whole_phrases(db: &Connection, query: &Query, marked: bool) -> rusqlite::Result<Vec<WholePhrase>> {
    let mut found = whole_titles(db, query)?;
    if marked {
        keep_those_meant(db, query, 0..query.words.len(), Form::Folded, &mut found, 0)?;
    }
    let mut keywords = db.prepare_cached("SELECT entry FROM search_keywords WHERE form = ?1 AND keyword = ?2")?;
    let mut titles = db.prepare_cached("SELECT id FROM search_entries WHERE folded_title = ?1")?;
    let all = query.words.len();
    let wanted = count(&query.asked_for);
    let last_is_short = all > 1
        && (query.words.last()).is_some_and(|last| {
            last.readings
                .iter()
                .all(|reading| reading.folded.chars().count() <= SHORT_BEGINNING && !reading.is_marked_syllable())
        });
    // Slips last: what was typed rightly goes before.
    for form in [Form::Folded, Form::Slip] {
        for range in ranges(all) {
            let inside = count(&query.asked_for[range.clone()]);
            // Two letters behind it may become a word that only asks, or anything; but "luật sư" is no "luật".
            let outside = if last_is_short && range.end == all - 1 {
                wanted - inside - usize::from(query.asked_for[all - 1])
            } else {
                wanted - inside
            };
            // Inside of a keyword a word is more than asking: "cho can" is "chó cắn".
            let covered = range.len();
            let (order, fit) = if covered == all {
                (WHOLE_KEYWORD, Fit::Whole)
            } else if inside == 0 {
                continue;
            } else if inside == wanted {
                (ASKED_FOR, Fit::Whole)
            } else if outside == 0 {
                (ASKED_FOR, Fit::Inside)
            } else if covered == 1 {
                continue;
            } else if covered > inside && covered >= 2 * outside {
                (BY_LEVEL + TITLE / 2, Fit::Inside)
            } else if covered >= 2 * outside {
                (BY_LEVEL + KEYWORD / 2, Fit::Inside)
            } else if covered >= outside && outside <= 2 {
                (BY_LEVEL + KEYWORD / 2, Fit::Half)
            } else {
                continue;
            };
            let beside = all - range.len();
            let before = found.len();
            for line in query.lines_of(range.clone(), form) {
                let mut note = |entry| {
                    found.push(WholePhrase {
                        entry,
                        order,
                        beside,
                        fit,
                    });
                };
                let mut rows = keywords.query((form.column(), &line))?;
                while let Some(row) = rows.next()? {
                    note(row.get(0)?);
                }
                // Titles have no form for slips, and those typed whole are found already.
                if form == Form::Folded && beside > 0 {
                    let mut rows = titles.query([&line])?;
                    while let Some(row) = rows.next()? {
                        note(row.get(0)?);
                    }
                }
            }
            if marked {
                keep_those_meant(db, query, range, form, &mut found, before)?;
            }
        }
        if found.iter().any(|phrase| phrase.fit == Fit::Whole) {
            break;
        }
    }
    Ok(found)
}

/// Drops those of the phrases found from `first` on that the marks of the typed words in `range` contradict.
fn keep_those_meant(
    db: &Connection,
    query: &Query,
    range: Range<usize>,
    form: Form,
    found: &mut Vec<WholePhrase>,
    first: usize,
) -> rusqlite::Result<()> {
    let typed = &query.words[range];
    if !typed.iter().any(QueryWord::has_marks) {
        return Ok(());
    }
    for phrase in found.split_off(first) {
        let title: String = db
            .prepare_cached("SELECT title FROM search_entries WHERE id = ?1")?
            .query_row([phrase.entry], |row| row.get(0))?;
        let keywords = keywords_of(db, phrase.entry)?;
        let mut lines = [title.as_str()].into_iter().chain(keywords.lines());
        if lines.any(|line| is_meant(typed, form, line)) {
            found.push(phrase);
        }
    }
    Ok(())
}

/// Whether the typed words can mean a title or keyword as it is written, word by word.
fn is_meant(typed: &[QueryWord], form: Form, line: &str) -> bool {
    let mut written = words(line).take(MOST_WORDS);
    let begins = typed.iter().all(|typed| {
        written.next().is_some_and(|written| {
            let folded = fold(written.text);
            let mut readings = typed.readings.iter();
            readings.any(|reading| form.of(reading) == form.of_folded(&folded) && reading.agrees(written.text))
        })
    });
    begins && written.next().is_none()
}

fn count(flags: &[bool]) -> usize {
    flags.iter().filter(|flag| **flag).count()
}

/// Every run of neighbours among so many words.
fn ranges(words: usize) -> impl Iterator<Item = Range<usize>> {
    (0..words).flat_map(move |start| (start + 1..=words).map(move |end| start..end))
}

/// The entries whose whole title was typed.
fn whole_titles(db: &Connection, query: &Query) -> rusqlite::Result<Vec<WholePhrase>> {
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
            found.push(WholePhrase {
                entry: row.get(0)?,
                order: *order,
                beside: 0,
                fit: Fit::Whole,
            });
        }
    }
    Ok(found)
}

//! Search: from what a person typed to the pages that answer it, on every key.
//!
//! Both sides are folded, so tones may be missing; Telex is understood; words of one synonym group stand for each other;
//! the last word may be unfinished. Each typed word must be answered, but for those that only ask. Nothing typed is kept: a [`Search`] has no state.
//!
//! How it is fast: [`create_index`] stores, for each word and for each beginning of one or two letters, which entries
//! hold it and where at best (title, summary, body). A key then costs a handful of look-ups and one pass over an array
//! with a byte an entry, whatever is typed; there is no relevance formula to compute and no text to read except that of
//! the hits shown. The FTS5 table `search_text` holds the same words for people with `sqlite3`.
//!
//! Begin with [`Search`].

mod excerpt;
mod fillers;
mod form;
mod hits;
mod index;
mod phrase;
mod places;
mod query;
mod ranking;
mod run_together;
mod slips;
mod text;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use rusqlite::Connection;
use thiserror::Error;

pub use index::create_index;
use index::{MARKED, PHRASE};

use excerpt::{Closeness, Marker};
use form::Form;
use hits::{found, hold_to_marks, note_keywords};
use phrase::Phrase;
use query::Query;
use ranking::{Entries, Fit, Ranked};

use crate::content::vietnamese::fold;

/// Why a search can't answer. Either way the library file is not one to keep: another pack must be installed.
#[derive(Debug, Error)]
pub enum SearchError {
    /// The library was made without search tables.
    #[error("the library has no search tables")]
    NoIndex,
    /// The search tables can't be read.
    #[error("the search tables can't be read")]
    Database(#[from] rusqlite::Error),
}

/// What a hit opens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A page, by its id.
    Page(String),
    /// A radio programme, by its id.
    Programme(String),
    /// A question set, by its id.
    Quiz(String),
    /// What people ask for and no page answers yet, by its id.
    Topic(String),
    /// A tile of the home screen, by its id.
    Section(String),
    /// A group of pages of a section: the section's id, and its own.
    Group(String, String),
    /// Meetings, classes and contests.
    Calendar,
    /// Whom to ask, where and when.
    StaffHelp,
}

impl Target {
    /// The id of what it opens; empty where there is only one of its kind.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Page(id)
            | Self::Programme(id)
            | Self::Quiz(id)
            | Self::Topic(id)
            | Self::Section(id)
            | Self::Group(_, id) => id,
            Self::Calendar | Self::StaffHelp => "",
        }
    }
}

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it opens.
    pub target: Target,
    /// Whether it answers what was typed: title, a keyword or the summary says so. Otherwise it only mentions the words.
    pub answers: bool,
    /// The section that lists it; empty if none does.
    pub section: String,
    /// As residents see it.
    pub title: String,
    /// Bytes of `title` that answer what was typed, in order, without overlap.
    pub title_marks: Vec<Range<usize>>,
    /// The summary; or, if only the body answers, the words around the first answer. May be empty.
    pub excerpt: String,
    /// Bytes of `excerpt` that answer what was typed, in order, without overlap.
    pub excerpt_marks: Vec<Range<usize>>,
}

/// The search of one library file.
#[derive(Debug)]
pub struct Search {
    entries: Entries,
    phrases: Vec<Phrase>,
    /// Whether the library says how keywords and synonyms are written; those made before marks were compared don't.
    marked: bool,
}

impl Search {
    /// Reads what every search needs: how many entries there are, and the synonyms.
    ///
    /// # Errors
    /// [`SearchError::NoIndex`] if the file has no search tables; [`SearchError::Database`] if it can't be read.
    pub fn open(db: &Connection) -> Result<Self, SearchError> {
        if !db.table_exists(None, "search_entries")? {
            return Err(SearchError::NoIndex);
        }
        let entries = db.query_row(
            "SELECT count(*), min(id) FILTER (WHERE kind IN ('quiz', 'programme')),
             max(id) FILTER (WHERE kind IN ('quiz', 'programme')) FROM search_entries",
            [],
            |row| {
                let (first, last): (Option<u32>, Option<u32>) = (row.get(1)?, row.get(2)?);
                Ok(Entries {
                    count: row.get(0)?,
                    besides: first.zip(last).map(|(first, last)| first..=last),
                })
            },
        )?;
        let sql = "SELECT EXISTS (SELECT 1 FROM search_keywords WHERE form = ?1)";
        let marked = db.query_row(sql, [MARKED], |row| row.get(0))?;
        let mut as_written = db.prepare("SELECT entry, keyword FROM search_keywords WHERE form = ?1")?;
        let mut phrases_as_written: HashMap<(u32, String), String> = HashMap::new();
        let mut rows = as_written.query([PHRASE])?;
        while let Some(row) = rows.next()? {
            let written: String = row.get(1)?;
            // Of two that differ in marks alone, either may be meant.
            let first = phrases_as_written.entry((row.get(0)?, fold(&written)));
            first.and_modify(String::clear).or_insert(written);
        }
        let mut phrases = db.prepare("SELECT phrase, synonyms FROM search_phrases")?;
        let phrases = phrases.query_map([], |row| {
            let key: (u32, String) = (row.get(1)?, row.get(0)?);
            let written = phrases_as_written.get(&key).map_or("", String::as_str);
            Ok(Phrase::new(key.1.clone(), written, key.0))
        })?;
        Ok(Self {
            entries,
            phrases: phrases.collect::<Result<_, _>>()?,
            marked,
        })
    }

    /// Finds what answers the typed text, the best first, at most `limit` hits.
    ///
    /// `db` must be the library that [`Search::open`] was given. Of `typed`, 64 letters and 8 words are looked at.
    /// A title that was typed whole comes first, then a keyword, also with words beside it that only ask ("khai sinh ở đâu"); then what
    /// answers all other words in the title with the tones typed, in the title, in keywords (or has a keyword that makes up most of what was
    /// typed), by synonyms in the title, in the summary, and in the body. Among these, pages and topics go before question sets and
    /// programmes, whole words before beginnings, then the order of the pages decides. What only mentions the words comes after what answers
    /// them; bodies in which the words stand together go before others. If nothing answers, or words only meet by chance, slips of spelling and
    /// missing spaces are forgiven, if that answers better.
    ///
    /// # Errors
    /// [`SearchError::Database`] if the library can't be read.
    pub fn search(&self, db: &Connection, typed: &str, limit: usize) -> Result<Vec<Hit>, SearchError> {
        let query = Query::of(typed);
        if query.words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut best = Attempt::default();
        for form in [Form::Folded, Form::Slip] {
            best = self.better(best, db, &query, form, limit)?;
        }
        if best.quality == Quality::Good {
            return Ok(best.hits);
        }
        if let Some(parted) = run_together::part(db, &query)? {
            best = self.better(best, db, &parted, Form::Folded, limit)?;
        }
        if best.quality == Quality::Nothing
            && let Some(joined) = run_together::join(db, &query)?
        {
            best = self.better(best, db, &joined, Form::Folded, limit)?;
        }
        Ok(best.hits)
    }

    /// The better of what was found so far and of another way to read the query.
    ///
    /// What was found so far is only given up for a title, keyword or summary: so the texts of the others need not be
    /// read, and a key costs no more than before.
    fn better(
        &self,
        best: Attempt,
        db: &Connection,
        query: &Query,
        form: Form,
        limit: usize,
    ) -> Result<Attempt, SearchError> {
        if best.quality == Quality::Good {
            return Ok(best);
        }
        let synonyms = self.synonyms_in(query);
        let mut whole = ranking::whole_phrases(db, query, self.marked)?;
        let literal;
        let query = if whole.iter().any(|phrase| phrase.beside == 0) {
            // Who types a whole title or keyword means that, and no part of it.
            whole.retain(|phrase| phrase.beside == 0);
            literal = query.literally();
            &literal
        } else {
            query
        };
        let ranked = ranking::rank(db, &self.entries, query, &whole, form, &synonyms, limit)?;
        if best.quality == Quality::Nothing {
            return self.attempt(db, query, form, &synonyms, ranked);
        }
        let may_be_better = ranked.first().is_some_and(|first| match first.fit {
            Fit::Whole => true,
            Fit::Words => best.quality == Quality::ByChance,
            _ => false,
        });
        if may_be_better {
            let other = self.attempt(db, query, form, &synonyms, ranked)?;
            if other.quality == Quality::Good {
                return Ok(other);
            }
        }
        Ok(best)
    }

    /// The hits of a query whose words are compared in one form.
    fn attempt(
        &self,
        db: &Connection,
        query: &Query,
        form: Form,
        synonyms: &[(u32, u8)],
        ranked: Vec<Ranked>,
    ) -> Result<Attempt, SearchError> {
        let phrases = self.phrases.iter().filter_map(|phrase| {
            let (_, bits) = synonyms.iter().find(|(group, _)| *group == phrase.synonyms)?;
            Some((phrase, *bits))
        });
        let marker = Marker::new(query, form, phrases.collect());
        let mut hits = Vec::with_capacity(ranked.len());
        for ranked in ranked {
            hits.extend(found(db, ranked, &marker)?);
        }
        note_keywords(db, &marker, &mut hits)?;
        if self.marked {
            hold_to_marks(db, &marker, &mut hits)?;
        }
        if !hits.iter().any(|found| found.hit.answers) {
            for found in hits.iter_mut().filter(|found| found.fit == Fit::Half) {
                found.hit.answers = true;
            }
        }
        // Whether words stand together or only meet by chance shows when the text is read, so the order is put right here, and only among
        // the hits that are shown.
        hits.sort_by_key(|found| {
            let in_body = found.fit == Fit::Body;
            (
                Reverse(found.hit.answers),
                in_body,
                in_body.then_some(Reverse(found.closeness)),
            )
        });
        let quality = match hits.first() {
            None => Quality::Nothing,
            Some(found) if matches!(found.fit, Fit::Inside | Fit::Half) => Quality::InPart,
            Some(found) if found.closeness < Closeness::Together => Quality::ByChance,
            Some(_) => Quality::Good,
        };
        Ok(Attempt {
            quality,
            hits: hits.into_iter().map(|found| found.hit).collect(),
        })
    }

    /// The synonym groups of which the query holds a phrase, with the typed words it covers as bits.
    fn synonyms_in(&self, query: &Query) -> Vec<(u32, u8)> {
        let mut found: Vec<(u32, u8)> = Vec::new();
        for start in 0..query.words.len() {
            for phrase in self.phrases.iter().filter(|phrase| phrase.is_typed_at(query, start)) {
                let covered = (start..start + phrase.words.len()).fold(0, |bits, index| bits | 1 << index);
                match found.iter_mut().find(|(group, _)| *group == phrase.synonyms) {
                    Some((_, bits)) => *bits |= covered,
                    None => found.push((phrase.synonyms, covered)),
                }
            }
        }
        found
    }
}

/// How well the first hit of an attempt answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Quality {
    #[default]
    Nothing,
    /// The words meet by chance: somewhere in a body, or in keywords that have nothing to do with each other.
    ByChance,
    /// A part of what was typed is answered.
    InPart,
    /// By a title, a keyword or the summary, or one after the other in a body: nothing has to be forgiven.
    Good,
}

/// What one way to read the query found.
#[derive(Debug, Default)]
struct Attempt {
    quality: Quality,
    hits: Vec<Hit>,
}

#[cfg(test)]
mod tests;

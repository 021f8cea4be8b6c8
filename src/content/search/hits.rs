//! What is read of an entry that was found: what the screen shows, and whether it answers or only mentions.
//!
//! Begin with [`found`].

use rusqlite::Connection;

use super::excerpt::{Closeness, Marker};
use super::index::{is_described, keywords_of};
use super::ranking::{Fit, Ranked};
use super::{Hit, SearchError, Target};
use crate::content::vietnamese::fold;

/// A hit, and how well it fits.
pub(super) struct Found {
    entry: u32,
    pub fit: Fit,
    pub closeness: Closeness,
    /// Whether its summary says what it is about.
    described: bool,
    pub hit: Hit,
}

/// Reads what a hit shows, and how close together the answers stand; keywords are looked at by [`note_keywords`].
///
/// `None` if the entry is of a kind that this program doesn't know.
pub(super) fn found(db: &Connection, ranked: Ranked, marker: &Marker<'_>) -> Result<Option<Found>, SearchError> {
    let in_body = ranked.fit == Fit::Body;
    let mut entry = db.prepare_cached(
        "SELECT kind, target, section, title, summary, iif(?2, body, ''), iif(?2, folded_body, '')
         FROM search_entries WHERE id = ?1",
    )?;
    let mut rows = entry.query((ranked.entry, in_body))?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let kind = row.get_ref(0)?.as_str().unwrap_or_default();
    let target = match kind {
        "page" => Target::Page(row.get(1)?),
        "programme" => Target::Programme(row.get(1)?),
        "quiz" => Target::Quiz(row.get(1)?),
        "topic" => Target::Topic(row.get(1)?),
        "section" => Target::Section(row.get(1)?),
        "group" => Target::Group(row.get(2)?, row.get(1)?),
        "calendar" | "event" => Target::Calendar,
        "staff" => Target::StaffHelp,
        _ => return Ok(None),
    };
    let described = is_described(kind);
    let (title, summary): (String, String) = (row.get(3)?, row.get(4)?);
    let (closeness, excerpt) = match ranked.fit {
        Fit::Body => {
            let (body, folded_body): (String, String) = (row.get(5)?, row.get(6)?);
            marker.excerpt(&body, &folded_body)
        }
        Fit::Words => {
            let texts = [&title]
                .into_iter()
                .chain(described.then_some(&summary))
                .map(|text| fold(text));
            let closeness = if marker.is_answered_together(texts) {
                Closeness::Together
            } else {
                Closeness::Scattered
            };
            (closeness, summary)
        }
        Fit::Whole | Fit::Inside | Fit::Half | Fit::Beginnings => (Closeness::Together, summary),
    };
    let hit = Hit {
        target,
        answers: match ranked.fit {
            Fit::Whole | Fit::Inside => true,
            Fit::Words => closeness == Closeness::Together,
            Fit::Half | Fit::Beginnings | Fit::Body => false,
        },
        section: row.get(2)?,
        title_marks: marker.marks(&title),
        title,
        excerpt_marks: marker.marks(&excerpt),
        excerpt,
    };
    Ok(Some(Found {
        entry: ranked.entry,
        fit: ranked.fit,
        closeness,
        described,
        hit,
    }))
}

/// Looks whether keywords answer together where title and summary don't.
pub(super) fn note_keywords(db: &Connection, marker: &Marker<'_>, hits: &mut [Found]) -> Result<(), SearchError> {
    let mut open: Vec<&mut Found> = hits
        .iter_mut()
        .filter(|found| found.fit == Fit::Words && !found.hit.answers)
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let entries: Vec<String> = open.iter().map(|found| found.entry.to_string()).collect();
    let mut keywords = db.prepare_cached(
        "SELECT entry, keyword FROM search_keywords WHERE form = 'folded' AND entry IN (SELECT value FROM json_each(?1))",
    )?;
    let rows = keywords.query_map([format!("[{}]", entries.join(","))], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let rows: Vec<(u32, String)> = rows.collect::<Result<_, _>>()?;
    for found in &mut open {
        let own = rows.iter().filter(|(entry, _)| *entry == found.entry);
        if marker.is_answered_together(own.map(|(_, keyword)| keyword)) {
            found.closeness = Closeness::Together;
            found.hit.answers = true;
        }
    }
    Ok(())
}

/// Takes back the answers of those that only seem to answer, because their words have other marks than those typed; they still mention.
///
/// What was typed whole isn't looked at here: `ranking::whole_phrases` has done it.
pub(super) fn hold_to_marks(db: &Connection, marker: &Marker<'_>, hits: &mut [Found]) -> Result<(), SearchError> {
    if !marker.has_marks() {
        return Ok(());
    }
    for found in hits
        .iter_mut()
        .filter(|found| found.fit == Fit::Words && found.hit.answers)
    {
        let keywords = keywords_of(db, found.entry)?;
        let hit = &mut found.hit;
        let described = found.described.then_some(hit.excerpt.as_str());
        let texts: Vec<&str> = [hit.title.as_str()]
            .into_iter()
            .chain(described)
            .chain(keywords.lines())
            .collect();
        hit.answers = !marker.contradicts(&texts);
    }
    Ok(())
}

//! Words typed without the spaces between them (`banglai`), parted where both sides are words of the content; and words typed with a
//! space too many (`VN eID`), joined where the whole is one.
//!
//! Begin with [`part`].

use rusqlite::{Connection, OptionalExtension};

use super::form::QueryWord;
use super::query::{MOST_WORDS, Query};
use super::slips::VOWELS;

/// The longest syllable (`nghiêng`), in letters.
const LONGEST_SYLLABLE: usize = 7;

/// Parts every typed word that the content doesn't know and that doesn't only ask; `None` if there is none, or if one can't be parted.
pub(super) fn part(db: &Connection, query: &Query) -> rusqlite::Result<Option<Query>> {
    let mut words = Vec::new();
    for (index, word) in query.words.iter().enumerate() {
        if !query.asked_for[index] {
            words.push(word.clone());
            continue;
        }
        let unfinished = index + 1 == query.words.len();
        let mut parted = None;
        for reading in &word.readings {
            if is_known(db, &reading.folded, unfinished)? {
                parted = Some(vec![word.clone()]);
                break;
            }
            if parted.is_none() {
                parted = part_word(db, &reading.folded, unfinished)?;
            }
        }
        let Some(parted) = parted else {
            return Ok(None);
        };
        words.extend(parted);
    }
    let changed = words.len() > query.words.len();
    words.truncate(MOST_WORDS);
    Ok(changed.then_some(Query::new(words, false)))
}

/// Joins the first two neighbours that make a word of the content; `None` if no two do.
pub(super) fn join(db: &Connection, query: &Query) -> rusqlite::Result<Option<Query>> {
    for (index, pair) in query.words.windows(2).enumerate() {
        let [Some(left), Some(right)] = [pair[0].readings.first(), pair[1].readings.first()] else {
            continue;
        };
        let joined = format!("{}{}", left.folded, right.folded);
        if is_known(db, &joined, index + 2 == query.words.len())? {
            let mut words = query.words.clone();
            words.splice(index..index + 2, [QueryWord::plain(&joined)]);
            return Ok(Some(Query::new(words, false)));
        }
    }
    Ok(None)
}

/// Parts one folded word into the fewest words of the content.
fn part_word(db: &Connection, word: &str, unfinished: bool) -> rusqlite::Result<Option<Vec<QueryWord>>> {
    let ends: Vec<usize> = word.char_indices().map(|(index, c)| index + c.len_utf8()).collect();
    // For each end, the fewest parts that reach it: how many they are, and where the last of them starts.
    let mut fewest: Vec<Option<(usize, usize)>> = vec![None; word.len() + 1];
    fewest[0] = Some((0, 0));
    let starts = std::iter::once(0).chain(ends.iter().copied());
    for (position, start) in starts.enumerate().take(ends.len()) {
        let Some((parts, _)) = fewest[start] else {
            continue;
        };
        for &end in ends[position..].iter().take(LONGEST_SYLLABLE) {
            let part = &word[start..end];
            let fewer = fewest[end].is_none_or(|(before, _)| parts + 1 < before);
            if fewer && is_syllable(part) && is_known(db, part, unfinished && end == word.len())? {
                fewest[end] = Some((parts + 1, start));
            }
        }
    }
    let mut parts = Vec::new();
    let mut end = word.len();
    while end > 0 {
        let Some((_, start)) = fewest[end] else {
            return Ok(None);
        };
        parts.push(QueryWord::plain(&word[start..end]));
        end = start;
    }
    parts.reverse();
    Ok(Some(parts))
}

/// Whether a part may stand alone: no single consonant is a word.
fn is_syllable(part: &str) -> bool {
    part.len() > 1 || part.starts_with(VOWELS)
}

/// Whether some entry holds the folded word, or one that begins with it.
fn is_known(db: &Connection, word: &str, unfinished: bool) -> rusqlite::Result<bool> {
    let query = if unfinished {
        "SELECT 1 FROM search_words WHERE form = 'folded' AND word >= ?1 AND word < ?1 || char(0x10ffff) LIMIT 1"
    } else {
        "SELECT 1 FROM search_words WHERE form = 'folded' AND word = ?1"
    };
    Ok(db
        .prepare_cached(query)?
        .query_row([word], |_| Ok(()))
        .optional()?
        .is_some())
}

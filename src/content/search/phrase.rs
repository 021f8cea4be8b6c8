//! Phrases of the synonym groups.

use super::query::Query;

/// A phrase of a synonym group. Begin here.
#[derive(Debug)]
pub(super) struct Phrase {
    /// Folded, word by word.
    pub words: Vec<String>,
    /// As it is written, word by word; empty in packs that don't say.
    marked: Vec<String>,
    /// Folded, as one line.
    line: String,
    /// The number of its group.
    pub synonyms: u32,
}

impl Phrase {
    /// A phrase as it is stored: folded, and with its marks, both with single spaces.
    pub fn new(line: String, marked: &str, synonyms: u32) -> Self {
        Self {
            words: line.split(' ').map(String::from).collect(),
            marked: marked.split_whitespace().map(String::from).collect(),
            line,
            synonyms,
        }
    }

    /// Whether the query has this phrase at its word `start`; the last typed word may be unfinished.
    pub fn is_typed_at(&self, query: &Query, start: usize) -> bool {
        let Some(typed) = query.words.get(start..start + self.words.len()) else {
            return false;
        };
        let reaches_end = start + self.words.len() == query.words.len();
        // Two letters after a word that fits say enough, but not two letters alone.
        let enough = if self.words.len() == 1 { 3 } else { 2 };
        self.words.iter().zip(typed).enumerate().all(|(index, (word, typed))| {
            let unfinished = reaches_end && index == self.words.len() - 1;
            typed.readings.iter().any(|reading| {
                let letters = &reading.folded;
                let fits =
                    word == letters || unfinished && letters.len() >= enough && word.starts_with(letters.as_str());
                fits && self.marked.get(index).is_none_or(|written| reading.agrees(written))
            })
        })
    }

    /// Whether a folded line holds this phrase as whole words.
    pub fn is_in(&self, line: &str) -> bool {
        let bytes = line.as_bytes();
        line.match_indices(&self.line).any(|(start, _)| {
            let end = start + self.line.len();
            (start == 0 || bytes[start - 1] == b' ') && (end == line.len() || bytes[end] == b' ')
        })
    }
}

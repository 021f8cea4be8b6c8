//! What a person typed, understood in every way it can be meant.
//!
//! Nothing here looks at the content. Begin with [`Query`].

use unicode_normalization::UnicodeNormalization;

use super::form::{Form, Reading};
use super::slips::is_filler;
use crate::content::vietnamese::{normalise, telex, words};

/// Letters that are looked at, so that a brick on the keyboard costs nothing.
const MOST_LETTERS: usize = 64;

/// Words that are looked at.
pub(super) const MOST_WORDS: usize = 8;

/// A typed text, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    /// In the order typed; the last may be unfinished.
    pub words: Vec<QueryWord>,
    /// Somebody who types some marks types all of them; without any, tones say nothing.
    pub toned: bool,
}

/// One typed word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueryWord {
    /// As typed, and as Telex if that makes another word.
    pub readings: Vec<Reading>,
}

impl QueryWord {
    /// A word that is meant as it stands.
    pub fn plain(word: &str) -> Self {
        Self {
            readings: vec![Reading::of(word)],
        }
    }
}

impl Query {
    pub fn of(typed: &str) -> Self {
        let typed = looked_at(typed);
        let decoded = telex(&typed);
        let words: Vec<_> = words(&typed)
            .zip(words(&decoded))
            .map(|(typed, decoded)| {
                let mut readings = vec![Reading::of(typed.text), Reading::of(decoded.text)];
                readings.dedup();
                QueryWord { readings }
            })
            .collect();
        let toned = words
            .iter()
            .flat_map(|word| &word.readings)
            .any(|reading| reading.folded != reading.toned);
        Self { words, toned }
    }

    /// The same without the words with which people ask; `None` if that leaves nothing or changes nothing.
    pub fn without_fillers(&self) -> Option<Self> {
        let mut shorter = self.clone();
        shorter
            .words
            .retain(|word| !word.readings.iter().any(|reading| is_filler(&reading.folded)));
        (!shorter.words.is_empty() && shorter.words.len() < self.words.len()).then_some(shorter)
    }

    /// The whole as one line, in the form in which titles are compared: first as typed, then as Telex.
    pub fn lines(&self, form: Form) -> Vec<String> {
        let line = |reading: fn(&QueryWord) -> Option<&Reading>| {
            self.words
                .iter()
                .filter_map(reading)
                .map(|reading| form.of(reading))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let mut lines = vec![line(|word| word.readings.first()), line(|word| word.readings.last())];
        lines.dedup();
        lines
    }
}

/// A title with its tones, in the form of [`Query::lines`].
pub(super) fn title_line(title: &str) -> String {
    let normal = normalise(&looked_at(title));
    words(&normal).map(|word| word.text).collect::<Vec<_>>().join(" ")
}

/// The part of a text that is looked at: at most 64 letters and 8 words.
pub(super) fn looked_at(text: &str) -> String {
    // A letter of Vietnamese has at most two marks; the first cut keeps composing cheap, the second counts letters.
    let text: String = text.chars().take(4 * MOST_LETTERS).nfc().take(MOST_LETTERS).collect();
    let end = words(&text)
        .nth(MOST_WORDS - 1)
        .map_or(text.len(), |word| word.range.end);
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_as_typed_and_as_telex() {
        let query = Query::of("VNeID ddawng kys");
        let read: Vec<Vec<_>> = query
            .words
            .iter()
            .map(|word| word.readings.iter().map(|reading| reading.toned.as_str()).collect())
            .collect();
        assert_eq!(read, [vec!["vneid"], vec!["ddawng", "đăng"], vec!["kys", "ký"]]);
        assert!(query.toned);
        assert!(!Query::of("bang lai").toned);
        assert_eq!(query.lines(Form::Folded), ["vneid ddawng kys", "vneid dang ky"]);
    }

    #[test]
    fn only_so_much_is_looked_at() {
        assert_eq!(looked_at(&"a".repeat(10_000)).len(), 64);
        assert_eq!(looked_at("1 2 3 4 5 6 7 8 9 10"), "1 2 3 4 5 6 7 8");
        let decomposed: String = "ệ".repeat(64).nfd().collect();
        assert_eq!(
            looked_at(&decomposed),
            "ệ".repeat(64),
            "a decomposed letter counts once"
        );
    }

    #[test]
    fn questions_are_stripped_of_their_asking() {
        let query = Query::of("làm hộ khẩu ở đâu")
            .without_fillers()
            .expect("there are fillers");
        assert_eq!(query.lines(Form::Toned), ["hộ khẩu"]);
        assert_eq!(Query::of("ở đâu").without_fillers(), None);
        assert_eq!(Query::of("hộ khẩu").without_fillers(), None);
    }
}

//! What a person typed, understood in every way it can be meant.
//!
//! Nothing here looks at the content. Begin with [`Query`].

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::fillers::fillers;
use super::form::{Form, QueryWord, Reading};
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
    /// Which words say what is looked for; the others only ask.
    pub asked_for: Vec<bool>,
    /// Whether the whole is some entry's title or keyword.
    pub literal: bool,
}

impl Query {
    pub fn of(typed: &str) -> Self {
        let typed = looked_at(typed);
        let decoded = telex(&typed);
        let words: Vec<_> = words(&typed)
            .zip(words(&decoded))
            .map(|(typed, decoded)| {
                let mut readings = vec![Reading::of(typed.text)];
                let decoded = Reading::in_telex(decoded.text);
                if decoded.toned != readings[0].toned {
                    readings.push(decoded);
                }
                QueryWord { readings }
            })
            .collect();
        let toned = words
            .iter()
            .flat_map(|word| &word.readings)
            .any(|reading| reading.folded != reading.toned);
        Self::new(words, toned)
    }

    pub fn new(words: Vec<QueryWord>, toned: bool) -> Self {
        let asked_for = fillers(&words).into_iter().map(|filler| !filler).collect();
        Self {
            words,
            toned,
            asked_for,
            literal: false,
        }
    }

    /// The same with every word asked for: what stands whole in the content was meant as it was typed.
    pub fn literally(&self) -> Self {
        Self {
            asked_for: vec![true; self.words.len()],
            literal: true,
            ..self.clone()
        }
    }

    /// The whole as one line, in the form in which titles are compared: first as typed, then as Telex.
    pub fn lines(&self, form: Form) -> Vec<String> {
        self.lines_of(0..self.words.len(), form)
    }

    /// Some of its words as one line, as [`Query::lines`] has all of them.
    pub fn lines_of(&self, words: Range<usize>, form: Form) -> Vec<String> {
        let line = |reading: fn(&QueryWord) -> Option<&Reading>| {
            self.words[words.clone()]
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
    fn words_that_only_ask_are_told_from_those_that_say_what_for() {
        let asked_for = |typed: &str| {
            let query = Query::of(typed);
            let words = query.words.iter().zip(&query.asked_for);
            let kept = words.filter(|(_, asked_for)| **asked_for);
            kept.map(|(word, _)| word.readings[0].folded.clone())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(asked_for("làm hộ khẩu ở đâu"), "ho khau");
        assert_eq!(asked_for("lamf hooj khaaur owr ddaau"), "hooj khaaur");
        assert_eq!(asked_for("ở đâu"), "o dau", "nothing else was typed");
        assert_eq!(asked_for("bảo hiểm mất bao nhiêu tiền"), "bao hiem");
        assert_eq!(asked_for("cấp thẻ"), "cap the", "not thế");
        assert_eq!(asked_for("thu nhập"), "thu nhap");
        assert_eq!(asked_for("cấp bản sao"), "cap ban sao");
        assert_eq!(asked_for("mất thẻ thì sao"), "mat the");
        assert_eq!(asked_for("nhà ở xã hội"), "nha xa hoi");
        assert_eq!(asked_for("nộp hồ sơ ở xã"), "nop ho so");
        assert_eq!(asked_for("thu tuc khai sinh"), "khai sinh");
    }
}

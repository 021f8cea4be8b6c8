//! Showing why something was found: the line of it that says so, and the words to mark.
//!
//! Begin with [`Marker`].

use std::ops::Range;

use super::form::{Form, QueryWord, Reading};
use super::index::SHORT_BEGINNING;
use super::phrase::Phrase;
use super::query::Query;
use super::slips::slip_form;
use crate::content::vietnamese::{fold, words};

/// The longest excerpt from a body, in letters: two lines on the screen at the largest type.
const LONGEST_EXCERPT: usize = 110;

/// Letters shown before the first hit in a long paragraph.
const BEFORE_HIT: usize = 30;

/// How close together a body has the answers to all typed words; the best comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closeness {
    /// Not in one paragraph.
    Scattered,
    /// In one paragraph.
    InOneLine,
    /// One after the other, as typed.
    Together,
}

/// Knows which words of a text answer a query.
pub(super) struct Marker<'a> {
    /// The readings of each typed word, in the form compared.
    typed: Vec<Vec<String>>,
    /// The same, with the marks that were typed.
    words: &'a [QueryWord],
    /// Those that don't only ask, as bits.
    asked_for: u8,
    /// Whether the whole is some entry's title or keyword.
    literal: bool,
    /// The whole as typed and as Telex, folded.
    typed_lines: Vec<String>,
    form: Form,
    /// Phrases that mean the same as typed ones, with the typed words they answer as bits.
    phrases: Vec<(&'a Phrase, u8)>,
}

impl<'a> Marker<'a> {
    pub fn new(query: &'a Query, form: Form, phrases: Vec<(&'a Phrase, u8)>) -> Self {
        let readings = |word: &QueryWord| {
            word.readings
                .iter()
                .map(|reading| form.of(reading).into_owned())
                .collect()
        };
        Self {
            typed: query.words.iter().map(readings).collect(),
            words: &query.words,
            asked_for: (query.asked_for.iter().enumerate())
                .fold(0, |bits, (index, asked_for)| bits | u8::from(*asked_for) << index),
            literal: query.literal,
            typed_lines: query.lines(Form::Folded),
            form,
            phrases,
        }
    }

    /// The bytes of the words that answer the query; neighbours parted by a space alone are marked as one.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let mut marks: Vec<Range<usize>> = Vec::new();
        for range in self.answers(text) {
            match marks.last_mut() {
                Some(last) if text[last.end..range.start].chars().all(|c| c == ' ') => {
                    last.end = range.end;
                }
                _ => marks.push(range),
            }
        }
        marks
    }

    /// The line of a body that answers best, cut around its first answer; and how well it answers. Empty if none does.
    ///
    /// `folded_body` must have the same lines as `body`. All hits are read here between two keys, so it is the folded
    /// text that is searched; only the line found is looked at as it is written.
    pub fn excerpt(&self, body: &str, folded_body: &str) -> (Closeness, String) {
        let mut best = ((Closeness::Scattered, 0), 0);
        for (number, line) in folded_body.split('\n').enumerate() {
            let closeness = self.closeness(line);
            if closeness > best.0 {
                best = (closeness, number);
            }
            if closeness.0 == Closeness::Together {
                break;
            }
        }
        let ((closeness, _), number) = best;
        let line = body.lines().nth(number).unwrap_or_default();
        let excerpt = self.answers(line).first().map(|first| cut(line, first.start));
        (closeness, excerpt.unwrap_or_default())
    }

    /// How close together a folded line has the answers, and how many typed words it answers.
    fn closeness(&self, line: &str) -> (Closeness, u32) {
        let all = self.typed.len();
        let bits = self.answered_in(line);
        let mut together = self.typed_lines.iter().any(|typed| has_beginning(line, typed));
        for (_, covered) in self.phrases.iter().filter(|(phrase, _)| phrase.is_in(line)) {
            together |= covered.count_ones() as usize == all;
        }
        let closeness = if bits & self.asked_for != self.asked_for {
            Closeness::Scattered
        } else if together {
            Closeness::Together
        } else {
            Closeness::InOneLine
        };
        (closeness, bits.count_ones())
    }

    /// Whether an entry's folded texts have more than half of what was asked for, at least two words of it in each: then the rest, which
    /// stands in others, belongs to it. If each word stands in another text, they only meet by chance. Where another entry has the whole as its
    /// title or keyword, and where all words but one only ask ("xin việc"), one text must have all that was typed.
    pub fn is_answered_together(&self, texts: impl Iterator<Item = impl AsRef<str>>) -> bool {
        self.are_together(texts.map(|text| (self.answered_in(text.as_ref()), self.is_same(text.as_ref()))))
    }

    /// Whether what was typed has marks, so that [`Marker::contradicts`] may say yes.
    pub fn has_marks(&self) -> bool {
        self.words.iter().any(QueryWord::has_marks)
    }

    /// Whether an entry, of which these are the title, the keywords and the summary as they are written, only seems to answer: with the words
    /// that the marks typed can mean, its texts don't answer together, or a word asked for has nothing but words of other marks in them.
    pub fn contradicts(&self, texts: &[&str]) -> bool {
        let (mut found, mut meant) = (0, 0);
        let lines: Vec<(u8, bool)> = texts
            .iter()
            .map(|text| {
                let folded = fold(text);
                let mut here = 0;
                for (word, folded) in words(text).zip(folded.split(' ')) {
                    let bits = self.answer(folded);
                    found |= bits;
                    let bits = bits & self.answer_if(folded, |reading| may_mean(reading, word.text, folded));
                    meant |= bits;
                    let new = bits & !here;
                    here |= new & new.wrapping_neg();
                }
                let phrases = self.phrases.iter().filter(|(phrase, _)| phrase.is_in(&folded));
                let here = phrases.fold(here, |bits, (_, covered)| bits | covered);
                meant |= here;
                (here, self.is_same(&folded))
            })
            .collect();
        found & !meant & self.asked_for != 0 || !self.are_together(lines.into_iter())
    }

    /// Whether a folded text has a phrase that means all that was asked for.
    fn is_same(&self, text: &str) -> bool {
        let mut phrases = self.phrases.iter();
        phrases.any(|(phrase, covered)| covered & self.asked_for == self.asked_for && phrase.is_in(text))
    }

    /// See [`Marker::is_answered_together`]; of each text the words that it answers, and whether it means the same as the whole.
    fn are_together(&self, mut texts: impl Iterator<Item = (u8, bool)>) -> bool {
        let all = (0..self.typed.len()).fold(0, |bits, index| bits | 1 << index);
        let wanted = self.asked_for.count_ones();
        if self.literal || wanted == 1 {
            // A phrase that means the same says enough, also beside words that ask.
            return texts.any(|(bits, is_same)| bits == all || is_same);
        }
        let together = texts
            .map(|(bits, _)| bits & self.asked_for)
            .filter(|bits| bits.count_ones() >= 2)
            .fold(0, |all, bits| all | bits);
        2 * together.count_ones() > wanted
    }

    /// Which typed words a folded line answers, as bits. A word of the line answers one typed word: "tử tuất" is not "tự tử".
    fn answered_in(&self, line: &str) -> u8 {
        let words = line.split(' ').fold(0_u8, |bits, word| {
            let new = self.answer(word) & !bits;
            bits | (new & new.wrapping_neg())
        });
        let phrases = self.phrases.iter().filter(|(phrase, _)| phrase.is_in(line));
        phrases.fold(words, |bits, (_, covered)| bits | covered)
    }

    /// The places of the words that answer, by themselves or as a part of a phrase.
    fn answers(&self, text: &str) -> Vec<Range<usize>> {
        let found: Vec<_> = words(text).collect();
        let folded: Vec<_> = found.iter().map(|word| fold(word.text)).collect();
        let mut answers: Vec<bool> = folded.iter().map(|word| self.answer(word) != 0).collect();
        for (phrase, _) in &self.phrases {
            for start in 0..folded.len() {
                if folded[start..].starts_with(&phrase.words) {
                    answers[start..start + phrase.words.len()].fill(true);
                }
            }
        }
        found
            .into_iter()
            .zip(answers)
            .filter(|(_, answers)| *answers)
            .map(|(word, _)| word.range)
            .collect()
    }

    /// Which typed words a folded word answers by itself, as bits.
    fn answer(&self, folded: &str) -> u8 {
        self.answer_if(folded, |_| true)
    }

    /// The same, of those readings alone that may be meant.
    fn answer_if(&self, folded: &str, may_be_meant: impl Fn(&Reading) -> bool) -> u8 {
        let slipped;
        let word = if self.form == Form::Slip {
            slipped = slip_form(folded);
            &*slipped
        } else {
            folded
        };
        let mut bits = 0;
        for (index, readings) in self.typed.iter().enumerate() {
            let unfinished = index + 1 == self.typed.len();
            let answers = readings
                .iter()
                .zip(&self.words[index].readings)
                .any(|(typed, reading)| {
                    let fits = if unfinished {
                        word.starts_with(typed.as_str())
                    } else {
                        word == typed
                    };
                    fits && may_be_meant(reading)
                });
            bits |= u8::from(answers) << index;
        }
        bits
    }
}

/// Whether the marks that were typed can mean this word of the content.
///
/// A short syllable with its marks is a word, and not the beginning of another: "luật sư" is not "luật sửa đổi".
fn may_mean(typed: &Reading, written: &str, folded: &str) -> bool {
    let is_word = typed.is_marked_syllable() && typed.folded.len() <= SHORT_BEGINNING;
    typed.agrees(written) && !(is_word && folded.len() > typed.folded.len())
}

/// Whether a folded line holds these words one after the other, the last perhaps unfinished.
fn has_beginning(line: &str, words: &str) -> bool {
    line.match_indices(words)
        .any(|(start, _)| start == 0 || line.as_bytes()[start - 1] == b' ')
}

/// Cuts a long line to the words around a hit.
fn cut(line: &str, hit: usize) -> String {
    if line.chars().count() <= LONGEST_EXCERPT {
        return line.to_owned();
    }
    let earliest = line[..hit]
        .char_indices()
        .rev()
        .nth(BEFORE_HIT)
        .map_or(0, |(index, _)| index);
    let start = words(line)
        .map(|word| word.range.start)
        .find(|&start| start >= earliest)
        .unwrap_or(hit);
    let start = if earliest == 0 { 0 } else { start };
    let latest = line[start..]
        .char_indices()
        .nth(LONGEST_EXCERPT)
        .map_or(line.len(), |(index, _)| start + index);
    let end = if latest == line.len() {
        latest
    } else {
        let ends = words(line).map(|word| word.range.end).take_while(|&end| end <= latest);
        // A single word longer than the excerpt is cut through.
        ends.last().filter(|&end| end > start).unwrap_or(latest)
    };
    let before = if start > 0 { "…" } else { "" };
    let after = if end < line.len() { "…" } else { "" };
    format!("{before}{}{after}", &line[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_paragraph_is_cut_at_words_around_the_hit() {
        let line = format!(
            "{}mang theo bằng lái cũ{}",
            "đi đến nơi này rồi ".repeat(10),
            " và chờ ở đó".repeat(10)
        );
        let hit = line.find("bằng").expect("it is there");
        let excerpt = cut(&line, hit);
        assert!(excerpt.starts_with('…') && excerpt.ends_with('…'), "{excerpt}");
        assert!(excerpt.contains("mang theo bằng lái cũ và chờ"), "{excerpt}");
        assert!(excerpt.chars().count() <= LONGEST_EXCERPT + 2);
    }

    #[test]
    fn a_short_paragraph_is_shown_whole() {
        assert_eq!(cut("Mang bằng lái cũ.", 5), "Mang bằng lái cũ.");
    }

    #[test]
    fn one_endless_word_is_cut_through() {
        let excerpt = cut(&"ở".repeat(500), 0);
        assert_eq!(excerpt.chars().count(), LONGEST_EXCERPT + 1);
    }
}

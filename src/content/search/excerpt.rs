//! Showing why something was found: the line of it that says so, and the words to mark.
//!
//! Begin with [`Marker`].

use std::ops::Range;

use super::index::Form;
use super::query::{Query, QueryWord};
use super::slips::slip_form;
use crate::content::vietnamese::{fold, words};

/// The longest excerpt from a body, in letters: two lines on the screen at the largest type.
const LONGEST_EXCERPT: usize = 110;

/// Letters shown before the first hit in a long paragraph.
const BEFORE_HIT: usize = 30;

/// Knows which words of a text answer a query.
pub(super) struct Marker<'a> {
    /// The readings of each typed word, in the form compared.
    typed: Vec<Vec<String>>,
    form: Form,
    /// Phrases that mean the same as typed ones, with the typed words they answer as bits.
    phrases: Vec<(&'a [String], u8)>,
}

impl<'a> Marker<'a> {
    pub fn new(query: &Query, form: Form, phrases: Vec<(&'a [String], u8)>) -> Self {
        let readings = |word: &QueryWord| {
            word.readings
                .iter()
                .map(|reading| form.of(reading).into_owned())
                .collect()
        };
        Self {
            typed: query.words.iter().map(readings).collect(),
            form,
            phrases,
        }
    }

    /// The bytes of the words that answer the query; neighbours parted by a space alone are marked as one.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let mut marks: Vec<Range<usize>> = Vec::new();
        for (range, answered) in self.answers(text) {
            if answered == 0 {
                continue;
            }
            match marks.last_mut() {
                Some(last) if text[last.end..range.start].chars().all(|c| c == ' ') => {
                    last.end = range.end
                }
                _ => marks.push(range),
            }
        }
        marks
    }

    /// The line of a body that answers most words, cut around its first hit.
    pub fn excerpt(&self, body: &str) -> String {
        let mut best = (0, "", 0);
        for line in body.lines() {
            let answers = self.answers(line);
            let all = answers
                .iter()
                .fold(0_u8, |all, (_, answered)| all | answered);
            let first = answers.iter().find(|(_, answered)| *answered != 0);
            if let Some((range, _)) = first
                && all.count_ones() > best.0
            {
                best = (all.count_ones(), line, range.start);
            }
        }
        let (found, line, hit) = best;
        if found == 0 {
            String::new()
        } else {
            cut(line, hit)
        }
    }

    /// Each word's place and which typed words it answers, as bits.
    fn answers(&self, text: &str) -> Vec<(Range<usize>, u8)> {
        let found: Vec<_> = words(text).collect();
        let folded: Vec<_> = found.iter().map(|word| fold(word.text)).collect();
        let mut answers: Vec<_> = found
            .into_iter()
            .zip(&folded)
            .map(|(word, folded)| (word.range, self.answer(folded)))
            .collect();
        for start in 0..folded.len() {
            for (phrase, answered) in &self.phrases {
                if folded[start..].starts_with(phrase) {
                    for (_, bits) in &mut answers[start..start + phrase.len()] {
                        *bits |= answered;
                    }
                }
            }
        }
        answers
    }

    /// Which typed words a folded word answers by itself.
    fn answer(&self, folded: &str) -> u8 {
        let slipped;
        let word = if self.form == Form::Slip {
            slipped = slip_form(folded);
            &slipped
        } else {
            folded
        };
        let mut bits = 0;
        for (index, readings) in self.typed.iter().enumerate() {
            let unfinished = index + 1 == self.typed.len();
            let answers = readings.iter().any(|typed| {
                if unfinished {
                    word.starts_with(typed.as_str())
                } else {
                    word == typed
                }
            });
            bits |= u8::from(answers) << index;
        }
        bits
    }
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
        let ends = words(line)
            .map(|word| word.range.end)
            .take_while(|&end| end <= latest);
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
        assert!(
            excerpt.starts_with('…') && excerpt.ends_with('…'),
            "{excerpt}"
        );
        assert!(
            excerpt.contains("mang theo bằng lái cũ và chờ"),
            "{excerpt}"
        );
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

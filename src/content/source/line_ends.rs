//! Lines that their author meant as lines: opening hours, names, addresses, what to bring. Markdown joins them into one, and the screen
//! shows "Sáng: 7 giờ 30 – 11 giờ 30 Chiều: 13 giờ 30 – 17 giờ".
//!
//! Prose that an editor or a PDF broke into lines is joined as it should be, and is no fault. Its lines are full: the next word had no
//! room. Begin with [`lost`].

use std::ops::Range;

/// No editor breaks lines that are shorter, in letters.
const NARROWEST: usize = 36;

/// A label is so many words: "Thứ hai đến thứ sáu:".
const LONGEST_LABEL: usize = 6;

/// Marks of Markdown, brackets and quotes around the words of a line.
const AROUND: [char; 16] = [
    '*', '_', '~', '`', '"', '\'', '“', '”', '‘', '’', '(', ')', '[', ']', '«', '»',
];

/// A line of a text whose lines Markdown joins.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// Without the marks of a frame and the spaces around it.
    pub words: &'a str,
    pub place: Range<usize>,
    /// Whether there are words before it.
    pub later: bool,
    /// Whether the author ended it, so that the next one begins a line on the screen too.
    pub ended: bool,
    /// Whether it is a line of its own on the screen.
    pub stays: bool,
}

/// The first line that will run into the next one and wasn't meant to.
pub(super) fn lost<'l, 'a>(lines: &'l [Line<'a>]) -> Option<&'l Line<'a>> {
    let widest = widest(lines);
    let lost = |at: &usize| {
        let (first, second) = (&lines[*at], &lines[at + 1]);
        let joined = !first.ended && !first.words.is_empty() && !second.words.is_empty();
        // "Mang theo:", and then one thing a line.
        let listed = lines[..*at].last().is_some_and(|line| line.words.ends_with(':'));
        joined && run_together(first.words, second.words, is_early(lines, *at, widest), listed)
    };
    (0..lines.len().saturating_sub(1)).find(lost).map(|at| &lines[at])
}

/// Whether the line before this one is full and ends inside a sentence: then an editor broke it there, and whatever this one begins with is
/// a word of that sentence.
pub(super) fn goes_on(lines: &[Line<'_>], at: usize) -> bool {
    let inside = |line: &Line<'_>| ends_inside(line.words) || line.words.ends_with(',');
    at > 0 && !lines[at - 1].ended && inside(&lines[at - 1]) && !is_early(lines, at - 1, widest(lines))
}

/// How many letters a full line has.
fn widest(lines: &[Line<'_>]) -> usize {
    lines.iter().map(|line| letters(line.words)).fold(NARROWEST, usize::max)
}

/// Whether the next line begins with a word that had room in this one.
fn is_early(lines: &[Line<'_>], at: usize, widest: usize) -> bool {
    let word = lines[at + 1].words.split(' ').next().unwrap_or_default();
    letters(lines[at].words) + 1 + letters(word) <= widest
}

/// Whether a line ends with a word, and not with a point or a comma.
fn ends_inside(line: &str) -> bool {
    let line = line.trim_end_matches(AROUND);
    line.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '%' | '}' | '°' | '²' | '³'))
}

fn run_together(first: &str, second: &str, early: bool, listed: bool) -> bool {
    let inside = ends_inside(first);
    let (ends, begins) = (first.trim_end_matches(AROUND), second.trim_start_matches(AROUND));
    if label(first).is_some() && label(second).is_some() {
        let small = |line: &str| label(line).is_some_and(|label| label.starts_with(char::is_lowercase));
        if small(first) || small(second) {
            // In prose, a colon may stand behind any words.
            return early && inside;
        }
        let bold = first.starts_with("**") && second.starts_with("**");
        // In prose, the label of the second line begins a sentence: a point stands before it.
        return early || bold || inside && !first.contains(". ");
    }
    let capital = begins.starts_with(char::is_uppercase);
    let dash = begins.starts_with(['–', '—']);
    if ends.ends_with(';') && (capital || dash) || ends.ends_with(':') && dash {
        return true;
    }
    let dashes = |line: &str| line.contains(" - ") || line.contains(" – ");
    let digit = |line: &str| line.starts_with(|c: char| c.is_ascii_digit());
    // "7:30 – 11:30" and "13:30 – 17:00"; a number by itself; "trích lục 8.000 đồng" and "sao y 2.000 đồng".
    // A number that ends a sentence is a word of it: "ngày" above "20.11.2026."
    let bare = !second.contains(char::is_alphabetic) && !second.ends_with(['.', ',', ';']);
    let times = digit(begins) && (bare || digit(first) && second.contains(char::is_alphabetic));
    let counted = |line: &'_ str| line.contains(|c: char| c.is_ascii_digit());
    let last = |line: &str| line.rsplit(' ').next().map(str::to_owned);
    let alike = counted(first) && counted(second) && last(ends) == last(second.trim_end_matches(AROUND));
    inside && (early && (capital || times || alike || listed) || capital && dashes(first) && dashes(second))
}

/// The words before a colon that say what comes behind it: "Sáng: 7 giờ 30", "**Điện thoại**: 0225 …"
fn label(line: &str) -> Option<&str> {
    let between_digits = |at: usize| {
        line[..at].ends_with(|c: char| c.is_ascii_digit()) && line[at + 1..].starts_with(|c: char| c.is_ascii_digit())
    };
    let (colon, _) = line.match_indices(':').find(|(at, _)| !between_digits(*at))?;
    let (label, value) = (line[..colon].trim_matches(AROUND).trim(), &line[colon + 1..]);
    let begins = label.starts_with(|c: char| c.is_alphanumeric());
    let is_small = label.starts_with(char::is_lowercase);
    let one_label = !(label.contains(['.', ';', '!', '?']) || is_small && label.contains(','));
    let is_address = value.starts_with("//") || line[..colon].contains("](");
    let is_said = !value.trim().is_empty() || !is_small;
    let is_label = begins && one_label && !is_address && is_said;
    (is_label && label.split_whitespace().count() <= LONGEST_LABEL).then_some(label)
}

fn letters(words: &str) -> usize {
    words.chars().count()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// Each of them would be measured for each other: that took minutes.
    #[test]
    fn a_paragraph_of_very_many_lines_is_read_at_once() {
        let line = || Line {
            words: "a",
            place: 0..1,
            later: true,
            ended: false,
            stays: false,
        };
        let lines: Vec<Line<'_>> = std::iter::repeat_with(line).take(30_000).collect();
        let start = Instant::now();
        assert!(lost(&lines).is_none());
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }
}

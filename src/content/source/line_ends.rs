//! Lines that their author meant as lines: opening hours, names, addresses, what to bring. Markdown joins them into one, and the screen
//! shows "Sáng: 7 giờ 30 – 11 giờ 30 Chiều: 13 giờ 30 – 17 giờ".
//!
//! Prose that an editor or a PDF broke into lines is joined as it should be, and is no fault. Its lines are full: the next word had no
//! room. Begin with [`lost`].

use super::lookalikes::Line;

/// No editor breaks lines that are shorter, in letters.
const NARROWEST: usize = 40;

/// A label is so many words: "Thứ hai đến thứ sáu:".
const LONGEST_LABEL: usize = 6;

/// Marks of Markdown, brackets and quotes around the words of a line.
const AROUND: [char; 16] = [
    '*', '_', '~', '`', '"', '\'', '“', '”', '‘', '’', '(', ')', '[', ']', '«', '»',
];

/// The first line that will run into the next one and wasn't meant to.
pub(super) fn lost<'l, 'a>(lines: &'l [Line<'a>]) -> Option<&'l Line<'a>> {
    let widest = lines.iter().map(|line| letters(line.words)).max().unwrap_or_default();
    let pairs = lines.windows(2).enumerate();
    let mut joined = pairs.filter(|(_, pair)| !pair[0].ended && pair.iter().all(|line| !line.words.is_empty()));
    let lost = joined.find(|(at, pair)| {
        let (first, second) = (pair[0].words, pair[1].words);
        // "Mang theo:", and then one thing a line.
        let listed = lines[..*at].last().is_some_and(|line| line.words.ends_with(':'));
        run_together(first, second, widest.max(NARROWEST), listed)
    });
    lost.map(|(_, pair)| &pair[0])
}

fn run_together(first: &str, second: &str, width: usize, listed: bool) -> bool {
    let (ends, begins) = (first.trim_end_matches(AROUND), second.trim_start_matches(AROUND));
    if has_label(first) && has_label(second) {
        return true;
    }
    let capital = begins.starts_with(char::is_uppercase);
    let dash = begins.starts_with(['–', '—']);
    if ends.ends_with(';') && (capital || dash) || ends.ends_with(':') && dash {
        return true;
    }
    let goes_on = ends.ends_with(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '}' | '°' | '²' | '³'));
    if goes_on {
        return false;
    }
    let dashes = |line: &str| line.contains(" - ") || line.contains(" – ");
    if capital && dashes(first) && dashes(second) {
        return true;
    }
    // An editor would have put the next word on this line.
    let early = letters(first) + 1 + letters(second.split(' ').next().unwrap_or_default()) <= width;
    let digit = |line: &str| line.starts_with(|c: char| c.is_ascii_digit());
    let times = digit(first) && digit(second) && second.contains(char::is_alphabetic);
    early && (capital || times || listed)
}

/// "Sáng: 7 giờ 30", "**Điện thoại**: 0225 …"
fn has_label(line: &str) -> bool {
    let between_digits = |at: usize| {
        line[..at].ends_with(|c: char| c.is_ascii_digit()) && line[at + 1..].starts_with(|c: char| c.is_ascii_digit())
    };
    let Some((colon, _)) = line.match_indices(':').find(|(at, _)| !between_digits(*at)) else {
        return false;
    };
    let (label, value) = (line[..colon].trim_matches(AROUND).trim(), &line[colon + 1..]);
    let begins = label.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let one_label = !label.contains(['.', ';', '!', '?']);
    let is_address = value.starts_with("//") || line[..colon].contains("](");
    begins && one_label && !is_address && label.split_whitespace().count() <= LONGEST_LABEL
}

fn letters(words: &str) -> usize {
    words.chars().count()
}

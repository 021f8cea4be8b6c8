//! Abbreviations must be explained where a page has them first. Begin with [`warnings`].

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::sentences;
use super::super::style::Style;
use super::Warning;
use super::capitals::{letters, shouted};
use crate::content::vietnamese::normalise;
use crate::content::vietnamese::syllable::Spelling;

/// Whether a word could be an abbreviation: two or more letters, all of them capitals.
pub(in crate::content::source) fn is_capitals(word: &str) -> bool {
    word.chars().count() >= 2 && word.chars().all(|c| c.is_alphabetic() && !c.is_lowercase())
}

/// Abbreviations that are met for the first time on this page and not explained there.
pub(super) fn warnings(text: &str, style: &Style, met: &mut BTreeSet<String>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for at in abbreviations(text, style) {
        let word = &text[at.clone()];
        if !met.insert(word.to_owned()) || is_explained(text, &at, style) {
            continue;
        }
        let full = style.abbreviations.get(word);
        warnings.push(Warning {
            code: "unexplained-abbreviation",
            message: format!("\"{word}\" chưa được giải thích ở lần đầu trong bài"),
            help: full.map_or_else(
                || "Hãy viết đủ chữ rồi để chữ tắt trong ngoặc; ai cũng biết thì thêm vào style.toml.".to_owned(),
                |full| format!("Lần đầu hãy viết: {word} ({full})."),
            ),
            at,
        });
    }
    warnings
}

/// The abbreviations that a text explains.
pub(super) fn explained(text: &str, style: &Style) -> Vec<String> {
    let mut explained = abbreviations(text, style);
    explained.retain(|at| is_explained(text, at, style));
    explained.into_iter().map(|at| text[at].to_owned()).collect()
}

/// Where abbreviations stand that must be explained somewhere. Without any list there are none.
fn abbreviations(text: &str, style: &Style) -> Vec<Range<usize>> {
    if style.abbreviations.is_empty() && style.plain_abbreviations.is_empty() {
        return Vec::new();
    }
    let shouted = shouted(text, style);
    let mut words: Vec<Range<usize>> = letters(text).collect();
    words.retain(|at| {
        let in_capitals_anyway = shouted.iter().any(|sentence| sentence.contains(&at.start));
        !in_capitals_anyway && is_capitals(&text[at.clone()]) && is_abbreviation(&text[at.clone()], style)
    });
    words
}

/// One that must be explained. A word that is a syllable (`KHÔNG`) is one only if the list says so, because it is
/// mostly emphasis; neither are Roman numerals.
fn is_abbreviation(word: &str, style: &Style) -> bool {
    if style.plain_abbreviations.contains(word) || word.chars().all(|c| matches!(c, 'I' | 'V' | 'X')) {
        return false;
    }
    let is_word = Spelling::of(word).is_some_and(|spelling| spelling.is_syllable());
    style.abbreviations.contains_key(word) || !is_word
}

/// Whether the full words stand in parentheses after the abbreviation, or before the parentheses that it stands in, or
/// after it in its sentence with an "is" or "means" between. Without knowing the full words, any two words will do.
fn is_explained(text: &str, at: &Range<usize>, style: &Style) -> bool {
    let (before, after) = (&text[..at.start], &text[at.end..]);
    let full = style.abbreviations.get(&text[at.clone()]);
    let explains = |words: &str| match full {
        Some(full) => normalise(words).contains(&normalise(full)),
        None => sentences::words(words) >= 2,
    };
    let follows = after
        .trim_start()
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .is_some_and(|(inside, _)| explains(inside));
    let precedes = before
        .rsplit_once('(')
        .filter(|(_, inside)| !inside.contains(')'))
        .is_some_and(|(words, _)| match full {
            Some(full) => normalise(words.trim_end()).ends_with(&normalise(full)),
            None => explains(words),
        });
    let sentence = sentences::split(after).first().map_or("", |first| &after[..first.end]);
    let said = ["là", "nghĩa là", "tức là", "có nghĩa là"]
        .iter()
        .filter_map(|means| sentence.trim_start().strip_prefix(means))
        .any(|rest| rest.starts_with(' ') && explains(rest));
    follows || precedes || said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style() -> Style {
        let full = [
            ("BHYT", "bảo hiểm y tế"),
            ("OTP", "mã dùng một lần"),
            ("AI", "trí tuệ nhân tạo"),
        ];
        Style {
            abbreviations: full.map(|(short, full)| (short.to_owned(), full.to_owned())).into(),
            plain_abbreviations: ["SIM", "QR"].map(str::to_owned).into(),
            ..Style::default()
        }
    }

    fn check_unexplained(text: &str, expected: &[&str]) {
        let found = warnings(text, &style(), &mut BTreeSet::new());
        let words: Vec<&str> = found.into_iter().map(|warning| &text[warning.at]).collect();
        assert_eq!(words, expected, "{text}");
    }

    #[test]
    fn abbreviations_are_explained_in_parentheses_on_either_side() {
        check_unexplained("Mã OTP (mã dùng một lần) và bảo hiểm y tế (BHYT).", &[]);
        check_unexplained("Bảo hiểm y tế (gọi tắt là BHYT) rồi lại BHYT.", &[]);
        check_unexplained("Đưa thẻ BHYT (thẻ xanh), đọc OTP, lại OTP.", &["BHYT", "OTP"]);
        check_unexplained("Bảo hiểm y tế, tức BHYT", &["BHYT"]);
        check_unexplained("BHYT là bảo hiểm y tế của Nhà nước.", &[]);
        check_unexplained("BHYT là thẻ. Đi khám cần bảo hiểm y tế.", &["BHYT"]);
    }

    #[test]
    fn an_abbreviation_that_is_in_no_list_needs_any_explanation() {
        check_unexplained("Đến UBND (uỷ ban nhân dân) xã, hợp tác xã (HTX).", &[]);
        check_unexplained("Đến UBND xã.", &["UBND"]);
    }

    #[test]
    fn not_all_capitals_are_abbreviations() {
        check_unexplained(
            "SIM, QR, VNeID, hạng A1, mẫu CT01, 118/2025/NĐ-CP, quý IV, EVNNPC.CSKH.",
            &[],
        );
        check_unexplained("Tuyệt đối KHÔNG bấm. Máy có AI.", &["AI"]);
        check_unexplained("KHÔNG ĐỌC MÃ OTP CHO AI.", &[]);
    }
}

//! Sentences all in capitals, which old eyes read slowly. Begin with [`warnings`].

use std::ops::Range;

use super::super::sentences;
use super::super::style::Style;
use super::Warning;

/// From so many words on, a sentence in capitals is one; fewer may be a name.
const SHOUTED_WORDS: usize = 4;

pub(super) fn warnings(text: &str, style: &Style) -> Vec<Warning> {
    shouted(text, style)
        .into_iter()
        .map(|at| Warning {
            at,
            code: "all-capitals",
            message: "Cả câu này viết bằng chữ hoa".to_owned(),
            help: "Hãy viết chữ thường; cần nhấn mạnh thì dùng **đậm**. Chữ hoa có dấu rất khó đọc.".to_owned(),
        })
        .collect()
}

/// The sentences all in capitals. A row of abbreviations is none.
pub(super) fn shouted(text: &str, style: &Style) -> Vec<Range<usize>> {
    let is_shouted = |sentence: &str| {
        let words = letters(sentence).filter(|word| !style.lists(&sentence[word.clone()]));
        !sentence.contains(char::is_lowercase) && words.count() >= SHOUTED_WORDS
    };
    let mut sentences = sentences::split(text);
    sentences.retain(|sentence| is_shouted(&text[sentence.clone()]));
    sentences
}

/// Runs of letters, leaving out words with digits or points in them: those are names of forms, laws and programs
/// (`CT01`, `118/2025/NĐ-CP`, `EVNNPC.CSKH`).
pub(super) fn letters(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let is_name = word.contains(|c: char| c.is_ascii_digit())
            || word
                .split_once('.')
                .is_some_and(|(_, rest)| rest.starts_with(char::is_alphabetic));
        if !is_name {
            let mut run = start;
            for part in word.split_inclusive(|c: char| !c.is_alphabetic()) {
                let length = part.trim_end_matches(|c: char| !c.is_alphabetic()).len();
                if length > 0 {
                    runs.push(run..run + length);
                }
                run += part.len();
            }
        }
        start += word.len();
    }
    runs.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_in_capitals_are_found_and_rows_of_abbreviations_are_none() {
        let style = Style {
            plain_abbreviations: ["SIM", "QR", "OTP", "BHYT"].map(str::to_owned).into(),
            ..Style::default()
        };
        let found = |text| -> Vec<&str> {
            let found = warnings(text, &style).into_iter();
            found.map(|warning| &text[warning.at]).collect()
        };
        let text = "Chú ý nhé. KHÔNG ĐỌC MÃ OTP CHO AI! Nhớ kỹ.";
        assert_eq!(found(text), ["KHÔNG ĐỌC MÃ OTP CHO AI!"]);
        for fine in ["UBND XÃ MẪU", "SIM, QR, OTP, BHYT", "Đừng BẤM VÀO ĐƯỜNG DẪN", ""] {
            assert_eq!(found(fine), <[&str; 0]>::default(), "{fine}");
        }
    }
}

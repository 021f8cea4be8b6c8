//! Terms that were right once (`outdated` in `style.toml`). Begin with [`warnings`].

use std::ops::Range;

use super::super::sentences;
use super::super::style::Style;
use super::Warning;
use crate::content::vietnamese::normalise;

/// Words that tell that a sentence is about the past, so that it may use the terms of the past.
const ABOUT_THE_PAST: [&str; 10] = [
    "trước đây",
    "trước kia",
    "ngày trước",
    "cũ",
    "không còn",
    "không dùng nữa",
    "không dùng được nữa",
    "hết giá trị",
    "bãi bỏ",
    "thay cho",
];

pub(super) fn warnings(text: &str, style: &Style) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for sentence in sentences::split(text) {
        let words = &text[sentence.clone()];
        if ABOUT_THE_PAST.iter().any(|mark| find_term(words, mark).is_some()) {
            continue;
        }
        for entry in &style.outdated {
            let Some(at) = find_term(words, &entry.term) else {
                continue;
            };
            if !normalise(words).contains(&normalise(&entry.instead)) {
                warnings.push(Warning {
                    at: sentence.start + at.start..sentence.start + at.end,
                    code: "outdated-term",
                    message: format!("\"{}\" là cách gọi không còn đúng", entry.term),
                    help: format!("Nay viết \"{}\"; nói chuyện trước đây thì ghi rõ là cũ.", entry.instead),
                });
            }
        }
    }
    warnings
}

/// Where a term stands as whole words, small and capital letters alike.
fn find_term(text: &str, term: &str) -> Option<Range<usize>> {
    let length_at = |start: usize| {
        let mut rest = text[start..].chars();
        let mut length = 0;
        for wanted in term.chars() {
            let found = rest.next()?;
            if !found.to_lowercase().eq(wanted.to_lowercase()) {
                return None;
            }
            length += found.len_utf8();
        }
        Some(length)
    };
    text.char_indices().find_map(|(start, _)| {
        let end = start + length_at(start)?;
        let cut = text[..start].ends_with(char::is_alphanumeric) || text[end..].starts_with(char::is_alphanumeric);
        (!cut).then_some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::style::Outdated;
    use super::*;

    #[test]
    fn outdated_terms_may_stand_where_the_past_is_told() {
        let style = Style {
            outdated: vec![Outdated {
                term: "sổ hộ khẩu".to_owned(),
                instead: "thông tin cư trú".to_owned(),
            }],
            ..Style::default()
        };
        let found = |text| -> Vec<&str> {
            let found = warnings(text, &style).into_iter();
            found.map(|warning| &text[warning.at]).collect()
        };
        let text = "Mang sổ tay. Mang Sổ hộ khẩu đến.";
        assert_eq!(found(text), ["Sổ hộ khẩu"]);
        for fine in [
            "Thông tin cư trú thay sổ hộ khẩu.",
            "Trước đây dùng sổ hộ khẩu.",
            "Sổ hộ khẩu cũ cứ giữ lại.",
            "Vào sổ hộ khẩuu",
        ] {
            assert_eq!(found(fine), <[&str; 0]>::default(), "{fine}");
        }
    }
}

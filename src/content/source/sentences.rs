//! Where sentences end, and how long they are.
//!
//! Written for Vietnamese prose about public services, which is full of points that end nothing: "TP. Hải Phòng",
//! "1.000.000 đồng", "20.11.2026", "dichvucong.gov.vn".

use std::ops::Range;

/// Longer sentences are reported, in words between spaces (syllables, in Vietnamese).
pub(super) const LONGEST: usize = 25;

/// Shortened words that stand before a name or a number, so that a capital after them begins no sentence.
const SHORTENED: [&str; 24] = [
    "BS", "CN", "Dr", "Đ", "ĐT", "GS", "H", "KS", "Mr", "Mrs", "Ms", "No", "P", "PGS", "Q", "ST", "ThS", "Tp", "TP",
    "Tr", "tr", "TS", "TT", "TX",
];

/// The sentences of a paragraph, without the spaces around them.
pub(super) fn split(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, mark)) = chars.next() {
        if !matches!(mark, '.' | '!' | '?' | '…') {
            continue;
        }
        // Quotes, brackets and further marks that belong to the end.
        while chars
            .next_if(|(_, next)| matches!(next, '.' | '!' | '?' | '…' | '"' | '”' | '’' | '\'' | ')' | '»'))
            .is_some()
        {}
        let end = chars.peek().map_or(text.len(), |(next, _)| *next);
        if ends_here(&text[start..at], mark, &text[end..]) {
            push_trimmed(&mut sentences, text, start..end);
            start = end;
        }
    }
    push_trimmed(&mut sentences, text, start..text.len());
    sentences
}

/// How many words a text has; a dash alone is none.
pub(super) fn words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .count()
}

fn ends_here(before: &str, mark: char, after: &str) -> bool {
    let Some(next) = after.trim_start().chars().next() else {
        return true;
    };
    let spaced = after.starts_with(char::is_whitespace);
    let last_word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    spaced && !next.is_lowercase() && !(mark == '.' && SHORTENED.contains(&last_word))
}

fn push_trimmed(sentences: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    let end = start + part.trim().len();
    if start < end {
        sentences.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = split(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sentences_end_at_points_questions_and_calls() {
        check(
            "Đến xã. Hỏi ai? Hỏi cán bộ! Xong",
            &["Đến xã.", "Hỏi ai?", "Hỏi cán bộ!", "Xong"],
        );
    }

    #[test]
    fn points_inside_numbers_dates_and_addresses_end_nothing() {
        check(
            "Nộp 1.000.000 đồng trước 20.11.2026 tại dichvucong.gov.vn. Giữ biên lai.",
            &[
                "Nộp 1.000.000 đồng trước 20.11.2026 tại dichvucong.gov.vn.",
                "Giữ biên lai.",
            ],
        );
    }

    #[test]
    fn shortened_words_end_nothing() {
        check(
            "Ở TP. Hải Phòng có BS. Lan. Gọi bác.",
            &["Ở TP. Hải Phòng có BS. Lan.", "Gọi bác."],
        );
        check(
            "Giấy tờ, ảnh, v.v. đều mang theo.",
            &["Giấy tờ, ảnh, v.v. đều mang theo."],
        );
    }

    #[test]
    fn a_quote_ends_with_its_sentence() {
        check(
            "Nó nói: \"Mau lên!\" Ông tắt máy.",
            &["Nó nói: \"Mau lên!\"", "Ông tắt máy."],
        );
        check("Nó hỏi \"Ai đấy?\" rồi cúp máy.", &["Nó hỏi \"Ai đấy?\" rồi cúp máy."]);
        check("Chờ đã… Nghĩ đi.", &["Chờ đã…", "Nghĩ đi."]);
    }

    #[test]
    fn dashes_are_no_words() {
        assert_eq!(words("Thứ hai – thứ sáu: 7 giờ 30"), 7);
        check("", &[]);
    }
}

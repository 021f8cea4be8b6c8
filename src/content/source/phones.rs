//! What looks like a telephone number: a wrong digit sends residents to a stranger, so every number must be a known one.
//!
//! Looks only at forms that hardly anything else has: 1800 and 1900 numbers, numbers of ten or eleven digits that begin
//! with 0, and three or four digits right after a word such as "gọi". Sums, dates, years, numbers of laws and identity
//! numbers pass. Begin with [`find`].

use std::ops::Range;

/// Words right before a short number that make it one to call.
const BEFORE_A_SHORT_NUMBER: [&str; 4] = ["gọi", "số", "tổng đài", "điện thoại"];

/// The word before "số" where the number counts or names something else: "nghị định số", "công nghệ số", "biển số".
const OTHER_NUMBERS: [&str; 40] = [
    "án",
    "bài",
    "bạ",
    "bàn",
    "biển",
    "câu",
    "cửa",
    "dân",
    "đề",
    "điều",
    "định",
    "đổi",
    "đơn",
    "đường",
    "hiệu",
    "hoạch",
    "hội",
    "khoản",
    "ký",
    "lệnh",
    "liệu",
    "luật",
    "mã",
    "mẫu",
    "năng",
    "nghệ",
    "nhà",
    "phiếu",
    "phòng",
    "phủ",
    "quầy",
    "quyền",
    "quyết",
    "sơ",
    "tế",
    "thẻ",
    "thửa",
    "tờ",
    "tư",
    "văn",
];

/// Words after a short number that make it a sum or a count.
const UNITS: [&str; 11] = [
    "bước", "đồng", "giây", "giờ", "lần", "năm", "ngày", "nghìn", "người", "phút", "triệu",
];

/// The digits of a number, however it is written.
pub(super) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The numbers in a text, in their order.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|start| at + start) {
        let groups = groups(text, start);
        let number = (!inside_a_word(&text[..start]))
            .then(|| long(text, &groups).or_else(|| short(text, &groups)))
            .flatten();
        at = number.as_ref().map_or(groups[0].end, |number| number.end);
        found.extend(number);
    }
    found
}

/// The numbers in a field that holds numbers: as in [`find`], or all of it if there is nothing but digits.
pub(super) fn find_in_field(text: &str) -> Vec<Range<usize>> {
    let only_digits = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-'));
    if only_digits && !text.is_empty() {
        std::iter::once(0..text.len()).collect()
    } else {
        find(text)
    }
}

/// Runs of digits from `start` on, with one space, point or dash between two of them.
fn groups(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let mut start = start;
    loop {
        let end = start + text[start..].bytes().take_while(u8::is_ascii_digit).count();
        groups.push(start..end);
        let mut rest = text[end..].chars();
        let goes_on =
            matches!(rest.next(), Some(' ' | '.' | '-')) && rest.next().is_some_and(|next| next.is_ascii_digit());
        if !goes_on {
            return groups;
        }
        start = end + 1;
    }
}

/// A number that is told by its form: the first group if it makes one, else all of them, else as few as possible.
fn long(text: &str, groups: &[Range<usize>]) -> Option<Range<usize>> {
    let first = &text[groups[0].clone()];
    let is_number = |count: usize| {
        let length: usize = groups[..count].iter().map(Range::len).sum();
        let service = first.starts_with("1800") || first.starts_with("1900");
        let subscriber = first.len() >= 3 && first.starts_with('0');
        let complete = !inside_a_word_after(&text[groups[count - 1].end..]);
        complete && (service && matches!(length, 8 | 10) || subscriber && matches!(length, 10 | 11))
    };
    let count = [1, groups.len()]
        .into_iter()
        .chain(2..groups.len())
        .find(|count| is_number(*count))?;
    Some(groups[0].start..groups[count - 1].end)
}

/// A number that is told by the words around it.
fn short(text: &str, groups: &[Range<usize>]) -> Option<Range<usize>> {
    let number = groups[0].clone();
    let after = &text[number.end..];
    let written_alone = groups.len() == 1 || after.starts_with(' ');
    if !matches!(number.len(), 3 | 4) || !written_alone || inside_a_word_after(after) {
        return None;
    }
    let before =
        text[..number.start].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '“' | '"' | '('));
    let before = before.to_lowercase();
    let word = BEFORE_A_SHORT_NUMBER
        .into_iter()
        .find(|word| ends_with_word(&before, word))?;
    let counts_something_else = word == "số" && {
        let earlier = before[..before.len() - word.len()].trim_end();
        let is_year = number.len() == 4 && text[number.clone()].starts_with("20");
        is_year || OTHER_NUMBERS.iter().any(|other| ends_with_word(earlier, other))
    };
    let next = after.split_whitespace().next().unwrap_or("").to_lowercase();
    let next = next.trim_end_matches(|c: char| !c.is_alphanumeric());
    (!counts_something_else && !UNITS.contains(&next)).then_some(number)
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|before| !before.ends_with(char::is_alphanumeric))
}

/// Letters, digits and slashes before a digit: part of an address, a date or the number of a law.
fn inside_a_word(before: &str) -> bool {
    before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '_' | ','))
}

fn inside_a_word_after(after: &str) -> bool {
    after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '_' | '%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        check("Gọi 18001096, miễn phí.", &["18001096"]);
        check("Bảo hiểm: 1900 9068. Điện lực: 1900.6769.", &["1900 9068", "1900.6769"]);
        check(
            "Máy bàn 0220 3716 245, di động 0912-345-678.",
            &["0220 3716 245", "0912-345-678"],
        );
        check("Báo 069.234.8560 hoặc 19001234 24 giờ.", &["069.234.8560", "19001234"]);
    }

    #[test]
    fn short_numbers_need_a_word_before_them() {
        check("Khẩn cấp gọi 113. Trẻ em gọi số 111!", &["113", "111"]);
        check("Tổng đài: 156 (miễn phí), nhắn đến số **5656**", &["156"]);
        check("Có 113 người, nặng 115 cân.", &[]);
    }

    #[test]
    fn other_numbers_are_none() {
        check(
            "Nghị định 118/2025/NĐ-CP, Nghị định số 118, Luật số 148/2025/QH15.",
            &[],
        );
        check("Chuyển đổi số 2026, mẫu số 101, nhà số 125.", &[]);
        check("Hết 1.900.000 đồng, năm 1900, ngày 01.02.2026, số 100 đồng.", &[]);
        check("Số định danh 030099001234, hạng A1, 5G, gọi 115% số lần.", &[]);
        check("", &[]);
    }

    #[test]
    fn a_field_may_hold_a_short_number_alone() {
        assert!(find_in_field("113").first().is_some_and(|all| *all == (0..3)));
        assert!(find_in_field("hỏi cán bộ tại quầy").is_empty());
    }
}

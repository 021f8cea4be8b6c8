//! Rules about the words themselves: long sentences, abbreviations, outdated terms, capitals and telephone numbers.
//!
//! All of them warn only: a program can't know what an author means. What they look for comes from `style.toml`.
//! Begin with [`check_prose`].

use std::collections::BTreeSet;
use std::ops::Range;

use super::file::SourceFile;
use super::notes::Notes;
use super::style::Style;
use super::{phones, sentences};
use crate::content::faults::Fault;
use crate::content::vietnamese::normalise;
use crate::content::vietnamese::syllable::Spelling;

/// From so many words on, a sentence in capitals is one; fewer may be a name.
const SHOUTED_WORDS: usize = 4;

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

/// Something to warn of, at a range of the text that was looked at.
#[derive(Debug)]
struct Warning {
    at: Range<usize>,
    code: &'static str,
    message: String,
    help: String,
}

/// Warns of long sentences and unfit words in `plain`; `span` says where a range of `plain` stands in the file.
pub(super) fn check_prose(
    file: &SourceFile,
    plain: &str,
    span: impl Fn(Range<usize>) -> Range<usize>,
    notes: &mut Notes,
) {
    for sentence in sentences::split(plain) {
        let words = sentences::words(&plain[sentence.clone()]);
        if words > sentences::LONGEST {
            let message = format!("Câu này dài {words} chữ, nên không quá {}", sentences::LONGEST);
            notes.add(
                Fault::warning("long-sentence", file.place(span(sentence)), message)
                    .help("Hãy tách thành hai câu, để người nghe và người đọc kém dễ hiểu."),
            );
        }
    }
    check(file, plain, span, notes);
}

/// Checks a text without marks; `span` says where a range of it stands in the file.
pub(super) fn check(file: &SourceFile, text: &str, span: impl Fn(Range<usize>) -> Range<usize>, notes: &mut Notes) {
    let style = &notes.style;
    let mut warnings = capitals(text, style);
    warnings.extend(outdated(text, style));
    warnings.extend(unknown_phones(text, phones::find(text), notes));
    if let Some(met) = &mut notes.abbreviations_met {
        warnings.extend(unexplained(text, style, met));
    }
    report(file, warnings, span, notes);
}

/// Checks a field that holds a telephone number.
pub(super) fn check_phone(
    file: &SourceFile,
    text: &str,
    span: impl Fn(Range<usize>) -> Range<usize>,
    notes: &mut Notes,
) {
    let warnings = unknown_phones(text, phones::find_in_field(text), notes);
    report(file, warnings, span, notes);
}

/// Notes the abbreviations that a heading explains. Those that it only names wait for the text below it.
pub(super) fn note_explained(heading: &str, notes: &mut Notes) {
    if let Some(met) = &mut notes.abbreviations_met {
        let mut explained = abbreviations(heading, &notes.style);
        explained.retain(|at| is_explained(heading, at, &notes.style));
        met.extend(explained.into_iter().map(|at| heading[at].to_owned()));
    }
}

fn report(file: &SourceFile, warnings: Vec<Warning>, span: impl Fn(Range<usize>) -> Range<usize>, notes: &mut Notes) {
    for Warning {
        at,
        code,
        message,
        help,
    } in warnings
    {
        notes.add(Fault::warning(code, file.place(span(at)), message).help(help));
    }
}

/// Whether a word could be an abbreviation: two or more letters, all of them capitals.
pub(super) fn is_capitals(word: &str) -> bool {
    word.chars().count() >= 2 && word.chars().all(|c| c.is_alphabetic() && !c.is_lowercase())
}

fn capitals(text: &str, style: &Style) -> Vec<Warning> {
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
fn shouted(text: &str, style: &Style) -> Vec<Range<usize>> {
    let is_shouted = |sentence: &str| {
        let words = letters(sentence).filter(|word| !style.lists(&sentence[word.clone()]));
        !sentence.contains(char::is_lowercase) && words.count() >= SHOUTED_WORDS
    };
    let mut sentences = sentences::split(text);
    sentences.retain(|sentence| is_shouted(&text[sentence.clone()]));
    sentences
}

fn outdated(text: &str, style: &Style) -> Vec<Warning> {
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

fn unknown_phones(text: &str, found: Vec<Range<usize>>, notes: &Notes) -> Vec<Warning> {
    let known = &notes.style.phones;
    if known.is_empty() {
        return Vec::new();
    }
    let of_the_commune = |digits: &str| {
        let facts = notes.facts.values.values();
        facts
            .flat_map(|fact| phones::find_in_field(fact).into_iter().map(|at| &fact[at]))
            .any(|number| phones::digits(number) == digits)
    };
    let unknown = found.into_iter().filter(|at| {
        let digits = phones::digits(&text[at.clone()]);
        !known.contains(&digits) && !of_the_commune(&digits)
    });
    unknown
        .map(|at| Warning {
            code: "unknown-phone",
            message: format!(
                "Số điện thoại {} không có trong danh sách đã kiểm tra",
                &text[at.clone()]
            ),
            help: "Hãy gọi thử; đúng thì thêm vào phones của style.toml. Số của xã thì ghi vào commune.toml."
                .to_owned(),
            at,
        })
        .collect()
}

/// Abbreviations that are met for the first time on this page and not explained there.
fn unexplained(text: &str, style: &Style, met: &mut BTreeSet<String>) -> Vec<Warning> {
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

/// Runs of letters, leaving out words with digits or points in them: those are names of forms, laws and programs
/// (`CT01`, `118/2025/NĐ-CP`, `EVNNPC.CSKH`).
fn letters(text: &str) -> impl Iterator<Item = Range<usize>> {
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
    use super::super::style::Outdated;
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
            outdated: vec![Outdated {
                term: "sổ hộ khẩu".to_owned(),
                instead: "thông tin cư trú".to_owned(),
            }],
            ..Style::default()
        }
    }

    fn words<'a>(text: &'a str, warnings: &[Warning]) -> Vec<&'a str> {
        warnings.iter().map(|warning| &text[warning.at.clone()]).collect()
    }

    fn check_unexplained(text: &str, expected: &[&str]) {
        let found = unexplained(text, &style(), &mut BTreeSet::new());
        assert_eq!(words(text, &found), expected, "{text}");
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

    #[test]
    fn sentences_in_capitals_are_found_and_rows_of_abbreviations_are_none() {
        let text = "Chú ý nhé. KHÔNG ĐỌC MÃ OTP CHO AI! Nhớ kỹ.";
        assert_eq!(words(text, &capitals(text, &style())), ["KHÔNG ĐỌC MÃ OTP CHO AI!"]);
        for fine in ["UBND XÃ MẪU", "SIM, QR, OTP, BHYT", "Đừng BẤM VÀO ĐƯỜNG DẪN", ""] {
            assert_eq!(words(fine, &capitals(fine, &style())), <[&str; 0]>::default(), "{fine}");
        }
    }

    #[test]
    fn outdated_terms_may_stand_where_the_past_is_told() {
        let text = "Mang sổ tay. Mang Sổ hộ khẩu đến.";
        assert_eq!(words(text, &outdated(text, &style())), ["Sổ hộ khẩu"]);
        for fine in [
            "Thông tin cư trú thay sổ hộ khẩu.",
            "Trước đây dùng sổ hộ khẩu.",
            "Sổ hộ khẩu cũ cứ giữ lại.",
            "Vào sổ hộ khẩuu",
        ] {
            assert_eq!(words(fine, &outdated(fine, &style())), <[&str; 0]>::default(), "{fine}");
        }
    }
}

//! The places where texts ask for a fact of the commune: those that ask for nothing we know are faults. Begin with
//! [`note_insertions`].

use std::ops::Range;

use super::facts::{KEYS, key};
use super::file::SourceFile;
use super::notes::Notes;
use crate::content::faults::Fault;

/// Reports insertions that name no fact, and remembers the others as used.
pub(super) fn note_insertions(file: &SourceFile, range: Range<usize>, notes: &mut Notes) {
    for (found, mark) in file.text[range.clone()].match_indices("{commune.") {
        let start = range.start + found;
        if !file.text[..start].ends_with('{') {
            let message = "Chỗ chèn thông tin của xã cần hai dấu ngoặc nhọn";
            let place = file.place(start..start + mark.len());
            notes.add(Fault::error("unknown-fact", place, message).help("Hãy viết như {{commune.police_phone}}."));
        }
    }
    let mut at = range.start;
    while let Some(start) = file.text[at..range.end].find("{{").map(|found| at + found) {
        let line_end = file.text[start..range.end]
            .find('\n')
            .map_or(range.end, |found| start + found);
        let end = file.text[start..line_end].find("}}").map(|found| start + found + 2);
        let span = start..end.unwrap_or(line_end);
        at = span.end;
        match end.and_then(|end| key(&file.text[start..end])) {
            // Whether it could be read from the commune's file is said there.
            Some(key) if KEYS.contains(&key) => {
                notes.facts.used.insert(key.to_owned());
                note_inside_a_sentence(file, &range, &span, notes);
            }
            Some(key) => notes.add(
                Fault::error(
                    "unknown-fact",
                    file.place(span),
                    format!("commune.toml không có mục \"{key}\""),
                )
                .help(format!("Các mục có thể dùng: {}.", KEYS.join(", "))),
            ),
            None => notes.add(
                Fault::error(
                    "unknown-fact",
                    file.place(span),
                    "Chỗ chèn thông tin của xã viết chưa đúng",
                )
                .help("Hãy viết như {{commune.police_phone}}, không có dấu cách."),
            ),
        }
    }
}

/// As long as staff haven't filled it in, "Gọi hỏi cán bộ tại quầy để đặt lịch" would be read. It reads well where it stands alone: as a line,
/// an item or a cell, or behind a colon up to the end of the sentence.
fn note_inside_a_sentence(file: &SourceFile, range: &Range<usize>, span: &Range<usize>, notes: &mut Notes) {
    let before = file.text[range.start..span.start].rsplit(['\n', '|']).next();
    let before = before.unwrap_or_default();
    let before = before.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '>' | '#' | '-' | '.'));
    let before = before.trim_end_matches([' ', '*', '"', '[']);
    let after = file.text[span.end..range.end].trim_start_matches(['*', '"', ' ']);
    let goes_on = after.starts_with(|c: char| c.is_alphanumeric());
    let alone = before.is_empty() || before.ends_with([':', '=', ',', ';']);
    if !alone || goes_on {
        let message = "Thông tin của xã đứng giữa câu";
        let help =
            "Nên viết sau dấu hai chấm, ví dụ \"Điện thoại: {{commune.police_phone}}.\" Khi chưa điền, câu vẫn xuôi.";
        notes.add(Fault::warning("fact-in-sentence", file.place(span.clone()), message).help(help));
    }
}

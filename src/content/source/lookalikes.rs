//! Lines that look like Markdown and are none: pasted from Word, or with a space too few.
//!
//! Every reader of Markdown joins them to the lines around them, or leaves them out, without a word. Here each is an error that says how
//! to write it: turning them into lists in silence would guess, and staff would learn nothing (docs/decisions/016). Begin with
//! [`note_lines`].

use std::ops::Range;

use pulldown_cmark::{Options, Parser};

use super::file::SourceFile;
use super::notes::Notes;
use crate::content::faults::Fault;

/// What Word, Excel and telephones draw in front of an item.
const BULLETS: [char; 16] = [
    '•', '◦', '▪', '▫', '●', '○', '■', '□', '‣', '⁃', '·', '∙', '➢', '➤', '☐', '☑',
];

/// Dashes that may stand in front of an item, or of what somebody says.
const DASHES: [char; 4] = ['–', '—', '−', '―'];

/// What a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looks {
    Heading,
    Frame,
    Item,
    /// An item only beside others: alone it may be a dash of speech, or "2. " after a line that is no list.
    PerhapsItem,
    Task,
    Table,
}

impl Looks {
    fn of(line: &str) -> Option<Self> {
        let mut letters = line.chars();
        let first = letters.next()?;
        let second = letters.next().unwrap_or(' ');
        let hashes = line.chars().take_while(|c| *c == '#').count();
        if (1..=6).contains(&hashes) {
            let next = line[hashes..].chars().next().unwrap_or(' ');
            return (next.is_alphabetic() || hashes > 1 && !next.is_whitespace()).then_some(Self::Heading);
        }
        if line.starts_with("[!") {
            return Some(Self::Frame);
        }
        if ["[ ] ", "[x] ", "[X] "].iter().any(|mark| line.starts_with(mark)) {
            return Some(Self::Task);
        }
        if first == '|' || line.matches(" | ").count() > 1 {
            return Some(Self::Table);
        }
        if BULLETS.contains(&first) || matches!(first, '-' | '+') && second.is_alphabetic() {
            return Some(Self::Item);
        }
        let step = line
            .strip_prefix("Bước ")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if step || matches!(first, 'o' | '§') && second.is_whitespace() {
            return Some(Self::PerhapsItem);
        }
        if DASHES.contains(&first) {
            return Some(Self::PerhapsItem);
        }
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let is_letter = first.is_lowercase() && !second.is_alphabetic();
        let number = match digits {
            1 | 2 => digits,
            0 if is_letter => first.len_utf8(),
            _ => return None,
        };
        let mut after = line[number..].chars();
        match (after.next()?, after.next().unwrap_or(' ')) {
            ('.' | ')', next) if digits > 0 && next.is_alphabetic() => Some(Self::Item),
            // "1.1. Một"; "1.000 đồng" has three digits.
            ('.', next) if digits > 0 && next.is_ascii_digit() => {
                let rest = line[number + 1..].trim_start_matches(|c: char| c.is_ascii_digit());
                let length = line.len() - number - 1 - rest.len();
                (length < 3 && rest.starts_with(". ")).then_some(Self::PerhapsItem)
            }
            ('.' | ')', next) if next.is_whitespace() => Some(Self::PerhapsItem),
            (')', _) if digits == 0 => Some(Self::PerhapsItem),
            ('/', next) if digits > 0 && (next.is_whitespace() || next.is_alphabetic()) => Some(Self::PerhapsItem),
            _ => None,
        }
    }

    fn fault(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Heading => (
                "looks-like-heading",
                "Dòng này không thành đầu đề: sau dấu thăng thiếu dấu cách",
                "Viết \"## Tên bước\", sau hai dấu thăng có một dấu cách, ở trên có một dòng trống.",
            ),
            Self::Frame => (
                "looks-like-frame",
                "Dòng này không thành khung: thiếu dấu > ở đầu dòng",
                "Mỗi dòng của khung bắt đầu bằng \"> \": > [!CANH-BAO] rồi > lời cảnh báo. Mỗi khung cách khung khác một dòng trống.",
            ),
            Self::Item | Self::PerhapsItem => (
                "looks-like-list",
                "Những dòng này trông như danh sách nhưng sẽ bị nối thành một dòng",
                "Đầu mỗi mục viết dấu gạch nối và một dấu cách \"- \", hoặc số, dấu chấm và một dấu cách \"1. \"; trên mục đầu có một dòng trống.",
            ),
            Self::Task => (
                "looks-like-task",
                "Ô đánh dấu [ ] không có tác dụng, người đọc sẽ thấy nguyên dấu ngoặc",
                "Hãy bỏ [ ]. Giấy tờ cần mang thì ghi vào mục prepare ở đầu tệp, màn hình sẽ có ô để đánh dấu.",
            ),
            Self::Table => (
                "looks-like-table",
                "Dòng này không thành bảng",
                "Dưới dòng tên cột phải có dòng gạch: | Loại | Phí | rồi | --- | --- | rồi mỗi dòng một hàng | Bản sao | 8.000 đồng |",
            ),
        }
    }
}

/// Looks over the lines of one paragraph, item or frame. `from` is the byte at which its words begin.
pub(super) fn note_lines(file: &SourceFile, span: &Range<usize>, from: usize, notes: &mut Notes) {
    let start = from.clamp(span.start, span.end);
    let mut at = start;
    let mut found: Vec<(Looks, Range<usize>, bool)> = Vec::new();
    let mut tab = None;
    // Whether the line before stays a line of its own, because the author ended it.
    let mut ended = false;
    for (number, line) in file.text[start..span.end].split('\n').enumerate() {
        let words = line.trim_start_matches(['>', ' ', '\t']);
        let begin = at + (line.len() - words.len());
        at += line.len() + 1;
        let (was_ended, alone) = (ended, line.ends_with("  ") || line.ends_with('\\'));
        ended = alone;
        let words = words.trim_end();
        let place = begin..begin + words.len();
        if words.is_empty() {
            continue;
        }
        let stays = was_ended || number == 0 && alone;
        if let Some(looks) =
            Looks::of(words).filter(|looks| !(stays && matches!(looks, Looks::Item | Looks::PerhapsItem)))
        {
            found.push((looks, place.clone(), number > 0));
        }
        // A tab behind Word's bullet is said with the bullet.
        if words.contains('\t') && Looks::of(words).is_none() {
            tab = tab.or(Some(place));
        }
    }
    let perhaps = |looks: Looks| looks == Looks::PerhapsItem;
    let several = found.len() > 1;
    let first = found
        .into_iter()
        .find(|(looks, _, later)| !perhaps(*looks) || several || *later);
    if let Some((looks, place, _)) = first {
        let (code, message, help) = looks.fault();
        notes.add(Fault::error(code, file.place(place), message).help(help));
    }
    if let Some(place) = tab {
        let message = "Dòng này có dấu tab, như bảng dán từ Word hoặc Excel: các ô sẽ dính vào nhau";
        let (_, _, help) = Looks::Table.fault();
        notes.add(Fault::error("tab-in-text", file.place(place), message).help(help));
    }
}

/// Says which lines Markdown would take for definitions, and show nowhere: `[Lưu ý]: 18001096`.
pub(super) fn note_hidden(file: &SourceFile, range: &Range<usize>, options: Options, notes: &mut Notes) {
    let parser = Parser::new_ext(&file.text[range.clone()], options);
    let mut hidden: Vec<Range<usize>> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| range.start + definition.span.start..range.start + definition.span.end)
        .collect();
    hidden.sort_by_key(|span| span.start);
    for span in hidden {
        let message = "Dòng này sẽ không hiện ra: dấu ngoặc vuông và dấu hai chấm ở đầu dòng có nghĩa riêng";
        let help = "Hãy bỏ dấu ngoặc vuông, ví dụ \"Lưu ý: …\", hoặc viết vào khung > [!GHI-CHU].";
        notes.add(Fault::error("hidden-line", file.place(span), message).help(help));
    }
}

/// Says where a picture or a link was meant and not read, mostly because of a space in the name: `text` stands at `at` in the file.
pub(super) fn note_unread(file: &SourceFile, text: &str, at: impl Fn(usize) -> usize, notes: &mut Notes) {
    let link = "Liên kết này";
    let marks = [
        ("![", "Ảnh này"),
        ("](", link),
        ("[[", link),
        ("]page:", link),
        ("] (page:", link),
        ("] (quiz:", link),
    ];
    for (mark, what) in marks {
        for (found, _) in text.match_indices(mark) {
            let start = at(found);
            // With a backslash the author means the letters.
            let Some(written) = file.text.get(start..).filter(|rest| rest.starts_with(mark)) else {
                continue;
            };
            let end = written.find('\n').map_or(file.text.len(), |end| start + end);
            let message = format!("{what} viết chưa đúng nên người đọc sẽ thấy nguyên dấu ngoặc");
            let help = "Tên tệp và mã trang không được có dấu cách hay dấu tiếng Việt: ![lời tả](ten-tep.jpg), [chữ](page:ma-trang).";
            notes.add(Fault::error("unread-link", file.place(start..end), message).help(help));
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_by_how_they_begin() {
        for (line, looks) in [
            ("##Nhận", Some(Looks::Heading)),
            ("##2 việc", Some(Looks::Heading)),
            ("#100# rồi gọi", None),
            ("[!CANH-BAO] Coi chừng", Some(Looks::Frame)),
            ("[ ] Việc", Some(Looks::Task)),
            ("| a | b |", Some(Looks::Table)),
            ("•\tMột", Some(Looks::Item)),
            ("-một", Some(Looks::Item)),
            ("-5 độ", None),
            ("+84 912", None),
            ("1.Một", Some(Looks::Item)),
            ("1.000 đồng", None),
            ("2. Hai", Some(Looks::PerhapsItem)),
            ("1/ Một", Some(Looks::PerhapsItem)),
            ("1.1. Một", Some(Looks::PerhapsItem)),
            ("1.5 triệu đồng", None),
            ("20.11.2026 là", None),
            ("Bước 2: Hai", Some(Looks::PerhapsItem)),
            ("o Một", Some(Looks::PerhapsItem)),
            ("1/12 này", None),
            ("24/7 đều mở", None),
            ("a) Bản chính", Some(Looks::PerhapsItem)),
            ("đ) Bản sao", Some(Looks::PerhapsItem)),
            ("a.b", None),
            ("– Chào bác", Some(Looks::PerhapsItem)),
            ("ở xã", None),
            ("2026. Năm", None),
            ("", None),
        ] {
            assert_eq!(Looks::of(line), looks, "{line}");
        }
    }
}

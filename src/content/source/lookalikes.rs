//! Lines that look like Markdown and are none: pasted from Word, or with a space too few.
//!
//! Every reader of Markdown joins them to the lines around them, or leaves them out, without a word. Here each is an error that says how
//! to write it: turning them into lists in silence would guess, and staff would learn nothing (docs/decisions/016). Begin with
//! [`note_lines`].

use std::ops::Range;

use pulldown_cmark::{Options, Parser};

use super::file::SourceFile;
use super::line_ends::{self, Line};
use super::markers::Marker;
use super::notes::Notes;
use crate::content::faults::Fault;

/// What a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looks {
    Heading,
    Frame,
    Item,
    /// An item only beside others, or after another line: alone it may be a dash of speech.
    PerhapsItem,
    /// An item only beside others: prose that was broken into lines may begin one of them so.
    ItemBeside,
    Task,
    Table,
    /// A row only beside others.
    RowBeside,
}

impl Looks {
    fn of(line: &str) -> Option<Self> {
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
        if line.starts_with('|') || line.matches(" | ").count() > 1 {
            return Some(Self::Table);
        }
        // Beside another, because prose may hold one: "Cha | mẹ", "Họ tên:      Tuổi:".
        if line.contains('|') || line.contains("    ") {
            return Some(Self::RowBeside);
        }
        Marker::of(line).map(|marker| match marker {
            Marker::Sure => Self::Item,
            Marker::Perhaps => Self::PerhapsItem,
            Marker::Beside => Self::ItemBeside,
        })
    }

    fn is_item(self) -> bool {
        matches!(self, Self::Item | Self::PerhapsItem | Self::ItemBeside)
    }

    fn is_row(self) -> bool {
        matches!(self, Self::Table | Self::RowBeside)
    }

    /// Whether it reads well on a line of its own.
    fn may_stand_alone(self) -> bool {
        self.is_item() || self == Self::RowBeside
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
            Self::Item | Self::PerhapsItem | Self::ItemBeside => (
                "looks-like-list",
                "Những dòng này trông như danh sách nhưng sẽ bị nối thành một dòng",
                "Đầu mỗi mục viết dấu gạch nối và một dấu cách \"- \", hoặc số, dấu chấm và một dấu cách \"1. \"; trên mục đầu có một dòng trống.",
            ),
            Self::Task => (
                "looks-like-task",
                "Ô đánh dấu [ ] không có tác dụng, người đọc sẽ thấy nguyên dấu ngoặc",
                "Hãy bỏ [ ]. Giấy tờ cần mang thì ghi vào mục prepare ở đầu tệp, màn hình sẽ có ô để đánh dấu.",
            ),
            Self::Table | Self::RowBeside => (
                "looks-like-table",
                "Dòng này không thành bảng",
                "Dưới dòng tên cột phải có dòng gạch: | Loại | Phí | rồi | --- | --- | rồi mỗi dòng một hàng | Bản sao | 8.000 đồng |",
            ),
        }
    }
}

fn lines(file: &SourceFile, range: Range<usize>) -> Vec<Line<'_>> {
    let mut at = range.start;
    let (mut later, mut was_ended) = (false, false);
    let mut lines = Vec::new();
    for line in file.text[range].split('\n') {
        let words = line.trim_start_matches(['>', ' ', '\t']);
        let begin = at + (line.len() - words.len());
        at += line.len() + 1;
        let ended = line.ends_with("  ") || line.ends_with('\\');
        let words = words.trim_end();
        lines.push(Line {
            words,
            place: begin..begin + words.len(),
            later,
            ended,
            stays: was_ended || !later && ended,
        });
        later |= !words.is_empty();
        was_ended = ended;
    }
    lines
}

/// Looks over the lines of one paragraph, item or frame. `from` is the byte at which its words begin.
pub(super) fn note_lines(file: &SourceFile, span: &Range<usize>, from: usize, notes: &mut Notes) {
    let lines = lines(file, from.clamp(span.start, span.end)..span.end);
    let looks = lookalike(&lines);
    // A tab behind Word's bullet is said with the bullet.
    let has_tab = |line: &&Line<'_>| line.words.contains('\t') && (looks.is_none() || Looks::of(line.words).is_none());
    let tab = lines.iter().find(has_tab);
    if let Some((looks, line)) = looks {
        let (code, message, help) = looks.fault();
        notes.add(Fault::error(code, file.place(line.place.clone()), message).help(help));
    }
    if let Some(line) = tab {
        let message = "Dòng này có dấu tab, như bảng dán từ Word hoặc Excel: các ô sẽ dính vào nhau";
        let (_, _, help) = Looks::Table.fault();
        notes.add(Fault::error("tab-in-text", file.place(line.place.clone()), message).help(help));
    }
    if let Some(line) = pulled_in(file, span, &lines) {
        let message = "Dòng này sẽ bị kéo vào khung ở trên";
        let help = "Nếu là lời của khung, hãy viết \"> \" ở đầu dòng. Nếu không, hãy để một dòng trống dưới khung.";
        notes.add(Fault::error("pulled-into-frame", file.place(line.place.clone()), message).help(help));
    } else if let (None, None, Some(line)) = (looks, tab, line_ends::lost(&lines)) {
        let message = "Dòng này và dòng dưới sẽ bị nối thành một dòng";
        let help = "Muốn xuống dòng, hãy để hai dấu cách hoặc dấu \\ ở cuối dòng, hoặc viết mỗi dòng thành một mục \"- \". Nếu là một câu thì nối hai dòng lại.";
        notes.add(Fault::error("lines-run-together", file.place(line.place.clone()), message).help(help));
    }
}

/// The first line without the mark of a frame, of a paragraph that begins with one.
fn pulled_in<'l, 'a>(file: &SourceFile, span: &Range<usize>, lines: &'l [Line<'a>]) -> Option<&'l Line<'a>> {
    let marked = |at: usize| {
        let start = file.text[..at].rfind('\n').map_or(0, |at| at + 1);
        file.text[start..].trim_start().starts_with('>')
    };
    let mut more = lines.iter().filter(|line| !line.words.is_empty());
    marked(span.start)
        .then(|| more.find(|line| !marked(line.place.start)))
        .flatten()
}

/// The same for a value of TOML in several lines, `span` without its quotes: it is one paragraph, and can hold no list. Nothing ends a line
/// of it.
pub(super) fn note_value(file: &SourceFile, span: Range<usize>, notes: &mut Notes) {
    let mut lines = lines(file, span);
    for line in &mut lines {
        (line.ended, line.stays) = (false, false);
    }
    let marks = ["- ", "* ", "+ ", "## "];
    let line = lines
        .iter()
        .find(|line| marks.iter().any(|mark| line.words.starts_with(mark)));
    let line = line.or_else(|| lookalike(&lines).map(|(_, line)| line));
    if let Some(line) = line.or_else(|| line_ends::lost(&lines)) {
        let message = "Dòng này sẽ bị nối với những dòng khác thành một dòng";
        let help = "Mục này chỉ hiện thành một đoạn. Hãy viết thành câu, giữa các ý là dấu chấm hoặc dấu chấm phẩy.";
        notes.add(Fault::error("lines-run-together", file.place(line.place.clone()), message).help(help));
    }
}

/// The first line that looks like what it isn't, where that counts.
fn lookalike<'l, 'a>(lines: &'l [Line<'a>]) -> Option<(Looks, &'l Line<'a>)> {
    let found: Vec<(Looks, usize)> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| Looks::of(line.words).map(|looks| (looks, at)))
        .filter(|(looks, at)| !(lines[*at].stays && looks.may_stand_alone()))
        .collect();
    let items = found.iter().filter(|(looks, _)| looks.is_item()).count();
    let rows = found.iter().filter(|(looks, _)| looks.is_row()).count();
    let first = found.into_iter().find(|(looks, at)| match looks {
        Looks::PerhapsItem => items > 1 || lines[*at].later && !line_ends::goes_on(lines, *at),
        Looks::ItemBeside => items > 1,
        Looks::RowBeside => rows > 1,
        _ => true,
    });
    first.map(|(looks, at)| (looks, &lines[at]))
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
            let Some(written) = file.text.get(start..).filter(|rest| rest.starts_with(mark)) else {
                continue;
            };
            // With a backslash the author means the letters.
            let before = file.text[..start].rsplit('\n').next().unwrap_or_default();
            let opening = before.rfind('[').filter(|_| mark.starts_with(']'));
            if before.ends_with('\\') || opening.is_some_and(|at| before[..at].ends_with('\\')) {
                continue;
            }
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
            ("-5 độ", Some(Looks::ItemBeside)),
            ("+84 912", Some(Looks::ItemBeside)),
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
            ("A. Một", Some(Looks::ItemBeside)),
            ("\u{f0b7} Một", Some(Looks::Item)),
            ("Bản sao | 8.000 đồng", Some(Looks::RowBeside)),
            ("Bản sao     8.000 đồng", Some(Looks::RowBeside)),
            ("", None),
        ] {
            assert_eq!(Looks::of(line), looks, "{line}");
        }
    }
}

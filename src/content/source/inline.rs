//! The text of one paragraph: from the parser's pieces to [`Rich`].
//!
//! Strong, emphasis, strikethrough, code, line breaks and links inside the pack stay; everything else is refused with its place. A mark
//! inside a word, a number or a dialling code was never meant as one, so it is an error. Begin with [`read`].

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::file::SourceFile;
use super::notes::{Notes, Wanted};
use super::pieces::{Piece, element};
use super::refusal::refuse;
use super::{folder, glyphs, lookalikes, wording};
use crate::content::faults::Fault;
use crate::content::rich::{Link, Marks, Rich};

/// Reads the pieces inside one paragraph. What stands before `from` (a byte in the file) is left out.
pub(super) fn read(file: &SourceFile, pieces: &[Piece<'_>], from: usize, notes: &mut Notes) -> Rich {
    let mut reader = Reader::new(file, from, notes);
    let mut at = 0;
    while at < pieces.len() {
        let (event, span) = &pieces[at];
        if reader.take(event, span) {
            at += 1;
        } else {
            refuse(file, event, span.clone(), reader.notes);
            at += element(&pieces[at..]).len();
        }
    }
    reader.finish()
}

/// The same where only plain text can stand, such as in a heading: on one line, without marks.
pub(super) fn read_plain(file: &SourceFile, pieces: &[Piece<'_>], notes: &mut Notes) -> String {
    note_marks(file, pieces, notes);
    read(file, pieces, 0, notes).text().replace('\n', " ")
}

/// Words without a mark have none to show: "## Điền mẫu _TK01_" would read "TK01".
pub(super) fn note_marks(file: &SourceFile, pieces: &[Piece<'_>], notes: &mut Notes) {
    let is_mark = |event: &Event<'_>| {
        matches!(
            event,
            Event::Start(Tag::Strong | Tag::Emphasis | Tag::Strikethrough) | Event::Code(_)
        )
    };
    let Some((_, span)) = pieces.iter().find(|(event, _)| is_mark(event)) else {
        return;
    };
    let mark = file.text[span.clone()].chars().next().unwrap_or('*');
    let message = format!("Ở đây chữ không đậm, không nghiêng được: người đọc sẽ không thấy dấu {mark}");
    let help = format!("Hãy bỏ dấu ấy. Muốn hiện chính dấu {mark}, hãy viết \\{mark}.");
    notes.add(Fault::warning("mark-in-plain", file.place(span.clone()), message).help(help));
}

/// Whether a mark stands inside of an address of the web or of post: `https://a.vn/_mau_don_`, `_ho.tro_@a.vn`.
fn cuts_an_address(before: &str, behind: &str) -> bool {
    let mut next = behind.chars();
    before.ends_with(['/', '@', '=', '&', '?', '.', '-'])
        || match next.next() {
            Some('@' | '/' | '=' | '&') => true,
            Some('.' | '-') => next.next().is_some_and(char::is_alphanumeric),
            _ => false,
        }
}

/// The text without marks as the author wrote it, and where each part of it stands: for rules about the wording.
#[derive(Default)]
struct Written {
    text: String,
    /// Begin of each part in `text` and in the file.
    parts: Vec<(usize, usize)>,
}

impl Written {
    fn push(&mut self, text: &str, in_file: usize) {
        self.parts.push((self.text.len(), in_file));
        self.text.push_str(text);
    }

    /// Exact as long as the author used no escapes and entities, and close by then.
    fn in_file(&self, range: Range<usize>) -> Range<usize> {
        let find = |at: usize| {
            let part = self.parts.partition_point(|(text, _)| *text <= at).saturating_sub(1);
            self.parts.get(part).map_or(0, |(text, in_file)| in_file + (at - text))
        };
        let last = self.text[range.clone()].chars().next_back().map_or(0, char::len_utf8);
        find(range.start)..find(range.end - last) + last
    }
}

struct Reader<'a> {
    file: &'a SourceFile,
    notes: &'a mut Notes,
    from: usize,
    rich: Rich,
    marks: Marks,
    link: Option<Link>,
    /// Where its words begin in `written`.
    link_at: usize,
    written: Written,
    /// Text since the last mark, not yet filled in: the parser may cut an insertion into several events.
    pending: String,
    /// Where it begins in `written`.
    pending_at: usize,
}

impl<'a> Reader<'a> {
    fn new(file: &'a SourceFile, from: usize, notes: &'a mut Notes) -> Self {
        Self {
            file,
            notes,
            from,
            rich: Rich::default(),
            marks: Marks::default(),
            link: None,
            link_at: 0,
            written: Written::default(),
            pending: String::new(),
            pending_at: 0,
        }
    }

    /// Takes one piece; `false` if the screen can't show it.
    fn take(&mut self, event: &Event<'_>, span: &Range<usize>) -> bool {
        match event {
            Event::Text(_) | Event::SoftBreak | Event::HardBreak if span.end <= self.from => {}
            Event::Text(text) => {
                let text =
                    &text[self.from.saturating_sub(span.start).min(text.len())..].replace(folder::is_invisible, "");
                // An entity, such as `&rarr;`, says what the file itself doesn't hold.
                if !self.file.text[span.clone()].contains(text) {
                    glyphs::note_value(self.file, text, span, self.notes);
                }
                self.written.push(text, span.start.max(self.from));
                self.pending.push_str(text);
            }
            Event::SoftBreak => {
                self.written.push(" ", span.start);
                self.pending.push(' ');
            }
            Event::HardBreak => {
                self.written.push(" ", span.start);
                self.flush();
                self.rich.push("\n", self.marks.style(), self.link.as_ref());
            }
            Event::Code(code) => {
                self.flush();
                self.written.push(code, span.start + 1);
                let code = self.notes.facts.fill(code);
                self.rich.push(&code, self.marks.code(), self.link.as_ref());
                self.pending_at = self.written.text.len();
            }
            Event::Start(Tag::Link { dest_url, title, .. }) if self.link.is_none() => {
                let Some(link) = Link::read(dest_url) else {
                    return false;
                };
                if !title.is_empty() {
                    let message = "Chữ trong ngoặc kép của liên kết sẽ không hiện ra";
                    let help = "Hãy viết chữ ấy ra ngoài: [chữ](page:ma-trang), rồi lời dặn.";
                    self.notes
                        .add(Fault::error("hidden-line", self.file.place(span.clone()), message).help(help));
                }
                self.flush();
                self.notes
                    .refer(Wanted::of(&link), link.id(), self.file.place(span.clone()));
                self.link = Some(link);
                self.link_at = self.written.text.len();
            }
            Event::End(TagEnd::Link) => {
                if self.written.text[self.link_at..].trim().is_empty() {
                    let message = "Liên kết này chưa có chữ nào, người đọc sẽ không thấy";
                    let help = "Hãy viết chữ vào giữa hai dấu ngoặc vuông: [chữ](page:ma-trang).";
                    self.notes
                        .add(Fault::error("empty-text", self.file.place(span.clone()), message).help(help));
                }
                self.flush();
                self.link = None;
            }
            _ => {
                if matches!(event, Event::Start(_)) {
                    self.refuse_mark_in_word(event, span);
                }
                self.flush();
                return self.marks.take(event);
            }
        }
        true
    }

    /// "3*4 cm, 4*6 cm" and "*098*3#" hold stars that are meant to be read.
    fn refuse_mark_in_word(&mut self, event: &Event<'_>, span: &Range<usize>) {
        if !matches!(event, Event::Start(Tag::Strong | Tag::Emphasis | Tag::Strikethrough)) {
            return;
        }
        let text = &self.file.text;
        let (before, behind) = (&text[..span.start], &text[span.end..]);
        let cuts_a_word = before.ends_with(char::is_alphanumeric)
            || behind.starts_with(|next: char| next.is_alphanumeric() || next == '#')
            || text[span.start..].starts_with('_') && cuts_an_address(before, behind);
        // The blanks of a form, "__/__/2025", and remarks, "(*) … (*)".
        let inside = text[span.clone()].trim_matches(['*', '_', '~']);
        let blanks = !inside.contains(char::is_alphanumeric) || inside.starts_with(')') || inside.ends_with('(');
        let dials = matches!(event, Event::Start(Tag::Emphasis))
            && text[span.clone()]
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
        if cuts_a_word || dials || blanks {
            let mark = text[span.clone()].chars().next().unwrap_or('*');
            let message = format!("Dấu {mark} nằm giữa chữ hoặc số: người đọc sẽ không thấy dấu này");
            let help = format!(
                "Muốn hiện chính dấu {mark}, hãy viết \\{mark}. Muốn chữ đậm, hãy bọc cả chữ: **như thế này**, hai bên có dấu cách."
            );
            self.notes
                .add(Fault::error("mark-inside-word", self.file.place(span.clone()), message).help(help));
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.pending);
        for mark in ["**", "~~"] {
            if let Some(found) = text.find(mark) {
                let at = self.pending_at + found;
                let place = self.file.place(self.written.in_file(at..at + mark.len()));
                let message = format!("Dấu {mark} này không có tác dụng, người đọc sẽ thấy nguyên dấu");
                let help = "Dấu mở và dấu đóng phải dính liền với chữ bên trong: **như thế này**.";
                self.notes.add(Fault::warning("stray-mark", place, message).help(help));
            }
        }
        let (at, written) = (self.pending_at, &self.written);
        lookalikes::note_unread(
            self.file,
            &text,
            |found| written.in_file(at + found..at + found + 1).start,
            self.notes,
        );
        self.pending_at = self.written.text.len();
        let text = self.notes.facts.fill(&text);
        self.rich.push(&text, self.marks.style(), self.link.as_ref());
    }

    fn finish(mut self) -> Rich {
        self.flush();
        let written = self.written;
        wording::check_prose(
            self.file,
            &written.text,
            |sentence| written.in_file(sentence),
            self.notes,
        );
        self.rich.tidied()
    }
}

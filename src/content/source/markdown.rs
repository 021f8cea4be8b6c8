//! The body of a page: from Markdown to the blocks that the screen can show.
//!
//! Everything else that Markdown has is a fault with its place, so that nothing an author wrote disappears in
//! silence. Begin with [`read`].

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};

use super::file::SourceFile;
use super::notes::{Notes, Wanted};
use super::pieces::{Piece, element, elements, inside};
use super::refusal::refuse;
use super::{inline, insertions, lookalikes, refusal, wording};
use crate::content::faults::Fault;
use crate::content::model::Block;
use crate::content::rich::{Link, Rich};

/// How many columns of a table the screen has room for at every size of text.
const TABLE_COLUMNS: std::ops::RangeInclusive<usize> = 2..=3;

/// More rows than these nobody compares standing.
const MOST_TABLE_ROWS: usize = 8;

/// A block and where it stands in the file.
pub(super) type LocatedBlock = (Block, Range<usize>);

/// Reads the part of a file that is Markdown.
pub(super) fn read(file: &SourceFile, range: Range<usize>, notes: &mut Notes) -> Vec<LocatedBlock> {
    insertions::note_insertions(file, range.clone(), notes);
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    lookalikes::note_hidden(file, &range, options, notes);
    let pieces: Vec<Piece<'_>> = Parser::new_ext(&file.text[range.clone()], options)
        .into_offset_iter()
        .map(|(event, span)| (event, range.start + span.start..range.start + span.end))
        .collect();
    let mut reader = Reader { file, notes };
    elements(&pieces).filter_map(|element| reader.block(element)).collect()
}

struct Reader<'a> {
    file: &'a SourceFile,
    notes: &'a mut Notes,
}

impl Reader<'_> {
    fn block(&mut self, element: &[Piece<'_>]) -> Option<LocatedBlock> {
        let (event, span) = &element[0];
        let written = &self.file.text[span.clone()];
        let span = span.start..span.start + written.trim_end().len();
        let block = match event {
            Event::Start(Tag::Paragraph) => self.paragraph(inside(element), &span),
            // The other way to write a heading, a line of dashes under it, is mostly an accident.
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            }) if written.starts_with('#') => {
                self.note_end_of_heading(&span);
                // A heading may name what the text below it explains.
                let met = self.notes.abbreviations_met.take();
                let text = self.plain_text(inside(element), &span);
                self.notes.abbreviations_met = met;
                let text = text?;
                wording::note_explained(&text, self.notes);
                Some(Block::Heading { text })
            }
            Event::Start(Tag::List(first)) => self.list(*first, inside(element), &span),
            Event::Start(Tag::Table(columns)) => self.table(columns.len(), inside(element), &span),
            Event::Start(Tag::BlockQuote(_)) => self.quote(inside(element), &span),
            _ => {
                refuse(self.file, event, span.clone(), self.notes);
                None
            }
        };
        block.map(|block| (block, span))
    }

    /// Signs behind a space at the end of a heading close it, and nobody sees them: "Bấm phím #".
    fn note_end_of_heading(&mut self, span: &Range<usize>) {
        let written = &self.file.text[span.clone()];
        let words = written.trim_end_matches('#');
        if words.len() < written.len() && words.ends_with([' ', '\t']) {
            let place = self.file.place(span.start + words.len()..span.end);
            let message = "Dấu # ở cuối đầu đề sẽ không hiện ra";
            let help = "Hãy bỏ các dấu # ở cuối dòng. Nếu là phím thăng thì viết \\#, ví dụ: ## Bấm phím \\#.";
            self.notes.add(Fault::error("heading-end", place, message).help(help));
        }
    }

    fn paragraph(&mut self, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<Block> {
        if let Some((Event::Start(tag), _)) = pieces.first()
            && element(pieces).len() == pieces.len()
        {
            match tag {
                Tag::Image { dest_url, title, .. } => return self.picture(dest_url, title, inside(pieces), span),
                Tag::Link { dest_url, .. } => {
                    if let Some(to) = Link::read(dest_url) {
                        let text = self.plain_text(inside(pieces), span)?;
                        self.notes
                            .refer(Wanted::of(&to), to.id(), self.file.place(span.clone()));
                        return Some(Block::Link { to, text });
                    }
                }
                _ => {}
            }
        }
        lookalikes::note_lines(self.file, span, span.start, self.notes);
        let text = inline::read(self.file, pieces, 0, self.notes);
        self.note_bold_heading(&text, span);
        self.note_step(&text, span);
        // Empty only if all that was in it has been refused.
        (!text.is_empty()).then_some(Block::Paragraph { text })
    }

    /// A short paragraph all in bold was mostly meant as a heading.
    fn note_bold_heading(&mut self, text: &Rich, span: &Range<usize>) {
        let [only] = text.spans() else {
            return;
        };
        let is_short = only.text.chars().count() < 60 && !only.text.ends_with(['.', '!', '?', ':', '…']);
        if only.style.strong && is_short {
            let message = "Đoạn này in đậm cả đoạn, không phải là đầu đề";
            let help = "Nếu là tên bước hay đầu đề, hãy viết \"## \" ở đầu dòng và bỏ các dấu **.";
            self.notes
                .add(Fault::warning("bold-heading", self.file.place(span.clone()), message).help(help));
        }
    }

    /// "Bước 2: Nộp hồ sơ" on a line by itself was meant as a step, which begins with "## ".
    fn note_step(&mut self, text: &Rich, span: &Range<usize>) {
        let words = text.text();
        let number = words
            .strip_prefix("Bước ")
            .and_then(|rest| rest.split_once([':', '.', ')']));
        let is_number = |number: &str| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        // Of several lines it is said that they run together.
        let is_line = !self.file.text[span.clone()].contains('\n');
        let is_short = is_line && words.chars().count() < 60 && !words.ends_with(['.', '!', '?', ':', '…']);
        if is_short && number.is_some_and(|(number, title)| is_number(number) && !title.trim().is_empty()) {
            let message = "Dòng này trông như tên bước nhưng không thành một bước";
            let help =
                "Hãy viết \"## \" ở đầu dòng rồi đến tên bước, không cần chữ \"Bước\" và số: màn hình tự đánh số.";
            self.notes
                .add(Fault::warning("looks-like-step", self.file.place(span.clone()), message).help(help));
        }
    }

    fn picture(&mut self, media: &str, caption: &str, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<Block> {
        self.notes.refer(Wanted::Picture, media, self.file.place(span.clone()));
        let alt = inline::read_plain(self.file, pieces, self.notes);
        if alt.is_empty() {
            self.notes.add(
                Fault::error("empty-alt", self.file.place(span.clone()), "Ảnh chưa có lời tả")
                    .help(format!("Viết lời tả cho người không nhìn thấy ảnh: ![lời tả]({media})")),
            );
            return None;
        }
        let caption = caption.split_whitespace().collect::<Vec<_>>().join(" ");
        wording::check_prose(
            self.file,
            &caption,
            |range| self.file.find(&caption[range], span),
            self.notes,
        );
        Some(Block::Picture {
            media: media.to_owned(),
            alt,
            caption: self.notes.facts.fill(&caption),
        })
    }

    fn table(&mut self, columns: usize, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<Block> {
        let (mut header, mut rows) = (Vec::new(), Vec::new());
        let mut uneven = None;
        for row in elements(pieces) {
            let (event, span) = &row[0];
            let cells: Vec<&[Piece<'_>]> = elements(inside(row)).collect();
            uneven = uneven.or_else(|| self.uneven(&cells, span));
            if matches!(event, Event::Start(Tag::TableHead)) {
                let texts = cells
                    .into_iter()
                    .map(|cell| inline::read_plain(self.file, inside(cell), self.notes));
                header = texts.collect();
            } else {
                let texts = cells
                    .into_iter()
                    .map(|cell| inline::read(self.file, inside(cell), 0, self.notes));
                rows.push(texts.collect::<Vec<Rich>>());
            }
        }
        let fault = if !TABLE_COLUMNS.contains(&columns) {
            Some(format!("Bảng có {columns} cột, màn hình chỉ có chỗ cho 2 hoặc 3 cột"))
        } else if rows.is_empty() || rows.len() > MOST_TABLE_ROWS {
            Some(format!(
                "Bảng có {} dòng, cần từ 1 đến {MOST_TABLE_ROWS} dòng",
                rows.len()
            ))
        } else if header.iter().any(String::is_empty) {
            Some("Mỗi cột của bảng phải có tên ở dòng đầu".to_owned())
        } else if rows.iter().any(|row| row.iter().all(Rich::is_empty)) {
            Some("Bảng có một dòng trống".to_owned())
        } else {
            None
        };
        let help = "Hãy chia thành hai bảng, hoặc viết thành danh sách.";
        // What isn't a row makes all else wrong as well.
        let fault = uneven.or_else(|| fault.map(|message| (message, help, span.clone())));
        if let Some((message, help, span)) = fault {
            let place = self.file.place(span);
            self.notes.add(Fault::error("table-size", place, message).help(help));
            return None;
        }
        Some(Block::Table { header, rows })
    }

    /// Every reader of Markdown leaves out the cells that a row has too many, adds those it has too few, and takes the text under a table
    /// for a row of it.
    fn uneven(&self, cells: &[&[Piece<'_>]], span: &Range<usize>) -> Option<(String, &'static str, Range<usize>)> {
        let row = &self.file.text[span.clone()];
        let end = span.start + row.trim_end().len();
        let seen = cells.last().map_or(span.start, |cell| cell[0].1.end).min(end);
        let (message, help) = if self.file.text[seen..end].contains(|c: char| !c.is_whitespace() && c != '|') {
            (
                "Dòng này có nhiều ô hơn dòng đầu của bảng",
                "Hãy chia thành hai bảng, hoặc viết thành danh sách.",
            )
        } else if !row.contains('|') {
            (
                "Dòng này nằm sát dưới bảng nên thành một hàng của bảng",
                "Hãy để một dòng trống ở giữa bảng và đoạn văn.",
            )
        } else if cells.last().is_some_and(|cell| cell[0].1.start >= end) {
            (
                "Dòng này có ít ô hơn dòng đầu của bảng",
                "Ô trống cũng cần dấu |: | Trích lục | |. Nếu không phải là hàng của bảng, hãy để một dòng trống ở trên.",
            )
        } else {
            return None;
        };
        Some((message.to_owned(), help, span.clone()))
    }

    fn list(&mut self, first: Option<u64>, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<Block> {
        if let Some(first) = first.filter(|first| *first != 1) {
            let place = self.file.place(span.clone());
            let message = format!("Danh sách đánh số bắt đầu từ {first}, màn hình luôn đánh số từ 1");
            let help = "Đừng để đoạn văn hay ảnh chen giữa danh sách, hoặc bắt đầu lại từ 1.";
            self.notes.add(Fault::error("list-start", place, message).help(help));
        }
        for (number, item) in (1..).zip(elements(pieces)).filter(|_| first.is_some()) {
            self.note_other_number(number, &item[0].1);
        }
        let items: Vec<Rich> = elements(pieces).filter_map(|item| self.item(item)).collect();
        (!items.is_empty()).then_some(Block::List {
            ordered: first.is_some(),
            items,
        })
    }

    /// The screen numbers 1, 2, 3, whatever the author wrote; "1." before every item is a habit of many.
    fn note_other_number(&mut self, number: usize, span: &Range<usize>) {
        let written = &self.file.text[span.clone()];
        let digits = written.bytes().take_while(u8::is_ascii_digit).count();
        let meant: Option<usize> = written[..digits].parse().ok();
        if meant.is_some_and(|meant| meant != number && meant != 1) && number > 1 {
            let place = self.file.place(span.start..span.start + digits);
            let message = format!("Mục này ghi số {}, màn hình sẽ ghi số {number}", &written[..digits]);
            let help = "Màn hình đánh số 1, 2, 3… theo thứ tự; hãy đánh lại số cho đúng.";
            self.notes.add(Fault::error("list-number", place, message).help(help));
        }
    }

    fn item(&mut self, item: &[Piece<'_>]) -> Option<Rich> {
        let (_, span) = &item[0];
        let mut pieces = inside(item);
        // With empty lines between the items, their texts are paragraphs.
        if let Some((Event::Start(Tag::Paragraph), _)) = pieces.first() {
            let paragraph = element(pieces);
            for more in elements(&pieces[paragraph.len()..]) {
                let (event, span) = &more[0];
                refusal::refuse_in_list(self.file, event, span.clone(), self.notes);
            }
            pieces = inside(paragraph);
        }
        let words = pieces.first().map_or(span.start, |(_, words)| words.start);
        lookalikes::note_lines(self.file, span, words, self.notes);
        self.text_of(pieces, span)
    }

    fn quote(&mut self, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<Block> {
        let Some((make, mut from)) = quote_kind(&self.file.text[span.clone()]) else {
            let message = "Khối trích dẫn phải mở đầu bằng tên loại của nó";
            self.notes.add(
                Fault::error("unknown-quote", self.file.place(span.clone()), message)
                    .help("Dòng đầu là > [!CANH-BAO], > [!GHI-CHU] hoặc > [!LIEN-HE]."),
            );
            return None;
        };
        from += span.start;
        let mut paragraphs = Vec::new();
        for element in elements(pieces) {
            let (event, span) = &element[0];
            if matches!(event, Event::Start(Tag::Paragraph)) {
                lookalikes::note_lines(self.file, span, from, self.notes);
                let text = inline::read(self.file, inside(element), from, self.notes);
                if !text.is_empty() {
                    paragraphs.push(text);
                }
            } else {
                refusal::refuse_in_quote(self.file, event, span.clone(), self.notes);
            }
        }
        if paragraphs.is_empty() {
            let place = self.file.place(span.clone());
            self.notes
                .add(Fault::error("empty-text", place, "Khối này chưa có chữ nào"));
            return None;
        }
        Some(make(paragraphs))
    }

    /// Text that must not be empty.
    fn text_of(&mut self, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<Rich> {
        let before = self.notes.faults.len();
        let text = inline::read(self.file, pieces, 0, self.notes);
        // If something in it has been refused, that is said already.
        if text.is_empty() && self.notes.faults.len() == before {
            let place = self.file.place(span.clone());
            self.notes
                .add(Fault::error("empty-text", place, "Chỗ này chưa có chữ nào"));
        }
        (!text.is_empty()).then_some(text)
    }

    /// The same without marks.
    fn plain_text(&mut self, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<String> {
        inline::note_marks(self.file, pieces, self.notes);
        let text = self.text_of(pieces, span)?;
        if !text.links().is_empty() {
            let message = "Liên kết ở đây không chạm được";
            let help = "Hãy viết liên kết trong một đoạn văn, hoặc đứng riêng một đoạn.";
            self.notes
                .add(Fault::error("link-in-heading", self.file.place(span.clone()), message).help(help));
        }
        Some(text.text().replace('\n', " "))
    }
}

type MakeBlock = fn(Vec<Rich>) -> Block;

/// What a block quote stands for, and where in it the text begins.
fn quote_kind(written: &str) -> Option<(MakeBlock, usize)> {
    let opening = written.find(|c| !matches!(c, '>' | ' '))?;
    let kinds: [(&str, MakeBlock); 3] = [
        ("[!CANH-BAO]", |paragraphs| Block::Warning { paragraphs }),
        ("[!GHI-CHU]", |paragraphs| Block::Note { paragraphs }),
        ("[!LIEN-HE]", |paragraphs| Block::Contact { paragraphs }),
    ];
    let (name, make) = kinds
        .into_iter()
        .find(|(name, _)| written[opening..].starts_with(name))?;
    Some((make, opening + name.len()))
}

#[cfg(test)]
#[path = "markdown_tests.rs"]
mod tests;

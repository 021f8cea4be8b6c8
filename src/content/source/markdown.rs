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
use super::{inline, insertions, refusal, wording};
use crate::content::faults::Fault;
use crate::content::model::Block;

/// A block and where it stands in the file.
pub(super) type LocatedBlock = (Block, Range<usize>);

/// Reads the part of a file that is Markdown.
pub(super) fn read(file: &SourceFile, range: Range<usize>, notes: &mut Notes) -> Vec<LocatedBlock> {
    insertions::note_insertions(file, range.clone(), notes);
    // Tables are asked for only to be recognised, and refused.
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
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
                // A heading may name what the text below it explains.
                let met = self.notes.abbreviations_met.take();
                let text = self.text_of(inside(element), &span);
                self.notes.abbreviations_met = met;
                let text = text?.plain;
                wording::note_explained(&text, self.notes);
                Some(Block::Heading { text })
            }
            Event::Start(Tag::List(first)) => self.list(*first, inside(element), &span),
            Event::Start(Tag::BlockQuote(_)) => self.quote(inside(element), &span),
            _ => {
                refuse(self.file, event, span.clone(), self.notes);
                None
            }
        };
        block.map(|block| (block, span))
    }

    fn paragraph(&mut self, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<Block> {
        if let Some((Event::Start(tag), _)) = pieces.first()
            && element(pieces).len() == pieces.len()
        {
            match tag {
                Tag::Image { dest_url, .. } => return self.picture(dest_url, inside(pieces), span),
                Tag::Link { dest_url, .. } if dest_url.starts_with("page:") => {
                    let page = dest_url["page:".len()..].to_owned();
                    let text = self.text_of(inside(pieces), span)?.plain;
                    self.notes.refer(Wanted::Page, &page, self.file.place(span.clone()));
                    return Some(Block::Link { page, text });
                }
                _ => {}
            }
        }
        let text = inline::read(self.file, pieces, 0, self.notes).markdown;
        // Empty only if all that was in it has been refused.
        (!text.is_empty()).then_some(Block::Paragraph { text })
    }

    fn picture(&mut self, media: &str, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<Block> {
        self.notes.refer(Wanted::Picture, media, self.file.place(span.clone()));
        let alt = inline::read(self.file, pieces, 0, self.notes).plain;
        if alt.is_empty() {
            self.notes.add(
                Fault::error("empty-alt", self.file.place(span.clone()), "Ảnh chưa có lời tả")
                    .help(format!("Viết lời tả cho người không nhìn thấy ảnh: ![lời tả]({media})")),
            );
            return None;
        }
        Some(Block::Picture {
            media: media.to_owned(),
            alt,
        })
    }

    fn list(&mut self, first: Option<u64>, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<Block> {
        if let Some(first) = first.filter(|first| *first != 1) {
            let place = self.file.place(span.clone());
            let message = format!("Danh sách đánh số bắt đầu từ {first}, màn hình luôn đánh số từ 1");
            let help = "Đừng để đoạn văn hay ảnh chen giữa danh sách, hoặc bắt đầu lại từ 1.";
            self.notes.add(Fault::error("list-start", place, message).help(help));
        }
        let items: Vec<String> = elements(pieces).filter_map(|item| self.item(item)).collect();
        (!items.is_empty()).then_some(Block::List {
            ordered: first.is_some(),
            items,
        })
    }

    fn item(&mut self, item: &[Piece<'_>]) -> Option<String> {
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
        Some(self.text_of(pieces, span)?.markdown)
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
                let text = inline::read(self.file, inside(element), from, self.notes).markdown;
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
    fn text_of(&mut self, pieces: &[Piece<'_>], span: &Range<usize>) -> Option<inline::Inline> {
        let before = self.notes.faults.len();
        let text = inline::read(self.file, pieces, 0, self.notes);
        if !text.plain.is_empty() {
            return Some(text);
        }
        // If something in it has been refused, that is said already.
        if self.notes.faults.len() == before {
            let place = self.file.place(span.clone());
            self.notes
                .add(Fault::error("empty-text", place, "Chỗ này chưa có chữ nào"));
        }
        None
    }
}

type MakeBlock = fn(Vec<String>) -> Block;

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

//! What is said when a page or a programme is read aloud, line by line, still as it is written.
//!
//! Pictures and cards are not read. How numbers and abbreviations sound is the business of [`mod@super::vietnamese::spoken`].
//! Begin with [`Line`].

use super::model::{Block, Body, Page, Programme};
use super::rich::Rich;

/// A paragraph as somebody reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who reads it, as the script names them; empty if that doesn't matter. Not read itself.
    pub voice: String,
    /// What is read.
    pub text: String,
}

impl Line {
    fn plain(text: &str) -> Self {
        Self {
            voice: String::new(),
            text: text.to_owned(),
        }
    }

    /// A script names the voice in bold before the words: `**Giọng nữ:** Kính chào bà con.`
    fn of_script(text: &Rich) -> Self {
        match text.spans() {
            [first, ..] if first.style.strong && first.text.trim_end().ends_with(':') => Self {
                voice: first.text.trim_end().trim_end_matches(':').to_owned(),
                text: text.text()[first.text.len()..].trim_start().to_owned(),
            },
            _ => Self::plain(&text.text()),
        }
    }
}

/// A page: title, what is to be known before, and its text in order.
#[must_use]
pub fn page(page: &Page) -> Vec<Line> {
    let mut lines = vec![Line::plain(&page.title), Line::plain(&page.summary)];
    match &page.body {
        Body::Article { blocks } => lines.extend(blocks.iter().flat_map(block)),
        Body::Guide(guide) => {
            lines.push(Line::plain(&guide.who));
            lines.extend(guide.prepare.iter().map(|thing| Line::plain(thing)));
            lines.extend([&guide.cost, &guide.time, &guide.place].map(|text| Line::plain(text)));
            for step in &guide.steps {
                lines.push(Line::plain(&step.title));
                lines.extend(step.blocks.iter().flat_map(block));
            }
        }
    }
    lines
}

/// A programme: what is said, without its headings, which only part the script.
#[must_use]
pub fn programme(programme: &Programme) -> Vec<Line> {
    transcript(&programme.transcript)
}

/// The same of a transcript alone.
#[must_use]
pub fn transcript(blocks: &[Block]) -> Vec<Line> {
    let said = blocks.iter().filter(|block| !matches!(block, Block::Heading { .. }));
    said.flat_map(|block| match block {
        Block::Paragraph { text } => vec![Line::of_script(text)],
        _ => self::block(block),
    })
    .collect()
}

fn block(block: &Block) -> Vec<Line> {
    match block {
        Block::Heading { text } => vec![Line::plain(text)],
        Block::Picture { .. } | Block::Link { .. } => Vec::new(),
        Block::Table { header, rows } => rows
            .iter()
            .map(|row| {
                let cells = header.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
                let cells: Vec<String> = cells.map(|(name, cell)| format!("{name}: {}", cell.text())).collect();
                Line::plain(&cells.join("; "))
            })
            .collect(),
        _ => block
            .texts()
            .into_iter()
            .map(|text| Line::plain(&text.text()))
            .collect(),
    }
}

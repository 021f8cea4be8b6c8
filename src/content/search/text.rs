//! What documents say, as plain text for searching and for excerpts. Begin with [`page_text`].

use pulldown_cmark::{Event, Options, Parser};

use crate::content::model::{Block, Body, Page};

/// All that a page says, one line a paragraph. English comes first, where it is all that there is to find.
pub(super) fn page_text(page: &Page) -> String {
    let mut lines = vec![page.title_en.clone(), page.summary_en.clone()];
    match &page.body {
        Body::Article { blocks } => lines.extend(blocks_text(blocks)),
        Body::Guide(guide) => {
            lines.push(guide.who.clone());
            lines.extend(guide.prepare.iter().cloned());
            lines.extend([&guide.cost, &guide.time, &guide.place, &guide.hotline].map(String::clone));
            for step in &guide.steps {
                lines.push(step.title.clone());
                lines.extend(blocks_text(&step.blocks));
            }
        }
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// What blocks say. Descriptions of pictures aren't shown, so they can't be found.
pub(super) fn blocks_text(blocks: &[Block]) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { text } | Block::Link { text, .. } => lines.push(text.clone()),
            Block::Paragraph { text } => lines.push(without_markdown(text)),
            Block::List { items: texts, .. }
            | Block::Note { paragraphs: texts }
            | Block::Warning { paragraphs: texts }
            | Block::Contact { paragraphs: texts } => {
                lines.extend(texts.iter().map(|text| without_markdown(text)));
            }
            Block::Picture { .. } => {}
        }
    }
    lines
}

fn without_markdown(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::SoftBreak | Event::HardBreak => plain.push(' '),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emphasis_leaves_no_stars_behind() {
        assert_eq!(
            without_markdown("Gọi **113** ~~ngay~~ *hoặc* `VNeID`"),
            "Gọi 113 ngay hoặc VNeID"
        );
    }
}

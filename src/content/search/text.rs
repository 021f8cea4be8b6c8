//! What documents say, as plain text for searching and for excerpts. Begin with [`page_text`].

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

/// What blocks say. Descriptions of pictures aren't shown, so they can't be found; captions are.
pub(super) fn blocks_text(blocks: &[Block]) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { text } | Block::Link { text, .. } => lines.push(text.clone()),
            Block::Picture { caption, .. } => lines.push(caption.clone()),
            Block::Table { header, .. } => lines.push(header.join(" ")),
            _ => {}
        }
        lines.extend(block.texts().iter().map(|text| text.text().replace('\n', " ")));
    }
    lines.retain(|line| !line.is_empty());
    lines
}

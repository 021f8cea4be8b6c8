//! Content that no office would sign that checks it: to draw it takes more memory than a kiosk has. Begin with [`eats_memory`].

use commune_kiosk::content::model::{Block, Body, Content, Page};
use commune_kiosk::content::rich::Rich;

/// Two hundred thousand lines in one paragraph: laying it out takes more memory than a pack may.
pub fn too_much() -> Block {
    Block::Paragraph {
        text: Rich::plain(&"a\n".repeat(200_000)),
    }
}

/// The last article of a content, to be changed.
pub fn article(content: &mut Content) -> &mut Page {
    let articles = content
        .pages
        .iter_mut()
        .filter(|page| matches!(page.body, Body::Article { .. }));
    articles.last().expect("an article")
}

/// Lets that article end with too much.
pub fn eats_memory(content: &mut Content) {
    if let Body::Article { blocks } = &mut article(content).body {
        blocks.push(too_much());
    }
}

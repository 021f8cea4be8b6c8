//! Documents as the second form stored them, for kiosks whose program knows no later one (docs/decisions/015).
//!
//! It knew neither tables nor captions, and no links but those to pages: their words stay. It told pictures by the endings of their names.
//! Begin with [`document`].

use serde_json::{Value, json};

use crate::content::model::Block;
use crate::content::rich::{Link, Rich, Style};

/// The document with its blocks as the second form has them; `name_of` says how a file is called there.
pub(super) fn document(mut newest: Value, name_of: &dyn Fn(&str) -> String) -> serde_json::Result<Value> {
    rewrite(&mut newest, name_of)?;
    Ok(newest)
}

/// A file's name with an ending that the programs of that time understand: small letters for drawings, and none of WebP, which is stored
/// as what its bytes say.
pub(super) fn name_of(name: &str, bytes: &[u8]) -> String {
    let (_, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    match ending.to_ascii_lowercase().as_str() {
        "svg" if ending != "svg" => format!("{name}.svg"),
        "webp" if bytes.starts_with(b"\x89PNG") => format!("{name}.png"),
        "webp" => format!("{name}.jpg"),
        _ => name.to_owned(),
    }
}

fn rewrite(value: &mut Value, name_of: &dyn Fn(&str) -> String) -> serde_json::Result<()> {
    match value {
        Value::Array(values) if values.iter().any(|value| value.get("block").is_some()) => {
            let blocks: Vec<Block> = serde_json::from_value(value.take())?;
            *value = blocks.iter().flat_map(|one| block(one, name_of)).collect();
        }
        Value::Array(values) => values.iter_mut().try_for_each(|value| rewrite(value, name_of))?,
        Value::Object(fields) => fields.values_mut().try_for_each(|value| rewrite(value, name_of))?,
        _ => {}
    }
    Ok(())
}

fn block(block: &Block, name_of: &dyn Fn(&str) -> String) -> Vec<Value> {
    let all = |texts: &[Rich]| texts.iter().map(Rich::to_markdown).collect::<Vec<_>>();
    let paragraph = |text: &Rich| json!({"block": "paragraph", "text": text.to_markdown()});
    match block {
        Block::Heading { text } => vec![json!({"block": "heading", "text": text})],
        Block::Paragraph { text } => vec![paragraph(text)],
        Block::List { ordered, items } => vec![json!({"block": "list", "ordered": ordered, "items": all(items)})],
        Block::Picture { media, alt, caption } => {
            let picture = json!({"block": "picture", "media": name_of(media), "alt": alt});
            let caption = (!caption.is_empty()).then(|| paragraph(&Rich::plain(caption)));
            std::iter::once(picture).chain(caption).collect()
        }
        Block::Table { header, rows } => {
            let items = rows.iter().map(|row| item(header, row)).collect::<Vec<_>>();
            vec![json!({"block": "list", "ordered": false, "items": all(&items)})]
        }
        Block::Note { paragraphs } => vec![json!({"block": "note", "paragraphs": all(paragraphs)})],
        Block::Warning { paragraphs } => vec![json!({"block": "warning", "paragraphs": all(paragraphs)})],
        Block::Contact { paragraphs } => vec![json!({"block": "contact", "paragraphs": all(paragraphs)})],
        Block::Link {
            to: Link::Page(page),
            text,
        } => vec![json!({"block": "link", "page": page, "text": text})],
        Block::Link { text, .. } => vec![paragraph(&Rich::plain(text))],
    }
}

/// A row of a table as an item: "Phí: 8.000 đồng; Nơi nộp: Trung tâm".
fn item(header: &[String], row: &[Rich]) -> Rich {
    let mut item = Rich::default();
    for (name, cell) in header.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
        let before = if item.is_empty() { "" } else { "; " };
        item.push(&format!("{before}{name}: "), Style::default(), None);
        for span in cell.spans() {
            item.push(&span.text, span.style, span.link.as_ref());
        }
    }
    item
}

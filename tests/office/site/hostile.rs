//! Content that no checker would let pass.

use std::collections::BTreeMap;

use commune_kiosk::content::model::{Block, Body, Content, Guide, Pack, Page, Step};
use commune_kiosk::content::rich::Rich;

use super::day;

/// A guide with twelve steps and an article, full of marks, with titles of two hundred letters.
pub fn hostile() -> Content {
    let odd = "<script>alert(\"1\")</script> & 'x' 🎉 ";
    let title: String = odd.chars().cycle().take(200).collect();
    let step = |number: usize| Step {
        title: format!("{odd}{number}"),
        blocks: vec![
            Block::Paragraph {
                text: Rich::strong(odd),
            },
            Block::Table {
                header: vec![
                    String::new(),
                    "Một đầu cột rất dài không thể ngắn hơn".repeat(3),
                    odd.to_owned(),
                ],
                rows: vec![vec![Rich::plain(odd), Rich::plain(&"chữ".repeat(90)), Rich::default()]],
            },
            Block::Warning {
                paragraphs: vec![Rich::plain(odd)],
            },
        ],
    };
    let page = |id: &str, body: Body| Page {
        id: id.to_owned(),
        section: "khong-co".to_owned(),
        title: title.clone(),
        summary: odd.to_owned(),
        title_en: odd.to_owned(),
        summary_en: String::new(),
        updated: day("2026-11-01"),
        review_by: day("2027-11-01"),
        sources: vec![odd.to_owned()],
        related: vec!["khong-co".to_owned(), "hai".to_owned()],
        keywords: Vec::new(),
        purpose: None,
        body: body.clone(),
        english: Some(body),
    };
    let guide = Body::Guide(Guide {
        who: odd.to_owned(),
        prepare: vec![odd.to_owned(); 12],
        cost: String::new(),
        time: odd.to_owned(),
        place: String::new(),
        link: "https://xa.vn/?a=1&b=2".to_owned(),
        hotline: "gọi \"113\"".to_owned(),
        steps: (1..=12).map(step).collect(),
    });
    Content {
        pack: Pack {
            id: "thu".to_owned(),
            publisher: odd.to_owned(),
            ..Pack::default()
        },
        pages: vec![
            page("mot", guide),
            page("hai", Body::Article { blocks: step(1).blocks }),
        ],
        media: BTreeMap::from([("Ảnh của #1?.svg".to_owned(), b"<svg/>".to_vec())]),
        ..Content::default()
    }
}

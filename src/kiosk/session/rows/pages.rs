//! What is read: articles, transcripts and the parts of a guide.

use chrono::NaiveDate;

use super::super::Session;
use super::super::route::Part;
use super::super::settings::{Language, TextSize};
use super::super::view::{Label, Notice, Row, TablePart, Words};
use super::{in_language, lists, text};
use crate::content::model::{Block, Body, Guide, Page, Purpose};
use crate::content::rich::Rich;

pub(super) fn article(session: &Session) -> Vec<Row> {
    let Some(page) = &session.page else {
        return Vec::new();
    };
    let Some(Body::Article { blocks }) = session.body() else {
        return Vec::new();
    };
    let mut rows = heading(session, page);
    rows.extend(page.purpose.map(|purpose| {
        Row::Small(Words::Text(match purpose {
            Purpose::Lesson => in_language(
                session,
                "Bài dùng cho lớp học của xã",
                "A lesson of the commune's classes",
            ),
            Purpose::Meeting => in_language(
                session,
                "Dùng cho hội nghị hỏi đáp của xã",
                "For the commune's meetings",
            ),
        }))
    }));
    rows.extend(blocks.iter().flat_map(|block| block_rows(session, block)));
    rows.push(origin(&page.sources, page.updated));
    rows.extend(afterword(session, page));
    rows
}

pub(super) fn programme(session: &Session) -> Vec<Row> {
    let Some(programme) = &session.programme else {
        return Vec::new();
    };
    let mut rows = vec![
        Row::Heading(text(&programme.title)),
        Row::Plain(Words::Label(Label::TranscriptOnly)),
    ];
    rows.extend(programme.transcript.iter().flat_map(|block| block_rows(session, block)));
    rows.push(origin(&programme.sources, programme.updated));
    rows.push(rating(session, &programme.id));
    rows
}

pub(super) fn guide(session: &Session, part: Part) -> Vec<Row> {
    let (Some(page), Some(guide)) = (&session.page, session.guide()) else {
        return Vec::new();
    };
    match part {
        Part::Overview => overview(session, page, guide),
        Part::Prepare => {
            let mut rows = vec![
                Row::Heading(Words::Label(Label::Prepare)),
                Row::Plain(Words::Label(Label::PrepareHint)),
            ];
            rows.extend(guide.prepare.iter().enumerate().map(|(number, thing)| Row::Check {
                text: thing.clone(),
                ticked: session.memory.ticks.contains(&(page.id.clone(), number)),
            }));
            rows
        }
        Part::Step(at) => guide.steps.get(at).map_or_else(Vec::new, |step| {
            let mut rows = vec![Row::Heading(text(&step.title))];
            let mut picture_seen = false;
            let mut caption = None;
            rows.extend(
                step.blocks
                    .iter()
                    .filter(|block| {
                        // The first picture stands beside the column.
                        let first = matches!(block, Block::Picture { .. }) && !picture_seen;
                        picture_seen |= first;
                        if let (true, Block::Picture { caption: words, .. }) = (first, block) {
                            caption = Some(words.clone()).filter(|words| !words.is_empty());
                        }
                        !first
                    })
                    .flat_map(|block| block_rows(session, block)),
            );
            rows.extend(caption.map(|words| Row::Small(Words::Text(words))));
            rows
        }),
        Part::Finished => {
            let mut rows = vec![Row::Heading(Words::Label(Label::GuideFinished))];
            rows.extend(afterword(session, page));
            rows.push(origin(&page.sources, page.updated));
            rows
        }
    }
}

/// The title; under it, that the text is Vietnamese, to a resident who chose English.
fn heading(session: &Session, page: &Page) -> Vec<Row> {
    let mut rows = vec![Row::Heading(Words::Text(in_language(
        session,
        &page.title,
        &page.title_en,
    )))];
    if session.memory.settings.language == Language::English && page.english.is_none() {
        rows.push(Row::Small(Words::Label(Label::VietnameseOnly)));
    }
    rows
}

fn overview(session: &Session, page: &Page, guide: &Guide) -> Vec<Row> {
    let mut rows = heading(session, page);
    let facts = [
        (Label::Who, &guide.who),
        (Label::Cost, &guide.cost),
        (Label::Time, &guide.time),
        (Label::Place, &guide.place),
        (Label::Hotline, &guide.hotline),
    ];
    let known = facts.into_iter().filter(|(_, value)| !value.is_empty());
    rows.extend(known.map(|(label, value)| Row::Fact(label, value.clone())));
    rows
}

/// When a page's facts were last checked and where they come from.
pub(super) fn origin(sources: &[String], day: NaiveDate) -> Row {
    Row::Small(Words::Origin {
        updated: super::date(day),
        sources: sources.join("; "),
    })
}

/// Rating, and what to read next.
fn afterword(session: &Session, page: &Page) -> Vec<Row> {
    let mut rows = vec![rating(session, &page.id)];
    let related = lists::page_cards(session, &page.related);
    if !related.is_empty() {
        rows.push(Row::SubHeading(Words::Label(Label::Related)));
        rows.extend(related);
    }
    rows
}

fn rating(session: &Session, id: &str) -> Row {
    Row::Rating {
        rated: session.memory.rated.contains(id),
    }
}

/// A block as rows; under it a card for each place that its words lead to: a word in a sentence is too small for a finger.
pub(super) fn block_rows(session: &Session, block: &Block) -> Vec<Row> {
    let notice = |notice, paragraphs: &[Rich]| {
        paragraphs
            .iter()
            .map(|text| Row::Notice(notice, text.clone()))
            .collect()
    };
    let mut rows: Vec<Row> = match block {
        Block::Heading { text: words } => vec![Row::SubHeading(text(words))],
        Block::Paragraph { text } => vec![Row::Paragraph(text.clone())],
        Block::List { ordered: true, items } => items
            .iter()
            .enumerate()
            .map(|(index, item)| Row::Numbered(index + 1, item.clone()))
            .collect(),
        Block::List { ordered: false, items } => items.iter().map(|item| Row::Bullet(item.clone())).collect(),
        Block::Picture { media, alt, caption } => vec![Row::Picture {
            media: media.clone(),
            alt: alt.clone(),
            caption: caption.clone(),
        }],
        // With the largest letters no two columns have room beside each other, and a row of all would be higher than the screen.
        Block::Table { header, rows } if session.memory.settings.text_size == TextSize::Largest => rows
            .iter()
            .flat_map(|cells| {
                let said: Vec<_> = header.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()).collect();
                let last = said.len().saturating_sub(1);
                let cell = |(at, (name, cell)): (usize, (&String, &Rich))| Row::Table {
                    header: vec![name.clone()],
                    cells: vec![cell.clone()],
                    part: TablePart::Cell {
                        first: at == 0,
                        last: at == last,
                    },
                };
                said.into_iter().enumerate().map(cell).collect::<Vec<_>>()
            })
            .collect(),
        Block::Table { header, rows } => rows
            .iter()
            .enumerate()
            .map(|(number, cells)| Row::Table {
                header: header.clone(),
                cells: cells.clone(),
                part: TablePart::Row { first: number == 0 },
            })
            .collect(),
        Block::Note { paragraphs } => notice(Notice::Note, paragraphs),
        Block::Warning { paragraphs } => notice(Notice::Warning, paragraphs),
        Block::Contact { paragraphs } => notice(Notice::Contact, paragraphs),
        Block::Link { to, text: words } => lists::link_card(session, to, Some(words)).into_iter().collect(),
    };
    let mut links: Vec<_> = block.texts().iter().flat_map(|text| text.links()).collect();
    let mut seen = Vec::new();
    links.retain(|link| {
        !seen.contains(link) && {
            seen.push(*link);
            true
        }
    });
    rows.extend(
        links
            .into_iter()
            .filter_map(|link| lists::link_card(session, link, None)),
    );
    rows
}

//! What is read: articles, transcripts and the parts of a guide.

use super::super::Session;
use super::super::route::Part;
use super::super::settings::{Language, TextSize};
use super::super::view::{Label, Notice, Picture, Row, TablePart, Target, Words};
use super::{in_language, lists, text};
use crate::content::aloud;
use crate::content::model::{Block, Body, Guide, Page, Programme, Purpose};
use crate::content::rich::{Link, Rich, Style};

/// The letters of the longest caption that stands under a picture beside words: three lines there.
const LONGEST_UNDER_A_PICTURE: usize = 60;

pub(super) fn article(session: &Session) -> Vec<Row> {
    let Some(page) = &session.page else {
        return Vec::new();
    };
    let Some(Body::Article { blocks }) = session.body() else {
        return Vec::new();
    };
    let mut rows = language_note(session, page);
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
    let blocks = warning_first(session, blocks.iter().collect());
    rows.extend(blocks.into_iter().flat_map(|block| block_rows(session, block)));
    let after = afterword(session, page, &rows);
    rows.push(origin(&page.sources));
    rows.extend(after);
    rows
}

pub(super) fn programme(session: &Session) -> Vec<Row> {
    let Some(programme) = &session.programme else {
        return Vec::new();
    };
    // Who can hear it needs no telling.
    let is_read = session.minutes_heard(&programme.id).is_none();
    let mut rows: Vec<Row> = is_read
        .then_some(Row::Plain(Words::Label(Label::TranscriptOnly)))
        .into_iter()
        .collect();
    rows.extend(chapters(session, programme));
    rows.extend(programme.transcript.iter().flat_map(|block| block_rows(session, block)));
    rows.push(origin(&programme.sources));
    rows.push(rating(session, &programme.id));
    rows
}

/// The chapters of a programme that was recorded in parts: who touches one hears it from there.
fn chapters(session: &Session, programme: &Programme) -> Vec<Row> {
    let recorded = session.offered().map_or(0, |recording| recording.parts.len());
    let parts = aloud::parts_of_programme(programme);
    if recorded < 2 || recorded != parts.len() {
        return Vec::new();
    }
    let color = lists::color_of_programmes(session);
    let card = |(number, part): (usize, &aloud::Part)| {
        let title = match part.block.map(|block| &programme.transcript[block]) {
            Some(Block::Heading { text }) => text.clone(),
            _ => "Lời mở đầu".to_owned(),
        };
        lists::card_of(text(&title), color, Target::Chapter(number))
    };
    let hint = Row::Small(Words::Text("Chạm vào phần muốn nghe:".to_owned()));
    let cards = parts.iter().enumerate().map(card);
    std::iter::once(hint).chain(cards).collect()
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
            let mut blocks: Vec<&Block> = step.blocks.iter().collect();
            // The first picture stands beside the column.
            let mut apart = None;
            if let Some(first) = blocks.iter().position(|block| matches!(block, Block::Picture { .. }))
                && let Block::Picture { caption, .. } = blocks.remove(first)
            {
                apart = caption_of(session, caption).1;
            }
            let blocks = warning_first(session, blocks);
            rows.extend(blocks.into_iter().flat_map(|block| block_rows(session, block)));
            rows.extend(apart);
            rows
        }),
        Part::Finished => {
            let mut rows = vec![Row::Heading(Words::Label(Label::GuideFinished))];
            rows.extend(afterword(session, page, &[]));
            rows.push(origin(&page.sources));
            rows
        }
    }
}

/// That the text is Vietnamese, to a resident who chose English. The title stands in the bar.
fn language_note(session: &Session, page: &Page) -> Vec<Row> {
    let foreign = session.memory.settings.language == Language::English && page.english.is_none();
    let note = foreign.then_some(Row::Small(Words::Label(Label::VietnameseOnly)));
    note.into_iter().collect()
}

/// With larger letters a page is many screens: what to beware of is said on the first of them.
fn warning_first<'a>(session: &Session, mut blocks: Vec<&'a Block>) -> Vec<&'a Block> {
    if session.memory.settings.text_size != TextSize::Normal
        && let Some(at) = blocks.iter().position(|block| matches!(block, Block::Warning { .. }))
    {
        blocks[..=at].rotate_right(1);
    }
    blocks
}

fn overview(session: &Session, page: &Page, guide: &Guide) -> Vec<Row> {
    let mut rows = language_note(session, page);
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

/// Where a page's facts come from.
pub(super) fn origin(sources: &[String]) -> Row {
    Row::Small(Words::Origin(sources.join("; ")))
}

/// Rating, and what to read next, as far as nothing in the text led there.
fn afterword(session: &Session, page: &Page, read: &[Row]) -> Vec<Row> {
    let mut rows = vec![rating(session, &page.id)];
    let leads = |id: &String| {
        let target = Target::Page(id.clone());
        read.iter()
            .any(|row| matches!(row, Row::Card(card) if card.opens == target))
    };
    let related = page.related.iter().filter(|id| !leads(id));
    let related: Vec<Row> = related
        .filter_map(|id| lists::link_card(session, &Link::Page(id.clone()), None))
        .collect();
    if !related.is_empty() {
        rows.push(Row::Small(Words::Label(Label::Related)));
        rows.extend(related);
    }
    rows
}

fn rating(session: &Session, id: &str) -> Row {
    Row::Rating {
        rated: session.memory.rated.contains(id),
    }
}

/// The words under a picture, which is narrow; or as a row of their own, where they would take more room than the picture does.
pub(super) fn caption_of(session: &Session, caption: &str) -> (String, Option<Row>) {
    let is_long = caption.chars().count() > LONGEST_UNDER_A_PICTURE;
    if is_long || session.memory.settings.text_size == TextSize::Largest && !caption.is_empty() {
        (String::new(), Some(Row::Small(text(caption))))
    } else {
        (caption.to_owned(), None)
    }
}

/// A block as rows; under it a card for each place that its words lead to: a word in a sentence is too small for a finger.
pub(super) fn block_rows(session: &Session, block: &Block) -> Vec<Row> {
    // One box, however many paragraphs it has.
    let notice = |notice, paragraphs: &[Rich]| {
        let mut whole = Rich::default();
        for (number, paragraph) in paragraphs.iter().enumerate() {
            if number > 0 {
                whole.push("\n", Style::default(), None);
            }
            for span in paragraph.spans() {
                whole.push(&span.text, span.style, span.link.as_ref());
            }
        }
        vec![Row::Notice(notice, whole)]
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
        Block::Picture { media, alt, caption } => {
            let (under, apart) = caption_of(session, caption);
            let picture = Row::Picture(Picture {
                media: media.clone(),
                alt: alt.clone(),
                caption: under,
            });
            std::iter::once(picture).chain(apart).collect()
        }
        // With the largest letters three columns have no room beside each other, and a row of all would be higher than the screen.
        Block::Table { header, rows } if session.memory.settings.text_size == TextSize::Largest && header.len() > 2 => {
            rows.iter()
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
                .collect()
        }
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

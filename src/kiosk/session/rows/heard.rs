//! Which rows are read aloud now. Begin with [`rows`].

use super::super::Session;
use super::super::route::{Part, Route};
use super::super::view::{Row, Target};
use super::{notices, pages};
use crate::content::aloud;
use crate::content::model::Body;

/// Which of these rows are read aloud now: those of a block, or the card and the heading of a chapter.
pub(super) fn rows(session: &Session, rows: &[Row]) -> Vec<usize> {
    let Some(number) = session.part_heard() else {
        return Vec::new();
    };
    let (parts, blocks) = match &session.place.route {
        Route::Article(_) => match &session.page {
            Some(page) => match &page.body {
                Body::Article { blocks } => (aloud::parts_of_page(page), blocks.as_slice()),
                Body::Guide(_) => return Vec::new(),
            },
            None => return Vec::new(),
        },
        Route::Guide(_, Part::Step(at)) => match session.guide().and_then(|guide| guide.steps.get(*at)) {
            Some(step) => (aloud::parts_of_step(*at, step), step.blocks.as_slice()),
            None => return Vec::new(),
        },
        Route::Programme(_) => match &session.programme {
            Some(programme) => (aloud::parts_of_programme(programme), programme.transcript.as_slice()),
            None => return Vec::new(),
        },
        Route::Notice(id) => match notices::find(session, id) {
            Some(notice) => (aloud::parts_of_notice(notice), notice.blocks.as_slice()),
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let is_card = |row: &Row| matches!(row, Row::Card(card) if card.opens == Target::Chapter(number));
    let mut marked: Vec<usize> = rows.iter().position(is_card).into_iter().collect();
    let Some(at) = parts.get(number).and_then(|part| part.block) else {
        return marked;
    };
    // The same words may stand there twice.
    let before = blocks[..at].iter().filter(|block| **block == blocks[at]).count();
    let wanted = pages::block_rows(session, &blocks[at]);
    let mut places = (0..rows.len()).filter(|row| !wanted.is_empty() && rows[*row..].starts_with(&wanted));
    if let Some(first) = places.nth(before) {
        marked.extend(first..first + wanted.len());
    }
    marked
}

//! Notices of the commune: those that are shown now, and one of them.

use super::super::Session;
use super::super::settings::Language;
use super::super::view::{Aside, Label, Picture, Row, Target, Urgent, Words};
use super::lists::{self, catalogue, plain_card};
use super::{date, in_language, pages};
use crate::content::model::{Notice, SectionColor};
use crate::content::rich::Rich;

/// The notices that are shown now, urgent ones first.
fn current(session: &Session) -> Vec<&Notice> {
    let notices = catalogue(session).map_or(&[][..], |catalogue| &catalogue.notices);
    let today = session.now.wall.map(|wall| wall.date());
    let shown = notices
        .iter()
        .filter(|notice| notice.is_shown(today, session.now.earliest));
    let (urgent, others): (Vec<_>, Vec<_>) = shown.partition(|notice| notice.urgent);
    [urgent, others].concat()
}

/// The notice of this id, whether it is shown now or was when it was opened.
pub(super) fn find<'a>(session: &'a Session, id: &str) -> Option<&'a Notice> {
    catalogue(session)?.notice(id)
}

/// A card that leads to the list; `None` if it would be empty.
pub(super) fn way_to_list(session: &Session, color: SectionColor) -> Option<Row> {
    (!current(session).is_empty()).then(|| plain_card(Label::NoticesCard, color, Target::Notices))
}

/// What can't wait, for the home screen.
pub(super) fn urgent(session: &Session) -> Option<Urgent> {
    let urgent: Vec<_> = current(session).into_iter().filter(|notice| notice.urgent).collect();
    urgent.first().map(|first| Urgent {
        title: in_language(session, &first.title, &first.title_en),
        of: urgent.len(),
    })
}

/// Where what can't wait is read.
pub(super) fn way_to_urgent(session: &Session) -> Option<Target> {
    let urgent: Vec<_> = current(session).into_iter().filter(|notice| notice.urgent).collect();
    match urgent[..] {
        [] => None,
        [only] => Some(Target::Notice(only.id.clone())),
        _ => Some(Target::Notices),
    }
}

/// All that are shown now.
pub(super) fn list(session: &Session) -> Vec<Row> {
    let rows: Vec<Row> = current(session)
        .into_iter()
        .map(|notice| card(session, notice))
        .collect();
    if rows.is_empty() {
        return vec![Row::Plain(Words::Label(Label::NoNotices))];
    }
    rows
}

fn card(session: &Session, notice: &Notice) -> Row {
    let color = if notice.urgent {
        SectionColor::Red
    } else {
        SectionColor::Teal
    };
    let title = in_language(session, &notice.title, &notice.title_en);
    let mut row = lists::card_of(Words::Text(title), color, Target::Notice(notice.id.clone()));
    if let Row::Card(card) = &mut row {
        card.detail = in_language(session, &notice.summary, &notice.summary_en);
    }
    row
}

/// One notice, whole.
pub(super) fn notice(session: &Session, id: &str) -> Vec<Row> {
    let Some(notice) = find(session, id) else {
        return Vec::new();
    };
    let summary = in_language(session, &notice.summary, &notice.summary_en);
    // The title stands in the bar.
    let mut rows = vec![Row::Paragraph(Rich::plain(&summary))];
    if session.memory.settings.language == Language::English && !notice.blocks.is_empty() {
        rows.push(Row::Small(Words::Label(Label::VietnameseOnly)));
    }
    rows.extend(notice.blocks.iter().flat_map(|block| pages::block_rows(session, block)));
    rows.push(pages::origin(&notice.sources));
    let until = date(notice.until);
    rows.push(Row::Small(Words::Text(in_language(
        session,
        &format!("Thông báo này hết hạn sau ngày {until}"),
        &format!("This notice stands until {until}"),
    ))));
    let others = current(session).iter().any(|other| other.id != notice.id);
    rows.extend(others.then(|| plain_card(Label::OtherNoticesCard, SectionColor::Teal, Target::Notices)));
    rows
}

/// The picture of a notice, beside its words.
pub(super) fn picture(session: &Session, id: &str) -> Option<Aside> {
    let notice = find(session, id).filter(|notice| !notice.picture.is_empty())?;
    Some(Aside::Picture(Picture {
        media: notice.picture.clone(),
        alt: in_language(session, &notice.title, &notice.title_en),
        caption: String::new(),
    }))
}

//! Notices of the commune, with the days on which they stand. Begin with [`page`].

use maud::{Markup, html};

use super::blocks::{self, Blocks};
use super::edition::{self, Here};
use super::frame::{self, Head};
use super::pages;
use crate::content::model::{Notice, Said, SectionColor};
use crate::office::words::date;

const TITLE: &str = "Thông báo của xã";

/// One notice, whole.
pub(super) fn page(here: &Here<'_>, notice: &Notice) -> String {
    let head = Head {
        color: color(notice),
        above: Some((TITLE, here.to(edition::NOTICES))),
        picture: Some(notice.picture.as_str()).filter(|name| !name.is_empty()),
        ..Head::of(&notice.title, &notice.summary)
    };
    let main = html! {
        article {
            h1 { (notice.title) }
            p.days { (days(notice)) }
            p.summary { (notice.summary) }
            @if let Some(recording) = here.edition.recording(Said::Notice(&notice.id)) { (blocks::recording(here, recording)) }
            // It says no more than the title does.
            @if !notice.picture.is_empty() { (blocks::picture(here, &notice.picture, "", "")) }
            (Blocks::on(here, &notice.title).all(&notice.blocks, 2))
            (pages::sources(here, &notice.sources, &format!("{} {}.", here.words().updated, date(notice.updated))))
        }
    };
    frame::page(here, &head, &main)
}

/// Those that are shown today, and below them the others.
pub(super) fn list(here: &Here<'_>) -> String {
    let shown = here.edition.notices();
    let others: Vec<&Notice> = here
        .edition
        .content
        .notices
        .iter()
        .filter(|it| !shown.contains(it))
        .collect();
    let (coming, over): (Vec<&Notice>, Vec<&Notice>) = others.into_iter().partition(|it| it.from > here.edition.day);
    let head = Head::of(TITLE, "Mỗi thông báo có ghi ngày bắt đầu và ngày hết hạn.");
    let main = html! {
        h1 { (head.title) }
        p.summary { (head.summary) }
        @if shown.is_empty() { p { "Hiện chưa có thông báo nào." } } @else { (cards_of(here, &shown)) }
        @for (title, notices) in [("Sắp tới", coming), ("Đã hết hạn", over)] {
            @if !notices.is_empty() { h2 { (title) } (cards_of(here, &notices)) }
        }
    };
    frame::page(here, &head, &main)
}

/// Those that are shown today.
pub(super) fn cards(here: &Here<'_>) -> Markup {
    cards_of(here, &here.edition.notices())
}

fn cards_of(here: &Here<'_>, notices: &[&Notice]) -> Markup {
    html! {
        ul.cards.broad {
            @for notice in notices {
                li class=(frame::color(color(notice))) {
                    a href=(here.to(&edition::notice_file(&notice.id))) {
                        @if !notice.picture.is_empty() { img src=(here.media(&notice.picture)) alt="" loading="lazy"; }
                        span {
                            strong { @if notice.urgent { "Khẩn: " } (notice.title) }
                            span.line { (notice.summary) }
                            span.line { (days(notice)) }
                        }
                    }
                }
            }
        }
    }
}

fn days(notice: &Notice) -> String {
    format!("Từ ngày {} đến hết ngày {}", date(notice.from), date(notice.until))
}

const fn color(notice: &Notice) -> SectionColor {
    if notice.urgent {
        SectionColor::Red
    } else {
        SectionColor::Teal
    }
}

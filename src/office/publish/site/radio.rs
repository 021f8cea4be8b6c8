//! Radio programmes, to be read and, where somebody has recorded them, heard. Begin with [`page`].

use maud::{Markup, html};

use super::blocks::{self, Blocks};
use super::edition::{self, Here};
use super::frame::{self, Head};
use super::{notices, pages};
use crate::content::model::{Programme, Said, SectionColor, Shows};
use crate::office::words::{date, month};

/// A programme with all that is said in it.
pub(super) fn page(here: &Here<'_>, programme: &Programme) -> String {
    let section = here.edition.listed_in(Shows::Radio);
    let head = Head {
        color: section.map_or(SectionColor::Purple, |section| section.color),
        above: section.map(|section| (section.title.as_str(), here.to(&edition::section_file(&section.id)))),
        ..Head::of(&programme.title, &programme.summary)
    };
    let recording = here.edition.recording(Said::Programme(&programme.id));
    let main = html! {
        article {
            h1 { (programme.title) }
            p.days { "Chương trình tháng " (month(programme.month)) }
            p.summary { (programme.summary) }
            @match recording {
                Some(recording) => (blocks::recording(here, recording)),
                None if !programme.audio.is_empty() => {
                    (blocks::player(here, &programme.audio, &format!("Nghe khoảng {} phút", programme.minutes)))
                }
                None => p.small { "Chưa có bài thu. Đọc thành tiếng hết khoảng " (programme.minutes) " phút." },
            }
            (Blocks::on(here, &programme.title).all(&programme.transcript, 2))
            (pages::sources(here, &programme.sources, &format!("{} {}.", here.words().updated, date(programme.updated))))
        }
    };
    frame::page(here, &head, &main)
}

/// The calendar, notices, and all programmes: those of the months up to now first, the newest before all. Whether they were on the air nobody knows.
pub(super) fn list(here: &Here<'_>) -> Markup {
    let (mut aired, mut to_come): (Vec<&Programme>, Vec<&Programme>) = here
        .edition
        .content
        .programmes
        .iter()
        .partition(|it| it.month <= here.edition.day);
    aired.sort_by_key(|it| std::cmp::Reverse(it.month));
    to_come.sort_by_key(|it| it.month);
    html! {
        p.onward { a href=(here.to(edition::CALENDAR)) { "Xem lịch họp, lớp học" } }
        @if !here.edition.notices().is_empty() { h2 { "Thông báo của xã" } (notices::cards(here)) }
        @for (title, programmes) in [("Tháng này và các tháng trước", aired), ("Các tháng tới", to_come)] {
            @if !programmes.is_empty() { h2 { (title) } (cards(here, &programmes)) }
        }
    }
}

fn cards(here: &Here<'_>, programmes: &[&Programme]) -> Markup {
    html! {
        ul.cards {
            @for programme in programmes {
                li {
                    a href=(here.to(&edition::programme_file(&programme.id))) {
                        span {
                            strong { (programme.title) }
                            span.line { "Tháng " (month(programme.month)) " – " (programme.summary) }
                        }
                    }
                }
            }
        }
    }
}

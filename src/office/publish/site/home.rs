//! The first page, as the kiosk's home, and the English one. Begin with [`page`].

use maud::{Markup, html};

use super::calendar;
use super::cards::cards;
use super::edition::{self, Here};
use super::frame::{self, Head};
use super::notices;
use crate::content::model::{Event, Page, Section};

/// How many days of the calendar stand on the first page.
const EVENTS: usize = 3;

/// Notices, the sections, what comes next.
pub(super) fn page(here: &Here<'_>) -> String {
    let name = here.edition.name(here.language);
    let head = Head {
        other_language: here.edition.has_english().then(|| edition::ENGLISH_HOME.to_owned()),
        ..Head::of(
            &name,
            "Làm giấy tờ, nhận trợ cấp, tránh lừa đảo: từng bước, dễ hiểu, cho bà con.",
        )
    };
    let events = coming(here);
    let main = html! {
        h1 { (here.words().what_do_you_need) }
        p.summary { (head.summary) }
        ul.tiles { @for section in &here.edition.content.sections { li { (tile(here, section)) } } }
        ul.doors {
            li { a href=(here.to(edition::A_TO_Z)) { strong { "Tìm theo A–Z" } " mọi bài, theo chữ cái đầu" } }
            @if !here.edition.content.topics.is_empty() {
                li { a href=(here.to(edition::TOPICS)) { strong { "Những việc bà con hay hỏi" } " theo cách bà con vẫn gọi" } }
            }
            li { a href=(here.to(edition::STAFF)) { strong { "Hỏi cán bộ" } " ở đâu, giờ nào, số nào" } }
        }
        @if !here.edition.notices().is_empty() {
            section aria-labelledby="thong-bao" {
                h2 id="thong-bao" { "Thông báo của xã" }
                (notices::cards(here))
                p { a href=(here.to(edition::NOTICES)) { "Mọi thông báo" } }
            }
        }
        @if !events.is_empty() {
            section aria-labelledby="lich" {
                h2 id="lich" { "Sắp tới" }
                ul.events {
                    @for event in events { li { p.days { (calendar::when(event, here.edition.day)) } p { strong { (event.title) } } } }
                }
                p { a href=(here.to(edition::CALENDAR)) { "Xem cả lịch" } }
            }
        }
    };
    frame::page(here, &head, &main)
}

fn tile(here: &Here<'_>, section: &Section) -> Markup {
    let picture = if section.picture.is_empty() {
        &section.icon
    } else {
        &section.picture
    };
    html! {
        a class=(frame::color(section.color)) href=(here.to(&edition::section_file(&section.id))) {
            strong { (section.title) } span.line { (section.summary) }
            img src=(here.media(picture)) alt="";
        }
    }
}

fn coming<'a>(here: &Here<'a>) -> Vec<&'a Event> {
    let today = Some(here.edition.day);
    let settled = here.edition.content.events.iter().filter(|event| event.date.is_some());
    let mut coming: Vec<&Event> = settled.filter(|event| !event.is_past(today)).collect();
    coming.sort_by_key(|event| event.next(today));
    coming.truncate(EVENTS);
    coming
}

/// What can be read in English, in its sections.
pub(super) fn english(here: &Here<'_>) -> String {
    let name = here.edition.name(here.language);
    let head = Head {
        other_language: Some(edition::HOME.to_owned()),
        ..Head::of(
            &name,
            "Paperwork, allowances and staying safe online, step by step. These pages are in English.",
        )
    };
    let content = here.edition.content;
    let main = html! {
        h1 { (here.words().what_do_you_need) }
        p.summary { (head.summary) " The other pages are in Vietnamese; the staff at the counter help." }
        @for section in &content.sections {
            @let pages: Vec<&Page> = content.pages.iter().filter(|it| it.section == section.id && it.english.is_some()).collect();
            @if !pages.is_empty() {
                section aria-labelledby=(format!("muc-{}", section.id)) class=(frame::color(section.color)) {
                    h2 id=(format!("muc-{}", section.id)) { (here.language.of(&section.title, &section.title_en)) }
                    (cards(here, &pages))
                }
            }
        }
    };
    frame::page(here, &head, &main)
}

//! The calendar as a list. Begin with [`page`].

use chrono::NaiveDate;
use maud::{Markup, html};

use super::edition::{self, Here};
use super::frame::{self, Head};
use crate::content::model::{Event, Repeats, SectionColor, Shows};
use crate::office::words::date;

/// What comes, in the order of days; what has no day yet; what is over.
pub(super) fn page(here: &Here<'_>) -> String {
    let section = here.edition.listed_in(Shows::Radio);
    let head = Head {
        color: section.map_or(SectionColor::Purple, |section| section.color),
        above: section.map(|section| (section.title.as_str(), here.to(&edition::section_file(&section.id)))),
        ..Head::of("Lịch họp, lớp học", "Họp, lớp học, cuộc thi và những ngày cần nhớ.")
    };
    let (settled, open): (Vec<&Event>, Vec<&Event>) = here
        .edition
        .content
        .events
        .iter()
        .partition(|event| event.date.is_some());
    let today = Some(here.edition.day);
    let (mut over, mut coming): (Vec<&Event>, Vec<&Event>) = settled.into_iter().partition(|it| it.is_past(today));
    coming.sort_by_key(|event| event.next(today));
    over.sort_by_key(|event| std::cmp::Reverse(event.next(today)));
    let has_days = !coming.is_empty() || !over.is_empty();
    let main = html! {
        h1 { (head.title) }
        p.summary { (head.summary) }
        @if coming.is_empty() && open.is_empty() { p { "Chưa có lịch mới." } }
        @for (title, events) in [("Sắp tới", coming), ("Chưa chốt ngày", open), ("Đã qua", over)] {
            @if !events.is_empty() {
                h2 { (title) }
                ul.events { @for event in events { (entry(here, event)) } }
            }
        }
        @if has_days {
            h2 { "Đưa lịch vào điện thoại" }
            p { a href=(here.to("lich.ics")) { "Tệp lịch (lich.ics)" } ": mở bằng ứng dụng lịch của điện thoại hoặc máy tính." }
            @if let Some(base) = here.edition.base {
                p { "Muốn lịch tự cập nhật thì thêm “lịch từ địa chỉ” (URL): " code { (base.of("lich.ics")) } }
            }
        }
    };
    frame::page(here, &head, &main)
}

fn entry(here: &Here<'_>, event: &Event) -> Markup {
    let id = (!event.id.is_empty()).then(|| format!("viec-{}", event.id));
    html! {
        li id=[id] {
            p.days { (when(event, here.edition.day)) }
            h3 { (event.title) }
            @if !event.summary.is_empty() { p { (event.summary) } }
        }
    }
}

/// Day, time and place in a line.
pub(super) fn when(event: &Event, today: NaiveDate) -> String {
    let settled = event.next(Some(today)).map(|next| match (event.until, event.repeats) {
        (Some(until), None) if until > next => format!("{} – {}", date(next), date(until)),
        _ => date(next),
    });
    let often = event.repeats.map(|repeats| match repeats {
        Repeats::Monthly => "Hằng tháng",
        Repeats::Quarterly => "Hằng quý",
        Repeats::Yearly => "Hằng năm",
    });
    let open = settled.is_none().then_some("Ngày chưa chốt, hỏi cán bộ tại quầy");
    let parts = [settled.as_deref(), often, open, Some(&event.time), Some(&event.place)];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

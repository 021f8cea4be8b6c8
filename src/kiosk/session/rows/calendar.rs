//! The calendar: what comes, when and where.

use chrono::NaiveDate;

use super::super::Session;
use super::super::view::{Label, Row, Words};
use super::in_language;
use super::lists::catalogue;
use crate::content::model::{Event, Repeats};

/// Coming events first, in the order of their dates; then those whose day isn't settled; those that are over last, the latest first.
pub(super) fn rows(session: &Session) -> Vec<Row> {
    let Some(catalogue) = catalogue(session) else {
        return Vec::new();
    };
    let today = session.now.wall.map(|wall| wall.date());
    let is_past = |event: &Event| event.is_past(today);
    let mut events: Vec<&Event> = catalogue.events.iter().collect();
    events.sort_by_cached_key(|event| {
        let past = is_past(event);
        let days = event
            .next(today)
            .map(|day| day.signed_duration_since(NaiveDate::default()).num_days());
        (past, days.is_none(), days.map(|days| if past { -days } else { days }))
    });
    let mut rows: Vec<Row> = Vec::new();
    if events.iter().all(|event| is_past(event)) {
        rows.push(Row::Plain(Words::Label(Label::NoEvents)));
    }
    rows.extend(events.into_iter().map(|event| Row::Event {
        when: when(session, event, today),
        what: event.title.clone(),
        detail: event.summary.clone(),
        past: is_past(event),
    }));
    rows
}

/// Day, time and place in a line.
fn when(session: &Session, event: &Event, today: Option<NaiveDate>) -> String {
    let day = |date: NaiveDate| date.format("%-d/%-m/%Y").to_string();
    let settled = event.next(today).map(|next| match (event.until, event.repeats) {
        (Some(until), None) => format!("{} – {}", day(next), day(until)),
        _ => day(next),
    });
    let often = event.repeats.map(|repeats| match repeats {
        Repeats::Monthly => in_language(session, "Hằng tháng", "Every month"),
        Repeats::Quarterly => in_language(session, "Hằng quý", "Every quarter"),
        Repeats::Yearly => in_language(session, "Hằng năm", "Every year"),
    });
    let open = settled.is_none().then(|| {
        let english = "Day not settled, ask the staff at the counter";
        in_language(session, "Ngày chưa chốt, hỏi cán bộ tại quầy", english)
    });
    let parts = [
        settled,
        often,
        open,
        Some(event.time.clone()),
        Some(event.place.clone()),
    ];
    parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

//! The calendar as a file that calendars read: iCalendar, RFC 5545. Begin with [`file`].
//!
//! Times of day are words in the content, so every event takes its whole day and says the time in its title. What has no day yet is not
//! in it.

use chrono::{Datelike, Days, NaiveDate};

use super::edition::Edition;
use super::words::Language;
use crate::content::model::{Event, Repeats};

/// The longest line in bytes, without its end (RFC 5545, 3.1).
const LONGEST_LINE: usize = 75;

/// All events with a day. Its stamp is the day on which the content was last checked, so that the same content gives the same bytes.
pub(super) fn file(edition: &Edition<'_>) -> String {
    let pack = &edition.content.pack.id;
    let mut lines = Lines::default();
    lines.add("BEGIN", "VCALENDAR");
    lines.add("VERSION", "2.0");
    lines.add("PRODID", "-//commune-kiosk//lich//VI");
    lines.add("CALSCALE", "GREGORIAN");
    lines.add("METHOD", "PUBLISH");
    lines.add("X-WR-CALNAME", &escaped(&edition.name(Language::Vietnamese)));
    let mut names: Vec<String> = Vec::new();
    for event in &edition.content.events {
        let Some(first) = event.date else {
            continue;
        };
        let name = name(event);
        // Of two events with one title each has its own, in the author's order.
        let same = names.iter().filter(|other| **other == name).count();
        let number = if same == 0 {
            String::new()
        } else {
            format!("-{}", same + 1)
        };
        lines.add("BEGIN", "VEVENT");
        lines.add("UID", &format!("{pack}-{name}{number}"));
        lines.add("DTSTAMP", &format!("{}T000000Z", day(edition.checked)));
        // Programs keep an event's old day unless this number has grown (3.8.7.4).
        lines.add("SEQUENCE", &edition.content.pack.edition.to_string());
        lines.add("DTSTART;VALUE=DATE", &day(first));
        let last = event
            .until
            .filter(|until| event.repeats.is_none() && *until > first)
            .unwrap_or(first);
        // The day after the last one (3.6.1).
        if let Some(end) = last.checked_add_days(Days::new(1)) {
            lines.add("DTEND;VALUE=DATE", &day(end));
        }
        if let Some(repeats) = event.repeats {
            lines.add("RRULE", &rule(repeats, first, event.until));
        }
        let time = if event.time.is_empty() {
            String::new()
        } else {
            format!(" ({})", event.time)
        };
        lines.add("SUMMARY", &escaped(&format!("{}{time}", event.title)));
        for (name, value) in [("LOCATION", &event.place), ("DESCRIPTION", &event.summary)] {
            if !value.is_empty() {
                lines.add(name, &escaped(value));
            }
        }
        lines.add("TRANSP", "TRANSPARENT");
        lines.add("END", "VEVENT");
        names.push(name);
    }
    lines.add("END", "VCALENDAR");
    lines.0
}

/// What an event is called for ever, so that a calendar changes it instead of having it twice: its id, or else its title.
fn name(event: &Event) -> String {
    if event.id.is_empty() {
        blake3::hash(event.title.as_bytes()).to_hex()[..16].to_owned()
    } else {
        event.id.clone()
    }
}

fn day(date: NaiveDate) -> String {
    date.format("%Y%m%d").to_string()
}

/// How it comes back (3.3.10). Counted from the first day, and on the last day of a month that is shorter ([`Repeats`]): of all days from
/// the 28th to the first one's, the last that the month has.
fn rule(repeats: Repeats, first: NaiveDate, until: Option<NaiveDate>) -> String {
    let often = match repeats {
        Repeats::Monthly => "FREQ=MONTHLY",
        Repeats::Quarterly => "FREQ=MONTHLY;INTERVAL=3",
        Repeats::Yearly => "FREQ=YEARLY",
    };
    let mut parts = vec![often.to_owned()];
    let is_leap_day = (first.month(), first.day()) == (2, 29);
    if repeats == Repeats::Yearly && is_leap_day {
        parts.push("BYMONTH=2".to_owned());
    }
    if first.day() > 28 && (repeats != Repeats::Yearly || is_leap_day) {
        let days: Vec<String> = (28..=first.day()).map(|day| day.to_string()).collect();
        parts.push(format!("BYMONTHDAY={};BYSETPOS=-1", days.join(",")));
    }
    parts.extend(until.map(|until| format!("UNTIL={}", day(until))));
    parts.join(";")
}

/// Text as a value (3.3.11).
fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => value.extend(['\\', letter]),
            '\n' => value += "\\n",
            other if other.is_control() => {}
            other => value.push(other),
        }
    }
    value
}

/// Lines as the standard ends and folds them.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, name: &str, value: &str) {
        let mut room = LONGEST_LINE;
        for letter in format!("{name}:{value}").chars() {
            if letter.len_utf8() > room {
                self.0 += "\r\n ";
                room = LONGEST_LINE - 1;
            }
            self.0.push(letter);
            room -= letter.len_utf8();
        }
        self.0 += "\r\n";
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_comes_back_on_the_31st_comes_on_the_last_day_of_shorter_months() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        for (repeats, first, until, expected) in [
            (Repeats::Monthly, "2026-12-12", None, "FREQ=MONTHLY"),
            (
                Repeats::Monthly,
                "2026-12-31",
                None,
                "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
            ),
            (
                Repeats::Quarterly,
                "2026-11-30",
                Some("2027-12-31"),
                "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=28,29,30;BYSETPOS=-1;UNTIL=20271231",
            ),
            (Repeats::Yearly, "2026-10-31", None, "FREQ=YEARLY"),
            (
                Repeats::Yearly,
                "2028-02-29",
                None,
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
            ),
        ] {
            assert_eq!(rule(repeats, day(first), until.map(day)), expected);
        }
    }

    proptest! {
        #[test]
        fn no_line_is_longer_than_75_bytes_and_no_letter_is_lost(text in "[a-zđộ,;\\\\\n 🎉]{0,200}") {
            let mut lines = Lines::default();
            lines.add("SUMMARY", &escaped(&text));
            prop_assert!(lines.0.ends_with("\r\n"));
            prop_assert!(lines.0.trim_end().split("\r\n").all(|line| line.len() <= LONGEST_LINE));
            let unfolded = lines.0.replace("\r\n ", "");
            let value = unfolded.trim_end_matches("\r\n").strip_prefix("SUMMARY:").expect("the name");
            let mut read = String::new();
            let mut letters = value.chars();
            while let Some(letter) = letters.next() {
                read.push(match letter {
                    '\\' => match letters.next().expect("what is escaped") {
                        'n' => '\n',
                        other => other,
                    },
                    other => other,
                });
            }
            prop_assert_eq!(read, text);
        }
    }
}

//! What stands in the calendar, and on which day it takes place next.
//!
//! Nothing here asks for the day: it comes in, and may be unknown. Begin with [`Event`].

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A meeting, class or contest (`calendar.toml`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Named by links that lead to it; empty if none does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What takes place.
    pub title: String,
    /// The day it takes place, or begins; `None` as long as the day isn't settled.
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// The last day, if it lasts longer than one; of what repeats, the last day on which it may take place.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// How often it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Repeats>,
    /// Time of day in words, such as `8 giờ`; may be empty.
    #[serde(default)]
    pub time: String,
    /// Where; may be empty.
    #[serde(default)]
    pub place: String,
    /// For whom and what about, in a sentence.
    #[serde(default)]
    pub summary: String,
}

/// How often an event comes back, counted from its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Repeats {
    /// On the same day of each month; on the last one of a month that is shorter.
    Monthly,
    /// Every three months.
    Quarterly,
    /// On the same day of each year.
    Yearly,
}

impl Event {
    /// The day on which it takes place next, or took place last; `None` if that isn't settled.
    #[must_use]
    pub fn next(&self, today: Option<NaiveDate>) -> Option<NaiveDate> {
        let first = self.date?;
        let (Some(today), Some(repeats)) = (today, self.repeats) else {
            return Some(first);
        };
        let months = match repeats {
            Repeats::Monthly => 1,
            Repeats::Quarterly => 3,
            Repeats::Yearly => 12,
        };
        // Counted from the first day each time, so that the 31st stays the 31st; begun shortly before today, so that a slip in the year
        // costs nothing. The calendar ends before the numbers do.
        let reach = self.until.map_or(today, |until| until.min(today));
        let years = u32::try_from(reach.year() - first.year()).unwrap_or_default();
        let begun = (years.saturating_sub(1) * 12 / months).max(1);
        let days = (begun..).map_while(|times| first.checked_add_months(Months::new(months * times)));
        let mut next = first;
        for day in days {
            if next >= today || self.until.is_some_and(|until| day > until) {
                break;
            }
            next = day;
        }
        Some(next)
    }

    /// Whether it is over. What has no day yet never is.
    #[must_use]
    pub fn is_past(&self, today: Option<NaiveDate>) -> bool {
        let (Some(today), Some(next)) = (today, self.next(today)) else {
            return false;
        };
        match self.repeats {
            None => self.until.unwrap_or(next) < today,
            // No other day before its last one.
            Some(_) => next < today,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn event(date: &str, until: Option<&str>, repeats: Option<Repeats>) -> Event {
        Event {
            id: String::new(),
            title: String::new(),
            date: Some(day(date)),
            until: until.map(day),
            repeats,
            time: String::new(),
            place: String::new(),
            summary: String::new(),
        }
    }

    #[test]
    fn what_comes_back_is_next_on_the_day_counted_from_its_first() {
        let yearly = event("2026-10-10", None, Some(Repeats::Yearly));
        for (today, next) in [
            ("2020-01-01", "2026-10-10"),
            ("2026-10-10", "2026-10-10"),
            ("2026-10-11", "2027-10-10"),
        ] {
            assert_eq!(yearly.next(Some(day(today))), Some(day(next)));
            assert!(!yearly.is_past(Some(day(today))));
        }
        assert_eq!(yearly.next(None), Some(day("2026-10-10")), "no clock: the first");
        let monthly = event("2026-12-31", None, Some(Repeats::Monthly));
        assert_eq!(monthly.next(Some(day("2027-02-01"))), Some(day("2027-02-28")));
        assert_eq!(
            monthly.next(Some(day("2027-03-01"))),
            Some(day("2027-03-31")),
            "not the 28th"
        );
        let quarterly = event("2026-12-12", Some("2027-07-01"), Some(Repeats::Quarterly));
        assert_eq!(quarterly.next(Some(day("2027-01-01"))), Some(day("2027-03-12")));
        assert_eq!(
            quarterly.next(Some(day("2027-06-13"))),
            Some(day("2027-06-12")),
            "the last one was"
        );
        assert!(quarterly.is_past(Some(day("2027-06-13"))) && !quarterly.is_past(Some(day("2027-06-12"))));
        // A slip in the year: as quick as any other, and right.
        let old = event("0026-10-10", None, Some(Repeats::Monthly));
        assert_eq!(old.next(Some(day("2026-11-28"))), Some(day("2026-12-10")));
        let ended = event("2020-10-10", Some("2021-01-01"), Some(Repeats::Yearly));
        assert_eq!(ended.next(Some(day("2026-11-28"))), Some(day("2020-10-10")));
        assert!(ended.is_past(Some(day("2026-11-28"))));
    }

    #[test]
    fn what_has_no_day_is_never_over_and_the_end_of_the_calendar_is_no_end_of_the_program() {
        let mut open = event("2026-10-10", None, Some(Repeats::Monthly));
        open.date = None;
        assert_eq!(open.next(Some(day("2027-01-01"))), None);
        assert!(!open.is_past(Some(day("2027-01-01"))));
        let last = event("+262142-12-01", None, Some(Repeats::Yearly));
        assert_eq!(last.next(Some(NaiveDate::MAX)), last.date);
        let days = event("2026-12-07", Some("2026-12-09"), None);
        assert!(!days.is_past(Some(day("2026-12-09"))) && days.is_past(Some(day("2026-12-10"))));
    }
}

//! Counters in memory: a number for each cell of each day.
//!
//! A counter only grows. Nothing here knows a disk; see [`super::store`] for that. Read [`Counters`] first.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use serde::Serialize;

use super::signals::{Cell, Label, Signal};
use super::stamp::Stamp;

/// The most cells kept in memory while the disk can't be written. A busy day has about 200; this is some 8 MB, and more
/// than a year without a disk, so the limit only stops a fault from eating the memory of the kiosk.
pub const MOST_CELLS: usize = 50_000;

/// Hours of one run that are told apart; a run longer than 416 days without a clock counts on in its last hour.
const LAST_HOUR: u32 = 9_999;

/// The stretch of time a counter stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// A run of the program during which the date was not known.
    Undated {
        /// Which run: they are numbered from 1. 0 while the number is not known, because the disk can't be read.
        boot: u64,
        /// Hours since that run began: each of them for how many came, and only each 24th for what they did, so that the two never
        /// meet at an hour. Kept only while that run can still learn its date, then folded into 0.
        hour: u32,
    },
    /// A day, by the local calendar.
    Day(NaiveDate),
}

impl Period {
    /// The period in which what is counted at a moment is put together.
    #[must_use]
    pub fn of(signal: Signal, now: Stamp, boot: u64) -> Self {
        if let Some(wall) = now.wall.filter(has_room) {
            return Self::Day(wall.date());
        }
        let hour = now.hour_of_run().min(LAST_HOUR);
        let hour = hour - hour % hours_together(signal);
        Self::Undated { boot, hour }
    }

    /// The number under which it is stored: 20251103 for a day, -120003 for the third hour of run 12.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Day(day) => i64::from(day.year()) * 10_000 + i64::from(day.month() * 100 + day.day()),
            Self::Undated { boot, hour } => {
                let first = i64::try_from(boot).unwrap_or(i64::MAX).saturating_mul(10_000);
                -first.saturating_add(hour.min(LAST_HOUR).into())
            }
        }
    }

    /// The period stored under `number`, if it is one.
    pub(super) fn from_number(number: i64) -> Option<Self> {
        if number <= 0 {
            let (boot, hour) = (number.unsigned_abs() / 10_000, number.unsigned_abs() % 10_000);
            return Some(Self::Undated {
                boot,
                hour: u32::try_from(hour).ok()?,
            });
        }
        let part = |divisor: i64, size: i64| u32::try_from(number / divisor % size).ok();
        let year = i32::try_from(number / 10_000).ok()?;
        NaiveDate::from_ymd_opt(year, part(100, 100)?, part(1, 100)?).map(Self::Day)
    }
}

/// How many hours of a run without a date are put together: a day of the run, but for how many came.
const fn hours_together(signal: Signal) -> u32 {
    match signal {
        Signal::VisitStarted => 1,
        _ => 24,
    }
}

/// Whether the number under which a day is stored has room for its year.
fn has_room(moment: &NaiveDateTime) -> bool {
    (1..=9999).contains(&moment.year())
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(out, "{day}"),
            Self::Undated { boot, hour } => write!(out, "undated-{boot}-{hour}"),
        }
    }
}

/// One counter's place: a cell of a period.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// When, no finer than a day once the day is known.
    pub period: Period,
    /// What.
    pub cell: Cell,
}

/// Gives a date to what this run counted before it knew one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dating {
    boot: u64,
    /// For how long the run has gone on.
    lasted: TimeDelta,
    now: NaiveDateTime,
}

impl Dating {
    /// What is known at `now` about run `boot`; nothing if the date is not known.
    pub(super) fn new(boot: u64, now: Stamp) -> Option<Self> {
        let wall = now.wall.filter(has_room)?;
        let lasted = TimeDelta::from_std(now.monotonic).ok()?;
        wall.checked_sub_signed(lasted).filter(has_room)?;
        Some(Self {
            boot,
            lasted,
            now: wall,
        })
    }

    /// The run it dates.
    pub(super) const fn boot(&self) -> u64 {
        self.boot
    }

    /// The same counter, at its day if it belongs to this run. A visit's start also gets its hour of the day.
    ///
    /// Of an hour, or a day, of the run only its number is known, so its middle stands for all of it: at most half an hour off, and
    /// of two days the one in which most of it was.
    pub(super) fn date(&self, mut key: Key) -> Key {
        let Period::Undated { boot, hour } = key.period else {
            return key;
        };
        if boot != self.boot {
            return key;
        }
        let together = TimeDelta::hours(hours_together(key.cell.signal).into());
        let from = TimeDelta::hours(hour.into()).min(self.lasted);
        let middle = (from + (from + together).min(self.lasted)) / 2;
        let moment = self.now - (self.lasted - middle);
        key.period = Period::Day(moment.date());
        if key.cell.signal == Signal::VisitStarted {
            key.cell.value = Label::hour(moment.hour());
        }
        key
    }
}

/// A number for each cell. It only grows, and stops at the largest number rather than start again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    cells: BTreeMap<Key, u64>,
}

impl Counters {
    /// Adds `n` to a counter.
    pub fn add(&mut self, key: Key, n: u64) {
        let counter = self.cells.entry(key).or_default();
        *counter = counter.saturating_add(n);
    }

    /// Adds one to a counter. With [`MOST_CELLS`] in memory a new one is not begun: its count goes to the subject "other".
    pub fn count(&mut self, mut key: Key) {
        if self.cells.len() >= MOST_CELLS && !self.cells.contains_key(&key) {
            key.cell.subject = Label::OTHER;
        }
        self.add(key, 1);
    }

    /// Adds all of another's counters.
    pub fn merge(&mut self, other: &Self) {
        for (key, n) in other.iter() {
            self.add(key.clone(), n);
        }
    }

    /// Moves every counter to the place that `place` says; those that meet are added up.
    pub(super) fn rearrange(&mut self, place: impl Fn(Key) -> Key) {
        for (key, n) in std::mem::take(&mut self.cells) {
            self.add(place(key), n);
        }
    }

    /// Every counter, by period, then by signal, subject and value.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, u64)> {
        self.cells.iter().map(|(key, n)| (key, *n))
    }

    /// Everything counted for a signal, over all periods.
    #[must_use]
    pub fn total(&self, signal: Signal) -> u64 {
        let counts = self.iter().filter(|(key, _)| key.cell.signal == signal);
        counts.fold(0, |sum, (_, n)| sum.saturating_add(n))
    }

    /// How many cells have been counted in.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether nothing has been counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Every counter in words, for printing.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.iter().map(|(key, n)| Row {
            period: key.period.to_string(),
            signal: key.cell.signal.code(),
            subject: key.cell.subject.as_str(),
            value: key.cell.value.as_str(),
            n,
        })
    }
}

/// One counter in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row<'a> {
    /// A day as `2025-11-03`, or `undated-12-3`: hour 3 of run 12; only of how many came, all else has the hours 0, 24, 48…
    pub period: String,
    /// The signal's code.
    pub signal: &'a str,
    /// The page, question, set or programme; empty if none.
    pub subject: &'a str,
    /// The choice, group, step or hour; empty if none.
    pub value: &'a str,
    /// The count.
    pub n: u64,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::usage::signals::Event;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn key(event: &Event, now: Stamp) -> Key {
        Key {
            period: Period::of(event.signal(), now, 1),
            cell: event.cell(now),
        }
    }

    #[test]
    fn a_counter_that_is_full_stays_full() {
        let key = key(&Event::SearchFound, Stamp::undated(Duration::ZERO));
        let mut counters = Counters::default();
        counters.add(key.clone(), u64::MAX - 1);
        counters.count(key.clone());
        counters.count(key);
        assert_eq!(u64::MAX, counters.total(Signal::SearchFound));
    }

    #[test]
    fn a_disk_that_never_comes_back_does_not_eat_the_memory() {
        let now = Stamp::undated(Duration::ZERO);
        let mut counters = Counters::default();
        for page in 0..MOST_CELLS + 500 {
            counters.count(key(&Event::page_opened(&format!("page-{page}")), now));
        }
        counters.count(key(&Event::page_opened("page-7"), now));
        assert_eq!(MOST_CELLS + 1, counters.len());
        assert_eq!(MOST_CELLS as u64 + 501, counters.total(Signal::PageOpened));
        let other = counters.rows().find(|row| row.subject == "other").unwrap();
        assert_eq!(500, other.n);
    }

    #[test]
    fn an_hour_without_a_date_finds_its_day_across_midnight() {
        // The kiosk began at 22:10 the evening before.
        let dating = Dating::new(1, Stamp::dated(Duration::from_hours(10), at("2025-11-04T08:10:00"))).unwrap();
        let place = |hours: u64| {
            let key = dating.date(key(
                &Event::VisitStarted,
                Stamp::undated(Duration::from_secs(hours * 3600)),
            ));
            (key.period.to_string(), key.cell.value.as_str().to_owned())
        };
        assert_eq!(("2025-11-03".to_owned(), "22".to_owned()), place(0));
        assert_eq!(("2025-11-03".to_owned(), "23".to_owned()), place(1));
        assert_eq!(("2025-11-04".to_owned(), "00".to_owned()), place(2));
        assert_eq!(
            ("2025-11-04".to_owned(), "08".to_owned()),
            place(10),
            "never later than now"
        );
    }

    #[test]
    fn what_was_done_without_a_date_is_put_together_by_the_day_of_the_run_and_finds_the_day_it_mostly_was() {
        let at_hour = |hour: u64| {
            key(
                &Event::page_opened("khai-sinh"),
                Stamp::undated(Duration::from_hours(hour)),
            )
        };
        assert_eq!(at_hour(1), at_hour(23), "not by the hour, as those who came");
        assert_ne!(at_hour(23), at_hour(24));
        let visit = |hour: u64| key(&Event::VisitStarted, Stamp::undated(Duration::from_hours(hour)));
        assert_ne!(visit(1), visit(2));
        // The kiosk began at 16:00 on the 3rd and learns its date 44 hours later.
        let dating = Dating::new(1, Stamp::dated(Duration::from_hours(44), at("2025-11-05T12:00:00"))).unwrap();
        let day = |hour: u64| dating.date(at_hour(hour)).period.to_string();
        assert_eq!([day(0), day(23)], ["2025-11-04", "2025-11-04"]);
        assert_eq!([day(24), day(43)], ["2025-11-05", "2025-11-05"]);
    }

    #[test]
    fn another_run_stays_undated() {
        let dating = Dating::new(2, Stamp::dated(Duration::ZERO, at("2025-11-04T08:10:00"))).unwrap();
        let old = key(&Event::VisitStarted, Stamp::undated(Duration::ZERO));
        assert_eq!(old, dating.date(old.clone()));
    }

    #[test]
    fn rows_read_as_words() {
        let mut counters = Counters::default();
        counters.count(key(
            &Event::step_reached("can-cuoc", 2),
            Stamp::dated(Duration::ZERO, at("2025-11-03T08:00:00")),
        ));
        let rows: Vec<_> = counters.rows().collect();
        let json = serde_json::to_string(&rows).unwrap();
        assert_eq!(
            r#"[{"period":"2025-11-03","signal":"step-reached","subject":"can-cuoc","value":"2","n":1}]"#,
            json
        );
    }

    proptest! {
        #[test]
        fn a_period_survives_being_stored(day in -800_000_i32..4_000_000, boot in 0_u64..1 << 40, hour in 0..=LAST_HOUR) {
            let undated = Period::Undated { boot, hour };
            prop_assert_eq!(Some(undated), Period::from_number(undated.number()));
            let midnight = NaiveDate::from_num_days_from_ce_opt(day).unwrap().and_hms_opt(0, 0, 0).unwrap();
            let period = Period::of(Signal::SearchFound, Stamp::dated(Duration::ZERO, midnight), 3);
            prop_assert_eq!(Some(period), Period::from_number(period.number()));
        }

        #[test]
        fn any_stored_number_is_read_without_a_panic(number: i64) {
            let _ = Period::from_number(number);
        }
    }
}

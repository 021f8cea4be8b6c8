//! Closing a month or a day: which counts leave the kiosk, and how coarse they must be to leave.
//!
//! What leaves stands for at least [`FEWEST_VISITS`] visits, always: days with fewer are put together into their month,
//! months with fewer into their year, and what is too little even then stays on the kiosk until more comes. This module
//! decides and moves nothing; [`super::store`] does that. Begin with [`close`].

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::counters::{Counters, Key, Period};
use super::signals::Signal;
use super::statistics::{Span, Table, month_of};

/// The fewest visits that a span of time may have to leave the kiosk by itself.
pub const FEWEST_VISITS: u64 = 5;

/// Counts further ahead than this were made by a clock that was wrong, or today's date is: no zone or daylight saving explains it. A
/// date that says so is believed when it has gone on for as long. The office asks another question (docs/decisions/020).
const FAR_AHEAD: u64 = 31;

/// How often the kiosk sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Share {
    /// A month, when it is over.
    #[default]
    Month,
    /// A day, when it is over, if it had enough visits.
    Day,
}

impl Share {
    /// The number of the period that `today` is in. Another number than the last time means that one is to be closed.
    #[must_use]
    pub fn period(self, today: NaiveDate) -> i64 {
        let month = i64::from(today.year()) * 100 + i64::from(today.month());
        match self {
            Self::Month => month,
            Self::Day => month * 100 + i64::from(today.day()),
        }
    }

    /// Whether `today` is in another month than the period of this number, if something was closed in one.
    #[must_use]
    pub(super) fn is_another_month(closed: i64, today: NaiveDate) -> bool {
        // A day's number has two digits more.
        let month = if closed > 999_999 { closed / 100 } else { closed };
        closed != 0 && month != Self::Month.period(today)
    }

    fn is_over(self, day: NaiveDate, today: NaiveDate) -> bool {
        match self {
            Self::Month => month_of(day) < month_of(today),
            Self::Day => day < today,
        }
    }
}

/// What leaves the kiosk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closed {
    /// As the office gets it.
    pub table: Table,
    /// The same counts as they stood on the kiosk, to be taken away there.
    pub taken: Counters,
}

/// Whether something was counted on a day that is far ahead of today: then, or now, the clock was wrong.
#[must_use]
pub fn is_ahead(counters: &Counters, today: NaiveDate) -> bool {
    counters
        .iter()
        .any(|(key, _)| matches!(key.period, Period::Day(day) if is_far(day, today)))
}

/// Whether a date that was first `seen` to be far behind what was counted has gone on for so long that the counts must be wrong.
#[must_use]
pub fn is_steady(seen: NaiveDate, today: NaiveDate) -> bool {
    today >= seen + Days::new(FAR_AHEAD)
}

fn is_far(day: NaiveDate, today: NaiveDate) -> bool {
    day > today + Days::new(FAR_AHEAD)
}

/// Chooses what leaves the kiosk today. Without a date only what earlier runs counted without one; `run` is this one. What is far ahead
/// leaves without a date once today is `sure`, and waits until then: one wrong date must not take theirs from right counts.
#[must_use]
pub fn close(counters: &Counters, share: Share, today: Option<NaiveDate>, sure: bool, run: u64) -> Closed {
    let mut pieces = Pieces::default();
    for (key, n) in counters.iter() {
        match (key.period, today) {
            (Period::Day(day), Some(today)) if share.is_over(day, today) => pieces.day(day).add(key.clone(), n),
            (Period::Day(day), Some(today)) if sure && is_far(day, today) => pieces.undated.add(key.clone(), n),
            (Period::Undated { boot, .. }, _) if boot != run => pieces.undated.add(key.clone(), n),
            _ => {}
        }
    }
    pieces.fold(today)
}

/// Counts of one span, with the places they have on the kiosk.
#[derive(Debug, Default)]
struct Piece {
    counters: Counters,
    visits: u64,
}

impl Piece {
    fn add(&mut self, key: Key, n: u64) {
        if key.cell.signal == Signal::VisitStarted {
            self.visits = self.visits.saturating_add(n);
        }
        self.counters.add(key, n);
    }

    fn absorb(&mut self, other: &Self) {
        self.counters.merge(&other.counters);
        self.visits = self.visits.saturating_add(other.visits);
    }

    fn is_enough(&self) -> bool {
        self.visits >= FEWEST_VISITS
    }

    fn is_empty(&self) -> bool {
        self.counters.is_empty()
    }
}

#[derive(Debug, Default)]
struct Pieces {
    months: BTreeMap<NaiveDate, BTreeMap<NaiveDate, Piece>>,
    undated: Piece,
}

impl Pieces {
    fn day(&mut self, day: NaiveDate) -> &mut Piece {
        self.months.entry(month_of(day)).or_default().entry(day).or_default()
    }

    fn fold(self, today: Option<NaiveDate>) -> Closed {
        let (mut closed, mut undated) = (Closed::default(), self.undated);
        let mut years: BTreeMap<i32, Piece> = BTreeMap::new();
        for (month, mut days) in self.months {
            let month_is_over = today.is_some_and(|today| month < month_of(today));
            if month_is_over {
                let rest = fold_days(&mut days);
                if rest.is_enough() {
                    closed.take(Span::Month(month), &rest);
                } else {
                    years.entry(month.year()).or_default().absorb(&rest);
                }
            }
            let enough = days.iter().filter(|(_, piece)| piece.is_enough());
            enough.for_each(|(day, piece)| closed.take(Span::Day(*day), piece));
        }
        for (year, rest) in years {
            let year_is_over = today.is_some_and(|today| year < today.year());
            match (rest.is_enough(), year_is_over) {
                (true, _) => closed.take(Span::Year(year), &rest),
                (false, true) => undated.absorb(&rest),
                // The year's other months may bring more.
                (false, false) => {}
            }
        }
        if undated.is_enough() {
            closed.take(Span::Undated, &undated);
        }
        closed
    }
}

/// Takes the days with few visits out and puts them together. If they are few even so, the day with the fewest visits of
/// those left joins them, because a rest that can't leave would be missing in its month.
fn fold_days(days: &mut BTreeMap<NaiveDate, Piece>) -> Piece {
    let few: Vec<NaiveDate> = days
        .iter()
        .filter(|(_, piece)| !piece.is_enough())
        .map(|(day, _)| *day)
        .collect();
    let mut rest = Piece::default();
    for piece in few.iter().filter_map(|day| days.remove(day)) {
        rest.absorb(&piece);
    }
    let smallest = days.iter().min_by_key(|(_, piece)| piece.visits).map(|(day, _)| *day);
    if !rest.is_empty()
        && !rest.is_enough()
        && let Some(piece) = smallest.and_then(|day| days.remove(&day))
    {
        rest.absorb(&piece);
    }
    rest
}

impl Closed {
    fn take(&mut self, span: Span, piece: &Piece) {
        for (key, n) in piece.counters.iter() {
            self.table.add(span, &key.cell, n);
        }
        self.taken.merge(&piece.counters);
    }
}

#[cfg(test)]
mod tests;

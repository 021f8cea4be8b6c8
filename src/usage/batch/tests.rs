//! What leaves, and what must not.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::usage::signals::{Cell, Event};
use crate::usage::stamp::Stamp;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn cell(event: &Event) -> Cell {
    event.cell(Stamp::undated(Duration::ZERO))
}

fn counted(days: &[(&str, u64)]) -> Counters {
    let mut counters = Counters::default();
    for (text, visits) in days {
        let period = Period::Day(day(text));
        for (event, n) in [
            (Event::VisitStarted, *visits),
            (Event::page_opened("khai-sinh"), visits * 2),
        ] {
            let cell = cell(&event);
            counters.add(Key { period, cell }, n);
        }
    }
    counters
}

fn visits(closed: &Closed) -> Vec<(String, u64)> {
    let started = closed
        .table
        .iter()
        .filter(|(_, cell, _)| cell.signal == Signal::VisitStarted);
    let mut visits: Vec<_> = started.map(|(span, _, n)| (span.to_string(), n)).collect();
    visits.sort();
    visits
}

fn expected(spans: &[(&str, u64)]) -> Vec<(String, u64)> {
    spans.iter().map(|(span, n)| ((*span).to_owned(), *n)).collect()
}

#[test]
fn a_month_leaves_when_it_is_over_with_its_quiet_days_put_together() {
    let counters = counted(&[
        ("2026-10-01", 20),
        ("2026-10-02", 3),
        ("2026-10-05", 4),
        ("2026-10-06", 9),
        ("2026-11-02", 30),
    ]);
    let closed = close(&counters, Share::Month, Some(day("2026-11-03")), true, 1);
    assert_eq!(
        visits(&closed),
        expected(&[("2026-10", 7), ("2026-10-01", 20), ("2026-10-06", 9)])
    );
    assert_eq!(closed.table.total(Signal::PageOpened), 72);
    assert_eq!(
        visits(&close(&counters, Share::Month, Some(day("2026-10-31")), true, 1)),
        []
    );
}

#[test]
fn one_quiet_day_takes_the_next_quietest_with_it() {
    let counters = counted(&[("2026-10-01", 20), ("2026-10-02", 1), ("2026-10-06", 9)]);
    let closed = close(&counters, Share::Month, Some(day("2026-11-03")), true, 1);
    assert_eq!(visits(&closed), expected(&[("2026-10", 10), ("2026-10-01", 20)]));
}

#[test]
fn by_days_quiet_ones_wait_for_the_end_of_the_month() {
    let counters = counted(&[
        ("2026-10-01", 20),
        ("2026-10-02", 4),
        ("2026-10-03", 4),
        ("2026-10-05", 6),
    ]);
    let october = close(&counters, Share::Day, Some(day("2026-10-05")), true, 1);
    assert_eq!(visits(&october), expected(&[("2026-10-01", 20)]));
    let november = close(&counters, Share::Day, Some(day("2026-11-01")), true, 1);
    assert_eq!(
        visits(&november),
        expected(&[("2026-10", 8), ("2026-10-01", 20), ("2026-10-05", 6)])
    );
}

#[test]
fn quiet_months_wait_for_their_year_and_quiet_years_for_more() {
    let counters = counted(&[("2026-02-01", 2), ("2026-05-01", 2)]);
    assert_eq!(
        visits(&close(&counters, Share::Month, Some(day("2026-06-01")), true, 1)),
        []
    );
    assert_eq!(
        visits(&close(&counters, Share::Month, Some(day("2027-01-01")), true, 1)),
        []
    );
    let counters = counted(&[("2026-02-01", 2), ("2026-05-01", 3)]);
    let closed = close(&counters, Share::Month, Some(day("2026-06-01")), true, 1);
    assert_eq!(visits(&closed), expected(&[("2026", 5)]));
    let counters = counted(&[("2025-02-01", 2), ("2026-05-01", 3)]);
    let closed = close(&counters, Share::Month, Some(day("2027-06-01")), true, 1);
    assert_eq!(visits(&closed), expected(&[("undated", 5)]));
}

#[test]
fn undated_counts_of_earlier_runs_leave_also_without_a_date_and_those_of_this_run_do_not() {
    let mut counters = Counters::default();
    for boot in [3, 4] {
        let period = Period::Undated { boot, hour: 0 };
        let cell = cell(&Event::VisitStarted);
        counters.add(Key { period, cell }, 10);
    }
    let closed = close(&counters, Share::Month, None, true, 4);
    assert_eq!(visits(&closed), expected(&[("undated", 10)]));
    assert_eq!(closed.taken.len(), 1);
}

#[test]
fn counts_of_a_clock_that_was_a_year_ahead_leave_without_a_date_when_that_is_sure() {
    let counters = counted(&[("2027-11-03", 8), ("2026-11-04", 8)]);
    let (seen, soon, late) = (day("2026-11-03"), day("2026-12-01"), day("2026-12-04"));
    assert!(is_ahead(&counters, seen) && !is_ahead(&counters, day("2027-10-10")));
    assert!(is_steady(seen, late) && !is_steady(seen, soon) && !is_steady(seen, seen));
    let closed = close(&counters, Share::Month, Some(seen), false, 1);
    assert_eq!(visits(&closed), [], "it may be today that is wrong");
    let closed = close(&counters, Share::Month, Some(day("2026-11-03")), true, 1);
    assert_eq!(
        visits(&closed),
        expected(&[("undated", 8)]),
        "tomorrow is nobody's fault"
    );
}

proptest! {
    /// No cell that could name a visit: whatever was counted when, each span that leaves stands for five visits or more;
    /// what leaves and what stays is together what was counted.
    #[test]
    fn what_leaves_stands_for_five_visits_and_nothing_is_lost(
        counts in prop::collection::vec((0_u64..900, 0_u64..8, 0_usize..3), 0..200),
        undated in prop::collection::vec((1_u64..4, 0_u64..4), 0..4),
        today in prop::option::of(0_u64..1000),
        daily: bool,
        sure: bool,
    ) {
        let first = day("2026-01-01");
        let mut counters = Counters::default();
        for (ahead, n, page) in counts {
            let period = Period::Day(first + Days::new(ahead));
            counters.add(Key { period, cell: cell(&Event::VisitStarted) }, n);
            counters.add(Key { period, cell: cell(&Event::page_opened(["a", "b", "c"][page])) }, n + 1);
        }
        for (boot, n) in undated {
            let period = Period::Undated { boot, hour: 0 };
            counters.add(Key { period, cell: cell(&Event::VisitStarted) }, n);
            counters.add(Key { period, cell: cell(&Event::SearchFound) }, 1);
        }
        let share = if daily { Share::Day } else { Share::Month };
        let closed = close(&counters, share, today.map(|today| first + Days::new(today)), sure, 3);
        for span in closed.table.spans() {
            let alone = closed.table.part(|other| other == *span);
            prop_assert!(alone.total(Signal::VisitStarted) >= FEWEST_VISITS, "{} names a visit", span);
        }
        for signal in Signal::ALL {
            prop_assert_eq!(closed.table.total(signal), closed.taken.total(signal));
        }
        for (key, n) in closed.taken.iter() {
            let counted = counters.iter().find(|(other, _)| *other == key);
            prop_assert_eq!(counted, Some((key, n)));
        }
    }
}

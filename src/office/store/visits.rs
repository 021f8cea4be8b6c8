//! How many visits each kiosk had, for lists of all of them. Begin with [`Store::visits`].

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};

use super::Store;
use super::database::{DatabaseError, Row};
use super::sums::{ALL, damaged};
use crate::usage::signals::Signal;
use crate::usage::statistics::{Span, Table};

impl Store {
    /// The visits of each kiosk from one day to another: of every day, month rest and year rest that lies in between whole.
    ///
    /// Whole months and years are read from a column; only months that are cut by the period have their counts read.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn visits(&self, from: NaiveDate, to: NaiveDate) -> Result<BTreeMap<String, u64>, DatabaseError> {
        let mut visits = BTreeMap::new();
        for (first, last) in [whole_months(from, to), whole_years(from, to)].into_iter().flatten() {
            // Rests of years are rows too, and no month.
            let sql = "SELECT kiosk_id, CAST(SUM(visits) AS BIGINT) FROM figures
                WHERE month BETWEEN $1 AND $2 AND CAST(LENGTH(month) AS BIGINT) = $3 AND kiosk_id <> $4 GROUP BY kiosk_id";
            let length = i64::try_from(first.len()).unwrap_or(0);
            let values = [(&first).into(), (&last).into(), length.into(), ALL.into()];
            for row in self.database.query(sql, &values).await? {
                add(&mut visits, &row, row.count(1)?)?;
            }
        }
        for month in cut_months(from, to) {
            let sql = "SELECT kiosk_id, counts FROM figures WHERE month = $1 AND kiosk_id <> $2";
            let month = Span::Month(month).to_string();
            for row in self.database.query(sql, &[(&month).into(), ALL.into()]).await? {
                let counts = Table::from_json(row.bytes(1)?).map_err(|error| damaged(&error))?;
                let inside = |span: Span| span.days().is_some_and(|(first, last)| from <= first && last <= to);
                add(&mut visits, &row, counts.part(inside).total(Signal::VisitStarted))?;
            }
        }
        Ok(visits)
    }
}

fn add(visits: &mut BTreeMap<String, u64>, row: &Row, n: u64) -> Result<(), DatabaseError> {
    let sum = visits.entry(row.text(0)?.to_owned()).or_default();
    *sum = sum.saturating_add(n);
    Ok(())
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn is_first(day: NaiveDate) -> bool {
    day.day() == 1
}

fn is_last(day: NaiveDate) -> bool {
    day.succ_opt().is_none_or(is_first)
}

/// The first and the last month that lie whole between two days, as rows name them.
fn whole_months(from: NaiveDate, to: NaiveDate) -> Option<(String, String)> {
    let (first, last) = (first_of_month(from), first_of_month(to));
    let first = if is_first(from) { first } else { first + Months::new(1) };
    let last = if is_last(to) { last } else { last - Months::new(1) };
    (first <= last).then(|| (Span::Month(first).to_string(), Span::Month(last).to_string()))
}

/// The first and the last year that lie whole between two days.
fn whole_years(from: NaiveDate, to: NaiveDate) -> Option<(String, String)> {
    let first = from.year() + i32::from(from.ordinal() > 1);
    let last = to.year() - i32::from((to.month(), to.day()) != (12, 31));
    (first <= last).then(|| (Span::Year(first).to_string(), Span::Year(last).to_string()))
}

/// The months that two days cut.
fn cut_months(from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let mut months = Vec::new();
    if !is_first(from) {
        months.push(first_of_month(from));
    }
    if !is_last(to) {
        months.push(first_of_month(to));
    }
    months.dedup();
    months
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole months, whole years and cut months, in words.
    fn pieces(from: &str, to: &str) -> String {
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        let whole = [whole_months(from, to), whole_years(from, to)].into_iter().flatten();
        let mut pieces: Vec<String> = whole.map(|(first, last)| format!("{first} to {last}")).collect();
        let cut = cut_months(from, to).into_iter();
        pieces.extend(cut.map(|month| format!("part of {}", Span::Month(month))));
        pieces.join(", ")
    }

    #[test]
    fn a_period_is_whole_months_whole_years_and_at_most_two_cut_months() {
        assert_eq!(pieces("2026-01-01", "2026-12-31"), "2026-01 to 2026-12, 2026 to 2026");
        assert_eq!(pieces("2026-02-01", "2026-02-28"), "2026-02 to 2026-02");
        assert_eq!(pieces("2026-02-03", "2026-02-27"), "part of 2026-02");
        assert_eq!(pieces("2026-02-03", "2026-02-28"), "part of 2026-02");
        assert_eq!(
            pieces("2025-12-15", "2027-01-15"),
            "2026-01 to 2026-12, 2026 to 2026, part of 2025-12, part of 2027-01"
        );
    }
}

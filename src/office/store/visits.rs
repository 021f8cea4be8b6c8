//! How many visits each kiosk had, for lists of all of them, in fives as everything that is shown. Begin with [`Store::visits`].

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};

use super::Store;
use super::database::{DatabaseError, Row};
use super::sums::ALL;
use crate::office::rounding;
use crate::usage::statistics::{Span, month_of};

impl Store {
    /// The visits of each kiosk from one day to another, in fives ([`rounding::visits`]): of every day, month rest and year rest that lies in
    /// between whole.
    ///
    /// Read from columns of an index alone, for months that are cut by the period from that of their days.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn visits(&self, from: NaiveDate, to: NaiveDate) -> Result<BTreeMap<String, u64>, DatabaseError> {
        let mut visits = BTreeMap::new();
        for (first, last) in [whole_months(from, to), whole_years(from, to)].into_iter().flatten() {
            // Rests of years are rows too, and no month.
            let sql = "SELECT kiosk_id, CAST(SUM((visits + 2) / 5 * 5) AS BIGINT) FROM figures
                WHERE month BETWEEN $1 AND $2 AND CAST(LENGTH(month) AS BIGINT) = $3 AND kiosk_id <> $4 GROUP BY kiosk_id";
            let length = i64::try_from(first.len()).unwrap_or(0);
            let values = [(&first).into(), (&last).into(), length.into(), ALL.into()];
            for row in self.database.query(sql, &values).await? {
                add(&mut visits, &row, row.count(1)?)?;
            }
        }
        for month in cut_months(from, to) {
            let sql = "SELECT kiosk_id, visits_by_day FROM figures WHERE month = $1 AND kiosk_id <> $2";
            let name = Span::Month(month).to_string();
            let before = if from > month { from.day0() } else { 0 };
            let until = if to < month + Months::new(1) { to.day() } else { 31 };
            for row in self.database.query(sql, &[(&name).into(), ALL.into()]).await? {
                let days = row.text(1)?;
                let until = rounding::visits(first_days(days, until));
                add(&mut visits, &row, until - rounding::visits(first_days(days, before)))?;
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

/// The visits of the first so many days of a month, from what stands beside its counts.
fn first_days(by_day: &str, days: u32) -> u64 {
    let days = by_day.split(',').take(days as usize);
    // What can't be read is told by `office figures verify`.
    days.fold(0, |sum, n| sum.saturating_add(n.parse().unwrap_or(0)))
}

fn is_first(day: NaiveDate) -> bool {
    day.day() == 1
}

fn is_last(day: NaiveDate) -> bool {
    day.succ_opt().is_none_or(is_first)
}

/// The first and the last month that lie whole between two days, as rows name them.
fn whole_months(from: NaiveDate, to: NaiveDate) -> Option<(String, String)> {
    let (first, last) = (month_of(from), month_of(to));
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
        months.push(month_of(from));
    }
    if !is_last(to) {
        months.push(month_of(to));
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

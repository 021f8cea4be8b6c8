//! The sums of what was counted, a row for each kiosk and month and one for all kiosks: what a bundle adds to them, and how large they
//! may become. Begin with [`Sums::take`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use super::database::{DatabaseError, Transaction, Value};
use crate::usage::signals::Signal;
use crate::usage::statistics::{Span, StatisticsError, Table};

/// Under this id stand the sums of all kiosks.
pub(super) const ALL: &str = "*";

/// The most that the sums of one kiosk take for a month, in bytes as they are stored, and in cells that a batch adds: some ten times
/// what a busy kiosk counts. Beyond it the kiosk's program is at fault, or somebody who means no good has its key.
const MOST_SUMMED: u64 = 1024 * 1024;
const MOST_CELLS_ADDED: usize = 20_000;

/// The most months of a kiosk: twenty years. Counts may be of any year, because a kiosk's clock may say any.
const MOST_MONTHS: u64 = 240;

/// What is to be added to the sums, for each kiosk and month.
#[derive(Debug, Default)]
pub(super) struct Sums(BTreeMap<(String, String), Table>);

impl Sums {
    pub(super) fn take(&mut self, kiosk: &str, table: &Table) {
        for (name, part) in by_month(table) {
            for kiosk in [kiosk, ALL] {
                self.0.entry((kiosk.to_owned(), name.clone())).or_default().merge(&part);
            }
        }
    }

    /// Whether the sums of a kiosk, with what is to be added, have all that they may have for the months of this table.
    pub(super) async fn are_full(
        &self,
        change: &mut Transaction<'_>,
        kiosk: &str,
        table: &Table,
    ) -> Result<bool, DatabaseError> {
        let added = self.0.iter().filter(|((of, _), _)| of == kiosk);
        if added.map(|(_, table)| table.size()).sum::<usize>() > MOST_CELLS_ADDED {
            return Ok(true);
        }
        let months = months(table);
        let places: Vec<String> = (2..months.len() + 2).map(|place| format!("${place}")).collect();
        if places.is_empty() {
            return Ok(false);
        }
        // SQLite numbers parameters in the order in which they come, so the first must come first.
        let sql = format!(
            "SELECT COUNT(*), CAST(COALESCE(MAX(CASE WHEN kiosk_id = $1 AND month IN ({}) THEN LENGTH(counts) ELSE 0 END), 0) AS BIGINT)
             FROM figures WHERE kiosk_id = $1",
            places.join(", ")
        );
        let values: Vec<Value> = std::iter::once(kiosk.into())
            .chain(months.iter().map(Into::into))
            .collect();
        let rows = change.query(&sql, &values).await?;
        rows.first().map_or(Ok(false), |row| {
            Ok(row.count(0)? > MOST_MONTHS || row.count(1)? > MOST_SUMMED)
        })
    }

    /// Adds to what is stored. In the order of the keys, so that two programs can't wait for each other.
    pub(super) async fn add_to(self, change: &mut Transaction<'_>) -> Result<(), DatabaseError> {
        let empty = Table::default().to_json();
        let new = self
            .0
            .keys()
            .map(|(kiosk, month)| vec![kiosk.into(), month.into(), empty.as_slice().into()]);
        let insert = "INSERT INTO figures (kiosk_id, month, visits, counts) VALUES ($1, $2, 0, $3)
            ON CONFLICT (kiosk_id, month) DO NOTHING";
        change.execute_each(insert, &new.collect::<Vec<_>>()).await?;
        let mut changed = Vec::with_capacity(self.0.len());
        for ((kiosk, month), table) in &self.0 {
            let sql = "SELECT counts FROM figures WHERE kiosk_id = $1 AND month = $2";
            let rows = change.query_locked(sql, &[kiosk.into(), month.into()]).await?;
            let missing = || DatabaseError::Unexpected(format!("no sums of {kiosk} in {month}"));
            let stored = rows.first().ok_or_else(missing)?;
            let mut sum = Table::from_json(stored.bytes(0)?).map_err(|error| damaged(&error))?;
            sum.merge(table);
            let beside = Beside::of(&sum);
            let counts = sum.to_json().as_slice().into();
            changed.push(vec![
                beside.visits.into(),
                (&beside.by_day).into(),
                counts,
                kiosk.into(),
                month.into(),
            ]);
        }
        let update =
            "UPDATE figures SET visits = $1, visits_by_day = $2, counts = $3 WHERE kiosk_id = $4 AND month = $5";
        change.execute_each(update, &changed).await.map(drop)
    }
}

/// What stands beside the counts of a row, so that lists of kiosks need not read these.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beside {
    /// All visits.
    pub visits: u64,
    /// Those of each day from the 1st to the last that had any: `0,12,7`. Empty where no day is known.
    pub by_day: String,
}

impl Beside {
    /// What stands beside the counts of a month, a year or what has no date.
    pub fn of(table: &Table) -> Self {
        let mut days: Vec<u64> = Vec::new();
        for (span, cell, n) in table.iter() {
            if let (Span::Day(day), Signal::VisitStarted) = (span, cell.signal) {
                let place = day.day0() as usize;
                days.resize(days.len().max(place + 1), 0);
                days[place] = days[place].saturating_add(n);
            }
        }
        let days: Vec<String> = days.iter().map(u64::to_string).collect();
        Self {
            visits: table.total(Signal::VisitStarted),
            by_day: days.join(","),
        }
    }
}

/// Writes visits by day beside rows that have none yet. What can't be read is left as it is: `office figures verify` tells.
pub(super) async fn fill_in_days(change: &mut Transaction<'_>) -> Result<(), DatabaseError> {
    let (mut kiosk, mut month) = (String::new(), String::new());
    loop {
        let sql = "SELECT kiosk_id, month, counts FROM figures WHERE (kiosk_id, month) > ($1, $2)
            ORDER BY kiosk_id, month LIMIT 50";
        let rows = change.query(sql, &[(&kiosk).into(), (&month).into()]).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        let mut filled = Vec::with_capacity(rows.len());
        for row in &rows {
            if let Ok(table) = Table::from_json(row.bytes(2)?) {
                let by_day = Beside::of(&table).by_day;
                filled.push(vec![by_day.as_str().into(), row.text(0)?.into(), row.text(1)?.into()]);
            }
        }
        let update = "UPDATE figures SET visits_by_day = $1 WHERE kiosk_id = $2 AND month = $3";
        change.execute_each(update, &filled).await?;
        last.text(0)?.clone_into(&mut kiosk);
        last.text(1)?.clone_into(&mut month);
    }
}

/// A table, dealt out to the rows of sums that its counts belong to.
pub(super) fn by_month(table: &Table) -> impl Iterator<Item = (String, Table)> {
    let months = months(table).into_iter();
    months.map(|name| {
        let part = table.part(|span| month(span) == name);
        (name, part)
    })
}

/// The rows of sums that a table belongs to.
fn months(table: &Table) -> BTreeSet<String> {
    table.spans().iter().map(|span| month(*span)).collect()
}

/// The row of sums that a span belongs to.
fn month(span: Span) -> String {
    span.month()
        .map_or_else(|| span.to_string(), |first| Span::Month(first).to_string())
}

pub(super) fn damaged(error: &StatisticsError) -> DatabaseError {
    DatabaseError::Unexpected(error.to_string())
}

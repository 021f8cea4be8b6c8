//! The sums of what was counted, a row for each kiosk and month and one for all kiosks: what a bundle adds to them, and how large they
//! may become. Begin with [`Sums::take`].

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use zstd::zstd_safe::MAGICNUMBER;

use super::database::{DatabaseError, Transaction, Value};
use super::received::Received;
use super::remembered::Remembered;
use crate::usage::signals::Signal;
use crate::usage::statistics::{Span, StatisticsError, Table};

/// Under this id stand the sums of all kiosks.
pub(super) const ALL: &str = "*";

/// The most that the sums of one kiosk take for a month, in bytes as they are stored, and in cells that a batch adds: some ten times
/// what a busy kiosk counts. Beyond it the kiosk's program is at fault, or somebody who means no good has its key.
pub(super) const MOST_SUMMED: u64 = 1024 * 1024;
pub(super) const MOST_CELLS_ADDED: usize = 20_000;

/// The most months of a kiosk: twenty years. Counts may be of any year, because a kiosk's clock may say any.
pub(super) const MOST_MONTHS: u64 = 240;

/// The most that the counts of one bundle unpack to, in bytes: as many as it may have (`receive`).
const LARGEST_UNPACKED: usize = 4 * 1024 * 1024;

/// What is to be added to the sums, for each kiosk and month. What is alone there, or all of one month, is not copied.
#[derive(Debug, Default)]
pub(super) struct Sums<'a>(BTreeMap<(String, String), Added<'a>>);

/// What is to be added to a row.
#[derive(Debug)]
struct Added<'a> {
    table: Cow<'a, Table>,
    /// The same as a bundle has it, if it is all of one bundle.
    packed: Option<&'a [u8]>,
}

impl<'a> Sums<'a> {
    /// Takes what a bundle counts: its content.
    pub(super) fn take(&mut self, bundle: &'a Received, table: &'a Table) {
        for (name, part) in by_month(table) {
            self.add((ALL.to_owned(), name.clone()), part.clone(), None);
            let is_all = matches!(part, Cow::Borrowed(_));
            let packed = bundle.packed().filter(|_| is_all);
            self.add((bundle.kiosk.clone(), name), part, packed);
        }
    }

    fn add(&mut self, key: (String, String), table: Cow<'a, Table>, packed: Option<&'a [u8]>) {
        match self.0.entry(key) {
            Entry::Vacant(place) => drop(place.insert(Added { table, packed })),
            Entry::Occupied(sum) => {
                let sum = sum.into_mut();
                sum.table.to_mut().merge(&table);
                sum.packed = None;
            }
        }
    }

    /// Adds to what is stored: first to the sums of kiosks, which are locked, then to those of all, in the order of the months, so that two
    /// programs can't wait for each other. A kiosk's month comes once, mostly: it is written as it is.
    pub(super) async fn add_to(
        self,
        change: &mut Transaction<'_>,
        remembered: &Remembered,
    ) -> Result<(), DatabaseError> {
        let (all, kiosks): (Vec<_>, Vec<_>) = self.0.into_iter().partition(|((kiosk, _), _)| kiosk == ALL);
        let new = |(key, Added { table, packed }): &(_, _)| match packed {
            Some(packed) => row_of(key, table, (*packed).into()),
            None => row(key, table),
        };
        let new: Vec<Vec<Value>> = kiosks.iter().map(new).collect();
        let inserted = change.execute_each(INSERT, &new).await?;
        let mut changed = Vec::new();
        for ((key, Added { table, .. }), _) in kiosks.iter().zip(inserted).filter(|(_, inserted)| *inserted == 0) {
            let there = stored(change, key).await?;
            let there = there.ok_or_else(|| DatabaseError::Unexpected(format!("no sums of {key:?}")))?;
            let there = read(&there).map_err(|error| damaged(&error))?;
            changed.push(row(key, &sum(there, table)));
        }
        for (key, Added { table, .. }) in &all {
            let mut there = stored(change, key).await?;
            // Somebody else may have begun the month in between.
            if there.is_none() && change.execute(INSERT, &row(key, table)).await? == 0 {
                there = stored(change, key).await?;
            }
            if let Some(there) = there {
                let month = &key.1;
                let there = match remembered.take(month, &there) {
                    Some(table) => table,
                    None => read(&there).map_err(|error| damaged(&error))?,
                };
                let sum = sum(there, table);
                let counts = sum.to_json();
                changed.push(row_of(key, &sum, counts.as_slice().into()));
                remembered.keep(month, counts, sum);
            }
        }
        change.execute_each(WRITE, &changed).await.map(drop)
    }
}

const INSERT: &str = "INSERT INTO figures (kiosk_id, month, visits, visits_by_day, counts) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (kiosk_id, month) DO NOTHING";

/// Puts a row of sums in the place of what is there.
pub(super) const WRITE: &str =
    "INSERT INTO figures (kiosk_id, month, visits, visits_by_day, counts) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (kiosk_id, month) DO UPDATE
    SET visits = excluded.visits, visits_by_day = excluded.visits_by_day, counts = excluded.counts";

/// A row of sums as statements want it: kiosk, month, what stands beside the counts, the counts.
pub(super) fn row(key: &(String, String), table: &Table) -> Vec<Value> {
    row_of(key, table, table.to_json().into())
}

/// The same, where the counts are written already.
fn row_of((kiosk, month): &(String, String), table: &Table, counts: Value) -> Vec<Value> {
    let beside = Beside::of(table);
    vec![
        kiosk.into(),
        month.into(),
        beside.visits.into(),
        (&beside.by_day).into(),
        counts,
    ]
}

/// Reads the counts of a row: JSON, or as one bundle had them, the same packed. A month of a kiosk is one bundle, mostly, and packed it is a
/// quarter as large.
pub(super) fn read(counts: &[u8]) -> Result<Table, StatisticsError> {
    if !counts.starts_with(&MAGICNUMBER.to_le_bytes()) {
        return Table::from_json(counts);
    }
    let json = zstd::bulk::decompress(counts, LARGEST_UNPACKED);
    Table::from_json(&json.map_err(|error| StatisticsError::Nonsense(error.to_string()))?)
}

/// What is stored of a kiosk's month, which nobody else changes before this transaction is over; `None` if nothing is.
async fn stored(
    change: &mut Transaction<'_>,
    (kiosk, month): &(String, String),
) -> Result<Option<Vec<u8>>, DatabaseError> {
    let sql = "SELECT counts FROM figures WHERE kiosk_id = $1 AND month = $2";
    let rows = change.query_locked(sql, &[kiosk.into(), month.into()]).await?;
    rows.first().map(|row| row.bytes(0).map(ToOwned::to_owned)).transpose()
}

fn sum(mut stored: Table, added: &Table) -> Table {
    stored.merge(added);
    stored
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
        for (span, _, n) in table.visits() {
            if let Span::Day(day) = span {
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
            if let Ok(table) = read(row.bytes(2)?) {
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

/// A table, dealt out to the rows of sums that its counts belong to; mostly that is one.
pub(super) fn by_month(table: &Table) -> impl Iterator<Item = (String, Cow<'_, Table>)> {
    let rows = rows_of(table);
    let is_one = rows.len() == 1;
    rows.into_iter().map(move |row| {
        let part = if is_one {
            Cow::Borrowed(table)
        } else {
            Cow::Owned(table.part(|span| row_of_span(span) == row))
        };
        (row.to_string(), part)
    })
}

/// The names of the rows of sums that a table belongs to.
pub(super) fn months(table: &Table) -> BTreeSet<String> {
    rows_of(table).iter().map(Span::to_string).collect()
}

fn rows_of(table: &Table) -> BTreeSet<Span> {
    table.spans().iter().map(|span| row_of_span(*span)).collect()
}

/// The row of sums that a span belongs to: that of its month, of its year, or of what has no date.
fn row_of_span(span: Span) -> Span {
    span.month().map_or(span, Span::Month)
}

pub(super) fn damaged(error: &StatisticsError) -> DatabaseError {
    DatabaseError::Unexpected(error.to_string())
}

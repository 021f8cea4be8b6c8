//! The sums, reckoned again from the bundles that are stored: whether they are right, and right again if they were not.
//! Begin with [`Store::verify`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Local, NaiveDate};
use tokio::task::block_in_place;

use super::database::{DatabaseError, Row, Transaction};
use super::received::DAYS_AHEAD;
use super::sums::{ALL, Beside, WRITE, by_month, damaged, row};
use super::{Seconds, Store, sums};
use crate::usage::statistics::{Difference, Table};

/// Reads what a stored bundle counts; or why it can't be read, for a technician. The store doesn't know what bundles look like.
pub type Read = fn(&[u8]) -> Result<Table, String>;

/// How many bundles, or rows of sums, are in memory at a time.
const AT_ONCE: u64 = 50;

/// Something that is wrong. The kiosk is `*` where the sums of all are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A bundle can't be read; the sums of its kiosk can't be reckoned.
    Unreadable {
        /// Whose.
        kiosk: String,
        /// Its number.
        sequence: u64,
        /// Why, for a technician.
        why: String,
    },
    /// A row of sums can't be read.
    Damaged {
        /// Whose.
        kiosk: String,
        /// The month, or what has none.
        month: String,
    },
    /// A count in the sums (`mine`) is another than in the bundles (`other`).
    Count(String, Difference),
    /// The visits beside a row of sums, or those of its days, are others than in it.
    Visits {
        /// Whose.
        kiosk: String,
        /// The month, or what has none.
        month: String,
    },
}

/// What became of the sums.
#[derive(Debug, Default)]
pub struct Rebuilt {
    /// How many rows of sums were changed.
    pub rows: u64,
    /// What could not be put right: bundles, and sums of all in which their kiosks' are.
    pub faults: Vec<Fault>,
}

impl Store {
    /// Reckons every sum again from the bundles, as all of it is at one moment, and says what differs. Nobody waits for it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn verify(&self, read: Read) -> Result<Vec<Fault>, DatabaseError> {
        let mut now = self.database.begin_reading().await?;
        let (mut faults, mut all) = (Vec::new(), BTreeMap::new());
        for kiosk in kiosks(&mut now).await? {
            let reckoned = match reckon(&mut now, &kiosk, read).await? {
                Ok(reckoned) => reckoned,
                Err(unreadable) => {
                    faults.push(unreadable);
                    continue;
                }
            };
            compare(&mut now, &kiosk, &reckoned, &mut faults).await?;
            for (month, table) in &reckoned {
                add(&mut all, month, table);
            }
        }
        // Where a kiosk's part is not known, nothing can be said of the whole.
        if !faults.iter().any(|fault| matches!(fault, Fault::Unreadable { .. })) {
            compare(&mut now, ALL, &all, &mut faults).await?;
        }
        now.commit().await?;
        Ok(faults)
    }

    /// Makes every sum what the bundles say: those of each kiosk in a transaction of its own, then those of all for each month. Bundles may
    /// come in meanwhile. Where nothing is wrong nothing is changed; a kiosk of which a bundle can't be read keeps its sums.
    ///
    /// # Errors
    /// [`DatabaseError`]; what was put right until then stays so.
    pub async fn rebuild(&self, read: Read) -> Result<Rebuilt, DatabaseError> {
        let mut reading = self.database.begin_reading().await?;
        let kiosks = kiosks(&mut reading).await?;
        reading.commit().await?;
        let mut rebuilt = Rebuilt::default();
        for kiosk in kiosks {
            let mut change = self.database.begin().await?;
            // Whoever keeps a bundle of it waits here.
            lock(&mut change, &kiosk).await?;
            match reckon(&mut change, &kiosk, read).await? {
                Ok(reckoned) => rebuilt.rows += write(&mut change, &kiosk, &reckoned).await?,
                Err(unreadable) => rebuilt.faults.push(unreadable),
            }
            change.commit().await?;
        }
        let rows = self.database.query("SELECT DISTINCT month FROM figures", &[]).await?;
        for row in rows {
            let month = row.text(0)?;
            let mut change = self.database.begin().await?;
            match rebuild_all(&mut change, month).await? {
                Ok(rows) => rebuilt.rows += rows,
                Err(damaged) => rebuilt.faults.push(damaged),
            }
            change.commit().await?;
        }
        Ok(rebuilt)
    }
}

/// Has whoever changes something of this kiosk wait. Says whether somebody has accepted it.
pub(super) async fn lock(change: &mut Transaction<'_>, kiosk: &str) -> Result<bool, DatabaseError> {
    let sql = "SELECT kiosk_id FROM kiosks WHERE kiosk_id = $1";
    Ok(!change.query_locked(sql, &[kiosk.into()]).await?.is_empty())
}

/// What a bundle counts of which a person may have had the days ahead counted as undated: how that is written.
pub(super) fn written(undated_after: Option<NaiveDate>) -> String {
    undated_after.map_or_else(String::new, |day| day.to_string())
}

/// What a stored bundle, from `SELECT bundle, undated_after, received_at`, has added to the sums.
fn counted(row: &Row, from: usize, read: Read) -> Result<Result<Table, String>, DatabaseError> {
    let undated_after = match row.text(from + 1) {
        Ok(day) => day.parse().ok(),
        Err(_) => Some(day_of(row.int(from + 2)?) + Days::new(DAYS_AHEAD)),
    };
    let bundle = row.bytes(from)?;
    let table = block_in_place(|| read(bundle));
    Ok(table.map(|table| match undated_after {
        Some(last) => table.undated_after(last),
        None => table,
    }))
}

fn day_of(at: Seconds) -> NaiveDate {
    let moment = DateTime::from_timestamp(at, 0).unwrap_or_default();
    moment.with_timezone(&Local).date_naive()
}

/// Everybody of whom there are bundles or sums.
async fn kiosks(change: &mut Transaction<'_>) -> Result<Vec<String>, DatabaseError> {
    let sql = "SELECT kiosk_id FROM bundles UNION SELECT kiosk_id FROM figures";
    let rows = change.query(sql, &[]).await?;
    let ids: Result<BTreeSet<String>, _> = rows.iter().map(|row| row.text(0).map(ToOwned::to_owned)).collect();
    Ok(ids?.into_iter().filter(|id| id != ALL).collect())
}

/// What the bundles of a kiosk add up to, by month; or the first that can't be read.
pub(super) async fn reckon(
    change: &mut Transaction<'_>,
    kiosk: &str,
    read: Read,
) -> Result<Result<BTreeMap<String, Table>, Fault>, DatabaseError> {
    let (mut sums, mut after) = (BTreeMap::new(), -1);
    loop {
        let sql = "SELECT sequence, bundle, undated_after, received_at FROM bundles
            WHERE kiosk_id = $1 AND sequence > $2 AND voided = 0 ORDER BY sequence LIMIT $3";
        let values = [kiosk.into(), after.into(), AT_ONCE.into()];
        let rows = change.query(sql, &values).await?;
        let Some(last) = rows.last() else {
            return Ok(Ok(sums));
        };
        after = last.int(0)?;
        for row in &rows {
            match counted(row, 1, read)? {
                Ok(table) => by_month(&table).for_each(|(month, part)| add(&mut sums, &month, &part)),
                Err(why) => {
                    let (kiosk, sequence) = (kiosk.to_owned(), row.count(0)?);
                    return Ok(Err(Fault::Unreadable { kiosk, sequence, why }));
                }
            }
        }
    }
}

fn add(sums: &mut BTreeMap<String, Table>, month: &str, table: &Table) {
    match sums.get_mut(month) {
        Some(sum) => sum.merge(table),
        None => drop(sums.insert(month.to_owned(), table.clone())),
    }
}

/// A row of sums as it is stored: what stands beside it, and its counts, unless they can't be read.
type Sum = (Beside, Option<Table>);

/// A row of sums, from `SELECT visits, visits_by_day, counts`.
fn sum(row: &Row, from: usize) -> Result<Sum, DatabaseError> {
    let beside = Beside {
        visits: row.count(from)?,
        by_day: row.text(from + 1)?.to_owned(),
    };
    Ok((beside, sums::read(row.bytes(from + 2)?).ok()))
}

/// The sums of a kiosk, or of all, as they are stored.
async fn sums(change: &mut Transaction<'_>, kiosk: &str) -> Result<BTreeMap<String, Sum>, DatabaseError> {
    let sql = "SELECT month, visits, visits_by_day, counts FROM figures WHERE kiosk_id = $1";
    let rows = change.query(sql, &[kiosk.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?.to_owned(), sum(row, 1)?)))
        .collect()
}

/// Says where the stored sums of a kiosk, or of all, are others than these.
pub(super) async fn compare(
    change: &mut Transaction<'_>,
    kiosk: &str,
    reckoned: &BTreeMap<String, Table>,
    faults: &mut Vec<Fault>,
) -> Result<(), DatabaseError> {
    let stored = sums(change, kiosk).await?;
    let months: BTreeSet<&String> = stored.keys().chain(reckoned.keys()).collect();
    let nothing = Table::default();
    let none = Beside::of(&nothing);
    for month in months {
        let right = reckoned.get(month).unwrap_or(&nothing);
        let (beside, table) = match stored.get(month) {
            Some((beside, Some(table))) => (beside, table),
            Some((_, None)) => {
                let (kiosk, month) = (kiosk.to_owned(), month.clone());
                faults.push(Fault::Damaged { kiosk, month });
                continue;
            }
            None => (&none, &nothing),
        };
        let differences = table.differences(right).into_iter();
        faults.extend(differences.map(|one| Fault::Count(kiosk.to_owned(), one)));
        if *beside != Beside::of(table) {
            let (kiosk, month) = (kiosk.to_owned(), month.clone());
            faults.push(Fault::Visits { kiosk, month });
        }
    }
    Ok(())
}

/// Stores these sums of a kiosk where others are stored. Says how many rows changed.
async fn write(
    change: &mut Transaction<'_>,
    kiosk: &str,
    reckoned: &BTreeMap<String, Table>,
) -> Result<u64, DatabaseError> {
    let stored = sums(change, kiosk).await?;
    let mut rows = 0;
    for month in stored.keys().filter(|month| !reckoned.contains_key(*month)) {
        let sql = "DELETE FROM figures WHERE kiosk_id = $1 AND month = $2";
        rows += change.execute(sql, &[kiosk.into(), month.into()]).await?;
    }
    for (month, table) in reckoned {
        rows += write_one(change, kiosk, month, stored.get(month), table).await?;
    }
    Ok(rows)
}

/// Makes the sums of a kiosk these, and those of all differ by as much as before. The kiosk is locked; then the sums of all are, by month,
/// as by whoever keeps bundles, so that no two wait for each other.
pub(super) async fn settle(
    change: &mut Transaction<'_>,
    kiosk: &str,
    reckoned: &BTreeMap<String, Table>,
) -> Result<(), DatabaseError> {
    let stored = sums(change, kiosk).await?;
    let months: BTreeSet<&String> = stored.keys().chain(reckoned.keys()).collect();
    let (nothing, wrong) = (Table::default(), || DatabaseError::Sums(kiosk.to_owned()));
    for month in months {
        let old = match stored.get(month) {
            Some((_, table)) => table.as_ref().ok_or_else(wrong)?,
            None => &nothing,
        };
        let new = reckoned.get(month).unwrap_or(&nothing);
        if old.differences(new).is_empty() {
            continue;
        }
        let all = all_of_a_month(change, month).await?;
        let mut right = all.1.as_ref().and_then(|all| all.without(old)).ok_or_else(wrong)?;
        right.merge(new);
        write_one(change, ALL, month, Some(&all), &right).await?;
    }
    write(change, kiosk, reckoned).await.map(drop)
}

async fn write_one(
    change: &mut Transaction<'_>,
    kiosk: &str,
    month: &str,
    stored: Option<&Sum>,
    right: &Table,
) -> Result<u64, DatabaseError> {
    let beside = Beside::of(right);
    let is_right = |(stored, table): &Sum| {
        *stored == beside && table.as_ref().is_some_and(|table| table.differences(right).is_empty())
    };
    if stored.is_some_and(is_right) {
        return Ok(0);
    }
    change
        .execute(WRITE, &row(&(kiosk.to_owned(), month.to_owned()), right))
        .await
}

/// Adds up the sums of all kiosks for a month. Whoever adds to any of them adds to these too, and waits here.
async fn rebuild_all(change: &mut Transaction<'_>, month: &str) -> Result<Result<u64, Fault>, DatabaseError> {
    let stored = all_of_a_month(change, month).await?;
    // `*` stands before every kiosk's id.
    let (mut sum, mut after) = (Table::default(), ALL.to_owned());
    loop {
        let sql = "SELECT kiosk_id, counts FROM figures WHERE month = $1 AND kiosk_id > $2 ORDER BY kiosk_id LIMIT $3";
        let rows = change
            .query(sql, &[month.into(), (&after).into(), AT_ONCE.into()])
            .await?;
        let Some(last) = rows.last() else {
            break;
        };
        last.text(0)?.clone_into(&mut after);
        for row in &rows {
            match sums::read(row.bytes(1)?) {
                Ok(table) => sum.merge(&table),
                Err(error) => {
                    tracing::error!("sums of {} in {month}: {}", row.text(0)?, damaged(&error));
                    let (kiosk, month) = (row.text(0)?.to_owned(), month.to_owned());
                    return Ok(Err(Fault::Damaged { kiosk, month }));
                }
            }
        }
    }
    write_one(change, ALL, month, Some(&stored), &sum).await.map(Ok)
}

/// The sums of all kiosks for a month, which nobody else changes before this transaction is over.
async fn all_of_a_month(change: &mut Transaction<'_>, month: &str) -> Result<Sum, DatabaseError> {
    let empty = Table::default().to_json();
    let sql = "INSERT INTO figures (kiosk_id, month, visits, counts) VALUES ($1, $2, 0, $3)
        ON CONFLICT (kiosk_id, month) DO NOTHING";
    let values = [ALL.into(), month.into(), empty.as_slice().into()];
    change.execute(sql, &values).await?;
    let sql = "SELECT visits, visits_by_day, counts FROM figures WHERE kiosk_id = $1 AND month = $2";
    let rows = change.query_locked(sql, &[ALL.into(), month.into()]).await?;
    sum(rows.first().ok_or_else(|| DatabaseError::Sums(ALL.to_owned()))?, 0)
}

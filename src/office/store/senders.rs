//! What is known of the kiosks that some bundles come from, asked for once, and how they are after that. Begin with [`Senders::of`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::Seconds;
use super::database::{DatabaseError, Transaction, Value};
use super::received::Received;
use super::sums::{MOST_CELLS_ADDED, MOST_MONTHS, MOST_SUMMED, months};
use crate::usage::statistics::{Card, Statistics, Table};

/// The most months that are asked for by name. A statement has no room for all that bundles may name who mean no good; then all months that
/// there are of a kiosk are asked for, which are at most [`MOST_MONTHS`] and those of one bundle more.
const MOST_NAMED: usize = 100;

/// Whoever keeps bundles of the same kiosks, or retires one, waits until the transaction is over that asked for them.
pub(super) struct Senders<'a> {
    accepted: BTreeMap<String, Sender<'a>>,
    /// Of these something waits or was put aside.
    not_clear: BTreeSet<String>,
}

/// A kiosk that somebody has accepted.
pub(super) struct Sender<'a> {
    pub(super) retired: bool,
    pub(super) public_key: String,
    /// When something of it arrived last, and the highest number.
    contact: Option<Seconds>,
    newest: u64,
    /// How many months its sums have, and how many bytes those that these bundles add to.
    months: u64,
    summed: BTreeMap<String, u64>,
    /// How many cells are to be added, in all of these months.
    cells: usize,
    /// What came now: when last, and which has the highest number, if that is higher than before.
    came: Option<Seconds>,
    last: Option<(&'a Received, &'a Statistics)>,
}

impl<'a> Senders<'a> {
    /// Asks for the senders of bundles, and locks them.
    pub(super) async fn of(change: &mut Transaction<'_>, bundles: &[Received]) -> Result<Self, DatabaseError> {
        let kiosks: BTreeSet<&String> = bundles.iter().map(|bundle| &bundle.kiosk).collect();
        let kiosks = padded(kiosks.into_iter().map(Into::into).collect());
        let places = places(1, kiosks.len());
        // In their order, so that two programs can't wait for each other.
        let sql = format!(
            "SELECT kiosk_id, retired, public_key, last_contact, newest FROM kiosks WHERE kiosk_id IN ({places})
             ORDER BY kiosk_id"
        );
        let rows = change.query_locked(&sql, &kiosks).await?;
        let accepted = rows.iter().map(|row| {
            let sender = Sender {
                retired: row.int(1)? != 0,
                public_key: row.text(2)?.to_owned(),
                contact: row.optional_int(3)?,
                newest: row.count(4)?,
                months: 0,
                summed: BTreeMap::new(),
                cells: 0,
                came: None,
                last: None,
            };
            Ok((row.text(0)?.to_owned(), sender))
        });
        let mut accepted = accepted.collect::<Result<BTreeMap<_, _>, DatabaseError>>()?;
        let sql = format!(
            "SELECT kiosk_id FROM waiting WHERE kiosk_id IN ({places})
             UNION SELECT kiosk_id FROM aside WHERE kiosk_id IN ({places})"
        );
        let rows = change.query(&sql, &kiosks).await?;
        let not_clear = rows.iter().map(|row| row.text(0).map(ToOwned::to_owned));
        let not_clear = not_clear.collect::<Result<_, _>>()?;
        ask_for_sums(change, bundles, &kiosks, &mut accepted).await?;
        Ok(Self { accepted, not_clear })
    }

    /// A kiosk, if somebody has accepted it.
    pub(super) fn accepted(&self, kiosk: &str) -> Option<&Sender<'a>> {
        self.accepted.get(kiosk)
    }

    /// Whether nothing of a kiosk waits or was put aside.
    pub(super) fn are_clear(&self, kiosk: &str) -> bool {
        !self.not_clear.contains(kiosk)
    }

    /// Something of a kiosk may wait or be put aside now.
    pub(super) fn is_not_clear(&mut self, kiosk: &str) {
        self.not_clear.insert(kiosk.to_owned());
    }

    /// Whether the sums of a kiosk, with what is to be added, have all that they may have for the months of this table.
    pub(super) fn are_full(&self, kiosk: &str, table: &Table) -> bool {
        let is_full = |sender: &Sender<'_>| {
            let summed = |month: String| sender.summed.get(&month).copied().unwrap_or(0);
            sender.cells > MOST_CELLS_ADDED
                || sender.months > MOST_MONTHS
                || months(table).into_iter().any(|month| summed(month) > MOST_SUMMED)
        };
        self.accepted.get(kiosk).is_some_and(is_full)
    }

    /// A table of a kiosk is to be added to its sums.
    pub(super) fn expect(&mut self, kiosk: &str, table: &Table) {
        if let Some(sender) = self.accepted.get_mut(kiosk) {
            let months = months(table);
            sender.cells += table.size() * months.len();
            for month in months {
                sender.summed.entry(month).or_insert_with(|| {
                    sender.months += 1;
                    0
                });
            }
        }
    }

    /// Something new of a kiosk has arrived.
    pub(super) fn have_sent(&mut self, bundle: &'a Received, statistics: &'a Statistics) {
        if let Some(sender) = self.accepted.get_mut(&bundle.kiosk) {
            sender.came = sender.came.max(Some(bundle.at));
            if bundle.sequence > sender.last.map_or(sender.newest, |(last, _)| last.sequence) {
                sender.last = Some((bundle, statistics));
            }
        }
    }

    /// Writes down when something new arrived, and how machines are of which the newest bundle came.
    pub(super) async fn write(self, change: &mut Transaction<'_>) -> Result<(), DatabaseError> {
        let (mut contacts, mut machines) = (Vec::new(), Vec::new());
        for (kiosk, sender) in &self.accepted {
            if sender.came > sender.contact {
                contacts.push(vec![sender.came.into(), kiosk.into()]);
            }
            if let Some((bundle, statistics)) = sender.last {
                machines.push(machine(bundle, statistics));
            }
        }
        let sql = "UPDATE kiosks SET last_contact = $1 WHERE kiosk_id = $2";
        change.execute_each(sql, &contacts).await?;
        let sql = "UPDATE kiosks SET newest = $1, newest_made = $2, edition = $3, version = $4, uptime_hours = $5, free_mb = $6,
            losses = $7, card = $8, card_errors = $9, under_voltage = $10, temperature = $11, pack_id = $12, left_edition = $13,
            faults = $14 WHERE kiosk_id = $15";
        change.execute_each(sql, &machines).await.map(drop)
    }
}

/// How large the sums are that bundles add to.
async fn ask_for_sums(
    change: &mut Transaction<'_>,
    bundles: &[Received],
    kiosks: &[Value],
    accepted: &mut BTreeMap<String, Sender<'_>>,
) -> Result<(), DatabaseError> {
    let of_kiosks = places(1, kiosks.len());
    let sql = format!("SELECT kiosk_id, COUNT(*) FROM figures WHERE kiosk_id IN ({of_kiosks}) GROUP BY kiosk_id");
    for row in change.query(&sql, kiosks).await? {
        if let Some(sender) = accepted.get_mut(row.text(0)?) {
            sender.months = row.count(1)?;
        }
    }
    let read = bundles.iter().filter_map(|bundle| bundle.content.as_ref().ok());
    let named: BTreeSet<String> = read.flat_map(|statistics| months(&statistics.table)).collect();
    if named.is_empty() {
        return Ok(());
    }
    let mut sql =
        format!("SELECT kiosk_id, month, CAST(LENGTH(counts) AS BIGINT) FROM figures WHERE kiosk_id IN ({of_kiosks})");
    let mut values = kiosks.to_vec();
    if named.len() <= MOST_NAMED {
        let named = padded(named.iter().map(Into::into).collect());
        let _ = write!(sql, " AND month IN ({})", places(kiosks.len() + 1, named.len()));
        values.extend(named);
    }
    for row in change.query(&sql, &values).await? {
        if let Some(sender) = accepted.get_mut(row.text(0)?) {
            sender.summed.insert(row.text(1)?.to_owned(), row.count(2)?);
        }
    }
    Ok(())
}

/// The last value as often again as makes their number a power of two, so that there are few statements: each that PostgreSQL was ever asked
/// is kept, here and there.
fn padded(mut values: Vec<Value>) -> Vec<Value> {
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

/// So many places of a statement, from this number on.
fn places(first: usize, number: usize) -> String {
    let places: Vec<String> = (first..first + number).map(|place| format!("${place}")).collect();
    places.join(", ")
}

/// What the newest bundle of a kiosk says of its machine.
fn machine(bundle: &Received, statistics: &Statistics) -> Vec<Value> {
    let health = &statistics.health;
    vec![
        bundle.sequence.into(),
        (&bundle.made).into(),
        health.edition.into(),
        (&health.version).into(),
        health.uptime_hours.into(),
        health.free_mb.into(),
        health.losses.into(),
        health.card.map(Card::name).into(),
        health.card_errors.into(),
        health.under_voltage.into(),
        health.temperature.into(),
        (!health.pack.is_empty()).then_some(&health.pack).into(),
        health.left.into(),
        health.faults.into(),
        (&bundle.kiosk).into(),
    ]
}

//! Kiosks that somebody has accepted. Begin with [`Kiosk`].

use chrono::NaiveDate;

use super::bundles::RETIRED;
use super::database::{DatabaseError, Row};
use super::{Seconds, Store};
use crate::usage::statistics::Card;

/// How many of a kiosk's numbers are looked at for what is lacking: ten times what a kiosk keeps.
const MOST_LOOKED_AT: u64 = 4_000;

/// A kiosk that somebody has accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kiosk {
    /// Made from its key.
    pub id: String,
    /// In base64.
    pub public_key: String,
    /// What people call it.
    pub name: String,
    /// Whether its bundles are refused since somebody retired it.
    pub retired: bool,
    /// When a bundle of it arrived last that the office did not have.
    pub last_contact: Option<Seconds>,
    /// When it said itself that it was there, over the network; nobody knows it of kiosks with an old program.
    pub called_at: Option<Seconds>,
    /// The highest sequence stored.
    pub newest: u64,
    /// How many bundles are stored.
    pub stored: u64,
    /// How many numbers before the newest are lacking: neither stored, nor refused for good, nor in a gap that somebody has closed.
    pub missing: u64,
    /// When somebody accepted it first.
    pub accepted_at: Seconds,
    /// Since when it is retired, if it is; of one that an older program retired, when it was heard of last.
    pub retired_at: Option<Seconds>,
    /// The day on which its newest bundle was made, by its clock.
    pub newest_made: Option<NaiveDate>,
    /// The id of the pack that it showed when it closed its newest bundle; nobody knows it of kiosks with an old program.
    pub pack: Option<String>,
    /// The edition of that pack.
    pub edition: Option<i64>,
    /// Its program's version.
    pub version: Option<String>,
    /// Hours its program had run.
    pub uptime_hours: Option<i64>,
    /// Free space on its disk, in MB.
    pub free_mb: Option<i64>,
    /// Databases of counts that it set aside as damaged.
    pub losses: Option<i64>,
    /// How its card was; nobody knows it of kiosks with an old program.
    pub card: Option<Card>,
    /// Errors that the card's file system had met.
    pub card_errors: Option<i64>,
    /// Whether its voltage was ever too low since its program's start.
    pub under_voltage: Option<bool>,
    /// The hottest that it was since then, in °C.
    pub temperature: Option<i64>,
    /// The edition of a pack that ended its program again and again, so that it shows the one before.
    pub left: Option<i64>,
    /// Faults of its program's own threads since that started.
    pub faults: Option<i64>,
}

const COLUMNS: &str = "SELECT k.kiosk_id, k.public_key, k.name, k.retired, k.last_contact, k.newest,
    (SELECT COUNT(*) FROM bundles b WHERE b.kiosk_id = k.kiosk_id),
    k.newest_made, k.edition, k.version, k.uptime_hours, k.free_mb, k.losses,
    k.card, k.card_errors, k.under_voltage, k.temperature, k.pack_id, k.left_edition, k.faults,
    k.accepted_at, k.retired_at, (SELECT COUNT(*) FROM aside a WHERE a.kiosk_id = k.kiosk_id)
    + (SELECT COUNT(*) FROM closed_gaps c WHERE c.kiosk_id = k.kiosk_id), k.called_at FROM kiosks k";

impl Store {
    /// The id of the only kiosk that was ever accepted; `None` if there are several, or none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn only_kiosk(&self) -> Result<Option<String>, DatabaseError> {
        let rows = self.database.query("SELECT kiosk_id FROM kiosks LIMIT 2", &[]).await?;
        match rows.as_slice() {
            [only] => Ok(Some(only.text(0)?.to_owned())),
            _ => Ok(None),
        }
    }

    /// All kiosks, by name.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn kiosks(&self) -> Result<Vec<Kiosk>, DatabaseError> {
        let rows = self
            .database
            .query(&format!("{COLUMNS} ORDER BY k.name, k.kiosk_id"), &[])
            .await?;
        self.with_missing(&rows).await
    }

    /// One kiosk.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn kiosk(&self, id: &str) -> Result<Option<Kiosk>, DatabaseError> {
        let rows = self
            .database
            .query(&format!("{COLUMNS} WHERE k.kiosk_id = $1"), &[id.into()])
            .await?;
        Ok(self.with_missing(&rows).await?.pop())
    }

    /// Only of kiosks of which something was refused or closed the numbers themselves are looked at.
    async fn with_missing(&self, rows: &[Row]) -> Result<Vec<Kiosk>, DatabaseError> {
        let mut kiosks = Vec::with_capacity(rows.len());
        for row in rows {
            let mut kiosk = kiosk(row)?;
            if kiosk.missing > 0 && row.int(22)? > 0 {
                let gaps = self.gaps(&kiosk.id).await?.into_iter();
                kiosk.missing = gaps.fold(0, |sum, (first, last)| sum.saturating_add(last - first + 1));
            }
            kiosks.push(kiosk);
        }
        Ok(kiosks)
    }

    /// Whether somebody has retired a kiosk; `None` if nobody has ever accepted it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn is_retired(&self, id: &str) -> Result<Option<bool>, DatabaseError> {
        let sql = "SELECT retired FROM kiosks WHERE kiosk_id = $1";
        let rows = self.database.query(sql, &[id.into()]).await?;
        rows.first().map(|row| Ok(row.int(0)? != 0)).transpose()
    }

    /// When the newest bundle of any kiosk arrived, by the office's clock of that moment; `None` before the first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn newest_contact(&self) -> Result<Option<Seconds>, DatabaseError> {
        let rows = self.database.query("SELECT MAX(last_contact) FROM kiosks", &[]).await?;
        rows.first().map_or(Ok(None), |row| row.optional_int(0))
    }

    /// The numbers that are lacking between 1 and the newest bundle of a kiosk, as ranges: neither stored, nor refused for good, nor in a gap
    /// that somebody has closed.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn gaps(&self, kiosk: &str) -> Result<Vec<(u64, u64)>, DatabaseError> {
        let sql = "SELECT sequence FROM bundles WHERE kiosk_id = $1
            UNION SELECT sequence FROM aside WHERE kiosk_id = $2 AND why <> $3
                AND sequence < (SELECT newest FROM kiosks WHERE kiosk_id = $4) ORDER BY sequence";
        let values = [kiosk.into(), kiosk.into(), RETIRED.into(), kiosk.into()];
        let rows = self.database.query(sql, &values).await?;
        self.not_closed(kiosk, missing(1, &rows)?).await
    }

    /// What of these ranges nobody has closed.
    async fn not_closed(&self, kiosk: &str, mut ranges: Vec<(u64, u64)>) -> Result<Vec<(u64, u64)>, DatabaseError> {
        let sql = "SELECT first_number, last_number FROM closed_gaps WHERE kiosk_id = $1";
        for row in self.database.query(sql, &[kiosk.into()]).await? {
            let closed = (row.count(0)?, row.count(1)?);
            ranges = ranges.into_iter().flat_map(|range| outside(range, closed)).collect();
        }
        Ok(ranges)
    }

    /// The numbers up to `given` that the office has neither stored nor refused for good, and of which nobody has said that they won't come,
    /// as ranges; of the last 4,000.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn lacking(&self, kiosk: &str, given: u64) -> Result<Vec<(u64, u64)>, DatabaseError> {
        let before = given.saturating_sub(MOST_LOOKED_AT);
        let sql = "SELECT sequence FROM bundles WHERE kiosk_id = $1 AND sequence > $2 AND sequence <= $3
            UNION SELECT sequence FROM aside WHERE kiosk_id = $4 AND sequence > $5 AND sequence <= $6 AND why <> $7
            ORDER BY sequence";
        let of_both = || [kiosk.into(), before.into(), given.into()];
        let values = [&of_both()[..], &of_both()[..], &[RETIRED.into()]].concat();
        let rows = self.database.query(sql, &values).await?;
        let mut lacking = missing(before + 1, &rows)?;
        let last = rows.last().map_or(Ok(before), |row| row.count(0))?;
        if last < given {
            lacking.push((last + 1, given));
        }
        self.not_closed(kiosk, lacking).await
    }

    /// Refuses a kiosk's bundles from now on. Says whether there is such a kiosk.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn retire(&self, id: &str, now: Seconds) -> Result<bool, DatabaseError> {
        let sql = "UPDATE kiosks SET retired = 1, retired_at = COALESCE(retired_at, $1) WHERE kiosk_id = $2";
        Ok(self.database.execute(sql, &[now.into(), id.into()]).await? > 0)
    }
}

/// What of a range is outside of another.
fn outside((first, last): (u64, u64), (from, to): (u64, u64)) -> impl Iterator<Item = (u64, u64)> {
    let before = (first, last.min(from.saturating_sub(1)));
    let after = (first.max(to.saturating_add(1)), last);
    let is_apart = to < first || last < from;
    let pieces = if is_apart {
        [(first, last), (1, 0)]
    } else {
        [before, after]
    };
    pieces.into_iter().filter(|(first, last)| first <= last)
}

/// What is missing from `from` on between the numbers of these rows, which are ascending, as ranges.
fn missing(from: u64, rows: &[Row]) -> Result<Vec<(u64, u64)>, DatabaseError> {
    let (mut missing, mut next) = (Vec::new(), from);
    for row in rows {
        let sequence = row.count(0)?;
        if sequence > next {
            missing.push((next, sequence - 1));
        }
        next = sequence + 1;
    }
    Ok(missing)
}

fn kiosk(row: &Row) -> Result<Kiosk, DatabaseError> {
    Ok(Kiosk {
        id: row.text(0)?.to_owned(),
        public_key: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        retired: row.int(3)? != 0,
        last_contact: row.optional_int(4)?,
        called_at: row.optional_int(23)?,
        newest: row.count(5)?,
        stored: row.count(6)?,
        missing: row.count(5)?.saturating_sub(row.count(6)?),
        accepted_at: row.int(20)?,
        retired_at: row.optional_int(21)?,
        newest_made: row.text(7).ok().and_then(|day| day.parse().ok()),
        edition: row.optional_int(8)?,
        version: row.text(9).ok().map(ToOwned::to_owned),
        uptime_hours: row.optional_int(10)?,
        free_mb: row.optional_int(11)?,
        losses: row.optional_int(12)?,
        card: row.text(13).ok().and_then(Card::from_name),
        card_errors: row.optional_int(14)?,
        under_voltage: row.optional_int(15)?.map(|seen| seen != 0),
        temperature: row.optional_int(16)?,
        pack: row.text(17).ok().map(ToOwned::to_owned),
        left: row.optional_int(18)?,
        faults: row.optional_int(19)?,
    })
}

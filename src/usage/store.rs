//! `usage.db`: the counters on disk, one row for each cell of each period.
//!
//! A flush is one transaction that adds to totals; a power cut loses what was not flushed and nothing else. A damaged file
//! is set aside, and its loss counted. A file of a newer program is not ours to judge: it is left as it is, for the day when
//! the newer program runs again.
//!
//! The tables hold no order in which things happened. A journal of flushes would take about half the writing of a table of
//! totals, and was refused: its rows would be, in all but name, a row for each visit. For the same reason the write-ahead
//! log, in which older totals can be found, is kept short and emptied when the hall is quiet ([`Store::tidy`]).
//!
//! Read [`Store`] first.

mod aside;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use chrono::NaiveDate;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};

use super::batch::Closed;
use super::counters::{Counters, Dating, Key, Period};
use super::demand::Demand;
use super::signals::{Cell, Label, Signal};
use crate::files::Files;

/// The name of the database in its folder.
pub const FILE: &str = "usage.db";

/// The signal under which set-aside databases are reported.
pub const LOSS: &str = "loss";

/// The row of `meta` with the day on which something was counted that is far ahead of it.
const BEHIND: &str = "behind";

/// "kios": marks a file as ours.
const APPLICATION: i32 = 0x6b69_6f73;

/// Grows when a program can no longer read the tables of an older one.
const FORMAT: i32 = 1;

/// The page size in [`TABLES`].
const PAGE: u64 = 512;

/// The order of the key keeps a visit's cells close together: its counters have no subject, and those of one page are
/// neighbours. With the smallest page `SQLite` has, a flush then writes about three of them, in bytes a third of what the
/// usual page size would take. Numbers stand for signals for the same reason; the view spells them out for whoever looks
/// inside.
const TABLES: &str = "
    PRAGMA page_size = 512;
    PRAGMA synchronous = FULL;
    CREATE TABLE signals (number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE counts (
        period  INTEGER NOT NULL, -- 20251103: a day. -120003: run 12 of the program, hour 3
        subject TEXT NOT NULL,
        signal  INTEGER NOT NULL REFERENCES signals,
        value   TEXT NOT NULL,
        n       INTEGER NOT NULL CHECK (n > 0),
        PRIMARY KEY (period, subject, signal, value)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO meta VALUES ('boot', 0);
    CREATE VIEW readable AS
        SELECT period, code AS signal, subject, value, n FROM counts JOIN signals ON number = signal;
";

const ADD: &str = "
    INSERT INTO counts (period, subject, signal, value, n) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT DO UPDATE SET n = n + min(excluded.n, 9223372036854775807 - n)";

const ADD_DEMAND: &str = "
    INSERT INTO demand (page, visits) VALUES (?1, ?2)
    ON CONFLICT DO UPDATE SET visits = visits + min(excluded.visits, 9223372036854775807 - visits)";

/// What was closed and is not yet a file of its own; and when something was closed last. Files of older programs get them too.
const BATCHES: &str = "
    CREATE TABLE IF NOT EXISTS sealed (sequence INTEGER PRIMARY KEY, payload BLOB NOT NULL) STRICT;
    INSERT OR IGNORE INTO meta (name, value) VALUES ('sequence', 0), ('closed', 0);";

/// How many visits opened each page since a month was closed, and the list that was made of it then: in the order of `place`, without
/// numbers. Files of older programs get them too.
const ASKED: &str = "
    CREATE TABLE IF NOT EXISTS demand (page TEXT PRIMARY KEY, visits INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS often (place INTEGER PRIMARY KEY, page TEXT NOT NULL) STRICT;";

const TAKE: &str =
    "UPDATE counts SET n = n - ?5 WHERE period = ?1 AND subject = ?2 AND signal = ?3 AND value = ?4 AND n > ?5";

const TAKE_ALL: &str =
    "DELETE FROM counts WHERE period = ?1 AND subject = ?2 AND signal = ?3 AND value = ?4 AND n = ?5";

/// Hours of earlier runs serve nobody: those runs will never learn their date. Folded, they say no more than "that run".
const FOLD_EARLIER_RUNS: &str = "
    INSERT INTO counts (period, subject, signal, value, n)
        SELECT period / 10000 * 10000, subject, signal, value, n FROM counts
        WHERE period < 0 AND period % 10000 <> 0
    ON CONFLICT DO UPDATE SET n = n + min(excluded.n, 9223372036854775807 - n);
    DELETE FROM counts WHERE period < 0 AND period % 10000 <> 0;";

/// Why the database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder is missing or can't be written. Count in memory and try again later.
    #[error("the folder of the counts can't be used: {0}")]
    Folder(#[from] io::Error),
    /// The disk is full, read-only, busy or failing. Nothing was written; keep the counts and try again later.
    #[error("the counts can't be read or written: {0}")]
    Refused(#[source] rusqlite::Error),
    /// The file is not a sound database of ours. It can only be set aside.
    #[error("the counts are damaged: {0}")]
    Damaged(String),
    /// The file is of a newer program, and of this format. It was left as it is; count in memory until that program is back.
    #[error("the counts are of a newer program (format {0}, this one knows {FORMAT}) and are left as they are")]
    Newer(i32),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            // `Unknown` is SQLite's word for a statement it can't make sense of, and no code at all means a row of an
            // unexpected form. Our statements don't change, so the tables have.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown) | None => {
                Self::Damaged(error.to_string())
            }
            Some(_) => Self::Refused(error),
        }
    }
}

/// The counters on disk, open for one writer.
#[derive(Debug)]
pub struct Store {
    db: Connection,
    signals: BTreeMap<Signal, i64>,
    boot: u64,
    losses: u64,
    closed: i64,
}

impl Store {
    /// Opens the database of a folder, making it if there is none, and begins a new run.
    ///
    /// A damaged one is first set aside as `usage.db.damaged-N`.
    ///
    /// # Errors
    /// The folder is missing or can't be written, or the database is of a newer program.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        match Self::begin(dir) {
            Err(StoreError::Damaged(why)) => {
                let aside = aside::set_aside(dir)?;
                tracing::error!(why, aside = %aside.display(), "usage.db is damaged; a new one is started");
                Self::begin(dir)
            }
            opened => opened,
        }
    }

    fn begin(dir: &Path) -> Result<Self, StoreError> {
        let file = dir.join(FILE);
        if !file.try_exists()? {
            create(dir)?;
        }
        let mut db = Connection::open_with_flags(
            &file,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        // Somebody reading the counts must not hold up the kiosk for long; the flush is tried again anyway.
        db.busy_timeout(Duration::from_millis(250))?;
        check(&db, &file)?;
        db.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA wal_autocheckpoint = 512;
             PRAGMA journal_size_limit = 0;",
        )?;
        let run = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Also the proof that the disk takes writes.
        run.execute_batch("UPDATE meta SET value = value + 1 WHERE name = 'boot'")?;
        run.execute_batch(FOLD_EARLIER_RUNS)?;
        run.execute_batch(BATCHES)?;
        run.execute_batch(ASKED)?;
        let signals = number_signals(&run)?;
        let (boot, losses) = (number_of(&run, "boot")?, number_of(&run, LOSS)?);
        let closed = stored(number_of(&run, "closed")?);
        run.commit()?;
        Ok(Self {
            db,
            signals,
            boot,
            losses,
            closed,
        })
    }

    /// The number of this run of the program: 1 for the first with this database.
    #[must_use]
    pub const fn boot(&self) -> u64 {
        self.boot
    }

    /// How many databases were set aside before this one.
    #[must_use]
    pub const fn losses(&self) -> u64 {
        self.losses
    }

    /// Adds counters and what was asked for to those on disk and, if `dating` is given, moves this run's undated ones to their days: all or
    /// nothing, in one transaction.
    ///
    /// # Errors
    /// Nothing was written.
    pub(super) fn add(
        &mut self,
        counters: &Counters,
        demand: &Demand,
        dating: Option<Dating>,
    ) -> Result<(), StoreError> {
        let flush = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(dating) = dating {
            let range = [u32::MAX, 0].map(|hour| {
                Period::Undated {
                    boot: dating.boot(),
                    hour,
                }
                .number()
            });
            let mut undated = select(&flush, "WHERE period BETWEEN ?1 AND ?2", range)?;
            flush.execute("DELETE FROM counts WHERE period BETWEEN ?1 AND ?2", range)?;
            undated.rearrange(|key| dating.date(key));
            insert(&flush, &self.signals, &undated)?;
        }
        insert(&flush, &self.signals, counters)?;
        for (page, visits) in demand.iter() {
            flush
                .prepare_cached(ADD_DEMAND)?
                .execute(params![page.as_str(), stored(visits)])?;
        }
        flush.commit()?;
        Ok(())
    }

    /// The number of the period in which something was closed last; 0 if nothing was.
    pub(super) const fn closed(&self) -> i64 {
        self.closed
    }

    /// Takes what leaves the kiosk out of the counts and keeps it as one numbered payload instead: all or nothing, in one
    /// transaction. The number is one more than the last, and more than `least`. If it `ranks`, what was asked for becomes a list, too,
    /// as soon as there is something to put on it; until then it goes on.
    ///
    /// # Errors
    /// Nothing was written.
    pub(super) fn seal(
        &mut self,
        closed: &Closed,
        payload: &[u8],
        period: i64,
        least: u64,
        ranks: bool,
    ) -> Result<u64, StoreError> {
        let seal = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (key, n) in closed.taken.iter() {
            let Cell { signal, subject, value } = &key.cell;
            let place = params![
                key.period.number(),
                subject.as_str(),
                self.signals.get(signal),
                value.as_str(),
                stored(n)
            ];
            if seal.prepare_cached(TAKE_ALL)?.execute(place)? + seal.prepare_cached(TAKE)?.execute(place)? != 1 {
                return Err(StoreError::Damaged("counts that were there are gone".to_owned()));
            }
        }
        let sequence = number_of(&seal, "sequence")?.max(least) + 1;
        seal.execute("UPDATE meta SET value = ?1 WHERE name = 'sequence'", [stored(sequence)])?;
        seal.execute("UPDATE meta SET value = ?1 WHERE name = 'closed'", [period])?;
        seal.execute(
            "INSERT INTO sealed (sequence, payload) VALUES (?1, ?2)",
            params![stored(sequence), payload],
        )?;
        if ranks {
            rank(&seal)?;
        }
        seal.commit()?;
        self.closed = period;
        Ok(sequence)
    }

    /// The pages that are asked for most, the first before all.
    ///
    /// # Errors
    /// The disk can't be read.
    pub(super) fn often(&self) -> Result<Vec<Label>, StoreError> {
        let mut rows = self.db.prepare("SELECT page FROM often ORDER BY place")?;
        let rows = rows.query_map([], |row| Ok(Label::stored(&row.get::<_, String>(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The day on which it was first seen that something was counted on a day far ahead; it is this one if none was noted, or if the date
    /// has gone back since.
    ///
    /// # Errors
    /// The disk can't be read or written.
    pub(super) fn first_seen_behind(&self, today: NaiveDate) -> Result<NaiveDate, StoreError> {
        let number: Option<i64> = self
            .db
            .query_row("SELECT value FROM meta WHERE name = ?1", [BEHIND], |row| row.get(0))
            .optional()?;
        if let Some(Period::Day(seen)) = number.and_then(Period::from_number)
            && seen <= today
        {
            return Ok(seen);
        }
        let number = Period::Day(today).number();
        self.db
            .execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", params![BEHIND, number])?;
        Ok(today)
    }

    /// Nothing was counted on a day far ahead.
    ///
    /// # Errors
    /// The disk can't be written.
    pub(super) fn is_not_behind(&self) -> Result<(), StoreError> {
        self.db.execute("DELETE FROM meta WHERE name = ?1", [BEHIND])?;
        Ok(())
    }

    /// What was sealed and not handed on yet, by number.
    ///
    /// # Errors
    /// The disk can't be read.
    pub(super) fn sealed(&self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT sequence, payload FROM sealed ORDER BY sequence")?;
        let rows = rows.query_map([], |row| {
            Ok((u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Gives a sealed payload a new number: one more than the last, and more than `least`.
    ///
    /// # Errors
    /// Nothing was written.
    pub(super) fn renumber(&mut self, sequence: u64, least: u64) -> Result<u64, StoreError> {
        let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let new = number_of(&change, "sequence")?.max(least) + 1;
        change.execute("UPDATE meta SET value = ?1 WHERE name = 'sequence'", [stored(new)])?;
        change.execute(
            "UPDATE sealed SET sequence = ?1 WHERE sequence = ?2",
            [stored(new), stored(sequence)],
        )?;
        change.commit()?;
        Ok(new)
    }

    /// Forgets a payload that is safe elsewhere.
    ///
    /// # Errors
    /// The disk can't be written.
    pub(super) fn hand_on(&self, sequence: u64) -> Result<(), StoreError> {
        self.db
            .execute("DELETE FROM sealed WHERE sequence = ?1", [stored(sequence)])?;
        Ok(())
    }

    /// Empties the write-ahead log, so that the disk holds totals and no trace of how they grew. Says whether it could;
    /// if not, because somebody reads the counts just now or the disk fails, nothing is lost.
    pub fn tidy(&self) -> bool {
        let busy = self
            .db
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        busy.is_ok_and(|busy| busy == 0)
    }

    /// Everything on disk.
    ///
    /// # Errors
    /// The disk can't be read.
    pub fn read(&self) -> Result<Counters, StoreError> {
        select(&self.db, "", [])
    }

    /// The connection, for tests that make the disk fail.
    #[cfg(test)]
    pub(super) const fn connection(&self) -> &Connection {
        &self.db
    }
}

/// What a folder's database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Every counter on disk.
    pub counters: Counters,
    /// How many damaged databases were set aside before this one.
    pub losses: u64,
}

/// Reads the counts of a folder without writing, also while the kiosk runs.
///
/// # Errors
/// There is no database, it can't be read, or it is damaged or of a newer program. It is left as it is.
pub fn read(dir: &Path) -> Result<Reading, StoreError> {
    let file = dir.join(FILE);
    // SQLite's own message for a missing file doesn't say that it is missing.
    std::fs::metadata(&file)?;
    let db = Connection::open_with_flags(
        &file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    db.busy_timeout(Duration::from_secs(2))?;
    check(&db, &file)?;
    Ok(Reading {
        counters: select(&db, "", [])?,
        losses: number_of(&db, LOSS)?,
    })
}

/// Makes a new database beside its place and moves it there, so that there never is half a one.
fn create(dir: &Path) -> Result<(), StoreError> {
    let unfinished = dir.join("usage.db.new");
    let files = Files::default();
    files.remove(&unfinished)?;
    files.remove(&aside::companion(&unfinished, "-journal"))?;
    let losses = aside::losses(dir)?;
    let db = Connection::open(&unfinished)?;
    db.execute_batch(TABLES)?;
    db.execute("INSERT INTO meta VALUES (?1, ?2)", params![LOSS, stored(losses)])?;
    db.pragma_update(None, "user_version", FORMAT)?;
    db.pragma_update(None, "application_id", APPLICATION)?;
    db.close().map_err(|(_, error)| error)?;
    aside::put_in_place(dir, &unfinished)?;
    Ok(())
}

/// Whether the file is sound and ours. Reads all of it: 1 MB for a year of busy days.
fn check(db: &Connection, file: &Path) -> Result<(), StoreError> {
    // SQLite fills up a last page that was cut with zeroes. Only a crash that left a log behind may cut one. (The first look into
    // a file makes an empty log.)
    let cut = std::fs::metadata(file)?.len() % PAGE != 0;
    if cut && !aside::companion(file, "-wal").try_exists()? {
        return Err(StoreError::Damaged("cut short".to_owned()));
    }
    check_format(db)?;
    let verdict: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StoreError::Damaged(verdict));
    }
    Ok(())
}

/// Whether this program knows the tables. Looks so that nothing in the file or in its log changes.
fn check_format(db: &Connection) -> Result<(), StoreError> {
    // A connection that closes would move the log into the file. The format may stand in the log alone.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.execute_batch("PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;")?;
    let number = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    match (number("application_id")?, number("user_version")?) {
        (APPLICATION, FORMAT) => {}
        (APPLICATION, newer) if newer > FORMAT => return Err(StoreError::Newer(newer)),
        _ => return Err(StoreError::Damaged("not a file of counts".to_owned())),
    }
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Gives each signal its number in this file. A file of an older program gets those that are new.
fn number_signals(run: &Transaction<'_>) -> Result<BTreeMap<Signal, i64>, StoreError> {
    let mut numbers = BTreeMap::new();
    for signal in Signal::ALL {
        run.execute(
            "INSERT INTO signals (code) VALUES (?1) ON CONFLICT DO NOTHING",
            [signal.code()],
        )?;
        let number = run.query_row("SELECT number FROM signals WHERE code = ?1", [signal.code()], |row| {
            row.get(0)
        })?;
        numbers.insert(signal, number);
    }
    Ok(numbers)
}

fn insert(flush: &Transaction<'_>, signals: &BTreeMap<Signal, i64>, counters: &Counters) -> Result<(), StoreError> {
    let mut add = flush.prepare_cached(ADD)?;
    for (key, n) in counters.iter() {
        let Cell { signal, subject, value } = &key.cell;
        add.execute(params![
            key.period.number(),
            subject.as_str(),
            signals.get(signal),
            value.as_str(),
            stored(n)
        ])?;
    }
    Ok(())
}

/// Makes a list of what was asked for, and forgets the numbers.
fn rank(seal: &Transaction<'_>) -> Result<(), StoreError> {
    let mut demand = Demand::default();
    let mut rows = seal.prepare("SELECT page, visits FROM demand")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let visits = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
        demand.add(Label::stored(&row.get::<_, String>(0)?), visits);
    }
    let ranked = demand.ranked();
    if ranked.is_empty() {
        return Ok(());
    }
    seal.execute_batch("DELETE FROM demand; DELETE FROM often;")?;
    for (place, page) in (1_i64..).zip(&ranked) {
        seal.execute(
            "INSERT INTO often (place, page) VALUES (?1, ?2)",
            params![place, page.as_str()],
        )?;
    }
    Ok(())
}

/// Reads counters. Those of signals that this program doesn't know stay on disk and are passed over.
fn select(db: &Connection, which: &str, range: impl rusqlite::Params) -> Result<Counters, StoreError> {
    let mut rows = db.prepare(&format!(
        "SELECT period, code, subject, value, n FROM counts JOIN signals ON number = signal {which}"
    ))?;
    let mut rows = rows.query(range)?;
    let mut counters = Counters::default();
    while let Some(row) = rows.next()? {
        let text = |column| {
            row.get_ref(column)
                .map(|text| text.as_bytes().unwrap_or_default().to_owned())
        };
        let label = |column| text(column).map(|text| Label::stored(&String::from_utf8_lossy(&text)));
        let signal = Signal::from_code(&String::from_utf8_lossy(&text(1)?));
        let (Some(signal), Some(period)) = (signal, Period::from_number(row.get(0)?)) else {
            continue;
        };
        let cell = Cell {
            signal,
            subject: label(2)?,
            value: label(3)?,
        };
        counters.add(Key { period, cell }, u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0));
    }
    Ok(counters)
}

fn number_of(db: &Connection, name: &str) -> Result<u64, StoreError> {
    let number: i64 = db.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// `SQLite` counts to 2^63 - 1.
fn stored(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

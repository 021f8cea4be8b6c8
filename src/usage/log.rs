//! The log: counts in memory at once, on disk every half minute and when a visit ends.
//!
//! It never fails towards the screen. If the disk can't be written it keeps counting in memory, says so once in the
//! program's log and in [`Log::health`], and tries again. Read [`Log`] first.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::batch::{self, Share};
use super::counters::{Counters, Dating, Key, Period};
use super::demand::Demand;
use super::signals::{Event, Label};
use super::stamp::Stamp;
use super::statistics::{Health as Machine, Statistics};
use super::store::{Store, StoreError};

/// The longest that a count waits for the disk: what a power cut may lose, set against the wear of the card.
pub const LONGEST_UNWRITTEN: Duration = Duration::from_secs(30);

/// How long the hall must be quiet before the store is tidied; long enough that a busy day isn't written twice.
pub const QUIET: Duration = Duration::from_mins(10);

/// How long a run waits for its date before what earlier runs counted without one leaves without one.
pub const PATIENCE: Duration = Duration::from_mins(10);

/// The counters of the kiosk.
#[derive(Debug)]
pub struct Log {
    dir: Option<PathBuf>,
    store: Option<Store>,
    /// Counted, not yet on disk.
    pending: Counters,
    /// What was asked for, not yet on disk.
    demand: Demand,
    /// The list of what is asked for most, as long as nobody has taken it.
    often: Option<Vec<Label>>,
    /// This run's number; 0 until a database gives one.
    boot: u64,
    /// Since when something waits to be written, or since the last attempt that failed.
    waiting: Option<Duration>,
    /// Whether this run has undated counts on disk.
    undated_on_disk: bool,
    /// When the disk was last written and not tidied since.
    untidy: Option<Duration>,
    /// Whether something may be sealed and not handed on.
    sealed_waits: bool,
    /// Whether this run has closed without knowing the date.
    closed_without_a_date: bool,
    trouble: Option<StoreError>,
}

/// How the counting is doing, for the staff page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Why counts are kept in memory only, where a power cut loses them; `None` while the disk takes them.
    pub trouble: Option<String>,
    /// How many cells wait to be written.
    pub waiting: usize,
    /// How many damaged databases were set aside in this folder.
    pub losses: u64,
    /// Whether the trouble is that the database is a newer program's, which was left alone: nothing of it is lost.
    pub newer: bool,
}

impl Log {
    /// Begins a run with the database of a folder; without a folder, or with one that can't be used, in memory.
    #[must_use]
    pub fn open(dir: Option<&Path>, now: Stamp) -> Self {
        let mut log = Self {
            dir: None,
            store: None,
            pending: Counters::default(),
            demand: Demand::default(),
            often: None,
            boot: 0,
            waiting: None,
            undated_on_disk: false,
            untidy: None,
            sealed_waits: true,
            closed_without_a_date: false,
            trouble: None,
        };
        match dir {
            Some(dir) => log.keep_in(dir, now),
            None => log.conclude(Err(missing().into()), now),
        }
        log
    }

    /// Keeps counts in the database of this folder from now on, those in memory too.
    pub fn keep_in(&mut self, dir: &Path, now: Stamp) {
        self.dir = Some(dir.to_owned());
        // That there was none is no trouble to be told of.
        self.trouble = None;
        self.flush(now);
    }

    /// Counts an event, in memory. Call [`Log::flush`] when a visit has ended.
    pub fn count(&mut self, event: &Event, now: Stamp) {
        self.pending.count(Key {
            period: Period::of(event.signal(), now, self.boot),
            cell: event.cell(now),
        });
        self.waiting.get_or_insert(now.monotonic);
    }

    /// Counts that one more visit opened a page, in memory: for the kiosk's own list ([`Log::take_often`]).
    pub fn count_asked(&mut self, page: Label, now: Stamp) {
        self.demand.count(page);
        self.waiting.get_or_insert(now.monotonic);
    }

    /// The pages that are asked for most, once after each time that the list was read or made.
    pub fn take_often(&mut self) -> Option<Vec<Label>> {
        self.often.take()
    }

    /// Writes what has waited [`LONGEST_UNWRITTEN`], and tidies up after [`QUIET`]. Call it every second or so.
    pub fn tick(&mut self, now: Stamp) {
        if self.undated_on_disk && Dating::new(self.boot, now).is_some() {
            self.waiting.get_or_insert(now.monotonic);
        }
        if self
            .waiting
            .is_some_and(|since| now.monotonic.saturating_sub(since) >= LONGEST_UNWRITTEN)
        {
            self.flush(now);
        }
        let quiet = self
            .untidy
            .is_some_and(|since| now.monotonic.saturating_sub(since) >= QUIET);
        if let (true, Some(store)) = (quiet, &self.store) {
            self.untidy = if store.tidy() { None } else { Some(now.monotonic) };
        }
    }

    /// Writes everything that waits. What can't be written goes on waiting.
    pub fn flush(&mut self, now: Stamp) {
        let written = self.write(now);
        self.conclude(written, now);
    }

    /// How the counting is doing.
    #[must_use]
    pub fn health(&self) -> Health {
        Health {
            trouble: self.trouble.as_ref().map(ToString::to_string),
            waiting: self.pending.len(),
            losses: self.store.as_ref().map_or(0, Store::losses),
            newer: matches!(self.trouble, Some(StoreError::Newer(_))),
        }
    }

    /// Everything counted: on disk and in memory.
    ///
    /// # Errors
    /// The disk can't be read.
    pub fn counters(&self) -> Result<Counters, StoreError> {
        let mut counters = self
            .store
            .as_ref()
            .map_or_else(|| Ok(Counters::default()), Store::read)?;
        counters.merge(&self.pending);
        Ok(counters)
    }

    /// Whether something is to be closed: the period is another than when something was closed last or, while the date is
    /// unknown, once each run, when the clock has had its time.
    #[must_use]
    pub fn is_due(&self, share: Share, now: Stamp) -> bool {
        let Some(store) = &self.store else {
            return false;
        };
        match now.wall {
            // Another period, not a later one: a clock that went back must not stop the kiosk from sending.
            Some(wall) => share.period(wall.date()) != store.closed(),
            None => !self.closed_without_a_date && now.monotonic >= PATIENCE,
        }
    }

    /// Closes what is over and seals it as a numbered payload; see [`Log::sealed`]. Gives the number.
    ///
    /// With a date it also seals when there is nothing to count, so that the office hears of the kiosk each period; without
    /// one it seals only what earlier runs counted, and `None` says that there was nothing. `least` is the highest number
    /// known to have been given before, because a lost database forgets it.
    ///
    /// # Errors
    /// The disk can't be read or written; nothing was sealed.
    pub fn seal(&mut self, share: Share, now: Stamp, machine: Machine, least: u64) -> Result<Option<u64>, StoreError> {
        self.flush(now);
        let (run, Some(store)) = (self.boot, &mut self.store) else {
            return Err(missing().into());
        };
        let today = now.wall.map(|wall| wall.date());
        let counters = store.read()?;
        let sure = match today {
            Some(today) if batch::is_ahead(&counters, today) => {
                let seen = store.first_seen_behind(today)?;
                batch::is_steady(seen, today)
            }
            Some(_) => {
                store.is_not_behind()?;
                true
            }
            None => true,
        };
        let mut closed = batch::close(&counters, share, today, sure, run);
        if closed.taken.is_empty() && today.is_none() {
            self.closed_without_a_date = true;
            return Ok(None);
        }
        let period = today.map_or(store.closed(), |today| share.period(today));
        let statistics = Statistics {
            health: Machine {
                losses: store.losses(),
                uptime_hours: now.monotonic.as_secs() / 3600,
                ..machine
            },
            table: std::mem::take(&mut closed.table),
        };
        // Who never learns the date closes what earlier runs counted, and that is all the months it has.
        let ranks = today.is_none_or(|today| Share::is_another_month(store.closed(), today));
        let sealed = store.seal(&closed, &statistics.to_json(), period, least, ranks)?;
        if ranks {
            self.often = Some(store.often()?);
        }
        // Only now: a failure must be tried again in this run.
        self.closed_without_a_date |= today.is_none();
        self.untidy = Some(now.monotonic);
        self.sealed_waits = true;
        Ok(Some(sealed))
    }

    /// Payloads that were sealed and are nowhere else yet.
    ///
    /// # Errors
    /// The disk can't be read.
    pub fn sealed(&mut self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let Some(store) = self.store.as_ref().filter(|_| self.sealed_waits) else {
            return Ok(Vec::new());
        };
        let sealed = store.sealed()?;
        self.sealed_waits = !sealed.is_empty();
        Ok(sealed)
    }

    /// Forgets a sealed payload that is on the disk elsewhere.
    ///
    /// # Errors
    /// The disk can't be written.
    pub fn hand_on(&mut self, sequence: u64) -> Result<(), StoreError> {
        self.store.as_ref().map_or(Ok(()), |store| store.hand_on(sequence))
    }

    /// Gives a sealed payload another number, because its own was given to something else: one more than `least`, or than the last.
    /// Gives the number.
    ///
    /// # Errors
    /// The disk can't be written; nothing was changed.
    pub fn renumber(&mut self, sequence: u64, least: u64) -> Result<u64, StoreError> {
        match &mut self.store {
            Some(store) => store.renumber(sequence, least),
            None => Err(missing().into()),
        }
    }

    fn write(&mut self, now: Stamp) -> Result<(), StoreError> {
        self.ensure_store()?;
        let dating = Dating::new(self.boot, now);
        let dates_disk = self.undated_on_disk && dating.is_some();
        if self.pending.is_empty() && self.demand.is_empty() && !dates_disk {
            return Ok(());
        }
        if let Some(dating) = dating {
            self.pending.rearrange(|key| dating.date(key));
        }
        let undated_on_disk =
            dating.is_none() && (self.undated_on_disk || self.pending.iter().any(|(key, _)| is_undated(key)));
        let Some(store) = &mut self.store else {
            return Ok(());
        };
        store.add(&self.pending, &self.demand, dating.filter(|_| dates_disk))?;
        // Only now: until the transaction is on disk, memory is the only place these counts are.
        self.pending = Counters::default();
        self.demand = Demand::default();
        self.undated_on_disk = undated_on_disk;
        self.untidy = Some(now.monotonic);
        Ok(())
    }

    /// Opens the database if it isn't open, and gives what was counted before under this run's number.
    fn ensure_store(&mut self) -> Result<(), StoreError> {
        if self.store.is_some() {
            return Ok(());
        }
        let store = Store::open(self.dir.as_deref().ok_or_else(missing)?)?;
        let (before, boot) = (self.boot, store.boot());
        self.pending.rearrange(|mut key| {
            if let Period::Undated { boot: run, .. } = &mut key.period
                && *run == before
            {
                *run = boot;
            }
            key
        });
        self.boot = boot;
        self.undated_on_disk = false;
        self.often = Some(store.often()?);
        self.store = Some(store);
        Ok(())
    }

    /// Notes how an attempt went; into the program's log only what changed, so that a dead disk doesn't fill it.
    fn conclude(&mut self, attempt: Result<(), StoreError>, now: Stamp) {
        match attempt {
            Ok(()) => {
                if self.trouble.take().is_some() {
                    tracing::info!("counts are on disk again");
                }
                self.waiting = None;
            }
            Err(error) => {
                if let StoreError::Damaged(_) = error {
                    // The next attempt opens it anew, and so sets it aside.
                    self.store = None;
                }
                // Without a folder it was meant so, as in a tour.
                if self.trouble.is_none() && self.dir.is_some() {
                    tracing::warn!(%error, "counts are kept in memory only");
                }
                self.trouble = Some(error);
                self.waiting = Some(now.monotonic);
            }
        }
    }
}

fn missing() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "none was given")
}

fn is_undated(key: &Key) -> bool {
    matches!(key.period, Period::Undated { .. })
}

#[cfg(test)]
mod tests;

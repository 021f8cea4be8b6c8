//! The simulation's own books of one kiosk: what must come to the office, known without asking the kiosk.
//!
//! The rules are said here once more, in other words than the kiosk's code: what was not written when the power went is
//! lost; what was counted without a date gets one if its run learns it. Begin with [`Books`].

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use commune_kiosk::usage::signals::{Cell, Event, Label, Signal};
use commune_kiosk::usage::stamp::Stamp;

/// A number for each cell, over all time.
pub type Cells = BTreeMap<Cell, u64>;

/// Adds to a cell.
pub fn add(cells: &mut Cells, cell: Cell, n: u64) {
    *cells.entry(cell).or_default() += n;
}

/// When something was counted, as the kiosk knew it.
#[derive(Debug, Clone, Copy)]
enum When {
    Day(NaiveDate),
    /// The n-th hour of this run.
    Hour(u32),
}

/// What a kiosk has counted.
#[derive(Debug, Default)]
pub struct Books {
    /// What can't be lost any more, in its last place.
    kept: Cells,
    /// The visits in it that have a date.
    days: BTreeMap<NaiveDate, u64>,
    /// What this run has written without a date, by the hour of the run.
    undated: BTreeMap<(u32, Cell), u64>,
    /// In the kiosk's memory.
    in_memory: Vec<(When, Cell)>,
    /// Lost with the power.
    lost: u64,
}

impl Books {
    /// The kiosk counts something.
    pub fn count(&mut self, event: &Event, now: Stamp) {
        let when = now
            .wall
            .map_or_else(|| When::Hour(now.hour_of_run()), |wall| When::Day(wall.date()));
        self.in_memory.push((when, event.cell(now)));
    }

    /// The kiosk writes everything. If it knows the date by now, that is also the date of what it counted before.
    pub fn write(&mut self, now: Stamp) {
        for (when, cell) in std::mem::take(&mut self.in_memory) {
            match when {
                When::Day(day) => self.keep(day, cell, 1),
                When::Hour(hour) => *self.undated.entry((hour, cell)).or_default() += 1,
            }
        }
        let began = now
            .wall
            .and_then(|wall| Some((wall, wall - TimeDelta::from_std(now.monotonic).ok()?)));
        if let Some((wall, began)) = began {
            for ((hour, mut cell), n) in std::mem::take(&mut self.undated) {
                let moment = middle(began, hour, wall);
                if cell.signal == Signal::VisitStarted {
                    cell.value = Label::hour(moment.hour());
                }
                self.keep(moment.date(), cell, n);
            }
        }
    }

    /// The power goes.
    pub fn lose_memory(&mut self) {
        self.lost += self.in_memory.len() as u64;
        self.in_memory.clear();
        self.end_run();
    }

    /// The run is over: what has no date now never gets one.
    pub fn end_run(&mut self) {
        for ((_, cell), n) in std::mem::take(&mut self.undated) {
            add(&mut self.kept, cell, n);
        }
    }

    /// What is written, wherever it is by now.
    pub fn written(&self) -> Cells {
        let mut written = self.kept.clone();
        for ((_, cell), n) in &self.undated {
            add(&mut written, cell.clone(), *n);
        }
        written
    }

    /// The visits of each day, as far as they are written and have a date.
    pub const fn days(&self) -> &BTreeMap<NaiveDate, u64> {
        &self.days
    }

    /// How many counts were lost with the power.
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    fn keep(&mut self, day: NaiveDate, cell: Cell, n: u64) {
        if cell.signal == Signal::VisitStarted {
            *self.days.entry(day).or_default() += n;
        }
        add(&mut self.kept, cell, n);
    }
}

/// The middle of the n-th hour of a run, as far as it is over: of what was counted in that hour no more is known.
fn middle(began: NaiveDateTime, hour: u32, now: NaiveDateTime) -> NaiveDateTime {
    let from = (began + TimeDelta::hours(hour.into())).min(now);
    let until = (from + TimeDelta::hours(1)).min(now);
    from + (until - from) / 2
}

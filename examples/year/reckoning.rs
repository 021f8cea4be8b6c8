//! The reckoning: what the simulation counted, beside what is found in the office and on its way there.
//!
//! It looks at every cell of every kiosk, at the visits of every day, and at what reports are made of. Begin with [`Reckoning::of`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use commune_kiosk::bundle::{Kind, Reader};
use commune_kiosk::office::figures::Figures;
use commune_kiosk::office::rounding::{Rounded, STEP, Secret};
use commune_kiosk::usage::signals::{Cell, Signal};
use commune_kiosk::usage::statistics::{Span, Statistics, Table};

use crate::books::{Cells, add};
use crate::commune::Commune;
use crate::machine::Machine;
use crate::office::Office;
use crate::province::Province;

/// The most differences that are told.
const MOST_TOLD: usize = 20;

/// What came of it. All numbers are counts of all signals, but those of visits.
#[derive(Debug, Default)]
pub struct Reckoning {
    /// In the simulation's own books, without what was lost with the power.
    pub counted: u64,
    /// Lost with the power.
    pub lost: u64,
    /// In the office.
    pub office: u64,
    /// In bundles that the office does not have yet.
    pub on_the_way: u64,
    /// In the kiosks' databases: too few to leave, or of a run that does not know its date.
    pub on_kiosks: u64,
    /// Visits that the office has, and those in the figures of reports.
    pub visits: (u64, u64),
    /// What differs, in words, at most so many.
    pub differences: Vec<String>,
}

impl Reckoning {
    /// Reckons up. `first` and `last` are the days that a report of everything is about.
    pub fn of(province: &Province, first: NaiveDate, last: NaiveDate) -> Result<Self> {
        let mut reckoning = Self::default();
        let mut all = Cells::new();
        for commune in &province.communes {
            let stored = reckoning.reckon(commune, &province.office)?;
            for (cell, n) in stored {
                add(&mut all, cell, n);
            }
        }
        let reported = province.office.counts(None)?;
        reckoning.compare("all kiosks", &all, &cells_of(&reported));
        reckoning.visits = (
            reported.total(Signal::VisitStarted),
            in_reports(&reported, &province.office.rounding()?, first, last),
        );
        let (stored, shown) = reckoning.visits;
        if stored.abs_diff(shown) > most_rounded(&reported) {
            reckoning.differs(format!("visits: {stored} in the office, {shown} in its figures"));
        }
        Ok(reckoning)
    }

    /// Whether everything that was counted is there, once.
    pub fn agrees(&self) -> bool {
        self.counted == self.found() && self.differences.is_empty()
    }

    /// What was found, wherever it was.
    pub fn found(&self) -> u64 {
        self.office + self.on_the_way + self.on_kiosks
    }

    /// Reckons one kiosk; gives what the office has of it.
    fn reckon(&mut self, commune: &Commune, office: &Office) -> Result<Cells> {
        let machine = &commune.machine;
        let table = office.counts(Some(machine.id()))?;
        self.compare_days(&commune.plan.name, machine.books.days(), &table);
        let stored = cells_of(&table);
        let mut found = stored.clone();
        self.office += sum(&found);
        for (cell, n) in on_the_way(machine, office)? {
            self.on_the_way += n;
            add(&mut found, cell, n);
        }
        for (key, n) in machine.counters()?.iter() {
            self.on_kiosks += n;
            add(&mut found, key.cell.clone(), n);
        }
        let refused = machine.refused()?;
        ensure!(
            refused == 0,
            "the office refused {refused} bundles of {}",
            commune.plan.name
        );
        let counted = machine.books.written();
        self.counted += sum(&counted);
        self.lost += machine.books.lost();
        self.compare(&commune.plan.name, &counted, &found);
        Ok(stored)
    }

    fn compare(&mut self, whose: &str, counted: &Cells, found: &Cells) {
        let cells: BTreeSet<&Cell> = counted.keys().chain(found.keys()).collect();
        for cell in cells {
            let [counted, found] = [counted, found].map(|cells| cells.get(cell).copied().unwrap_or(0));
            if counted != found {
                let Cell { signal, subject, value } = cell;
                let (signal, subject, value) = (signal.code(), subject.as_str(), value.as_str());
                self.differs(format!(
                    "{whose}: {signal} {subject} {value}: {counted} counted, {found} found"
                ));
            }
        }
    }

    /// A day that has come to the office by itself has come whole. Those with few visits are in the rest of their month.
    fn compare_days(&mut self, whose: &str, counted: &BTreeMap<NaiveDate, u64>, table: &Table) {
        let mut found: BTreeMap<NaiveDate, u64> = BTreeMap::new();
        for (span, cell, n) in table.iter() {
            if let (Span::Day(day), Signal::VisitStarted) = (span, cell.signal) {
                *found.entry(day).or_default() += n;
            }
        }
        for (day, found) in found {
            let counted = counted.get(&day).copied().unwrap_or(0);
            if counted != found {
                self.differs(format!("{whose}: visits of {day}: {counted} counted, {found} found"));
            }
        }
    }

    fn differs(&mut self, how: String) {
        if self.differences.len() < MOST_TOLD {
            self.differences.push(how);
        }
    }
}

/// What is in bundles that the office does not have; where only its receipt has not come back, it has them.
fn on_the_way(machine: &Machine, office: &Office) -> Result<Cells> {
    let stored = office.stored(machine.id())?;
    let mut cells = Cells::new();
    for waiting in machine.waiting()? {
        let bundle = fs::read(&waiting.file)?;
        let (reader, _) = Reader::introduced(bundle.as_slice(), Kind::Statistics)?;
        let mut payload = Vec::new();
        let manifest = reader.unpack(&mut payload, |_| {})?;
        if stored.get(&waiting.sequence) == Some(&manifest.unpacked.blake3) {
            continue;
        }
        let statistics = Statistics::from_json(&payload).with_context(|| waiting.file.display().to_string())?;
        for (cell, n) in statistics.table.cells() {
            add(&mut cells, cell.clone(), n);
        }
    }
    Ok(cells)
}

/// Visits as reports show them: those of the period, those at its edge, and those without a date.
fn in_reports(table: &Table, secret: &Secret, first: NaiveDate, last: NaiveDate) -> u64 {
    let visits = Figures::of(&Rounded::of(table, "*", secret), first, last).visits;
    visits.total + visits.partly + visits.undated
}

/// How far what is shown may be from what is stored: each month, each year's rest and what has no date is shown to the nearest five.
fn most_rounded(table: &Table) -> u64 {
    let stretches: BTreeSet<String> = table
        .spans()
        .iter()
        .map(|span| span.month().map_or_else(|| span.to_string(), |month| month.to_string()))
        .collect();
    stretches.len() as u64 * (STEP / 2)
}

fn cells_of(table: &Table) -> Cells {
    table.cells().map(|(cell, n)| (cell.clone(), n)).collect()
}

fn sum(cells: &Cells) -> u64 {
    cells.values().sum()
}

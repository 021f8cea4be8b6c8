//! Bytes of a month's bundle of statistics. Budget: 24 KB for a busy month of 3,000 visits; compared with the same counters
//! as CSV, packed by `gzip -9`.
//!
//! The month is counted and closed as the kiosk does it, and the CSV has what is in the bundle: one line for each counter
//! that is not zero. Gzip packs it better when the lines of one cell stand together than when those of one day do; the
//! smaller one is the reference. Run with `cargo bench --bench bundle_size`; needs the program `gzip`.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{Months, NaiveDate};
use commune_kiosk::bundle::{Kind, Manifest, Reader, Trust};
use commune_kiosk::files::Files;
use commune_kiosk::kiosk::sync::identity::Identity;
use commune_kiosk::kiosk::sync::outbox::Outbox;
use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::log::Log;
use commune_kiosk::usage::signals::Cell;
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::{Health, Span, Statistics, Table};

#[path = "common/visits.rs"]
mod visits;

use visits::{Hall, Visit};

/// A busy month, and others to see how bundles grow.
const BUSY: usize = 3_000;
const VISITS: [usize; 4] = [300, 1_000, BUSY, 10_000];

const BUDGET: usize = 24 * 1024;

/// Each size is made for several halls; the largest bundle counts.
const HALLS: u64 = 5;

fn main() -> io::Result<()> {
    println!("bytes of a month's bundle, the largest of {HALLS} halls; CSV by day and by cell");
    println!(
        "{:>8} {:>9} {:>8} {:>8} {:>9} {:>9} {:>14} {:>14}",
        "visits", "counters", "bundle", "packed", "payload", "CSV", "by day, gzip", "by cell, gzip"
    );
    for visits in VISITS {
        let months = (0..HALLS).map(|seed| Measured::of(seed, visits));
        let months = months.collect::<io::Result<Vec<Measured>>>()?;
        let largest = months.into_iter().max_by_key(|month| month.bundle).expect("a hall");
        println!("{visits:>8} {largest}");
        if visits == BUSY {
            let verdict = if largest.bundle <= BUDGET { "within" } else { "OVER" };
            println!(
                "         {verdict} the budget of {BUDGET}; {} % of the smaller CSV",
                100 * largest.bundle / largest.reference()
            );
        }
    }
    Ok(())
}

/// Sizes of a month, in bytes.
struct Measured {
    counters: usize,
    bundle: usize,
    packed: u64,
    payload: u64,
    csv: usize,
    by_day: usize,
    by_cell: usize,
}

impl Measured {
    fn of(seed: u64, visits: usize) -> io::Result<Self> {
        let october = NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day");
        let folder = tempfile::tempdir()?;
        let bundle = close(folder.path(), october, &Hall::new(seed).month(october, visits))?;
        let (manifest, statistics) = open(folder.path(), &bundle)?;
        let [by_day, by_cell] = csv(&statistics.table);
        Ok(Self {
            counters: by_cell.lines().count() - 1,
            bundle: bundle.len(),
            packed: manifest.packed.bytes,
            payload: manifest.unpacked.bytes,
            csv: by_cell.len(),
            by_day: gzip(folder.path(), &by_day)?,
            by_cell: gzip(folder.path(), &by_cell)?,
        })
    }

    fn reference(&self) -> usize {
        self.by_day.min(self.by_cell)
    }
}

impl std::fmt::Display for Measured {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "{:>9} {:>8} {:>8} {:>9} {:>9} {:>14} {:>14}",
            self.counters, self.bundle, self.packed, self.payload, self.csv, self.by_day, self.by_cell
        )
    }
}

/// Counts a month in a data folder, closes it when it is over, and gives the bundle.
fn close(data: &Path, first: NaiveDate, month: &[Visit]) -> io::Result<Vec<u8>> {
    let identity = Identity::open(data, &Files::default()).expect("a key");
    let outbox = Outbox::open(data, identity, Files::default()).expect("an outbox");
    let began = first.and_hms_opt(0, 0, 0).expect("midnight");
    let stamp = |wall: chrono::NaiveDateTime| Stamp::dated((wall - began).to_std().unwrap_or(Duration::ZERO), wall);
    let over = stamp(began + Months::new(1));
    let mut log = Log::open(Some(data), stamp(began));
    for (ended, events) in month {
        for event in events {
            log.count(event, stamp(*ended));
        }
        log.tick(stamp(*ended));
    }
    let machine = || Health {
        edition: 12,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        free_mb: Some(21_504),
        ..Health::default()
    };
    outbox
        .collect(&mut log, Share::Month, over, machine)
        .expect("the month is closed");
    let waiting = outbox.waiting().expect("an outbox");
    assert_eq!(waiting.len(), 1, "one month, one bundle");
    fs::read(&waiting[0].file)
}

/// What the office reads in it.
fn open(data: &Path, bundle: &[u8]) -> io::Result<(Manifest, Statistics)> {
    let identity = Identity::open(data, &Files::default()).expect("a key");
    let reader = Reader::open(bundle, Kind::Statistics, &Trust::of(identity.public)).expect("a bundle");
    let mut payload = Vec::new();
    let manifest = reader.unpack(&mut payload, |_| {}).expect("a payload");
    let statistics = Statistics::from_json(&payload).map_err(io::Error::other)?;
    Ok((manifest, statistics))
}

/// One line for each counter: sorted by day, and sorted by cell.
fn csv(table: &Table) -> [String; 2] {
    let mut rows: Vec<_> = table.iter().collect();
    let write = |rows: &[(Span, &Cell, u64)]| {
        let mut text = "span,signal,subject,value,n\n".to_owned();
        for (span, cell, n) in rows {
            let (signal, subject, value) = (cell.signal.code(), cell.subject.as_str(), cell.value.as_str());
            writeln!(text, "{span},{signal},{subject},{value},{n}").expect("a text takes everything");
        }
        text
    };
    rows.sort_unstable();
    let by_day = write(&rows);
    rows.sort_unstable_by_key(|(span, cell, _)| (*cell, *span));
    [by_day, write(&rows)]
}

/// The size of a text packed by `gzip -9`.
fn gzip(folder: &Path, text: &str) -> io::Result<usize> {
    let file = folder.join("counters.csv");
    File::create(&file)?.write_all(text.as_bytes())?;
    let packed = Command::new("gzip")
        .args(["-9", "--no-name", "--stdout"])
        .stdin(File::open(&file)?)
        .stderr(Stdio::inherit())
        .output()?;
    assert!(packed.status.success(), "gzip failed");
    Ok(packed.stdout.len())
}

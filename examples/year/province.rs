//! All communes and their office, day by day. Begin with [`Province::live`].

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use chrono::{Local, Months, NaiveDate};
use commune_kiosk::bundle::Key;
use commune_kiosk::content::source;
use fastrand::Rng;
use tempfile::TempDir;

use crate::commune::Commune;
use crate::hall::Hall;
use crate::office::{self, Office};
use crate::plan::Plan;
use crate::{activities, calendar};

/// What residents read.
const CONTENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/content");

/// A file system in memory, where there is one: kiosks write often, and wait for each write.
const IN_MEMORY: &str = "/dev/shm";

/// What a kiosk's folder may take, in bytes; about three times what was seen.
const ROOM: u64 = 3_000_000;

/// What is simulated.
#[derive(Debug, Clone)]
pub struct Task {
    /// How many kiosks.
    pub kiosks: u32,
    /// Decides everything but keys.
    pub seed: u64,
    /// The first day of the first month.
    pub first: NaiveDate,
    /// How many months.
    pub months: u32,
    /// The office's database; new.
    pub db: String,
    /// The office's key.
    pub key: Key,
}

/// The communes and their office.
pub struct Province {
    /// The office.
    pub office: Office,
    /// The communes.
    pub communes: Vec<Commune>,
    hall: Hall,
    /// What the office calls each kiosk.
    names: BTreeMap<String, String>,
    task: Task,
    /// Where the data of the kiosks are, as long as this lives.
    _folder: TempDir,
}

/// How far it is, after a month.
pub struct Progress {
    /// The first day of the month.
    pub month: NaiveDate,
    /// Visits of the month.
    pub visits: u64,
    /// Bundles that the office has by now.
    pub bundles: u64,
}

impl Province {
    /// Sets up the office and all kiosks.
    pub fn set_up(task: Task) -> Result<Self> {
        let after = task.first + Months::new(task.months);
        ensure!(
            calendar::knows(task.first) && calendar::knows(after),
            "the lunar calendar of these years is not known here"
        );
        let checked = source::read(Path::new(CONTENT), Local::now().date_naive());
        let report = checked.report(false);
        let content = checked
            .content
            .with_context(|| format!("{CONTENT} has errors:\n{report}"))?;
        let folder = tempfile::Builder::new()
            .prefix("commune-kiosk-year-")
            .tempdir_in(room(task.kiosks))?;
        let office = Office::open(&task.db, task.key.clone(), folder.path().join("packs"))?;
        let mut rng = Rng::with_seed(task.seed);
        let hall = Hall::new(&content, &mut rng);
        let mut communes = Vec::new();
        for number in 1..=task.kiosks {
            let mut rng = rng.fork();
            let plan = Plan::draw(number, task.first, task.months, &mut rng);
            let data = folder.path().join(format!("{number:04}"));
            communes.push(Commune::set_up(plan, &data, content.pack.edition, &office, rng)?);
        }
        let named = communes
            .iter()
            .map(|commune| (commune.machine.id().to_owned(), commune.plan.name.clone()));
        Ok(Self {
            office,
            names: named.collect(),
            communes,
            hall,
            task,
            _folder: folder,
        })
    }

    /// Lives all months, and the morning after, when the last one is closed.
    pub fn live(&mut self, mut tell: impl FnMut(Progress)) -> Result<()> {
        let mut before = 0;
        // Of its own, so that visits are those of the same seed before.
        let mut rng = Rng::with_seed(self.task.seed);
        for months in 0..self.task.months {
            let month = self.task.first + Months::new(months);
            let next = month + Months::new(1);
            for day in month.iter_days().take_while(|day| *day < next) {
                let (hall, office) = (&self.hall, &self.office);
                begin(day, office, &self.names)?;
                at_once(&mut self.communes, |commune| commune.live(day, months, hall, office))?;
            }
            self.office.note(&activities::of(month, &mut rng))?;
            let visits: u64 = self.communes.iter().map(|commune| commune.visits).sum();
            tell(Progress {
                month,
                visits: visits - before,
                bundles: self.office.bundles()?,
            });
            before = visits;
        }
        let after = self.task.first + Months::new(self.task.months);
        let office = &self.office;
        begin(after, office, &self.names)?;
        at_once(&mut self.communes, |commune| {
            commune.close(after, self.task.months, office)
        })
    }
}

/// The office's day begins: its clock, and whoever sent something yesterday is accepted.
fn begin(day: NaiveDate, office: &Office, names: &BTreeMap<String, String>) -> Result<()> {
    office::turn_clock(day.and_time(calendar::clock(8 * 3600)));
    office.accept(names)
}

/// All communes live the same day, on as many threads as there are processors.
fn at_once(communes: &mut [Commune], live: impl Fn(&mut Commune) -> Result<()> + Sync) -> Result<()> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let each = communes.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> = communes
            .chunks_mut(each)
            .map(|part| {
                scope.spawn(|| {
                    part.iter_mut()
                        .try_for_each(|commune| live(commune).with_context(|| commune.plan.name.clone()))
                })
            })
            .collect();
        parts
            .into_iter()
            .try_for_each(|part| part.join().map_err(|_| anyhow!("a thread broke off"))?)
    })
}

/// Where there is room for the data of so many kiosks: in memory if it has enough.
fn room(kiosks: u32) -> PathBuf {
    let needed = u64::from(kiosks) * ROOM;
    match rustix::fs::statvfs(IN_MEMORY) {
        Ok(space) if space.f_bavail.saturating_mul(space.f_frsize) > needed => IN_MEMORY.into(),
        _ => std::env::temp_dir(),
    }
}

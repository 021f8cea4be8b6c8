//! One kiosk without its screen: the real counts, outbox and carriers, and the books beside them.
//!
//! What the real program does each second is done here when it can make a difference. Begin with [`Machine`].

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use chrono::NaiveDateTime;
use commune_kiosk::bundle::Trust;
use commune_kiosk::files::Files;
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::device::sticks::Sticks;
use commune_kiosk::kiosk::slots::Slots;
use commune_kiosk::kiosk::sync::identity::Identity;
use commune_kiosk::kiosk::sync::network::{CallError, Courier, Office as Line};
use commune_kiosk::kiosk::sync::outbox::{Outbox, Waiting};
use commune_kiosk::kiosk::sync::stick::{News, Order, StickWatch};
use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::counters::Counters;
use commune_kiosk::usage::log::{Log, QUIET};
use commune_kiosk::usage::signals::Event;
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::Health;
use commune_kiosk::usage::store;

use crate::books::Books;
use crate::office::Office;

/// What the office makes on its sticks, so that kiosks know them.
const STICK_FOLDER: &str = "KIOSK";

/// Free space that machines say they have, in MB.
const FREE_MB: u64 = 21_000;

/// A kiosk.
pub struct Machine {
    data: PathBuf,
    share: Share,
    edition: u64,
    outbox: Outbox,
    courier: Courier,
    trust: Trust,
    run: Option<Run>,
    /// What it should have counted.
    pub books: Books,
}

/// From one start of the program to its end.
struct Run {
    log: Log,
    began: NaiveDateTime,
    /// When it will know the date, if it will.
    learns: Option<NaiveDateTime>,
    dated: bool,
}

impl Run {
    fn stamp(&self, at: NaiveDateTime) -> Stamp {
        let monotonic = (at - self.began).to_std().unwrap_or_default();
        if self.dated {
            Stamp::dated(monotonic, at)
        } else {
            Stamp::undated(monotonic)
        }
    }
}

impl Machine {
    /// Sets a kiosk up in a folder of its own; its key is new.
    pub fn set_up(data: &Path, share: Share, edition: u64, office: &Office) -> Result<Self> {
        fs::create_dir_all(stick(data).join(STICK_FOLDER))?;
        let identity = Identity::open(data, &Files::default())?;
        let outbox = Outbox::open(data, identity, Files::default())?;
        let (packs, _) = mpsc::channel();
        let courier = Courier {
            outbox: outbox.clone(),
            office: Line::new(office.url(), None)?,
            trust: office.trust().clone(),
            slots: Slots::open(data, None),
            folder: data.join("incoming"),
            packs,
            status: Arc::default(),
            tell: Box::new(|| {}),
            clock: Clock::of(Path::new("/nowhere")),
            again_from: Duration::ZERO,
            old_from: Duration::ZERO,
        };
        Ok(Self {
            data: data.to_owned(),
            share,
            edition,
            outbox,
            courier,
            trust: office.trust().clone(),
            run: None,
            books: Books::default(),
        })
    }

    /// Its id.
    pub fn id(&self) -> &str {
        self.outbox.kiosk()
    }

    /// Whether its program runs.
    pub fn is_on(&self) -> bool {
        self.run.is_some()
    }

    /// Whether its program runs and knows the date.
    pub fn knows_the_date(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.dated)
    }

    /// Its program starts; `learns` is when it will know the date, if it will.
    pub fn start(&mut self, at: NaiveDateTime, learns: Option<NaiveDateTime>) -> Result<()> {
        let dated = learns.is_some_and(|learns| learns <= at);
        let mut run = Run {
            log: Log::open(Some(&self.data), Stamp::undated(Duration::ZERO)),
            began: at,
            learns,
            dated,
        };
        if let Some(trouble) = run.log.health().trouble {
            bail!("{trouble} ({})", self.data.display());
        }
        run.log.tick(run.stamp(at));
        self.run = Some(run);
        self.close(at)
    }

    /// Its clock will be right at a moment.
    pub fn hear_the_time(&mut self, at: NaiveDateTime) {
        if let Some(run) = self.run.as_mut().filter(|run| !run.dated) {
            run.learns = Some(at);
        }
    }

    /// Something is counted.
    pub fn count(&mut self, event: &Event, at: NaiveDateTime) -> Result<()> {
        self.wait(at)?;
        let run = self.run.as_mut().context("a kiosk that is off counts nothing")?;
        let now = run.stamp(at);
        run.log.count(event, now);
        self.books.count(event, now);
        Ok(())
    }

    /// Everything is written.
    pub fn flush(&mut self, at: NaiveDateTime) -> Result<()> {
        self.wait(at)?;
        self.write(at)
    }

    /// What is over is closed and becomes a bundle.
    pub fn close(&mut self, at: NaiveDateTime) -> Result<()> {
        if self.run.is_some() {
            self.flush(at)?;
        }
        if let Some(run) = self.run.as_mut() {
            let health = || Health {
                edition: self.edition,
                version: env!("CARGO_PKG_VERSION").to_owned(),
                free_mb: Some(FREE_MB),
                ..Health::default()
            };
            let now = run.stamp(at);
            self.outbox.collect(&mut run.log, self.share, now, health)?;
        }
        Ok(())
    }

    /// Nobody comes any more today.
    pub fn rest(&mut self, at: NaiveDateTime) -> Result<()> {
        self.flush(at)?;
        if let Some(run) = self.run.as_mut() {
            let now = run.stamp(at);
            let later = Stamp {
                monotonic: now.monotonic + QUIET,
                ..now
            };
            run.log.tick(later);
        }
        Ok(())
    }

    /// Its program is ended in order.
    pub fn switch_off(&mut self, at: NaiveDateTime) -> Result<()> {
        self.flush(at)?;
        self.run = None;
        self.books.end_run();
        Ok(())
    }

    /// The power goes, and with it what was in memory.
    pub fn lose_power(&mut self) {
        self.run = None;
        self.books.lose_memory();
    }

    /// Whether something waits for the office.
    pub fn has_mail(&self) -> Result<bool> {
        Ok(!self.waiting()?.is_empty())
    }

    /// Calls the office over the network. That it has not accepted the kiosk yet is no fault.
    pub fn call(&mut self) -> Result<()> {
        match self.courier.call(Stamp::undated(Duration::ZERO)) {
            Ok(()) | Err(CallError::NotAccepted) => Ok(()),
            Err(error) => Err(error).context("the call to the office"),
        }
    }

    /// A clerk puts a stick in, takes it to the office, and keeps it with the receipt on it until the next time.
    pub fn give_to_clerk(&self, office: &Office) -> Result<()> {
        let (orders, taken) = mpsc::channel::<Order>();
        let mut orders = Some(orders);
        let (told, outcome) = mpsc::channel();
        let watch = StickWatch {
            sticks: Sticks::folders(&self.data.join("sticks")),
            slots: self.courier.slots.clone(),
            trust: self.trust.clone(),
            outbox: Some(self.outbox.clone()),
            tell: move |news| {
                if let News::Finished(outcome) = news {
                    // Nobody gives orders any more: the watch ends.
                    orders.take();
                    let _ = told.send(outcome);
                }
            },
            clock: Clock::of(Path::new("/nowhere")),
        };
        watch.run(&taken)?;
        let outcome = outcome.recv()?;
        ensure!(outcome.can_be_pulled_out, "the stick: {}", outcome.words);
        office.take_files(&stick(&self.data).join(STICK_FOLDER), self.id())
    }

    /// The bundles that wait.
    pub fn waiting(&self) -> Result<Vec<Waiting>> {
        Ok(self.outbox.waiting()?)
    }

    /// How many bundles the office refused.
    pub fn refused(&self) -> Result<usize> {
        Ok(self.outbox.refused()?)
    }

    /// What is in its database.
    pub fn counters(&self) -> Result<Counters> {
        Ok(match &self.run {
            Some(run) => run.log.counters()?,
            None if self.data.join(store::FILE).try_exists()? => store::read(&self.data)?.counters,
            None => Counters::default(),
        })
    }

    /// Time passes: the date may become known, and is then that of what was counted before.
    fn wait(&mut self, at: NaiveDateTime) -> Result<()> {
        let learns = self.run.as_ref().filter(|run| !run.dated).and_then(|run| run.learns);
        let Some(learns) = learns.filter(|learns| *learns <= at) else {
            return Ok(());
        };
        if let Some(run) = self.run.as_mut() {
            run.dated = true;
        }
        self.write(learns)
    }

    fn write(&mut self, at: NaiveDateTime) -> Result<()> {
        let run = self.run.as_mut().context("a kiosk that is off writes nothing")?;
        let now = run.stamp(at);
        run.log.flush(now);
        if let Some(trouble) = run.log.health().trouble {
            bail!("{trouble} ({})", self.data.display());
        }
        self.books.write(now);
        Ok(())
    }
}

/// The stick of a kiosk: a folder among those that stand for sticks.
fn stick(data: &Path) -> PathBuf {
    data.join("sticks/usb")
}

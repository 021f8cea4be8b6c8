//! A kiosk without its screen: counts, outbox, packs and carriers, with a clock that we turn.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use chrono::NaiveDateTime;
use commune_kiosk::bundle::Trust;
use commune_kiosk::files::Files;
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::device::sticks::Sticks;
use commune_kiosk::kiosk::slots::Slots;
use commune_kiosk::kiosk::sync::identity::Identity;
use commune_kiosk::kiosk::sync::network::{CallError, Courier, Office};
use commune_kiosk::kiosk::sync::outbox::Outbox;
use commune_kiosk::kiosk::sync::stick::{News, Order, Outcome, StickWatch};
use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::log::Log;
use commune_kiosk::usage::signals::Event;
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::Health;

/// A kiosk.
pub struct Machine {
    /// Its data.
    pub data: PathBuf,
    /// Its counts.
    pub log: Log,
    /// What waits for the office.
    pub outbox: Outbox,
    /// Its clocks: none, as long as nobody tells the time.
    pub clock: Clock,
    /// The program that looks new packs over; `None`: nobody does.
    pub rehearsed_by: Option<PathBuf>,
}

/// A moment at a machine whose clock is right.
pub fn at(text: &str) -> Stamp {
    let wall: NaiveDateTime = text.parse().expect("a time");
    Stamp::dated(Duration::from_hours(1), wall)
}

impl Machine {
    /// Starts the kiosk of a data folder.
    pub fn start(data: &Path, now: &str) -> Self {
        fs::create_dir_all(data).expect("a folder");
        let identity = Identity::open(data, &Files::default()).expect("a key");
        Self {
            data: data.to_owned(),
            log: Log::open(Some(data), at(now)),
            outbox: Outbox::open(data, identity, Files::default()).expect("a folder"),
            clock: Clock::of(Path::new("/nowhere")),
            rehearsed_by: None,
        }
    }

    /// So many residents come, each opens a page and reads a guide to its end.
    pub fn is_visited(&mut self, times: u64, now: &str) {
        for _ in 0..times {
            for event in [
                Event::VisitStarted,
                Event::page_opened("khai-sinh"),
                Event::step_reached("khai-sinh", 1),
                Event::guide_finished("khai-sinh"),
            ] {
                self.log.count(&event, at(now));
            }
        }
        self.log.flush(at(now));
    }

    /// Closes the months that are over at this time.
    pub fn closes(&mut self, now: &str) {
        self.closes_every(Share::Month, now);
    }

    /// Closes what is over at this time.
    pub fn closes_every(&mut self, share: Share, now: &str) {
        let health = || Health {
            pack: "le-loi".to_owned(),
            edition: 3,
            version: "0.1.0".to_owned(),
            free_mb: Some(9000),
            ..Health::default()
        };
        self.outbox
            .collect(&mut self.log, share, at(now), health)
            .expect("closed");
    }

    /// How many bundles wait.
    pub fn waiting(&self) -> usize {
        self.outbox.waiting().expect("a folder").len()
    }

    /// Calls the office once; also gives the orders for packs that came of it.
    pub fn calls(&self, url: &str, trust: &Trust) -> (Result<(), CallError>, Receiver<Order>) {
        self.calls_at(Office::new(url, None).expect("an address"), trust)
    }

    /// As [`Machine::calls`], with a certificate to check or other wishes.
    pub fn calls_at(&self, office: Office, trust: &Trust) -> (Result<(), CallError>, Receiver<Order>) {
        let (mut courier, orders) = self.courier(office, trust);
        (courier.call(at("2026-12-01T12:00:00")), orders)
    }

    /// Who calls the office for it, and the orders for packs that come of it.
    pub fn courier(&self, office: Office, trust: &Trust) -> (Courier, Receiver<Order>) {
        let (packs, orders) = mpsc::channel();
        let courier = Courier {
            outbox: self.outbox.clone(),
            office,
            trust: trust.clone(),
            slots: self.slots(),
            folder: self.data.join("incoming"),
            packs,
            status: std::sync::Arc::default(),
            tell: Box::new(|| {}),
            clock: self.clock.clone(),
            again_from: Duration::ZERO,
            old_from: Duration::ZERO,
        };
        (courier, orders)
    }

    /// Its packs.
    pub fn slots(&self) -> Slots {
        let slots = Slots::open(&self.data, None);
        match &self.rehearsed_by {
            Some(program) => slots.rehearsed_by(program.clone()),
            None => slots,
        }
    }

    /// Somebody puts a stick in and waits until it can be pulled out. `sticks` is a folder with the stick in it.
    pub fn takes_stick(&self, sticks: &Path, trust: &Trust) -> Outcome {
        let (orders, taken) = mpsc::channel::<Order>();
        let mut orders = Some(orders);
        let (told, outcome) = mpsc::channel();
        let watch = StickWatch {
            sticks: Sticks::folders(sticks),
            slots: self.slots(),
            trust: trust.clone(),
            outbox: Some(self.outbox.clone()),
            tell: move |news| {
                if let News::Finished(outcome) = news {
                    // Nobody gives orders any more: the watch ends.
                    orders.take();
                    let _ = told.send(outcome);
                }
            },
            clock: self.clock.clone(),
        };
        watch.run(&taken).expect("a folder of sticks");
        outcome.recv().expect("an outcome")
    }
}

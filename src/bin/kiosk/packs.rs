//! Packs and sticks: the thread that keeps them, and what staff are told about them.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::ExitCode;
use std::rc::{Rc, Weak};
use std::sync::mpsc;

use anyhow::{Context, Result};
use chrono::{Datelike, Local};
use commune_kiosk::bundle::Trust;
use commune_kiosk::content::{self, library::Library};
use commune_kiosk::device::backlight::{self, Backlight};
use commune_kiosk::device::clock::Clock;
use commune_kiosk::device::memory;
use commune_kiosk::device::sticks::Sticks;
use commune_kiosk::screen::{Kiosk, Staff};
use commune_kiosk::session::staff::{Facts, Pin};
use commune_kiosk::slots::{Slot, Slots};
use commune_kiosk::sync::stick::{self, News, StickWatch};
use commune_kiosk::usage::counters::Counters;
use commune_kiosk::usage::stamp::Stamp;

thread_local! {
    /// The screen, for news that arrive on its thread.
    static SCREEN: RefCell<Weak<Kiosk>> = const { RefCell::new(Weak::new()) };
}

/// Opens the content that was built in.
pub fn open_factory(path: &Path) -> Result<Library> {
    Ok(content::open(path, Local::now().date_naive())?)
}

/// Starts the thread that watches sticks, and lets staff in.
pub fn serve(kiosk: &Rc<Kiosk>, slots: &Slots, trust: Option<Trust>, sticks: Option<&Path>, pin: Pin) -> Result<()> {
    let (orders, taken) = mpsc::channel();
    SCREEN.set(Rc::downgrade(kiosk));
    let sticks = trust.and_then(|trust| Some((find_sticks(sticks)?, trust)));
    let (slots_of_thread, clock) = (slots.clone(), Clock::default());
    let thread = std::thread::Builder::new().name("packs".to_owned());
    thread
        .spawn(move || {
            let (slots, mut tell, now) = (slots_of_thread, tell_screen, move || clock.now().wall);
            match sticks {
                Some((sticks, trust)) => StickWatch {
                    sticks,
                    slots,
                    trust,
                    tell,
                    now,
                }
                .run(&taken),
                None => taken.iter().for_each(|order| stick::obey(order, &slots, &mut tell)),
            }
        })
        .context("no thread for packs")?;
    let (opened, described) = (slots.clone(), slots.clone());
    kiosk.serve_staff(Staff {
        brighten: Box::new(brighten),
        pin,
        orders,
        open_current: Box::new(move || opened.open_current(open_factory).map_err(|error| error.to_string())),
        facts: Box::new(move |counters, now| facts(&described, counters, now)),
    });
    Ok(())
}

/// Where sticks come from; `None` on a machine without any.
fn find_sticks(folder: Option<&Path>) -> Option<Sticks> {
    let sticks = folder.map_or_else(Sticks::of_the_machine, |dir| Ok(Sticks::folders(dir)));
    sticks
        .inspect_err(|error| tracing::warn!("no sticks on this machine: {error}"))
        .ok()
}

/// Called on the thread of the packs.
fn tell_screen(news: News) {
    // An event loop that has ended needs no news.
    let _ = slint::invoke_from_event_loop(move || {
        SCREEN.with_borrow(|screen| {
            if let Some(screen) = screen.upgrade() {
                screen.hear(news);
            }
        });
    });
}

fn facts(slots: &Slots, counters: &Counters, now: Stamp) -> Facts {
    let order = slots.order();
    let library = slots.open_current(open_factory);
    let content = library.map_or_else(
        |error| format!("không mở được ({error})"),
        |library| {
            let pack = &library.catalogue().pack;
            format!("Lần {}: {}", pack.edition, pack.title)
        },
    );
    let origin = match order.first() {
        Some(Slot::Pack { .. }) => "Nạp từ USB",
        _ => "Có sẵn trong máy",
    };
    Facts {
        content,
        origin: origin.to_owned(),
        brightness: backlight().and_then(|light| light.percent().ok()),
        can_go_back: slots.can_go_back(),
        counts: now
            .wall
            .map(|wall| month(counters, wall.year(), wall.month()))
            .unwrap_or_default(),
        machine: machine(slots),
    }
}

fn backlight() -> Option<Backlight> {
    Backlight::find(Path::new(backlight::CLASS))
}

/// One step of ten.
fn brighten(up: bool) {
    let Some(light) = backlight() else {
        return;
    };
    let set = light
        .percent()
        .and_then(|now| light.set_percent(if up { now + 10 } else { now.saturating_sub(10) }));
    if let Err(error) = set {
        tracing::warn!("the brightness can't be set: {error}");
    }
}

/// What was counted in a month.
fn month(counters: &Counters, year: i32, month: u32) -> String {
    let days = format!("{year:04}-{month:02}-");
    let total = |signal: &str| -> u64 {
        counters
            .rows()
            .filter(|row| row.signal == signal && row.period.starts_with(&days))
            .map(|row| row.n)
            .sum()
    };
    format!(
        "{} lượt dùng, {} lần mở bài, {} lần xem hết hướng dẫn",
        total("visit-started"),
        total("page-opened"),
        total("guide-finished")
    )
}

fn machine(slots: &Slots) -> String {
    let mb = |bytes: u64| bytes / 1_000_000;
    let free = slots
        .free_space()
        .map_or_else(|_| "không rõ".to_owned(), |bytes| format!("{} MB", mb(bytes)));
    let memory = memory::pss_kib().map_or_else(|| "không rõ".to_owned(), |kib| format!("{} MB", mb(kib * 1024)));
    format!("Còn trống {free}. Chương trình dùng {memory} bộ nhớ.")
}

/// `kiosk install`.
pub fn install(slots: &Slots, trust: &Trust, file: &Path) -> Result<ExitCode> {
    let pack = File::open(file).with_context(|| format!("{} can't be opened", file.display()))?;
    match slots.install(BufReader::with_capacity(256 * 1024, pack), trust, |_| {}) {
        Ok(manifest) => {
            println!("{} {} is in its place", manifest.id, manifest.sequence);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("{error}");
            eprintln!("{}", error.for_staff());
            Ok(ExitCode::FAILURE)
        }
    }
}

/// `kiosk slots`.
pub fn list(slots: &Slots) -> Result<ExitCode> {
    let mut out = std::io::stdout();
    for (slot, what) in slots.order().iter().zip(["current", "before"]) {
        match slot {
            Slot::Factory => writeln!(out, "{what}\tfactory")?,
            Slot::Pack { file, id, sequence } => {
                let id = id.as_deref().unwrap_or("?");
                writeln!(out, "{what}\t{id}\t{sequence}\t{file}")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

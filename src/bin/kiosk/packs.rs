//! Packs and sticks: the thread that keeps them, and the commands about them.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{self, Sender};

use anyhow::{Context, Result};
use chrono::Local;
use commune_kiosk::bundle::Trust;
use commune_kiosk::content::{self, library::Library};
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::device::sticks::Sticks;
use commune_kiosk::kiosk::slots::{Slot, Slots};
use commune_kiosk::kiosk::sync::outbox::Outbox;
use commune_kiosk::kiosk::sync::stick::{self, Order, StickWatch};

use super::event_loop::tell_screen;

/// Opens the content that was built in.
pub fn open_factory(path: &Path) -> Result<Library> {
    Ok(content::open(path, Local::now().date_naive())?)
}

/// Starts the thread that keeps the packs and watches sticks; gives the way to it.
pub fn start(
    slots: &Slots,
    trust: Option<Trust>,
    sticks: Option<&Path>,
    outbox: Option<Outbox>,
) -> Result<Sender<Order>> {
    let (orders, taken) = mpsc::channel();
    let sticks = trust.as_ref().and_then(|_| find_sticks(sticks));
    let (slots, clock) = (slots.clone(), Clock::default());
    let thread = std::thread::Builder::new().name("packs".to_owned());
    thread
        .spawn(move || {
            let (mut tell, now) = (tell_screen, move || clock.now().wall);
            match (sticks, trust) {
                (Some(sticks), Some(trust)) => StickWatch {
                    sticks,
                    slots,
                    trust,
                    outbox,
                    tell,
                    now,
                }
                .run(&taken),
                (_, trust) => taken
                    .iter()
                    .for_each(|order| stick::obey(order, &slots, trust.as_ref(), &mut tell)),
            }
        })
        .context("no thread for packs")?;
    Ok(orders)
}

/// Where sticks come from; `None` on a machine without any.
fn find_sticks(folder: Option<&Path>) -> Option<Sticks> {
    let sticks = folder.map_or_else(Sticks::of_the_machine, |dir| Ok(Sticks::folders(dir)));
    sticks
        .inspect_err(|error| tracing::warn!("no sticks on this machine: {error}"))
        .ok()
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

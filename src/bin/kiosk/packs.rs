//! Packs and sticks: the thread that keeps them, and the commands about them.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use chrono::Local;
use commune_kiosk::bundle::Trust;
use commune_kiosk::content::{self, library::Library};
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::device::sticks::{StickError, Sticks};
use commune_kiosk::kiosk::slots::{Slot, Slots};
use commune_kiosk::kiosk::sync::outbox::Outbox;
use commune_kiosk::kiosk::sync::stick::{self, Order, StickWatch};

use super::event_loop::tell_screen;
use super::threads;

/// How long after nobody answered the machine's sticks are asked for again.
const ASK_AGAIN: Duration = Duration::from_secs(15);

/// Between losing the service of sticks and asking for it anew.
const PAUSE: Duration = Duration::from_secs(1);

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
    clock: Clock,
) -> Result<Sender<Order>> {
    let (orders, taken) = mpsc::channel();
    let (slots, folder) = (slots.clone(), sticks.map(Path::to_owned));
    threads::keep("packs", move || {
        let Some(trust) = trust.clone() else {
            return taken
                .iter()
                .for_each(|order| stick::obey(order, &slots, None, &clock, &mut tell_screen));
        };
        let find = || match &folder {
            Some(folder) => Ok(Sticks::folders(folder)),
            None => Sticks::of_the_machine(),
        };
        let obey = |order| stick::obey(order, &slots, Some(&trust), &clock, &mut tell_screen);
        let watch = |sticks| {
            let watch = StickWatch {
                sticks,
                slots: slots.clone(),
                trust: trust.clone(),
                outbox: outbox.clone(),
                tell: tell_screen,
                clock: clock.clone(),
            };
            watch.run(&taken)
        };
        watch_on(find, watch, &taken, obey, ASK_AGAIN);
    })?;
    Ok(orders)
}

/// Watches the machine's sticks until nobody can give orders any more. When nobody looks after them any more they are asked for anew.
fn watch_on(
    find: impl Fn() -> Result<Sticks, StickError>,
    mut watch: impl FnMut(Sticks) -> Result<(), StickError>,
    orders: &Receiver<Order>,
    mut obey: impl FnMut(Order),
    ask_again: Duration,
) {
    while let Some(sticks) = until_there_are_sticks(&find, orders, &mut obey, ask_again) {
        match watch(sticks) {
            Ok(()) => return,
            Err(error) => {
                tracing::warn!("sticks are asked for anew: {error}");
                // A bus that comes and goes keeps no processor busy.
                thread::sleep(ask_again.min(PAUSE));
            }
        }
    }
}

/// Asks for the machine's sticks until somebody answers: at the start of a slow machine that may take a while. Orders are obeyed
/// meanwhile; `None` when nobody can give any more.
fn until_there_are_sticks(
    find: impl Fn() -> Result<Sticks, StickError>,
    orders: &Receiver<Order>,
    mut obey: impl FnMut(Order),
    ask_again: Duration,
) -> Option<Sticks> {
    let mut said = false;
    loop {
        match find() {
            Ok(sticks) => return Some(sticks),
            Err(error) if !said => {
                tracing::warn!("no sticks on this machine so far: {error}");
                said = true;
            }
            Err(_) => {}
        }
        let asks = Instant::now() + ask_again;
        loop {
            match orders.recv_timeout(asks.saturating_duration_since(Instant::now())) {
                Ok(order) => obey(order),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_service_that_starts_late_is_asked_again_and_orders_do_not_wait_for_it() {
        let (order, orders) = mpsc::channel();
        order.send(Order::RollBack(None)).expect("taken");
        let (asked, obeyed) = (Cell::new(0), Cell::new(0));
        let find = || {
            asked.set(asked.get() + 1);
            if asked.get() == 3 {
                Ok(Sticks::folders(Path::new("/nowhere")))
            } else {
                Err(StickError::NoService("it starts".to_owned()))
            }
        };
        let obey = |_| obeyed.set(obeyed.get() + 1);
        assert!(until_there_are_sticks(find, &orders, obey, Duration::from_millis(1)).is_some());
        assert_eq!((asked.get(), obeyed.get()), (3, 1));
        drop(order);
        let never = || Err(StickError::NoService("there is none".to_owned()));
        let sticks = until_there_are_sticks(never, &orders, |_| {}, Duration::from_hours(1));
        assert!(sticks.is_none(), "the program ends");
    }

    #[test]
    fn a_service_that_is_lost_is_asked_for_anew() {
        let (_order, orders) = mpsc::channel();
        let (asked, watched) = (Cell::new(0), Cell::new(0));
        let find = || {
            asked.set(asked.get() + 1);
            match asked.get() {
                2 => Err(StickError::NoService("it starts again".to_owned())),
                _ => Ok(Sticks::folders(Path::new("/nowhere"))),
            }
        };
        let watch = |_| {
            watched.set(watched.get() + 1);
            match watched.get() {
                1 => Err(StickError::NoService("nobody hears the bus any more".to_owned())),
                _ => Ok(()),
            }
        };
        watch_on(find, watch, &orders, |_| {}, Duration::from_millis(1));
        assert_eq!((asked.get(), watched.get()), (3, 2));
    }
}

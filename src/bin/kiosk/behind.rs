//! What works behind the screen: counts, packs, sticks, the office, the staff page.
//!
//! It begins once the first frame is on the screen, on a thread of its own: opening it may have to wait for the card, and a
//! machine without a screen is to write nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use anyhow::{Context, Result};
use commune_kiosk::bundle::Trust;
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::session::staff::Pin;
use commune_kiosk::kiosk::slots::Slots;
use commune_kiosk::kiosk::sync::network::Office;
use commune_kiosk::usage::log::Log;
use commune_kiosk::usage::recorder::Recorder;

use super::config::Config;
use super::machine::Machine;
use super::sending::Sending;
use super::{event_loop, packs, staff};

/// What it needs.
pub struct Machinery {
    pub recorder: Recorder,
    pub slots: Slots,
    pub data: PathBuf,
    pub config: Config,
    pub pin: Pin,
    pub trust: Option<Trust>,
    /// The office, or why it can't be called.
    pub server: Result<Option<Office>, &'static str>,
    pub sticks: Option<PathBuf>,
}

/// Starts the recorder, which opens its database once it hears of the first frame; without one it counts in memory.
pub fn recorder(data: Option<PathBuf>, clock: &Arc<Clock>) -> Result<(Recorder, Sender<()>)> {
    let (first_frame, painted) = mpsc::channel();
    let clock = clock.clone();
    let open = move || {
        let data = painted.recv().ok().and(data);
        Log::open(data.as_deref(), clock.now())
    };
    let recorder = Recorder::start(open).context("no thread for the counts")?;
    Ok((recorder, first_frame))
}

/// Starts all of it; what can't start is said in the program's log, and stops no resident.
pub fn start(machinery: Machinery) {
    let thread = std::thread::Builder::new().name("start".to_owned());
    let started = thread.spawn(|| {
        if let Err(error) = machinery.begin() {
            tracing::error!("{error:#}");
        }
    });
    if let Err(error) = started {
        tracing::error!("no thread to start what works behind the screen: {error}");
    }
}

impl Machinery {
    fn begin(self) -> Result<()> {
        let Self {
            recorder,
            slots,
            data,
            config,
            pin,
            trust,
            server,
            sticks,
        } = self;
        let machine = Machine::watch(&data)?;
        let mut sending = Sending::open(&data);
        let outbox = sending.as_ref().ok().map(|sending| sending.outbox().clone());
        let orders = packs::start(&slots, trust.clone(), sticks.as_deref(), outbox)?;
        if let Ok(sending) = &mut sending {
            match (server, trust) {
                (Ok(Some(server)), Some(trust)) => {
                    sending.start_calling(server, trust, &slots, &data, orders.clone())?;
                }
                (Err(trouble), _) => sending.calls_nobody(trouble),
                _ => {}
            }
            sending.collect_from(&recorder, config.sync.period, &slots, &machine);
        }
        event_loop::invoke(move |kiosk| {
            staff::serve(kiosk, pin, &slots, orders, sending, &machine, config.for_staff());
        });
        Ok(())
    }
}

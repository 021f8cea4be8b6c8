//! What works behind the screen: counts, packs, sticks, the office, the staff page.
//!
//! It begins once the first frame is on the screen, on a thread of its own: opening it may have to wait for the card, and a
//! machine without a screen has nothing to count.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use commune_kiosk::bundle::Trust;
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::session::staff::Pin;
use commune_kiosk::kiosk::slots::Slots;
use commune_kiosk::kiosk::sync::network::Office;
use commune_kiosk::usage::recorder::Recorder;

use super::config::Config;
use super::machine::Machine;
use super::sending::Sending;
use super::staff::Desk;
use super::{event_loop, packs, pin_tries, threads};

/// What it needs.
pub struct Machinery {
    pub clock: Clock,
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

/// Residents read on for so long when a panic has left nothing behind the screen. Whatever made it panic may be there at the next start
/// too, and a screen that ends each time that it is shown serves nobody.
const READ_ON: Duration = Duration::from_hours(1);

/// Starts all of it; what can't start is said in the program's log, and stops no resident. After a panic the program ends in order, an hour
/// later, to be started again: a run without all this has no counts, no staff page and no sticks.
pub fn start(machinery: Machinery) {
    let begin = || {
        if let Err(error) = machinery.begin() {
            tracing::error!("{error:#}");
        }
    };
    let end = || {
        thread::sleep(READ_ON);
        event_loop::end();
    };
    if let Err(error) = threads::once("start", begin, end) {
        tracing::error!("{error:#}");
    }
}

impl Machinery {
    fn begin(self) -> Result<()> {
        let (data, slots) = (self.data.as_path(), self.slots);
        // On a machine whose card is broken it can't be made: all that follows can do without it, and the staff page says so.
        if let Err(error) = fs::create_dir_all(data) {
            tracing::error!("{} can't be made: {error}", data.display());
        }
        self.clock.keep_in(data);
        self.recorder.keep_in(data.to_owned(), self.clock.now());
        let machine = Machine::watch(data, self.clock.clone())?;
        let mut sending = Sending::open(data);
        let outbox = sending.as_ref().ok().map(|sending| sending.outbox().clone());
        let orders = packs::start(
            &slots,
            self.trust.clone(),
            self.sticks.as_deref(),
            outbox,
            self.clock.clone(),
        )?;
        if let Ok(sending) = &mut sending {
            match (self.server, self.trust) {
                (Ok(Some(server)), Some(trust)) => {
                    sending.start_calling(server, trust, &slots, data, orders.clone(), self.clock.clone())?;
                }
                (Err(trouble), _) => sending.calls_nobody(trouble),
                _ => {}
            }
            sending.collect_from(&self.recorder, self.config.sync.period, &slots, &machine);
        }
        let mut pin = self.pin;
        pin.remember(pin_tries::read(&self.data), self.clock.now());
        let desk = Desk {
            pin,
            slots,
            orders,
            sending,
            machine,
            clock: self.clock,
            settings: self.config.for_staff(),
            data: self.data,
        };
        event_loop::invoke(move |kiosk| desk.serve(kiosk));
        Ok(())
    }
}

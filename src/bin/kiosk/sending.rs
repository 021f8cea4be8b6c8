//! What leaves this kiosk: its identity, its outbox, and the thread that calls the office.

use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use commune_kiosk::bundle::Trust;
use commune_kiosk::files::Files;
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::session::staff;
use commune_kiosk::kiosk::slots::Slots;
use commune_kiosk::kiosk::sync::identity::{Identity, IdentityError};
use commune_kiosk::kiosk::sync::network::{Call, Courier, Office, Order, Status};
use commune_kiosk::kiosk::sync::outbox::Outbox;
use commune_kiosk::kiosk::sync::stick::{self, News};
use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::recorder::Recorder;
use commune_kiosk::usage::statistics::Health;

use super::event_loop::tell_screen;
use super::machine::Machine;
use super::packs::open_factory;
use super::threads;

/// The folder for packs that are on their way, in the data folder.
const INCOMING: &str = "incoming";

/// How long after a failure to close a month it is tried again.
const PAUSE: Duration = Duration::from_mins(5);

/// What staff read when nothing can be kept.
const DISK: &str = "Bộ nhớ của máy bị lỗi nên không gửi được số liệu. Mời gọi kỹ thuật viên.";

/// What the staff page has to do with the sending.
#[derive(Clone)]
pub struct Sending {
    outbox: Outbox,
    words: String,
    status: Arc<Mutex<Status>>,
    /// The way to the thread that calls the office, if the kiosk has a network.
    calls: Option<Sender<Order>>,
}

impl Sending {
    /// Opens the outbox; makes the kiosk's key at the first start. Without them the kiosk shows and counts all the same.
    ///
    /// # Errors
    /// Why nothing can be sent, for staff.
    pub fn open(data: &Path) -> Result<Self, &'static str> {
        let identity = Identity::open(data, &Files::default()).map_err(|error| {
            tracing::error!("nothing can be sent: {error}");
            match error {
                IdentityError::Key(_) => "Khoá của máy này bị hỏng nên không gửi được số liệu. Mời gọi kỹ thuật viên.",
                IdentityError::Disk(_) => DISK,
            }
        })?;
        let words = identity.public.words();
        let outbox = Outbox::open(data, identity, Files::default()).map_err(|error| {
            tracing::error!("nothing can be sent: {error}");
            DISK
        })?;
        Ok(Self {
            words,
            outbox,
            status: Arc::default(),
            calls: None,
        })
    }

    /// Has the staff page say why nobody calls the office.
    pub fn calls_nobody(&self, trouble: &'static str) {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).trouble = Some(trouble);
    }

    /// What waits.
    pub const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Starts the thread that calls the office.
    pub fn start_calling(
        &mut self,
        office: Office,
        trust: Trust,
        slots: &Slots,
        data: &Path,
        packs: Sender<stick::Order>,
        clock: Clock,
    ) -> Result<()> {
        let (calls, orders) = mpsc::channel();
        let mut courier = Courier {
            outbox: self.outbox.clone(),
            office,
            trust,
            slots: slots.clone(),
            folder: data.join(INCOMING),
            packs,
            status: self.status.clone(),
            tell: Box::new(|| tell_screen(News::OfficeCalled)),
            clock: clock.clone(),
            again_from: Duration::ZERO,
            old_from: Duration::ZERO,
        };
        threads::keep("office", move || {
            courier.run(&orders, fastrand::Rng::new(), || clock.now());
        })?;
        self.calls = Some(calls);
        Ok(())
    }

    /// Has the kiosk close what is over, every so often.
    pub fn collect_from(&self, recorder: &Recorder, share: Share, slots: &Slots, machine: &Machine) {
        let (outbox, calls) = (self.outbox.clone(), self.calls.clone());
        let (slots, machine) = (slots.clone(), machine.clone());
        let mut not_before = Duration::ZERO;
        recorder.collect_by(Box::new(move |log, now| {
            if now.monotonic < not_before || !machine.was_looked_at() {
                return;
            }
            match outbox.collect(log, share, now, || health(&slots, &machine)) {
                Ok(false) => {}
                Ok(true) => {
                    tracing::info!("counts are ready for the office");
                    if let Some(calls) = &calls {
                        // That thread lives as long as this one.
                        let _ = calls.send(Order::NewBundle);
                    }
                }
                Err(error) => {
                    tracing::error!("counts can't be made ready for the office: {error}");
                    not_before = now.monotonic + PAUSE;
                }
            }
        }));
    }

    /// Calls the office now.
    pub fn call(&self) {
        if let Some(calls) = &self.calls {
            self.status.lock().unwrap_or_else(PoisonError::into_inner).call = Call::Wanted;
            let _ = calls.send(Order::CallNow);
        }
    }

    /// Whether there is an office to call.
    pub const fn can_call(&self) -> bool {
        self.calls.is_some()
    }

    /// The id, and the words of the key.
    pub fn identity(&self) -> String {
        staff::identity(self.outbox.kiosk(), &self.words)
    }

    /// What waits and how the last call went.
    pub fn for_staff(&self) -> String {
        let status = self.status.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let waiting = match self.outbox.waiting() {
            Ok(waiting) if waiting.is_empty() => "Không có số liệu nào chờ gửi.".to_owned(),
            Ok(waiting) => format!("{} gói số liệu đang chờ gửi.", waiting.len()),
            Err(error) => {
                tracing::warn!("{error}");
                "Không đọc được số liệu chờ gửi. Mời gọi kỹ thuật viên.".to_owned()
            }
        };
        let refused = match (self.outbox.refused(), self.outbox.reasons().unwrap_or_default()) {
            (Ok(0) | Err(_), _) => None,
            (Ok(refused), reasons) if reasons.is_empty() => {
                Some(format!("Văn phòng không nhận {refused} gói, mời hỏi văn phòng."))
            }
            (Ok(refused), reasons) => Some(format!(
                "Văn phòng không nhận {refused} gói, mời hỏi văn phòng. Lý do: {}.",
                reasons.join("; ").trim_end_matches('.')
            )),
        };
        let damaged = match self.outbox.damaged() {
            Ok(0) | Err(_) => None,
            Ok(damaged) => Some(format!(
                "{damaged} gói số liệu bị hỏng trên thẻ nhớ, không gửi được. Mời gọi kỹ thuật viên."
            )),
        };
        let call = match (status.call, status.trouble, status.last_call) {
            (Call::Wanted | Call::UnderWay, ..) => Some("Đang gọi văn phòng.".to_owned()),
            (_, Some(trouble), _) => Some(trouble.to_owned()),
            (_, None, Some(day)) => Some(day.format("Gửi xong lần cuối ngày %-d/%-m/%Y.").to_string()),
            (_, None, None) => None,
        };
        let words: Vec<String> = [Some(waiting), refused, damaged, call].into_iter().flatten().collect();
        words.join(" ")
    }
}

/// How the machine is, for the office.
fn health(slots: &Slots, machine: &Machine) -> Health {
    let library = slots.open_current(open_factory);
    let shown = library.map(|library| library.catalogue().pack.clone());
    let (pack, edition) = shown.map_or_else(|_| Default::default(), |shown| (shown.id, shown.edition));
    Health {
        pack,
        edition,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        left: slots.left(),
        faults: threads::how_many_faults(),
        free_mb: slots.free_space().ok().map(|bytes| bytes / 1_000_000),
        // The log knows the others.
        ..machine.for_office()
    }
}

/// `kiosk identity`.
pub fn print_identity(data: &Path) -> Result<ExitCode> {
    let identity = Identity::open(data, &Files::default())?;
    let public = identity.public;
    super::say(&format!(
        "{}\n{}\n{}\n",
        identity.id,
        public.words(),
        public.to_base64()
    ))
}

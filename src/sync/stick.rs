//! From a stick to a slot: what is on it, is it for us, install it, write down what happened, let go of the stick.
//!
//! A stick is hostile until a signature holds: names are looked at in bounded number and time, links are not followed,
//! nothing on it is run. The kiosk's own answer is one text file. Begin with [`StickWatch`].

mod search;

use std::fs::{self, File};
use std::io::{BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;

use crate::bundle::Trust;
use crate::device::sticks::{Change, StickError, StickId, Sticks};
use crate::slots::{Progress, Slots};

/// The kiosk's answer, on the stick.
pub const ANSWER: &str = "KIOSK-KET-QUA.txt";

/// How often orders are looked for while no stick comes.
const PULSE: Duration = Duration::from_millis(500);

/// How often the screen is told of progress.
const TELL: Duration = Duration::from_millis(200);

/// How long to wait after sticks could not be asked for.
const PAUSE: Duration = Duration::from_secs(5);

/// What the screen is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A stick is in; it is being looked at.
    Looking,
    /// A pack is being installed.
    Installing(Progress),
    /// It is over, and the stick can be pulled out, if it is still there.
    Finished(Outcome),
    /// The stick was pulled out.
    Gone,
    /// Another pack is current now: open it.
    NewPack,
}

/// How it went, for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the pack is installed.
    pub installed: bool,
    /// A sentence or two in Vietnamese.
    pub words: String,
    /// Whether the stick was let go: "Có thể rút USB".
    pub can_be_pulled_out: bool,
}

/// What the screen asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Show the pack before this one.
    RollBack,
}

/// Watches sticks and installs what they bring.
pub struct StickWatch<Tell, Now> {
    /// Where sticks come from.
    pub sticks: Sticks,
    /// Where packs go.
    pub slots: Slots,
    /// Whose packs count.
    pub trust: Trust,
    /// Takes the news.
    pub tell: Tell,
    /// The wall clock, if it can be trusted.
    pub now: Now,
}

impl<Tell: FnMut(News), Now: Fn() -> Option<NaiveDateTime>> StickWatch<Tell, Now> {
    /// Watches until nobody can give orders any more.
    pub fn run(mut self, orders: &Receiver<Order>) {
        loop {
            match orders.try_recv() {
                Ok(order) => obey(order, &self.slots, &mut self.tell),
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {}
            }
            match self.sticks.wait(PULSE) {
                Ok(changes) => changes.into_iter().for_each(|change| self.on_change(change)),
                Err(error) => {
                    tracing::warn!("sticks: {error}");
                    std::thread::sleep(PAUSE);
                }
            }
        }
    }

    fn on_change(&mut self, change: Change) {
        match change {
            Change::Removed(_) => (self.tell)(News::Gone),
            Change::Inserted(stick) => {
                (self.tell)(News::Looking);
                let outcome = self.serve(&stick);
                if outcome.installed {
                    (self.tell)(News::NewPack);
                }
                (self.tell)(News::Finished(outcome));
            }
        }
    }

    fn serve(&mut self, stick: &StickId) -> Outcome {
        let (installed, words) = match self.sticks.mount(stick) {
            Ok(root) => self.install_from(&root),
            Err(error) => {
                tracing::warn!("a stick can't be read: {error}");
                (
                    false,
                    "Máy không đọc được USB. Mời cắm lại, hoặc đổi USB khác.".to_owned(),
                )
            }
        };
        // The answer is a help, not a promise: a stick with a lock goes without it.
        if let Err(error) = self.answer(stick, &words) {
            tracing::warn!("no answer on the stick: {error}");
        }
        let let_go = self.sticks.unmount(stick);
        if let Err(error) = &let_go {
            tracing::warn!("a stick can't be let go: {error}");
        }
        Outcome {
            installed,
            words,
            can_be_pulled_out: let_go.is_ok(),
        }
    }

    fn install_from(&mut self, root: &Path) -> (bool, String) {
        let choice = match search::newest_pack(root, &self.trust, &self.slots) {
            Ok(choice) => choice,
            Err(nothing) => return (false, nothing.for_staff()),
        };
        let tell = &mut self.tell;
        let mut told: Option<Instant> = None;
        let installed = File::open(&choice)
            .map_err(|error| crate::bundle::BundleError::Source(error).into())
            .and_then(|pack| {
                self.slots
                    .install(BufReader::with_capacity(256 * 1024, pack), &self.trust, |progress| {
                        if told.is_none_or(|told| told.elapsed() >= TELL) {
                            told = Some(Instant::now());
                            tell(News::Installing(progress));
                        }
                    })
            });
        match installed {
            Ok(manifest) => {
                tracing::info!(sequence = manifest.sequence, "a pack is installed");
                (
                    true,
                    format!(
                        "Đã nạp xong nội dung lần {}. Màn hình tự đổi khi không có ai đang xem.",
                        manifest.sequence
                    ),
                )
            }
            Err(error) => {
                tracing::warn!("a pack is not installed: {error}");
                (false, error.for_staff())
            }
        }
    }

    /// Writes what happened onto the stick.
    fn answer(&mut self, stick: &StickId, words: &str) -> Result<(), StickError> {
        let root = self.sticks.make_writable(stick)?;
        let file = root.join(ANSWER);
        let day = (self.now)().map(|now| now.format("Ngày %-d/%-m/%Y, %-H giờ %M.\r\n").to_string());
        // A byte order mark and line ends for Notepad.
        let text = format!("\u{feff}{}{words}\r\n", day.unwrap_or_default());
        // Removed first: what stands there may be a link to somewhere else.
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let no_follow = i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()).unwrap_or_default();
        let mut answer = File::options()
            .write(true)
            .create_new(true)
            .custom_flags(no_follow)
            .open(&file)?;
        answer.write_all(text.as_bytes())?;
        Ok(answer.sync_all()?)
    }
}

/// Does what staff want of the packs. Called by the one thread that may change them.
pub fn obey(order: Order, slots: &Slots, tell: &mut impl FnMut(News)) {
    match order {
        Order::RollBack => match slots.roll_back() {
            Ok(slot) => {
                tracing::info!(?slot, "went back to the pack before");
                tell(News::NewPack);
            }
            Err(error) => tracing::warn!("can't go back: {error}"),
        },
    }
}

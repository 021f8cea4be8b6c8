//! From a stick to a slot: what is on it, is it for us, install it, write down what happened, let go of the stick.
//!
//! A stick is hostile until a signature holds: names are looked at in bounded number and time, links are not followed,
//! nothing on it is run. The kiosk's own answer is one text file, and a stick that has nothing to do with kiosks is left as it was. Begin
//! with [`StickWatch`].

mod outgoing;
mod search;

use std::fs::{self, File};
use std::io::{BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use chrono::NaiveDate;

use crate::bundle::{BundleError, Trust};
use crate::kiosk::device::clock::Clock;
use crate::kiosk::device::sticks::{Change, StickError, StickId, Sticks};
use crate::kiosk::slots::{InstallError, Progress, Slots};
use crate::kiosk::sync::incoming;
use crate::kiosk::sync::outbox::Outbox;

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
    /// A call to the office is over, well or not.
    OfficeCalled,
    /// Staff wanted the machine off, and it stays on: their page says why.
    StaysOn,
}

/// How it went, for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the pack is installed.
    pub installed: bool,
    /// Whether what the stick was brought for is done, as far as anybody can tell; else staff should read the words.
    pub went_well: bool,
    /// A sentence or two in Vietnamese.
    pub words: String,
    /// Whether the stick was let go: "Có thể rút USB".
    pub can_be_pulled_out: bool,
}

/// What others ask of the thread that keeps the packs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Show the pack before the one of this edition, which staff saw when they said so; before the current one if none was shown.
    RollBack(Option<u64>),
    /// Install a pack that came over the network, and remove its file.
    Install(PathBuf),
    /// The pack of this edition was shown for a while, or somebody read in it and left: it is no longer on trial.
    HasShownItself(u64),
}

/// Watches sticks and installs what they bring.
pub struct StickWatch<Tell> {
    /// Where sticks come from.
    pub sticks: Sticks,
    /// Where packs go.
    pub slots: Slots,
    /// Whose packs count.
    pub trust: Trust,
    /// What waits for the office, if this kiosk sends at all.
    pub outbox: Option<Outbox>,
    /// Takes the news.
    pub tell: Tell,
    /// Is told what the stick says of the time: it is not earlier than what the office has signed.
    pub clock: Clock,
}

impl<Tell: FnMut(News)> StickWatch<Tell> {
    /// Watches until nobody can give orders any more.
    ///
    /// # Errors
    /// [`StickError::NoService`] as soon as nobody looks after sticks any more; the caller may find somebody else who does.
    pub fn run(mut self, orders: &Receiver<Order>) -> Result<(), StickError> {
        loop {
            match orders.try_recv() {
                Ok(order) => obey(order, &self.slots, Some(&self.trust), &self.clock, &mut self.tell),
                Err(TryRecvError::Disconnected) => return Ok(()),
                Err(TryRecvError::Empty) => {}
            }
            match self.sticks.wait(PULSE) {
                Ok(changes) => changes.into_iter().for_each(|change| self.on_change(change)),
                Err(error @ StickError::NoService(_)) => return Err(error),
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
                // A stick that makes the program panic costs staff that stick, and nobody anything else.
                let served = panic::catch_unwind(AssertUnwindSafe(|| self.serve(&stick)));
                let outcome = served.unwrap_or_else(|_| Outcome {
                    installed: false,
                    went_well: false,
                    words: "Máy không dùng được USB này. Mời rút ra và dùng USB khác.".to_owned(),
                    can_be_pulled_out: self.sticks.unmount(&stick).is_ok(),
                });
                if outcome.installed {
                    (self.tell)(News::NewPack);
                }
                (self.tell)(News::Finished(outcome));
            }
        }
    }

    fn serve(&mut self, stick: &StickId) -> Outcome {
        let (is_ours, installed, went_well, words) = match self.sticks.mount(stick) {
            Ok(root) => {
                let found = self.install_from(&root);
                let is_ours = found.has_pack || outgoing::is_prepared(&root) || has_answer(&root);
                let (carried, carried_well) = self.carry(stick, &root, &found).unzip();
                let went_well = match found.came {
                    Came::Installed | Came::HereAlready => true,
                    Came::NoPack => carried.is_some(),
                    Came::NotInstalled => false,
                };
                let is_told = found.came != Came::NoPack || carried.is_none();
                let about_pack = is_told.then_some(found.words);
                let words: Vec<String> = about_pack.into_iter().chain(carried).collect();
                let installed = found.came == Came::Installed;
                let went_well = went_well && carried_well != Some(false);
                (is_ours, installed, went_well, words.join(" "))
            }
            Err(error) => {
                tracing::warn!("a stick can't be read: {error}");
                (
                    false,
                    false,
                    false,
                    "Máy không đọc được USB. Mời cắm lại, hoặc đổi USB khác.".to_owned(),
                )
            }
        };
        // The answer is a help, not a promise: a stick with a lock goes without it. A resident's own stick is nobody's to write on; what
        // came of it stands on the screen.
        if is_ours && let Err(error) = self.answer(stick, &words) {
            tracing::warn!("no answer on the stick: {error}");
        }
        let let_go = self.sticks.unmount(stick);
        if let Err(error) = &let_go {
            tracing::warn!("a stick can't be let go: {error}");
        }
        Outcome {
            installed,
            went_well,
            words,
            can_be_pulled_out: let_go.is_ok(),
        }
    }

    /// Takes receipts from the stick and gives it what waits, if it is a stick of the office; in words for staff, and
    /// whether it went well.
    fn carry(&mut self, stick: &StickId, root: &Path, found: &Found) -> Option<(String, bool)> {
        let outbox = self.outbox.as_ref()?;
        if !found.of_the_office && !outgoing::is_prepared(root) {
            return None;
        }
        let received = outgoing::take_receipts(root, outbox, &self.trust, &self.clock);
        // What the office has is over on this kiosk by now, also if the stick can't be written to.
        let copied = self
            .sticks
            .make_writable(stick)
            .map_err(std::io::Error::other)
            .and_then(|root| outgoing::copy(&root, outbox));
        let went_well = copied.is_ok() && received.refused == 0;
        Some((outgoing::for_staff(received, &copied), went_well))
    }

    fn install_from(&mut self, root: &Path) -> Found {
        let choice = match search::newest_pack(root, &self.trust, &self.slots) {
            Ok(choice) => choice,
            Err(nothing) => {
                return Found {
                    came: nothing.came(),
                    words: nothing.for_staff(),
                    has_pack: nothing.has_pack(),
                    of_the_office: nothing.is_of_the_office(),
                };
            }
        };
        let (came, words) = match install(&choice, &self.slots, &self.trust, &self.clock, &mut self.tell) {
            Ok(sequence) => {
                let words = format!("Đã nạp xong nội dung lần {sequence}. Màn hình tự đổi khi không có ai đang xem.");
                (Came::Installed, words)
            }
            Err(error) => {
                tracing::warn!("a pack is not installed: {error}");
                (Came::NotInstalled, error.for_staff())
            }
        };
        Found {
            came,
            words,
            has_pack: true,
            of_the_office: true,
        }
    }

    /// Writes what happened onto the stick.
    fn answer(&mut self, stick: &StickId, words: &str) -> Result<(), StickError> {
        let root = self.sticks.make_writable(stick)?;
        let file = root.join(ANSWER);
        let day = self
            .clock
            .now()
            .wall
            .map(|now| now.format("Ngày %-d/%-m/%Y, %-H giờ %M.\r\n").to_string());
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

/// What came of looking for a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    Installed,
    /// The kiosk has the newest of what is there.
    HereAlready,
    /// There is none, which nobody needs to hear who brought the stick for something else.
    NoPack,
    NotInstalled,
}

struct Found {
    came: Came,
    words: String,
    /// Whether a pack was there, whoever made it.
    has_pack: bool,
    /// Whether a pack was there that the office signed.
    of_the_office: bool,
}

/// Whether a kiosk has answered on this stick before, or something lies in the answer's place: what is said there is true no longer.
fn has_answer(root: &Path) -> bool {
    fs::symlink_metadata(root.join(ANSWER)).is_ok()
}

/// Installs a pack; gives its edition. The day on which the office made it has come.
fn install(
    pack: &Path,
    slots: &Slots,
    trust: &Trust,
    clock: &Clock,
    tell: &mut impl FnMut(News),
) -> Result<u64, InstallError> {
    let mut told: Option<Instant> = None;
    let file = File::open(pack).map_err(BundleError::Source)?;
    let manifest = slots.install(BufReader::with_capacity(256 * 1024, file), trust, |progress| {
        // All of it is written: it is looked over, which takes a while.
        let is_written = progress.done == progress.total;
        if is_written || told.is_none_or(|told| told.elapsed() >= TELL) {
            told = Some(Instant::now());
            tell(News::Installing(progress));
        }
    })?;
    tracing::info!(sequence = manifest.sequence, "a pack is installed");
    slots.is_shown();
    if let Ok(day) = manifest.created.parse::<NaiveDate>() {
        clock.is_at_least_day(day);
    }
    Ok(manifest.sequence)
}

/// Does what staff, or the network's carrier, want of the packs. Called by the one thread that may change them.
pub fn obey(order: Order, slots: &Slots, trust: Option<&Trust>, clock: &Clock, tell: &mut impl FnMut(News)) {
    match (order, trust) {
        (Order::HasShownItself(edition), _) => slots.has_shown_itself(edition),
        (Order::RollBack(from), _) => match slots.roll_back(from) {
            Ok(slot) => {
                tracing::info!(?slot, "went back to the pack before");
                slots.is_shown();
                tell(News::NewPack);
            }
            Err(error) => tracing::warn!("can't go back: {error}"),
        },
        (Order::Install(pack), Some(trust)) => {
            // Without a word on the screen: nobody stands there with a stick.
            let installed = install(&pack, slots, trust, clock, &mut |_| {});
            let removed = match &installed {
                Ok(_) => fs::remove_file(&pack),
                Err(error) => {
                    tracing::warn!("a pack from the network is not installed: {error}");
                    // Else it is tried again after the next call.
                    if error.is_for_good() {
                        incoming::refuse(&pack)
                    } else {
                        Ok(())
                    }
                }
            };
            if let Err(error) = removed {
                tracing::warn!("{} can't be removed: {error}", pack.display());
            }
            if installed.is_ok() {
                tell(News::NewPack);
            }
        }
        (Order::Install(_), None) => tracing::error!("nobody's packs are trusted here"),
    }
}

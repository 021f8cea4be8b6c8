//! Somebody in front of the machine: touches what is written, and expects to see what the twin shows.
//!
//! Every picture is kept in `target/image-test/` for a person to look at. Begin with [`Resident`].

use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use commune_kiosk::kiosk::screen::headless::Picture;

use crate::machine::{Machine, album};
use crate::panel::Panel;
use crate::twin::{Place, Twin, Way};

/// The share of pixels that may differ: another version of the font, the minute, a line that turns a moment later.
/// From one page of a guide to the next, where least changes, it is more than twice as many.
pub const TOLERANCE: f64 = 0.02;

/// How long the machine may take to show what it must.
const PATIENCE: Duration = Duration::from_secs(45);

/// So long after the last touch nobody is there any more.
const IDLE: Duration = Duration::from_secs(90);

/// How long at most, however slow it is: a minute after a touch the twin asks whether anybody is there.
const LONGEST: Duration = Duration::from_secs(55);

/// Between two touches of a calm finger. The emulator's time may go at a third of ours and slower: a quarter of a second there, within which a
/// second touch is taken for a tremble, may be more than one here.
const PAUSE: Duration = Duration::from_millis(2500);

/// The most pages that are turned to find something.
const MOST_PAGES: usize = 30;

/// A person at a machine that runs, with its twin.
pub struct Resident {
    /// The machine.
    pub machine: Machine,
    /// What it must look like.
    pub twin: Twin,
    pictures: u32,
    touched: Instant,
    /// The most that differed where the pictures were taken for the same.
    differed: f64,
    /// The longest from a touch to its picture, with the time that it takes to look.
    slowest: Duration,
}

impl Resident {
    /// Stands before a machine that runs and shows this library; sees the invitation.
    pub fn before(mut machine: Machine, content: PathBuf) -> Self {
        let twin = twin_of(&mut machine, content);
        let mut resident = Self {
            machine,
            twin,
            pictures: 0,
            touched: Instant::now(),
            differed: 0.0,
            slowest: Duration::ZERO,
        };
        resident.sees("invitation");
        resident
    }

    /// The kiosk was started anew, with this library; goes on, and sees the invitation.
    pub fn stands_before_it_again(&mut self, content: PathBuf) {
        self.twin = twin_of(&mut self.machine, content);
        self.sees("invitation");
    }

    /// Goes away; sees from afar that the kiosk believes it.
    pub fn leaves(&mut self) {
        while !self.twin.invites() {
            sleep(Duration::from_secs(1));
        }
        // The twin's clock is this computer's. The machine's is behind it where the emulator gets a small share of a processor.
        let patience = self.machine.patience(PATIENCE + IDLE);
        self.sees_within("nobody-is-there", patience);
    }

    /// Touches one after the other: `"Làm thủ tục > Tra cứu hồ sơ đã nộp > Cần chuẩn bị"`; sees each screen that comes of it.
    pub fn taps(&mut self, script: &str) {
        for words in script.split(" > ") {
            self.tap(words);
        }
    }

    /// Touches what says these words, turning pages until it is there.
    pub fn tap(&mut self, words: &str) {
        for _ in 0..MOST_PAGES {
            match self.twin.way(words) {
                Way::Here(place) => return self.touches(place, words),
                Way::Turn(place) => self.touches(place, "xuong"),
                Way::Nowhere(labels) => panic!("there is nothing to touch that says “{words}”, only {labels:?}"),
            }
        }
        panic!("“{words}” is on none of {MOST_PAGES} pages");
    }

    /// Touches a place on both, and sees the same on both.
    pub fn touches(&mut self, place: Place, name: &str) {
        self.touches_blindly(place);
        self.sees(name);
        self.slowest = self.slowest.max(self.touched.elapsed());
    }

    /// How long the slowest touch took since this was last asked.
    pub fn slowest(&mut self) -> Duration {
        std::mem::take(&mut self.slowest)
    }

    /// Touches a place on both, without looking.
    pub fn touches_blindly(&mut self, place: Place) {
        sleep(PAUSE.saturating_sub(self.touched.elapsed()));
        self.machine.touches(place);
        self.twin.touches(place);
        self.touched = Instant::now();
    }

    /// Waits until the machine shows what the twin shows, and keeps the picture.
    pub fn sees(&mut self, name: &str) {
        let patience = self.machine.patience(PATIENCE);
        // Where nobody is, the twin asks nothing.
        let longest = if self.twin.invites() { patience } else { LONGEST };
        self.sees_within(name, patience.min(longest));
    }

    /// The same, of what takes longer than a touch.
    pub fn sees_within(&mut self, name: &str, patience: Duration) {
        self.pictures += 1;
        let name = format!("{}-{:02}-{}", self.machine.setting.name, self.pictures, file_name(name));
        let file = album().join(format!("{name}.png"));
        let begun = Instant::now();
        loop {
            let (seen, expected) = (self.machine.picture(), self.twin.picture());
            // Which slide stands on an invitation depends on the moment; whether it is one doesn't.
            let compared = |picture: &Picture| {
                if self.twin.invites() {
                    lower(picture)
                } else {
                    picture.clone()
                }
            };
            let differs = seen
                .as_ref()
                .map_or(1.0, |seen| compared(seen).difference(&compared(&expected)));
            if differs <= TOLERANCE {
                self.differed = self.differed.max(differs);
                seen.expect("a picture").write(&file).expect("written");
                return;
            }
            if begun.elapsed() > patience {
                let twin = album().join(format!("{name}-expected.png"));
                expected.write(&twin).expect("written");
                if let Some(seen) = seen {
                    seen.write(&file).expect("written");
                }
                panic!(
                    "{name}: after {patience:?} {:.1} % of the picture differs: {} should be {}",
                    differs * 100.0,
                    file.display(),
                    twin.display()
                );
            }
            sleep(Duration::from_millis(150));
        }
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        let (name, share) = (self.machine.setting.name, self.differed * 100.0);
        println!(
            "{name}: {} pictures, of which at most {share:.2} % differed",
            self.pictures
        );
    }
}

/// The lower quarter of a picture, with the buttons of the invitation.
fn lower(picture: &Picture) -> Picture {
    let height = picture.height / 4;
    let from = 3 * (picture.width * (picture.height - height)) as usize;
    Picture {
        width: picture.width,
        height,
        rgb: picture.rgb.get(from..).unwrap_or_default().to_vec(),
    }
}

/// A twin of the machine's kiosk, as old as that, with the same time of day.
fn twin_of(machine: &mut Machine, content: PathBuf) -> Twin {
    let said = machine.runs(
        "date +%FT%T; cut -d' ' -f1 /proc/uptime; systemctl show kiosk -p ExecMainStartTimestampMonotonic --value",
    );
    let [clock, up, started] = said.lines().collect::<Vec<_>>()[..] else {
        panic!("{said}");
    };
    let clock: NaiveDateTime = clock.parse().expect("a time");
    let up = Duration::from_secs_f64(up.parse().expect("seconds"));
    let started = Duration::from_micros(started.parse().expect("microseconds"));
    let size = Panel::of(&machine.setting).seen_size();
    Twin::start(content, size, Some(clock), up.saturating_sub(started))
}

/// Words as a name of a file: letters of English and hyphens, not too long.
fn file_name(words: &str) -> String {
    let folded = commune_kiosk::content::vietnamese::fold(words);
    let name: String = folded
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .collect();
    name.trim_matches('-').chars().take(40).collect()
}

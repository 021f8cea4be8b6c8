//! Power cuts at any moment: while a pack is installed, while residents are counted.
//!
//! A cut is the end of the emulator (SIGKILL). What the machine had asked its disk to keep is kept; what was only in its
//! memory is gone, as when somebody pulls the plug. Two machines share the twenty cuts, so that they take half the time.

use std::env;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::editions::{self, FIRST, Press, lies_in};
use crate::machine::{Machine, Setting};
use crate::resident::Resident;
use crate::sticks;

/// What each machine goes through.
const CUTS: u32 = 10;

/// What a power cut may lose (`LONGEST_WAIT` in `usage/log.rs`), and a little for a machine that is emulated.
const MAY_BE_LOST: Duration = Duration::from_secs(30 + 5);

/// The longest that a stick is in before the power is cut; an installation takes less.
const STICK: Duration = Duration::from_secs(25);

/// The longest that residents come before the power is cut.
const VISITS: Duration = Duration::from_secs(75);

/// The page that is counted.
const PAGE: &str = "khai-sinh";

#[test]
fn ten_power_cuts_leave_a_pack_and_the_counts() {
    power_cuts("6-cuts-a", 1);
}

#[test]
fn ten_more_power_cuts_leave_a_pack_and_the_counts() {
    power_cuts("6-cuts-b", 2);
}

/// `SEED` repeats the moments of an earlier run.
pub fn seed(machine: u64) -> u64 {
    let given = env::var("SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    given.unwrap_or_else(|| fastrand::u64(..1_000_000) * 10) + machine
}

fn power_cuts(name: &'static str, machine: u64) {
    if !crate::is_told() {
        return;
    }
    let seed = seed(machine);
    println!("{name}: SEED={}", seed - machine);
    let mut random = fastrand::Rng::with_seed(seed);
    let press = Press::new();
    let mut machine = Machine::new(Setting::of(name));
    press.introduces_itself(&machine, "", "");
    machine.starts();
    let built_in = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, built_in);
    let mut story = Story {
        press,
        shown: FIRST,
        brought: FIRST,
        counted: 0,
        opened: Vec::new(),
    };
    let mut switched = 0;
    for cut in 1..=CUTS {
        let before = story.shown;
        let during = if cut % 2 == 1 {
            story.brings_stick(&mut resident, random.f64());
            "an installation"
        } else {
            story.visits(&mut resident, random.f64());
            "visits"
        };
        let when = Instant::now();
        resident.machine.cut();
        let took = resident.machine.starts();
        let lost = story.looks(&mut resident, when);
        switched += u32::from(story.shown > before);
        println!(
            "{name}: cut {cut} during {during}: edition {before}, then {}; {lost} counts lost; runs after {took:?}",
            story.shown
        );
    }
    println!(
        "{name}: {switched} of {} installations were over before the power was cut",
        CUTS / 2
    );
}

/// What is known of the machine.
struct Story {
    press: Press,
    /// The edition that was shown before the cut.
    shown: u64,
    /// The newest edition that a stick brought.
    brought: u64,
    /// How often the page was opened, by what is on the disk.
    counted: u64,
    /// When the page was opened since.
    opened: Vec<Instant>,
}

impl Story {
    /// A stick with the next edition; comes back at a moment of its installation.
    fn brings_stick(&mut self, resident: &mut Resident, moment: f64) {
        self.brought += 1;
        let name = format!("stick-{}", self.brought);
        let folder = resident.machine.file(&format!("{name}-folder"));
        lies_in(&folder, "le-loi.kpack", &self.press.pack(self.brought));
        let stick = sticks::fat(resident.machine.file(&name), &folder);
        resident.machine.plugs_stick(&stick, &name);
        sleep(STICK.mul_f64(moment));
    }

    /// Opens the page again and again; comes back at a moment of that.
    fn visits(&mut self, resident: &mut Resident, moment: f64) {
        let end = Instant::now() + VISITS.mul_f64(moment);
        while Instant::now() < end {
            resident.taps("Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
            self.opened.push(Instant::now());
            sleep(
                end.saturating_duration_since(Instant::now())
                    .min(Duration::from_secs(2)),
            );
            resident.tap("Trang chủ");
        }
    }

    /// After the start: the old pack or the new one is shown, and no count that had its time is lost. Gives how many are.
    fn looks(&mut self, resident: &mut Resident, cut: Instant) -> u64 {
        let edition = resident.machine.edition().unwrap_or(FIRST);
        assert!(
            edition == self.shown || edition == self.brought,
            "edition {edition}, neither {} nor {}",
            self.shown,
            self.brought
        );
        self.shown = edition;
        let counted = resident.machine.counted("page-opened", PAGE);
        let opened = self.opened.len() as u64;
        let written = self
            .opened
            .iter()
            .filter(|opened| cut.duration_since(**opened) > MAY_BE_LOST)
            .count() as u64;
        assert!(
            (self.counted + written..=self.counted + opened).contains(&counted),
            "{counted} on the disk; before there were {}, then {opened} came, {written} of them long before the cut",
            self.counted
        );
        let lost = self.counted + opened - counted;
        (self.counted, self.opened) = (counted, Vec::new());
        let library = match edition {
            FIRST => resident.machine.file("content.db"),
            newer => self.press.library(newer),
        };
        resident.stands_before_it_again(library);
        // The tiles say which edition is shown.
        resident.tap("Chạm để bắt đầu");
        lost
    }
}

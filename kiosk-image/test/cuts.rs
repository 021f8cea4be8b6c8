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

/// The longest that a stick is in before the power is cut, as a part of what an installation takes on this machine: two of three cuts
/// fall into one. How long it takes is measured first, for an emulator's speed changes with what else its computer does.
const STICK: f64 = 1.5;

/// How long an installation may take at all, on a machine that starts as fast as usual.
const INSTALLED: Duration = Duration::from_mins(2);

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
        installation: Duration::ZERO,
        shown: FIRST,
        brought: FIRST,
        counted: 0,
        opened: Vec::new(),
    };
    story.measures_an_installation(&mut resident);
    println!("{name}: an installation takes {:?}", story.installation);
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
    /// How long it takes from plugging a stick in until its edition is the current one.
    installation: Duration,
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
    /// Installs an edition without any cut.
    fn measures_an_installation(&mut self, resident: &mut Resident) {
        let begun = Instant::now();
        let stick = self.plugs_stick(resident);
        let machine = &mut resident.machine;
        // The record that names it is the last that is written.
        machine.waits_until_within(
            INSTALLED,
            &format!("grep -qF {}.db /data/kiosk/packs/current", self.brought),
        );
        self.installation = begun.elapsed();
        self.shown = self.brought;
        machine.waits_until("! grep -q ^/dev/sd /proc/mounts");
        machine.pulls(&stick);
        resident.stands_before_it_again(self.press.library(self.shown));
    }

    /// A stick with the next edition; comes back at a moment of its installation, or a while after it.
    fn brings_stick(&mut self, resident: &mut Resident, moment: f64) {
        self.plugs_stick(resident);
        sleep(self.installation.mul_f64(STICK * moment));
    }

    /// A stick with the next edition; its name.
    fn plugs_stick(&mut self, resident: &mut Resident) -> String {
        self.brought += 1;
        let name = format!("stick-{}", self.brought);
        let folder = resident.machine.file(&format!("{name}-folder"));
        lies_in(&folder, "le-loi.kpack", &self.press.pack(self.brought));
        let stick = sticks::fat(resident.machine.file(&name), &folder);
        resident.machine.plugs_stick(&stick, &name);
        name
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
        let may_be_lost = resident.machine.patience(MAY_BE_LOST);
        let written = self
            .opened
            .iter()
            .filter(|opened| cut.duration_since(**opened) > may_be_lost)
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

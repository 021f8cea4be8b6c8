//! GPIO lines on a chip that the kernel simulates (gpio-sim, `Documentation/admin-guide/gpio/gpio-sim.rst`).
//!
//! Needs root and the module: `modprobe gpio-sim`, configfs at `/sys/kernel/config`. Elsewhere it says so and does nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use commune_kiosk::kiosk::device::gpio::{self, GpioError, Input, Line, Place};

const SIMULATOR: &str = "/sys/kernel/config/gpio-sim";

/// Longer than a line may bounce (50 ms) and a thread may take to wake.
const SOON: Duration = Duration::from_secs(2);

/// A chip of eight lines, of which the third is called `KIOSK-KEY`.
struct Chip {
    config: PathBuf,
    /// As `gpiochip3`.
    name: String,
    lines: PathBuf,
}

impl Chip {
    fn new() -> Self {
        let config = Path::new(SIMULATOR).join(format!("kiosk-{}", std::process::id()));
        let (bank, line) = (config.join("bank0"), config.join("bank0/line2"));
        fs::create_dir(&config).expect("a device");
        fs::create_dir(&bank).expect("a bank");
        fs::write(bank.join("num_lines"), "8").expect("lines");
        fs::write(bank.join("label"), "kiosk-test").expect("a label");
        fs::create_dir(&line).expect("a line");
        fs::write(line.join("name"), "KIOSK-KEY").expect("a name");
        fs::write(config.join("live"), "1").expect("a live chip");
        let read = |file: PathBuf| fs::read_to_string(file).expect("a name").trim().to_owned();
        let (device, name) = (read(config.join("dev_name")), read(bank.join("chip_name")));
        let lines = Path::new("/sys/devices/platform").join(device).join(&name);
        let node = Path::new("/dev").join(&name);
        let begun = Instant::now();
        while !node.exists() && begun.elapsed() < SOON {
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { config, name, lines }
    }

    fn pull(&self, line: u32, up: bool) {
        let pull = self.lines.join(format!("sim_gpio{line}/pull"));
        fs::write(pull, if up { "pull-up" } else { "pull-down" }).expect("pulled");
    }
}

impl Drop for Chip {
    fn drop(&mut self) {
        let _ = fs::write(self.config.join("live"), "0");
        for folder in ["bank0/line2", "bank0", ""] {
            let _ = fs::remove_dir(self.config.join(folder));
        }
    }
}

fn next(told: &Receiver<(Input, bool)>) -> (Input, bool) {
    told.recv_timeout(SOON).expect("something is told")
}

#[test]
fn levels_are_told_at_the_start_and_at_every_change() {
    if !Path::new(SIMULATOR).exists() {
        eprintln!("skipped: this machine has no {SIMULATOR}");
        return;
    }
    let chip = Chip::new();
    // A sensor that sees nobody, and a key that is not turned.
    chip.pull(5, false);
    chip.pull(2, true);
    let numbered = |chip: &str| Place::Numbered {
        chip: chip.to_owned(),
        line: 5,
    };
    for place in [numbered("kiosk-test"), numbered(&format!("/dev/{}", chip.name))] {
        let line = Line::of(Input::Presence, place, None);
        assert_eq!(gpio::level(Input::Presence, &line), Ok(false), "{line:?}");
    }
    let wanted = [
        (Input::Presence, Line::of(Input::Presence, numbered(&chip.name), None)),
        (
            Input::StaffKey,
            Line::of(Input::StaffKey, Place::Named("KIOSK-KEY".to_owned()), None),
        ),
    ];
    let (tell, told) = mpsc::channel();
    let watched = gpio::watch(&wanted, move |input, level| {
        // The test may be over.
        let _ = tell.send((input, level));
    });
    assert_eq!(watched, [Input::Presence, Input::StaffKey]);
    assert_eq!(next(&told), (Input::Presence, false));
    assert_eq!(next(&told), (Input::StaffKey, false));

    chip.pull(5, true);
    assert_eq!(next(&told), (Input::Presence, true));
    chip.pull(2, false);
    assert_eq!(next(&told), (Input::StaffKey, true), "low is yes");
    chip.pull(2, true);
    assert_eq!(next(&told), (Input::StaffKey, false));

    // A contact that bounces for less than 50 ms says nothing.
    let bounce = || {
        let begun = Instant::now();
        for up in [false, true, false, true] {
            chip.pull(5, up);
            std::thread::sleep(Duration::from_millis(5));
        }
        begun.elapsed()
    };
    // On a busy machine it may be no bounce, but somebody who goes and comes.
    while bounce() > Duration::from_millis(40) {
        while told.recv_timeout(Duration::from_millis(300)).is_ok() {}
    }
    assert!(told.recv_timeout(Duration::from_millis(300)).is_err());

    // Nobody else gets a line that is watched.
    let (input, line) = &wanted[1];
    assert!(matches!(gpio::level(*input, line), Err(GpioError::Refused(_))));
    assert_eq!(gpio::watch(&wanted, |_, _| {}), []);
}

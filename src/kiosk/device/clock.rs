//! Time, and whether the machine knows it.
//!
//! A Raspberry Pi has no battery for its clock: until the network has told it the time, its date is invented. Such a date is
//! never shown and never counted by.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::Local;

use crate::usage::stamp::Stamp;

/// systemd-timesyncd makes this file once the clock has been set from the network (systemd-timesyncd.service(8)).
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// The time of the clock with a battery, in seconds since 1970 (the kernel's sysfs-class-rtc). A board may have the clock and no
/// battery: then it starts at 1970, while the system begins at a date that it remembers.
const BATTERY_CLOCK: &str = "/sys/class/rtc/rtc0/since_epoch";

/// How far the two may be apart: time zones, should somebody keep the battery clock in local time.
const NEAR: u64 = 24 * 60 * 60;

/// No kiosk ran before the year 2026: a clock that says so is wrong.
const FIRST_SECOND: i64 = 1_767_225_600;

/// How the machine knows the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From the network, through systemd-timesyncd.
    Network,
    /// From the clock with a battery.
    Battery,
}

impl Source {
    /// In a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Battery => "battery",
        }
    }
}

/// The machine's clocks, since the start of the program.
#[derive(Debug)]
pub struct Clock {
    started: Instant,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

impl Clock {
    /// The time now; without a date as long as the date can't be trusted.
    #[must_use]
    pub fn now(&self) -> Stamp {
        Stamp {
            monotonic: self.started.elapsed(),
            wall: source(Path::new("/")).map(|_| Local::now().naive_local()),
        }
    }
}

/// How the machine under `root` knows the time; `None` if it doesn't.
#[must_use]
pub fn source(root: &Path) -> Option<Source> {
    source_of(Local::now().timestamp(), root)
}

/// For how long the machine under `root` has run, from `/proc/uptime` (`proc_uptime(5)`).
#[must_use]
pub fn uptime(root: &Path) -> Option<Duration> {
    let text = fs::read_to_string(root.join("proc/uptime")).ok()?;
    let seconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// What reason the machine under `root` has to know the time that it says (seconds since 1970).
fn source_of(seconds: i64, root: &Path) -> Option<Source> {
    let under = |path: &str| root.join(path.trim_start_matches('/'));
    let battery: Option<i64> = fs::read_to_string(under(BATTERY_CLOCK))
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let near = battery.is_some_and(|battery| battery.abs_diff(seconds) < NEAR);
    match (seconds >= FIRST_SECOND, under(SYNCHRONISED).exists(), near) {
        (false, ..) | (_, false, false) => None,
        (_, true, _) => Some(Source::Network),
        (_, _, true) => Some(Source::Battery),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = FIRST_SECOND + 10_000_000;

    fn machine(file: &str, text: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        let path = root.path().join(file.trim_start_matches('/'));
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
        root
    }

    #[test]
    fn a_clock_that_nobody_set_is_not_believed() {
        assert_eq!(source_of(NOW, machine("etc/hostname", "kiosk").path()), None);
    }

    #[test]
    fn a_clock_set_from_the_network_is_believed() {
        let root = machine(SYNCHRONISED, "");
        assert_eq!(source_of(NOW, root.path()), Some(Source::Network));
        assert_eq!(source_of(0, root.path()), None, "not even the network makes it 1970");
    }

    #[test]
    fn a_clock_with_a_battery_is_believed_as_long_as_the_battery_lasts() {
        let with = |text: &str| source_of(NOW, machine(BATTERY_CLOCK, text).path());
        assert_eq!(with(&format!("{}\n", NOW - 3)), Some(Source::Battery));
        assert_eq!(with("1234\n"), None, "the battery is flat or was never there");
    }

    #[test]
    fn the_machine_says_for_how_long_it_has_run() {
        let root = machine("proc/uptime", "350735.47 234388.90\n");
        assert_eq!(uptime(root.path()), Some(Duration::from_millis(350_735_470)));
        assert_eq!(uptime(machine("proc/uptime", "-1 x").path()), None);
        assert_eq!(uptime(Path::new("/nowhere")), None);
    }
}

//! Time, and whether the machine knows it.
//!
//! A Raspberry Pi has no battery for its clock: until the network has told it the time, its date is invented. Such a date is
//! never shown and never counted by.

use std::fs;
use std::path::Path;
use std::time::Instant;

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
            wall: is_known(Local::now().timestamp(), Path::new("/")).then(|| Local::now().naive_local()),
        }
    }
}

/// Whether the machine under `root` has a reason to know the time that it says (seconds since 1970).
fn is_known(seconds: i64, root: &Path) -> bool {
    let under = |path: &str| root.join(path.trim_start_matches('/'));
    let battery: Option<i64> = fs::read_to_string(under(BATTERY_CLOCK))
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let near = battery.is_some_and(|battery| battery.abs_diff(seconds) < NEAR);
    seconds >= FIRST_SECOND && (near || under(SYNCHRONISED).exists())
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
        assert!(!is_known(NOW, machine("etc/hostname", "kiosk").path()));
    }

    #[test]
    fn a_clock_set_from_the_network_is_believed() {
        let root = machine(SYNCHRONISED, "");
        assert!(is_known(NOW, root.path()));
        assert!(!is_known(0, root.path()), "not even the network makes it 1970");
    }

    #[test]
    fn a_clock_with_a_battery_is_believed_as_long_as_the_battery_lasts() {
        assert!(is_known(NOW, machine(BATTERY_CLOCK, &format!("{}\n", NOW - 3)).path()));
        assert!(
            !is_known(NOW, machine(BATTERY_CLOCK, "1234\n").path()),
            "the battery is flat or was never there"
        );
    }
}

//! Time, and whether the machine knows it.
//!
//! A Raspberry Pi has no battery for its clock: until the network has told it the time, its date is invented. Such a date is
//! never shown and never counted by.

use std::path::Path;
use std::time::Instant;

use chrono::{Datelike, Local, NaiveDateTime};

use crate::usage::stamp::Stamp;

/// systemd-timesyncd makes this file once the clock has been set from the network (systemd-timesyncd.service(8)).
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// A clock with a battery, as the kernel lists it.
const BATTERY_CLOCK: &str = "/sys/class/rtc/rtc0";

/// No kiosk ran before this year: a clock that says so has lost its battery.
const FIRST_YEAR: i32 = 2026;

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
            wall: trusted(Local::now().naive_local(), Path::new("/")),
        }
    }
}

/// The local time if the machine under `root` has a reason to know it.
fn trusted(local: NaiveDateTime, root: &Path) -> Option<NaiveDateTime> {
    let known = [SYNCHRONISED, BATTERY_CLOCK]
        .iter()
        .any(|path| root.join(path.trim_start_matches('/')).exists());
    (known && local.year() >= FIRST_YEAR).then_some(local)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn noon(year: i32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(year, 3, 1)
            .and_then(|day| day.and_hms_opt(12, 0, 0))
            .expect("a day")
    }

    #[test]
    fn a_clock_that_nobody_set_is_not_believed() {
        let root = tempfile::tempdir().expect("a folder");
        assert_eq!(trusted(noon(2026), root.path()), None);
        std::fs::create_dir_all(root.path().join("run/systemd/timesync")).expect("made");
        std::fs::write(root.path().join("run/systemd/timesync/synchronized"), "").expect("written");
        assert_eq!(trusted(noon(2026), root.path()), Some(noon(2026)));
        assert_eq!(trusted(noon(1970), root.path()), None, "a battery clock that went flat");
    }
}

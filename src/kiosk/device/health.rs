//! How the machine is, as it was last looked at: for the statistics and for the staff page.
//!
//! Looking means reading small files, once a minute, on a thread of its own; only the canary writes to the card, at the start
//! and once an hour. Begin with [`Monitor::refresh`].

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::power::{self, Power};
use super::storage::{self, Canary, Look, Storage};
use crate::usage::statistics::Card;

/// How often to look.
pub const EVERY: Duration = Duration::from_mins(1);

/// How often to write the canary: it is the only thing here that wears the card.
const CANARY_EVERY: Duration = Duration::from_hours(1);

/// How the machine is. What nobody knows is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// What the card or disk says; the canary is the last one that was tried.
    pub storage: Look,
    /// Voltage and heat now.
    pub power: Power,
    /// Whether the voltage was ever too low since the program's start.
    pub under_voltage_seen: Option<bool>,
    /// The hottest that the processor was since the program's start, in °C.
    pub hottest: Option<i64>,
}

impl Health {
    /// What the storage's state means; `None` if nothing is known of it.
    #[must_use]
    pub fn card(&self) -> Option<Card> {
        storage::judge(&self.storage)
    }
}

/// Looks after a machine.
#[derive(Debug)]
pub struct Monitor {
    storage: Storage,
    root: PathBuf,
    canary: Option<Canary>,
    /// Monotonic time of the last canary.
    tried: Option<Duration>,
    health: Health,
}

impl Monitor {
    /// Looks after the machine whose data are in a folder, and whose `/proc` and `/sys` are under `root`.
    #[must_use]
    pub fn new(data: &Path, root: &Path) -> Self {
        Self {
            storage: Storage::new(data, root),
            root: root.to_owned(),
            canary: None,
            tried: None,
            health: Health::default(),
        }
    }

    /// Looks; call it [every minute](EVERY). `now` is monotonic time.
    pub fn refresh(&mut self, now: Duration) -> Health {
        if self.tried.is_none_or(|tried| now.saturating_sub(tried) >= CANARY_EVERY) {
            self.canary = self.storage.try_canary();
            self.tried = Some(now);
        }
        self.take(self.storage.look(), power::look(&self.root));
        self.health.clone()
    }

    fn take(&mut self, look: Look, power: Power) {
        let seen = [self.health.under_voltage_seen, power.under_voltage];
        self.health = Health {
            storage: Look {
                canary: self.canary,
                ..look
            },
            power,
            under_voltage_seen: seen.into_iter().flatten().max(),
            hottest: self.health.hottest.max(power.temperature),
        };
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::MetadataExt;

    use super::*;

    fn minutes(minutes: u64) -> Duration {
        Duration::from_mins(minutes)
    }

    #[test]
    fn the_canary_is_written_at_the_start_and_once_an_hour() {
        let data = tempfile::tempdir().unwrap();
        let mut monitor = Monitor::new(data.path(), Path::new("/nowhere"));
        // Its coming and going changes the time of the folder.
        let changed = || {
            let folder = fs::metadata(data.path()).unwrap();
            (folder.mtime(), folder.mtime_nsec())
        };
        let mut last = changed();
        // Longer than the kernel's clock of files needs to go on.
        std::thread::sleep(Duration::from_millis(20));
        let mut written = Vec::new();
        for minute in 0..=121 {
            std::thread::sleep(Duration::from_millis(5));
            let health = monitor.refresh(minutes(minute));
            assert_eq!(health.storage.canary, Some(Canary::Fine));
            assert_eq!(health.card(), Some(Card::Fine));
            if std::mem::replace(&mut last, changed()) != last {
                written.push(minute);
            }
        }
        assert_eq!(written, [0, 60, 120]);
    }

    #[test]
    fn what_was_seen_once_is_remembered() {
        let mut monitor = Monitor::new(Path::new("/nowhere"), Path::new("/nowhere"));
        assert_eq!(monitor.refresh(minutes(0)), Health::default());
        let mut seen = |under_voltage, temperature| {
            monitor.take(
                Look::default(),
                Power {
                    under_voltage,
                    temperature,
                },
            );
            (monitor.health.under_voltage_seen, monitor.health.hottest)
        };
        assert_eq!(seen(Some(false), Some(61)), (Some(false), Some(61)));
        assert_eq!(seen(Some(true), Some(82)), (Some(true), Some(82)));
        assert_eq!(seen(Some(false), Some(55)), (Some(true), Some(82)));
        assert_eq!(seen(None, None), (Some(true), Some(82)));
    }
}

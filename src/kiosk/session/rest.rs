//! When the screen may be dark: nobody is there, and nobody has been for long.

use std::time::Duration;

use crate::usage::stamp::Stamp;

/// What is known of a hall where nobody touches the screen.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// After so long without anybody the screen rests; `None` if it never does.
    pub after: Option<Duration>,
    /// Whether the sensor sees somebody.
    is_present: bool,
    /// Monotonic time at which somebody was last known to be there without touching.
    last_seen: Duration,
}

impl Rest {
    /// The screen was touched while it rested.
    pub fn wake(&mut self, now: Stamp) {
        self.last_seen = now.monotonic;
    }

    /// The sensor sees somebody, or nobody any more.
    pub fn see(&mut self, is_present: bool, now: Stamp) {
        self.is_present = is_present;
        self.last_seen = now.monotonic;
    }

    /// Whether it is time, if nobody is using the kiosk.
    pub fn is_due(&self, last_touch: Stamp, now: Stamp) -> bool {
        let silence = now.monotonic.saturating_sub(self.last_seen.max(last_touch.monotonic));
        !self.is_present && self.after.is_some_and(|after| silence >= after)
    }
}

//! Time as the counters see it: handed in, and honest about not being known.

use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime};

/// A moment, given by the shell with every call. The counters never ask a clock themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Time since this run of the program began, from a clock that never goes back.
    pub monotonic: Duration,
    /// Local date and time, or `None` while the machine's clock can't be trusted (no network, no battery).
    pub wall: Option<NaiveDateTime>,
    /// A day that it certainly is already, also while `wall` is not known: nothing is counted by it, but what ended before is over.
    pub earliest: Option<NaiveDate>,
}

impl Stamp {
    /// A moment whose date is not known.
    #[must_use]
    pub const fn undated(monotonic: Duration) -> Self {
        Self {
            monotonic,
            wall: None,
            earliest: None,
        }
    }

    /// A moment whose date is known.
    #[must_use]
    pub const fn dated(monotonic: Duration, wall: NaiveDateTime) -> Self {
        Self {
            monotonic,
            wall: Some(wall),
            earliest: None,
        }
    }

    /// Whole hours since this run of the program began.
    #[must_use]
    pub fn hour_of_run(&self) -> u32 {
        u32::try_from(self.monotonic.as_secs() / 3600).unwrap_or(u32::MAX)
    }

    /// Time passed since `earlier`; zero if the stamps came in the wrong order.
    #[must_use]
    pub const fn since(&self, earlier: &Self) -> Duration {
        self.monotonic.saturating_sub(earlier.monotonic)
    }
}

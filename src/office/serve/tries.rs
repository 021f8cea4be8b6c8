//! Wrong passwords: whoever tries too often waits, longer and longer.
//!
//! Counted by account and address together, so that nobody who knows a name keeps its owner out from elsewhere; and by address, for
//! whoever tries many names. Names that don't exist are counted as others are. In memory and by a clock that can't be set: a start
//! forgets it, and takes longer than the first waits. Begin with [`Tries::count`].

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::address::Address;

/// How many wrong passwords for one account are borne of an address before each further try has to wait; and how many in all, where
/// many officers may share it.
const FREE: u32 = 3;
const FREE_OF_ADDRESS: u32 = 20;

/// The wait after the first try too many; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_secs(5);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// When all is forgotten after the last try: as many tries an hour are free then as come of the longest waits.
const FORGET: Duration = Duration::from_hours(1);

/// How many counts there are. Whoever meets another's by chance waits with them; nobody can choose whom to meet.
const COUNTS: usize = 16_384;

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    failures: u32,
    last: Option<Instant>,
}

impl Count {
    /// For how long nobody is listened to.
    fn wait(self, free: u32, now: Instant) -> Duration {
        let (Some(many), Some(last)) = (self.failures.checked_sub(free + 1), self.last) else {
            return Duration::ZERO;
        };
        let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(many)).min(LONGEST_WAIT);
        (last + wait).saturating_duration_since(now)
    }
}

/// Counts tries.
pub struct Tries {
    /// Random, and known to nobody.
    places: RandomState,
    counts: Mutex<Vec<Count>>,
}

impl Default for Tries {
    fn default() -> Self {
        Self {
            places: RandomState::new(),
            counts: Mutex::new(vec![Count::default(); COUNTS]),
        }
    }
}

impl Tries {
    /// Counts a try before the password is looked at, because others may come in the same moment.
    ///
    /// # Errors
    /// How long to wait; then it is neither counted nor to be looked at.
    pub fn count(&self, account: &str, address: Address, now: Instant) -> Result<(), Duration> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = self.counted(account, address);
        for (place, _) in counted.into_iter().flatten() {
            let is_old = counts[place]
                .last
                .is_some_and(|last| now.duration_since(last) >= FORGET);
            if is_old {
                counts[place] = Count::default();
            }
        }
        let waits = counted
            .into_iter()
            .flatten()
            .map(|(place, free)| counts[place].wait(free, now));
        let wait = waits.max().unwrap_or_default();
        if wait > Duration::ZERO {
            return Err(wait);
        }
        for (place, _) in counted.into_iter().flatten() {
            let count = &mut counts[place];
            count.failures = count.failures.saturating_add(1);
            count.last = Some(now);
        }
        Ok(())
    }

    /// The password was the right one: the wrong ones for it are forgiven, and this was none.
    pub fn forgive(&self, account: &str, address: Address) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let [pair, of_address] = self.counted(account, address);
        if let Some((place, _)) = pair {
            counts[place] = Count::default();
        }
        if let Some((place, _)) = of_address {
            counts[place].failures = counts[place].failures.saturating_sub(1);
        }
    }

    /// Where is counted, and what is free there: for the account at this address, and for the address, if it is one and not everybody.
    fn counted(&self, account: &str, address: Address) -> [Option<(usize, u32)>; 2] {
        let place = |hash: u64| usize::try_from(hash % COUNTS as u64).unwrap_or(0);
        let pair = (place(self.places.hash_one((account, address))), FREE);
        let alone = (place(self.places.hash_one(address)), FREE_OF_ADDRESS);
        [Some(pair), (!address.is_everybody()).then_some(alone)]
    }
}

#[cfg(test)]
mod tests;

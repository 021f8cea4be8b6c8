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

/// How many counts there are of each sort. Whoever comes to another's place by chance takes it: then that one is forgotten, and nobody waits for
/// what somebody else has tried. Nobody can choose whom to meet.
const COUNTS: usize = 65_536;

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// Of whom, as a number.
    whose: u64,
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

    fn is_old(self, now: Instant) -> bool {
        self.last.is_some_and(|last| now.duration_since(last) >= FORGET)
    }
}

/// Counts of one sort.
struct Counts(Vec<Count>);

impl Counts {
    fn new() -> Self {
        Self(vec![Count::default(); COUNTS])
    }

    fn place(whose: u64) -> usize {
        usize::try_from(whose % COUNTS as u64).unwrap_or(0)
    }

    /// What is counted of somebody by now.
    fn of(&self, whose: u64, now: Instant) -> Count {
        let count = self.0[Self::place(whose)];
        if count.whose == whose && !count.is_old(now) {
            count
        } else {
            Count {
                whose,
                ..Count::default()
            }
        }
    }

    fn set(&mut self, count: Count) {
        self.0[Self::place(count.whose)] = count;
    }
}

/// Counts tries.
pub struct Tries {
    /// Random, and known to nobody.
    places: RandomState,
    /// Of an account at an address, and of an address.
    counts: Mutex<[(Counts, u32); 2]>,
}

impl Default for Tries {
    fn default() -> Self {
        Self {
            places: RandomState::new(),
            counts: Mutex::new([(Counts::new(), FREE), (Counts::new(), FREE_OF_ADDRESS)]),
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
        let sorts = counts.iter().zip(counted);
        let waits = sorts.filter_map(|((counts, free), whose)| Some(counts.of(whose?, now).wait(*free, now)));
        let wait = waits.max().unwrap_or_default();
        if wait > Duration::ZERO {
            return Err(wait);
        }
        for ((counts, _), whose) in counts.iter_mut().zip(counted) {
            if let Some(whose) = whose {
                let count = counts.of(whose, now);
                counts.set(Count {
                    failures: count.failures.saturating_add(1),
                    last: Some(now),
                    ..count
                });
            }
        }
        Ok(())
    }

    /// The password was the right one: the wrong ones for it are forgiven, and this was none.
    pub fn forgive(&self, account: &str, address: Address, now: Instant) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let [(pairs, _), (addresses, _)] = &mut *counts;
        let [pair, of_address] = self.counted(account, address);
        if let Some(whose) = pair {
            pairs.set(Count {
                whose,
                ..Count::default()
            });
        }
        if let Some(whose) = of_address {
            let count = addresses.of(whose, now);
            addresses.set(Count {
                failures: count.failures.saturating_sub(1),
                ..count
            });
        }
    }

    /// Who is counted: the account at this address, and the address, if it is one and not everybody.
    fn counted(&self, account: &str, address: Address) -> [Option<u64>; 2] {
        let alone = (!address.is_everybody()).then(|| self.places.hash_one(address));
        [Some(self.places.hash_one((account, address))), alone]
    }
}

#[cfg(test)]
mod tests;

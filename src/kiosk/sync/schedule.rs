//! When the kiosk calls the office: spread over hours, so that 3,000 kiosks don't call at once, and later and later after
//! failures. Begin with [`Schedule`].

use std::time::Duration;

/// Over how long kiosks that start together, or close a month together, spread their calls.
pub const SPREAD: Duration = Duration::from_hours(2);

/// How long after a good call the next one comes, to ask for a newer pack.
const DAILY: Duration = Duration::from_hours(24);

/// The wait after the first failure; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_mins(1);

/// The longest wait between two calls.
const LONGEST_WAIT: Duration = Duration::from_hours(6);

/// The next call, by the monotonic clock.
#[derive(Debug, Clone)]
pub struct Schedule {
    next: Duration,
    failures: u32,
    random: fastrand::Rng,
}

impl Schedule {
    /// A schedule that begins now.
    #[must_use]
    pub fn new(now: Duration, random: fastrand::Rng) -> Self {
        let mut schedule = Self {
            next: now,
            failures: 0,
            random,
        };
        schedule.next = now + schedule.within(SPREAD);
        schedule
    }

    /// Whether it is time.
    #[must_use]
    pub fn is_due(&self, now: Duration) -> bool {
        now >= self.next
    }

    /// Somebody is waiting for it.
    pub fn call_now(&mut self, now: Duration) {
        self.next = now;
        self.failures = 0;
    }

    /// There is something new to send: at the latest within [`SPREAD`], unless failures hold it up.
    pub fn has_something(&mut self, now: Duration) {
        if self.failures == 0 {
            self.next = self.next.min(now + self.within(SPREAD));
        }
    }

    /// The call went well.
    pub fn succeeded(&mut self, now: Duration) {
        self.failures = 0;
        self.next = now + self.around(DAILY);
    }

    /// It went well but left something for another call, which is soon.
    pub fn goes_on(&mut self, now: Duration) {
        self.failures = 0;
        self.next = now + self.around(FIRST_WAIT);
    }

    /// It did not; the office may have said how long to wait at least.
    pub fn failed(&mut self, now: Duration, at_least: Duration) {
        let wait = FIRST_WAIT
            .saturating_mul(2_u32.saturating_pow(self.failures))
            .min(LONGEST_WAIT);
        self.failures += 1;
        self.next = now + self.around(wait).max(at_least.min(LONGEST_WAIT));
    }

    fn within(&mut self, most: Duration) -> Duration {
        most.mul_f64(self.random.f64())
    }

    /// Half as long to one and a half times as long.
    fn around(&mut self, wait: Duration) -> Duration {
        wait.mul_f64(0.5 + self.random.f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(seed: u64) -> Schedule {
        Schedule::new(Duration::ZERO, fastrand::Rng::with_seed(seed))
    }

    #[test]
    fn three_thousand_kiosks_spread_their_first_call() {
        let minute = |seed| schedule(seed).next.as_secs() / 60;
        let mut calls = [0; 120];
        (0..3000).for_each(|seed| calls[usize::try_from(minute(seed)).unwrap()] += 1);
        assert!(calls.iter().all(|calls| (5..60).contains(calls)), "{calls:?}");
    }

    #[test]
    fn failures_wait_longer_and_longer_and_a_success_forgets_them() {
        let mut schedule = schedule(1);
        let mut now = Duration::ZERO;
        for failures in 0..40 {
            schedule.failed(now, Duration::ZERO);
            let wait = schedule.next.saturating_sub(now);
            let full = FIRST_WAIT
                .saturating_mul(2_u32.saturating_pow(failures))
                .min(LONGEST_WAIT);
            assert!(full / 2 <= wait && wait <= full * 3 / 2, "{failures}: {wait:?}");
            now = schedule.next;
        }
        schedule.succeeded(now);
        schedule.failed(now, Duration::ZERO);
        assert!(schedule.next.saturating_sub(now) < Duration::from_mins(2));
    }

    #[test]
    fn what_a_good_call_left_is_due_soon_however_often() {
        let mut schedule = schedule(1);
        let mut now = Duration::ZERO;
        schedule.failed(now, Duration::ZERO);
        for _ in 0..40 {
            schedule.goes_on(now);
            let wait = schedule.next.saturating_sub(now);
            assert!((30..=90).contains(&wait.as_secs()), "{wait:?}");
            now = schedule.next;
        }
        schedule.failed(now, Duration::ZERO);
        assert!(
            schedule.next.saturating_sub(now) < Duration::from_mins(2),
            "no failures are counted"
        );
    }

    #[test]
    fn the_office_may_ask_for_patience_but_not_for_ever() {
        let mut schedule = schedule(1);
        schedule.failed(Duration::ZERO, Duration::from_mins(30));
        assert!(schedule.next >= Duration::from_mins(30));
        schedule.failed(Duration::ZERO, Duration::MAX);
        assert!(schedule.next <= LONGEST_WAIT);
    }

    #[test]
    fn somebody_who_waits_need_not_wait_and_news_do_not_break_a_pause() {
        let mut schedule = schedule(1);
        schedule.succeeded(Duration::ZERO);
        schedule.has_something(Duration::ZERO);
        assert!(schedule.next <= SPREAD);
        schedule.failed(Duration::ZERO, Duration::from_hours(3));
        schedule.has_something(Duration::ZERO);
        assert!(schedule.next >= Duration::from_hours(3));
        schedule.call_now(Duration::from_secs(5));
        assert!(schedule.is_due(Duration::from_secs(5)));
    }
}

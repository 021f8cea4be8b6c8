//! When a kiosk was heard of last, and whether it has been silent for too long. Begin with [`Kiosk::silent_days`].

use chrono::{DateTime, Local, Months, NaiveTime, TimeDelta};

use super::database::DatabaseError;
use super::kiosks::Kiosk;
use super::{Seconds, Store};

/// After how many days somebody should look at a kiosk that calls daily.
const DAYS: i64 = 3;

/// How many days a kiosk that sends monthly may be late.
const DAYS_AFTER_A_MONTH: i64 = 7;

impl Store {
    /// Notes that an accepted kiosk was there at this time, which has come `now`; not that it was there before. What was noted of a time that
    /// has not come yet is of a wrong clock.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn heard_of(&self, kiosk: &str, time: Seconds, now: Seconds) -> Result<(), DatabaseError> {
        let sql = "UPDATE kiosks SET called_at = $1
            WHERE kiosk_id = $2 AND retired = 0 AND (called_at IS NULL OR called_at < $3 OR called_at > $4)";
        let values = [time.into(), kiosk.into(), time.into(), now.into()];
        self.database.execute(sql, &values).await.map(drop)
    }
}

impl Kiosk {
    /// When it was heard of last: when it called, or the day on which it made its newest bundle, whenever and however that came.
    #[must_use]
    pub fn last_heard(&self, now: DateTime<Local>) -> Option<Seconds> {
        self.called(now).max(self.made(now))
    }

    /// For how many days nobody has heard of it, if these are too many. One that calls over the network does so daily; one that lives by
    /// sticks is heard of once a month.
    #[must_use]
    pub fn silent_days(&self, now: DateTime<Local>) -> Option<u64> {
        let (called, made) = (self.called(now), self.made(now));
        let last = called.max(made).unwrap_or(self.accepted_at);
        let calls =
            called.is_some_and(|called| made.is_none_or(|made| made < called + TimeDelta::days(DAYS).num_seconds()));
        let limit = if calls {
            now - TimeDelta::days(DAYS)
        } else {
            now - Months::new(1) - TimeDelta::days(DAYS_AFTER_A_MONTH)
        };
        let days = TimeDelta::seconds(now.timestamp() - last).num_days();
        (!self.retired && last <= limit.timestamp()).then(|| u64::try_from(days).unwrap_or(0))
    }

    fn called(&self, now: DateTime<Local>) -> Option<Seconds> {
        self.called_at.filter(|called| *called <= now.timestamp())
    }

    /// The end of the day on which its newest bundle was made, but not later than the newest arrived. Of a kiosk that knew no day, when it
    /// arrived.
    fn made(&self, now: DateTime<Local>) -> Option<Seconds> {
        let arrived = self.last_contact.filter(|arrived| *arrived <= now.timestamp())?;
        let last = NaiveTime::from_hms_opt(23, 59, 59)?;
        let day = self
            .newest_made
            .map(|day| day.and_time(last).and_local_timezone(Local).latest());
        let day = day.flatten().map(|end| end.timestamp());
        Some(day.map_or(arrived, |day| day.min(arrived)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone};

    use super::*;

    /// A day of November and December 2026, at noon.
    fn noon(day: i64) -> DateTime<Local> {
        let first = NaiveDate::from_ymd_opt(2026, 11, 1).and_then(|day| day.and_hms_opt(12, 0, 0));
        Local
            .from_local_datetime(&(first.unwrap() + TimeDelta::days(day - 1)))
            .unwrap()
    }

    fn kiosk(called: Option<i64>, arrived: Option<i64>, made: Option<i64>) -> Kiosk {
        let seconds = |day: i64| noon(day).timestamp();
        Kiosk {
            id: "kiosk-0123456789abcdef".to_owned(),
            accepted_at: seconds(1),
            called_at: called.map(seconds),
            last_contact: arrived.map(seconds),
            newest_made: made.map(|day| noon(day).date_naive()),
            ..Kiosk::default()
        }
    }

    #[test]
    fn who_calls_is_missed_in_three_days_and_who_lives_by_sticks_in_five_weeks() {
        for (called, arrived, made, today, silent) in [
            // It calls, as it does every day.
            (Some(10), Some(1), Some(1), 12, None),
            (Some(10), Some(1), Some(1), 13, Some(3)),
            (Some(10), Some(1), Some(1), 40, Some(30)),
            // It sent a month in the call that broke off before it said that it was there.
            (Some(9), Some(10), Some(10), 13, Some(3)),
            // Only sticks come from it, every month.
            (None, Some(1), Some(1), 37, None),
            (None, Some(1), Some(1), 39, Some(38)),
            // Its network is gone, and sticks come instead.
            (Some(1), Some(15), Some(15), 40, None),
            // A stick that lay in a drawer: it lived when it made what is on it.
            (None, Some(50), Some(1), 50, Some(48)),
            (Some(1), Some(50), Some(2), 50, Some(47)),
            // It knew no day, or one that has not come.
            (None, Some(20), None, 50, None),
            (None, Some(20), Some(400), 50, None),
            (None, Some(20), None, 60, Some(40)),
            // It was accepted, and nothing of it was ever taken.
            (None, None, None, 30, None),
            (None, None, None, 45, Some(44)),
            // The office's clock was ahead once.
            (Some(900), Some(1), Some(1), 20, None),
            (Some(900), Some(900), Some(900), 45, Some(44)),
        ] {
            let kiosk = kiosk(called, arrived, made);
            assert_eq!(
                kiosk.silent_days(noon(today)),
                silent,
                "called {called:?}, arrived {arrived:?}, made {made:?}, today {today}"
            );
            let retired = Kiosk { retired: true, ..kiosk };
            assert_eq!(retired.silent_days(noon(today)), None);
        }
    }
}

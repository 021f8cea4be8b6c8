//! When offices of communes are open: working days, public holidays, hours, market days.
//!
//! It knows the lunar calendar of a few years as a table and refuses others ([`knows`]). Begin with [`is_holiday`].

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};

/// A day of a year: its month, and its day in that.
type Date = (u32, u32);

/// The first day of the lunar year, and the tenth of its third month, when the Hùng kings are commemorated.
const LUNAR: [(i32, Date, Date); 9] = [
    (2024, (2, 10), (4, 18)),
    (2025, (1, 29), (4, 7)),
    (2026, (2, 17), (4, 26)),
    (2027, (2, 6), (4, 16)),
    (2028, (1, 26), (4, 4)),
    (2029, (2, 13), (4, 23)),
    (2030, (2, 2), (4, 12)),
    (2031, (1, 23), (4, 1)),
    (2032, (2, 11), (4, 19)),
];

/// Days off before and after the first of the lunar year. The government decides them each year; so it was in 2024 to 2026,
/// weekends included.
const TET: (u64, u64) = (2, 4);

/// A part of a working day: from and until, in minutes after midnight.
pub type Hours = (u32, u32);

/// 7:30 to 11:30.
const MORNING: Hours = (7 * 60 + 30, 11 * 60 + 30);

/// 13:30 to 17:00.
const AFTERNOON: Hours = (13 * 60 + 30, 17 * 60);

/// When the market brings people into the commune.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Market {
    /// Every fifth day, as in most of the delta. It is counted from here.
    EveryFifth(u64),
    /// A day of the week, as in the mountains.
    Weekly(Weekday),
}

impl Market {
    /// Whether there is a market on a day.
    pub fn is_on(self, day: NaiveDate) -> bool {
        match self {
            Self::EveryFifth(from) => i64::from(day.num_days_from_ce()).rem_euclid(5).unsigned_abs() == from % 5,
            Self::Weekly(weekday) => day.weekday() == weekday,
        }
    }
}

/// Whether the holidays of a day's year are known here.
pub fn knows(day: NaiveDate) -> bool {
    LUNAR.iter().any(|(year, ..)| *year == day.year())
}

/// Whether a day is a public holiday (Labour Code 2019, article 112). One on a weekend is made up for on the next Monday.
pub fn is_holiday(day: NaiveDate) -> bool {
    let weekend = day.weekday() == Weekday::Mon && (1..=2).any(|back| is_fixed(day - Days::new(back)));
    is_fixed(day) || weekend || is_tet(day)
}

/// The hours in which a day's residents come; none if the office is closed.
pub fn hours(day: NaiveDate, saturday: bool) -> &'static [Hours] {
    match day.weekday() {
        _ if is_holiday(day) => &[],
        Weekday::Sat if saturday => &[MORNING],
        Weekday::Sat | Weekday::Sun => &[],
        _ => &[MORNING, AFTERNOON],
    }
}

/// A moment of a day, in seconds after midnight.
pub fn clock(second: u32) -> NaiveTime {
    NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap_or(NaiveTime::MIN)
}

/// Holidays that are one day each.
fn is_fixed(day: NaiveDate) -> bool {
    let hung_kings = LUNAR
        .iter()
        .any(|(year, _, (month, dom))| (day.year(), day.month(), day.day()) == (*year, *month, *dom));
    let national = NaiveDate::from_ymd_opt(day.year(), 9, 2).map(|national| match national.weekday() {
        // National Day has two: the one that makes the longer stretch.
        Weekday::Tue | Weekday::Wed => national - Days::new(1),
        _ => national + Days::new(1),
    });
    let solar = matches!((day.month(), day.day()), (1 | 5, 1) | (4, 30) | (9, 2));
    solar || hung_kings || national == Some(day)
}

fn is_tet(day: NaiveDate) -> bool {
    LUNAR
        .iter()
        .filter_map(|(year, (month, dom), _)| NaiveDate::from_ymd_opt(*year, *month, *dom))
        .any(|first| (first - Days::new(TET.0)..=first + Days::new(TET.1)).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn offices_close_on_holidays_and_weekends() {
        let closed = [
            "2026-01-01", // New Year, a Thursday
            "2026-02-16", // the last day of the lunar year
            "2026-02-20", // the fourth of the new one
            "2026-04-27", // the Hùng kings were on Sunday
            "2026-04-30",
            "2026-05-01",
            "2026-09-01",
            "2026-09-02",
            "2025-09-01",
            "2025-11-02", // a Sunday
        ];
        for text in closed {
            assert!(hours(day(text), true).is_empty(), "{text}");
        }
        for text in ["2026-01-02", "2026-02-13", "2026-02-23", "2026-09-03", "2025-11-03"] {
            assert_eq!(hours(day(text), false), [MORNING, AFTERNOON], "{text}");
        }
        assert_eq!(hours(day("2025-11-08"), true), [MORNING], "a Saturday");
        assert!(hours(day("2025-11-08"), false).is_empty());
    }

    #[test]
    fn a_market_is_every_fifth_day_or_on_its_day_of_the_week() {
        let first = day("2026-03-01");
        let days = |market: Market| first.iter_days().take(30).filter(|day| market.is_on(*day)).count();
        assert_eq!(
            (1..=5).map(|from| days(Market::EveryFifth(from))).collect::<Vec<_>>(),
            [6; 5]
        );
        assert!(Market::Weekly(Weekday::Thu).is_on(day("2026-03-05")));
        assert_eq!(days(Market::Weekly(Weekday::Thu)), 4);
    }
}

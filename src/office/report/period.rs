//! The stretch of time that a report is about. Begin with [`Period`].

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::office::words::date;

/// The longest range, in days: ten years.
const LONGEST: i64 = 3_653;

/// A month, half a year, a year, or any days; with the period before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    kind: Kind,
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Months(u32),
    Days,
}

/// Which half of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// January to June.
    First,
    /// July to December.
    Second,
}

impl Period {
    /// A month, 1 to 12; `None` if there is no such month.
    #[must_use]
    pub fn month(year: i32, month: u32) -> Option<Self> {
        Self::months(year, month, 1)
    }

    /// Half a year.
    #[must_use]
    pub fn half(year: i32, half: Half) -> Option<Self> {
        let first = match half {
            Half::First => 1,
            Half::Second => 7,
        };
        Self::months(year, first, 6)
    }

    /// A year.
    #[must_use]
    pub fn year(year: i32) -> Option<Self> {
        Self::months(year, 1, 12)
    }

    /// Any days, the first and the last included; `None` if they are in the wrong order or more than ten years.
    #[must_use]
    pub fn range(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        let kind = Kind::Days;
        let days = (to - from).num_days();
        ((0..LONGEST).contains(&days) && is_believable(from.year())).then_some(Self { kind, from, to })
    }

    /// From one day to another, both included: the month, half-year or year that this is, else these days. `None` as
    /// [`Period::range`].
    #[must_use]
    pub fn spanning(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        let year = from.year();
        let known = [
            Self::month(year, from.month()),
            Self::half(year, Half::First),
            Self::half(year, Half::Second),
            Self::year(year),
        ];
        let mut known = known.into_iter().flatten();
        let same = known.find(|period| (period.from, period.to) == (from, to));
        same.or_else(|| Self::range(from, to))
    }

    fn months(year: i32, month: u32, months: u32) -> Option<Self> {
        let from = NaiveDate::from_ymd_opt(year, month, 1).filter(|_| is_believable(year))?;
        let to = (from + Months::new(months)).pred_opt()?;
        let kind = Kind::Months(months);
        Some(Self { kind, from, to })
    }

    /// The first day.
    #[must_use]
    pub fn from(self) -> NaiveDate {
        self.from
    }

    /// The last day.
    #[must_use]
    pub fn to(self) -> NaiveDate {
        self.to
    }

    /// How many days it has.
    #[must_use]
    pub fn days(self) -> u64 {
        u64::try_from((self.to - self.from).num_days()).unwrap_or(0) + 1
    }

    /// The month, half-year or year before; or as many days before.
    #[must_use]
    pub fn before(self) -> Self {
        let from = match self.kind {
            Kind::Months(months) => self.from - Months::new(months),
            Kind::Days => self.from - Days::new(self.days()),
        };
        let to = self.from - Days::new(1);
        Self { from, to, ..self }
    }

    /// Its name: `tháng 10 năm 2026`, `6 tháng đầu năm 2026`, `từ ngày 5/10/2026 đến ngày 20/11/2026`.
    #[must_use]
    pub fn name(self) -> String {
        let year = self.from.year();
        match self.kind {
            Kind::Months(1) => format!("tháng {} năm {year}", self.from.month()),
            Kind::Months(6) if self.from.month() == 1 => format!("6 tháng đầu năm {year}"),
            Kind::Months(6) => format!("6 tháng cuối năm {year}"),
            Kind::Months(_) => format!("năm {year}"),
            Kind::Days if self.from == self.to => format!("ngày {}", date(self.from)),
            Kind::Days => format!("từ ngày {} đến ngày {}", date(self.from), date(self.to)),
        }
    }
}

/// So that neither the period before nor the one after leaves the calendar.
fn is_believable(year: i32) -> bool {
    (1900..=9000).contains(&year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(period: Period) -> String {
        format!("{} {}", period.from(), period.to())
    }

    #[test]
    fn february_has_29_days_in_a_leap_year() {
        let march = Period::month(2028, 3).unwrap();
        assert_eq!(days(march.before()), "2028-02-01 2028-02-29");
        assert_eq!(days(Period::month(2027, 3).unwrap().before()), "2027-02-01 2027-02-28");
        assert_eq!(march.before().days(), 29);
        assert_eq!(Period::year(2028).unwrap().days(), 366);
    }

    #[test]
    fn the_period_before_is_of_the_same_kind() {
        let first = Period::half(2026, Half::First).unwrap();
        assert_eq!(
            (days(first).as_str(), first.name().as_str()),
            ("2026-01-01 2026-06-30", "6 tháng đầu năm 2026")
        );
        assert_eq!(days(first.before()), "2025-07-01 2025-12-31");
        assert_eq!(first.before().name(), "6 tháng cuối năm 2025");
        assert_eq!(first.before().before(), Period::half(2025, Half::First).unwrap());
        assert_eq!(Period::month(2026, 1).unwrap().before().name(), "tháng 12 năm 2025");
        assert_eq!(Period::year(2026).unwrap().before().name(), "năm 2025");
    }

    #[test]
    fn days_that_are_a_month_a_half_or_a_year_are_called_so() {
        let name =
            |from: &str, to: &str| Period::spanning(from.parse().unwrap(), to.parse().unwrap()).map(Period::name);
        assert_eq!(name("2026-02-01", "2026-02-28").unwrap(), "tháng 2 năm 2026");
        assert_eq!(name("2026-07-01", "2026-12-31").unwrap(), "6 tháng cuối năm 2026");
        assert_eq!(name("2026-01-01", "2026-12-31").unwrap(), "năm 2026");
        assert_eq!(
            name("2026-02-01", "2026-02-02").unwrap(),
            "từ ngày 1/2/2026 đến ngày 2/2/2026"
        );
        assert_eq!(name("2026-02-02", "2026-02-01"), None);
    }

    #[test]
    fn any_days_have_as_many_before_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let range = Period::range(day("2026-10-05"), day("2026-11-20")).unwrap();
        assert_eq!(range.name(), "từ ngày 5/10/2026 đến ngày 20/11/2026");
        assert_eq!(days(range.before()), "2026-08-19 2026-10-04");
        assert_eq!(range.before().days(), range.days());
        assert_eq!(
            Period::range(day("2026-10-05"), day("2026-10-05")).unwrap().name(),
            "ngày 5/10/2026"
        );
        assert_eq!(Period::range(day("2026-10-05"), day("2026-10-04")), None);
        assert_eq!(Period::range(day("2026-10-05"), day("2066-10-04")), None);
        assert_eq!(Period::month(2026, 13), None);
        assert_eq!(Period::year(i32::MAX), None);
    }
}

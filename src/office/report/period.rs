//! The stretch of time that a report is about. Begin with [`Period`].

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::office::words::date;

/// The longest range, in days: ten years.
const LONGEST: i64 = 3_653;

/// The same in months.
const MOST_MONTHS: u32 = 120;

/// Some months, from whatever day of the month, or any days; with the period before it, which is of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    from: NaiveDate,
    to: NaiveDate,
    /// How many months it is, if it is whole months: from the 15th to the 14th as well.
    months: Option<u32>,
}

impl Period {
    /// A calendar month, 1 to 12; `None` if there is no such month.
    #[must_use]
    pub fn month(year: i32, month: u32) -> Option<Self> {
        Self::months(NaiveDate::from_ymd_opt(year, month, 1)?, 1)
    }

    /// So many months from a day on; `None` if that leaves the calendar or is more than ten years.
    #[must_use]
    pub fn months(from: NaiveDate, months: u32) -> Option<Self> {
        let to = from.checked_add_months(Months::new(months))?.pred_opt()?;
        Self::spanning(from, to)
    }

    /// From one day to another, both included; `None` if they are in the wrong order or more than ten years.
    #[must_use]
    pub fn spanning(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        let days = (to - from).num_days();
        if !(0..LONGEST).contains(&days) || !is_believable(from.year()) {
            return None;
        }
        let after = to.succ_opt()?;
        let months = (1..=MOST_MONTHS).find(|months| from.checked_add_months(Months::new(*months)) == Some(after));
        // From the 29th to the 31st there are months without that day, so that periods would not join.
        let months = months.filter(|_| from.day() <= 28);
        Some(Self { from, to, months })
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

    /// How many whole months it is; `None` if it is days.
    #[must_use]
    pub fn in_months(self) -> Option<u32> {
        self.months
    }

    /// Of each of its months the year in which it ends; none if it is days.
    pub fn years_of_months(self) -> impl Iterator<Item = i32> {
        let ends = (1..=self.months.unwrap_or(0)).filter_map(move |months| {
            let after = self.from.checked_add_months(Months::new(months))?;
            after.pred_opt()
        });
        ends.map(|day| day.year())
    }

    /// From the first day of the year in which it ends to its last day.
    #[must_use]
    pub fn year_so_far(self) -> (NaiveDate, NaiveDate) {
        let first = NaiveDate::from_ymd_opt(self.to.year(), 1, 1);
        (first.unwrap_or(self.from), self.to)
    }

    /// How many days it has.
    #[must_use]
    pub fn days(self) -> u64 {
        u64::try_from((self.to - self.from).num_days()).unwrap_or(0) + 1
    }

    /// As many months before, or as many days.
    #[must_use]
    pub fn before(self) -> Self {
        let from = match self.months {
            Some(months) => self.from - Months::new(months),
            None => self.from - Days::new(self.days()),
        };
        let to = self.from - Days::new(1);
        Self { from, to, ..self }
    }

    /// Its name: `tháng 10 năm 2026`, `quý II năm 2026`, `9 tháng đầu năm 2026`, `từ ngày 15/9/2026 đến ngày 14/10/2026`.
    #[must_use]
    pub fn name(self) -> String {
        let (year, month) = (self.from.year(), self.from.month());
        match (self.from.day(), self.months, month) {
            (1, Some(1), _) => format!("tháng {month} năm {year}"),
            (1, Some(3), 1 | 4 | 7 | 10) => format!("quý {} năm {year}", ["I", "II", "III", "IV"][month as usize / 3]),
            (1, Some(6), 1) => format!("6 tháng đầu năm {year}"),
            (1, Some(6), 7) => format!("6 tháng cuối năm {year}"),
            (1, Some(9), 1) => format!("9 tháng đầu năm {year}"),
            (1, Some(12), 1) => format!("năm {year}"),
            _ if self.from == self.to => format!("ngày {}", date(self.from)),
            _ => format!("từ ngày {} đến ngày {}", date(self.from), date(self.to)),
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

    fn named(from: &str, to: &str) -> Option<Period> {
        Period::spanning(from.parse().unwrap(), to.parse().unwrap())
    }

    #[test]
    fn february_has_29_days_in_a_leap_year() {
        let march = Period::month(2028, 3).unwrap();
        assert_eq!(days(march.before()), "2028-02-01 2028-02-29");
        assert_eq!(days(Period::month(2027, 3).unwrap().before()), "2027-02-01 2027-02-28");
        assert_eq!(march.before().days(), 29);
        assert_eq!(named("2028-01-01", "2028-12-31").unwrap().days(), 366);
    }

    #[test]
    fn whole_months_have_their_names_and_as_many_months_before_them() {
        for (from, to, name, before) in [
            ("2026-02-01", "2026-02-28", "tháng 2 năm 2026", "tháng 1 năm 2026"),
            ("2026-01-01", "2026-01-31", "tháng 1 năm 2026", "tháng 12 năm 2025"),
            ("2026-04-01", "2026-06-30", "quý II năm 2026", "quý I năm 2026"),
            ("2026-01-01", "2026-03-31", "quý I năm 2026", "quý IV năm 2025"),
            (
                "2026-01-01",
                "2026-06-30",
                "6 tháng đầu năm 2026",
                "6 tháng cuối năm 2025",
            ),
            (
                "2026-07-01",
                "2026-12-31",
                "6 tháng cuối năm 2026",
                "6 tháng đầu năm 2026",
            ),
            (
                "2026-01-01",
                "2026-09-30",
                "9 tháng đầu năm 2026",
                "từ ngày 1/4/2025 đến ngày 31/12/2025",
            ),
            ("2026-01-01", "2026-12-31", "năm 2026", "năm 2025"),
            // As reports are due that close on the 14th.
            (
                "2026-09-15",
                "2026-10-14",
                "từ ngày 15/9/2026 đến ngày 14/10/2026",
                "từ ngày 15/8/2026 đến ngày 14/9/2026",
            ),
            (
                "2025-12-15",
                "2026-06-14",
                "từ ngày 15/12/2025 đến ngày 14/6/2026",
                "từ ngày 15/6/2025 đến ngày 14/12/2025",
            ),
        ] {
            let period = named(from, to).unwrap();
            assert_eq!(
                (period.name().as_str(), period.before().name().as_str()),
                (name, before)
            );
            // What was before is what anybody gets who asks for those days.
            assert_eq!(
                Period::spanning(period.before().from(), period.before().to()),
                Some(period.before())
            );
        }
        assert_eq!(
            Period::months("2026-04-01".parse().unwrap(), 3),
            named("2026-04-01", "2026-06-30")
        );
    }

    #[test]
    fn a_month_over_new_year_is_of_the_year_in_which_it_ends() {
        let years = |from, to| named(from, to).unwrap().years_of_months().collect::<Vec<_>>();
        assert_eq!(years("2025-12-15", "2026-02-14"), [2026, 2026]);
        assert_eq!(years("2025-11-01", "2026-01-31"), [2025, 2025, 2026]);
        assert_eq!(years("2025-11-01", "2026-01-30"), [0; 0]);
    }

    #[test]
    fn any_days_have_as_many_before_them() {
        let range = named("2026-10-05", "2026-11-20").unwrap();
        assert_eq!(range.name(), "từ ngày 5/10/2026 đến ngày 20/11/2026");
        assert_eq!(days(range.before()), "2026-08-19 2026-10-04");
        assert_eq!(range.before().days(), range.days());
        assert_eq!(named("2026-10-05", "2026-10-05").unwrap().name(), "ngày 5/10/2026");
        // A month from the 31st joins no other.
        assert_eq!(named("2026-03-31", "2026-04-29").unwrap().before().days(), 30);
        assert_eq!(named("2026-10-05", "2026-10-04"), None);
        assert_eq!(named("2026-10-05", "2066-10-04"), None);
        assert_eq!(Period::month(2026, 13), None);
        assert_eq!(Period::month(i32::MAX, 1), None);
    }
}

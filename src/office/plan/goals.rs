//! How much of each row is planned. Begin with [`Goals`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AIRINGS, FIRST_YEAR, Row};
use crate::office::words::number;

/// The most of anything that may be planned for a year.
pub const MOST_PLANNED: u64 = 1_000;

const MONTHS: u64 = 12;

/// How much is planned, year for year: what is planned otherwise from now on leaves reports of earlier years as they were signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plans {
    /// Of years that have their own.
    own: BTreeMap<i32, Goals>,
    /// Of all before these.
    otherwise: Goals,
}

/// How much is planned for a year: as the plan says, where the commune hasn't said otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Goals(BTreeMap<String, u64>);

/// How much is planned for a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planned {
    /// So much in it.
    InPeriod(u64),
    /// So much in the year, which can't be broken into such stretches: a class a year is no twelfth of a class a month.
    InYear(u64),
    /// Nothing.
    Nothing,
    /// The plan had not begun.
    NotYet,
}

impl Goals {
    /// How much of a row is planned for a year. Where the plan says only "hằng năm", that is once.
    #[must_use]
    pub fn in_year(&self, row: Row) -> u64 {
        let planned = match row {
            Row::Radio => MONTHS,
            Row::Questions => 4,
            _ => 1,
        };
        self.0.get(row.key()).copied().unwrap_or(planned)
    }

    /// Says how much of a row the commune means to do in a year.
    pub fn set(&mut self, row: Row, in_year: u64) {
        self.0.insert(row.key().to_owned(), in_year.min(MOST_PLANNED));
    }
}

impl Plans {
    /// What is planned for each year that has its own, and for those before the first of them.
    #[must_use]
    pub fn new(own: BTreeMap<i32, Goals>, otherwise: Goals) -> Self {
        Self { own, otherwise }
    }

    /// What is planned for a year: its own, or the newest before it.
    #[must_use]
    pub fn of(&self, year: i32) -> &Goals {
        let before = self.own.range(..=year).next_back();
        before.map_or(&self.otherwise, |(_, goals)| goals)
    }

    /// How much of a row is planned for a whole year.
    #[must_use]
    pub fn in_year(&self, row: Row, year: i32) -> Planned {
        self.planned(row, (0..MONTHS).map(|_| year), year)
    }

    /// How much of a row is planned for whole months, each given by the year in which it ends, or for days that are none; `last` is the year
    /// in which they end.
    #[must_use]
    pub fn planned(&self, row: Row, months: impl Iterator<Item = i32>, last: i32) -> Planned {
        if last < FIRST_YEAR {
            return Planned::NotYet;
        }
        let in_year = self.of(last).in_year(row);
        let months: Vec<i32> = months.collect();
        let shares = months.iter().filter(|year| **year >= FIRST_YEAR);
        let share: u64 = shares.map(|year| self.of(*year).in_year(row)).sum();
        match share {
            0 if in_year == 0 => Planned::Nothing,
            1.. if share.is_multiple_of(MONTHS) => Planned::InPeriod(share / MONTHS),
            _ => Planned::InYear(in_year),
        }
    }
}

impl Planned {
    /// In words: `1 chương trình, 3 lần phát`, `trong năm: 1 lớp`.
    #[must_use]
    pub fn text(self, row: Row) -> String {
        let words = |n: u64| match row {
            Row::Radio => format!(
                "{}\u{a0}{}, {}\u{a0}lần phát",
                number(n),
                row.unit(),
                number(n * AIRINGS)
            ),
            _ => format!("{}\u{a0}{}", number(n), row.unit()),
        };
        match self {
            Self::InPeriod(n) => words(n),
            Self::InYear(n) => format!("trong năm: {}", words(n)),
            Self::Nothing => "không đặt kế hoạch".to_owned(),
            Self::NotYet => "–".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_planned_for_a_year_is_broken_only_where_it_is_whole() {
        let plans = Plans::default();
        let says = |row, months: Option<usize>| {
            let months = std::iter::repeat_n(2026, months.unwrap_or(0));
            plans.planned(row, months, 2026).text(row).replace('\u{a0}', " ")
        };
        assert_eq!(says(Row::Radio, Some(1)), "1 chương trình, 3 lần phát");
        assert_eq!(says(Row::Radio, Some(6)), "6 chương trình, 18 lần phát");
        assert_eq!(says(Row::Radio, None), "trong năm: 12 chương trình, 36 lần phát");
        assert_eq!(says(Row::Questions, Some(1)), "trong năm: 4 hội nghị");
        assert_eq!(says(Row::Questions, Some(3)), "1 hội nghị");
        assert_eq!(says(Row::Questions, Some(6)), "2 hội nghị");
        assert_eq!(says(Row::Contest, Some(6)), "trong năm: 1 cuộc thi");
        assert_eq!(says(Row::Issued, Some(12)), "1 văn bản");
        assert_eq!(says(Row::Officers, Some(6)), "trong năm: 1 lớp");
        assert_eq!(says(Row::Officers, Some(12)), "1 lớp");
        assert_eq!(says(Row::Officers, Some(24)), "2 lớp");
    }

    #[test]
    fn the_commune_may_plan_otherwise_and_is_remembered() {
        let mut goals = Goals::default();
        goals.set(Row::Social, 52);
        goals.set(Row::Groups, 0);
        goals.set(Row::Leaflets, u64::MAX);
        let goals: Goals = serde_json::from_str(&serde_json::to_string(&goals).unwrap()).unwrap();
        assert_eq!(goals.in_year(Row::Leaflets), MOST_PLANNED);
        assert_eq!(goals.in_year(Row::Radio), 12, "as the plan says");
        let plans = Plans::new(BTreeMap::from([(2026, goals)]), Goals::default());
        let planned = |row, months: &[i32]| plans.planned(row, months.iter().copied(), 2026);
        assert_eq!(planned(Row::Social, &[2026; 3]), Planned::InPeriod(13));
        assert_eq!(planned(Row::Social, &[2026]), Planned::InYear(52));
        assert_eq!(planned(Row::Groups, &[2026; 12]), Planned::Nothing);
        assert_eq!(Planned::Nothing.text(Row::Groups), "không đặt kế hoạch");
    }

    #[test]
    fn what_is_planned_anew_leaves_the_years_before_as_they_were() {
        let goals = |n| {
            let mut goals = Goals::default();
            goals.set(Row::Social, n);
            goals
        };
        let plans = Plans::new(BTreeMap::from([(2025, goals(12)), (2027, goals(24))]), goals(6));
        let in_year = [2020, 2021, 2024, 2025, 2026, 2027, 2030].map(|year| plans.in_year(Row::Social, year));
        let of = Planned::InPeriod;
        assert_eq!(in_year, [Planned::NotYet, of(6), of(6), of(12), of(12), of(24), of(24)]);
        // Over New Year each month counts as its year has it; nothing is planned before the plan.
        let planned = |months: &[i32], last| plans.planned(Row::Social, months.iter().copied(), last);
        assert_eq!(planned(&[2026, 2026, 2027], 2027), of(4));
        assert_eq!(planned(&[2024, 2025, 2025], 2025), Planned::InYear(12));
        assert_eq!(planned(&[[2020; 12], [2021; 12]].concat(), 2021), of(6));
    }
}

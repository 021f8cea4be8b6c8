//! How much of each row is planned. Begin with [`Goals`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AIRINGS, Row};
use crate::office::words::number;

/// The most of anything that may be planned for a year.
pub const MOST_PLANNED: u64 = 1_000;

const MONTHS: u64 = 12;

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
        self.0.get(row.number()).copied().unwrap_or(planned)
    }

    /// Says how much of a row the commune means to do in a year.
    pub fn set(&mut self, row: Row, in_year: u64) {
        self.0.insert(row.number().to_owned(), in_year.min(MOST_PLANNED));
    }

    /// How much of a row is planned for so many whole months, or for days that are none (`None`).
    #[must_use]
    pub fn planned(&self, row: Row, months: Option<u32>) -> Planned {
        let in_year = self.in_year(row);
        match months.map(|months| in_year * u64::from(months)) {
            _ if in_year == 0 => Planned::Nothing,
            Some(share) if share.is_multiple_of(MONTHS) => Planned::InPeriod(share / MONTHS),
            _ => Planned::InYear(in_year),
        }
    }
}

impl Planned {
    /// In words: `1 chương trình, 3 lần phát`, `trong năm: 1 lớp`.
    #[must_use]
    pub fn text(self, row: Row) -> String {
        let words = |n: u64| match row {
            Row::Radio => format!("{} {}, {} lần phát", number(n), row.unit(), number(n * AIRINGS)),
            _ => format!("{} {}", number(n), row.unit()),
        };
        match self {
            Self::InPeriod(n) => words(n),
            Self::InYear(n) => format!("trong năm: {}", words(n)),
            Self::Nothing => "–".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_planned_for_a_year_is_broken_only_where_it_is_whole() {
        let goals = Goals::default();
        let says = |row, months| goals.planned(row, months).text(row);
        assert_eq!(says(Row::Radio, Some(1)), "1 chương trình, 3 lần phát");
        assert_eq!(says(Row::Radio, Some(6)), "6 chương trình, 18 lần phát");
        assert_eq!(says(Row::Radio, None), "trong năm: 12 chương trình, 36 lần phát");
        assert_eq!(says(Row::Questions, Some(1)), "trong năm: 4 lần");
        assert_eq!(says(Row::Questions, Some(3)), "1 lần");
        assert_eq!(says(Row::Questions, Some(6)), "2 lần");
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
        assert_eq!(goals.planned(Row::Social, Some(3)), Planned::InPeriod(13));
        assert_eq!(goals.planned(Row::Social, Some(1)), Planned::InYear(52));
        assert_eq!(goals.planned(Row::Groups, Some(12)), Planned::Nothing);
        assert_eq!(goals.in_year(Row::Leaflets), MOST_PLANNED);
        assert_eq!(goals.in_year(Row::Radio), 12, "as the plan says");
    }
}

//! What was done of a row in a stretch of time. Begin with [`Done::of`].

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::{AIRINGS, Activity, Beside, Planned, Row};
use crate::office::words::number;

/// How much was done, and what is written down beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// Classes, posts, programmes: see [`Row::unit`].
    pub done: u64,
    /// People, broadcasts or sheets: see [`Row::beside`].
    pub beside: u64,
}

impl Done {
    /// Of these activities what belongs to a row and to these days, both included.
    #[must_use]
    pub fn of(row: Row, activities: &[Activity], from: NaiveDate, to: NaiveDate) -> Self {
        let mut sum = Self::default();
        let mut things = BTreeSet::new();
        let inside = |activity: &&Activity| activity.row == row && (from..=to).contains(&activity.day);
        for activity in activities.iter().filter(inside) {
            let beside = match row.beside() {
                Some(Beside::People) => activity.people,
                Some(Beside::Airings | Beside::Sheets) => activity.times,
                None => 0,
            };
            let again = row.counts_things() && !things.insert(thing(activity));
            let more = match (row.counts_things(), again) {
                (true, true) => 0,
                (true, false) => 1,
                (false, _) => activity.times,
            };
            sum.done = sum.done.saturating_add(more);
            sum.beside = sum.beside.saturating_add(beside);
        }
        sum
    }

    /// In words: `1 chương trình, 3 lần phát`.
    #[must_use]
    pub fn text(self, row: Row) -> String {
        if self.done == 0 {
            return "chưa có".to_owned();
        }
        let done = format!("{}\u{a0}{}", number(self.done), row.unit());
        match row.beside() {
            Some(beside) => format!("{done}, {}\u{a0}{}", number(self.beside), beside.unit()),
            None => done,
        }
    }

    /// The same; where nothing of any row was noted in that time (`is_noted`), it isn't said that nothing was done.
    #[must_use]
    pub fn text_where(self, row: Row, is_noted: bool) -> String {
        if is_noted {
            self.text(row)
        } else {
            "chưa ghi".to_owned()
        }
    }

    /// Whether it is as much as was planned for the same time, programmes as often as well; `None` if nothing is planned for that time
    /// alone.
    #[must_use]
    pub fn is_enough(self, row: Row, planned: Planned) -> Option<bool> {
        match planned {
            Planned::InPeriod(n) => {
                let airings = if row == Row::Radio { n * AIRINGS } else { 0 };
                Some(self.done >= n && self.beside >= airings)
            }
            Planned::InYear(_) | Planned::Nothing | Planned::NotYet => None,
        }
    }
}

/// By what it is known that something was done again. What the content has is itself; under a general word of its row it is the same leaflet
/// each time, and one programme a month, as the plan has them.
fn thing(activity: &Activity) -> (&str, &str, Option<(i32, u32)>) {
    if !activity.subject.is_empty() {
        return (&activity.subject, "", None);
    }
    let month = (activity.day.year(), activity.day.month());
    ("", &activity.title, (activity.row == Row::Radio).then_some(month))
}

#[cfg(test)]
mod tests {
    use super::super::made_up;
    use super::*;

    fn october(row: Row, activities: &[Activity]) -> Done {
        let day = |text: &str| text.parse().unwrap();
        Done::of(row, activities, day("2026-10-01"), day("2026-10-31"))
    }

    #[test]
    fn a_programme_that_is_broadcast_again_is_one_programme() {
        let programme = |day, subject: &str, times| Activity {
            subject: subject.to_owned(),
            ..made_up(Row::Radio, day, "Tránh lừa đảo", times, 0)
        };
        let done = october(
            Row::Radio,
            &[
                programme("2026-10-05", "lua-dao", 2),
                programme("2026-10-12", "lua-dao", 1),
                programme("2026-10-31", "", 3),
                programme("2026-10-20", "", 3),
                programme("2026-11-01", "lua-dao", 3),
                made_up(Row::Social, "2026-10-05", "Bài đăng", 4, 0),
            ],
        );
        assert_eq!(
            (done.done, done.beside),
            (2, 9),
            "a general word is one programme of its month"
        );
        assert_eq!(done.text(Row::Radio), "2\u{a0}chương trình, 9\u{a0}lần phát");
        assert_eq!(done.is_enough(Row::Radio, Planned::InPeriod(2)), Some(true));
        assert_eq!(done.is_enough(Row::Radio, Planned::InPeriod(3)), Some(false));
        let fewer = Done { beside: 8, ..done };
        assert_eq!(fewer.is_enough(Row::Radio, Planned::InPeriod(3)), Some(false));
        let day = |text: &str| text.parse().unwrap();
        let general = ["2026-10-05", "2026-10-12", "2026-11-02"];
        let sum = |row| {
            let noted = general.map(|day| made_up(row, day, "Chuyển đổi số", 3, 0));
            Done::of(row, &noted, day("2026-10-01"), day("2026-12-31")).done
        };
        assert_eq!((sum(Row::Radio), sum(Row::Leaflets)), (2, 1));
    }

    #[test]
    fn four_contests_are_no_meeting() {
        let contests = [made_up(Row::Contest, "2026-10-20", "Cuộc thi", 4, 300)];
        assert_eq!(october(Row::Questions, &contests).text(Row::Questions), "chưa có");
        let done = october(Row::Contest, &contests).text(Row::Contest);
        assert_eq!(done, "4\u{a0}cuộc thi, 300\u{a0}người dự");
        let issued = [made_up(Row::Issued, "2026-10-02", "Kế hoạch", 1, 0)];
        assert_eq!(october(Row::Issued, &issued).text(Row::Issued), "1\u{a0}văn bản");
        assert_eq!(october(Row::Briefings, &issued).text(Row::Briefings), "chưa có");
    }

    #[test]
    fn classes_are_added_up_with_who_came() {
        let class = |day, times, people| made_up(Row::Residents, day, "Lớp", times, people);
        let done = october(
            Row::Residents,
            &[class("2026-10-01", 2, 975), class("2026-10-31", 1, 75)],
        );
        assert_eq!(done.text(Row::Residents), "3\u{a0}buổi, 1.050\u{a0}người dự");
        assert_eq!(done.is_enough(Row::Residents, Planned::InPeriod(3)), Some(true));
        assert_eq!(done.is_enough(Row::Residents, Planned::InPeriod(4)), Some(false));
        assert_eq!(done.is_enough(Row::Residents, Planned::InYear(1)), None);
        let none = october(Row::Groups, &[]);
        assert_eq!(none.text(Row::Groups), "chưa có");
        assert_eq!(none.text_where(Row::Groups, false), "chưa ghi");
    }
}

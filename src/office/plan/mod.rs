//! The commune's plan of making digital change known: its nine rows (2.1 to 2.9), how much of each is planned, what was done. Two of them ask
//! for two things whose numbers can't be added up, 2.1 for a plan and for briefings, 2.8 for meetings and for a contest: each is a row here.
//!
//! Plain data, without clock, file or network. An activity is called by what the content calls it or by a word of its row: nothing is
//! typed, so that no resident's name can get in (docs/decisions/035). Begin with [`Row`].

mod done;
mod goals;
mod offers;

use chrono::NaiveDate;

pub use done::Done;
pub use goals::{Goals, MOST_PLANNED, Planned, Plans};
pub use offers::{Offer, Offers, offers};

/// How often the plan has each programme broadcast.
pub const AIRINGS: u64 = 3;

/// The most people that came to one thing: more than a commune's halls hold.
pub const MOST_PEOPLE: u64 = 10_000;

/// How many letters of a title are kept.
pub const LONGEST_TITLE: usize = 200;

/// The year in which the plan begins.
pub const FIRST_YEAR: i32 = 2021;

/// A row of the plan, part II.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Row {
    /// 2.1: the commune's plan for the year is issued.
    Issued,
    /// 2.1: said in the regular meetings of officers.
    Briefings,
    /// 2.2: a column of the loudspeakers.
    Radio,
    /// 2.3: news on the commune's web site.
    Portal,
    /// 2.4: posts in social networks.
    Social,
    /// 2.5: classes for officers.
    Officers,
    /// 2.6: classes for associations and businesses.
    Groups,
    /// 2.7: classes for residents.
    Residents,
    /// 2.8: meetings with questions and answers, one each quarter.
    Questions,
    /// 2.8: the contest, one each year: no number of contests is a meeting.
    Contest,
    /// 2.9: leaflets.
    Leaflets,
}

/// What is written down beside how much was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// How many came.
    People,
    /// How often it was broadcast.
    Airings,
    /// How many sheets were printed.
    Sheets,
}

impl Beside {
    /// What it is counted in.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::People => "người dự",
            Self::Airings => "lần phát",
            Self::Sheets => "tờ",
        }
    }
}

impl Row {
    /// Every row, in the plan's order.
    pub const ALL: [Self; 11] = [
        Self::Issued,
        Self::Briefings,
        Self::Radio,
        Self::Portal,
        Self::Social,
        Self::Officers,
        Self::Groups,
        Self::Residents,
        Self::Questions,
        Self::Contest,
        Self::Leaflets,
    ];

    /// Its number in the plan.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::Issued | Self::Briefings => "2.1",
            Self::Radio => "2.2",
            Self::Portal => "2.3",
            Self::Social => "2.4",
            Self::Officers => "2.5",
            Self::Groups => "2.6",
            Self::Residents => "2.7",
            Self::Questions | Self::Contest => "2.8",
            Self::Leaflets => "2.9",
        }
    }

    /// Under which it is stored and has its page: its number. What was told apart from a row later has a word behind it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Issued => "2.1-ban-hanh",
            Self::Contest => "2.8-cuoc-thi",
            _ => self.number(),
        }
    }

    /// The row that is stored so.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|row| row.key() == key)
    }

    /// Its number as a sentence names it: with a word where the number has two rows.
    #[must_use]
    pub const fn called(self) -> &'static str {
        match self {
            Self::Issued => "2.1 (ban hành)",
            Self::Briefings => "2.1 (phổ biến)",
            Self::Questions => "2.8 (hội nghị)",
            Self::Contest => "2.8 (cuộc thi)",
            _ => self.number(),
        }
    }

    /// What the plan calls it, in short.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Issued => "Xây dựng, ban hành kế hoạch tuyên truyền",
            Self::Briefings => "Phổ biến trong họp giao ban",
            Self::Radio => "Chuyên mục trên đài truyền thanh xã",
            Self::Portal => "Tin, bài trên trang thông tin điện tử",
            Self::Social => "Bài đăng trên mạng xã hội",
            Self::Officers => "Tập huấn cho cán bộ",
            Self::Groups => "Tập huấn cho đoàn thể, tổ chức kinh tế",
            Self::Residents => "Phổ biến, tập huấn cho người dân",
            Self::Questions => "Hội nghị phổ biến và hỏi đáp",
            Self::Contest => "Cuộc thi tìm hiểu về chuyển đổi số",
            Self::Leaflets => "Tài liệu, tờ rơi tuyên truyền",
        }
    }

    /// Number and title, as lists have it.
    #[must_use]
    pub fn named(self) -> String {
        format!("{}. {}", self.number(), self.title())
    }

    /// What is counted as done.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Issued => "văn bản",
            Self::Briefings | Self::Residents => "buổi",
            Self::Radio => "chương trình",
            Self::Portal => "tin, bài",
            Self::Social => "bài đăng",
            Self::Officers | Self::Groups => "lớp",
            Self::Questions => "hội nghị",
            Self::Contest => "cuộc thi",
            Self::Leaflets => "loại tài liệu",
        }
    }

    /// What else is written down.
    #[must_use]
    pub const fn beside(self) -> Option<Beside> {
        match self {
            Self::Radio => Some(Beside::Airings),
            Self::Issued | Self::Portal | Self::Social => None,
            Self::Leaflets => Some(Beside::Sheets),
            Self::Briefings | Self::Officers | Self::Groups | Self::Residents | Self::Questions | Self::Contest => {
                Some(Beside::People)
            }
        }
    }

    /// Whether it is written down how many came.
    #[must_use]
    pub fn has_people(self) -> bool {
        self.beside() == Some(Beside::People)
    }

    /// Whether different things are counted, however often each was repeated: a programme is one, broadcast three times.
    #[must_use]
    pub fn counts_things(self) -> bool {
        matches!(self.beside(), Some(Beside::Airings | Beside::Sheets))
    }

    /// What an activity's number is a number of, as a form asks for it.
    #[must_use]
    pub fn times_of(self) -> &'static str {
        match self.beside() {
            Some(beside @ (Beside::Airings | Beside::Sheets)) => beside.unit(),
            _ => self.unit(),
        }
    }

    /// That number as it mostly is.
    #[must_use]
    pub fn usual_times(self) -> u64 {
        match self.beside() {
            Some(Beside::Airings) => AIRINGS,
            Some(Beside::Sheets) => 100,
            _ => 1,
        }
    }

    /// The largest such number that is believed.
    #[must_use]
    pub fn most_times(self) -> u64 {
        match self.beside() {
            Some(Beside::Sheets) => 100_000,
            _ => 200,
        }
    }

    /// What an activity is called if nothing in the content is it.
    #[must_use]
    pub const fn own_words(self) -> &'static [&'static str] {
        match self {
            Self::Issued => &["Kế hoạch tuyên truyền của xã"],
            Self::Briefings => &["Họp giao ban"],
            Self::Radio => &["Chương trình về chuyển đổi số"],
            Self::Portal => &["Tin, bài về chuyển đổi số"],
            Self::Social => &["Bài đăng về chuyển đổi số"],
            Self::Officers => &["Lớp tập huấn cho cán bộ"],
            Self::Groups => &[
                "Lớp tập huấn cho đoàn thể",
                "Lớp tập huấn cho hợp tác xã, hộ kinh doanh",
            ],
            Self::Residents => &["Lớp tập huấn cho người dân", "Buổi phổ biến ở thôn"],
            Self::Questions => &["Hội nghị hỏi đáp"],
            Self::Contest => &["Cuộc thi tìm hiểu chuyển đổi số"],
            Self::Leaflets => &["Tờ rơi tuyên truyền"],
        }
    }
}

/// Something that was done, as an officer wrote it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Made with the form, so that a form that is sent twice is written down once.
    pub id: String,
    /// Which row of the plan it is for.
    pub row: Row,
    /// The day.
    pub day: NaiveDate,
    /// Its id in the content; empty if it has none.
    pub subject: String,
    /// What it is called: as the content called it then, or by a word of its row.
    pub title: String,
    /// How often, how many, how many sheets: see [`Row::times_of`].
    pub times: u64,
    /// How many came; 0 where nobody is counted.
    pub people: u64,
    /// The account that wrote it down.
    pub by: String,
    /// When, in seconds since 1970.
    pub at: i64,
}

impl Activity {
    /// Its numbers in words: `1 lớp, 75 người dự`. Where things are counted, how often or how many sheets alone: that this was one programme is
    /// said of all its days together.
    #[must_use]
    pub fn numbers(&self) -> String {
        if self.row.counts_things() {
            return format!("{}\u{a0}{}", super::words::number(self.times), self.row.times_of());
        }
        let one = std::slice::from_ref(self);
        Done::of(self.row, one, self.day, self.day).text(self.row)
    }
}

/// What is wrong with the numbers of an activity, in words for officers; nothing if they can be believed.
#[must_use]
pub fn fault(activity: &Activity, today: NaiveDate) -> Option<String> {
    use chrono::Datelike;
    let (row, most) = (activity.row, activity.row.most_times());
    if activity.day > today {
        return Some("Ngày ấy chưa đến. Việc làm xong rồi mới ghi.".to_owned());
    }
    if activity.day.year() < FIRST_YEAR {
        return Some(format!(
            "Kế hoạch bắt đầu từ năm {FIRST_YEAR}: ngày ghi không thể trước đó."
        ));
    }
    if !(1..=most).contains(&activity.times) {
        return Some(format!(
            "Số {} là từ 1 đến {}.",
            row.times_of(),
            super::words::number(most)
        ));
    }
    let people = if row.has_people() { 1..=MOST_PEOPLE } else { 0..=0 };
    if !people.contains(&activity.people) {
        let most = super::words::number(MOST_PEOPLE);
        return Some(format!(
            "Tổng số người dự là từ 1 đến {most}, chỉ ghi cho buổi họp, lớp, hội nghị, cuộc thi."
        ));
    }
    None
}

/// An activity for tests: of a row, on a day, with its numbers.
#[cfg(test)]
pub(super) fn made_up(row: Row, day: &str, title: &str, times: u64, people: u64) -> Activity {
    Activity {
        id: format!("{day} {title}"),
        row,
        day: day.parse().unwrap(),
        subject: String::new(),
        title: title.to_owned(),
        times,
        people,
        by: "lan".to_owned(),
        at: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_its_key_and_no_two_are_called_the_same() {
        for row in Row::ALL {
            assert_eq!(Row::from_key(row.key()), Some(row));
            assert!(row.key().starts_with(row.number()) && row.called().starts_with(row.number()));
            assert!(!row.own_words().is_empty());
            assert!((1..=row.most_times()).contains(&row.usual_times()));
        }
        assert_eq!(Row::from_key("2.10"), None);
        let called: std::collections::BTreeSet<&str> = Row::ALL.map(Row::called).into();
        assert_eq!(called.len(), Row::ALL.len());
        // What was written down before rows were told apart is the meeting and the briefing.
        let before = ["2.1", "2.8"].map(Row::from_key);
        assert_eq!(before, [Some(Row::Briefings), Some(Row::Questions)]);
    }

    #[test]
    fn a_line_of_a_programme_says_how_often_it_was_broadcast_that_day() {
        let said = |row, times, people| made_up(row, "2026-12-01", "Lớp", times, people).numbers();
        assert_eq!(said(Row::Radio, 1, 0), "1\u{a0}lần phát");
        assert_eq!(said(Row::Leaflets, 1_500, 0), "1.500\u{a0}tờ");
        assert_eq!(said(Row::Officers, 1, 75), "1\u{a0}lớp, 75\u{a0}người dự");
        assert_eq!(said(Row::Social, 4, 0), "4\u{a0}bài đăng");
    }

    #[test]
    fn only_numbers_that_can_be_believed_are_taken() {
        let today = "2026-12-01".parse().unwrap();
        let says = |row, day: &str, times, people| fault(&made_up(row, day, "Lớp", times, people), today);
        assert_eq!(says(Row::Residents, "2026-12-01", 1, 75), None);
        assert_eq!(says(Row::Radio, "2021-01-01", 3, 0), None);
        assert_eq!(says(Row::Leaflets, "2026-12-01", 100_000, 0), None);
        for (row, day, times, people, word) in [
            (Row::Residents, "2026-12-02", 1, 75, "chưa đến"),
            (Row::Residents, "2020-12-31", 1, 75, "2021"),
            (Row::Residents, "2026-12-01", 0, 75, "buổi là từ 1 đến 200"),
            (Row::Leaflets, "2026-12-01", 100_001, 0, "tờ là từ 1 đến 100.000"),
            (Row::Residents, "2026-12-01", 1, 0, "người dự"),
            (Row::Residents, "2026-12-01", 1, 10_001, "10.000"),
            (Row::Social, "2026-12-01", 1, 5, "chỉ ghi cho"),
        ] {
            let said = says(row, day, times, people).unwrap_or_default();
            assert!(said.contains(word), "{word}: {said}");
        }
    }
}

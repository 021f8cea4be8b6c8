//! What can be written down for a row: from the calendar and the content, the likeliest first, and the row's own words. Begin with
//! [`offers`].

use chrono::{Datelike, NaiveDate};

use super::{LONGEST_TITLE, Row};
use crate::content::model::{Content, Event, Page, Programme, Purpose};
use crate::content::vietnamese::fold::fold;

/// How many of the likeliest are shown at once; a telephone holds about so many.
const LIKELY: usize = 8;

/// For how long after its day something of the calendar is written down with that day, in days.
const RECENT: i64 = 31;

/// What the calendar says of a law's first day.
const IN_FORCE: &str = "có hiệu lực";

/// Something that an activity can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// By which a form names it: `programme:…`, `page:…`, `notice:…`, `event:…`, `own:…`.
    pub key: String,
    /// Its id in the content; empty if it has none.
    pub subject: String,
    /// What it is called.
    pub title: String,
    /// The day on which it was, if the calendar says so.
    pub day: Option<NaiveDate>,
    /// The month that it was made for, if that is over: then today is hardly the day on which it was broadcast.
    pub earlier: Option<NaiveDate>,
}

/// What is offered for a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offers {
    /// The likeliest first.
    pub likely: Vec<Offer>,
    /// What it may be as well.
    pub others: Vec<Offer>,
}

impl Offers {
    /// What a form names. Nothing else can be written down.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Offer> {
        self.likely.iter().chain(&self.others).find(|offer| offer.key == key)
    }
}

/// What is offered for a row on a day; without content its own words only.
#[must_use]
pub fn offers(row: Row, content: Option<&Content>, today: NaiveDate) -> Offers {
    let own = row.own_words().iter().enumerate();
    let own: Vec<Offer> = own
        .map(|(place, words)| offer("own", &place.to_string(), "", words))
        .collect();
    let Some(content) = content else {
        return Offers {
            likely: own,
            others: Vec::new(),
        };
    };
    let (fitting, other_events) = events(row, content, today);
    let (taught, other_pages) = pages(row, content);
    let notices = content
        .notices
        .iter()
        .map(|it| offer("notice", &it.id, &it.id, &it.title));
    let mut ranked: Vec<Offer> = match row {
        Row::Radio => {
            let (been, to_come) = programmes(content, today);
            [been, own, to_come].concat()
        }
        // Any page becomes news, a post or a leaflet.
        Row::Portal | Row::Social => own
            .into_iter()
            .chain(notices)
            .chain(other_pages)
            .chain(fitting)
            .collect(),
        Row::Leaflets => own.into_iter().chain(other_pages).collect(),
        Row::Briefings => [own, fitting, taught].concat(),
        // What pages teach is for residents.
        Row::Officers | Row::Groups => [fitting, own, taught].concat(),
        Row::Residents | Row::Questions => [fitting, taught, own].concat(),
        Row::Contest => [fitting, own].concat(),
        // A plan that is issued is that plan, and nothing of what residents read.
        Row::Issued => own,
    };
    let others = ranked.split_off(ranked.len().min(LIKELY));
    let events = match row {
        Row::Issued | Row::Radio => Vec::new(),
        _ => other_events,
    };
    let mut others = [others, events].concat();
    // Nobody knows where else to look for one.
    others.sort_by_cached_key(|offer| fold(&offer.title));
    Offers { likely: ranked, others }
}

fn offer(kind: &str, name: &str, subject: &str, title: &str) -> Offer {
    Offer {
        key: format!("{kind}:{name}"),
        subject: subject.to_owned(),
        title: title.chars().take(LONGEST_TITLE).collect(),
        day: None,
        earlier: None,
    }
}

/// This month's programme and those before, the last one first; and those to come.
fn programmes(content: &Content, today: NaiveDate) -> (Vec<Offer>, Vec<Offer>) {
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let ago = |programme: &Programme| months(today) - months(programme.month);
    let mut programmes: Vec<&Programme> = content.programmes.iter().collect();
    programmes.sort_by_key(|programme| ago(programme).abs());
    let (been, to_come): (Vec<&Programme>, Vec<&Programme>) = programmes.into_iter().partition(|it| ago(it) >= 0);
    let [been, to_come] = [been, to_come].map(|programmes| {
        let programmes = programmes.into_iter();
        programmes
            .map(|it| Offer {
                earlier: (ago(it) > 0).then_some(it.month),
                ..offer("programme", &it.id, &it.id, &it.title)
            })
            .collect()
    });
    (been, to_come)
}

/// What of the calendar fits a row by its words, the nearest day first, and the rest of the calendar.
fn events(row: Row, content: &Content, today: NaiveDate) -> (Vec<Offer>, Vec<Offer>) {
    let far = |event: &Event| {
        let day = event.next(Some(today));
        day.map_or(i64::MAX, |day| (day - today).num_days().abs())
    };
    // That a law is in force from a day on is news and no class.
    let is_offered = |event: &&Event| !row.has_people() || !event.title.to_lowercase().contains(IN_FORCE);
    let mut events: Vec<&Event> = content.events.iter().filter(is_offered).collect();
    events.sort_by_key(|event| far(event));
    let (fitting, others): (Vec<&Event>, Vec<&Event>) = events.into_iter().partition(|event| fits(row, &event.title));
    let offered = |event: &Event| {
        let name = if event.id.is_empty() { &event.title } else { &event.id };
        let was = event
            .date
            .filter(|day| (0..=RECENT).contains(&(today - *day).num_days()));
        Offer {
            day: was,
            ..offer("event", name, &event.id, &event.title)
        }
    };
    let [fitting, others] = [fitting, others].map(|events| events.into_iter().map(offered).collect());
    (fitting, others)
}

/// The pages that a class is taught from or a meeting goes through, if the row is one; and all pages, the last that were changed first.
fn pages(row: Row, content: &Content) -> (Vec<Offer>, Vec<Offer>) {
    let purpose = match row {
        Row::Officers | Row::Groups | Row::Residents => Some(Purpose::Lesson),
        Row::Questions | Row::Briefings => Some(Purpose::Meeting),
        _ => None,
    };
    let offered = |page: &Page| offer("page", &page.id, &page.id, &page.title);
    let taught = content
        .pages
        .iter()
        .filter(|page| purpose.is_some() && page.purpose == purpose);
    let mut all: Vec<&Page> = content.pages.iter().collect();
    all.sort_by_key(|page| std::cmp::Reverse(page.updated));
    (taught.map(offered).collect(), all.into_iter().map(offered).collect())
}

/// Whether what the calendar calls something has a word of this row.
fn fits(row: Row, title: &str) -> bool {
    let words: &[&str] = match row {
        Row::Briefings => &["giao ban", "họp"],
        Row::Radio => &["phát thanh", "truyền thanh"],
        Row::Portal | Row::Social => &["ngày chuyển đổi số", IN_FORCE],
        Row::Officers => &["cán bộ", "công chức"],
        Row::Groups => &["đoàn thể", "hội viên", "hợp tác xã", "kinh doanh"],
        Row::Residents => &["lớp", "kỹ năng", "người dân", "phụ nữ"],
        Row::Questions => &["hỏi đáp"],
        Row::Contest => &["cuộc thi", "hội thi", "tìm hiểu"],
        Row::Issued | Row::Leaflets => &[],
    };
    let title = title.to_lowercase();
    words.iter().any(|word| title.contains(word))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::content::source;

    fn day() -> NaiveDate {
        "2026-12-20".parse().unwrap()
    }

    fn content() -> Content {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        source::read(&folder, day()).content.unwrap()
    }

    fn first(row: Row) -> String {
        offers(row, Some(&content()), day()).likely[0].title.clone()
    }

    #[test]
    fn what_is_likeliest_of_the_communes_content_comes_first() {
        assert_eq!(first(Row::Briefings), "Họp giao ban");
        assert_eq!(first(Row::Radio), "Tránh lừa đảo dịp cuối năm", "December's");
        assert_eq!(first(Row::Residents), "Lớp kỹ năng số cho phụ nữ");
        assert_eq!(first(Row::Questions), "Hội nghị hỏi đáp về chuyển đổi số");
        assert!(first(Row::Contest).starts_with("Cuộc thi tìm hiểu"));
        let issued = offers(Row::Issued, Some(&content()), day());
        assert_eq!((issued.likely.len(), issued.others.len()), (1, 0));
        let radio = offers(Row::Radio, Some(&content()), day());
        assert_eq!(radio.likely[1].subject, "2026-11-giay-to-tren-dien-thoai");
        assert_eq!(radio.likely[2].key, "own:0");
        assert_eq!(radio.likely[3].subject, "2027-01-cong-va-tien-tro-cap");
        let earlier = [0, 1, 3].map(|place: usize| radio.likely[place].earlier.map(|month| month.to_string()));
        assert_eq!(earlier, [None, Some("2026-11-01".to_owned()), None]);
    }

    #[test]
    fn officers_are_not_first_offered_a_class_for_residents_and_no_law_is_a_class() {
        let mut content = content();
        content
            .events
            .retain(|event| !fits(Row::Officers, &event.title) && !fits(Row::Groups, &event.title));
        let first = |row| offers(row, Some(&content), day()).likely[0].key.clone();
        assert_eq!([first(Row::Officers), first(Row::Groups)], ["own:0", "own:0"]);
        let Some(event) = content.events.first_mut() else {
            panic!("the calendar has events");
        };
        event.title = "Luật mới cho cán bộ có hiệu lực".to_owned();
        let has = |row| {
            let offers = offers(row, Some(&content), day());
            let mut all = offers.likely.iter().chain(&offers.others);
            all.any(|offer| offer.title.contains(IN_FORCE) && offer.key.starts_with("event:"))
        };
        assert!(!has(Row::Officers) && !has(Row::Questions) && has(Row::Portal));
        let others = offers(Row::Leaflets, Some(&content), day()).others;
        assert!(others.iter().map(|offer| fold(&offer.title)).is_sorted());
    }

    #[test]
    fn every_page_can_be_printed_and_every_key_is_of_one_thing() {
        let content = content();
        for row in Row::ALL {
            let offers = offers(row, Some(&content), day());
            let all: Vec<&Offer> = offers.likely.iter().chain(&offers.others).collect();
            let keys: std::collections::BTreeSet<&str> = all.iter().map(|offer| offer.key.as_str()).collect();
            assert_eq!(keys.len(), all.len(), "{row:?}");
            assert!(offers.likely.len() <= LIKELY);
            assert_eq!(
                offers.find("own:0").map(|own| own.title.as_str()),
                Some(row.own_words()[0])
            );
            assert_eq!(offers.find("Nguyễn Văn A"), None, "nothing is typed");
        }
        let leaflets = offers(Row::Leaflets, Some(&content), day());
        assert!(leaflets.find("page:khai-sinh").is_some());
    }

    #[test]
    fn what_was_lately_is_written_down_with_its_day() {
        let mut content = content();
        content.events.retain(|event| event.title.starts_with("Lớp"));
        content.events[0].date = "2026-12-12".parse().ok();
        let class = |content: &Content| offers(Row::Residents, Some(content), day()).likely[0].day;
        assert_eq!(class(&content), content.events[0].date);
        content.events[0].date = "2026-12-21".parse().ok();
        assert_eq!(class(&content), None, "not yet");
        content.events[0].date = "2026-10-12".parse().ok();
        assert_eq!(class(&content), None, "too long ago to be this time");
    }

    #[test]
    fn without_content_there_are_the_rows_own_words() {
        let offers = offers(Row::Questions, None, day());
        assert_eq!(offers.likely.len(), 1);
        assert!(offers.others.is_empty());
    }
}

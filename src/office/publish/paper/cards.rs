//! Pictures to send on (Zalo, Facebook) and the words to paste beside them; a month's calendar as a picture.
//!
//! 1200 x 630 is what Open Graph asks for, the square what a telephone shows largest. Begin with [`cards`].

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;
use typst_layout::Page as Set;

use super::sheet::{Item, Sheet, colour};
use super::{PaperError, code, json, picture, place, set};
use crate::content::model::{Content, Event, SectionColor};
use crate::content::vietnamese::spoken::Pronunciations;
use crate::office::words::date;

/// The most bytes of a picture: more takes long on a telephone's network, and messengers make it ugly.
const MOST_BYTES: usize = 500 * 1000;

/// The longest title and description beside a link, in letters; what is longer is cut by whoever shows it, and not between words.
const LONGEST: [usize; 2] = [59, 300];

/// Of where it comes from, so many letters stand on a picture: two lines.
const LONGEST_SOURCE: usize = 90;

/// The most things in one picture of a calendar.
const MOST_ENTRIES: usize = 12;

/// The days of a week as calendars have them.
const WEEK: [&str; 7] = [
    "Thứ Hai",
    "Thứ Ba",
    "Thứ Tư",
    "Thứ Năm",
    "Thứ Sáu",
    "Thứ Bảy",
    "Chủ Nhật",
];

/// A file to be written beside others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What the template is given.
#[derive(Serialize)]
struct Job<'a> {
    place: &'a str,
    square: bool,
    title: &'a str,
    summary: &'a str,
    section: &'a str,
    color: &'a str,
    /// When and where something takes place, a line each.
    lines: Vec<String>,
    picture: &'a str,
    has_code: bool,
    shown: &'a str,
    /// Where it comes from, and of which day it is.
    origin: String,
}

/// Two pictures and a text of a page, a notice, a programme or an event, by its id; or a month's calendar (`2026-12`) as one picture, more
/// if there is much in it.
///
/// # Errors
/// The id is unknown, or a picture can't be made.
pub fn cards(content: &Content, id: &str, today: NaiveDate) -> Result<Vec<Card>, PaperError> {
    if let Some(first) = first_of(id) {
        return month(content, first);
    }
    let event = event(content, id);
    let item = Item::find(content, id);
    let sheet = match (&item, event) {
        (Ok(item), _) => Some(Sheet::of(content, *item, &Pronunciations::default(), "card", today)),
        (Err(_), Some(_)) => None,
        (Err(_), None) => return Err(PaperError::Unknown(id.to_owned())),
    };
    let mut job = Job {
        place: place(content),
        square: false,
        title: "",
        summary: "",
        section: "Lịch của xã",
        color: colour(SectionColor::Purple),
        lines: Vec::new(),
        picture: "",
        has_code: false,
        shown: "",
        origin: String::new(),
    };
    let mut files = BTreeMap::new();
    let mut link = "";
    if let Some(sheet) = &sheet {
        (job.title, job.summary, job.section, job.color) = (sheet.title, sheet.summary, sheet.section, sheet.color);
        job.origin = origin(&sheet.updated, sheet.sources);
        if let Some(picture) = sheet.picture.as_ref()
            && let Some(bytes) = content.media.get(picture.media)
        {
            job.picture = picture.media;
            files.insert(format!("media/{}", picture.media), bytes.clone());
        }
        if let Some(address) = &sheet.address {
            (job.has_code, job.shown, link) = (true, &address.shown, &address.target);
            files.insert("code-0.svg".to_owned(), code::svg(&address.target)?);
        }
    } else if let Some(event) = event {
        (job.title, job.summary, job.lines) = (&event.title, &event.summary, when_and_where(event, today));
    }
    let mut cards = Vec::new();
    for (square, shape) in [(false, "1200x630"), (true, "1080x1080")] {
        job.square = square;
        let mut files = files.clone();
        files.insert("job.json".to_owned(), json(&job)?);
        let document = set("card.typ", files, today)?;
        cards.push(Card {
            name: format!("{id}-{shape}.png"),
            bytes: png(document.pages().first(), id)?,
        });
    }
    let description: Vec<&str> = job.lines.iter().map(String::as_str).chain([job.summary]).collect();
    let description = description.join(" ");
    let mut text = format!("{}\n\n{}\n", cut(job.title, LONGEST[0]), cut(&description, LONGEST[1]));
    if !link.is_empty() {
        text.push('\n');
        text.push_str(link);
        text.push('\n');
    }
    cards.push(Card {
        name: format!("{id}.txt"),
        bytes: text.into_bytes(),
    });
    Ok(cards)
}

/// What takes place on a day of a month.
#[derive(Serialize)]
struct Entry<'a> {
    day: String,
    weekday: &'static str,
    title: &'a str,
    more: String,
}

/// What the calendar's template is given.
#[derive(Serialize)]
struct Calendar<'a> {
    place: &'a str,
    month: String,
    entries: &'a [Entry<'a>],
}

/// What is said of an event, or in a month's calendar; `None` if there is no such thing.
pub(super) fn texts(content: &Content, id: &str, today: NaiveDate) -> Option<(String, Vec<String>)> {
    if let Some(first) = first_of(id) {
        let line = |it: Entry<'_>| format!("{} {}: {}. {}", it.weekday, it.day, it.title, it.more);
        let title = format!("Lịch tháng {}/{}", first.month(), first.year());
        return Some((title, entries(content, first).into_iter().map(line).collect()));
    }
    let event = event(content, id)?;
    let said = [event.title.clone(), event.summary.clone()].into_iter();
    let said = said.chain(when_and_where(event, today));
    Some((event.title.clone(), said.filter(|text| !text.is_empty()).collect()))
}

fn event<'a>(content: &'a Content, id: &str) -> Option<&'a Event> {
    let mut events = content.events.iter();
    events.find(|event| !event.id.is_empty() && event.id == id)
}

/// The first day of a month that is written `2026-12`, with four digits and two.
fn first_of(month: &str) -> Option<NaiveDate> {
    let first = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d").ok()?;
    (first.format("%Y-%m").to_string() == month && (2000..2200).contains(&first.year())).then_some(first)
}

/// Whether an id is a month's.
pub(super) fn is_month(id: &str) -> bool {
    first_of(id).is_some()
}

/// What takes place in a month, so much a picture as can be read on a telephone. `first` is its first day.
fn month(content: &Content, first: NaiveDate) -> Result<Vec<Card>, PaperError> {
    let all = entries(content, first);
    let pictures: Vec<&[Entry<'_>]> = if all.is_empty() {
        vec![&[]]
    } else {
        // About equally full.
        let pictures = all.len().div_ceil(MOST_ENTRIES);
        all.chunks(all.len().div_ceil(pictures)).collect()
    };
    let of = pictures.len();
    let cards = (1..).zip(pictures).map(|(number, entries)| {
        let month = format!("{}/{}", first.month(), first.year());
        let calendar = Calendar {
            place: place(content),
            month: if of > 1 {
                format!("{month} ({number}/{of})")
            } else {
                month
            },
            entries,
        };
        let more = if number > 1 {
            format!("-{number}")
        } else {
            String::new()
        };
        let name = format!("lich-{}{more}", first.format("%Y-%m"));
        let files = BTreeMap::from([("job.json".to_owned(), json(&calendar)?)]);
        let document = set("calendar.typ", files, first)?;
        Ok(Card {
            bytes: png(document.pages().first(), &name)?,
            name: format!("{name}.png"),
        })
    });
    cards.collect()
}

fn entries(content: &Content, first: NaiveDate) -> Vec<Entry<'_>> {
    let last = (first + Months::new(1)) - Days::new(1);
    let mut days: Vec<(NaiveDate, &Event)> = Vec::new();
    for event in &content.events {
        let Some(day) = event.next(Some(first)) else { continue };
        // What began before and still goes on stands on the first.
        let goes_on = event.repeats.is_none() && event.until.is_some_and(|until| until >= first);
        if day <= last && (day >= first || goes_on) {
            days.push((day.max(first), event));
        }
    }
    days.sort_by_key(|(day, _)| *day);
    let entries = days.into_iter().map(|(day, event)| Entry {
        day: day.day().to_string(),
        weekday: WEEK[day.weekday().num_days_from_monday() as usize],
        title: &event.title,
        more: [
            last_day(event).unwrap_or_default(),
            event.time.clone(),
            event.place.clone(),
        ]
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join(", "),
    });
    entries.collect()
}

/// Until when something goes on that takes several days.
fn last_day(event: &Event) -> Option<String> {
    let until = event
        .until
        .filter(|until| event.repeats.is_none() && event.date.is_some_and(|first| *until > first))?;
    Some(format!("đến hết ngày {}", date(until)))
}

fn when_and_where(event: &Event, today: NaiveDate) -> Vec<String> {
    let day = event.next(Some(today)).map_or_else(
        || "Ngày chưa chốt, hỏi cán bộ tại quầy.".to_owned(),
        |day| {
            let weekday = WEEK[day.weekday().num_days_from_monday() as usize];
            match last_day(event) {
                Some(last) => format!("Từ {}, ngày {}, {last}.", weekday.to_lowercase(), date(day)),
                None => format!("{weekday}, ngày {}.", date(day)),
            }
        },
    );
    let mut lines = vec![day];
    lines.extend((!event.time.is_empty()).then(|| format!("Giờ: {}.", event.time)));
    lines.extend((!event.place.is_empty()).then(|| format!("Nơi: {}.", event.place)));
    lines
}

/// A page as a picture, a pixel a point. A photograph may be too heavy: then colours lose their last bits, which nobody sees first.
fn png(page: Option<&Set>, id: &str) -> Result<Vec<u8>, PaperError> {
    let heavy = || PaperError::HeavyCard(id.to_owned());
    let drawn = picture::drawn(page.ok_or_else(heavy)?, 1.0);
    for kept in [0xff, 0xfc, 0xf8, 0xf0_u8] {
        let bytes = drawn.png(kept)?;
        if bytes.len() <= MOST_BYTES {
            return Ok(bytes);
        }
    }
    Err(heavy())
}

/// Of which day it is, and the first of its sources, whole if they are short.
fn origin(updated: &str, sources: &[String]) -> String {
    let mut shown = sources.first().map_or_else(String::new, |it| cut(it, LONGEST_SOURCE));
    for more in sources.iter().skip(1) {
        let all = format!("{shown}; {more}");
        if all.chars().count() > LONGEST_SOURCE {
            shown.push_str("; và nguồn khác");
            break;
        }
        shown = all;
    }
    format!("Cập nhật ngày {updated}. Nguồn: {shown}")
}

/// At most so many letters, cut between words.
fn cut(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    let beginning: String = text.chars().take(most - 1).collect();
    let end = beginning.rfind(' ').unwrap_or(beginning.len());
    format!("{}…", beginning[..end].trim_end_matches([',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_names_its_day_and_as_many_sources_as_two_lines_hold() {
        let said = |sources: &[&str]| {
            let sources: Vec<String> = sources.iter().map(|it| (*it).to_owned()).collect();
            origin("5/10/2026", &sources)
        };
        assert_eq!(said(&["A", "B"]), "Cập nhật ngày 5/10/2026. Nguồn: A; B");
        assert_eq!(
            said(&["A", &"dài ".repeat(30), "C"]),
            "Cập nhật ngày 5/10/2026. Nguồn: A; và nguồn khác"
        );
        assert!(said(&[&"dài ".repeat(60)]).chars().count() < 130);
    }

    #[test]
    fn a_text_too_long_is_cut_between_words_and_says_so() {
        assert_eq!(cut("Làm giấy  khai sinh", 20), "Làm giấy khai sinh");
        assert_eq!(cut("Làm giấy khai sinh, cho trẻ", 21), "Làm giấy khai sinh…");
        assert!(cut(&"ă".repeat(90), 59).chars().count() <= 59);
    }
}

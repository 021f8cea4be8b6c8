//! What a telephone takes home from a page: text for one QR code or two, and an address.
//!
//! The text stands in the code itself, so that it is there without a network and after the paper has been forgotten at home. Pure: the
//! screen draws it, and [`super::source`] asks it whether a list is too long. Begin with [`texts`].

use std::collections::BTreeMap;

use super::model::{Body, Page};

/// The most bytes (UTF-8) of text in one code.
///
/// ISO/IEC 18004, table 7: version 17, level L holds 644 bytes, in 85 modules a side; with the quiet zone of four at each side (6.3.8) 93.
/// On a screen of 1280 x 800 a code of text is 372 pixels wide, so that a module has four: 1 mm on a screen of 15 inches, and at arm's
/// length (60 cm) still two and a half pixels of the 1920 that a telephone's camera has while it looks for codes (it sees about 75 cm
/// across). Readers need two. Level L, because nothing soils a code on a screen, and larger modules help more than a spare seventh.
pub const MOST_BYTES: usize = 644;

/// What stands before each of two parts, so that they are recognised in the telephone too.
const MARKS: [&str; 2] = ["(1/2) ", "(2/2) "];

/// Where the code with an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// To the office that is responsible.
    Official(String),
    /// To the same page on the commune's own site.
    Page(String),
}

/// A line of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Title,
    Things,
    Place,
    Hours,
    Number,
    Address,
}

/// What goes first where two codes have no room for all. The address has a code of its own; who has the number can ask for hours and
/// place; the things to bring stay.
const DROPPED: [Line; 5] = [Line::Address, Line::Hours, Line::Place, Line::Number, Line::Title];

/// Words between the lines.
struct Words {
    things: &'static str,
    place: &'static str,
    hours: &'static str,
    ask: &'static str,
    ask_centre: &'static str,
    more: &'static str,
}

const VIETNAMESE: Words = Words {
    things: "Mang theo:",
    place: "Nơi làm:",
    hours: "Giờ Trung tâm xã:",
    ask: "Hỏi:",
    ask_centre: "Hỏi Trung tâm xã:",
    more: "(Còn nữa, xem đủ trên màn hình.)",
};

const ENGLISH: Words = Words {
    things: "Bring:",
    place: "Where:",
    hours: "Hours of the centre:",
    ask: "Ask:",
    ask_centre: "Ask the centre:",
    more: "(There is more, see the screen.)",
};

const fn words(english: bool) -> &'static Words {
    if english { &ENGLISH } else { &VIETNAMESE }
}

/// The text of each code of a guide, one or two; none for an article. `english` is for a reader of English, and does nothing for a page
/// that has none; `facts` are the commune's.
#[must_use]
pub fn texts(page: &Page, facts: &BTreeMap<String, String>, english: bool) -> Vec<String> {
    let english = is_english(page, english);
    let Body::Guide(guide) = body(page, english) else {
        return Vec::new();
    };
    let words = words(english);
    let fact = |key| facts.get(key).map(String::as_str).unwrap_or_default();
    let title = if english && !page.title_en.is_empty() {
        &page.title_en
    } else {
        &page.title
    };
    let mut lines = vec![(Line::Title, title.clone())];
    lines.extend(
        things(&guide.prepare, words)
            .into_iter()
            .map(|line| (Line::Things, line)),
    );
    let number = if guide.hotline.is_empty() {
        (words.ask_centre, fact("center_phone"))
    } else {
        (words.ask, guide.hotline.as_str())
    };
    for (line, (name, value)) in [
        (Line::Place, (words.place, guide.place.as_str())),
        (Line::Hours, (words.hours, fact("center_hours"))),
        (Line::Number, number),
    ] {
        if !value.is_empty() {
            lines.push((line, format!("{name} {value}")));
        }
    }
    if !guide.link.is_empty() {
        lines.push((Line::Address, guide.link.clone()));
    }
    let mut dropped = DROPPED.into_iter();
    loop {
        let text: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
        if let Some(parts) = cut(&text.join("\n"), &LINES) {
            return parts;
        }
        match dropped.next() {
            Some(line) => lines.retain(|(kind, _)| *kind != line),
            None => return beginning(&guide.prepare, words).0,
        }
    }
}

/// How many of the things to bring two codes hold, if nothing else stands in them.
#[must_use]
pub fn holds(things: &[String], english: bool) -> usize {
    beginning(things, words(english)).1
}

/// As many of the things as two codes hold, and how many that is; what is missing is said. A thing is cut through only where all of
/// them fit so.
fn beginning(all: &[String], words: &Words) -> (Vec<String>, usize) {
    for number in (0..=all.len()).rev() {
        let mut lines = things(&all[..number], words);
        let ends: &[char] = if number < all.len() {
            lines.push(words.more.to_owned());
            &LINES
        } else {
            &LINES_AND_WORDS
        };
        if let Some(parts) = cut(&lines.join("\n"), ends) {
            return (parts, number);
        }
    }
    (Vec::new(), 0)
}

/// The list, one thing a line.
fn things(all: &[String], words: &Words) -> Vec<String> {
    let head = (!all.is_empty()).then(|| words.things.to_owned());
    head.into_iter()
        .chain(all.iter().map(|thing| format!("- {thing}")))
        .collect()
}

/// Where a text may be cut, the best first.
const LINES: [char; 1] = ['\n'];
const LINES_AND_WORDS: [char; 2] = ['\n', ' '];

/// Cuts a text for one code or two, which are then as equal as can be: smaller codes have larger modules. `None` if two codes don't hold
/// it when it is cut at one of these `ends`.
fn cut(text: &str, ends: &[char]) -> Option<Vec<String>> {
    if text.len() <= MOST_BYTES {
        return Some(vec![text.to_owned()]);
    }
    let at = ends.iter().find_map(|end| {
        let longer = |at: &usize| (*at).max(text.len() - at - 1) + MARKS[0].len();
        let places = text.match_indices(*end).map(|(at, _)| at);
        places.min_by_key(longer).filter(|at| longer(at) <= MOST_BYTES)
    })?;
    let [first, second] = MARKS;
    Some(vec![
        format!("{first}{}", &text[..at]),
        format!("{second}{}", &text[at + 1..]),
    ])
}

/// Where the code with an address leads: to the page on the commune's site, if it has one (`site`), else to the official address.
#[must_use]
pub fn address(page: &Page, facts: &BTreeMap<String, String>, english: bool) -> Option<Address> {
    if let Some(site) = facts.get("site").filter(|site| !site.is_empty()) {
        let site = site.trim_end_matches('/');
        return Some(Address::Page(format!("{site}/{}", file(page, english))));
    }
    match &page.body {
        Body::Guide(guide) if !guide.link.is_empty() => Some(Address::Official(guide.link.clone())),
        _ => None,
    }
}

/// The file of a page below the commune's site. It stays for ever: it is in codes on paper.
#[must_use]
pub fn file(page: &Page, english: bool) -> String {
    let folder = if is_english(page, english) { "en/" } else { "" };
    format!("{folder}{}.html", page.id)
}

/// Whether a page is taken home in English.
fn is_english(page: &Page, english: bool) -> bool {
    english && page.english.is_some()
}

fn body(page: &Page, english: bool) -> &Body {
    match &page.english {
        Some(body) if english => body,
        _ => &page.body,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::content::model::Guide;

    fn guide(prepare: Vec<String>) -> Page {
        Page {
            id: "khai-sinh".to_owned(),
            section: "thu-tuc".to_owned(),
            title: "Làm giấy khai sinh".to_owned(),
            summary: String::new(),
            title_en: "Birth certificate".to_owned(),
            summary_en: String::new(),
            updated: NaiveDate::default(),
            review_by: NaiveDate::default(),
            sources: Vec::new(),
            related: Vec::new(),
            keywords: Vec::new(),
            purpose: None,
            body: Body::Guide(Guide {
                who: String::new(),
                prepare,
                cost: String::new(),
                time: String::new(),
                place: "Trung tâm".to_owned(),
                link: "https://dichvucong.gov.vn".to_owned(),
                hotline: String::new(),
                steps: Vec::new(),
            }),
            english: None,
        }
    }

    fn facts(facts: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        facts.iter().map(owned).collect()
    }

    #[test]
    fn the_text_says_what_to_bring_where_when_and_whom_to_ask() {
        let mut page = guide(vec!["Giấy chứng sinh".to_owned(), "Thẻ căn cước".to_owned()]);
        assert_eq!(
            texts(&page, &BTreeMap::new(), true),
            [
                "Làm giấy khai sinh\nMang theo:\n- Giấy chứng sinh\n- Thẻ căn cước\nNơi làm: Trung tâm\nhttps://dichvucong.gov.vn"
            ],
            "a page without English is taken home in Vietnamese"
        );
        let told = facts(&[("center_hours", "7 giờ 30"), ("center_phone", "0225 1")]);
        let Body::Guide(vietnamese) = &mut page.body else {
            panic!("a guide")
        };
        let english = Guide {
            prepare: vec!["ID card".to_owned()],
            place: "Centre".to_owned(),
            ..vietnamese.clone()
        };
        vietnamese.hotline = "18001096".to_owned();
        page.english = Some(Body::Guide(english));
        assert_eq!(
            texts(&page, &told, true),
            [
                "Birth certificate\nBring:\n- ID card\nWhere: Centre\nHours of the centre: 7 giờ 30\nAsk the centre: 0225 1\nhttps://dichvucong.gov.vn"
            ]
        );
        let vietnamese = texts(&page, &told, false);
        assert!(
            vietnamese[0].ends_with("Giờ Trung tâm xã: 7 giờ 30\nHỏi: 18001096\nhttps://dichvucong.gov.vn"),
            "{vietnamese:?}"
        );
    }

    #[test]
    fn what_two_codes_cannot_hold_goes_in_a_stated_order() {
        let told = facts(&[("center_hours", "7 giờ 30"), ("center_phone", "0225 1")]);
        let lines = [
            "https://",
            "Giờ Trung tâm xã:",
            "Nơi làm:",
            "Hỏi Trung tâm xã:",
            "Làm giấy khai sinh",
        ];
        // Papers of twenty bytes a line, and one that grows until nothing else has room.
        let mut before = lines.len();
        let mut papers = vec!["a".repeat(18); 53];
        for longer in 1..155 {
            papers[0] = "a".repeat(longer);
            let parts = texts(&guide(papers.clone()), &told, false);
            let all = parts.join("\n");
            let kept = lines.iter().filter(|line| all.contains(**line)).count();
            assert_eq!(
                lines[..lines.len() - kept].iter().find(|line| all.contains(**line)),
                None,
                "what goes first is gone"
            );
            assert!(kept <= before && all.matches("\n- ").count() + all.matches(") - ").count() == papers.len());
            before = kept;
        }
        assert_eq!(before, 0, "the list alone");
    }

    #[test]
    fn a_list_too_long_for_two_codes_says_that_there_is_more() {
        let papers: Vec<String> = (1..=40)
            .map(|n| format!("Giấy tờ thứ {n}, bản chính và bản sao có chứng thực"))
            .collect();
        let held = holds(&papers, false);
        assert!((10..40).contains(&held), "{held}");
        let parts = texts(&guide(papers.clone()), &BTreeMap::new(), false);
        let all = parts.join("\n");
        assert!(parts.iter().all(|part| part.len() <= MOST_BYTES) && parts.len() == 2);
        assert!(parts[1].ends_with(VIETNAMESE.more) && all.contains(&papers[held - 1]));
        assert!(!all.contains(&papers[held]));
        assert_eq!(holds(&papers[..held], false), held);
    }

    #[test]
    fn the_address_is_the_commune_s_where_it_has_a_site() {
        let mut page = guide(Vec::new());
        let official = Address::Official("https://dichvucong.gov.vn".to_owned());
        assert_eq!(address(&page, &facts(&[("site", "")]), false), Some(official));
        let of_site = |page: &Page, site, english| match address(page, &facts(&[("site", site)]), english) {
            Some(Address::Page(address)) => address,
            other => panic!("{other:?}"),
        };
        assert_eq!(of_site(&page, "https://xa.vn", true), "https://xa.vn/khai-sinh.html");
        page.english = Some(page.body.clone());
        assert_eq!(
            of_site(&page, "https://xa.vn/a/", true),
            "https://xa.vn/a/en/khai-sinh.html"
        );
        assert_eq!(
            of_site(&page, "https://xa.vn/a/", false),
            "https://xa.vn/a/khai-sinh.html"
        );
        page.body = Body::Article { blocks: Vec::new() };
        assert_eq!(address(&page, &BTreeMap::new(), false), None);
        assert_eq!(texts(&page, &BTreeMap::new(), false), [""; 0]);
    }

    proptest! {
        #[test]
        fn a_text_is_cut_between_lines_or_words_and_loses_no_letter(
            lines in prop::collection::vec(prop::collection::vec("[a-zđộ]{1,12}", 1..30), 1..14)
        ) {
            let lines: Vec<String> = lines.iter().map(|words| words.join(" ")).collect();
            let text = lines.join("\n");
            let Some(parts) = cut(&text, &LINES_AND_WORDS) else {
                // A line or a word more or less in one of two codes, and the marks.
                prop_assert!(text.len() > 2 * (MOST_BYTES - MARKS[0].len()) - 100);
                return Ok(());
            };
            prop_assert!(parts.len() <= 2 && parts.iter().all(|part| part.len() <= MOST_BYTES));
            if let [first, second] = &parts[..] {
                let (first, second) = (first.strip_prefix(MARKS[0]).unwrap(), second.strip_prefix(MARKS[1]).unwrap());
                let at_line_end = format!("{first}\n{second}") == text;
                let between_words = format!("{first} {second}") == text;
                prop_assert!(at_line_end || between_words);
                // Only a line too long for either code is cut through.
                let line_end = text.match_indices('\n').map(|(at, _)| at.max(text.len() - at - 1));
                let fits = line_end.min().is_some_and(|longer| longer + MARKS[0].len() <= MOST_BYTES);
                prop_assert_eq!(at_line_end, fits);
            } else {
                prop_assert_eq!(&parts[0], &text);
            }
        }
    }
}

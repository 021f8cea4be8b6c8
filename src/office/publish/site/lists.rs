//! Lists of pages: sections, everything from A to Z, what people ask for. Begin with [`section`].

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::alphabet::{letter, order};
use super::blocks;
use super::cards::cards;
use super::edition::{self, Here};
use super::frame::{self, Head};
use super::{quiz, radio};
use crate::content::model::{Page, Section, Shows, Topic};
use crate::office::words::month;

/// The pages of a section, in their groups, or what else it shows.
pub(super) fn section(here: &Here<'_>, section: &Section) -> String {
    let content = here.edition.content;
    let pages_of = || content.pages.iter().filter(|page| page.section == section.id);
    let head = Head {
        color: section.color,
        above: None,
        ..Head::of(&section.title, &section.summary)
    };
    let main = html! {
        h1 { (section.title) }
        p.summary { (section.summary) }
        @match section.shows {
            Shows::Pages if !section.groups.is_empty() => {
                nav.jump aria-label="Các nhóm bài" {
                    ul { @for group in &section.groups { li { a href=(format!("#nhom-{}", edition::escaped(&group.id))) { (group.title) } } } }
                }
                @for group in &section.groups {
                    @let found: Vec<&Page> = group.pages.iter().filter_map(|id| here.edition.page(id)).collect();
                    section aria-labelledby=(format!("nhom-{}", group.id)) {
                        h2 id=(format!("nhom-{}", group.id)) { (group.title) }
                        p.small { (group.summary) }
                        (cards(here, &found))
                    }
                }
            }
            Shows::Pages => (cards(here, &pages_of().collect::<Vec<_>>())),
            Shows::Quiz => (quiz::list(here)),
            Shows::Radio => (radio::list(here)),
        }
    };
    frame::page(here, &head, &main)
}

/// A line of the list from A to Z.
#[derive(PartialEq)]
struct Entry {
    title: String,
    href: String,
    /// What it is, where it is no page: the same words may be a page's and a programme's.
    kind: String,
}

/// Everything there is, by its title.
pub(super) fn a_to_z(here: &Here<'_>) -> String {
    let mut letters: BTreeMap<(usize, String), Vec<Entry>> = BTreeMap::new();
    for entry in entries(here) {
        letters.entry(letter(&entry.title)).or_default().push(entry);
    }
    let head = Head::of("Tìm theo A–Z", "Mọi bài, chương trình, bộ câu hỏi, theo chữ cái đầu.");
    let main = html! {
        h1 { (head.title) }
        p.summary { (head.summary) }
        p.small { "Mở trên máy tính thì bấm Ctrl và F, gõ từ cần tìm; trên điện thoại thì chọn “Tìm trong trang” của trình duyệt." }
        nav.jump.letters aria-label="Chữ cái" {
            ul { @for (_, name) in letters.keys() { li { a href=(format!("#{}", anchor(name))) { (name) } } } }
        }
        @for ((_, name), entries) in &letters {
            section aria-labelledby=(anchor(name)) {
                h2 id=(anchor(name)) { (name) }
                ul.plain { @for entry in entries { li { a href=(entry.href) { (entry.title) } (entry.kind) } } }
            }
        }
    };
    frame::page(here, &head, &main)
}

fn entries(here: &Here<'_>) -> Vec<Entry> {
    let content = here.edition.content;
    let entry = |title: &String, href: String, kind: String| Entry {
        title: title.clone(),
        href,
        kind,
    };
    let mut entries = Vec::new();
    for page in &content.pages {
        entries.push(entry(&page.title, here.page(page).href, String::new()));
    }
    for quiz in &content.quizzes {
        let href = here.to(&edition::quiz_file(&quiz.id));
        entries.push(entry(&quiz.title, href, " (đố vui)".to_owned()));
    }
    for programme in &content.programmes {
        let href = here.to(&edition::programme_file(&programme.id));
        let kind = format!(" (bài đài tháng {})", month(programme.month));
        entries.push(entry(&programme.title, href, kind));
    }
    for notice in here.edition.notices() {
        let href = here.to(&edition::notice_file(&notice.id));
        entries.push(entry(&notice.title, href, " (thông báo)".to_owned()));
    }
    // What people call a thing may not be the title of its page.
    for topic in &content.topics {
        entries.push(entry(&topic.title, topic_href(here, topic), String::new()));
    }
    entries.sort_by_cached_key(|entry| (order(&entry.title), entry.href.clone()));
    entries.dedup();
    entries
}

/// What people ask for in their own words, in its groups.
pub(super) fn topics(here: &Here<'_>) -> String {
    /// Of what people call a thing, enough to recognise it.
    const CALLED: usize = 4;
    let mut groups: Vec<(&str, Vec<&Topic>)> = Vec::new();
    for topic in &here.edition.content.topics {
        match groups.iter_mut().find(|(title, _)| *title == topic.group) {
            Some((_, topics)) => topics.push(topic),
            None => groups.push((&topic.group, vec![topic])),
        }
    }
    let head = Head::of(
        "Những việc bà con hay hỏi",
        "Tìm theo cách bà con vẫn gọi; việc chưa có bài thì ở đây có nơi hỏi.",
    );
    let main = html! {
        h1 { (head.title) }
        p.summary { (head.summary) }
        nav.jump aria-label="Các nhóm việc" {
            ul { @for (at, (title, _)) in groups.iter().enumerate() { li { a href=(format!("#nhom-{at}")) { (group_title(title)) } } } }
        }
        @for (at, (title, topics)) in groups.iter().enumerate() {
            section aria-labelledby=(format!("nhom-{at}")) {
                h2 id=(format!("nhom-{at}")) { (group_title(title)) }
                ul.plain {
                    @for topic in topics {
                        li id=(format!("viec-{}", topic.id)) {
                            @match here.edition.page(&topic.page) {
                                Some(page) => a href=(here.page(page).href) { (topic.title) },
                                None => strong { (topic.title) },
                            }
                            @if !topic.words.is_empty() {
                                span.line { "Còn gọi: " (topic.words.iter().take(CALLED).map(String::as_str).collect::<Vec<_>>().join(", ")) }
                            }
                            @if here.edition.page(&topic.page).is_none() { (whom_to_ask(topic)) }
                        }
                    }
                }
            }
        }
    };
    frame::page(here, &head, &main)
}

fn group_title(title: &str) -> &str {
    if title.is_empty() { "Việc khác" } else { title }
}

fn whom_to_ask(topic: &Topic) -> Markup {
    html! {
        span.line {
            "Hỏi: " (topic.office)
            @if topic.phone.contains(|c: char| c.is_ascii_digit()) { ", " (blocks::telephone(&topic.phone)) }
            @if !topic.address.is_empty() { ", " a href=(topic.address) { (topic.address) } }
        }
    }
}

fn topic_href(here: &Here<'_>, topic: &Topic) -> String {
    match here.edition.page(&topic.page) {
        Some(page) => here.page(page).href,
        None => format!("{}#viec-{}", here.to(edition::TOPICS), edition::escaped(&topic.id)),
    }
}

/// The place of a letter on its page, in letters that every address can have.
fn anchor(letter: &str) -> String {
    let codes: Vec<String> = letter.chars().take(1).map(|c| format!("{:x}", u32::from(c))).collect();
    format!("chu-{}", codes.join("-"))
}

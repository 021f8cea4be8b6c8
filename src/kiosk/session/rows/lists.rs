//! Screens that list: sections, whom to ask, what is counted, what was found.

use chrono::Datelike;

use super::super::Session;
use super::super::settings::Language;
use super::super::staff::turn_off;
use super::super::view::{Card, Extent, Label, Row, Target, Words};
use super::{in_language, section_title, text};
use crate::content::library::{Catalogue, PageCard};
use crate::content::model::{Group, SectionColor, Shows, Topic};
use crate::content::rich::{Link, Rich};
use crate::content::search;
use crate::usage::demand;
use crate::usage::signals::{Family, Signal};

pub(super) fn catalogue(session: &Session) -> Option<&Catalogue> {
    session
        .library
        .as_deref()
        .map(crate::content::library::Library::catalogue)
}

fn is_english(session: &Session) -> bool {
    session.memory.settings.language == Language::English
}

pub(super) fn color_of(session: &Session, section: &str) -> SectionColor {
    catalogue(session)
        .and_then(|catalogue| catalogue.sections.iter().find(|known| known.id == section))
        .map_or(SectionColor::Slate, |section| section.color)
}

/// A card for a page.
fn page_card(session: &Session, page: &PageCard) -> Card {
    Card {
        picture: page.picture.clone(),
        title: Words::Text(in_language(session, &page.title, &page.title_en)),
        marked: None,
        detail: in_language(session, &page.summary, &page.summary_en),
        extent: (page.english && is_english(session)).then_some(Extent::InEnglish),
        color: color_of(session, &page.section),
        opens: Target::Page(page.id.clone()),
    }
}

/// The pages of these ids, as far as they exist.
fn pages<'a>(catalogue: &'a Catalogue, ids: &[String]) -> Vec<&'a PageCard> {
    ids.iter().filter_map(|id| catalogue.card(id)).collect()
}

/// Cards for these pages, as far as they exist.
pub(super) fn page_cards(session: &Session, ids: &[String]) -> Vec<Row> {
    let pages = catalogue(session).map_or_else(Vec::new, |catalogue| pages(catalogue, ids));
    rows_of(session, pages)
}

/// Cards for the pages of a list: what is asked for most comes first.
fn sorted_cards(session: &Session, mut pages: Vec<&PageCard>) -> Vec<Row> {
    session.put_often_first(&mut pages);
    rows_of(session, pages)
}

fn rows_of(session: &Session, pages: Vec<&PageCard>) -> Vec<Row> {
    let cards = pages.into_iter().map(|page| page_card(session, page));
    cards.map(Row::Card).collect()
}

/// A card that leads where a link leads, with the author's words or the title of what it opens; `None` if that isn't there.
pub(super) fn link_card(session: &Session, link: &Link, words: Option<&str>) -> Option<Row> {
    let catalogue = catalogue(session)?;
    let of = |shows| catalogue.sections.iter().find(|section| section.shows == shows);
    let color = |shows| of(shows).map_or(SectionColor::Slate, |section| section.color);
    let (title, color, opens) = match link {
        Link::Page(id) => {
            let page = catalogue.card(id)?;
            let title = in_language(session, &page.title, &page.title_en);
            (title, color_of(session, &page.section), Target::Page(id.clone()))
        }
        Link::Quiz(id) => {
            let quiz = catalogue.quizzes.iter().find(|quiz| quiz.id == *id)?;
            (quiz.title.clone(), color(Shows::Quiz), Target::Quiz(id.clone()))
        }
        Link::Programme(id) => {
            let programme = catalogue.programmes.iter().find(|programme| programme.id == *id)?;
            let opens = Target::Programme(id.clone());
            (programme.title.clone(), color(Shows::Radio), opens)
        }
        Link::Event(id) => {
            let event = catalogue.events.iter().find(|event| event.id == *id)?;
            (event.title.clone(), color(Shows::Radio), Target::Calendar)
        }
        Link::Section(id) => {
            let section = catalogue.section(id)?;
            (section_title(session, id), section.color, Target::Section(id.clone()))
        }
    };
    Some(card_of(words.map_or(Words::Text(title), text), color, opens))
}

/// A card of the interface.
pub(super) fn plain_card(label: Label, color: SectionColor, opens: Target) -> Row {
    card_of(Words::Label(label), color, opens)
}

/// A card with nothing but a title.
pub(super) fn card_of(title: Words, color: SectionColor, opens: Target) -> Row {
    Row::Card(Card {
        picture: String::new(),
        title,
        marked: None,
        detail: String::new(),
        extent: None,
        color,
        opens,
    })
}

/// The colour of the section that lists the programmes.
pub(super) fn color_of_programmes(session: &Session) -> SectionColor {
    let sections = catalogue(session).map_or(&[][..], |catalogue| &catalogue.sections);
    let section = sections.iter().find(|section| section.shows == Shows::Radio);
    section.map_or(SectionColor::Slate, |section| section.color)
}

pub(super) fn section(session: &Session, id: &str) -> Vec<Row> {
    let Some(catalogue) = catalogue(session) else {
        return Vec::new();
    };
    let color = color_of(session, id);
    let groups = catalogue.section(id).map(|section| &section.groups[..]);
    let mut rows: Vec<Row> = match session.shows(id) {
        Shows::Pages if groups.is_some_and(|groups| !groups.is_empty()) => groups
            .map(|groups| session.groups_in_order(groups))
            .into_iter()
            .flatten()
            .map(|group| {
                let first = group.pages.first().and_then(|page| catalogue.card(page));
                Row::Card(Card {
                    picture: first.map(|page| page.picture.clone()).unwrap_or_default(),
                    title: Words::Text(in_language(session, &group.title, &group.title_en)),
                    marked: None,
                    detail: in_language(session, &group.summary, &group.summary_en),
                    extent: None,
                    color,
                    opens: Target::Group(id.to_owned(), group.id.clone()),
                })
            })
            .collect(),
        Shows::Pages => sorted_cards(session, catalogue.pages_of(id).collect()),
        Shows::Quiz => catalogue
            .quizzes
            .iter()
            .map(|quiz| {
                Row::Card(Card {
                    picture: String::new(),
                    title: text(&quiz.title),
                    marked: None,
                    detail: quiz.summary.clone(),
                    extent: Some(Extent::Questions(quiz.count)),
                    color,
                    opens: Target::Quiz(quiz.id.clone()),
                })
            })
            .collect(),
        Shows::Radio => {
            let mut programmes: Vec<_> = catalogue.programmes.iter().collect();
            // A year of programmes lies here at once: those that have been on the air come first, the newest before all; what is still to come
            // stands behind them, the soonest first. Without a clock none is still to come.
            let today = session.now.wall.map(|wall| wall.date());
            programmes.sort_by_key(|programme| {
                let month = programme.month.num_days_from_ce();
                let to_come = today.is_some_and(|today| programme.month > today);
                (to_come, if to_come { month } else { -month })
            });
            let programmes = programmes.into_iter().map(|programme| {
                Row::Card(Card {
                    picture: String::new(),
                    title: text(&programme.title),
                    marked: None,
                    // What it is about stands in its title: with a summary beside it four would fill a screen.
                    detail: programme.month.format("%-m/%Y").to_string(),
                    extent: session.minutes_heard(&programme.id).map(Extent::Heard),
                    color,
                    opens: Target::Programme(programme.id.clone()),
                })
            });
            let calendar = plain_card(Label::CalendarCard, color, Target::Calendar);
            std::iter::once(calendar).chain(programmes).collect()
        }
    };
    if rows.is_empty() {
        rows.push(Row::Plain(Words::Label(Label::EmptySection)));
    }
    if is_english(session) {
        let some = catalogue.pages_of(id).any(|page| page.english);
        let label = if some {
            Label::SomeInEnglish
        } else {
            Label::VietnameseOnly
        };
        rows.push(Row::Small(Words::Label(label)));
    }
    rows
}

fn find_group<'a>(session: &'a Session, section: &str, id: &str) -> Option<&'a Group> {
    let section = catalogue(session)?.section(section)?;
    section.groups.iter().find(|group| group.id == id)
}

/// The pages of a group.
pub(super) fn group(session: &Session, section: &str, id: &str) -> Vec<Row> {
    let (Some(catalogue), Some(group)) = (catalogue(session), find_group(session, section, id)) else {
        return Vec::new();
    };
    sorted_cards(session, pages(catalogue, &group.pages))
}

pub(super) fn group_title(session: &Session, section: &str, id: &str) -> String {
    let group = find_group(session, section, id);
    group.map_or_else(String::new, |group| in_language(session, &group.title, &group.title_en))
}

pub(super) fn staff_help(session: &Session) -> Vec<Row> {
    let Some(catalogue) = catalogue(session) else {
        return Vec::new();
    };
    let facts = [
        (Label::StaffWhere, "center_name"),
        (Label::StaffAddress, "center_address"),
        (Label::StaffHours, "center_hours"),
        (Label::StaffPhone, "center_phone"),
        (Label::PolicePhone, "police_phone"),
        (Label::DigitalTeam, "digital_team_contacts"),
        (Label::PortalPhone, "portal_phone"),
    ];
    let mut rows = vec![Row::Plain(Words::Label(Label::StaffHint))];
    rows.extend(facts.into_iter().filter_map(|(label, key)| {
        let value = match (catalogue.commune.get(key), key) {
            // A pack of before there was this fact.
            (None, "portal_phone") => "18001096",
            (value, _) => value?,
        };
        (!value.is_empty()).then(|| Row::Fact(label, value.to_owned()))
    }));
    rows.push(plain_card(Label::PrivacyCard, SectionColor::Slate, Target::Privacy));
    rows
}

/// What the machine is like, and what staff can do about it.
pub(super) fn staff(session: &Session) -> Vec<Row> {
    let facts = session.facts.clone().unwrap_or_default();
    let looking = session
        .facts
        .is_none()
        .then_some(Row::Plain(Words::Label(Label::StaffLooking)));
    let lines = [
        (Label::StaffContent, &facts.content),
        (Label::StaffOrigin, &facts.origin),
        (Label::StaffCounts, &facts.counts),
        (Label::StaffOffice, &facts.office),
        (Label::StaffIdentity, &facts.identity),
        (Label::StaffClock, &facts.clock),
        (Label::StaffMachine, &facts.machine),
    ];
    let known = lines.into_iter().filter(|(_, words)| !words.is_empty());
    let known = known.map(|(label, words)| Row::Fact(label, words.clone()));
    let mut rows: Vec<Row> = looking.into_iter().chain(known).collect();
    if facts.can_call_office {
        rows.push(plain_card(
            Label::CallOfficeCard,
            SectionColor::Teal,
            Target::CallOffice,
        ));
    }
    if let Some(percent) = facts.brightness {
        rows.push(Row::Fact(Label::StaffBrightness, format!("{percent} %")));
        for (label, up) in [(Label::BrighterCard, true), (Label::DarkerCard, false)] {
            rows.push(plain_card(label, SectionColor::Slate, Target::Brightness { up }));
        }
    }
    if facts.can_go_back {
        rows.push(plain_card(Label::GoBackCard, SectionColor::Amber, Target::PackBefore));
    }
    if facts.can_set_date {
        rows.push(card_of(text("Đặt ngày giờ"), SectionColor::Slate, Target::SetDate));
    }
    if session.can_be_heard() {
        rows.push(card_of(text("Thử loa"), SectionColor::Slate, Target::TestSound));
    }
    rows.push(plain_card(Label::TouchTestCard, SectionColor::Slate, Target::TouchTest));
    rows.push(plain_card(Label::RestartCard, SectionColor::Slate, Target::Restart));
    if facts.can_turn_off {
        for again in [true, false] {
            let words = turn_off(again, session.memory.turn_off == Some(again));
            let (words, opens) = (Words::Text(words.to_owned()), Target::TurnOff { again });
            rows.push(card_of(words, SectionColor::Amber, opens));
        }
    }
    rows
}

/// Printed from the list in code, so that it can't say less than what is counted.
pub(super) fn privacy(session: &Session) -> Vec<Row> {
    let english = is_english(session);
    let mut rows = vec![
        Row::Plain(Words::Label(Label::NotCounted)),
        Row::Plain(Words::Label(Label::Counted)),
    ];
    let counted = || Signal::ALL.into_iter().filter(|signal| signal.is_counted());
    let of = |family| counted().filter(move |signal| signal.family() == family);
    rows.extend(of(Family::When).chain(of(Family::What)).map(|signal| {
        let description = if english { signal.english() } else { signal.vietnamese() };
        Row::Bullet(Rich::plain(description))
    }));
    let asked = if english { demand::ENGLISH } else { demand::VIETNAMESE };
    rows.push(Row::Bullet(Rich::plain(asked)));
    // At a long list's end, where no resident looks for help and a manual can send staff.
    if session.pin.is_set() {
        rows.push(plain_card(Label::StaffCard, SectionColor::Slate, Target::StaffPage));
    }
    rows
}

pub(super) fn search(session: &Session) -> Vec<Row> {
    let Some(catalogue) = catalogue(session) else {
        return Vec::new();
    };
    let ask = || plain_card(Label::AskStaffCard, SectionColor::Teal, Target::StaffHelp);
    let topics = || plain_card(Label::TopicsCard, SectionColor::Slate, Target::Topics);
    if session.memory.typed.as_str().trim().is_empty() {
        let mut rows = vec![Row::Plain(Words::Label(Label::TypeHint))];
        rows.extend((!catalogue.topics.is_empty()).then(topics));
        rows.push(ask());
        // What is asked for most, without a heading: above the keyboard there is no room for one.
        rows.extend(rows_of(session, session.often()));
        return rows;
    }
    if session.memory.hits.is_empty() {
        let mut rows = vec![Row::Plain(Words::Label(Label::NothingFound)), ask()];
        rows.extend((!catalogue.topics.is_empty()).then(topics));
        rows.extend(catalogue.sections.iter().map(|section| {
            card_of(
                text(&section_title(session, &section.id)),
                section.color,
                Target::Section(section.id.clone()),
            )
        }));
        return rows;
    }
    // What answers comes first, whatever only mentions the words after it.
    let (answers, mentions): (Vec<_>, Vec<_>) = session.memory.hits.iter().partition(|hit| hit.answers);
    let mut rows: Vec<Row> = answers
        .into_iter()
        .map(|hit| hit_card(session, catalogue, hit))
        .collect();
    if rows.is_empty() {
        rows.extend([Row::Plain(Words::Label(Label::NoPageYet)), ask()]);
        rows.extend((!catalogue.topics.is_empty()).then(topics));
    }
    if !mentions.is_empty() {
        rows.push(Row::Plain(Words::Label(Label::MentionedIn)));
        rows.extend(mentions.into_iter().map(|hit| hit_card(session, catalogue, hit)));
    }
    rows
}

/// A card for something found, with the words that answer marked. Above a keyboard there is no room for pictures.
fn hit_card(session: &Session, catalogue: &Catalogue, hit: &search::Hit) -> Row {
    let opens = match &hit.target {
        search::Target::Page(id) => Target::Page(id.clone()),
        search::Target::Quiz(id) => Target::Quiz(id.clone()),
        search::Target::Programme(id) => Target::Programme(id.clone()),
        search::Target::Topic(id) => Target::Topic(id.clone()),
        search::Target::Section(id) => Target::Section(id.clone()),
        search::Target::Group(section, id) => Target::Group(section.clone(), id.clone()),
        search::Target::Calendar => Target::Calendar,
        search::Target::StaffHelp => Target::StaffHelp,
    };
    if let (true, Target::Page(id)) = (is_english(session), &opens)
        && let Some(page) = catalogue.card(id).filter(|page| !page.title_en.is_empty())
    {
        return Row::Card(Card {
            picture: String::new(),
            ..page_card(session, page)
        });
    }
    Row::Card(Card {
        picture: String::new(),
        title: text(&hit.title),
        marked: Some((
            Rich::marked(&hit.title, &hit.title_marks),
            Rich::marked(&hit.excerpt, &hit.excerpt_marks),
        )),
        detail: hit.excerpt.clone(),
        extent: None,
        color: color_of(session, &hit.section),
        opens,
    })
}

/// What people often ask for, in the author's order: its groups, then what is in none.
pub(super) fn topics(session: &Session) -> Vec<Row> {
    let topics = catalogue(session).map_or(&[][..], |catalogue| &catalogue.topics);
    let mut groups: Vec<&str> = topics.iter().map(|topic| topic.group.as_str()).collect();
    groups.retain(|group| !group.is_empty());
    groups.dedup();
    let groups = groups
        .into_iter()
        .map(|group| card_of(text(group), SectionColor::Slate, Target::TopicGroup(group.to_owned())));
    groups.chain(topics_of(topics, "")).collect()
}

/// The topics of a group.
pub(super) fn topic_group(session: &Session, group: &str) -> Vec<Row> {
    let topics = catalogue(session).map_or(&[][..], |catalogue| &catalogue.topics);
    topics_of(topics, group).collect()
}

fn topics_of<'a>(topics: &'a [Topic], group: &'a str) -> impl Iterator<Item = Row> + 'a {
    let topics = topics.iter().filter(move |topic| topic.group == group);
    topics.map(|topic| card_of(text(&topic.title), SectionColor::Slate, Target::Topic(topic.id.clone())))
}

/// Where to ask about a topic that no page answers yet.
pub(super) fn topic(session: &Session, id: &str) -> Vec<Row> {
    let Some(topic) = catalogue(session).and_then(|catalogue| catalogue.topic(id)) else {
        return Vec::new();
    };
    let mut rows = vec![
        Row::Plain(Words::Label(Label::TopicHint)),
        Row::Fact(Label::AskAt, topic.office.clone()),
    ];
    // Without a number it says to ask the staff, as the card below does.
    let is_number = topic.phone.contains(|c: char| c.is_ascii_digit());
    rows.extend(is_number.then(|| Row::Fact(Label::Hotline, topic.phone.clone())));
    rows.push(plain_card(Label::AskStaffCard, SectionColor::Teal, Target::StaffHelp));
    if !topic.address.is_empty() {
        rows.push(Row::Plain(Words::Label(Label::TakeHomeHint)));
        rows.push(Row::Paragraph(Rich::strong(&topic.address)));
    }
    rows
}

pub(super) fn topic_title(session: &Session, id: &str) -> String {
    let topic = catalogue(session).and_then(|catalogue| catalogue.topic(id));
    topic.map(|topic| topic.title.clone()).unwrap_or_default()
}

/// The official address of a topic, if there is one.
pub(super) fn topic_address(session: &Session, id: &str) -> Option<String> {
    let topic = catalogue(session)?.topic(id)?;
    Some(topic.address.clone()).filter(|address| !address.is_empty())
}

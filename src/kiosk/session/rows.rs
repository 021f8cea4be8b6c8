//! Turns where a resident is into what they see: the view, its rows and its buttons.

mod calendar;
mod heard;
mod lists;
mod notices;
mod pages;
mod quiz;
pub(super) mod take_home;

use chrono::NaiveDate;

use super::route::{Part, Route};
use super::settings::Language;
use super::view::{
    Aside, Button, Code, CodeKind, Picture, PinBox, Progress, Row, Screen, ScreenName, SearchBox, Stick, StickNotice,
    Target, Title, View, Words,
};
use super::{Idle, Session};
use crate::content::model::{Shows, Step};

/// What is on the screen of this session.
pub(super) fn view(session: &Session) -> View {
    let memory = &session.memory;
    let idle_warning = match session.idle() {
        Idle::Warning(seconds) => Some(seconds),
        Idle::Busy | Idle::Gone => None,
    };
    let route = &session.place.route;
    // A resident is not thrown out by a stick: it waits for a touch, or until they have left.
    let staff = route.is_of_staff();
    let mut view = View {
        stick: session.stick.clone().map(|stick| StickNotice {
            lets_in: session.memory.visit.is_none()
                && *route == Route::Attract
                && !matches!(stick, Stick::Finished { .. }),
            stick,
            is_open: session.stick_opened || session.memory.visit.is_none() || staff,
        }),
        screen: screen(session),
        urgent: (*route == Route::Home).then(|| notices::urgent(session)).flatten(),
        rows: rows(session),
        top: session.place.top,
        column_page: session.column_page(),
        column_pages: session.tops.len().max(1),
        panel: memory.panel,
        failed: session.is_sorry(),
        listen: session.listen_view(),
        idle_warning,
        settings: memory.settings,
        ..View::default()
    };
    view.marked = heard::rows(session, &view.rows);
    (view.title, view.crumb) = title(session);
    view.updated = updated(session).map(date);
    if *route == Route::Home {
        view.heard = session.programme_heard().is_some();
        let pages = session.often().into_iter();
        view.often = pages
            .map(|page| in_language(session, &page.title, &page.title_en))
            .collect();
    }
    view.grows = matches!(
        route,
        Route::Article(_) | Route::Guide(..) | Route::Programme(_) | Route::Notice(_)
    );
    view.enlarged.clone_from(&memory.enlarged);
    if let Route::Guide(_, part) = route
        && let Some(guide) = session.guide()
    {
        view.prepare = !guide.prepare.is_empty() && matches!(part, Part::Step(_));
        // A step has its two ways to go beside what to bring; the code is offered before and after the steps.
        let is_aside = session.step_behind().is_some();
        view.take_home = !is_aside && matches!(part, Part::Overview | Part::Prepare | Part::Finished);
        if let Part::Step(at) = *part {
            view.progress = Some(Progress {
                at: at + 1,
                of: guide.steps.len(),
                questions: false,
            });
            view.aside = guide.steps.get(at).and_then(|step| picture_of(session, step));
        }
    }
    if matches!(route, Route::Article(_)) {
        view.take_home = !take_home::codes(session).is_empty();
    }
    if matches!(route, Route::TakeHome(_)) {
        view.aside = Some(take_home::codes(session))
            .filter(|codes| !codes.is_empty())
            .map(Aside::Codes);
    }
    if *route == Route::Quiz
        && let Some(round) = &memory.quiz
        && let Some(asked) = round.current()
    {
        view.read = asked.chosen.is_some()
            && !lists::page_cards(session, std::slice::from_ref(&asked.question.read)).is_empty();
        view.progress = Some(Progress {
            at: round.at + 1,
            of: round.asked.len(),
            questions: true,
        });
    }
    if let Route::Topic(id) = route {
        view.aside = lists::topic_address(session, id).map(|says| {
            let kind = CodeKind::Official;
            Aside::Codes(vec![Code { kind, says }])
        });
    }
    if *route == Route::Quiz {
        view.aside = quiz::picture(session);
    }
    if let Route::Notice(id) = route {
        view.aside = notices::picture(session, id);
    }
    view.staff_page = *route == Route::Sorry && session.pin.is_set();
    view.back = !matches!(route, Route::Attract | Route::Home | Route::Goodbye | Route::Sorry);
    view.previous = previous_button(session);
    view.next = next_button(session);
    view
}

/// Where what can't wait is read: one notice, or the list that begins with all of them.
pub(super) fn way_to_urgent(session: &Session) -> Option<Target> {
    notices::way_to_urgent(session)
}

/// In English where the resident chose it and the author wrote it.
fn in_language(session: &Session, vietnamese: &str, english: &str) -> String {
    match session.memory.settings.language {
        Language::English if !english.is_empty() => english.to_owned(),
        _ => vietnamese.to_owned(),
    }
}

fn screen(session: &Session) -> Screen {
    let memory = &session.memory;
    match session.place.route {
        Route::Attract if session.is_resting() => Screen::Rest,
        Route::Attract => Screen::Attract(session.invitation.slide.clone()),
        Route::Home => Screen::Home,
        Route::Search => Screen::Search(SearchBox {
            typed: memory.typed.as_str().to_owned(),
            keyboard: !memory.keyboard_hidden,
            digits: memory.digits,
        }),
        Route::Goodbye => Screen::Goodbye {
            rated: memory.visit_rated,
            has_topics: lists::catalogue(session).is_some_and(|catalogue| !catalogue.topics.is_empty()),
        },
        Route::Sorry => Screen::Sorry,
        Route::Pin => Screen::Pin(PinBox {
            typed: session.pin.typed(),
            ready: session.pin.can_be_tried(session.now),
            wrong: session.pin.was_wrong(),
            wait: session.pin.wait(session.now),
        }),
        Route::SetDate => Screen::Date(memory.date.clone()),
        Route::TouchTest => Screen::TouchTest,
        _ => Screen::Column,
    }
}

fn rows(session: &Session) -> Vec<Row> {
    match &session.place.route {
        Route::Attract
        | Route::Home
        | Route::Pin
        | Route::SetDate
        | Route::TouchTest
        | Route::Goodbye
        | Route::Sorry => Vec::new(),
        Route::Staff => lists::staff(session),
        Route::Section(id) if session.shows(id) == Shows::Radio => {
            let way = notices::way_to_list(session, lists::color_of(session, id));
            way.into_iter().chain(lists::section(session, id)).collect()
        }
        Route::Section(id) => lists::section(session, id),
        Route::Group(section, id) => lists::group(session, section, id),
        Route::Calendar => calendar::rows(session),
        Route::Notices => notices::list(session),
        Route::Notice(id) => notices::notice(session, id),
        Route::StaffHelp => lists::staff_help(session),
        Route::Topics => lists::topics(session),
        Route::TopicGroup(group) => lists::topic_group(session, group),
        Route::Topic(id) => lists::topic(session, id),
        Route::Privacy => lists::privacy(session),
        Route::Search => lists::search(session),
        Route::Article(_) => pages::article(session),
        Route::Programme(_) => pages::programme(session),
        Route::Guide(_, part) => pages::guide(session, *part),
        Route::TakeHome(_) => take_home::rows(session),
        Route::Quiz => quiz::rows(session),
    }
}

fn title(session: &Session) -> (Title, String) {
    let name = |name| (Title::Name(name), String::new());
    match &session.place.route {
        Route::Section(id) => (Title::Text(section_title(session, id)), String::new()),
        Route::Group(section, id) => {
            let title = lists::group_title(session, section, id);
            (Title::Text(title), section_title(session, section))
        }
        Route::Article(_) | Route::Guide(..) | Route::TakeHome(_) => {
            session.page.as_ref().map_or_else(Default::default, |page| {
                let title = in_language(session, &page.title, &page.title_en);
                (Title::Text(title), section_title(session, &page.section))
            })
        }
        Route::Programme(_) => session.programme.as_ref().map_or_else(Default::default, |programme| {
            (Title::Text(programme.title.clone()), String::new())
        }),
        Route::Quiz => match &session.memory.quiz {
            Some(round) if round.current().is_some() => (Title::Text(round.title.clone()), String::new()),
            _ => name(ScreenName::QuizResult),
        },
        Route::Calendar => name(ScreenName::Calendar),
        Route::Notices => name(ScreenName::Notices),
        Route::Notice(id) => notices::find(session, id).map_or_else(Default::default, |notice| {
            let title = in_language(session, &notice.title, &notice.title_en);
            let crumb = in_language(session, "Thông báo của xã", "Notices of the commune");
            (Title::Text(title), crumb)
        }),
        Route::StaffHelp => name(ScreenName::StaffHelp),
        Route::Topics => name(ScreenName::Topics),
        Route::TopicGroup(group) => (Title::Text(group.clone()), String::new()),
        Route::Topic(id) => (Title::Text(lists::topic_title(session, id)), String::new()),
        Route::Privacy => name(ScreenName::Privacy),
        Route::Staff => name(ScreenName::Staff),
        Route::Attract
        | Route::Home
        | Route::Search
        | Route::Pin
        | Route::SetDate
        | Route::TouchTest
        | Route::Goodbye
        | Route::Sorry => Default::default(),
    }
}

fn section_title(session: &Session, id: &str) -> String {
    let sections = session.library.as_deref().map(|library| &library.catalogue().sections);
    sections
        .and_then(|sections| sections.iter().find(|section| section.id == id))
        .map(|section| in_language(session, &section.title, &section.title_en))
        .unwrap_or_default()
}

/// The picture of a step: it stands beside the words, so the words come without it.
fn picture_of(session: &Session, step: &Step) -> Option<Aside> {
    step.blocks.iter().find_map(|block| match block {
        crate::content::model::Block::Picture { media, alt, caption } => Some(Aside::Picture(Picture {
            media: media.clone(),
            alt: alt.clone(),
            caption: pages::caption_of(session, caption).0,
        })),
        _ => None,
    })
}

fn previous_button(session: &Session) -> Button {
    if session.column_page() > 0 {
        return Button::PageBack;
    }
    match session.part_before() {
        None => Button::None,
        Some(Part::Step(_)) => Button::StepBack,
        Some(_) => Button::PartBack,
    }
}

fn next_button(session: &Session) -> Button {
    if session.column_page() + 1 < session.tops.len() {
        return Button::PageNext;
    }
    match session.place.route {
        Route::Article(_) | Route::Programme(_) | Route::Notice(_) => Button::Done,
        Route::Guide(_, part) => match (part, session.guide()) {
            (Part::Overview, Some(guide)) if !guide.prepare.is_empty() => Button::Prepare,
            (Part::Overview | Part::Prepare, _) => Button::Steps,
            (Part::Step(step), Some(guide)) if step + 1 < guide.steps.len() => Button::StepNext,
            (Part::Step(_), _) => Button::Finish,
            (Part::Finished, _) => Button::Done,
        },
        Route::Quiz => match &session.memory.quiz {
            Some(round) => match round.current() {
                None => Button::Again,
                Some(asked) if asked.chosen.is_none() => Button::None,
                Some(_) if round.at + 1 == round.asked.len() => Button::SeeResult,
                Some(_) => Button::NextQuestion,
            },
            None => Button::None,
        },
        _ => Button::None,
    }
}

/// The day on which the facts of what is shown were last checked: every screen of a page says it.
fn updated(session: &Session) -> Option<NaiveDate> {
    match session.place.route {
        Route::Article(_) | Route::Guide(..) | Route::TakeHome(_) => session.page.as_ref().map(|page| page.updated),
        Route::Programme(_) => session.programme.as_ref().map(|programme| programme.updated),
        Route::Notice(ref id) => notices::find(session, id).map(|notice| notice.updated),
        _ => None,
    }
}

fn date(day: NaiveDate) -> String {
    day.format("%-d/%-m/%Y").to_string()
}

/// Plain words of the content.
fn text(words: &str) -> Words {
    Words::Text(words.to_owned())
}

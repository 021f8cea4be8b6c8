//! What stands on the invitation: notices of the commune, what takes place next, a programme that can be heard, a page worth reading, a question of the quiz, in turn.
//!
//! One slide stands for a quarter of a minute. Every other one is an urgent notice's as long as there is one; else what is announced, a page
//! and a question follow each other. What a touch opens is what is seen: [`super::Session::open_slide`]. Begin with [`Slides::at`].

use std::time::Duration;

use chrono::{Datelike, NaiveDate};

use crate::content::library::Library;
use crate::content::model::{Block, Body, Event, Notice, Page};
use crate::usage::stamp::Stamp;

use super::view::{Leaf, Slide, SlideKind, Target};

/// How long a slide stands. A slow reader wants more than the least.
const TURN: Duration = Duration::from_secs(15);

/// Nothing on the invitation may move more often than once in this time, whatever day begins meanwhile.
const LEAST: Duration = Duration::from_secs(8);

/// How many days ahead an event is announced.
const AHEAD_DAYS: i64 = 31;

/// The slides that one edition of the content can show.
#[derive(Debug, Default)]
pub(super) struct Slides {
    notices: Vec<Notice>,
    events: Vec<Event>,
    /// Ids of programmes that can be heard now: one, or none.
    heard: Vec<String>,
    /// Ids of pages.
    tips: Vec<String>,
    questions: Vec<Question>,
}

#[derive(Debug)]
struct Question {
    set: String,
    id: String,
    prompt: String,
    picture: String,
}

/// Which slide it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Shown {
    /// There is nothing to show but the invitation itself.
    #[default]
    Nothing,
    /// The notice of this id.
    Notice(String),
    /// The event at this place in the calendar, on this day.
    Event(usize, NaiveDate, SlideKind),
    /// The programme of this id.
    Programme(String),
    /// The page of this id.
    Tip(String),
    /// The question at this place.
    Question(usize),
}

/// What a touch opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Opens {
    /// What a card opens.
    Target(Target),
    /// A round of this set that begins with this question, by their ids.
    Question(String, String),
}

/// What the invitation shows, and since when.
#[derive(Debug)]
pub(super) struct Invitation {
    slides: Slides,
    shown: Shown,
    /// Unknown until it has shown something.
    since: Option<Stamp>,
    /// As it is seen.
    pub(super) slide: Slide,
}

impl Invitation {
    /// The invitation to a library, or to none; it shows nothing before its first turn.
    pub(super) fn of(library: Option<&Library>) -> Self {
        Self {
            slides: library.map(Slides::of).unwrap_or_default(),
            shown: Shown::Nothing,
            since: None,
            slide: Slide::default(),
        }
    }

    /// What a touch opens; nothing where nothing is shown.
    pub(super) fn opens(&self) -> Option<Opens> {
        Some(match &self.shown {
            Shown::Nothing => return None,
            Shown::Notice(id) => Opens::Target(Target::Notice(id.clone())),
            Shown::Event(..) => Opens::Target(Target::Calendar),
            Shown::Programme(id) => Opens::Target(Target::Programme(id.clone())),
            Shown::Tip(id) => Opens::Target(Target::Page(id.clone())),
            Shown::Question(at) => {
                let question = self.slides.questions.get(*at)?;
                Opens::Question(question.set.clone(), question.id.clone())
            }
        })
    }

    /// This programme can be heard now, or none can.
    pub(super) fn offer(&mut self, programme: Option<String>) {
        self.slides.heard = programme.into_iter().collect();
    }

    /// Time has passed.
    pub(super) fn turn(&mut self, library: Option<&Library>, now: Stamp) {
        if self.since.is_none_or(|since| now.since(&since) >= LEAST) {
            self.show(library, now);
        }
    }

    /// Shows what is to be shown now, however short the time since the last turn.
    pub(super) fn show(&mut self, library: Option<&Library>, now: Stamp) {
        let shown = self.slides.at(now);
        let Some(library) = library.filter(|_| shown != self.shown) else {
            return;
        };
        let next = self.slides.slide(&self.slides.at(after_turn(now)), library);
        self.slide = Slide {
            next_picture: next.picture,
            ..self.slides.slide(&shown, library)
        };
        self.shown = shown;
        self.since = Some(now);
    }
}

fn after_turn(now: Stamp) -> Stamp {
    Stamp {
        monotonic: now.monotonic.saturating_add(TURN),
        wall: now
            .wall
            .and_then(|wall| wall.checked_add_signed(chrono::TimeDelta::seconds(15))),
        ..now
    }
}

impl Slides {
    /// Collects the slides of a library. A question set that can't be read is left out: the invitation must not fail.
    pub(super) fn of(library: &Library) -> Self {
        let catalogue = library.catalogue();
        let sets = catalogue
            .quizzes
            .iter()
            .filter_map(|info| library.quiz(&info.id).ok().flatten());
        let sets = sets.map(|set| {
            // What ends on a day is not put to a hall whose clock may be wrong.
            let questions = set.questions.into_iter().filter(|question| question.until.is_none());
            let questions = questions.map(|question| Question {
                set: set.id.clone(),
                id: question.id,
                prompt: question.prompt,
                picture: question.picture,
            });
            questions.collect()
        });
        let sections = catalogue.sections.iter();
        let sections = sections.map(|section| catalogue.pages_of(&section.id).map(|page| page.id.clone()).collect());
        Self {
            notices: catalogue.notices.clone(),
            events: catalogue.events.clone(),
            heard: Vec::new(),
            tips: in_turn(sections.collect()),
            questions: in_turn(sets.collect()),
        }
    }

    /// The slide to show now.
    pub(super) fn at(&self, now: Stamp) -> Shown {
        let turn = usize::try_from(now.monotonic.as_secs() / TURN.as_secs()).unwrap_or_default();
        let today = now.wall.map(|wall| wall.date());
        let current = self
            .notices
            .iter()
            .filter(|notice| notice.is_shown(today, now.earliest));
        let (urgent, others): (Vec<_>, Vec<_>) = current.partition(|notice| notice.urgent);
        let shown = |notice: &Notice| Shown::Notice(notice.id.clone());
        let turn = match urgent.len() {
            0 => turn,
            all if turn.is_multiple_of(2) => return shown(urgent[turn / 2 % all]),
            _ => turn / 2,
        };
        let mut announced: Vec<Shown> = others.into_iter().map(shown).collect();
        announced.extend(self.announced_events(now));
        let announced_one = |at: usize| announced[at].clone();
        let tip = |at: usize| Shown::Tip(self.tips[at].clone());
        let heard = |at: usize| Shown::Programme(self.heard[at].clone());
        let kinds: [(usize, &dyn Fn(usize) -> Shown); 4] = [
            (announced.len(), &announced_one),
            (self.heard.len(), &heard),
            (self.tips.len(), &tip),
            (self.questions.len(), &Shown::Question),
        ];
        let kinds: Vec<_> = kinds.into_iter().filter(|(all, _)| *all > 0).collect();
        match kinds.len() {
            0 => Shown::Nothing,
            of => {
                let (all, shown) = kinds[turn % of];
                shown(turn / of % all)
            }
        }
    }

    /// The events that last now, and the next one. Without a clock they are those after the day that it certainly is already, and nothing is
    /// said of today.
    fn announced_events(&self, now: Stamp) -> Vec<Shown> {
        let today = now.wall.map(|wall| wall.date());
        let Some(day) = today.or(now.earliest) else {
            return Vec::new();
        };
        let known = |kind| if today.is_some() { kind } else { SlideKind::Calendar };
        let mut announced = Vec::new();
        let mut coming: Option<(NaiveDate, usize)> = None;
        for (at, event) in self.events.iter().enumerate() {
            let next = event.next(Some(day)).filter(|_| !event.is_past(Some(day)));
            let Some(next) = next else {
                continue;
            };
            if next < day {
                announced.push(Shown::Event(at, next, known(SlideKind::Running)));
            } else if (next - day).num_days() <= AHEAD_DAYS && coming.is_none_or(|(before, _)| next < before) {
                coming = Some((next, at));
            }
        }
        announced.extend(coming.map(|(next, at)| {
            let kind = match (next - day).num_days() {
                0 => SlideKind::Today,
                1 => SlideKind::Tomorrow,
                _ => SlideKind::Coming,
            };
            Shown::Event(at, next, known(kind))
        }));
        announced
    }

    /// A slide as it is seen. What can't be read is shown without its picture.
    fn slide(&self, shown: &Shown, library: &Library) -> Slide {
        let catalogue = library.catalogue();
        let picture_of = |page: &str| {
            let page = library.page(page).ok().flatten();
            page.as_ref().and_then(first_picture).unwrap_or_default().to_owned()
        };
        match shown {
            Shown::Nothing => Slide::default(),
            Shown::Notice(id) => catalogue.notice(id).map_or_else(Slide::default, |notice| Slide {
                kind: if notice.urgent {
                    SlideKind::Urgent
                } else {
                    SlideKind::Notice
                },
                title: notice.title.clone(),
                words: notice.summary.clone(),
                picture: notice.picture.clone(),
                ..Slide::default()
            }),
            Shown::Event(at, day, kind) => self.events.get(*at).map_or_else(Slide::default, |event| Slide {
                kind: *kind,
                title: event.title.clone(),
                words: event_words(event, *day),
                leaf: Some(Leaf {
                    day: day.day(),
                    month: day.month(),
                }),
                ..Slide::default()
            }),
            Shown::Programme(id) => {
                let programme = catalogue.programmes.iter().find(|programme| programme.id == *id);
                programme.map_or_else(Slide::default, |programme| Slide {
                    kind: SlideKind::Radio,
                    title: programme.title.clone(),
                    words: format!("Chương trình tháng {}", programme.month.format("%-m/%Y")),
                    ..Slide::default()
                })
            }
            Shown::Tip(id) => catalogue.card(id).map_or_else(Slide::default, |card| Slide {
                kind: SlideKind::Tip,
                title: card.title.clone(),
                words: card.summary.clone(),
                picture: picture_of(id),
                ..Slide::default()
            }),
            Shown::Question(at) => self.questions.get(*at).map_or_else(Slide::default, |question| Slide {
                kind: SlideKind::Question,
                title: question.prompt.clone(),
                // Its own: the picture of the page that explains it would tell the answer.
                picture: question.picture.clone(),
                ..Slide::default()
            }),
        }
    }
}

/// One of each, then a second of each, so that a hall doesn't see all of one section before the first of the next.
fn in_turn<T>(groups: Vec<Vec<T>>) -> Vec<T> {
    let mut groups: Vec<_> = groups.into_iter().map(Vec::into_iter).collect();
    let mut all = Vec::new();
    loop {
        let before = all.len();
        all.extend(groups.iter_mut().filter_map(Iterator::next));
        if all.len() == before {
            return all;
        }
    }
}

/// When and where, in Vietnamese: whoever stands before the invitation has chosen no language yet.
fn event_words(event: &Event, day: NaiveDate) -> String {
    let weekday = [
        "Thứ hai",
        "Thứ ba",
        "Thứ tư",
        "Thứ năm",
        "Thứ sáu",
        "Thứ bảy",
        "Chủ nhật",
    ];
    let weekday = weekday[day.weekday().num_days_from_monday() as usize];
    let mut words = format!("{weekday}, ngày {}", day.format("%-d/%-m/%Y"));
    if let (Some(until), None) = (event.until.filter(|until| *until > day), event.repeats) {
        words = format!(
            "Từ ngày {} đến ngày {}",
            day.format("%-d/%-m"),
            until.format("%-d/%-m/%Y")
        );
    }
    for (before, part) in [(" · ", &event.time), ("\n", &event.place)] {
        if !part.is_empty() {
            words.push_str(before);
            words.push_str(part);
        }
    }
    words
}

fn first_picture(page: &Page) -> Option<&str> {
    let blocks: Vec<&Block> = match &page.body {
        Body::Article { blocks } => blocks.iter().collect(),
        Body::Guide(guide) => guide.steps.iter().flat_map(|step| &step.blocks).collect(),
    };
    blocks.into_iter().find_map(|block| match block {
        Block::Picture { media, .. } => Some(media.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests;

//! Months of visits as the benchmarks of counts make them: what residents may do with the repository's content.
//!
//! Nobody has watched real residents yet; the shares below are guesses, and the seed decides the rest. Begin with
//! [`Hall::month`].

use std::path::Path;
use std::time::Duration;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use commune_kiosk::content::model::{Body, Content, Page};
use commune_kiosk::content::source;
use commune_kiosk::kiosk::session::quiz::QUESTIONS;
use commune_kiosk::usage::signals::{Ending, Event, Face};
use fastrand::Rng;

/// One visit: when it ended, and what was counted in it.
pub type Visit = (NaiveDateTime, Vec<Event>);

/// A hall, with what its residents like best in front.
pub struct Hall {
    content: Content,
    random: Rng,
}

impl Hall {
    /// A hall with the content of the repository; each seed has other favourites.
    pub fn new(seed: u64) -> Self {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
        let checked = source::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), day);
        let mut content = checked.content.expect("the repository's content has no errors");
        let mut random = Rng::with_seed(seed);
        random.shuffle(&mut content.pages);
        random.shuffle(&mut content.quizzes);
        Self { content, random }
    }

    /// So many visits on the working days of a month, in the order of time.
    pub fn month(&mut self, first: NaiveDate, visits: usize) -> Vec<Visit> {
        let days: Vec<NaiveDate> = first
            .iter_days()
            .take_while(|day| *day < first + Months::new(1))
            .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
            .collect();
        let mut month: Vec<Visit> = (0..visits).map(|_| (self.moment(&days), self.visit())).collect();
        month.sort_by_key(|(ended, _)| *ended);
        month
    }

    /// In the hours of the counter. On Mondays more come.
    fn moment(&mut self, days: &[NaiveDate]) -> NaiveDateTime {
        let day = days[self.random.usize(..days.len())];
        let monday = day - Days::new(day.weekday().num_days_from_monday().into());
        let day = if self.random.f64() < 0.15 && days.contains(&monday) {
            monday
        } else {
            day
        };
        let morning = self.random.f64() < 0.6;
        let second = if morning {
            self.random.u32(27_000..41_400)
        } else {
            self.random.u32(48_600..61_200)
        };
        day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(second, 0).expect("a time of day"))
    }

    fn visit(&mut self) -> Vec<Event> {
        let mut events = vec![Event::VisitStarted];
        let stays = one_of(&mut self.random, &[1, 4, 3, 2, 1]);
        let mut pages = 0;
        for _ in 0..stays {
            match one_of(&mut self.random, &[15, 8, 77]) {
                0 => self.quiz(&mut events),
                1 => self.programme(&mut events),
                _ => {
                    self.page(&mut events);
                    pages += 1;
                }
            }
        }
        if self.random.f64() < 0.1 {
            events.push(Event::text_size(["large", "largest"][self.random.usize(..2)]));
        }
        if self.random.f64() < 0.03 {
            events.push(Event::language("en"));
        }
        if self.random.f64() < 0.02 {
            events.push(Event::contrast("high"));
        }
        let ending = if self.random.f64() < 0.4 {
            Ending::Finished
        } else {
            Ending::Left
        };
        let seconds = events.len() as u64 * self.random.u64(5..30);
        events.extend([
            Event::VisitEnded(ending),
            Event::visit_length(Duration::from_secs(seconds)),
            Event::visit_pages(pages),
        ]);
        events
    }

    /// A page, found by its tile or by search, read for some steps.
    fn page(&mut self, events: &mut Vec<Event>) {
        let Page { id, body, .. } = &self.content.pages[favourite(&mut self.random, self.content.pages.len())];
        match self.random.u8(..100) {
            0..3 => events.push(Event::SearchNotFound),
            3..20 => events.extend([Event::SearchFound, Event::opened_from_search(id)]),
            _ => {}
        }
        events.push(Event::page_opened(id));
        if let Body::Guide(guide) = body {
            let reached = (1..=guide.steps.len()).take_while(|_| self.random.f64() < 0.8).count();
            events.extend((1..=reached).map(|step| Event::step_reached(id, step)));
            if reached == guide.steps.len() {
                events.push(Event::guide_finished(id));
            }
            if self.random.f64() < 0.2 {
                events.push(Event::qr_shown(id));
            }
        }
        if self.random.f64() < 0.15 {
            let face = [Face::Good, Face::Fair, Face::Poor][one_of(&mut self.random, &[7, 2, 1])];
            events.push(Event::rated(id, face));
        }
    }

    /// A round of questions. Some give it up.
    fn quiz(&mut self, events: &mut Vec<Event>) {
        let set = &self.content.quizzes[favourite(&mut self.random, self.content.quizzes.len())];
        let asked = self.random.choose_multiple(&set.questions, QUESTIONS);
        let mut right = 0;
        for question in &asked {
            if self.random.f64() < 0.04 {
                return;
            }
            let knows = self.random.f64() < 0.6;
            let choice = if knows {
                question.answer
            } else {
                self.random.usize(..question.choices.len())
            };
            let is_right = choice == question.answer;
            right += usize::from(is_right);
            events.push(Event::question_answered(&question.id, choice, is_right));
        }
        events.push(Event::quiz_finished(&set.id, right, asked.len()));
    }

    fn programme(&mut self, events: &mut Vec<Event>) {
        if let Some(programme) = self.random.choice(&self.content.programmes) {
            events.push(Event::listened(&programme.id));
        }
    }
}

/// A place in a list whose first are asked for often and whose last now and then: the n-th about 1/n as often.
fn favourite(random: &mut Rng, length: usize) -> usize {
    let weights: Vec<u32> = (1..=10_000_u32).map(|n| 10_000 / n).take(length).collect();
    one_of(random, &weights)
}

/// The place of one of several, each as likely as its weight says.
fn one_of(random: &mut Rng, weights: &[u32]) -> usize {
    let mut left = random.u32(..weights.iter().sum::<u32>());
    let hit = |weight: &u32| {
        let here = left < *weight;
        left = left.saturating_sub(*weight);
        here
    };
    weights.iter().position(hit).expect("less than the sum of all")
}

//! The waiting hall: what residents do with the real content, as events.
//!
//! Nobody has watched residents yet: the shares are guesses. Each event is one that the screen can cause, and in an order in
//! which it can. Begin with [`Hall::visit`].

use commune_kiosk::content::model::{Body, Content, Page, Quiz};
use commune_kiosk::kiosk::session::quiz::QUESTIONS;
use commune_kiosk::usage::signals::{Event, Face};
use fastrand::Rng;

use crate::visit::{Stay, Visit};

/// What residents find in the hall. All halls show the same.
pub struct Hall {
    leaflets: Popular<Leaflet>,
    quizzes: Popular<Questions>,
    programmes: Popular<String>,
}

/// A page as its readers take it.
struct Leaflet {
    id: String,
    /// Of a hundred who are at a step, how many go on; empty for an article.
    steps: Vec<u32>,
    has_qr: bool,
    /// Of a hundred who rate it, how many are content.
    pleases: u32,
}

/// A question set as those who try it find it.
struct Questions {
    id: String,
    questions: Vec<Question>,
}

struct Question {
    id: String,
    choices: usize,
    answer: usize,
    /// Of a hundred who are asked, how many know.
    known: u32,
}

impl Hall {
    /// A hall with this content; each seed has other favourites.
    pub fn new(content: &Content, rng: &mut Rng) -> Self {
        let mut pages: Vec<(usize, &Page)> = content.pages.iter().map(|page| (rng.usize(..30), page)).collect();
        // What stands first on the home screen is taken more, and people come to offices to get something done.
        pages.sort_by_key(|(luck, page)| {
            let section = content.sections.iter().position(|section| section.id == page.section);
            let guide = matches!(page.body, Body::Guide(_));
            luck + 6 * section.unwrap_or_default() + if guide { 0 } else { 10 }
        });
        Self {
            leaflets: pages.iter().map(|(_, page)| Leaflet::new(page, rng)).collect(),
            quizzes: content.quizzes.iter().map(|quiz| Questions::new(quiz, rng)).collect(),
            programmes: content
                .programmes
                .iter()
                .map(|programme| programme.id.clone())
                .collect(),
        }
    }

    /// Somebody comes, does something, and goes.
    pub fn visit(&self, rng: &mut Rng) -> Visit {
        let mut stay = Stay::begin(rng);
        if stay.chance(93) {
            self.spend_time(&mut stay);
        }
        stay.end()
    }

    fn spend_time(&self, stay: &mut Stay<'_>) {
        loop {
            stay.pass(4, 12);
            match stay.rng.u32(..100) {
                0..66 => self.read(stay),
                66..80 => self.search(stay),
                80..90 => self.play(stay),
                90..97 => {
                    if let Some(programme) = self.programmes.draw(stay.rng) {
                        stay.count(Event::listened(programme));
                        stay.pass(30, 240);
                    }
                }
                // The calendar, which nobody counts.
                _ => stay.pass(10, 40),
            }
            if stay.chance(48) {
                return;
            }
        }
    }

    fn read(&self, stay: &mut Stay<'_>) {
        if let Some(leaflet) = self.leaflets.draw(stay.rng) {
            leaflet.read(stay);
        }
    }

    fn search(&self, stay: &mut Stay<'_>) {
        for _ in 0..3 {
            stay.pass(10, 45);
            if stay.chance(78) {
                stay.count(Event::SearchFound);
                if stay.chance(82)
                    && let Some(leaflet) = self.leaflets.draw(stay.rng)
                {
                    stay.count(Event::opened_from_search(&leaflet.id));
                    leaflet.read(stay);
                }
                return;
            }
            stay.count(Event::SearchNotFound);
            if stay.chance(50) {
                return;
            }
        }
    }

    fn play(&self, stay: &mut Stay<'_>) {
        let Some(set) = self.quizzes.draw(stay.rng) else {
            return;
        };
        let mut round: Vec<&Question> = set.questions.iter().collect();
        stay.rng.shuffle(&mut round);
        round.truncate(QUESTIONS);
        let mut right = 0;
        for question in &round {
            stay.pass(6, 25);
            if stay.chance(4) {
                return;
            }
            let choice = question.choose(stay.rng);
            let is_right = choice == question.answer;
            right += usize::from(is_right);
            stay.count(Event::question_answered(&question.id, choice, is_right));
        }
        stay.count(Event::quiz_finished(&set.id, right, round.len()));
    }
}

impl Leaflet {
    fn new(page: &Page, rng: &mut Rng) -> Self {
        let (steps, has_qr) = match &page.body {
            Body::Article { .. } => (Vec::new(), false),
            Body::Guide(guide) => {
                let mut steps: Vec<u32> = guide.steps.iter().map(|_| rng.u32(88..98)).collect();
                // One in three guides has a step at which many give up.
                if rng.u32(..3) == 0
                    && let Some(hard) = rng.choice(&mut steps)
                {
                    *hard = 68;
                }
                (steps, !guide.link.is_empty())
            }
        };
        Self {
            id: page.id.clone(),
            steps,
            has_qr,
            pleases: rng.u32(60..92),
        }
    }

    fn read(&self, stay: &mut Stay<'_>) {
        stay.pages += 1;
        stay.count(Event::page_opened(&self.id));
        stay.pass(10, 40);
        // What is seen again in the same visit is not counted again.
        if !stay.seen.insert(self.id.clone()) {
            return;
        }
        if self.steps.is_empty() {
            stay.pass(10, 60);
            self.rate(stay, 12);
        } else if stay.chance(80) {
            self.follow(stay);
        }
    }

    /// Step by step, as far as the reader's patience goes.
    fn follow(&self, stay: &mut Stay<'_>) {
        for (step, go_on) in self.steps.iter().enumerate() {
            stay.count(Event::step_reached(&self.id, step + 1));
            stay.pass(8, 35);
            if !stay.chance(*go_on) {
                return;
            }
        }
        stay.count(Event::guide_finished(&self.id));
        self.rate(stay, 30);
        if self.has_qr && stay.chance(35) {
            stay.count(Event::qr_shown(&self.id));
            stay.pass(8, 30);
        }
    }

    /// So many of a hundred say what they think of it.
    fn rate(&self, stay: &mut Stay<'_>, of_hundred: u32) {
        if stay.chance(of_hundred) {
            let face = match stay.rng.u32(..100) {
                roll if roll < self.pleases => Face::Good,
                roll if roll < (200 + self.pleases) / 3 => Face::Fair,
                _ => Face::Poor,
            };
            stay.count(Event::rated(&self.id, face));
            stay.pass(2, 5);
        }
    }
}

impl Questions {
    fn new(quiz: &Quiz, rng: &mut Rng) -> Self {
        let questions = quiz.questions.iter().map(|question| Question {
            id: question.id.clone(),
            choices: question.choices.len(),
            answer: question.answer,
            known: rng.u32(35..93),
        });
        Self {
            id: quiz.id.clone(),
            questions: questions.collect(),
        }
    }
}

impl Question {
    /// The author's number of the choice that somebody takes.
    fn choose(&self, rng: &mut Rng) -> usize {
        if rng.u32(..100) < self.known {
            return self.answer;
        }
        let wrong: Vec<usize> = (0..self.choices).filter(|choice| *choice != self.answer).collect();
        // The first wrong choice tempts most.
        let tempting = wrong.iter().copied().filter(|_| rng.u32(..10) < 6).min();
        tempting.or_else(|| rng.choice(wrong)).unwrap_or(self.answer)
    }
}

/// Things in the order of how popular they are: taken like 1/2, 1/3, 1/4 and so on, a little flatter than Zipf's law.
struct Popular<T>(Vec<(u64, T)>);

impl<T> FromIterator<T> for Popular<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        let mut sum = 0;
        let summed = things.into_iter().zip(2_u64..).map(|(thing, place)| {
            sum += 1_000_000 / place;
            (sum, thing)
        });
        Self(summed.collect())
    }
}

impl<T> Popular<T> {
    fn draw(&self, rng: &mut Rng) -> Option<&T> {
        let (total, _) = self.0.last()?;
        let drawn = rng.u64(..total);
        let place = self.0.partition_point(|(sum, _)| *sum <= drawn);
        self.0.get(place).map(|(_, thing)| thing)
    }
}

//! A table of counts as the figures that pages and reports show.
//!
//! Sums only, of counts in fives ([`Rounded`]): nothing is spread over days. Counts are in a period if the whole stretch of time
//! they stand for is; those that lie in it partly, and those without a date, are said apart ([`Visits`]). Read [`Figures`]
//! first.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::rounding::Rounded;
use crate::usage::signals::{Judged, Signal};
use crate::usage::statistics::{Span, Table, month_of};

/// What the counts of a period say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// How many came, and when.
    pub visits: Visits,
    /// How visits ended: `finished`, `left`, `stopped`.
    pub endings: Vec<Count>,
    /// How long they lasted, from short to long.
    pub lengths: Vec<Count>,
    /// How many pages they opened, from few to many.
    pub visit_pages: Vec<Count>,
    /// Pages by how often they were opened, most first.
    pub pages: Vec<Count>,
    /// Pages by how often their QR code was shown, most first.
    pub qr: Vec<Count>,
    /// Guides, the most opened first.
    pub guides: Vec<Funnel>,
    /// Pages by ratings, the most rated first.
    pub ratings: Vec<(String, Faces)>,
    /// All ratings.
    pub rated: Faces,
    /// What was said of whole visits at their end.
    pub visits_rated: Faces,
    /// Questions by how often each choice was chosen, in the order of their ids.
    pub questions: Vec<Answers>,
    /// Question sets by score, the most finished first.
    pub quizzes: Vec<Scores>,
    /// Radio programmes by how often they were opened, most first.
    pub listened: Vec<Count>,
    /// Recordings: how often one was begun, and heard to its end.
    pub heard: Vec<Count>,
    /// Notices of the commune by how often they were opened, most first.
    pub notices: Vec<Count>,
    /// Searches.
    pub searches: Searches,
    /// Languages that were chosen.
    pub languages: Vec<Count>,
    /// Text sizes that were chosen.
    pub text_sizes: Vec<Count>,
    /// Contrasts that were chosen.
    pub contrasts: Vec<Count>,
    /// Signals of newer kiosks that this program doesn't know, by their code.
    pub foreign: Vec<Count>,
}

/// An id or a group, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The id of a page, a programme or a set, or the name of a group.
    pub id: String,
    /// How often.
    pub n: u64,
}

/// How many came, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visits {
    /// All visits of the period: those of days, of month rests and of year rests.
    pub total: u64,
    /// Every day of the period.
    pub by_day: Vec<(NaiveDate, u64)>,
    /// Every month of the period by its first day: its days, and its rest if the whole month is in the period.
    pub by_month: Vec<(NaiveDate, u64)>,
    /// Of days with few visits, known by their month only.
    pub month_rests: u64,
    /// Of months with few visits, known by their year only.
    pub year_rests: u64,
    /// Of months or years that the period holds a part of; in no other figure.
    pub partly: u64,
    /// Counted while the kiosk did not know the date; in no other figure.
    pub undated: u64,
    /// By hour, 0 to 23.
    pub by_hour: [u64; 24],
    /// At an hour that nobody knows.
    pub unknown_hour: u64,
}

/// How far readers of a guide got.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Funnel {
    /// The guide.
    pub page: String,
    /// How often it was opened.
    pub opened: u64,
    /// How often each step was reached, from the first to the last that anybody reached.
    pub steps: Vec<u64>,
    /// How often it was read to its end.
    pub finished: u64,
    /// How often its QR code was shown.
    pub qr: u64,
}

/// Ratings with three faces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faces {
    /// It helped.
    pub good: u64,
    /// So-so.
    pub fair: u64,
    /// It didn't help.
    pub poor: u64,
}

impl Faces {
    /// All three.
    #[must_use]
    pub fn total(self) -> u64 {
        self.good.saturating_add(self.fair).saturating_add(self.poor)
    }

    fn add(&mut self, face: &str, n: u64) {
        let place = match face {
            "good" => &mut self.good,
            "fair" => &mut self.fair,
            "poor" => &mut self.poor,
            _ => return,
        };
        *place = place.saturating_add(n);
    }
}

/// How a question was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The question.
    pub question: String,
    /// How often each choice was chosen, in the author's order, as far as any was.
    pub choices: Vec<Chosen>,
}

/// How often a choice was chosen, and whether it was right in the edition that asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chosen {
    /// It was the right one.
    pub right: u64,
    /// It was a wrong one.
    pub wrong: u64,
    /// On kiosks whose program doesn't say.
    pub unjudged: u64,
}

impl Chosen {
    /// However it was judged.
    #[must_use]
    pub fn total(self) -> u64 {
        self.right.saturating_add(self.wrong).saturating_add(self.unjudged)
    }
}

impl Answers {
    /// All answers.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.sum(Chosen::total)
    }

    /// Those that were right, as far as they are judged.
    #[must_use]
    pub fn right(&self) -> u64 {
        self.sum(|chosen| chosen.right)
    }

    /// Those that were wrong, as far as they are judged.
    #[must_use]
    pub fn wrong(&self) -> u64 {
        self.sum(|chosen| chosen.wrong)
    }

    fn sum(&self, of: impl Fn(Chosen) -> u64) -> u64 {
        self.choices
            .iter()
            .fold(0, |sum: u64, chosen| sum.saturating_add(of(*chosen)))
    }

    /// Whether no kiosk asked by an edition in which another choice is right than this.
    #[must_use]
    pub fn agree_with(&self, answer: usize) -> bool {
        let mut choices = self.choices.iter().enumerate();
        choices.all(|(place, chosen)| {
            if place == answer {
                chosen.wrong == 0
            } else {
                chosen.right == 0
            }
        })
    }

    /// The same, with what no kiosk has judged judged by `answer`, the right choice of all contents that the office knows. If a kiosk asked
    /// by an edition in which another is right, nobody knows by which the others asked, and they stay unjudged.
    #[must_use]
    pub fn judged(&self, answer: Option<usize>) -> Self {
        let mut judged = self.clone();
        if let Some(answer) = answer.filter(|answer| self.agree_with(*answer)) {
            for (place, chosen) in judged.choices.iter_mut().enumerate() {
                let unjudged = std::mem::take(&mut chosen.unjudged);
                let judged = if place == answer {
                    &mut chosen.right
                } else {
                    &mut chosen.wrong
                };
                add(judged, unjudged);
            }
        }
        judged
    }
}

/// How often a question set was finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scores {
    /// The set.
    pub set: String,
    /// By score in tenths: `0-3`, `4-6`, `7-8`, `9-10`.
    pub scores: Vec<Count>,
}

/// How often a topic was asked for, by how people came to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The topic's id.
    pub topic: String,
    /// It was found for what they typed.
    pub searched: u64,
    /// They chose it from the list.
    pub chosen: u64,
    /// They had not found it, said so at the end, and chose it then.
    pub missed: u64,
}

/// Searches. What was typed is not known to anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searches {
    /// That found something.
    pub found: u64,
    /// Of these, those that were answered, and those that found a mention only; older kiosks don't tell them apart.
    pub answered: u64,
    /// See `answered`.
    pub mentioned: u64,
    /// That found nothing.
    pub not_found: u64,
    /// Topics that were asked for, most first.
    pub topics: Vec<Asked>,
    /// What was opened from their results, most first.
    pub opened: Vec<Count>,
}

const ENDINGS: [&str; 3] = ["finished", "left", "stopped"];
const LENGTHS: [&str; 5] = ["under-30s", "under-2min", "under-5min", "under-10min", "10min-or-more"];
const VISIT_PAGES: [&str; 5] = ["0", "1", "2-3", "4-7", "8-or-more"];
const SCORES: [&str; 4] = ["0-3", "4-6", "7-8", "9-10"];
const LANGUAGES: [&str; 2] = ["vi", "en"];
/// How much of a recording was heard.
const HEARD: [&str; 2] = ["started", "to-the-end"];
const TEXT_SIZES: [&str; 3] = ["normal", "large", "largest"];
const CONTRASTS: [&str; 2] = ["normal", "high"];

impl Figures {
    /// The figures from one day to another, both included.
    #[must_use]
    pub fn of(rounded: &Rounded, from: NaiveDate, to: NaiveDate) -> Self {
        let inside = rounded.counts().part(|span| place(span, from, to) == Place::Inside);
        let pages = by_subject(&inside, Signal::PageOpened);
        let qr = by_subject(&inside, Signal::QrShown);
        let ratings = ratings(&inside);
        let mut rated = Faces::default();
        for (_, faces) in &ratings {
            rated.good = rated.good.saturating_add(faces.good);
            rated.fair = rated.fair.saturating_add(faces.fair);
            rated.poor = rated.poor.saturating_add(faces.poor);
        }
        let mut visits_rated = Faces::default();
        for (_, face, n) in cells(&inside, Signal::VisitRated) {
            visits_rated.add(face, n);
        }
        Self {
            from,
            to,
            visits: Visits::of(rounded, &inside, from, to),
            endings: by_value(&inside, Signal::VisitEnded, &ENDINGS),
            lengths: by_value(&inside, Signal::VisitLength, &LENGTHS),
            visit_pages: by_value(&inside, Signal::VisitPages, &VISIT_PAGES),
            guides: funnels(&inside, &pages, &qr),
            pages,
            qr,
            ratings,
            rated,
            visits_rated,
            questions: answers(&inside),
            quizzes: scores(&inside),
            listened: by_subject(&inside, Signal::Listened),
            heard: by_value(&inside, Signal::SoundPlayed, &HEARD),
            notices: by_subject(&inside, Signal::NoticeOpened),
            searches: Searches {
                found: inside.total(Signal::SearchFound),
                answered: inside.total(Signal::SearchAnswered),
                mentioned: inside.total(Signal::SearchMentioned),
                not_found: inside.total(Signal::SearchNotFound),
                topics: topics(&inside),
                opened: by_subject(&inside, Signal::OpenedFromSearch),
            },
            languages: by_value(&inside, Signal::Language, &LANGUAGES),
            text_sizes: by_value(&inside, Signal::TextSize, &TEXT_SIZES),
            contrasts: by_value(&inside, Signal::Contrast, &CONTRASTS),
            foreign: inside.foreign().into_iter().map(count).collect(),
        }
    }

    /// All answers to questions.
    #[must_use]
    pub fn answered(&self) -> u64 {
        let answers = self.questions.iter().map(Answers::total);
        answers.fold(0, u64::saturating_add)
    }
}

impl Visits {
    fn of(rounded: &Rounded, inside: &Table, from: NaiveDate, to: NaiveDate) -> Self {
        let days = from.iter_days().take_while(|day| *day <= to);
        let mut by_day: BTreeMap<NaiveDate, u64> = days.map(|day| (day, 0)).collect();
        let mut by_month: BTreeMap<NaiveDate, u64> = by_day.keys().map(|day| (month_of(*day), 0)).collect();
        let (mut total, mut partly, mut undated) = (0_u64, 0_u64, 0_u64);
        let (mut month_rests, mut year_rests) = (0_u64, 0_u64);
        for (span, n) in rounded.visits() {
            match place(span, from, to) {
                Place::Inside => add(&mut total, n),
                Place::Partly => add(&mut partly, n),
                Place::Unknown => add(&mut undated, n),
                Place::Outside => {}
            }
            if place(span, from, to) != Place::Inside {
                continue;
            }
            match span {
                Span::Day(day) => add(by_day.entry(day).or_default(), n),
                Span::Month(_) => add(&mut month_rests, n),
                Span::Year(_) => add(&mut year_rests, n),
                Span::Undated => {}
            }
            if let Some(month) = span.month() {
                add(by_month.entry(month).or_default(), n);
            }
        }
        let (mut by_hour, mut unknown_hour) = ([0_u64; 24], 0_u64);
        for (_, hour, n) in cells(inside, Signal::VisitStarted) {
            let hour = hour.parse::<usize>().ok();
            add(
                hour.and_then(|hour| by_hour.get_mut(hour)).unwrap_or(&mut unknown_hour),
                n,
            );
        }
        Self {
            total,
            by_day: by_day.into_iter().collect(),
            by_month: by_month.into_iter().collect(),
            month_rests,
            year_rests,
            partly,
            undated,
            by_hour,
            unknown_hour,
        }
    }
}

/// How a stretch of time lies to the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Inside,
    Partly,
    Outside,
    Unknown,
}

fn place(span: Span, from: NaiveDate, to: NaiveDate) -> Place {
    match span.days() {
        None => Place::Unknown,
        Some((first, last)) if from <= first && last <= to => Place::Inside,
        Some((first, last)) if last < from || to < first => Place::Outside,
        Some(_) => Place::Partly,
    }
}

fn add(sum: &mut u64, n: u64) {
    *sum = sum.saturating_add(n);
}

/// The cells of a signal: subject, value, count.
fn cells(table: &Table, signal: Signal) -> impl Iterator<Item = (&str, &str, u64)> {
    let cells = table.cells().filter(move |(cell, _)| cell.signal == signal);
    cells.map(|(cell, n)| (cell.subject.as_str(), cell.value.as_str(), n))
}

fn by_subject(table: &Table, signal: Signal) -> Vec<Count> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (subject, _, n) in cells(table, signal) {
        add(sums.entry(subject).or_default(), n);
    }
    let mut counts: Vec<Count> = sums.into_iter().map(count).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.n));
    counts
}

fn topics(table: &Table) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    for (topic, origin, n) in cells(table, Signal::TopicAsked) {
        let place = asked.iter().position(|asked| asked.topic == topic).unwrap_or_else(|| {
            asked.push(Asked {
                topic: topic.to_owned(),
                searched: 0,
                chosen: 0,
                missed: 0,
            });
            asked.len() - 1
        });
        match origin {
            "search" => add(&mut asked[place].searched, n),
            "missed" => add(&mut asked[place].missed, n),
            _ => add(&mut asked[place].chosen, n),
        }
    }
    asked.sort_by_key(|asked| {
        let all = asked.searched.saturating_add(asked.chosen);
        std::cmp::Reverse(all.saturating_add(asked.missed))
    });
    asked
}

/// The known values in their order, even those that nobody chose, then any others.
fn by_value(table: &Table, signal: Signal, known: &[&str]) -> Vec<Count> {
    groups(cells(table, signal).map(|(_, value, n)| (value, n)), known)
}

fn groups<'a>(values: impl Iterator<Item = (&'a str, u64)>, known: &[&'a str]) -> Vec<Count> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (value, n) in values {
        add(sums.entry(value).or_default(), n);
    }
    let in_order = known.iter().map(|value| (*value, sums.remove(value).unwrap_or(0)));
    let mut counts: Vec<Count> = in_order.map(count).collect();
    counts.extend(sums.into_iter().map(count));
    counts
}

fn count((id, n): (&str, u64)) -> Count {
    Count { id: id.to_owned(), n }
}

fn how_often(counts: &[Count], id: &str) -> u64 {
    counts.iter().find(|count| count.id == id).map_or(0, |count| count.n)
}

fn funnels(table: &Table, pages: &[Count], qr: &[Count]) -> Vec<Funnel> {
    let mut guides: BTreeMap<&str, Funnel> = BTreeMap::new();
    for (page, value, n) in cells(table, Signal::StepReached) {
        // Steps are counted from 1; anything else is no step.
        let step = value.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let reached = step.and_then(|step| at(&mut guides.entry(page).or_default().steps, step));
        if let Some(reached) = reached {
            add(reached, n);
        }
    }
    for (page, _, n) in cells(table, Signal::GuideFinished) {
        add(&mut guides.entry(page).or_default().finished, n);
    }
    let complete = |(page, guide): (&str, Funnel)| Funnel {
        page: page.to_owned(),
        opened: how_often(pages, page),
        qr: how_often(qr, page),
        ..guide
    };
    let mut funnels: Vec<Funnel> = guides.into_iter().map(complete).collect();
    funnels.sort_by_key(|funnel| std::cmp::Reverse(funnel.opened));
    funnels
}

/// A place that may not be there yet. The kiosk counts digits, so there are at most ten.
fn at<T: Clone + Default>(numbers: &mut Vec<T>, place: usize) -> Option<&mut T> {
    if place < 10 {
        numbers.resize(numbers.len().max(place + 1), T::default());
    }
    numbers.get_mut(place)
}

fn ratings(table: &Table) -> Vec<(String, Faces)> {
    let mut pages: BTreeMap<&str, Faces> = BTreeMap::new();
    for (page, face, n) in cells(table, Signal::Rated) {
        pages.entry(page).or_default().add(face, n);
    }
    let mut ratings: Vec<(String, Faces)> = pages.into_iter().map(|(id, faces)| (id.to_owned(), faces)).collect();
    ratings.sort_by_key(|(_, faces)| std::cmp::Reverse(faces.total()));
    ratings
}

fn answers(table: &Table) -> Vec<Answers> {
    let mut questions: BTreeMap<&str, Vec<Chosen>> = BTreeMap::new();
    for (question, choice, n) in cells(table, Signal::QuestionAnswered) {
        let place = choice.parse().ok();
        if let Some(chosen) = place.and_then(|place| at(questions.entry(question).or_default(), place)) {
            add(&mut chosen.unjudged, n);
        }
    }
    for (question, judged, n) in cells(table, Signal::AnswerJudged) {
        let Some((place, is_right)) = Judged::from_label(judged) else {
            continue;
        };
        if let Some(chosen) = at(questions.entry(question).or_default(), place) {
            add(if is_right { &mut chosen.right } else { &mut chosen.wrong }, n);
        }
    }
    let answers = questions.into_iter().map(|(question, choices)| Answers {
        question: question.to_owned(),
        choices,
    });
    answers.collect()
}

fn scores(table: &Table) -> Vec<Scores> {
    let sets = by_subject(table, Signal::QuizFinished);
    let of_set = |set: Count| {
        let of_it = cells(table, Signal::QuizFinished).filter(|(subject, ..)| *subject == set.id);
        Scores {
            scores: groups(of_it.map(|(_, value, n)| (value, n)), &SCORES),
            set: set.id,
        }
    };
    sets.into_iter().map(of_set).collect()
}

#[cfg(test)]
mod tests;

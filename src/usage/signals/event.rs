//! What the session hands to the log: [`Event`], and the [`Cell`] it is counted in.

use std::time::Duration;

use chrono::Timelike;

use super::{Digit, Ending, Face, Heard, Judged, Label, Length, Origin, PageCount, Score, Signal};
use crate::usage::stamp::Stamp;

/// Something a resident did, ready to be counted.
///
/// Every part is an id from the content or a coarse group; no variant can hold what a resident typed. The functions below
/// build an event from what the session has at hand.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event {
    /// A visit began. Its hour comes from the moment it is counted.
    VisitStarted,
    /// A visit ended.
    VisitEnded(Ending),
    /// A visit lasted about this long.
    VisitLength(Length),
    /// A visit opened about this many pages.
    VisitPages(PageCount),
    /// A page was opened.
    PageOpened(Label),
    /// A step of a guide was reached, counted from 1.
    StepReached(Label, Digit),
    /// A guide was read to its last step.
    GuideFinished(Label),
    /// The QR code of a page was shown.
    QrShown(Label),
    /// A radio programme was opened, to listen or to read.
    Listened(Label),
    /// A recording was played.
    SoundPlayed(Label, Heard),
    /// A notice of the commune was opened.
    NoticeOpened(Label),
    /// A page was rated.
    Rated(Label, Face),
    /// A visit was rated.
    VisitRated(Face),
    /// A question was answered with a choice.
    QuestionAnswered(Label, Judged),
    /// A question set was finished.
    QuizFinished(Label, Score),
    /// A search found something.
    SearchFound,
    /// A search found nothing.
    SearchNotFound,
    /// Of the searches that found something, one that was answered.
    SearchAnswered,
    /// Of the searches that found something, one that found a mention only.
    SearchMentioned,
    /// A topic was opened.
    TopicAsked(Label, Origin),
    /// A page was opened from search results.
    OpenedFromSearch(Label),
    /// A language was chosen.
    Language(Label),
    /// A text size was chosen.
    TextSize(Label),
    /// A contrast was chosen.
    Contrast(Label),
}

impl Event {
    /// A visit lasted this long, by the monotonic clock.
    #[must_use]
    pub fn visit_length(length: Duration) -> Self {
        Self::VisitLength(length.into())
    }

    /// A visit opened this many pages.
    #[must_use]
    pub fn visit_pages(pages: usize) -> Self {
        Self::VisitPages(pages.into())
    }

    /// A page was opened.
    #[must_use]
    pub fn page_opened(page: &str) -> Self {
        Self::PageOpened(Label::new(page))
    }

    /// A step of a guide was reached; the first is 1.
    #[must_use]
    pub fn step_reached(page: &str, step: usize) -> Self {
        Self::StepReached(Label::new(page), step.into())
    }

    /// A guide was read to its last step.
    #[must_use]
    pub fn guide_finished(page: &str) -> Self {
        Self::GuideFinished(Label::new(page))
    }

    /// The QR code of a page was shown.
    #[must_use]
    pub fn qr_shown(page: &str) -> Self {
        Self::QrShown(Label::new(page))
    }

    /// A radio programme was opened, to listen or to read.
    #[must_use]
    pub fn listened(programme: &str) -> Self {
        Self::Listened(Label::new(programme))
    }

    /// A recording of this page, question, programme or notice was played.
    #[must_use]
    pub fn sound_played(of: &str, heard: Heard) -> Self {
        Self::SoundPlayed(Label::new(of), heard)
    }

    /// A notice of the commune was opened.
    #[must_use]
    pub fn notice_opened(notice: &str) -> Self {
        Self::NoticeOpened(Label::new(notice))
    }

    /// A page was rated.
    #[must_use]
    pub fn rated(page: &str, face: Face) -> Self {
        Self::Rated(Label::new(page), face)
    }

    /// A question was answered; the first choice, in the author's order and not the screen's, is 0. Whether it is right is known to nobody
    /// better than to the edition that asked.
    #[must_use]
    pub fn question_answered(question: &str, choice: usize, is_right: bool) -> Self {
        Self::QuestionAnswered(Label::new(question), Judged::new(choice, is_right))
    }

    /// A question set was finished with this many right answers.
    #[must_use]
    pub fn quiz_finished(set: &str, right: usize, asked: usize) -> Self {
        Self::QuizFinished(Label::new(set), Score::new(right, asked))
    }

    /// A topic was opened.
    #[must_use]
    pub fn topic_asked(topic: &str, origin: Origin) -> Self {
        Self::TopicAsked(Label::new(topic), origin)
    }

    /// A page was opened from search results.
    #[must_use]
    pub fn opened_from_search(page: &str) -> Self {
        Self::OpenedFromSearch(Label::new(page))
    }

    /// A language was chosen, by its code.
    #[must_use]
    pub fn language(code: &str) -> Self {
        Self::Language(Label::new(code))
    }

    /// A text size was chosen, by its name in code.
    #[must_use]
    pub fn text_size(name: &str) -> Self {
        Self::TextSize(Label::new(name))
    }

    /// A contrast was chosen, by its name in code.
    #[must_use]
    pub fn contrast(name: &str) -> Self {
        Self::Contrast(Label::new(name))
    }

    /// The signal it counts for.
    #[must_use]
    pub const fn signal(&self) -> Signal {
        match self {
            Self::VisitStarted => Signal::VisitStarted,
            Self::VisitEnded(_) => Signal::VisitEnded,
            Self::VisitLength(_) => Signal::VisitLength,
            Self::VisitPages(_) => Signal::VisitPages,
            Self::PageOpened(_) => Signal::PageOpened,
            Self::StepReached(..) => Signal::StepReached,
            Self::GuideFinished(_) => Signal::GuideFinished,
            Self::QrShown(_) => Signal::QrShown,
            Self::Listened(_) => Signal::Listened,
            Self::SoundPlayed(..) => Signal::SoundPlayed,
            Self::NoticeOpened(_) => Signal::NoticeOpened,
            Self::Rated(..) => Signal::Rated,
            Self::VisitRated(_) => Signal::VisitRated,
            Self::QuestionAnswered(..) => Signal::AnswerJudged,
            Self::QuizFinished(..) => Signal::QuizFinished,
            Self::SearchFound => Signal::SearchFound,
            Self::SearchNotFound => Signal::SearchNotFound,
            Self::SearchAnswered => Signal::SearchAnswered,
            Self::SearchMentioned => Signal::SearchMentioned,
            Self::TopicAsked(..) => Signal::TopicAsked,
            Self::OpenedFromSearch(_) => Signal::OpenedFromSearch,
            Self::Language(_) => Signal::Language,
            Self::TextSize(_) => Signal::TextSize,
            Self::Contrast(_) => Signal::Contrast,
        }
    }

    /// Where it is counted. Only the start of a visit looks at the time, for its hour, and only if that is known.
    #[must_use]
    pub fn cell(&self, now: Stamp) -> Cell {
        let (subject, value) = match self {
            Self::VisitStarted => (
                Label::NONE,
                now.wall.map_or(Label::NONE, |wall| Label::hour(wall.hour())),
            ),
            Self::VisitEnded(ending) => (Label::NONE, ending.label()),
            Self::VisitLength(length) => (Label::NONE, length.label()),
            Self::VisitPages(pages) => (Label::NONE, pages.label()),
            Self::SearchFound | Self::SearchNotFound | Self::SearchAnswered | Self::SearchMentioned => {
                (Label::NONE, Label::NONE)
            }
            Self::TopicAsked(topic, origin) => (topic.clone(), origin.label()),
            Self::PageOpened(id)
            | Self::GuideFinished(id)
            | Self::QrShown(id)
            | Self::Listened(id)
            | Self::NoticeOpened(id)
            | Self::OpenedFromSearch(id) => (id.clone(), Label::NONE),
            Self::StepReached(id, digit) => (id.clone(), digit.label()),
            Self::QuestionAnswered(id, judged) => (id.clone(), judged.label()),
            Self::SoundPlayed(of, heard) => (of.clone(), heard.label()),
            Self::Rated(page, face) => (page.clone(), face.label()),
            Self::VisitRated(face) => (Label::NONE, face.label()),
            Self::QuizFinished(set, score) => (set.clone(), score.label()),
            Self::Language(choice) | Self::TextSize(choice) | Self::Contrast(choice) => (Label::NONE, choice.clone()),
        };
        Cell {
            signal: self.signal(),
            subject,
            value,
        }
    }
}

/// Where something is counted, within its day: the signal, what it is about, and which value of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// What is counted.
    pub signal: Signal,
    /// The page, question, set, programme, notice or topic; empty if none.
    pub subject: Label,
    /// The choice, group, step or hour; empty if none.
    pub value: Label,
}

impl Cell {
    /// What it is called where it is written: signal, subject, value.
    pub(in crate::usage) fn path(&self) -> [&str; 3] {
        [self.signal.code(), self.subject.as_str(), self.value.as_str()]
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn cell(event: &Event) -> (&'static str, String, String) {
        let cell = event.cell(Stamp::undated(Duration::from_secs(5)));
        (
            cell.signal.code(),
            cell.subject.as_str().to_owned(),
            cell.value.as_str().to_owned(),
        )
    }

    #[test]
    fn each_event_goes_to_its_cell() {
        let check = |event: &Event, signal: &str, subject: &str, value: &str| {
            assert_eq!((signal, subject.to_owned(), value.to_owned()), cell(event));
        };
        check(&Event::VisitStarted, "visit-started", "", "");
        check(&Event::VisitEnded(Ending::Left), "visit-ended", "", "left");
        check(
            &Event::visit_length(Duration::from_secs(45)),
            "visit-length",
            "",
            "under-2min",
        );
        check(&Event::visit_pages(5), "visit-pages", "", "4-7");
        check(&Event::page_opened("can-cuoc"), "page-opened", "can-cuoc", "");
        check(&Event::step_reached("can-cuoc", 3), "step-reached", "can-cuoc", "3");
        check(&Event::guide_finished("can-cuoc"), "guide-finished", "can-cuoc", "");
        check(&Event::qr_shown("can-cuoc"), "qr-shown", "can-cuoc", "");
        check(&Event::listened("thang-10"), "listened", "thang-10", "");
        check(&Event::notice_opened("chi-tra"), "notice-opened", "chi-tra", "");
        check(
            &Event::sound_played("chi-tra", Heard::ToTheEnd),
            "sound-played",
            "chi-tra",
            "to-the-end",
        );
        check(&Event::rated("can-cuoc", Face::Poor), "rated", "can-cuoc", "poor");
        check(&Event::VisitRated(Face::Fair), "visit-rated", "", "fair");
        check(
            &Event::question_answered("an-toan-1", 2, true),
            "answer-judged",
            "an-toan-1",
            "right-2",
        );
        check(
            &Event::question_answered("an-toan-1", 99, false),
            "answer-judged",
            "an-toan-1",
            "wrong-9",
        );
        check(
            &Event::quiz_finished("an-toan", 4, 5),
            "quiz-finished",
            "an-toan",
            "7-8",
        );
        check(&Event::SearchFound, "search-found", "", "");
        check(&Event::SearchNotFound, "search-not-found", "", "");
        check(&Event::SearchAnswered, "search-answered", "", "");
        check(&Event::SearchMentioned, "search-mentioned", "", "");
        check(
            &Event::topic_asked("ket-hon", Origin::List),
            "topic-asked",
            "ket-hon",
            "list",
        );
        check(
            &Event::opened_from_search("can-cuoc"),
            "opened-from-search",
            "can-cuoc",
            "",
        );
        check(&Event::language("vi"), "language", "", "vi");
        check(&Event::text_size("large"), "text-size", "", "large");
        check(&Event::contrast("high"), "contrast", "", "high");
    }

    #[test]
    fn a_visit_that_began_at_a_known_time_is_counted_under_its_hour() {
        let nine = NaiveDate::from_ymd_opt(2025, 11, 3)
            .and_then(|day| day.and_hms_opt(9, 59, 59))
            .unwrap();
        let cell = Event::VisitStarted.cell(Stamp::dated(Duration::ZERO, nine));
        assert_eq!("09", cell.value.as_str());
    }

    #[test]
    fn an_event_cannot_carry_what_was_typed() {
        let typed = "Tôi là Lê Thị B, số 0912";
        for event in [
            Event::page_opened(typed),
            Event::language(typed),
            Event::question_answered(typed, 0, true),
        ] {
            let (_, subject, value) = cell(&event);
            assert!([subject, value].contains(&"other".to_owned()));
        }
    }
}

//! The line on the invitation: the next class, a question, a page worth reading, in turn.

use std::time::Duration;

use crate::content::library::Library;
use crate::content::model::Event;
use crate::usage::stamp::Stamp;

use super::view::AttractLine;

/// How long a line stands. Nothing may move more often than once in 8 s; a slow reader wants more.
const TURN: Duration = Duration::from_secs(15);

/// How many days ahead an event is announced.
const AHEAD_DAYS: i64 = 31;

/// The lines that one edition of the content can show.
#[derive(Debug, Default)]
pub struct Lines {
    lines: Vec<AttractLine>,
    events: Vec<Event>,
}

impl Lines {
    /// Collects the lines of a library. A question set that can't be read is left out: the invitation must not fail.
    pub fn of(library: &Library) -> Self {
        let catalogue = library.catalogue();
        let questions = catalogue
            .quizzes
            .iter()
            .filter_map(|info| library.quiz(&info.id).ok().flatten())
            .flat_map(|quiz| quiz.questions)
            // What ends on a day is not put to a hall whose clock may be wrong.
            .filter(|question| question.until.is_none())
            .map(|question| AttractLine::Question(question.prompt));
        let tips = catalogue.pages.iter().map(|page| AttractLine::Tip(page.title.clone()));
        // Taken in turn, so that a hall doesn't see twenty questions before the first tip.
        let (mut questions, mut tips) = (questions.fuse(), tips.fuse());
        let mut lines = Vec::new();
        loop {
            let before = lines.len();
            lines.extend(tips.next());
            lines.extend(questions.next());
            if lines.len() == before {
                break;
            }
        }
        Self {
            lines,
            events: catalogue.events.clone(),
        }
    }

    /// The line to show now.
    pub fn at(&self, now: Stamp) -> Option<AttractLine> {
        let turn = usize::try_from(now.monotonic.as_secs() / TURN.as_secs()).unwrap_or_default();
        let event = now.wall.and_then(|wall| {
            let today = wall.date();
            self.events
                .iter()
                .filter_map(|event| Some((event.next(Some(today))?, event)))
                .filter(|(day, _)| *day >= today && (*day - today).num_days() <= AHEAD_DAYS)
                .min_by_key(|(day, _)| *day)
        });
        let Some((day, event)) = event else {
            return self.lines.get(turn.checked_rem(self.lines.len())?).cloned();
        };
        // Every fourth turn is the next event's; the others go on where the lines were.
        if turn.is_multiple_of(4) {
            let date = day.format("%-d/%-m/%Y");
            return Some(AttractLine::Event(format!("{} – ngày {date}", event.title)));
        }
        let line = turn - turn / 4 - 1;
        self.lines.get(line.checked_rem(self.lines.len())?).cloned()
    }
}

//! Ways through the kiosk: opening, going back, going on.

use super::attract::Opens;
use super::quiz::Round;
use super::route::{Part, Route};
use super::set_date::TypedDate;
use super::view::Target;
use super::{Effect, LONGEST_TRAIL, Place, Session, rows};
use crate::content::library::LibraryError;
use crate::content::model::Body;
use crate::usage::signals::{Event, Label, Origin};

impl Session {
    /// Goes to a place without remembering the one before; reads what it needs from the library. Without a library all ways but
    /// those of staff lead to the Sorry screen.
    pub(super) fn show(&mut self, mut place: Place) -> Result<(), LibraryError> {
        if self.library.is_none() && !place.route.is_without_content() {
            place.route = Route::Sorry;
        }
        match &place.route {
            Route::Article(id) | Route::Guide(id, _) | Route::TakeHome(id)
                if self.page.as_ref().is_none_or(|page| page.id != *id) =>
            {
                self.page = self.library()?.page(id)?;
            }
            Route::Programme(id) => self.programme = self.library()?.programme(id)?,
            _ => {}
        }
        self.place = place;
        // Unknown until the screen has measured the new rows.
        self.tops.clear();
        self.memory.panel = None;
        self.memory.enlarged = None;
        Ok(())
    }

    /// Goes to a place and remembers the one before.
    pub(super) fn open(&mut self, route: Route) -> Result<(), LibraryError> {
        let before = self.place.clone();
        self.show(Place::at_top_of(route))?;
        // From where the Sorry screen was, the way back is the way home: by then there may be content.
        // Nor does a way lead back into staff's pages from one that anybody may be left standing before.
        let is_closed = before.route.is_of_staff() && !self.place.route.is_of_staff();
        if before.route != self.place.route && before.route != Route::Sorry && !is_closed {
            self.memory.trail.push(before);
            if self.memory.trail.len() > LONGEST_TRAIL {
                self.memory.trail.remove(0);
            }
        }
        Ok(())
    }

    /// Goes to a section of the home screen.
    pub(super) fn open_tile(&mut self, index: usize) -> Result<(), LibraryError> {
        let library = self.library()?;
        match library.catalogue().sections.get(index) {
            Some(section) => self.open(Route::Section(section.id.clone())),
            None => Ok(()),
        }
    }

    /// Leaves the place: from any page of an article and any step of a guide, to where one came from.
    pub(super) fn back(&mut self) -> Result<(), LibraryError> {
        let before = self.memory.trail.pop().unwrap_or(Place::at_top_of(Route::Home));
        self.show(before)
    }

    /// Leaves what is read for the list it was chosen from, past all that was read on the way; for the step of a guide, if that led here.
    fn back_to_list(&mut self) -> Result<(), LibraryError> {
        let is_read = |place: &Place| {
            matches!(
                place.route,
                Route::Article(_) | Route::Guide(..) | Route::Programme(_) | Route::Notice(_)
            ) && !matches!(place.route, Route::Guide(_, Part::Step(_)))
        };
        while self.memory.trail.last().is_some_and(is_read) {
            self.memory.trail.pop();
        }
        self.back()
    }

    /// A page back, and from the first page of a guide's part to the part before, as it was left.
    pub(super) fn previous(&mut self, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        let page = self.column_page();
        if let Some(top) = page.checked_sub(1).and_then(|before| self.tops.get(before)) {
            self.place.top = *top;
            self.turned_by_hand();
            return Ok(());
        }
        let Some(part) = self.part_before() else {
            return Ok(());
        };
        self.go_on_to(part, effects)?;
        if let Route::Guide(id, part) = &self.place.route {
            let left = self.memory.parts.get(&(id.clone(), *part));
            self.place.top = left.copied().unwrap_or_default();
        }
        Ok(())
    }

    /// The part of the open guide that comes before the one on the screen; `None` where one looks aside, for what to bring.
    pub(super) fn part_before(&self) -> Option<Part> {
        let (Route::Guide(_, part), Some(guide)) = (&self.place.route, self.guide()) else {
            return None;
        };
        match *part {
            Part::Overview => None,
            Part::Prepare if self.step_behind().is_some() => None,
            Part::Prepare => Some(Part::Overview),
            Part::Step(0) if guide.prepare.is_empty() => Some(Part::Overview),
            Part::Step(0) => Some(Part::Prepare),
            Part::Step(step) => Some(Part::Step(step - 1)),
            Part::Finished => Some(Part::Step(guide.steps.len().saturating_sub(1))),
        }
    }

    /// The step from which somebody looks aside, at what to bring.
    pub(super) fn step_behind(&self) -> Option<usize> {
        match (&self.place.route, &self.memory.trail.last()?.route) {
            (Route::Guide(here, Part::Prepare), Route::Guide(there, Part::Step(step))) if here == there => Some(*step),
            _ => None,
        }
    }

    pub(super) fn next(&mut self, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        if let Some(top) = self.tops.get(self.column_page() + 1) {
            self.place.top = *top;
            self.turned_by_hand();
            return Ok(());
        }
        match self.place.route.clone() {
            Route::Article(_) | Route::Programme(_) | Route::Notice(_) => self.back_to_list(),
            Route::Guide(_, part) => {
                let Some(guide) = self.guide() else {
                    return Ok(());
                };
                let steps = guide.steps.len();
                match part {
                    Part::Overview if guide.prepare.is_empty() => self.go_on_to(Part::Step(0), effects),
                    Part::Overview => self.go_on_to(Part::Prepare, effects),
                    Part::Prepare if self.step_behind().is_some() => self.back(),
                    Part::Prepare => self.go_on_to(Part::Step(0), effects),
                    Part::Step(step) if step + 1 < steps => self.go_on_to(Part::Step(step + 1), effects),
                    Part::Step(_) => self.go_on_to(Part::Finished, effects),
                    Part::Finished => self.back_to_list(),
                }
            }
            Route::Quiz => {
                let seed = self.draw_seed();
                let Some(round) = self.memory.quiz.as_mut() else {
                    return Ok(());
                };
                if round.current().is_none() {
                    let set = round.set.clone();
                    return self.begin_quiz(&set, None, seed);
                }
                if round.advance() {
                    let counted = Event::quiz_finished(&round.set, round.score(), round.asked.len());
                    effects.push(Effect::Count(counted));
                }
                self.show(Place::at_top_of(Route::Quiz))
            }
            _ => Ok(()),
        }
    }

    /// Goes on in the guide that is open: "back" from there leads where it led before.
    fn go_on_to(&mut self, part: Part, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        let Route::Guide(id, left) = self.place.route.clone() else {
            return Ok(());
        };
        self.memory.parts.insert((id.clone(), left), self.place.top);
        self.count_part(&id, part, effects);
        self.show(Place::at_top_of(Route::Guide(id, part)))
    }

    /// Looks aside at a part of the guide that is open: "back" leads here again.
    pub(super) fn open_part(&mut self, part: Part, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        let Route::Guide(id, _) = self.place.route.clone() else {
            return Ok(());
        };
        self.count_part(&id, part, effects);
        self.open(Route::Guide(id, part))
    }

    /// Shows what of the open page a telephone takes home: "back" leads here again. It is counted once a visit.
    pub(super) fn take_home(&mut self, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        let (Route::Article(id) | Route::Guide(id, _)) = self.place.route.clone() else {
            return Ok(());
        };
        if rows::take_home::codes(self).is_empty() {
            return Ok(());
        }
        if self.memory.taken.insert(id.clone()) {
            effects.push(Effect::Count(Event::qr_shown(&id)));
        }
        self.open(Route::TakeHome(id))
    }

    /// Counts that a part was reached: once a visit, however often somebody goes back and on.
    fn count_part(&mut self, id: &str, part: Part, effects: &mut Vec<Effect>) {
        let event = match part {
            Part::Step(step) => Some(Event::step_reached(id, step + 1)),
            Part::Finished => Some(Event::guide_finished(id)),
            Part::Overview | Part::Prepare => None,
        };
        if let Some(event) = event
            && self.memory.reached.insert((id.to_owned(), part))
        {
            effects.push(Effect::Count(event));
        }
    }

    pub(super) fn open_page(&mut self, id: &str, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        let Some(page) = self.library()?.page(id)? else {
            return Ok(());
        };
        let route = match page.body {
            Body::Article { .. } => Route::Article(page.id.clone()),
            Body::Guide(_) => Route::Guide(page.id.clone(), Part::Overview),
        };
        effects.push(Effect::Count(Event::page_opened(id)));
        if let Some(visit) = self.memory.visit.as_mut() {
            visit.pages += 1;
            if visit.is_residents() && self.memory.opened.insert(id.to_owned()) {
                effects.push(Effect::Asked(Label::new(id)));
            }
        }
        self.page = Some(page);
        self.open(route)
    }

    /// Opens what the invitation shows; from there the way back is the way home.
    pub(super) fn open_slide(&mut self, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        if self.place.route != Route::Attract {
            return Ok(());
        }
        self.show(Place::at_top_of(Route::Home))?;
        match self.invitation.opens() {
            None => Ok(()),
            Some(Opens::Target(target)) => self.follow(target, effects),
            Some(Opens::Question(set, first)) => {
                let seed = self.draw_seed();
                self.begin_quiz(&set, Some(&first), seed)
            }
        }
    }

    /// Opens what the strip of the home screen says.
    pub(super) fn open_urgent(&mut self, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        rows::way_to_urgent(self).map_or(Ok(()), |way| self.follow(way, effects))
    }

    pub(super) fn follow(&mut self, target: Target, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        // Whatever else is touched, the machine stays on.
        let asked = self.memory.turn_off.take();
        match target {
            Target::Page(id) => self.open_page(&id, effects),
            // A round left for a page or by mistake goes on where it was.
            Target::Quiz(id)
                if self
                    .memory
                    .quiz
                    .as_ref()
                    .is_some_and(|round| round.set == id && round.current().is_some()) =>
            {
                self.open(Route::Quiz)
            }
            Target::Quiz(id) => {
                let seed = self.draw_seed();
                self.begin_quiz(&id, None, seed)
            }
            Target::Programme(id) => {
                effects.push(Effect::Count(Event::listened(&id)));
                self.open(Route::Programme(id))
            }
            Target::Topic(id) => {
                let from_list = matches!(self.place.route, Route::Topics | Route::TopicGroup(_));
                let origin = match (from_list, self.memory.missed) {
                    (true, true) => Origin::Missed,
                    (true, false) => Origin::List,
                    (false, _) => Origin::Search,
                };
                effects.push(Effect::Count(Event::topic_asked(&id, origin)));
                let page = self.library()?.catalogue().topic(&id).map(|topic| topic.page.clone());
                match page {
                    Some(page) if !page.is_empty() => self.open_page(&page, effects),
                    _ => self.open(Route::Topic(id)),
                }
            }
            Target::Notices => self.open(Route::Notices),
            Target::Notice(id) => {
                if self.library()?.catalogue().notice(&id).is_none() {
                    return Ok(());
                }
                effects.push(Effect::Count(Event::notice_opened(&id)));
                self.open(Route::Notice(id))
            }
            Target::Topics => self.open(Route::Topics),
            Target::TopicGroup(group) => self.open(Route::TopicGroup(group)),
            Target::StaffHelp => self.open(Route::StaffHelp),
            Target::Section(id) => self.open(Route::Section(id)),
            Target::Group(section, id) => self.open(Route::Group(section, id)),
            Target::Calendar => self.open(Route::Calendar),
            Target::Privacy => self.open(Route::Privacy),
            Target::StaffPage if self.pin.is_set() => {
                self.pin.clear();
                self.open(Route::Pin)
            }
            Target::StaffPage => Ok(()),
            Target::TouchTest => self.open(Route::TouchTest),
            Target::Chapter(part) => {
                self.listen_to(part, effects);
                Ok(())
            }
            Target::TestSound => {
                effects.push(Effect::TestSound(self.volume()));
                Ok(())
            }
            Target::SetDate => {
                self.memory.date = TypedDate::default();
                self.open(Route::SetDate)
            }
            Target::PackBefore => {
                let shown = self.library().ok().map(|library| library.catalogue().pack.edition);
                effects.push(Effect::RollBack(shown));
                Ok(())
            }
            Target::Brightness { up } => {
                effects.push(Effect::Brightness { up });
                effects.push(Effect::StaffPageOpened);
                Ok(())
            }
            Target::CallOffice => {
                effects.push(Effect::CallOffice);
                effects.push(Effect::StaffPageOpened);
                Ok(())
            }
            Target::Restart => {
                effects.push(Effect::Restart);
                Ok(())
            }
            Target::TurnOff { again } => {
                if asked == Some(again) {
                    effects.push(Effect::TurnOff { again });
                } else {
                    self.memory.turn_off = Some(again);
                }
                Ok(())
            }
        }
    }

    /// Begins a round of a set, with a question to begin with or with any.
    pub(super) fn begin_quiz(&mut self, set: &str, first: Option<&str>, seed: u64) -> Result<(), LibraryError> {
        if let Some(mut quiz) = self.library()?.quiz(set)? {
            let today = self.now.wall.map(|wall| wall.date());
            quiz.questions.retain(|question| question.is_asked_on(today));
            // The check lets no set end; of one that did all the same nothing is said that isn't so.
            if quiz.questions.is_empty() {
                return Ok(());
            }
            let asked = self.memory.asked.entry(set.to_owned()).or_default();
            self.memory.quiz = Some(Round::draw(quiz, first, seed, asked));
            self.open(Route::Quiz)?;
            self.show(Place::at_top_of(Route::Quiz))?;
        }
        Ok(())
    }

    pub(super) fn draw_seed(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(1);
        // Mixed with the moment of the touch, which nobody can repeat.
        self.seed ^ (u64::try_from(self.now.monotonic.as_millis()).unwrap_or_default() << 16)
    }
}

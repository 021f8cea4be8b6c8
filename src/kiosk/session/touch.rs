//! What a touch on a row does: it follows a card, ticks a thing to bring, answers a question, enlarges a picture, rates a page.

use super::place::Top;
use super::route::Route;
use super::view::{Aside, Row, Target};
use super::{Effect, Session};
use crate::content::library::LibraryError;
use crate::usage::signals::{Event, Face};

impl Session {
    /// Does what a row of the column is for.
    pub(super) fn touch_row(&mut self, index: usize, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        let mut rows = self.view().rows;
        if index >= rows.len() {
            return Ok(());
        }
        match rows.swap_remove(index) {
            Row::Card(card) => {
                if self.place.route == Route::Search {
                    self.end_search(effects);
                    if let Target::Page(id) | Target::Quiz(id) | Target::Programme(id) = &card.opens {
                        effects.push(Effect::Count(Event::opened_from_search(id)));
                    }
                }
                self.follow(card.opens, effects)
            }
            Row::Check { .. } => {
                if let (Route::Guide(id, _), Some(number)) = (&self.place.route, self.check_number(index)) {
                    let tick = (id.clone(), number);
                    if !self.memory.ticks.remove(&tick) {
                        self.memory.ticks.insert(tick);
                    }
                }
                Ok(())
            }
            Row::Choice { letter, .. } => {
                let place = (letter as usize).saturating_sub('A' as usize);
                let answered = self.memory.quiz.as_mut().and_then(|round| round.answer(place));
                if let Some((question, choice, is_right)) = answered {
                    effects.push(Effect::Count(Event::question_answered(question, choice, is_right)));
                    self.place.top = Top::default();
                }
                Ok(())
            }
            Row::Picture(picture) => {
                self.memory.enlarged = Some(picture);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Shows the picture beside the words as large as the screen.
    pub(super) fn enlarge_aside(&mut self) {
        if let Some(Aside::Picture(picture)) = self.view().aside {
            self.memory.enlarged = Some(picture);
        }
    }

    /// Which thing to bring a row is: the rows above it that are ticks are counted.
    fn check_number(&self, index: usize) -> Option<usize> {
        let rows = self.view().rows;
        let above = rows.get(..index)?;
        Some(above.iter().filter(|row| matches!(row, Row::Check { .. })).count())
    }

    /// Counts what a resident thinks of the open page, once.
    pub(super) fn rate(&mut self, face: Face, effects: &mut Vec<Effect>) {
        if let Some(page) = self.open_document()
            && self.memory.rated.insert(page.clone())
        {
            effects.push(Effect::Count(Event::rated(&page, face)));
        }
    }
}

//! What is typed is searched for at each key, and counted once, when the resident is done with it.

use super::place::Top;
use super::typing::Typed;
use super::{Action, Effect, Session};
use crate::content::library::LibraryError;
use crate::usage::signals::Event;

/// The most hits that search shows.
const MOST_HITS: usize = 20;

impl Session {
    /// A key of the keyboard. A search that was emptied is over.
    pub(super) fn touch_key(&mut self, action: Action, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        match action {
            Action::Type(letter) => self.type_with(|typed| typed.push(letter)),
            Action::Tone(tone) => self.type_with(|typed| typed.tone(tone)),
            Action::Erase => {
                if self.memory.typed.as_str().chars().count() == 1 {
                    self.end_search(effects);
                }
                self.type_with(Typed::erase)
            }
            Action::Clear => {
                self.end_search(effects);
                self.type_with(Typed::clear)
            }
            _ => Ok(()),
        }
    }

    /// Changes what is typed and searches for it.
    fn type_with(&mut self, change: impl FnOnce(&mut Typed)) -> Result<(), LibraryError> {
        change(&mut self.memory.typed);
        self.memory.search_counted = false;
        self.memory.hits = self.library()?.search(self.memory.typed.as_str(), MOST_HITS)?;
        self.place.top = Top::default();
        Ok(())
    }

    /// Counts what is typed as a search, once: when the resident is done with it, not at every key.
    pub(super) fn end_search(&mut self, effects: &mut Vec<Effect>) {
        let memory = &mut self.memory;
        if memory.search_counted || memory.typed.as_str().trim().is_empty() {
            return;
        }
        memory.search_counted = true;
        if memory.hits.is_empty() {
            effects.push(Effect::Count(Event::SearchNotFound));
            return;
        }
        let how = if memory.hits.iter().any(|hit| hit.answers) {
            Event::SearchAnswered
        } else {
            Event::SearchMentioned
        };
        effects.extend([Effect::Count(Event::SearchFound), Effect::Count(how)]);
    }
}

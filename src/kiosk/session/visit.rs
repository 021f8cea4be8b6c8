//! A visit, as long as it lasts: only what its coarse counters need.

use crate::usage::signals::{Ending, Event};
use crate::usage::stamp::Stamp;

use super::action::Effect;

/// A visit from the first touch to the last.
#[derive(Debug)]
pub struct Visit {
    began: Stamp,
    /// Pages opened.
    pub pages: usize,
    /// Whether staff began it, with their key or where there is no content: then it is no resident's visit, and is not counted as one.
    is_staffs: bool,
}

impl Visit {
    /// Begins a visit and counts it.
    pub fn begin(now: Stamp, effects: &mut Vec<Effect>) -> Self {
        effects.push(Effect::Count(Event::VisitStarted));
        Self {
            began: now,
            pages: 0,
            is_staffs: false,
        }
    }

    /// Begins what looks like a visit, and is staff's.
    pub fn begin_of_staff(now: Stamp) -> Self {
        Self {
            began: now,
            pages: 0,
            is_staffs: true,
        }
    }

    /// Whether a resident began it.
    pub const fn is_residents(&self) -> bool {
        !self.is_staffs
    }

    /// Whether staff began it.
    pub const fn is_staffs(&self) -> bool {
        self.is_staffs
    }

    /// Ends it: how, how long from the first touch to the last, how many pages.
    pub fn end(self, ending: Ending, last_touch: Stamp, effects: &mut Vec<Effect>) {
        if !self.is_staffs {
            effects.push(Effect::Count(Event::VisitEnded(ending)));
            effects.push(Effect::Count(Event::visit_length(last_touch.since(&self.began))));
            effects.push(Effect::Count(Event::visit_pages(self.pages)));
        }
        effects.push(Effect::VisitOver);
    }
}

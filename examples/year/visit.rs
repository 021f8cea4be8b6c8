//! One visit as it grows: what is counted, and when. Begin with [`Stay`].

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;
use commune_kiosk::usage::signals::{Ending, Event};
use fastrand::Rng;

/// How long nobody touches the screen until the visit is over.
const SILENCE: TimeDelta = TimeDelta::seconds(60);

/// One visit: what is counted, and how long after its beginning.
pub type Visit = Vec<(TimeDelta, Event)>;

/// A visit on its way.
pub struct Stay<'a> {
    /// What happens by chance.
    pub rng: &'a mut Rng,
    /// How many pages were opened.
    pub pages: usize,
    /// The pages that were.
    pub seen: BTreeSet<String>,
    at: TimeDelta,
    visit: Visit,
}

impl<'a> Stay<'a> {
    /// Somebody touches the screen.
    pub fn begin(rng: &'a mut Rng) -> Self {
        let mut stay = Self {
            rng,
            pages: 0,
            seen: BTreeSet::new(),
            at: TimeDelta::zero(),
            visit: Vec::new(),
        };
        stay.count(Event::VisitStarted);
        stay.set_up();
        stay
    }

    /// Something is counted.
    pub fn count(&mut self, event: Event) {
        self.visit.push((self.at, event));
    }

    /// So many seconds pass.
    pub fn pass(&mut self, least: u32, most: u32) {
        self.at += TimeDelta::seconds(self.rng.u32(least..=most).into());
    }

    /// Happens to so many of a hundred.
    pub fn chance(&mut self, of_hundred: u32) -> bool {
        self.rng.u32(..100) < of_hundred
    }

    /// Larger letters, another language: some need it, and do it first.
    fn set_up(&mut self) {
        self.pass(2, 6);
        match self.rng.u32(..1000) {
            0..110 => self.count(Event::text_size("large")),
            110..150 => {
                self.count(Event::text_size("large"));
                self.count(Event::text_size("largest"));
            }
            150..155 => {
                self.count(Event::text_size("large"));
                self.count(Event::text_size("normal"));
            }
            155..180 => self.count(Event::contrast("high")),
            180..192 => self.count(Event::language("en")),
            192..195 => {
                self.count(Event::language("en"));
                self.count(Event::language("vi"));
            }
            _ => {}
        }
    }

    /// Nobody touches the screen any more.
    pub fn end(mut self) -> Visit {
        let length = self.at.to_std().unwrap_or(Duration::ZERO);
        let ending = if self.chance(58) {
            Ending::Finished
        } else {
            Ending::Left
        };
        self.at += SILENCE;
        self.count(Event::VisitEnded(ending));
        self.count(Event::visit_length(length));
        self.count(Event::visit_pages(self.pages));
        self.visit
    }
}

//! Who leads the tour: touches what is written somewhere, turns pages, types, waits until the screen has come to rest, and stops
//! for a picture.

use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::Stop;
use crate::content::library::Library;
use crate::kiosk::device::memory;
use crate::kiosk::screen::Kiosk;
use crate::kiosk::screen::headless::Headless;
use crate::kiosk::session::view::{Button, Card, Row, Target, Words};

/// Until the screen has come to rest after a touch.
const SETTLE: Duration = Duration::from_millis(400);

/// Between two touches, so that no touch is taken for a trembling finger.
const PAUSE: Duration = Duration::from_millis(600);

/// Leads the tour.
pub(super) struct Guide<'a> {
    pub(super) kiosk: Rc<Kiosk>,
    pub(super) screen: Headless,
    pub(super) library: Rc<Library>,
    /// Whether the interface speaks English.
    pub(super) english: bool,
    /// From the last touch to its painted frame.
    pub(super) last: Duration,
    /// Takes the stops.
    pub(super) each: &'a mut dyn FnMut(Stop) -> Result<()>,
}

impl Guide<'_> {
    pub(super) fn stop(&mut self, name: &str) -> Result<()> {
        // Rows that the first frame didn't need follow in the next ones.
        self.rest(SETTLE);
        // Before the picture is taken, which is 3 MiB that no kiosk has.
        let pss_kib = memory::pss_kib();
        (self.each)(Stop {
            name: name.to_owned(),
            picture: self.screen.picture(),
            frame: self.last,
            pss_kib,
        })
    }

    /// Touches what is written so, in the language of the interface.
    pub(super) fn touch(&mut self, vietnamese: &str, english: &str) -> Result<()> {
        let label = if self.english { english } else { vietnamese };
        self.touch_words(label)
    }

    pub(super) fn touch_words(&mut self, label: &str) -> Result<()> {
        self.rest(PAUSE);
        let Some(place) = self.kiosk.button(label) else {
            let labels: Vec<String> = self
                .kiosk
                .elements()
                .into_iter()
                .filter(|e| e.is_button)
                .map(|e| e.label)
                .collect();
            bail!("there is nothing to touch that says “{label}”, only {labels:?}");
        };
        self.last = self.screen.tap(place);
        self.rest(Duration::ZERO);
        Ok(())
    }

    /// Lets so much time pass. For other threads none does: how fast they are must not change what the tour meets.
    pub(super) fn rest(&self, time: Duration) {
        self.screen.pass(time);
        while self.kiosk.settle() {
            self.screen.draw();
        }
    }

    /// Stops at each page of a column, turning by the button.
    pub(super) fn pages(&mut self, name: &str) -> Result<()> {
        self.stop(name)?;
        let mut page = 1;
        while self.kiosk.view().next == Button::PageNext {
            self.touch("Xuống", "Down")?;
            page += 1;
            self.stop(&format!("{name}-{page}"))?;
        }
        Ok(())
    }

    pub(super) fn card(&self, wanted: impl Fn(&Target) -> bool) -> Result<Card> {
        let cards = self.kiosk.view().rows.into_iter().filter_map(|row| match row {
            Row::Card(card) => Some(card),
            _ => None,
        });
        cards
            .into_iter()
            .find(|card| wanted(&card.opens))
            .context("no such card on the screen")
    }

    /// Touches a card, turning pages until it is on the screen.
    pub(super) fn touch_card(&mut self, wanted: impl Fn(&Target) -> bool, label: (&str, &str)) -> Result<()> {
        let card = self.card(wanted)?;
        let words = match &card.title {
            Words::Text(text) => text.clone(),
            _ => if self.english { label.1 } else { label.0 }.to_owned(),
        };
        self.turn_to(&words)?;
        self.touch_words(&words)
    }

    /// Turns pages until this button is on the screen.
    pub(super) fn turn_to(&mut self, label: &str) -> Result<()> {
        self.rest(SETTLE);
        if self.kiosk.button(label).is_none() {
            self.turn_up()?;
        }
        while self.kiosk.button(label).is_none() && self.kiosk.view().next == Button::PageNext {
            self.touch("Xuống", "Down")?;
            self.rest(SETTLE);
        }
        Ok(())
    }

    pub(super) fn turn_up(&mut self) -> Result<()> {
        while self.kiosk.view().previous == Button::PageBack {
            self.touch("Lên", "Up")?;
            self.rest(SETTLE);
        }
        Ok(())
    }

    pub(super) fn turn_to_end(&mut self) -> Result<()> {
        while self.kiosk.view().next == Button::PageNext {
            self.touch("Xuống", "Down")?;
        }
        Ok(())
    }

    pub(super) fn type_words(&mut self, words: &str) -> Result<()> {
        for letter in words.chars() {
            match letter {
                ' ' => self.touch("dấu cách", "space")?,
                letter => self.touch_words(&letter.to_string())?,
            }
        }
        Ok(())
    }
}

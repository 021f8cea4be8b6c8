//! What staff do at the screen: their page, their sticks, the packs that these bring.
//!
//! A resident never notices: a stick waits for a touch, a pack until they have left. The first method to read is
//! [`Session::take_library`].

use std::rc::Rc;

use super::action::{Action, Effect};
use super::attract::Invitation;
use super::route::Route;
use super::staff::{Facts, Pin};
use super::view::{Stick, Target};
use super::visit::Visit;
use super::{Place, Session};
use crate::content::library::{Library, LibraryError};
use crate::usage::signals::Ending;

impl Session {
    /// Gives the kiosk a PIN; without one there is no staff page.
    pub fn set_pin(&mut self, pin: Pin) {
        self.pin = pin;
    }

    /// Says what the machine is like, for the staff page.
    pub fn set_facts(&mut self, facts: Facts) {
        self.facts = Some(facts);
    }

    /// Says what becomes of a stick; `None` once it is gone.
    pub fn set_stick(&mut self, stick: Option<Stick>) {
        self.stick_opened &= stick.is_some();
        self.stick_changed = self.now;
        self.stick = stick;
    }

    /// Takes another library: at once if nobody reads or staff is here, else when the resident has left.
    pub fn take_library(&mut self, library: Rc<Library>) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.next_library = Some(library);
        let staff = self.place.route.is_of_staff();
        if self.memory.visit.is_none() || staff {
            self.change_library(&mut effects);
        }
        effects
    }

    pub(super) fn change_library(&mut self, effects: &mut Vec<Effect>) {
        let Some(library) = self.next_library.take() else {
            return;
        };
        self.invitation = Invitation::of(Some(&*library));
        self.invitation.show(Some(&*library), self.now);
        self.library = Some(library);
        self.page = None;
        self.programme = None;
        // What staff read before they went to their page may be gone: from there the way back is the way home.
        self.memory.trail.retain(|place| place.route.is_of_staff());
        self.memory.quiz = None;
        self.memory.hits.clear();
        self.memory.typed.clear();
        if self.place.route == Route::Sorry {
            self.place = Place::default();
        }
        effects.push(Effect::NewContent);
        if self.place.route == Route::Staff {
            effects.push(Effect::StaffPageOpened);
        }
    }

    /// What concerns the staff page, sticks, and who is in the hall.
    pub(super) fn act_of_staff(&mut self, action: Action, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        match action {
            Action::StaffPage => self.follow(Target::StaffPage, effects)?,
            Action::Digit(digit) if self.place.route == Route::SetDate => self.memory.date.push(digit),
            Action::EraseDigit if self.place.route == Route::SetDate => self.memory.date.erase(),
            Action::Digit(digit) => self.pin.push(digit),
            Action::EraseDigit => self.pin.erase(),
            Action::SetDate if self.place.route == Route::SetDate => {
                if let Some(moment) = self.memory.date.moment() {
                    effects.push(Effect::SetDate(moment));
                    self.back()?;
                    effects.push(Effect::StaffPageOpened);
                }
            }
            Action::TryPin if self.place.route == Route::Pin => {
                effects.extend(self.pin.try_open(self.now).map(Effect::CheckPin));
            }
            Action::PinChecked { number, right } => {
                let before = self.pin.wrong_tries();
                let opens = self.pin.checked(number, right, self.now);
                let tries = self.pin.wrong_tries();
                effects.extend((tries != before).then_some(Effect::PinTries(tries)));
                if opens && self.place.route == Route::Pin {
                    self.open_staff_page(effects)?;
                }
            }
            // Whoever has the key needs no PIN. A resident's visit ends: what they read is nobody's business.
            Action::StaffKey(true) => {
                self.leave(Ending::Left, effects);
                self.last_touch = self.now;
                self.memory.visit = Some(Visit::begin_of_staff(self.now));
                self.open_staff_page(effects)?;
            }
            Action::StaffKey(false)
                if self.place.route.is_of_staff() || self.memory.visit.as_ref().is_some_and(Visit::is_staffs) =>
            {
                self.leave(Ending::Finished, effects);
            }
            Action::Wake => self.rest.wake(self.now),
            Action::Presence(is_present) => self.rest.see(is_present, self.now),
            Action::OpenStick => self.stick_opened = true,
            Action::CloseStick => {
                self.stick = None;
                self.stick_opened = false;
            }
            _ => {}
        }
        Ok(())
    }

    /// There is no way back to the keys of the PIN.
    fn open_staff_page(&mut self, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        self.memory.turn_off = None;
        // What was found out for whoever was here before may be over.
        self.facts = None;
        self.show(Place::at_top_of(Route::Staff))?;
        effects.push(Effect::StaffPageOpened);
        Ok(())
    }
}

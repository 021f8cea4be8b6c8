//! One resident at the screen: where they are, what they see, what is counted.
//!
//! Pure: a session has no clock, no files of its own and knows nothing of Slint. [`Session::handle`] takes an action and the
//! time and returns effects; [`Session::view`] says what is on the screen now. It reads pages from the library it was given,
//! and nothing else. Text that a resident types lives in [`typing`] until the visit ends and goes nowhere.

pub mod action;
mod attract;
pub mod bookmark;
pub mod idle;
mod listening;
mod navigation;
mod often;
pub mod paging;
pub mod place;
pub mod quiz;
mod rest;
mod route;
mod rows;
mod searching;
pub mod set_date;
pub mod settings;
pub mod sound;
pub mod staff;
mod touch;
pub mod typing;
mod upkeep;
pub mod view;
mod visit;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use crate::content::library::{Library, LibraryError};
use crate::content::model::{Body, Guide, Page, Programme, Shows};
use crate::content::search::Hit;
use crate::usage::signals::{Ending, Event};
use crate::usage::stamp::Stamp;

pub use action::{Action, Effect};
use attract::Invitation;
use idle::Idle;
use listening::Listening;
use place::{Place, Top, page_of};
use quiz::Round;
use rest::Rest;
use route::{Part, Route};
use set_date::TypedDate;
use settings::{Language, Settings};
use sound::Volume;
use staff::{Facts, Pin};
use typing::Typed;
use view::{Panel, Picture, Stick, View};
use visit::Visit;

/// A finger that trembles touches twice within this time and means once.
const TREMBLE: Duration = Duration::from_millis(250);

/// The same on a key, which may be meant twice: nobody types the same letter again within this time, a trembling finger does.
const KEY_TREMBLE: Duration = Duration::from_millis(120);

/// How long the screen says what became of a stick that nobody pulls out: residents need the screen.
const STICK_SHOWN: Duration = Duration::from_mins(2);

/// How long somebody who is done may still say what they think, and how long they are thanked for it.
const GOODBYE_SHOWN: Duration = Duration::from_secs(20);
const THANKS_SHOWN: Duration = Duration::from_secs(4);

/// How long the screen says that a touch could not be done.
const SORRY_SHOWN: Duration = Duration::from_secs(8);

/// How far "back" remembers; older places are forgotten.
const LONGEST_TRAIL: usize = 64;

/// What is forgotten when a resident leaves.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says that something was done")]
struct Memory {
    settings: Settings,
    trail: Vec<Place>,
    /// Where a resident was in the parts of guides that they have left for the next.
    parts: BTreeMap<(String, Part), Top>,
    /// What lies over the place: the choice of letters, or of help.
    panel: Option<Panel>,
    /// Whether they have rated the visit, and whether they said that they had not found what they came for.
    visit_rated: bool,
    missed: bool,
    /// When a touch could not be done.
    failed: Option<Stamp>,
    /// How loud they have it; `None` as it begins.
    volume: Option<Volume>,
    /// When something was last heard: who listens touches nothing.
    heard: Option<Stamp>,
    ticks: BTreeSet<(String, usize)>,
    rated: BTreeSet<String>,
    /// Pages that have been opened.
    opened: BTreeSet<String>,
    /// Parts of guides that have been counted.
    reached: BTreeSet<(String, Part)>,
    /// Pages whose codes have been counted.
    taken: BTreeSet<String>,
    typed: Typed,
    hits: Vec<Hit>,
    /// Whether what is typed has been counted as a search.
    search_counted: bool,
    keyboard_hidden: bool,
    digits: bool,
    quiz: Option<Round>,
    /// Questions that were asked, by their set.
    asked: BTreeMap<String, BTreeSet<String>>,
    visit: Option<Visit>,
    /// What staff have typed of the date.
    date: TypedDate,
    /// The picture that was touched, as large as the screen.
    enlarged: Option<Picture>,
    /// The card that turns the machine off, or off and on again, once it was touched: the next touch does it.
    turn_off: Option<bool>,
}

/// A session: begins with nobody there, and after each resident begins again.
#[derive(Debug)]
pub struct Session {
    library: Option<Rc<Library>>,
    invitation: Invitation,
    seed: u64,
    memory: Memory,
    place: Place,
    /// What stands at the top of each page of the column; empty until the screen has measured it.
    tops: Vec<Top>,
    page: Option<Page>,
    programme: Option<Programme>,
    last_touch: Stamp,
    /// What the last touch did.
    last_action: Option<Action>,
    now: Stamp,
    pin: Pin,
    /// `None` until somebody has found out.
    facts: Option<Facts>,
    stick: Option<Stick>,
    stick_changed: Stamp,
    /// Whether somebody touched the strip that says that a stick is in.
    stick_opened: bool,
    rest: Rest,
    listening: Listening,
    /// What is asked for most, by the ids of pages.
    often: Vec<String>,
    /// A library that waits until nobody reads the old one.
    next_library: Option<Rc<Library>>,
}

impl Session {
    /// A session on this library; without one it shows the Sorry screen. `seed` decides which questions the quiz draws.
    #[must_use]
    pub fn new(library: Option<Rc<Library>>, seed: u64) -> Self {
        let route = Route::of_nobody(library.is_some());
        let start = Stamp::undated(Duration::ZERO);
        let invitation = Invitation::of(library.as_deref());
        Self {
            library,
            invitation,
            seed,
            memory: Memory::default(),
            place: Place::at_top_of(route),
            tops: Vec::new(),
            page: None,
            programme: None,
            last_touch: start,
            last_action: None,
            now: start,
            pin: Pin::default(),
            facts: None,
            stick: None,
            stick_changed: start,
            stick_opened: false,
            rest: Rest::default(),
            listening: Listening::default(),
            often: Vec::new(),
            next_library: None,
        }
    }

    /// Takes an action at a time and says what has to be done about it.
    ///
    /// Time never runs backwards here: what matters is `now.monotonic`; the wall clock is only passed on.
    pub fn handle(&mut self, action: Action, now: Stamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        let silence = now.since(&self.last_touch);
        self.now = now;
        // Residents find nothing there; staff find their page, and what concerns sticks, keys and time goes on.
        if self.place.route == Route::Sorry && action.is_touch() && action != Action::StaffPage {
            return effects;
        }
        if action.is_touch() {
            let warned = self.idle() != Idle::Busy;
            // A key leads to no other screen: whoever touches something else right after it means that.
            let meant = action.may_repeat() || self.last_action.is_some_and(Action::may_repeat);
            let patience = if self.last_action == Some(action) {
                KEY_TREMBLE
            } else {
                Duration::ZERO
            };
            let trembling = silence < if meant { patience } else { TREMBLE } && self.memory.visit.is_some();
            if trembling {
                return effects;
            }
            self.last_touch = now;
            self.last_action = Some(action);
            self.click(&mut effects);
            // Under the warning a touch only says "I'm here", wherever it lands.
            if warned {
                return effects;
            }
            if self.memory.visit.is_none() {
                // Without content nobody but staff has anything to touch.
                self.memory.visit = Some(if self.library.is_some() {
                    Visit::begin(now, &mut effects)
                } else {
                    Visit::begin_of_staff(now)
                });
            }
        }
        let done = self.act(action, &mut effects);
        if action.is_touch() {
            self.memory.failed = done.is_err().then_some(now);
        }
        if let Err(trouble) = done {
            effects.push(Effect::Trouble(trouble.to_string()));
        }
        // Who comes back to the Sorry screen has left: there is nothing to stay for.
        if self.place.route == Route::Sorry && self.memory.visit.is_some() {
            self.leave(Ending::Finished, &mut effects);
        }
        self.settle_sound(&mut effects);
        effects
    }

    /// Ends the visit because the program stops.
    pub fn stop(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.leave(Ending::Stopped, &mut effects);
        effects
    }

    /// What is on the screen.
    #[must_use]
    pub fn view(&self) -> View {
        rows::view(self)
    }

    /// The screen has measured the rows and cut them into pages; this stands at the top of each. Says whether the view
    /// is another one for it.
    pub fn laid_out(&mut self, tops: Vec<Top>) -> bool {
        let before = (self.column_page(), self.tops.len());
        self.tops = tops;
        before != (self.column_page(), self.tops.len())
    }

    /// Whether the screen says that a touch could not be done.
    fn is_sorry(&self) -> bool {
        self.memory
            .failed
            .is_some_and(|failed| self.now.since(&failed) < SORRY_SHOWN)
    }

    /// The page of the column on which the resident's place stands, from 0.
    fn column_page(&self) -> usize {
        page_of(&self.tops, self.place.top)
    }

    /// Whether nobody is there.
    #[must_use]
    pub const fn is_alone(&self) -> bool {
        self.memory.visit.is_none()
    }

    /// Has the screen rest after so long without anybody.
    pub fn set_rest_after(&mut self, rest_after: Option<Duration>) {
        self.rest.after = rest_after;
    }

    /// Whether the screen rests: nobody is there, and nobody has been for long.
    fn is_resting(&self) -> bool {
        let alone = self.place.route == Route::Attract && self.stick.is_none();
        alone && self.rest.is_due(self.last_touch, self.now)
    }

    fn idle(&self) -> Idle {
        // Who is done is not asked whether they are still there.
        if self.memory.visit.is_none() || self.place.route == Route::Goodbye {
            return Idle::Busy;
        }
        idle::judge(self.silence(), self.place.route.is_reading())
    }

    fn act(&mut self, action: Action, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        match action {
            Action::Tick => self.tick(effects),
            Action::Home => {
                self.begin_anew(effects);
                self.end_search(effects);
                self.memory.trail.clear();
                self.memory.quiz = None;
                self.memory.typed.clear();
                self.memory.hits.clear();
                self.memory.keyboard_hidden = false;
                self.memory.digits = false;
                self.memory.panel = None;
                self.memory.missed = false;
                self.show(Place::at_top_of(Route::Home))?;
            }
            Action::OpenSlide => self.open_slide(effects)?,
            Action::OpenUrgent => self.open_urgent(effects)?,
            Action::OpenPanel(panel) => self.memory.panel = Some(panel),
            Action::ClosePanel => self.memory.panel = None,
            Action::Finish => self.say_goodbye(effects),
            Action::RateVisit(face) if self.place.route == Route::Goodbye && !self.memory.visit_rated => {
                effects.push(Effect::Count(Event::VisitRated(face)));
                self.memory.visit_rated = true;
            }
            Action::Missed => {
                self.begin_anew(effects);
                self.memory.missed = true;
                self.show(Place::at_top_of(Route::Topics))?;
            }
            Action::Tile(index) => self.open_tile(index)?,
            Action::Often(index) => self.open_often(index, effects)?,
            Action::Back => self.back()?,
            Action::Previous => self.previous(effects)?,
            Action::Next => self.next(effects)?,
            Action::Prepare => self.open_part(Part::Prepare, effects)?,
            Action::TakeHome => self.take_home(effects)?,
            Action::Read => {
                let asked = self.memory.quiz.as_ref().and_then(Round::current);
                if let Some(page) = asked.map(|asked| asked.question.read.clone()) {
                    self.open_page(&page, effects)?;
                }
            }
            Action::StaffHelp => self.open(Route::StaffHelp)?,
            Action::Topics => self.open(Route::Topics)?,
            Action::Search => self.open(Route::Search)?,
            Action::Row(index) => self.touch_row(index, effects)?,
            Action::Aside => self.enlarge_aside(),
            Action::ClosePicture => self.memory.enlarged = None,
            Action::Rate(face) => self.rate(face, effects),
            Action::Listen => self.listen(effects),
            Action::HearAgain => self.hear_again(effects),
            Action::Louder(louder) => self.change_volume(louder, effects),
            Action::Sound(sound) => self.hear(sound, effects),
            Action::Type(_) | Action::Tone(_) | Action::Erase | Action::Clear => self.touch_key(action, effects)?,
            Action::ToggleKeyboard => self.memory.keyboard_hidden = !self.memory.keyboard_hidden,
            Action::ToggleDigits => self.memory.digits = !self.memory.digits,
            Action::TextSize(_) | Action::ToggleContrast | Action::ToggleLanguage => self.set(action, effects),
            Action::RateVisit(_) | Action::Stay => {}
            Action::StaffPage
            | Action::Digit(_)
            | Action::EraseDigit
            | Action::TryPin
            | Action::SetDate
            | Action::PinChecked { .. }
            | Action::OpenStick
            | Action::CloseStick
            | Action::StaffKey(_)
            | Action::Wake
            | Action::Presence(_) => self.act_of_staff(action, effects)?,
        }
        Ok(())
    }

    /// Changes how everything looks, and counts that.
    fn set(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::TextSize(size) if size == self.memory.settings.text_size => {}
            Action::TextSize(size) => {
                let before = self.view().rows;
                self.memory.settings.text_size = size;
                self.place.top = bookmark::carried(self.place.top, &before, &self.view().rows);
                effects.push(Effect::Count(Event::text_size(size.name())));
            }
            Action::ToggleContrast => {
                let high = !self.memory.settings.high_contrast;
                self.memory.settings.high_contrast = high;
                effects.push(Effect::Count(Event::contrast(if high { "high" } else { "normal" })));
            }
            Action::ToggleLanguage => {
                let language = match self.memory.settings.language {
                    Language::Vietnamese => Language::English,
                    Language::English => Language::Vietnamese,
                };
                let before = self.view().rows;
                self.memory.settings.language = language;
                self.place.top = bookmark::carried(self.place.top, &before, &self.view().rows);
                effects.push(Effect::Count(Event::language(language.code())));
            }
            _ => {}
        }
    }

    /// Time has passed: the invitation turns, a stick's box closes, who is silent for long has gone.
    fn tick(&mut self, effects: &mut Vec<Effect>) {
        let over = matches!(self.stick, Some(Stick::Finished { .. }));
        if over && self.now.since(&self.stick_changed) >= STICK_SHOWN {
            self.set_stick(None);
        }
        if self.place.route == Route::Attract {
            self.offer_programme();
            self.invitation.turn(self.library.as_deref(), self.now);
        }
        let shown = if self.memory.visit_rated {
            THANKS_SHOWN
        } else {
            GOODBYE_SHOWN
        };
        let is_over = self.place.route == Route::Goodbye && self.silence() >= shown;
        if is_over || self.idle() == Idle::Gone {
            let ending = if matches!(self.place.route, Route::Home | Route::Goodbye) {
                Ending::Finished
            } else {
                Ending::Left
            };
            self.leave(ending, effects);
        }
    }

    /// The content that is shown.
    #[must_use]
    pub fn content(&self) -> Option<&Rc<Library>> {
        self.library.as_ref()
    }

    fn library(&self) -> Result<Rc<Library>, LibraryError> {
        self.library.clone().ok_or(LibraryError::NotALibrary)
    }

    /// The id of the page or programme on the screen.
    fn open_document(&self) -> Option<String> {
        match &self.place.route {
            Route::Article(id) | Route::Guide(id, _) | Route::Programme(id) => Some(id.clone()),
            _ => None,
        }
    }

    /// What the open page says, in English where the resident chose it and the author wrote it.
    fn body(&self) -> Option<&Body> {
        let page = self.page.as_ref()?;
        match (self.memory.settings.language, &page.english) {
            (Language::English, Some(english)) => Some(english),
            _ => Some(&page.body),
        }
    }

    fn guide(&self) -> Option<&Guide> {
        match self.body()? {
            Body::Guide(guide) => Some(guide),
            Body::Article { .. } => None,
        }
    }

    /// Whoever goes on from the farewell begins another visit: it may be somebody else, and what the first one saw is forgotten.
    fn begin_anew(&mut self, effects: &mut Vec<Effect>) {
        if self.place.route == Route::Goodbye {
            self.leave(Ending::Finished, effects);
            self.memory.visit = Some(Visit::begin(self.now, effects));
        }
    }

    /// Forgets everything of the visit but that it is one: what its resident thinks of it is still asked, in the letters that they can read.
    fn say_goodbye(&mut self, effects: &mut Vec<Effect>) {
        self.end_search(effects);
        self.memory = Memory {
            visit: self.memory.visit.take(),
            settings: self.memory.settings,
            ..Memory::default()
        };
        self.last_action = None;
        self.place = Place::at_top_of(Route::Goodbye);
        self.page = None;
        self.programme = None;
        self.tops.clear();
    }

    /// Ends the visit, if there is one, and forgets everything of it.
    fn leave(&mut self, ending: Ending, effects: &mut Vec<Effect>) {
        self.end_search(effects);
        if let Some(visit) = self.memory.visit.take() {
            let heard = self
                .memory
                .heard
                .filter(|heard| heard.since(&self.last_touch) > Duration::ZERO);
            visit.end(ending, heard.unwrap_or(self.last_touch), effects);
        }
        self.memory = Memory::default();
        self.last_action = None;
        self.place = Place::at_top_of(Route::of_nobody(self.library.is_some()));
        self.page = None;
        self.programme = None;
        self.tops.clear();
        self.pin.clear();
        self.change_library(effects);
        self.offer_programme();
        self.invitation.show(self.library.as_deref(), self.now);
    }

    /// What the section lists.
    fn shows(&self, id: &str) -> Shows {
        let catalogue = self.library.as_deref().map(Library::catalogue);
        catalogue
            .and_then(|catalogue| catalogue.sections.iter().find(|section| section.id == id))
            .map_or(Shows::Pages, |section| section.shows)
    }
}

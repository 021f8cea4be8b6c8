//! The only room that knows Slint: shows what the session says, and tells the session what was touched.
//!
//! One adapter a global of `ui/globals.slint`; each turns a part of the [`View`] into properties and callbacks into
//! [`Action`]s. No rules live here. Read [`Kiosk`] first.

mod asks;
mod attract;
mod column;
mod date;
mod enlarged;
mod fonts;
mod frame;
mod goodbye;
mod home;
mod idle;
mod lines;
mod panel;
mod pictures;
mod pin;
mod rest;
mod search;
mod sound;
mod stick;
mod urgent;

pub mod bare;
pub mod headless;
pub mod rehearsal;
pub mod tour;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use chrono::NaiveDateTime;
use commune_kiosk_ui as ui;
use slint::{ComponentHandle, PlatformError, Timer, TimerMode};

use crate::content::library::Library;
use crate::kiosk::session::place::Top;
use crate::kiosk::session::sound::{Rules, Sound, Volume};
use crate::kiosk::session::staff::{Facts, Pin};
use crate::kiosk::session::view::{Stick, View};
use crate::kiosk::session::{Action, Effect, Session};
use crate::kiosk::sound as player;
use crate::kiosk::sync::stick::{News, Order};
use crate::usage::recorder::Recorder;
use crate::usage::stamp::Stamp;

use asks::Asks;
use column::ColumnAdapter;
use pictures::Pictures;

/// How often time is told to the session: the countdown of the idle warning counts seconds.
const TICK: Duration = Duration::from_secs(1);

/// How long a new pack is to be shown until it has shown itself, if nobody comes to read.
const SHOWN_ITSELF: Duration = Duration::from_mins(10);

/// A window with nothing in it yet: there is a screen.
pub struct Window(ui::App);

impl Window {
    /// Makes it.
    ///
    /// # Errors
    /// If no window can be made: no display, no platform.
    pub fn open() -> Result<Self, PlatformError> {
        Ok(Self(ui::App::new()?))
    }
}

/// The running touchscreen: window, session and counters wired together.
pub struct Kiosk {
    acts: Acts,
    app: ui::App,
    session: RefCell<Session>,
    recorder: Recorder,
    asks: Asks,
    /// The number of the newest question for a pack, and for facts: an answer to an older one may come late, and doesn't count.
    pack_asked: Cell<u32>,
    facts_asked: Cell<u32>,
    now: Box<dyn Fn() -> Stamp>,
    staff: RefCell<Option<Staff>>,
    dim: RefCell<Option<Dim>>,
    player: RefCell<Option<Sender<player::Order>>>,
    restart: Cell<bool>,
    pictures: Rc<Pictures>,
    column: ColumnAdapter,
    shown: RefCell<Option<View>>,
    /// The edition of the pack that is shown, and the wait until it has shown itself.
    edition: Cell<u64>,
    shows_itself: Timer,
    ticks: Timer,
}

/// Finds out what the machine is like, for the staff page; on a thread of its own.
pub type FindFacts = Arc<dyn Fn(&Recorder, Stamp) -> Facts + Send + Sync>;

/// Opens the pack that is current now; on a thread of its own.
pub type OpenCurrent = Arc<dyn Fn() -> Result<Library, String> + Send + Sync>;

/// Dims the backlight, or wakes it; says whether there is one.
pub type Dim = Box<dyn Fn(bool) -> bool>;

/// What staff and their sticks need of the program around the screen.
pub struct Staff {
    /// The PIN of the staff page, if there is one.
    pub pin: Pin,
    /// Remembers so many wrong tries at the PIN over a start of the program; on a thread of its own.
    pub remember_tries: Arc<dyn Fn(u32) + Send + Sync>,
    /// Takes orders to the thread that keeps the packs.
    pub orders: Sender<Order>,
    /// Opens the pack that is current now.
    pub open_current: OpenCurrent,
    /// Finds out what the machine is like.
    pub facts: FindFacts,
    /// Makes the screen brighter, or darker.
    pub brighten: Box<dyn Fn(bool)>,
    /// Calls the office.
    pub call_office: Box<dyn Fn()>,
    /// Takes the date and the time of day from staff.
    pub set_date: Box<dyn Fn(NaiveDateTime)>,
    /// Turns the machine off, or off and on again.
    pub turn_off: Box<dyn Fn(bool)>,
}

impl Kiosk {
    /// Connects the window. Without a library the Sorry screen is all that residents see.
    ///
    /// `now` tells the time: the machine's, or that of a test.
    #[must_use]
    pub fn new(
        window: Window,
        library: Option<Rc<Library>>,
        recorder: Recorder,
        seed: u64,
        now: Box<dyn Fn() -> Stamp>,
    ) -> Rc<Self> {
        let Window(app) = window;
        fonts::register(app.window());
        let kiosk = Rc::new_cyclic(|me| Self {
            acts: Acts(me.clone()),
            session: RefCell::new(Session::new(library, seed)),
            recorder,
            asks: Asks::default(),
            pack_asked: Cell::default(),
            facts_asked: Cell::default(),
            now,
            pictures: Rc::default(),
            column: ColumnAdapter::new(&app),
            shown: RefCell::new(None),
            edition: Cell::default(),
            shows_itself: Timer::default(),
            ticks: Timer::default(),
            staff: RefCell::new(None),
            dim: RefCell::new(None),
            player: RefCell::new(None),
            restart: Cell::new(false),
            app,
        });
        let acts = &kiosk.acts;
        frame::connect(&kiosk.app, acts);
        attract::connect(&kiosk.app, acts);
        home::connect(&kiosk.app, acts);
        lines::connect(&kiosk.app);
        urgent::connect(&kiosk.app, acts);
        search::connect(&kiosk.app, acts);
        idle::connect(&kiosk.app, acts);
        panel::connect(&kiosk.app, acts);
        goodbye::connect(&kiosk.app, acts);
        sound::connect(&kiosk.app, acts);
        column::connect(&kiosk.app, acts);
        pin::connect(&kiosk.app, acts);
        date::connect(&kiosk.app, acts);
        stick::connect(&kiosk.app, acts);
        enlarged::connect(&kiosk.app, acts);
        rest::connect(&kiosk.app, acts);
        pictures::connect(&kiosk.app, acts, &kiosk.pictures);
        kiosk.new_content();
        let tick = acts.clone();
        kiosk
            .ticks
            .start(TimerMode::Repeated, TICK, move || tick.act(Action::Tick));
        kiosk.act(Action::Tick);
        kiosk
    }

    /// How large the screen is, from corner to corner in millimetres: nothing is drawn smaller than fingers and old eyes can bear.
    pub fn set_diagonal(&self, millimetres: u32) {
        let millimetres = i32::try_from(millimetres).unwrap_or_default();
        self.app.global::<ui::Theme>().set_diagonal(millimetres);
    }

    /// The size of the text that is read, in pixels (the em, from the top of one line to that of the next set solid).
    #[must_use]
    pub fn body_text(&self) -> f32 {
        self.app.global::<ui::Theme>().get_type_body()
    }

    /// Lets staff in, and their sticks.
    pub fn serve_staff(&self, mut staff: Staff) {
        self.session.borrow_mut().set_pin(std::mem::take(&mut staff.pin));
        self.staff.replace(Some(staff));
        self.show();
    }

    /// Has the screen rest after so long without anybody: `dim` makes it dark; where it can't, the picture is black.
    pub fn rest_after(&self, rest_after: Duration, dim: Dim) {
        self.dim.replace(Some(dim));
        self.session.borrow_mut().set_rest_after(Some(rest_after));
    }

    /// Lets residents hear what is recorded: orders go to the player, and what it says comes back as [`Action::Sound`].
    pub fn play_on(&self, player: Sender<player::Order>, rules: Rules) {
        self.player.replace(Some(player));
        self.session.borrow_mut().set_sound_rules(rules);
    }

    /// The way to what was counted.
    #[must_use]
    pub const fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Shows what becomes of a stick, and takes the pack that it brought.
    pub fn hear(&self, news: News) {
        let stick = match news {
            News::Gone => None,
            News::Looking => Some(Stick::Looking),
            News::Installing(progress) => Some(Stick::Installing {
                done: progress.done,
                total: progress.total,
            }),
            News::Finished(outcome) => Some(Stick::Finished {
                installed: outcome.installed,
                went_well: outcome.went_well,
                words: outcome.words,
                can_be_pulled_out: outcome.can_be_pulled_out,
            }),
            News::NewPack => return self.take_new_pack(),
            News::OfficeCalled | News::StaysOn => {
                return self.find_facts((self.now)());
            }
        };
        self.session.borrow_mut().set_stick(stick);
        self.show();
    }

    /// Opened aside: a card may take its time.
    fn take_new_pack(&self) {
        let open = self.staff.borrow().as_ref().map(|staff| staff.open_current.clone());
        let Some(open) = open else {
            return;
        };
        let number = self.pack_asked.get().wrapping_add(1);
        self.pack_asked.set(number);
        self.ask(move || {
            let opened = open();
            Box::new(move |kiosk| match opened {
                Ok(_) if kiosk.pack_asked.get() != number => {}
                Ok(library) => {
                    let effects = kiosk.session.borrow_mut().take_library(Rc::new(library));
                    kiosk.carry_out(effects, (kiosk.now)());
                    kiosk.show();
                }
                Err(error) => tracing::error!("the new pack can't be opened: {error}"),
            })
        });
    }

    /// Ends the program in order, so that it is started again.
    pub fn restart(&self) {
        self.restart.set(true);
        if let Err(error) = slint::quit_event_loop() {
            tracing::error!("the program can't be ended: {error}");
        }
    }

    /// Whether somebody ended the program so that it starts again.
    #[must_use]
    pub fn restart_wanted(&self) -> bool {
        self.restart.get()
    }

    fn library(&self) -> Option<Rc<Library>> {
        self.session.borrow().content().cloned()
    }

    /// The window, for what stands around it: the event loop, a test, a tour.
    #[must_use]
    pub fn window(&self) -> &slint::Window {
        self.app.window()
    }

    /// Shows the window and runs until it is closed. Then there is [`Kiosk::stop`].
    ///
    /// # Errors
    /// If the display is lost.
    pub fn run(&self) -> Result<(), PlatformError> {
        self.app.run()
    }

    /// Ends the visit, if there is one, and writes the counts down.
    pub fn stop(&self) {
        let effects = self.session.borrow_mut().stop();
        self.carry_out(effects, (self.now)());
        self.recorder.flush((self.now)());
        self.recorder.settle();
    }

    /// Tells the session what happened and shows what it says. What was counted is recorded meanwhile, by another thread.
    pub fn act(&self, action: Action) {
        let now = (self.now)();
        if action == Action::Tick {
            self.recorder.tick(now);
            // Nobody's list changes before their eyes.
            let is_alone = self.session.borrow().is_alone();
            if let Some(often) = is_alone.then(|| self.recorder.take_often()).flatten() {
                let pages = often.iter().map(|page| page.as_str().to_owned());
                self.session.borrow_mut().set_often(pages.collect());
            }
        }
        let effects = self.session.borrow_mut().handle(action, now);
        self.carry_out(effects, now);
        frame::set_clock(&self.app, now);
        self.show();
    }

    /// What is on the screen now.
    #[must_use]
    pub fn view(&self) -> View {
        self.session.borrow().view()
    }

    fn carry_out(&self, effects: Vec<Effect>, now: Stamp) {
        for effect in effects {
            match effect {
                Effect::Count(event) => self.recorder.count(event, now),
                Effect::Asked(page) => self.recorder.count_asked(page, now),
                Effect::VisitOver => {
                    self.recorder.flush(now);
                    self.order(Order::HasShownItself(self.edition.get()));
                }
                Effect::Play { number, media, volume } => self.play(number, &media, volume),
                Effect::Pause => self.tell_player(player::Order::Pause),
                Effect::GoOn => self.tell_player(player::Order::GoOn),
                Effect::PlayFrom(at) => self.tell_player(player::Order::From(at)),
                Effect::Volume(volume) => self.tell_player(player::Order::Volume(volume)),
                Effect::Silence => self.tell_player(player::Order::Stop),
                Effect::Click => self.tell_player(player::Order::Click),
                Effect::TestSound(volume) => self.tell_player(player::Order::Test(volume)),
                Effect::NewContent => {
                    self.shown.replace(None);
                    self.new_content();
                }
                Effect::StaffPageOpened => self.find_facts((self.now)()),
                Effect::CheckPin(check) => {
                    self.ask(move || {
                        let (number, right) = (check.number(), check.is_right());
                        Box::new(move |kiosk| kiosk.act(Action::PinChecked { number, right }))
                    });
                }
                Effect::PinTries(tries) => {
                    let remember = self.staff.borrow().as_ref().map(|staff| staff.remember_tries.clone());
                    if let Some(remember) = remember {
                        self.ask(move || {
                            remember(tries);
                            Box::new(|_| {})
                        });
                    }
                }
                Effect::RollBack(shown) => {
                    if !self.order(Order::RollBack(shown)) {
                        tracing::error!("nobody takes the order to go back");
                    }
                }
                Effect::Brightness { up } => {
                    if let Some(staff) = &*self.staff.borrow() {
                        (staff.brighten)(up);
                    }
                }
                Effect::CallOffice => {
                    if let Some(staff) = &*self.staff.borrow() {
                        (staff.call_office)();
                    }
                }
                Effect::SetDate(moment) => {
                    if let Some(staff) = &*self.staff.borrow() {
                        (staff.set_date)(moment);
                    }
                }
                Effect::Restart => self.restart(),
                Effect::TurnOff { again } => {
                    if let Some(staff) = &*self.staff.borrow() {
                        (staff.turn_off)(again);
                    }
                }
                Effect::Trouble(what) => tracing::error!("the library can't be read: {what}"),
            }
        }
    }

    /// Has a recording of the library played.
    fn play(&self, number: u32, media: &str, volume: Volume) {
        let stored = self.library().map(|library| library.stored(media));
        match stored {
            Some(Ok(recording)) => self.tell_player(player::Order::Play {
                number,
                recording,
                volume,
            }),
            Some(Err(error)) => {
                tracing::error!("{media} can't be heard: {error}");
                // Not at once: the session is still at the touch that asked for it.
                let acts = self.acts.clone();
                Timer::single_shot(Duration::ZERO, move || {
                    acts.act(Action::Sound(Sound::Failed { number }));
                });
            }
            None => {}
        }
    }

    /// Tells the player; one that is gone has said so in the log.
    fn tell_player(&self, order: player::Order) {
        if let Some(player) = &*self.player.borrow() {
            let _ = player.send(order);
        }
    }

    /// Sends an order to the thread that keeps the packs; says whether there is one.
    fn order(&self, order: Order) -> bool {
        let staff = self.staff.borrow();
        staff.as_ref().is_some_and(|staff| staff.orders.send(order).is_ok())
    }

    /// Shows the pictures and tiles of the library that the session has now. A pack that is new here has shown itself when it was
    /// there for a while, or when somebody read and left.
    fn new_content(&self) {
        let library = self.library();
        let edition = library.as_ref().map_or(0, |library| library.catalogue().pack.edition);
        self.edition.set(edition);
        self.pictures.set_library(&self.app, library);
        home::set_tiles(self);
        let acts = self.acts.clone();
        self.shows_itself.start(TimerMode::SingleShot, SHOWN_ITSELF, move || {
            acts.with(|kiosk| {
                kiosk.order(Order::HasShownItself(edition));
            });
        });
    }

    fn find_facts(&self, now: Stamp) {
        let facts = self.staff.borrow().as_ref().map(|staff| staff.facts.clone());
        let Some(facts) = facts else {
            return;
        };
        let number = self.facts_asked.get().wrapping_add(1);
        self.facts_asked.set(number);
        let recorder = self.recorder.clone();
        self.ask(move || {
            let facts = facts(&recorder, now);
            Box::new(move |kiosk| {
                if kiosk.facts_asked.get() == number {
                    kiosk.session.borrow_mut().set_facts(facts);
                    kiosk.show();
                }
            })
        });
    }

    /// Brings the screen up to the session's view; what is equal is not touched, so nothing is drawn without a change.
    fn show(&self) {
        let view = self.session.borrow().view();
        let before = self.shown.replace(None);
        if before.as_ref() != Some(&view) {
            self.pictures.make_room(attract::wanted(&view));
            frame::show(&self.app, &view);
            attract::show(self, &view);
            urgent::show(&self.app, &view);
            home::show(&self.app, &view);
            search::show(&self.app, &view);
            idle::show(&self.app, &view);
            panel::show(&self.app, &view);
            goodbye::show(&self.app, &view);
            sound::show(&self.app, &view);
            pin::show(&self.app, &view);
            date::show(&self.app, &view);
            stick::show(&self.app, &view);
            enlarged::show(&self.app, &view);
            rest::show(self, &view);
            if before.as_ref().map(|before| before.settings.language) != Some(view.settings.language) {
                home::set_tiles(self);
            }
            self.column.show(self, &view);
        }
        let top = view.top;
        self.shown.replace(Some(view));
        self.tell_pages(top);
    }

    /// Tells the session into what pages the column was cut, if it doesn't know that yet.
    fn tell_pages(&self, top: Top) {
        if let Some(tops) = self.column.tops(top)
            && self.session.borrow_mut().laid_out(tops)
        {
            self.show();
        }
    }
}

/// A way to the kiosk for callbacks, which must not keep it alive.
#[derive(Clone)]
struct Acts(Weak<Kiosk>);

impl Acts {
    fn act(&self, action: Action) {
        self.with(|kiosk| kiosk.act(action));
    }

    fn with(&self, work: impl FnOnce(&Kiosk)) {
        if let Some(kiosk) = self.0.upgrade() {
            work(&kiosk);
        }
    }
}

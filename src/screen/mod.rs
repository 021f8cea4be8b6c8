//! The only room that knows Slint: shows what the session says, and tells the session what was touched.
//!
//! One adapter a global of `ui/globals.slint`; each turns a part of the [`View`] into properties and callbacks into
//! [`Action`]s. No rules live here. Read [`Kiosk`] first.

mod attract;
mod column;
mod frame;
mod home;
mod idle;
mod pictures;
mod search;

pub mod headless;
pub mod tour;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use commune_kiosk_ui as ui;
use slint::{ComponentHandle, PlatformError, Timer, TimerMode};

use crate::content::library::Library;
use crate::session::view::View;
use crate::session::{Action, Effect, Session};
use crate::usage::log::Log;
use crate::usage::stamp::Stamp;

use column::ColumnAdapter;
use pictures::Pictures;

/// How often time is told to the session: the countdown of the idle warning counts seconds.
const TICK: Duration = Duration::from_secs(1);

/// The running touchscreen: window, session and counters wired together.
pub struct Kiosk {
    acts: Acts,
    app: ui::App,
    session: RefCell<Session>,
    log: RefCell<Log>,
    now: Box<dyn Fn() -> Stamp>,
    library: Option<Rc<Library>>,
    pictures: Pictures,
    column: ColumnAdapter,
    shown: RefCell<Option<View>>,
    ticks: Timer,
}

impl Kiosk {
    /// Makes the window and connects it. Without a library the Sorry screen is all it shows.
    ///
    /// `now` tells the time: the machine's, or that of a test.
    ///
    /// # Errors
    /// If no window can be made: no display, no platform.
    pub fn new(
        library: Option<Rc<Library>>,
        log: Log,
        seed: u64,
        now: Box<dyn Fn() -> Stamp>,
    ) -> Result<Rc<Self>, PlatformError> {
        let app = ui::App::new()?;
        let kiosk = Rc::new_cyclic(|me| Self {
            acts: Acts(me.clone()),
            session: RefCell::new(Session::new(library.clone(), seed)),
            log: RefCell::new(log),
            now,
            pictures: Pictures::default(),
            column: ColumnAdapter::new(&app),
            shown: RefCell::new(None),
            ticks: Timer::default(),
            library,
            app,
        });
        let acts = &kiosk.acts;
        frame::connect(&kiosk.app, acts);
        home::connect(&kiosk.app, acts);
        search::connect(&kiosk.app, acts);
        idle::connect(&kiosk.app, acts);
        column::connect(&kiosk.app, acts);
        home::set_tiles(&kiosk);
        let tick = acts.clone();
        kiosk
            .ticks
            .start(TimerMode::Repeated, TICK, move || tick.act(Action::Tick));
        kiosk.act(Action::Tick);
        Ok(kiosk)
    }

    /// The window, for what stands around it: the event loop, a test, a tour.
    #[must_use]
    pub fn window(&self) -> &slint::Window {
        self.app.window()
    }

    /// Shows the window and runs until it is closed; then ends the visit and writes the counts down.
    ///
    /// # Errors
    /// If the display is lost.
    pub fn run(&self) -> Result<(), PlatformError> {
        let ran = self.app.run();
        self.stop();
        ran
    }

    /// Ends the visit, if there is one, and writes the counts down.
    pub fn stop(&self) {
        let effects = self.session.borrow_mut().stop();
        self.carry_out(effects, (self.now)());
        let mut log = self.log.borrow_mut();
        log.flush((self.now)());
    }

    /// Tells the session what happened and shows what it says.
    pub fn act(&self, action: Action) {
        let now = (self.now)();
        let effects = self.session.borrow_mut().handle(action, now);
        self.carry_out(effects, now);
        self.log.borrow_mut().tick(now);
        frame::set_clock(&self.app, now);
        self.show();
    }

    /// What is on the screen now.
    #[must_use]
    pub fn view(&self) -> View {
        self.session.borrow().view()
    }

    fn carry_out(&self, effects: Vec<Effect>, now: Stamp) {
        let mut log = self.log.borrow_mut();
        for effect in effects {
            match effect {
                Effect::Count(event) => log.count(&event, now),
                Effect::VisitOver => log.flush(now),
                Effect::Trouble(what) => tracing::error!("the library can't be read: {what}"),
            }
        }
    }

    /// Brings the screen up to the session's view; what is equal is not touched, so nothing is drawn without a change.
    fn show(&self) {
        let view = self.session.borrow().view();
        let before = self.shown.replace(None);
        if before.as_ref() != Some(&view) {
            frame::show(&self.app, &view);
            attract::show(&self.app, &view);
            search::show(&self.app, &view);
            idle::show(&self.app, &view);
            if before.as_ref().map(|before| before.settings.language) != Some(view.settings.language) {
                home::set_tiles(self);
            }
            self.column.show(self, &view);
        }
        let (page, known) = (view.column_page, view.column_pages);
        self.shown.replace(Some(view));
        if let Some(pages) = self.column.pages(page).filter(|&pages| pages != known) {
            self.act(Action::LaidOut { pages });
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

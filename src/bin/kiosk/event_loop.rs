//! The way to the screen from other threads.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use commune_kiosk::kiosk::screen::Kiosk;
use commune_kiosk::kiosk::sync::stick::News;

thread_local! {
    /// The screen, on its own thread.
    static SCREEN: RefCell<Weak<Kiosk>> = const { RefCell::new(Weak::new()) };
}

/// Makes this the screen that others reach.
pub fn enter(kiosk: &Rc<Kiosk>) {
    SCREEN.set(Rc::downgrade(kiosk));
}

/// Does something to the screen on its own thread, from any thread.
pub fn invoke(work: impl FnOnce(&Kiosk) + Send + 'static) {
    // An event loop that has ended needs no telling.
    let _ = slint::invoke_from_event_loop(move || {
        let screen = SCREEN.with_borrow(Weak::upgrade);
        if let Some(screen) = screen {
            work(&screen);
        }
    });
}

/// Tells the screen, from any thread.
pub fn tell_screen(news: News) {
    invoke(move |screen| screen.hear(news));
}

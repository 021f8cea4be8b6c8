//! The way to the screen from other threads.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicBool, Ordering};

use commune_kiosk::kiosk::screen::Kiosk;
use commune_kiosk::kiosk::sync::stick::News;

/// Whether too much went wrong.
static ENDED: AtomicBool = AtomicBool::new(false);

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

/// Ends the event loop, from any thread, so that the visit is closed and its counts are written.
pub fn quit() {
    // One that has ended already needs no telling.
    let _ = slint::invoke_from_event_loop(|| drop(slint::quit_event_loop()));
}

/// The same, because too much went wrong: the program is to start again.
pub fn end() {
    ENDED.store(true, Ordering::Relaxed);
    quit();
}

/// Whether it was ended because too much went wrong.
pub fn was_ended() -> bool {
    ENDED.load(Ordering::Relaxed)
}

/// Tells the screen, from any thread.
pub fn tell_screen(news: News) {
    invoke(move |screen| screen.hear(news));
}

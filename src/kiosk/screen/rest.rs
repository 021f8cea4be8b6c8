//! The global `Rest`: the dark screen when nobody has been there for long.

use slint::ComponentHandle;

use super::{Acts, Kiosk, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::{Screen, View};

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let acts = acts.clone();
    app.global::<ui::Rest>().on_wake(move || acts.act(Action::Wake));
}

/// Dims the backlight, or blackens the picture where there is none.
pub(super) fn show(kiosk: &Kiosk, view: &View) {
    let rest = kiosk.app.global::<ui::Rest>();
    let dark = view.screen == Screen::Rest;
    if rest.get_on() == dark {
        return;
    }
    let dimmed = kiosk.dim.borrow().as_ref().is_some_and(|dim| dim(dark));
    rest.set_black(!dimmed);
    rest.set_on(dark);
}

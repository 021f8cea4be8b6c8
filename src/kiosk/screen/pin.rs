//! The global `PinPage`: the keys of the staff's PIN.

use slint::ComponentHandle;

use super::{Acts, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::{Screen, View};

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let page = app.global::<ui::PinPage>();
    let on = |action| {
        let acts = acts.clone();
        move || acts.act(action)
    };
    page.on_erase(on(Action::EraseDigit));
    page.on_try(on(Action::TryPin));
    let digits = acts.clone();
    page.on_digit(move |digit| {
        if let Some(digit) = digit.chars().next() {
            digits.act(Action::Digit(digit));
        }
    });
}

pub(super) fn show(app: &ui::App, view: &View) {
    let Screen::Pin(pin) = view.screen else {
        return;
    };
    let page = app.global::<ui::PinPage>();
    page.set_typed(i32::try_from(pin.typed).unwrap_or_default());
    page.set_ready(pin.ready);
    page.set_wrong(pin.wrong);
    page.set_wait(i32::try_from(pin.wait).unwrap_or(i32::MAX));
}

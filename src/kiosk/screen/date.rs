//! The global `DatePage`: the keys with which staff set the date.

use slint::{ComponentHandle, ModelRc, VecModel};

use super::{Acts, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::{Screen, View};

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let page = app.global::<ui::DatePage>();
    let on = |action| {
        let acts = acts.clone();
        move || acts.act(action)
    };
    page.on_erase(on(Action::EraseDigit));
    page.on_set(on(Action::SetDate));
    let digits = acts.clone();
    page.on_digit(move |digit| {
        if let Some(digit) = digit.chars().next() {
            digits.act(Action::Digit(digit));
        }
    });
}

pub(super) fn show(app: &ui::App, view: &View) {
    let Screen::Date(date) = &view.screen else {
        return;
    };
    let page = app.global::<ui::DatePage>();
    let parts = date.parts().into_iter().map(|part| ui::DatePart {
        name: part.name.into(),
        digits: part.digits.into(),
        of: i32::try_from(part.of).unwrap_or_default(),
        is_next: part.is_next,
    });
    page.set_parts(ModelRc::new(parts.collect::<VecModel<_>>()));
    page.set_ready(date.moment().is_some());
    page.set_wrong(date.is_whole() && date.moment().is_none());
}

//! The global `SearchPage`: the field and its keyboard.

use slint::ComponentHandle;

use super::{Acts, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::typing::Tone;
use crate::kiosk::session::view::{Screen, View};

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let page = app.global::<ui::SearchPage>();
    let on = |action| {
        let acts = acts.clone();
        move || acts.act(action)
    };
    page.on_erase(on(Action::Erase));
    page.on_clear(on(Action::Clear));
    page.on_toggle_keyboard(on(Action::ToggleKeyboard));
    page.on_toggle_digits(on(Action::ToggleDigits));
    let letters = acts.clone();
    page.on_type(move |letter| {
        if let Some(letter) = letter.chars().next() {
            letters.act(Action::Type(letter));
        }
    });
    let tones = acts.clone();
    page.on_tone(move |tone| {
        tones.act(Action::Tone(match tone {
            ui::Tone::Sac => Tone::Sac,
            ui::Tone::Huyen => Tone::Huyen,
            ui::Tone::Hoi => Tone::Hoi,
            ui::Tone::Nga => Tone::Nga,
            ui::Tone::Nang => Tone::Nang,
        }));
    });
}

pub(super) fn show(app: &ui::App, view: &View) {
    let page = app.global::<ui::SearchPage>();
    let Screen::Search(search) = &view.screen else {
        // What somebody typed is nowhere once they have gone on.
        page.set_typed("".into());
        return;
    };
    page.set_typed((&search.typed).into());
    page.set_keyboard(search.keyboard);
    page.set_digits(search.digits);
}

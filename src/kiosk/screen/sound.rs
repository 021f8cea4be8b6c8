//! The global `Sound`: the bar with which a resident listens.

use slint::ComponentHandle;

use super::{Acts, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::View;

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let sound = app.global::<ui::Sound>();
    let on = |action| {
        let acts = acts.clone();
        move || acts.act(action)
    };
    sound.on_listen(on(Action::Listen));
    sound.on_again(on(Action::HearAgain));
    let acts = acts.clone();
    sound.on_louder(move |louder| acts.act(Action::Louder(louder)));
}

pub(super) fn show(app: &ui::App, view: &View) {
    let sound = app.global::<ui::Sound>();
    sound.set_shown(view.listen.is_some());
    let Some(listen) = view.listen else {
        return;
    };
    let number = |seconds: u32| i32::try_from(seconds).unwrap_or(i32::MAX);
    sound.set_seconds(number(listen.seconds));
    sound.set_machine(listen.machine);
    sound.set_plays(listen.at.is_some());
    sound.set_at(number(listen.at.unwrap_or_default()));
    sound.set_paused(listen.paused);
    sound.set_volume(i32::from(listen.volume.number()));
    sound.set_most(i32::from(listen.most.number()));
}

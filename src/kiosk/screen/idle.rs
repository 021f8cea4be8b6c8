//! The global `IdleWarning`: "Ông/bà còn dùng không?".

use slint::ComponentHandle;

use super::{Acts, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::View;

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let acts = acts.clone();
    app.global::<ui::IdleWarning>().on_stay(move || acts.act(Action::Stay));
}

pub(super) fn show(app: &ui::App, view: &View) {
    let warning = app.global::<ui::IdleWarning>();
    warning.set_shown(view.idle_warning.is_some());
    if let Some(seconds) = view.idle_warning {
        warning.set_seconds(i32::try_from(seconds).unwrap_or_default());
    }
}

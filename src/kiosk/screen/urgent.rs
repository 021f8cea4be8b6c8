//! The global `UrgentNotice`: what can't wait, on the home screen.

use slint::ComponentHandle;

use super::{Acts, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::View;

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let acts = acts.clone();
    app.global::<ui::UrgentNotice>()
        .on_open(move || acts.act(Action::OpenUrgent));
}

pub(super) fn show(app: &ui::App, view: &View) {
    let global = app.global::<ui::UrgentNotice>();
    let (title, of) = view
        .urgent
        .as_ref()
        .map_or(("", 0), |urgent| (urgent.title.as_str(), urgent.of));
    global.set_title(title.into());
    global.set_of(i32::try_from(of).unwrap_or(i32::MAX));
}

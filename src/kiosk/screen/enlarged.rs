//! The global `Enlarged`: a picture that was touched, as large as the screen.

use slint::ComponentHandle;

use super::{Acts, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::View;

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let acts = acts.clone();
    app.global::<ui::Enlarged>()
        .on_close(move || acts.act(Action::ClosePicture));
}

pub(super) fn show(app: &ui::App, view: &View) {
    let enlarged = app.global::<ui::Enlarged>();
    if let Some(picture) = &view.enlarged {
        enlarged.set_media((&picture.media).into());
        enlarged.set_alt((&picture.alt).into());
        enlarged.set_caption((&picture.caption).into());
    }
    enlarged.set_shown(view.enlarged.is_some());
}

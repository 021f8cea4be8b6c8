//! The global `AttractPage`: the line on the invitation.

use slint::ComponentHandle;

use super::ui;
use crate::kiosk::session::view::{AttractLine, Screen, View};

pub(super) fn show(app: &ui::App, view: &View) {
    let Screen::Attract(line) = &view.screen else {
        return;
    };
    let page = app.global::<ui::AttractPage>();
    let (kind, words) = match line {
        None => (ui::AttractLine::None, ""),
        Some(AttractLine::Tip(words)) => (ui::AttractLine::Tip, words.as_str()),
        Some(AttractLine::Event(words)) => (ui::AttractLine::Event, words.as_str()),
        Some(AttractLine::Question(words)) => (ui::AttractLine::Question, words.as_str()),
    };
    page.set_kind(kind);
    page.set_line(words.into());
}

//! The global `GoodbyePage`: thanks, three faces for the visit, and the way on for who has not found what they came for.

use slint::ComponentHandle;

use super::{Acts, column, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::{Screen, View};

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let page = app.global::<ui::GoodbyePage>();
    let rated = acts.clone();
    page.on_rated(move |face| rated.act(Action::RateVisit(column::face(face))));
    let missed = acts.clone();
    page.on_missed(move || missed.act(Action::Missed));
}

pub(super) fn show(app: &ui::App, view: &View) {
    if let Screen::Goodbye { rated, has_topics } = view.screen {
        let page = app.global::<ui::GoodbyePage>();
        page.set_is_rated(rated);
        page.set_has_topics(has_topics);
    }
}

//! The global `StickPage`: what becomes of a stick.

use slint::ComponentHandle;

use super::{Acts, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::{Stick, View};

/// Sizes are shown in these.
const MB: u64 = 1_000_000;

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let page = app.global::<ui::StickPage>();
    let (opens, closes, comes_in) = (acts.clone(), acts.clone(), acts.clone());
    page.on_open(move || opens.act(Action::OpenStick));
    page.on_close(move || closes.act(Action::CloseStick));
    page.on_come_in(move || comes_in.act(Action::Home));
}

pub(super) fn show(app: &ui::App, view: &View) {
    let page = app.global::<ui::StickPage>();
    page.set_is_open(view.stick.as_ref().is_some_and(|notice| notice.is_open));
    page.set_lets_in(view.stick.as_ref().is_some_and(|notice| notice.lets_in));
    let small = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
    page.set_step(match view.stick.as_ref().map(|notice| &notice.stick) {
        None => ui::StickStep::None,
        Some(Stick::Looking) => ui::StickStep::Looking,
        Some(Stick::Installing { done, total }) => {
            page.set_percent(small((done.saturating_mul(100) / (*total).max(1)).min(100)));
            page.set_done(small(done.div_ceil(MB)));
            page.set_total(small(total.div_ceil(MB)));
            ui::StickStep::Installing
        }
        Some(Stick::Finished {
            installed,
            went_well,
            words,
            can_be_pulled_out,
        }) => {
            page.set_installed(*installed);
            page.set_went_well(*went_well);
            page.set_words(words.into());
            page.set_can_be_pulled_out(*can_be_pulled_out);
            ui::StickStep::Finished
        }
    });
}

//! The global `Panel`: the choice of letters and that of help, which lie over any page.

use slint::ComponentHandle;

use super::{Acts, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::{Panel, View};

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let panel = app.global::<ui::Panel>();
    let on = |action| {
        let acts = acts.clone();
        move || acts.act(action)
    };
    panel.on_open_letters(on(Action::OpenPanel(Panel::Letters)));
    panel.on_open_help(on(Action::OpenPanel(Panel::Help)));
    panel.on_close(on(Action::ClosePanel));
    panel.on_topics(on(Action::Topics));
    panel.on_finish(on(Action::Finish));
}

pub(super) fn show(app: &ui::App, view: &View) {
    app.global::<ui::Panel>().set_shown(match view.panel {
        None => ui::PanelKind::None,
        Some(Panel::Letters) => ui::PanelKind::Letters,
        Some(Panel::Help) => ui::PanelKind::Help,
    });
}

//! The global `HomePage`: the tiles.

use slint::{ComponentHandle, Model, ModelRc, SharedString};

use super::{Acts, Kiosk, ui};
use crate::content::model::{SectionColor, Shows};
use crate::kiosk::session::Action;
use crate::kiosk::session::settings::Language;
use crate::kiosk::session::view::View;

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let page = app.global::<ui::HomePage>();
    let on = |action: fn(usize) -> Action| {
        let acts = acts.clone();
        move |index| {
            if let Ok(index) = usize::try_from(index) {
                acts.act(action(index));
            }
        }
    };
    page.on_open(on(Action::Tile));
    page.on_open_often(on(Action::Often));
}

/// Shows what is asked for most.
pub(super) fn show(app: &ui::App, view: &View) {
    let page = app.global::<ui::HomePage>();
    page.set_heard(view.heard);
    let often: Vec<SharedString> = view.often.iter().map(Into::into).collect();
    if !page.get_often().iter().eq(often.iter().cloned()) {
        page.set_often(ModelRc::from(often.as_slice()));
    }
}

/// Sets the tiles from the library, in the language that is shown.
pub(super) fn set_tiles(kiosk: &Kiosk) {
    let Some(library) = kiosk.library() else {
        return;
    };
    let english = kiosk.view().settings.language == Language::English;
    let pick = |vietnamese: &str, other: &str| {
        if english && !other.is_empty() {
            other.into()
        } else {
            vietnamese.into()
        }
    };
    let sections = &library.catalogue().sections;
    let tiles: Vec<ui::Tile> = sections
        .iter()
        .map(|section| ui::Tile {
            title: pick(&section.title, &section.title_en),
            summary: pick(&section.summary, &section.summary_en),
            icon: (&section.icon).into(),
            picture: (&section.picture).into(),
            color: color(section.color),
            is_radio: section.shows == Shows::Radio,
        })
        .collect();
    let page = kiosk.app.global::<ui::HomePage>();
    page.set_tiles(ModelRc::from(tiles.as_slice()));
    let commune = library.catalogue().commune.get("name");
    let frame = kiosk.app.global::<ui::Frame>();
    frame.set_commune(commune.map(String::as_str).unwrap_or_default().into());
}

pub(super) fn color(color: SectionColor) -> ui::SectionColor {
    match color {
        SectionColor::Teal => ui::SectionColor::Teal,
        SectionColor::Red => ui::SectionColor::Red,
        SectionColor::Blue => ui::SectionColor::Blue,
        SectionColor::Green => ui::SectionColor::Green,
        SectionColor::Amber => ui::SectionColor::Amber,
        SectionColor::Purple => ui::SectionColor::Purple,
        SectionColor::Brown => ui::SectionColor::Brown,
        SectionColor::Slate => ui::SectionColor::Slate,
    }
}

//! The global `AttractPage`: what the invitation shows, and its picture.
//!
//! The picture of the next slide is drawn ahead, so that a slide changes at once and nothing moves after it.

use slint::{ComponentHandle, Image};

use super::{Acts, Kiosk, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::view::{Screen, Slide, SlideKind, View};

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let page = app.global::<ui::AttractPage>();
    let open = acts.clone();
    page.on_open(move || open.act(Action::OpenSlide));
    let sized = acts.clone();
    page.on_sized(move || sized.with(|kiosk| show_picture(kiosk, None)));
}

pub(super) fn show(kiosk: &Kiosk, view: &View) {
    let Screen::Attract(slide) = &view.screen else {
        return;
    };
    let page = kiosk.app.global::<ui::AttractPage>();
    page.set_kind(kind(slide.kind));
    page.set_title((&slide.title).into());
    page.set_words((&slide.words).into());
    let number = |number: Option<u32>| number.and_then(|number| i32::try_from(number).ok()).unwrap_or_default();
    page.set_day(number(slide.leaf.map(|leaf| leaf.day)));
    page.set_month(number(slide.leaf.map(|leaf| leaf.month)));
    page.set_picture(picture(kiosk, &slide.picture));
    // Asked for, it is drawn.
    picture(kiosk, &slide.next_picture);
}

/// A picture of the content has been drawn, or all are wanted at another size.
pub(super) fn show_picture(kiosk: &Kiosk, drawn: Option<&str>) {
    let shown = kiosk.shown.borrow();
    let Some(Screen::Attract(slide)) = shown.as_ref().map(|view| &view.screen) else {
        return;
    };
    if drawn.is_none_or(|drawn| drawn == slide.picture) {
        let image = picture(kiosk, &slide.picture);
        kiosk.app.global::<ui::AttractPage>().set_picture(image);
    }
    if drawn.is_none() {
        picture(kiosk, &slide.next_picture);
    }
}

/// The files of the pictures that are not to be forgotten yet.
pub(super) fn wanted(view: &View) -> Option<[&str; 2]> {
    match &view.screen {
        Screen::Attract(Slide {
            picture, next_picture, ..
        }) => Some([picture, next_picture]),
        _ => None,
    }
}

/// A picture of the content at the size that the invitation has for it, if it is drawn.
fn picture(kiosk: &Kiosk, name: &str) -> Image {
    if name.is_empty() {
        return Image::default();
    }
    let side = kiosk.app.global::<ui::AttractPage>().get_picture_side();
    let media = kiosk.app.global::<ui::Media>();
    media.invoke_picture(media.get_edition(), media.get_drawn(), name.into(), side, side)
}

const fn kind(kind: SlideKind) -> ui::SlideKind {
    match kind {
        SlideKind::Welcome => ui::SlideKind::Welcome,
        SlideKind::Urgent => ui::SlideKind::Urgent,
        SlideKind::Notice => ui::SlideKind::Notice,
        SlideKind::Today => ui::SlideKind::Today,
        SlideKind::Tomorrow => ui::SlideKind::Tomorrow,
        SlideKind::Coming => ui::SlideKind::Coming,
        SlideKind::Running => ui::SlideKind::Running,
        SlideKind::Calendar => ui::SlideKind::Calendar,
        SlideKind::Radio => ui::SlideKind::Radio,
        SlideKind::Tip => ui::SlideKind::Tip,
        SlideKind::Question => ui::SlideKind::Question,
    }
}

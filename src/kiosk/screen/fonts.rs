//! Has Slint draw with the program's own font, whatever else the machine has installed. Only a letter that this one lacks is looked for
//! in others; the check lets none pass.
//!
//! A machine must have some font all the same: Slint asks the system for one before anybody can register another, and ends the program
//! where there is none. The image has one, and so has every machine on which the program is built (`build.rs`).

use std::sync::Arc;

use slint::fontique_011::{
    fontique::{Blob, GenericFamily},
    shared_collection,
};

use crate::content::font;

/// What Slint asks for where no family is named, and none is; and for code, which looks no different here.
const ASKED_FOR: [GenericFamily; 5] = [
    GenericFamily::SansSerif,
    GenericFamily::SystemUi,
    GenericFamily::UiSansSerif,
    GenericFamily::Monospace,
    GenericFamily::UiMonospace,
];

/// Registers the four faces, and makes them what is asked for.
pub(super) fn register() {
    let mut collection = shared_collection();
    let mut families = Vec::new();
    for face in font::FACES {
        let fonts = collection.register_fonts(Blob::new(Arc::new(face)), None);
        families.extend(fonts.into_iter().map(|(family, _)| family));
    }
    families.dedup();
    for generic in ASKED_FOR {
        collection.set_generic_families(generic, families.iter().copied());
    }
}

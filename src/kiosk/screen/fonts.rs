//! Has Slint draw with the program's own font and know no other, whatever the machine has installed. A letter that this one lacks
//! would be drawn as an empty box; the check lets none pass. So a page looks the same in the hall and on an author's computer.
//!
//! **Slint's fonts are replaced, not added to**, and the way there is one that Slint keeps for itself (`private_unstable_api`). What it
//! offers to everybody, `shared_collection`, only ever adds: the families set there for a generic one come first, and all that the
//! system has for it still come behind them (`GenericFamilies` in fontique 0.11.1, `src/collection/mod.rs`). Slint asks for two generic families,
//! and several times for each text that it lays out, so that some hundred families were listed, copied and freed each time on a machine
//! with many fonts, and never looked into (docs/performance.md). Slint is pinned to one version anyway (docs/decisions/006).
//!
//! A machine must have some font all the same: when Slint starts, fontique lists the system's, and ends the program where there is none.
//! The image has one, and so has every machine on which the program is built (`build.rs`).

use std::sync::Arc;

use slint::fontique_011::fontique::{Blob, Collection, CollectionOptions, GenericFamily};
use slint::private_unstable_api::re_exports::WindowInner;

use crate::content::font;

/// What Slint asks for where no family is named, and none is; and for code, which looks no different here.
const ASKED_FOR: [GenericFamily; 5] = [
    GenericFamily::SansSerif,
    GenericFamily::SystemUi,
    GenericFamily::UiSansSerif,
    GenericFamily::Monospace,
    GenericFamily::UiMonospace,
];

/// Makes the four faces all that Slint knows, for this window and whatever else its thread shows.
pub(super) fn register(window: &slint::Window) {
    let mut collection = Collection::new(CollectionOptions {
        // As Slint makes its own, so that whoever asks for it gets the one that is drawn with.
        shared: true,
        system_fonts: false,
    });
    let mut families = Vec::new();
    for face in font::FACES {
        let fonts = collection.register_fonts(Blob::new(Arc::new(face)), None);
        families.extend(fonts.into_iter().map(|(family, _)| family));
    }
    families.dedup();
    for generic in ASKED_FOR {
        collection.set_generic_families(generic, families.iter().copied());
    }
    let fonts = WindowInner::from_pub(window).context().font_context();
    fonts.borrow_mut().collection = collection;
}

//! Has Slint draw with the program's own font, whatever else the machine has installed. Only a letter that this one lacks is looked for
//! in others; the check lets none pass.

use std::sync::Arc;

use slint::fontique_011::{fontique, shared_collection};

use crate::content::font;

/// Registers the four faces, and makes them what "sans serif" means: what Slint asks for where no family is named, and none is.
pub(super) fn register() {
    let mut collection = shared_collection();
    let mut families = Vec::new();
    for face in font::FACES {
        let fonts = collection.register_fonts(fontique::Blob::new(Arc::new(face)), None);
        families.extend(fonts.into_iter().map(|(family, _)| family));
    }
    families.dedup();
    for generic in [
        fontique::GenericFamily::SansSerif,
        fontique::GenericFamily::SystemUi,
        fontique::GenericFamily::UiSansSerif,
    ] {
        collection.set_generic_families(generic, families.iter().copied());
    }
}

//! Has Slint draw with the program's own font and no other, whatever the machine has installed.

use std::sync::Arc;

use slint::fontique_011::{fontique, shared_collection};

use crate::content::font;

/// Registers the four faces, and makes them what "sans serif" means. `Theme` asks for them by name.
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

//! Any bytes as a library file.

#![no_main]

use commune_kiosk::content::library;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("content.db");
    std::fs::write(&file, bytes).expect("written");
    if let Ok(library) = library::verify(&file) {
        let _ = library.search("thu tuc", 20);
    }
});

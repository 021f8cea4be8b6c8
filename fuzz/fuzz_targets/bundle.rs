//! Any bytes as a bundle: tar headers, signature, and what follows.

#![no_main]

use std::sync::LazyLock;

use commune_kiosk::bundle::{Key, Kind, Reader, Trust};
use libfuzzer_sys::fuzz_target;

static TRUST: LazyLock<Trust> = LazyLock::new(|| {
    let key = Key::generate().expect("a key");
    Trust::new(vec![key.public().expect("a key")]).expect("one key")
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(reader) = Reader::open(bytes, Kind::Pack, &TRUST) {
        let _ = reader.unpack(&mut std::io::sink(), |_| {});
    }
});

//! Any manifest and any payload, rightly signed: what only somebody with the office's key could send.
//!
//! The first two bytes say where the manifest ends.

#![no_main]

use std::sync::LazyLock;

use commune_kiosk::bundle::{Key, Kind, PublicKey, Reader, Trust, forge};
use libfuzzer_sys::fuzz_target;

static KEY: LazyLock<Key> = LazyLock::new(|| Key::generate().expect("a key"));
static TRUST: LazyLock<Trust> = LazyLock::new(|| {
    let public: PublicKey = KEY.public().expect("a key");
    Trust::new(vec![public]).expect("one key")
});

fuzz_target!(|bytes: &[u8]| {
    let Some((length, rest)) = bytes.split_first_chunk::<2>() else {
        return;
    };
    let middle = usize::from(u16::from_le_bytes(*length)).min(rest.len());
    let (manifest, payload) = rest.split_at(middle);
    let bundle = forge(manifest, payload, &KEY);
    if let Ok(reader) = Reader::open(bundle.as_slice(), Kind::Pack, &TRUST) {
        let _ = reader.unpack(&mut std::io::sink(), |_| {});
    }
});

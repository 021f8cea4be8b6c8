//! Any manifest and any payload, rightly signed: what only somebody with the office's key could send.
//!
//! The first two bytes say where the manifest ends.

#![no_main]

use std::sync::LazyLock;

use commune_kiosk::bundle::{Key, Kind, Reader, Trust};
use libfuzzer_sys::fuzz_target;
use minisign::{SecretKey, SecretKeyBox};

static OFFICE: LazyLock<(SecretKey, Trust)> = LazyLock::new(|| {
    let key = Key::generate().expect("a key");
    let text = key.to_text(None).expect("a key");
    let secret = SecretKeyBox::from_string(&text).and_then(SecretKeyBox::into_unencrypted_secret_key);
    let trust = Trust::new(vec![key.public().expect("a key")]).expect("one key");
    (secret.expect("a key"), trust)
});

/// A tar of the three members.
fn bundle(manifest: &[u8], payload: &[u8]) -> Vec<u8> {
    let signature = minisign::sign(None, &OFFICE.0, manifest, Some(""), None).expect("a signature").into_string();
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in
        [("manifest.json", manifest), ("manifest.json.minisig", signature.as_bytes()), ("payload.zst", payload)]
    {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, name, bytes).expect("appended");
    }
    tar.into_inner().expect("a tar")
}

fuzz_target!(|bytes: &[u8]| {
    let Some((length, rest)) = bytes.split_first_chunk::<2>() else {
        return;
    };
    let middle = usize::from(u16::from_le_bytes(*length)).min(rest.len());
    let (manifest, payload) = rest.split_at(middle);
    let bundle = bundle(manifest, payload);
    if let Ok(reader) = Reader::open(bundle.as_slice(), Kind::Pack, &OFFICE.1) {
        let _ = reader.unpack(&mut std::io::sink(), |_| {});
    }
});

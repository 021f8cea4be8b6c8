//! Makes packs that do harm, with the key of an office or without. Begin with [`Forger`].

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use chrono::NaiveDate;
use commune_kiosk::bundle::{self, Head, Key, Kind};
use commune_kiosk::content::{library, source};
use rusqlite::Connection;
use tempfile::TempDir;

/// Somebody who has the key of an office.
pub struct Forger {
    /// The key.
    pub key: Key,
    dir: TempDir,
}

impl Forger {
    /// With a new key.
    pub fn new() -> Self {
        Self::with(Key::generate().expect("a key"))
    }

    /// With this key.
    pub fn with(key: Key) -> Self {
        Self {
            key,
            dir: tempfile::tempdir().expect("a folder"),
        }
    }

    /// The bytes of a good library of this edition.
    pub fn library(&self, edition: u64) -> Vec<u8> {
        self.changed_library(edition, |_| {})
    }

    /// A good library, after somebody changed it.
    pub fn changed_library(&self, edition: u64, change: impl FnOnce(&Connection)) -> Vec<u8> {
        let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
        let mut content = source::read(&good, today).content.expect("good content");
        (content.pack.id, content.pack.edition) = ("le-loi".to_owned(), edition);
        let file = self.dir.path().join("made.db");
        library::write(&content, &file).expect("written");
        let db = Connection::open(&file).expect("a database");
        change(&db);
        db.close().expect("closed");
        fs::read(file).expect("a library")
    }

    /// A bundle of anything, rightly signed.
    pub fn signed(&self, payload: &[u8], sequence: u64) -> Vec<u8> {
        let head = Head {
            kind: Kind::Pack,
            id: "le-loi".to_owned(),
            sequence,
            created: String::new(),
        };
        let mut pack = Vec::new();
        bundle::write(head, &mut &*payload, &mut Cursor::new(Vec::new()), &self.key, &mut pack).expect("a bundle");
        pack
    }

    /// A manifest for edition 2 that somebody with the office's key changed.
    pub fn forge(&self, change: impl FnOnce(&mut serde_json::Value)) -> (Vec<u8>, String) {
        let pack = self.signed(&self.library(2), 2);
        let mut manifest = Vec::new();
        let mut members = tar::Archive::new(pack.as_slice());
        let mut members = members.entries().expect("a tar");
        members
            .next()
            .expect("a member")
            .expect("a member")
            .read_to_end(&mut manifest)
            .expect("a manifest");
        let mut manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
        change(&mut manifest);
        let manifest = serde_json::to_vec(&manifest).expect("JSON");
        let signature = self.stock_signature(&manifest);
        (manifest, signature)
    }

    /// Signs with the office's key through stock minisign's format: the library has no way to sign other than a bundle.
    fn stock_signature(&self, bytes: &[u8]) -> String {
        let text = self.key.to_text(None).expect("a key");
        let secret =
            minisign::SecretKeyBox::from_string(&text).and_then(minisign::SecretKeyBox::into_unencrypted_secret_key);
        let signature = minisign::sign(None, &secret.expect("a key"), bytes, Some("forged"), None);
        signature.expect("a signature").into_string()
    }
}

/// A tar header for anything.
pub fn header(name: &[u8], kind: tar::EntryType, size: u64) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_cksum();
    header
}

/// A bundle of a forged manifest and any payload.
pub fn with_payload((manifest, signature): (Vec<u8>, String), payload: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in [
        ("manifest.json", manifest.as_slice()),
        ("manifest.json.minisig", signature.as_bytes()),
        ("payload.zst", payload),
    ] {
        let header = header(name.as_bytes(), tar::EntryType::Regular, bytes.len() as u64);
        tar.append(&header, bytes).expect("appended");
    }
    tar.into_inner().expect("a tar")
}

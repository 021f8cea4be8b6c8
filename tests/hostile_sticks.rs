//! Sticks made to do harm: each ends in an error of its own, soon, in little memory, with nothing changed.
//!
//! The cases are made here and by the [`forger`], none is a file in the repository. Truncated bundles and single wrong bits are in the unit tests
//! of `bundle`; names and folders on sticks are in `tests/kiosk/carrying.rs`.

#[path = "common/forger.rs"]
mod forger;

use std::fs::{self, File};
use std::io::{self, Cursor, Read, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use commune_kiosk::bundle::{BundleError, Trust};
use commune_kiosk::content::library::{Library, LibraryError};
use commune_kiosk::kiosk::device::memory;
use commune_kiosk::kiosk::slots::{InstallError, Slots};
use forger::{Forger, header, with_payload};
use tempfile::TempDir;

/// What one stick may take of the kiosk's memory, in KiB.
const MOST_MEMORY: u64 = 64 * 1024;

/// How long one stick may keep the kiosk busy.
const LONGEST: Duration = Duration::from_secs(5);

/// What is measured is the memory of the whole test program, so its stories are told one after the other.
static ALONE: Mutex<()> = Mutex::new(());

/// A kiosk that shows edition 1, and somebody who means it harm and has the key of its office.
struct Kiosk {
    dir: TempDir,
    forger: Forger,
    _alone: MutexGuard<'static, ()>,
}

impl Kiosk {
    fn new() -> Self {
        let kiosk = Self {
            dir: tempfile::tempdir().expect("a folder"),
            forger: Forger::new(),
            _alone: ALONE.lock().unwrap_or_else(PoisonError::into_inner),
        };
        let first = kiosk.forger.signed(&kiosk.forger.library(1), 1);
        kiosk
            .slots()
            .install(first.as_slice(), &kiosk.trust(), |_| {})
            .expect("a good pack");
        kiosk
    }

    fn trust(&self) -> Trust {
        Trust::of(self.forger.key.public().expect("a key"))
    }

    fn slots(&self) -> Slots {
        Slots::open(self.dir.path(), None)
    }

    /// Tries to install it; it must be refused in time, in little memory, and change nothing.
    fn refuses(&self, case: &str, bundle: impl Read + Send, expected: fn(&InstallError) -> bool) {
        let before = (files(self.dir.path()), memory::pss_kib().expect("Linux"));
        let began = Instant::now();
        let error = match self.slots().install(bundle, &self.trust(), |_| {}) {
            Ok(manifest) => panic!("{case}: installed {manifest:?}"),
            Err(error) => error,
        };
        assert!(began.elapsed() < LONGEST, "{case} took {:?}", began.elapsed());
        assert!(expected(&error), "{case}: {error:?}");
        assert!(!error.for_staff().is_empty());
        let grown = memory::pss_kib().expect("Linux").saturating_sub(before.1);
        assert!(grown < MOST_MEMORY, "{case} took {grown} KiB");
        assert_eq!(files(self.dir.path()), before.0, "{case}");
        let none = |_: &Path| -> Result<Library, String> { Err(String::new()) };
        let shown = self.slots().start(none).library.expect("the old pack");
        assert_eq!(shown.catalogue().pack.edition, 1, "{case}");
    }
}

fn files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir.join("packs")).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

/// A name, what somebody did to a good library, and the error that must come of it.
type Case = (&'static str, &'static str, fn(&InstallError) -> bool);

fn unfit(error: &InstallError) -> bool {
    matches!(error, InstallError::Unfit(_))
}

fn unsound(error: &InstallError) -> bool {
    matches!(error, InstallError::Unfit(LibraryError::Unsound { .. }))
}

fn not_a_bundle(error: &InstallError) -> bool {
    matches!(error, InstallError::Bundle(BundleError::NotABundle(_)))
}

fn damaged(error: &InstallError) -> bool {
    matches!(error, InstallError::Bundle(BundleError::Damaged(_)))
}

fn cut_off(error: &InstallError) -> bool {
    matches!(error, InstallError::Bundle(BundleError::CutOff(_)))
}

fn too_large(error: &InstallError) -> bool {
    matches!(error, InstallError::Bundle(BundleError::TooLarge(_)))
}

#[test]
fn files_that_are_no_bundles() {
    let kiosk = Kiosk::new();
    kiosk.refuses("nothing", io::empty(), cut_off);
    kiosk.refuses("zeros without end", io::repeat(0), not_a_bundle);
    kiosk.refuses("noise without end", io::repeat(0xA5), not_a_bundle);
    kiosk.refuses(
        "a library without a bundle",
        kiosk.forger.library(2).as_slice(),
        not_a_bundle,
    );
    kiosk.refuses(
        "a ZIP file",
        [b"PK\x03\x04".as_slice(), &[7; 5000]].concat().as_slice(),
        not_a_bundle,
    );
    kiosk.refuses("half a header", [0x6d; 300].as_slice(), cut_off);
}

#[test]
fn tars_with_other_members() {
    let kiosk = Kiosk::new();
    for (case, name, kind) in [
        ("a symbolic link", b"manifest.json".as_slice(), tar::EntryType::Symlink),
        ("a hard link", b"manifest.json", tar::EntryType::Link),
        ("a character device", b"manifest.json", tar::EntryType::Char),
        ("a block device", b"manifest.json", tar::EntryType::Block),
        ("a pipe", b"manifest.json", tar::EntryType::Fifo),
        ("a folder", b"manifest.json", tar::EntryType::Directory),
        ("a sparse file", b"manifest.json", tar::EntryType::GNUSparse),
        ("a PAX header", b"PaxHeaders/manifest.json", tar::EntryType::XHeader),
        (
            "a global PAX header",
            b"pax_global_header",
            tar::EntryType::XGlobalHeader,
        ),
        ("a long name", b"././@LongLink", tar::EntryType::GNULongName),
        ("a long link", b"././@LongLink", tar::EntryType::GNULongLink),
        ("an unknown kind", b"manifest.json", tar::EntryType::new(b'Z')),
        ("a way out", b"../../etc/passwd", tar::EntryType::Regular),
        ("an absolute name", b"/etc/passwd", tar::EntryType::Regular),
        ("a name with a newline", b"manifest\n.json", tar::EntryType::Regular),
        (
            "a name that runs backwards",
            "\u{202e}nosj.tsefinam".as_bytes(),
            tar::EntryType::Regular,
        ),
        ("a name of a hundred letters", &[b'a'; 100], tar::EntryType::Regular),
        ("an empty name", b"", tar::EntryType::Regular),
    ] {
        // Extended headers of endless length are not even read.
        let endless = Cursor::new(header(name, kind, 1 << 33).as_bytes().to_vec()).chain(io::repeat(b'x'));
        kiosk.refuses(case, endless, not_a_bundle);
    }
    let huge = header(b"manifest.json", tar::EntryType::Regular, 1 << 30);
    kiosk.refuses(
        "a manifest of 1 GB",
        Cursor::new(huge.as_bytes().to_vec()).chain(io::repeat(b'{')),
        too_large,
    );
    let mut octal = header(b"manifest.json", tar::EntryType::Regular, 0);
    octal.as_mut_bytes()[124..136].copy_from_slice(b"99999999999\0");
    octal.set_cksum();
    kiosk.refuses(
        "a size that is no number",
        Cursor::new(octal.as_bytes().to_vec()),
        damaged,
    );
    let mut binary = header(b"manifest.json", tar::EntryType::Regular, 0);
    binary.as_mut_bytes()[124..136].fill(0xff);
    binary.set_cksum();
    let endless = Cursor::new(binary.as_bytes().to_vec()).chain(io::repeat(b'{'));
    kiosk.refuses("a negative size", endless, |error| damaged(error) || too_large(error));
}

#[test]
fn payloads_that_want_too_much() {
    let kiosk = Kiosk::new();
    let mut bomb = zstd::Encoder::new(Vec::new(), 19).expect("an encoder");
    io::copy(&mut io::repeat(0).take(2 << 30), &mut bomb).expect("packed");
    let bomb = bomb.finish().expect("a frame");
    let forged = kiosk.forger.forge(|manifest| {
        manifest["packed"]["bytes"] = bomb.len().into();
        manifest["packed"]["blake3"] = blake3::hash(&bomb).to_hex().as_str().into();
    });
    kiosk.refuses(
        "2 GB in a frame that should hold a library",
        with_payload(forged, &bomb).as_slice(),
        damaged,
    );
    let promises = kiosk.forger.forge(|manifest| {
        manifest["unpacked"]["bytes"] = 100_000_000_000_u64.into();
    });
    kiosk.refuses("a promise of 100 GB", with_payload(promises, b"").as_slice(), too_large);
    let promises = kiosk.forger.forge(|manifest| {
        manifest["unpacked"]["bytes"] = 4_294_967_296_u64.into();
    });
    let space = |error: &InstallError| matches!(error, InstallError::NoSpace { .. } | InstallError::Bundle(_));
    kiosk.refuses(
        "the largest promise there may be",
        with_payload(promises, b"").as_slice(),
        space,
    );
}

#[test]
fn rightly_signed_libraries_that_are_none() {
    let kiosk = Kiosk::new();
    let sql = |sql: &'static str| kiosk.forger.changed_library(2, |db| db.execute_batch(sql).expect(sql));
    let cases: [Case; 14] = [
        (
            "a trigger",
            "CREATE TRIGGER t AFTER INSERT ON pages BEGIN DELETE FROM pages; END",
            unsound,
        ),
        ("a view more", "CREATE VIEW v AS SELECT 1", unsound),
        (
            "a view without end in the place of a table",
            "DROP TABLE events; CREATE VIEW events AS WITH RECURSIVE n(position) AS (SELECT 1 UNION ALL SELECT position + 1 FROM n) \
             SELECT position, '{}' AS data FROM n",
            unsound,
        ),
        ("a table more", "CREATE TABLE secrets (a)", unsound),
        ("a table less", "DROP TABLE synonyms", unsound),
        (
            "another schema",
            "DROP TABLE media; CREATE TABLE media (name TEXT, bytes TEXT)",
            unsound,
        ),
        ("another program's mark", "PRAGMA application_id = 7", unfit),
        ("a newer form", "PRAGMA user_version = 99", |error| {
            matches!(error, InstallError::Unfit(LibraryError::OtherForm { found: 99 }))
        }),
        ("no sections", "DELETE FROM sections", unsound),
        ("a page that is no page", "UPDATE pages SET data = '{}'", unfit),
        (
            "a page that is no text",
            "UPDATE pages SET data = 'nothing of JSON'",
            unfit,
        ),
        (
            "a title of a million letters",
            "UPDATE pages SET title = hex(zeroblob(500000))",
            unsound,
        ),
        (
            "a picture that is not there",
            "DELETE FROM media WHERE name = 'pic.svg'",
            unsound,
        ),
        (
            "a page of 2 MB",
            "UPDATE pages SET data = hex(zeroblob(1000000))",
            unfit,
        ),
    ];
    for (case, change, expected) in cases {
        kiosk.refuses(case, kiosk.forger.signed(&sql(change), 2).as_slice(), expected);
    }
    let many = "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) \
                INSERT INTO events SELECT i, '{}' FROM n";
    kiosk.refuses(
        "a hundred thousand events",
        kiosk.forger.signed(&sql(many), 2).as_slice(),
        unsound,
    );
    let good = kiosk.forger.library(2);
    let mut corrupt = good.clone();
    let middle = corrupt.len() / 2 / 4096 * 4096;
    corrupt[middle..middle + 4096].fill(0x5a);
    kiosk.refuses(
        "a page of the file that is noise",
        kiosk.forger.signed(&corrupt, 2).as_slice(),
        unfit,
    );
    kiosk.refuses(
        "half a library",
        kiosk.forger.signed(&good[..good.len() / 2], 2).as_slice(),
        unfit,
    );
    kiosk.refuses("an empty library", kiosk.forger.signed(b"", 2).as_slice(), unfit);
    kiosk.refuses(
        "a text",
        kiosk.forger.signed("Xin chào".as_bytes(), 2).as_slice(),
        unfit,
    );
    let contradiction = |error: &InstallError| matches!(error, InstallError::Contradiction);
    kiosk.refuses(
        "another edition inside",
        kiosk.forger.signed(&kiosk.forger.library(3), 2).as_slice(),
        contradiction,
    );
}

#[test]
fn a_disk_without_room_is_said_in_words() {
    // `/dev/full` takes nothing: the same error as a full card.
    let mut full = File::options().write(true).open("/dev/full").expect("Linux");
    let error = full.write_all(b"x").expect_err("full");
    let error = InstallError::from(BundleError::Target(error));
    assert_eq!(error.for_staff(), "Bộ nhớ của máy đã đầy. Mời gọi kỹ thuật viên.");
}

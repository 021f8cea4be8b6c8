//! Sticks that people bring: good ones, of both file systems, and some that mean harm.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use commune_kiosk::content::library::Library;
use commune_kiosk::kiosk::sync::stick::{ANSWER, News, Outcome};
use tempfile::TempDir;

use crate::common::machine::Machine as Clerk;
use crate::editions::{self, Press, lies_in};
use crate::forger::{Forger, header, with_payload};
use crate::machine::{Machine, Setting};
use crate::resident::{Resident, TOLERANCE};
use crate::sticks;

/// How long a machine may take for a stick, from plugging in until it can be pulled out.
const STICK: Duration = Duration::from_mins(3);

/// A place on the strip that tells of a stick while a resident reads.
const STRIP: (f32, f32) = (640.0, 32.0);

/// A kiosk without a screen in this process. It is given the same as the machine, and so knows the words that must come.
pub struct Sibling {
    /// Its packs, and who looks them over.
    pub kiosk: Clerk,
    _data: TempDir,
}

impl Sibling {
    /// One that has only what was built in.
    pub fn new() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let now = "2026-11-23T08:15:00";
        let mut kiosk = Clerk::start(data.path(), now);
        // The machine has introduced itself as well: one bundle waits.
        kiosk.closes(now);
        Self { kiosk, _data: data }
    }

    /// What comes of a stick with the contents of this folder; the answer is written there too, if it is written at all.
    pub fn takes(&self, folder: &Path, press: &Press) -> Outcome {
        self.kiosk
            .takes_stick(folder.parent().expect("a folder of sticks"), &press.trust())
    }
}

impl Resident {
    /// Sees what becomes of a stick, as the twin is told it.
    pub fn sees_outcome(&mut self, outcome: &Outcome, name: &str) {
        let news = News::Finished(outcome.clone());
        self.twin.asks(move |desk| desk.hall.kiosk.hear(news));
        let (begun, patience) = (Instant::now(), self.machine.patience(STICK));
        self.sees_within(name, patience);
        println!(
            "{}: {name}: waited {:?} for what came of the stick",
            self.machine.setting.name,
            begun.elapsed()
        );
    }

    /// Pulls a stick out and sees that nothing is said about it any more.
    pub fn pulls(&mut self, id: &str) {
        self.machine.pulls(id);
        self.twin.asks(|desk| desk.hall.kiosk.hear(News::Gone));
        self.sees("pulled-out");
    }
}

/// Reads the answer on a stick that was pulled out: the words that the sibling wrote into its own folder. Two sentences differ in fewer
/// pixels than two pictures of the same may, so that seeing them is not enough.
pub fn is_answered(stick: &Path, folder: &Path, outcome: &Outcome) {
    if folder.join(ANSWER).exists() {
        let answer = sticks::says(stick, ANSWER);
        assert!(answer.contains(&outcome.words), "{answer:?} instead of {outcome:?}");
    }
}

#[test]
fn sticks_bring_new_packs_and_harm_nobody() {
    if !crate::is_told() {
        return;
    }
    let (press, mut sibling) = (Press::new(), Sibling::new());
    let mut machine = Machine::new(Setting::of("2-sticks"));
    press.introduces_itself(&machine, "", "");
    println!("2-sticks: runs after {:?}", machine.starts());
    let exfat = sticks::exfat(&mut machine, "le-loi.kpack", &press.pack(3));
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);
    assert_eq!(resident.machine.edition(), None, "what was built in");

    // Nobody is there. A FAT32 stick with a newer pack.
    let shelf = tempfile::tempdir().expect("a folder");
    let folder = shelf.path().join("fat/usb");
    lies_in(&folder, "le-loi.kpack", &press.pack(2));
    let stick = sticks::fat(resident.machine.file("fat"), &folder);
    let outcome = sibling.takes(&folder, &press);
    assert!(outcome.installed && outcome.can_be_pulled_out, "{outcome:?}");
    assert!(outcome.words.starts_with("Đã nạp xong nội dung lần 2."), "{outcome:?}");
    resident.machine.plugs_stick(&stick, "fat");
    resident.twin.takes_pack(press.library(2));
    resident.sees_outcome(&outcome, "fat32");
    assert_eq!(resident.machine.edition(), Some(2));
    resident.pulls("fat");
    assert!(folder.join(ANSWER).exists());
    is_answered(&stick, &folder, &outcome);

    // Somebody comes and sees the new edition; while they are there, an exFAT stick brings a still newer one.
    let before = resident.twin.picture();
    resident.tap("Chạm để bắt đầu");
    let second = resident.twin.picture();
    assert!(second.difference(&before) > TOLERANCE);
    let folder = shelf.path().join("exfat/usb");
    lies_in(&folder, "le-loi.kpack", &press.pack(3));
    let outcome = sibling.takes(&folder, &press);
    assert!(outcome.installed, "{outcome:?}");
    resident.machine.plugs_stick(&exfat, "exfat");
    resident.twin.takes_pack(press.library(3));
    let installed =
        "kiosk slots --content /usr/share/commune-kiosk/content.db --data /data/kiosk | grep -q '^current.*le-loi.3'";
    resident.machine.waits_until(installed);
    // They are not disturbed: a strip says that somebody of the staff may touch it.
    resident.sees_outcome(&outcome, "exfat");
    resident.touches(STRIP, "strip");
    assert_eq!(resident.machine.edition(), Some(3));
    resident.pulls("exfat");
    assert!(
        resident.twin.picture().difference(&second) <= TOLERANCE,
        "they still see the second edition"
    );
    resident.leaves();

    // Four sticks that mean harm. The last brings what only shows itself when it is looked over.
    sibling.kiosk.rehearsed_by = Some(env!("CARGO_BIN_EXE_kiosk").into());
    let forger = Forger::with(press.key.clone());
    for (name, bytes) in [
        ("trigger", forged_library(&forger)),
        ("bomb", bomb(&forger)),
        ("way-out", way_out()),
        ("greedy", press.greedy_pack(9)),
    ] {
        let folder = shelf.path().join(name).join("usb");
        lies_in(&folder, "le-loi.kpack", &bytes);
        let stick = sticks::fat(resident.machine.file(name), &folder);
        let outcome = sibling.takes(&folder, &press);
        assert!(!outcome.installed && outcome.can_be_pulled_out, "{name}: {outcome:?}");
        if name == "greedy" {
            assert!(outcome.words.contains("Mời văn phòng đóng gói lại"), "{outcome:?}");
        }
        resident.machine.plugs_stick(&stick, name);
        resident.sees_outcome(&outcome, name);
        assert_eq!(resident.machine.edition(), Some(3), "{name}");
        resident.pulls(name);
        is_answered(&stick, &folder, &outcome);
        fs::remove_file(stick).expect("removed");
    }

    // The last good edition is there, and one program has shown all this.
    resident.tap("Chạm để bắt đầu");
    let third = resident.twin.picture();
    assert!(
        third.difference(&second) > TOLERANCE,
        "a picture that tells editions apart"
    );
    resident.taps("Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
    assert_eq!(resident.machine.shows("NRestarts"), "0");
    let at_hand = Library::open(&press.library(3)).expect("a library");
    assert_eq!(at_hand.catalogue().pack.edition, 3);
}

/// A rightly signed library in which a trigger waits.
fn forged_library(forger: &Forger) -> Vec<u8> {
    let trigger = "CREATE TRIGGER t AFTER INSERT ON pages BEGIN DELETE FROM pages; END";
    let library = forger.changed_library(9, |db| db.execute_batch(trigger).expect("a trigger"));
    forger.signed(&library, 9)
}

/// 2 GB in a frame that should hold a library.
fn bomb(forger: &Forger) -> Vec<u8> {
    let mut bomb = zstd::Encoder::new(Vec::new(), 19).expect("an encoder");
    let zeros = std::io::Read::take(std::io::repeat(0), 2 << 30);
    std::io::copy(&mut { zeros }, &mut bomb).expect("packed");
    let bomb = bomb.finish().expect("a frame");
    let manifest = forger.forge(|manifest| {
        manifest["sequence"] = 9.into();
        manifest["packed"]["bytes"] = bomb.len().into();
        manifest["packed"]["blake3"] = blake3::hash(&bomb).to_hex().as_str().into();
    });
    with_payload(manifest, &bomb)
}

/// A file that names a place outside.
fn way_out() -> Vec<u8> {
    let mut bytes = header(b"../../etc/passwd", tar::EntryType::Regular, 4096)
        .as_bytes()
        .to_vec();
    bytes.resize(16384, b'x');
    bytes
}

//! Sticks that carry counts to the office and receipts back, made to do harm or to fail: nothing is lost, nothing leads
//! elsewhere, and only the office's word ends anything.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::Cursor;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::common::machine::Machine;
use commune_kiosk::bundle::{self, Head, Key, Kind, Reader, Trust};
use commune_kiosk::kiosk::sync::stick::Outcome;
use commune_kiosk::usage::receipt::{Receipt, Refused};
use tempfile::TempDir;

/// A kiosk with two bundles that wait, and a stick that the office prepared.
struct Hall {
    dir: TempDir,
    office: Key,
    machine: Machine,
}

impl Hall {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let mut machine = Machine::start(&dir.path().join("kiosk"), "2026-10-05T08:00:00");
        machine.closes("2026-10-05T08:00:00");
        machine.is_visited(6, "2026-10-05T08:00:00");
        machine.closes("2026-11-01T08:00:00");
        assert_eq!(machine.waiting(), 2);
        let hall = Self {
            office: Key::generate().expect("a key"),
            machine,
            dir,
        };
        fs::create_dir_all(hall.folder()).expect("a stick");
        hall
    }

    fn trust(&self) -> Trust {
        Trust::of(self.office.public().expect("a key"))
    }

    fn sticks(&self) -> PathBuf {
        self.dir.path().join("sticks")
    }

    fn stick(&self) -> PathBuf {
        self.sticks().join("usb")
    }

    fn folder(&self) -> PathBuf {
        self.stick().join("KIOSK")
    }

    fn takes_stick(&self) -> Outcome {
        self.machine.takes_stick(&self.sticks(), &self.trust())
    }

    /// The hash of each bundle that waits.
    fn hashes(&self) -> BTreeMap<u64, String> {
        let waiting = self.machine.outbox.waiting().expect("a folder");
        let hash = |file: &Path| {
            let bytes = fs::read(file).expect("a bundle");
            let (reader, _) = Reader::introduced(bytes.as_slice(), Kind::Statistics).expect("a bundle");
            reader.manifest().unpacked.blake3.clone()
        };
        waiting
            .iter()
            .map(|waiting| (waiting.sequence, hash(&waiting.file)))
            .collect()
    }

    /// A receipt for everything that waits, for a kiosk and signed with a key, on the stick under this kiosk's name.
    fn receipt(&self, kiosk: &str, key: &Key) {
        let receipt = Receipt {
            kiosk: kiosk.to_owned(),
            stored: self.hashes(),
            ..Receipt::default()
        };
        self.puts(&receipt, key);
    }

    fn puts(&self, receipt: &Receipt, key: &Key) {
        let head = Head {
            kind: Kind::Receipt,
            id: receipt.kiosk.clone(),
            sequence: 1,
            created: String::new(),
        };
        let (payload, mut bytes) = (serde_json::to_vec(receipt).expect("JSON"), Vec::new());
        bundle::write(
            head,
            &mut payload.as_slice(),
            &mut Cursor::new(Vec::new()),
            key,
            &mut bytes,
        )
        .expect("a bundle");
        fs::write(self.folder().join(format!("{}.kack", self.kiosk())), bytes).expect("written");
    }

    fn kiosk(&self) -> &str {
        self.machine.outbox.kiosk()
    }

    /// The names in the folder on the stick.
    fn names(&self) -> Vec<String> {
        names(&self.folder())
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_link_in_the_place_of_the_folder_leads_nowhere() {
    let hall = Hall::new();
    let elsewhere = hall.dir.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    hall.receipt(hall.kiosk(), &hall.office);
    fs::rename(
        hall.folder().join(format!("{}.kack", hall.kiosk())),
        elsewhere.join(format!("{}.kack", hall.kiosk())),
    )
    .expect("moved");
    fs::remove_dir(hall.folder()).expect("removed");
    symlink(&elsewhere, hall.folder()).expect("a link");
    let outcome = hall.takes_stick();
    assert!(outcome.words.contains("Không thấy gói nội dung"), "{outcome:?}");
    assert_eq!(hall.machine.waiting(), 2);
    assert_eq!(names(&elsewhere), [format!("{}.kack", hall.kiosk())]);
}

#[test]
fn links_in_the_folder_are_neither_read_nor_written_through() {
    let hall = Hall::new();
    let secret = hall.dir.path().join("secret");
    hall.receipt(hall.kiosk(), &hall.office);
    fs::rename(hall.folder().join(format!("{}.kack", hall.kiosk())), &secret).expect("moved");
    let before = fs::read(&secret).expect("a file");
    symlink(&secret, hall.folder().join(format!("{}.kack", hall.kiosk()))).expect("a link");
    for name in ["000001.kstat", "000002.kstat.part"] {
        symlink(&secret, hall.folder().join(format!("{}-{name}", hall.kiosk()))).expect("a link");
    }
    let outcome = hall.takes_stick();
    assert!(
        outcome.words.contains("Đã chép 2 gói") && outcome.went_well,
        "{outcome:?}"
    );
    assert_eq!(hall.machine.waiting(), 2, "a receipt behind a link is none");
    assert_eq!(fs::read(&secret).expect("a file"), before);
    for number in 1..=2 {
        let copy = hall.folder().join(format!("{}-{number:06}.kstat", hall.kiosk()));
        assert!(fs::symlink_metadata(copy).expect("a copy").is_file());
    }
}

#[test]
fn only_a_receipt_of_the_office_for_this_kiosk_ends_anything() {
    let hall = Hall::new();
    let stranger = Key::generate().expect("a key");
    hall.receipt("kiosk-0000000000000000", &hall.office);
    hall.takes_stick();
    assert_eq!(hall.machine.waiting(), 2, "for another kiosk");
    hall.receipt(hall.kiosk(), &stranger);
    hall.takes_stick();
    assert_eq!(hall.machine.waiting(), 2, "forged");
    fs::write(hall.folder().join(format!("{}.kack", hall.kiosk())), vec![7; 100_000]).expect("written");
    hall.takes_stick();
    assert_eq!(hall.machine.waiting(), 2, "noise");
    hall.receipt(hall.kiosk(), &hall.office);
    let outcome = hall.takes_stick();
    assert!(outcome.words.contains("Văn phòng đã nhận 2 gói số liệu"), "{outcome:?}");
    assert_eq!(hall.machine.waiting(), 0);
    assert_eq!(
        hall.names(),
        [format!("{}.kack", hall.kiosk())],
        "the copies are over too"
    );
}

#[test]
fn the_only_copies_of_a_lost_outbox_stay_on_the_stick() {
    let hall = Hall::new();
    hall.takes_stick();
    let copies = hall.names();
    assert_eq!(copies.len(), 2);
    fs::remove_dir_all(hall.machine.data.join("outbox")).expect("lost");
    let lost = Machine::start(&hall.machine.data, "2026-11-02T08:00:00");
    assert_eq!(lost.waiting(), 0);
    lost.takes_stick(&hall.sticks(), &hall.trust());
    assert_eq!(hall.names(), copies);
}

#[test]
fn why_the_office_refused_a_bundle_is_kept_and_its_copy_taken_off_the_stick() {
    let hall = Hall::new();
    hall.takes_stick();
    let (number, blake3) = hall.hashes().pop_last().expect("a bundle");
    let refused = Refused {
        blake3,
        why: "Sai tháng.\n".to_owned(),
    };
    let receipt = Receipt {
        kiosk: hall.kiosk().to_owned(),
        refused: [(number, refused)].into(),
        ..Receipt::default()
    };
    hall.puts(&receipt, &hall.office);
    let outcome = hall.takes_stick();
    assert!(
        outcome.words.contains("Văn phòng không nhận 1 gói") && !outcome.went_well,
        "{outcome:?}"
    );
    assert_eq!(hall.machine.outbox.reasons().expect("a folder"), ["Sai tháng."]);
    assert_eq!(hall.machine.waiting(), 1);
    assert!(!hall.names().iter().any(|name| name.ends_with("000002.kstat")));
}

#[test]
fn a_bundle_that_the_card_damaged_does_not_replace_its_good_copy() {
    let hall = Hall::new();
    hall.takes_stick();
    let copy = hall.folder().join(format!("{}-000002.kstat", hall.kiosk()));
    let good = fs::read(&copy).expect("a copy");
    let waiting = hall.machine.outbox.waiting().expect("a folder");
    fs::write(&waiting[1].file, &good[..good.len() / 2]).expect("written");
    let outcome = hall.takes_stick();
    assert!(outcome.words.contains("Đã chép 1 gói"), "{outcome:?}");
    assert_eq!(fs::read(&copy).expect("the copy"), good);
    assert_eq!(
        (hall.machine.waiting(), hall.machine.outbox.damaged().expect("a folder")),
        (1, 1)
    );
}

/// A stick wears out as well, and a slow one takes its time for each file.
#[test]
fn a_copy_that_lies_on_the_stick_already_is_not_written_anew() {
    let hall = Hall::new();
    hall.takes_stick();
    let [whole, spoiled] = [1, 2].map(|number| hall.folder().join(format!("{}-{number:06}.kstat", hall.kiosk())));
    let good = fs::read(&spoiled).expect("a copy");
    let mut changed = good.clone();
    changed[good.len() / 2] ^= 1;
    fs::write(&spoiled, changed).expect("written");
    // A file that is written anew is another one.
    let file = |copy: &Path| fs::metadata(copy).expect("a copy").ino();
    let before = [file(&whole), file(&spoiled)];
    let outcome = hall.takes_stick();
    assert!(outcome.words.contains("Đã chép 2 gói"), "both are there: {outcome:?}");
    assert_eq!(file(&whole), before[0]);
    assert_ne!(file(&spoiled), before[1]);
    assert_eq!(fs::read(&spoiled).expect("a copy"), good);
}

#[test]
fn a_stick_with_a_lock_still_brings_its_receipts() {
    let hall = Hall::new();
    hall.receipt(hall.kiosk(), &hall.office);
    // Whoever may do everything writes all the same, so a folder in the place of each copy stands for the lock there.
    for number in 1..=2 {
        let copy = hall.folder().join(format!("{}-{number:06}.kstat", hall.kiosk()));
        fs::create_dir_all(copy.join("x")).expect("a folder");
    }
    for folder in [hall.folder(), hall.stick()] {
        fs::set_permissions(folder, Permissions::from_mode(0o555)).expect("locked");
    }
    let outcome = hall.takes_stick();
    for folder in [hall.stick(), hall.folder()] {
        fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("unlocked");
    }
    assert!(outcome.can_be_pulled_out && outcome.words.contains("Văn phòng đã nhận 2 gói số liệu"));
    assert_eq!(hall.machine.waiting(), 0);
}

#[test]
fn a_stick_that_fails_in_the_middle_of_copying_loses_nothing() {
    let hall = Hall::new();
    let second = hall.folder().join(format!("{}-000002.kstat", hall.kiosk()));
    fs::create_dir_all(second.join("x")).expect("a folder in the way of the second copy");
    let outcome = hall.takes_stick();
    assert!(
        outcome.words.contains("Không chép được số liệu") && !outcome.went_well,
        "{outcome:?}"
    );
    assert_eq!(hall.machine.waiting(), 2);
    let first = fs::read(hall.folder().join(format!("{}-000001.kstat", hall.kiosk()))).expect("the first copy");
    assert!(Reader::introduced(first.as_slice(), Kind::Statistics).is_ok());
    // What a stick that was pulled out has of a copy is in nobody's way the next time.
    fs::remove_dir_all(&second).expect("removed");
    fs::write(second.with_extension("kstat.part"), "half a b").expect("written");
    assert!(hall.takes_stick().words.contains("Đã chép 2 gói"));
    assert_eq!(hall.names().len(), 2);
}

#[test]
fn a_strangers_pack_beside_the_offices_does_not_hide_whose_stick_it_is() {
    let hall = Hall::new();
    fs::remove_dir(hall.folder()).expect("removed");
    let stranger = Key::generate().expect("a key");
    let slots = hall.machine.slots();
    let installed = pack(&hall.dir, &hall.office);
    slots
        .install(installed.as_slice(), &hall.trust(), |_| {})
        .expect("installed");
    // The names decide in which order they are found on some sticks; all orders are tried.
    for (ours, theirs) in [("a.kpack", "b.kpack"), ("b.kpack", "a.kpack")] {
        fs::remove_dir_all(hall.stick()).expect("removed");
        fs::create_dir(hall.stick()).expect("a stick");
        fs::write(hall.stick().join(theirs), pack(&hall.dir, &stranger)).expect("written");
        fs::write(hall.stick().join(ours), &installed).expect("written");
        let outcome = hall.takes_stick();
        assert!(outcome.words.contains("đang có sẵn nội dung"), "{outcome:?}");
        assert!(outcome.words.contains("Đã chép 2 gói"), "{outcome:?}");
    }
}

/// The good content, as an older edition than any; signed with this key.
fn pack(dir: &TempDir, key: &Key) -> Vec<u8> {
    use commune_kiosk::content::{library, source};
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let content = source::read(&good, today).content.expect("good content");
    let file = dir.path().join("content.db");
    library::write(&content, &file).expect("written");
    let head = Head {
        kind: Kind::Pack,
        id: content.pack.id.clone(),
        sequence: content.pack.edition,
        created: String::new(),
    };
    let mut bytes = Vec::new();
    let mut payload = fs::File::open(file).expect("a file");
    bundle::write(head, &mut payload, &mut Cursor::new(Vec::new()), key, &mut bytes).expect("a pack");
    bytes
}

/// File systems of Linux and Windows servers tell capitals from small letters, and whoever makes the folder need not.
#[test]
fn the_folder_is_found_however_its_name_is_written() {
    for written in ["kiosk", "Kiosk"] {
        let hall = Hall::new();
        let folder = hall.stick().join(written);
        fs::rename(hall.folder(), &folder).expect("renamed");
        let outcome = hall.takes_stick();
        assert!(outcome.words.contains("Đã chép 2 gói số liệu"), "{outcome:?}");
        let bundles = names(&folder).into_iter().filter(|name| name.contains(".kstat"));
        assert_eq!(bundles.count(), 2);
        assert!(!hall.folder().exists(), "no second folder beside it");
    }
}

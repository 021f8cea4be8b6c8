//! Packs installed, refused, left in the middle, and gone back from.

use std::fs;
use std::io::{self, Cursor, Read};
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::bundle::{self, BundleError, Head, Key, Kind, Trust};
use crate::content::model::{Content, Pack, Section, SectionColor, Shows};
use crate::files::faults;

/// A pack that differs from its neighbours by its edition and by a picture that fills a few chunks.
fn content(edition: u64) -> Content {
    let mut random = fastrand::Rng::with_seed(edition);
    // What begins as a drawing is taken for one here; it is large, and never the same.
    let noise = std::iter::repeat_with(|| random.u8(..)).take(600_000);
    let noise: Vec<u8> = b"<svg>".iter().copied().chain(noise).collect();
    Content {
        pack: Pack {
            id: "le-loi".to_owned(),
            title: "Thử".to_owned(),
            edition,
            ..Pack::default()
        },
        sections: vec![Section {
            id: "a".to_owned(),
            title: format!("Lần {edition}"),
            summary: String::new(),
            title_en: String::new(),
            summary_en: String::new(),
            icon: "icon.svg".to_owned(),
            picture: String::new(),
            color: SectionColor::Teal,
            shows: Shows::Pages,
            groups: Vec::new(),
        }],
        media: [("icon.svg".to_owned(), noise)].into(),
        ..Content::default()
    }
}

struct Office {
    key: Key,
    dir: TempDir,
}

impl Office {
    fn new() -> Self {
        Self {
            key: Key::generate().unwrap(),
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn trust(&self) -> Trust {
        Trust::new(vec![self.key.public().unwrap()]).unwrap()
    }

    fn pack(&self, content: &Content) -> Vec<u8> {
        let file = self.dir.path().join("content.db");
        library::write(content, &file).unwrap();
        self.sign(&fs::read(file).unwrap(), &content.pack.id, content.pack.edition)
    }

    fn sign(&self, payload: &[u8], id: &str, sequence: u64) -> Vec<u8> {
        let head = Head {
            kind: Kind::Pack,
            id: id.to_owned(),
            sequence,
            created: "2026-11-23".to_owned(),
        };
        let mut pack = Vec::new();
        bundle::write(head, &mut &*payload, &mut Cursor::new(Vec::new()), &self.key, &mut pack).unwrap();
        pack
    }
}

fn install(slots: &Slots, office: &Office, pack: impl Read + Send) -> Result<u64, InstallError> {
    slots
        .install(pack, &office.trust(), |_| {})
        .map(|manifest| manifest.sequence)
}

fn no_factory(_: &Path) -> Result<Library, SlotError> {
    panic!("there is no factory pack here")
}

/// The edition that a kiosk shows that starts now; `None` for nothing at all.
fn shown(data: &Path) -> Option<u64> {
    let start = Slots::open(data, None).start(no_factory);
    start.library.map(|library| library.catalogue().pack.edition)
}

fn files(data: &Path) -> Vec<String> {
    let entries = fs::read_dir(data.join(FOLDER)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn packs_follow_each_other_and_two_are_kept() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    assert_eq!(shown(data.path()), None);
    for edition in [1, 2, 5] {
        let mut last = 0;
        let pack = office.pack(&content(edition));
        let manifest = slots.install(pack.as_slice(), &office.trust(), |progress| {
            assert!(progress.done >= last && progress.done <= progress.total);
            last = progress.done;
        });
        assert_eq!(manifest.unwrap().unpacked.bytes, last);
        assert_eq!(shown(data.path()), Some(edition));
    }
    assert_eq!(files(data.path()), ["2.db", "5.db", "current", "trial"]);
}

#[test]
fn staff_go_back_and_forward_again() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    for edition in [1, 2] {
        install(&slots, &office, office.pack(&content(edition)).as_slice()).unwrap();
    }
    assert_eq!(slots.roll_back(None).unwrap().sequence(), Some(1));
    assert_eq!(shown(data.path()), Some(1));
    // The pack that staff left is not brought back by the stick it came from.
    let again = install(&slots, &office, office.pack(&content(2)).as_slice());
    assert!(matches!(again, Err(InstallError::SameEdition(2))));
    assert_eq!(slots.roll_back(None).unwrap().sequence(), Some(2));
    assert_eq!(shown(data.path()), Some(2));
    install(&slots, &office, office.pack(&content(3)).as_slice()).unwrap();
    assert_eq!(shown(data.path()), Some(3));
}

#[test]
fn the_factory_pack_is_there_until_another_comes_and_can_be_gone_back_to() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let factory = data.path().join("factory.db");
    library::write(&content(3), &factory).unwrap();
    let slots = Slots::open(data.path(), Some(factory));
    let start = slots.start(Library::open);
    assert_eq!((start.origin, start.not_opened.len()), (Origin::Factory, 0));
    let older = install(&slots, &office, office.pack(&content(2)).as_slice());
    assert!(matches!(older, Err(InstallError::Older { found: 2, newest: 3 })));
    install(&slots, &office, office.pack(&content(4)).as_slice()).unwrap();
    assert_eq!(slots.start(Library::open).origin, Origin::Installed);
    assert_eq!(slots.roll_back(None).unwrap(), Slot::Factory);
    assert_eq!(slots.open_current(Library::open).unwrap().catalogue().pack.edition, 3);
}

#[test]
fn a_kiosk_of_another_commune_than_the_factorys_takes_what_its_settings_name_from_the_first() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let factory = data.path().join("factory.db");
    library::write(&content(30), &factory).unwrap();
    let slots = |first: &str| Slots::open(data.path(), Some(factory.clone())).begun_with(Some(first.to_owned()));
    let of = |id: &str, edition| {
        let mut content = content(edition);
        id.clone_into(&mut content.pack.id);
        office.pack(&content)
    };
    let other = |result: Result<u64, InstallError>| matches!(result, Err(InstallError::OtherPack { .. }));
    // Its editions begin where that commune's do, not where the factory's ended.
    assert_eq!(slots("xa-minh").wanted(), Some(("xa-minh".to_owned(), 0)));
    assert!(other(install(&slots("xa-minh"), &office, of("le-loi", 31).as_slice())));
    assert!(other(install(&slots("xa-minh"), &office, of("xa-khac", 2).as_slice())));
    assert_eq!(
        install(&slots("xa-minh"), &office, of("xa-minh", 2).as_slice()).unwrap(),
        2
    );
    assert_eq!(slots("xa-minh").wanted(), Some(("xa-minh".to_owned(), 2)));
    let older = install(&slots("xa-minh"), &office, of("xa-minh", 1).as_slice());
    assert!(matches!(older, Err(InstallError::Older { found: 1, newest: 2 })));
    // What was installed decides, whatever the settings say later.
    assert!(other(install(&slots("xa-khac"), &office, of("xa-khac", 40).as_slice())));
    let plain = Slots::open(data.path(), Some(factory.clone()));
    assert_eq!(plain.wanted(), Some(("xa-minh".to_owned(), 2)));
    assert_eq!(install(&plain, &office, of("xa-minh", 3).as_slice()).unwrap(), 3);
    // One that was named as the factory's goes on with that.
    let empty = tempfile::tempdir().unwrap();
    let same = Slots::open(empty.path(), Some(factory.clone())).begun_with(Some("le-loi".to_owned()));
    assert_eq!(same.wanted(), Some(("le-loi".to_owned(), 30)));
}

type Expected = fn(&InstallError) -> bool;

#[test]
fn what_is_not_for_this_kiosk_is_refused() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    assert!(matches!(slots.roll_back(None), Err(SlotError::NothingBefore)));
    install(&slots, &office, office.pack(&content(5)).as_slice()).unwrap();
    let mut other = content(6);
    other.pack.id = "yet-kieu".to_owned();
    let before = files(data.path());

    let refused: [(Vec<u8>, Expected); 6] = [
        (office.pack(&other), |error| {
            matches!(error, InstallError::OtherPack { .. })
        }),
        (office.pack(&content(5)), |error| {
            matches!(error, InstallError::SameEdition(5))
        }),
        (office.pack(&content(4)), |error| {
            matches!(error, InstallError::Older { .. })
        }),
        (Office::new().pack(&content(6)), |error| {
            matches!(error, InstallError::Bundle(BundleError::UnknownSigner(_)))
        }),
        (office.sign(b"no database", "le-loi", 6), |error| {
            matches!(error, InstallError::Unfit(_))
        }),
        (office.sign(&library_bytes(&content(7)), "le-loi", 6), |error| {
            matches!(error, InstallError::Contradiction)
        }),
    ];
    for (pack, expected) in refused {
        let error = install(&slots, &office, pack.as_slice()).unwrap_err();
        assert!(expected(&error), "{error:?}");
        assert!(!error.for_staff().is_empty());
        assert_eq!(files(data.path()), before);
        assert_eq!(shown(data.path()), Some(5));
    }
}

fn library_bytes(content: &Content) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("content.db");
    library::write(content, &file).unwrap();
    fs::read(file).unwrap()
}

#[test]
fn whichever_step_fails_there_is_the_old_pack_or_the_new_one() {
    let office = Office::new();
    let (old, new) = (office.pack(&content(1)), office.pack(&content(2)));
    for dead in [false, true] {
        for step in 1.. {
            let data = tempfile::tempdir().unwrap();
            install(&Slots::open(data.path(), None), &office, old.as_slice()).unwrap();
            let (files_with_faults, fault) = faults::failing_at(step, dead);
            let slots = Slots::with(data.path(), None, files_with_faults);
            let installed = install(&slots, &office, new.as_slice());
            let found = shown(data.path());
            if !fault.hit() {
                assert_eq!(found, Some(2));
                assert!(step > 10, "an installation has more steps than {step}");
                break;
            }
            let expected = if installed.is_ok() {
                [Some(2), Some(2)]
            } else {
                [Some(1), Some(2)]
            };
            assert!(
                expected.contains(&found),
                "step {step} (dead: {dead}): {found:?} after {installed:?}"
            );
            // The next start has cleaned up, and the same stick works now.
            let slots = Slots::open(data.path(), None);
            let again = install(&slots, &office, new.as_slice());
            assert!(found == Some(2) || again.is_ok(), "step {step}: {again:?}");
            assert_eq!(shown(data.path()), Some(2));
            assert_eq!(files(data.path()), ["1.db", "2.db", "current", "trial"], "step {step}");
        }
    }
}

#[test]
fn a_stick_that_vanishes_at_any_byte_leaves_the_old_pack() {
    struct PulledOut;
    impl Read for PulledOut {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("no such device"))
        }
    }
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    install(&slots, &office, office.pack(&content(1)).as_slice()).unwrap();
    let pack = office.pack(&content(2));
    for length in (0..pack.len()).step_by(4096 + 1) {
        let error = install(&slots, &office, pack[..length].chain(PulledOut)).unwrap_err();
        assert!(error.is_of_the_stick(), "{error:?}");
        assert_eq!(files(data.path()), ["1.db", "current", "trial"]);
    }
    assert_eq!(shown(data.path()), Some(1));
}

#[test]
fn a_slot_that_fails_to_open_is_set_aside_and_the_one_before_is_shown() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    for edition in [1, 2] {
        install(&slots, &office, office.pack(&content(edition)).as_slice()).unwrap();
    }
    fs::write(data.path().join("packs/2.db"), "rust on the card").unwrap();
    let start = slots.start(no_factory);
    assert_eq!(start.library.unwrap().catalogue().pack.edition, 1);
    assert_eq!(start.not_opened.len(), 1);
    // It stays for somebody to look at, also after another start, and is asked for again.
    assert_eq!(shown(data.path()), Some(1));
    assert_eq!(files(data.path()), ["1.db", "2.damaged", "current", "trial"]);
    assert_eq!(slots.wanted(), Some(("le-loi".to_owned(), 1)));
    assert_eq!(slots.order(), [Slot::of(Some("le-loi".to_owned()), 1)]);
    // A good copy of the same edition is welcome: the damaged one no longer counts.
    let again = install(&slots, &office, office.pack(&content(2)).as_slice());
    assert!(again.is_ok(), "{again:?}");
    assert_eq!(files(data.path()), ["1.db", "2.db", "current", "trial"]);
    assert_eq!(shown(data.path()), Some(2));
}

#[test]
fn the_same_edition_is_taken_when_its_file_is_gone_or_spoiled_in_the_middle_and_only_then() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    for edition in [1, 2] {
        install(&slots, &office, office.pack(&content(edition)).as_slice()).unwrap();
    }
    let file = data.path().join("packs/2.db");
    let pack = office.pack(&content(2));
    let again = || install(&slots, &office, pack.as_slice());
    assert!(matches!(again(), Err(InstallError::SameEdition(2))));

    fs::remove_file(&file).unwrap();
    assert_eq!(again().unwrap(), 2);
    // The one before is still the one before: not the file that was just replaced.
    assert_eq!(slots.roll_back(None).unwrap().sequence(), Some(1));
    assert_eq!(slots.roll_back(None).unwrap().sequence(), Some(2));

    // A page of the table that nobody has opened yet.
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xff);
    fs::write(&file, bytes).unwrap();
    assert_eq!(again().unwrap(), 2);
    assert!(matches!(again(), Err(InstallError::SameEdition(2))));

    // One bit of a blob, which SQLite has no way to see; the pack that was turned away knows its bytes.
    for place in [0.3, 0.6, 0.9] {
        let mut bytes = fs::read(&file).unwrap();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss
        )]
        let at = (bytes.len() as f64 * place) as usize;
        bytes[at] ^= 1;
        fs::write(&file, bytes).unwrap();
        assert_eq!(again().unwrap(), 2, "byte {at}");
        assert!(matches!(again(), Err(InstallError::SameEdition(2))));
    }
    // Also after staff went back and forth, which writes the record anew.
    slots.roll_back(None).unwrap();
    slots.roll_back(None).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert_eq!(again().unwrap(), 2);
}

#[test]
fn a_kiosk_whose_only_pack_is_damaged_still_knows_which_packs_are_for_it() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    install(&slots, &office, office.pack(&content(2)).as_slice()).unwrap();
    fs::write(data.path().join("packs/2.db"), "rust on the card").unwrap();
    assert_eq!(shown(data.path()), None);
    let mut elsewhere = content(3);
    elsewhere.pack.id = "xa-khac".to_owned();
    let other = install(&slots, &office, office.pack(&elsewhere).as_slice());
    assert!(matches!(other, Err(InstallError::OtherPack { .. })), "{other:?}");
    // The network asks for it too.
    assert_eq!(slots.wanted(), Some(("le-loi".to_owned(), 0)));
    assert_eq!(
        install(&slots, &office, office.pack(&content(2)).as_slice()).unwrap(),
        2
    );
}

#[test]
fn a_disk_that_cannot_be_read_just_now_damages_no_pack() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    for edition in [1, 2] {
        install(&slots, &office, office.pack(&content(edition)).as_slice()).unwrap();
    }
    // A folder in its place: SQLite can't open that, and says nothing of what is in it.
    let (file, elsewhere) = (data.path().join("packs/2.db"), data.path().join("2.db"));
    fs::rename(&file, &elsewhere).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(shown(data.path()), Some(1));
    // It is still the newest: nothing between the two is taken, and nothing is deleted.
    assert_eq!(slots.wanted(), Some(("le-loi".to_owned(), 2)));
    fs::remove_dir(&file).unwrap();
    fs::rename(&elsewhere, &file).unwrap();
    assert_eq!(shown(data.path()), Some(2), "nothing was forgotten");
    assert_eq!(files(data.path()), ["1.db", "2.db", "current", "trial"]);
}

#[test]
fn a_pack_that_staff_left_stays_the_newest_also_when_it_is_damaged() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    for edition in [1, 2] {
        install(&slots, &office, office.pack(&content(edition)).as_slice()).unwrap();
    }
    slots.roll_back(None).unwrap();
    fs::write(data.path().join("packs/2.db"), "rust on the card").unwrap();
    assert_eq!(shown(data.path()), Some(1));
    assert_eq!(
        slots.wanted(),
        Some(("le-loi".to_owned(), 2)),
        "the network does not bring it back"
    );
    // Staff who bring it on a stick want it.
    assert_eq!(
        install(&slots, &office, office.pack(&content(2)).as_slice()).unwrap(),
        2
    );
}

#[test]
fn a_pack_of_before_a_rule_is_whole_and_not_asked_for_again() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    install(&slots, &office, office.pack(&content(1)).as_slice()).unwrap();
    let db = rusqlite::Connection::open(data.path().join("packs/1.db")).unwrap();
    let large = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x0f\xa0\0\0\x0b\xb8\x08\x02\0\0\0".as_slice();
    db.execute("UPDATE media SET bytes = ?1", [large]).unwrap();
    drop(db);
    assert!(library::verify(&data.path().join("packs/1.db")).is_err());
    // The program that installed it wrote no hash down.
    let current = data.path().join("packs/current");
    let mut record: serde_json::Value = serde_json::from_slice(&fs::read(&current).unwrap()).unwrap();
    record.as_object_mut().unwrap().remove("hashes").expect("a hash");
    fs::write(&current, record.to_string()).unwrap();
    let same = office.sign(&fs::read(data.path().join("packs/1.db")).unwrap(), "le-loi", 1);
    let again = install(&slots, &office, same.as_slice());
    assert!(matches!(again, Err(InstallError::SameEdition(1))), "{again:?}");
}

/// A digit of a telephone number that the card has spoiled: nothing that a database notices.
#[test]
fn a_spoiled_pack_is_brought_again_also_where_no_hash_was_written_down() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    let pack = office.pack(&content(1));
    install(&slots, &office, pack.as_slice()).unwrap();
    let good = fs::read(data.path().join("packs/1.db")).unwrap();
    let current = data.path().join("packs/current");
    let mut record: serde_json::Value = serde_json::from_slice(&fs::read(&current).unwrap()).unwrap();
    record.as_object_mut().unwrap().remove("hashes").expect("a hash");
    for written in [record.to_string(), "{".to_owned()] {
        fs::write(&current, &written).unwrap();
        let again = install(&slots, &office, pack.as_slice());
        assert!(matches!(again, Err(InstallError::SameEdition(1))), "{again:?}");
        let mut spoiled = good.clone();
        let at = good
            .windows(4)
            .position(|bytes| *bytes == "Thử".as_bytes()[..4])
            .expect("a title");
        spoiled[at] = b'C';
        fs::write(data.path().join("packs/1.db"), &spoiled).unwrap();
        assert_eq!(install(&slots, &office, pack.as_slice()).unwrap(), 1);
        assert_eq!(fs::read(data.path().join("packs/1.db")).unwrap(), good);
    }
}

#[test]
fn a_pack_of_another_form_is_left_for_the_program_that_reads_it() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    for edition in [1, 2] {
        install(&slots, &office, office.pack(&content(edition)).as_slice()).unwrap();
    }
    let form = |form: i32| {
        let db = rusqlite::Connection::open(data.path().join("packs/2.db")).unwrap();
        db.pragma_update(None, "user_version", form).unwrap();
    };
    let ours = rusqlite::Connection::open(data.path().join("packs/2.db")).unwrap();
    let ours: i32 = ours.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    form(ours + 1);
    assert_eq!(shown(data.path()), Some(1));
    assert_eq!(
        slots.wanted(),
        Some(("le-loi".to_owned(), 2)),
        "nothing older takes its place"
    );
    form(ours);
    assert_eq!(shown(data.path()), Some(2));
}

#[test]
fn a_lost_or_damaged_record_costs_nothing() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    for edition in [1, 2] {
        install(&slots, &office, office.pack(&content(edition)).as_slice()).unwrap();
    }
    slots.has_shown_itself(2);
    let record = data.path().join("packs/current");
    for damage in [
        None,
        Some("{}"),
        Some("\0\0\0\0"),
        Some(r#"{"current":{"pack":{"file":"../../1.db","id":null,"sequence":1}},"previous":null}"#),
    ] {
        match damage {
            None => fs::remove_file(&record).unwrap(),
            Some(damage) => fs::write(&record, damage).unwrap(),
        }
        assert_eq!(shown(data.path()), Some(2), "{damage:?}");
        assert!(files(data.path()).contains(&"1.db".to_owned()));
    }
    install(&slots, &office, office.pack(&content(3)).as_slice()).unwrap();
    assert_eq!(shown(data.path()), Some(3));
}

#[test]
fn there_is_room_for_something_and_not_for_everything() {
    let data = tempfile::tempdir().unwrap();
    let slots = Slots::open(data.path(), None);
    let free = slots.free_space().unwrap();
    assert!(
        matches!(slots.check_space(free), Err(InstallError::NoSpace { .. })),
        "the reserve stays free"
    );
    assert!(matches!(slots.check_space(u64::MAX), Err(InstallError::NoSpace { .. })));
}

/// A kiosk in a start of the machine.
fn slots_in(data: &Path, boot: &str) -> Slots {
    Slots {
        boot: Some(boot.to_owned()),
        ..Slots::open(data, None)
    }
}

/// Starts the program, which shows what it finds; gives the edition.
fn starts(slots: &Slots) -> Option<u64> {
    let library = slots.start(no_factory).library?;
    Some(library.catalogue().pack.edition)
}

fn two_packs(data: &Path) -> Office {
    let office = Office::new();
    let slots = Slots::open(data, None);
    for edition in [1, 2] {
        install(&slots, &office, office.pack(&content(edition)).as_slice()).unwrap();
        if edition == 1 {
            slots.has_shown_itself(1);
        }
    }
    office
}

#[test]
fn a_new_pack_that_ends_the_program_three_times_is_left_and_remembered() {
    let data = tempfile::tempdir().unwrap();
    let office = two_packs(data.path());
    let slots = slots_in(data.path(), "monday");
    // The program that is killed is simply not heard of again.
    for _ in 0..3 {
        assert_eq!(starts(&slots), Some(2));
        assert_eq!(slots.left(), None);
    }
    assert_eq!(starts(&slots), Some(1));
    assert_eq!(slots.left(), Some(2), "for staff and the office");
    assert_eq!(files(data.path()), ["1.db", "current"]);
    // The same bytes are not taken again, by whatever way they come; another edition is, and has its own trial.
    let again = install(&slots, &office, office.pack(&content(2)).as_slice()).unwrap_err();
    assert!(
        matches!(again, InstallError::Left(2)) && again.is_for_good(),
        "{again:?}"
    );
    assert!(again.for_staff().contains("lần 2"), "{}", again.for_staff());
    for _ in 0..5 {
        assert_eq!(
            starts(&slots),
            Some(1),
            "what has shown itself stays, however the program ends"
        );
    }
    install(&slots, &office, office.pack(&content(3)).as_slice()).unwrap();
    assert_eq!((starts(&slots), slots.left()), (Some(3), None));
    let mut mended = content(4);
    mended.pack.title = "Đã sửa".to_owned();
    install(&slots, &office, office.pack(&mended).as_slice()).unwrap();
    let again = install(&slots, &office, office.pack(&content(2)).as_slice());
    assert!(matches!(again, Err(InstallError::Left(2))), "remembered beyond others");
}

#[test]
fn good_ends_and_power_cuts_are_not_held_against_a_pack() {
    let data = tempfile::tempdir().unwrap();
    two_packs(data.path());
    for start in 0..20 {
        // Each in another start of the machine: somebody pulled the plug.
        assert_eq!(starts(&slots_in(data.path(), &format!("start {start}"))), Some(2));
    }
    let slots = slots_in(data.path(), "monday");
    for _ in 0..20 {
        assert_eq!(starts(&slots), Some(2));
        slots.ends_well();
    }
    // Two bad ends with good ones between them, then it shows itself.
    for _ in 0..2 {
        assert_eq!(starts(&slots), Some(2));
        assert_eq!(starts(&slots), Some(2));
        slots.ends_well();
    }
    slots.has_shown_itself(1);
    assert!(
        files(data.path()).contains(&"trial".to_owned()),
        "that was another pack"
    );
    slots.has_shown_itself(2);
    assert!(!files(data.path()).contains(&"trial".to_owned()));
    for _ in 0..5 {
        assert_eq!(starts(&slots), Some(2));
    }
}

#[test]
fn a_pack_that_comes_while_the_program_runs_is_on_trial_from_then_on() {
    let data = tempfile::tempdir().unwrap();
    let office = two_packs(data.path());
    let slots = slots_in(data.path(), "monday");
    slots.has_shown_itself(2);
    assert_eq!(starts(&slots), Some(2));
    install(&slots, &office, office.pack(&content(3)).as_slice()).unwrap();
    slots.is_shown();
    for _ in 0..2 {
        assert_eq!(starts(&slots), Some(3));
    }
    assert_eq!(
        starts(&slots),
        Some(2),
        "the first bad end was that of the run that brought it"
    );
    assert_eq!(slots.left(), Some(3));
}

#[test]
fn a_pack_beside_which_there_is_nothing_stays_and_the_factorys_is_something() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = slots_in(data.path(), "monday");
    install(&slots, &office, office.pack(&content(4)).as_slice()).unwrap();
    for _ in 0..6 {
        assert_eq!(starts(&slots), Some(4));
    }
    let factory = data.path().join("factory.db");
    library::write(&content(3), &factory).unwrap();
    let slots = Slots {
        factory: Some(factory),
        ..slots
    };
    let start = slots.start(Library::open);
    assert_eq!((start.origin, slots.left()), (Origin::Factory, Some(4)));
    assert!(!slots.can_go_back());
    assert_eq!(slots.wanted(), Some(("le-loi".to_owned(), 3)));
}

#[test]
fn without_a_number_of_the_machines_start_no_end_is_a_bad_one() {
    let data = tempfile::tempdir().unwrap();
    two_packs(data.path());
    let slots = Slots {
        boot: None,
        ..Slots::open(data.path(), None)
    };
    for _ in 0..6 {
        assert_eq!(starts(&slots), Some(2));
    }
}

#[test]
fn a_damaged_trial_is_none_and_no_step_that_fails_costs_a_pack() {
    let data = tempfile::tempdir().unwrap();
    two_packs(data.path());
    let slots = slots_in(data.path(), "monday");
    for damage in ["", "{}", "\0\0\0", "[1]"] {
        fs::write(data.path().join("packs/trial"), damage).unwrap();
        for _ in 0..4 {
            assert_eq!(starts(&slots), Some(2), "{damage:?}");
        }
    }
    for dead in [false, true] {
        for step in 1.. {
            let data = tempfile::tempdir().unwrap();
            two_packs(data.path());
            for _ in 0..3 {
                assert_eq!(starts(&slots_in(data.path(), "monday")), Some(2));
            }
            // The fourth start, in which the pack is left, is cut off at every step.
            let (files_with_faults, fault) = faults::failing_at(step, dead);
            let cut_off = Slots {
                files: files_with_faults,
                ..slots_in(data.path(), "monday")
            };
            assert_eq!(starts(&cut_off), Some(1), "step {step}");
            if !fault.hit() {
                assert!(step > 5);
                break;
            }
            let slots = slots_in(data.path(), "monday");
            assert_eq!(
                (starts(&slots), slots.left()),
                (Some(1), Some(2)),
                "step {step} (dead: {dead})"
            );
        }
    }
}

#[test]
fn a_pack_beside_which_nothing_can_be_shown_is_not_left() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let factory = data.path().join("factory.db");
    fs::write(&factory, "what a card made of it").unwrap();
    let slots = Slots {
        boot: Some("monday".to_owned()),
        ..Slots::open(data.path(), Some(factory))
    };
    install(&slots, &office, office.pack(&content(2)).as_slice()).unwrap();
    for _ in 0..6 {
        let library = slots.start(Library::open).library.expect("what there is");
        assert_eq!(library.catalogue().pack.edition, 2);
    }
    assert_eq!(slots.left(), None);
    assert!(files(data.path()).contains(&"2.db".to_owned()));
}

/// A card that is full, or that can only be read, from the second start on.
#[test]
fn where_bad_ends_can_not_be_counted_the_pack_before_is_shown_and_nothing_is_lost() {
    let data = tempfile::tempdir().unwrap();
    let office = two_packs(data.path());
    let slots = slots_in(data.path(), "monday");
    assert_eq!(starts(&slots), Some(2));
    for _ in 0..5 {
        let (files_with_faults, fault) = faults::failing_at(1, true);
        let full = Slots {
            files: files_with_faults,
            ..slots_in(data.path(), "monday")
        };
        assert_eq!(starts(&full), Some(1), "it ended badly, and that can't be noted");
        assert!(fault.hit());
    }
    assert!(files(data.path()).contains(&"2.db".to_owned()));
    // There is room again: it is tried until it was enough.
    for _ in 0..2 {
        assert_eq!((starts(&slots), slots.left()), (Some(2), None));
    }
    assert_eq!((starts(&slots), slots.left()), (Some(1), Some(2)));
    let again = install(&slots, &office, office.pack(&content(2)).as_slice()).unwrap_err();
    assert!(matches!(again, InstallError::Left(2)), "{again:?}");
}

#[test]
fn a_pack_that_is_left_is_remembered_also_where_no_hash_was_written_down() {
    let data = tempfile::tempdir().unwrap();
    let office = two_packs(data.path());
    let current = data.path().join("packs/current");
    let mut record: serde_json::Value = serde_json::from_slice(&fs::read(&current).unwrap()).unwrap();
    record.as_object_mut().unwrap().remove("hashes").expect("a hash");
    fs::write(&current, record.to_string()).unwrap();
    let slots = slots_in(data.path(), "monday");
    (0..3).for_each(|_| assert_eq!(starts(&slots), Some(2)));
    assert_eq!(starts(&slots), Some(1));
    let again = install(&slots, &office, office.pack(&content(2)).as_slice()).unwrap_err();
    assert!(matches!(again, InstallError::Left(2)), "{again:?}");
}

#[test]
fn staff_go_back_from_what_they_see_and_from_nothing_else() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    for edition in [1, 2, 3] {
        install(&slots, &office, office.pack(&content(edition)).as_slice()).unwrap();
    }
    // They saw 2, and the office's 3 came just then; or they touched twice.
    assert!(matches!(
        slots.roll_back(Some(2)),
        Err(SlotError::Another { from: 2, current: 3 })
    ));
    assert_eq!(slots.roll_back(Some(3)).unwrap().sequence(), Some(2));
    assert!(slots.roll_back(Some(3)).is_err());
    assert_eq!(shown(data.path()), Some(2));
}

/// A program that stands for the one that looks packs over.
fn program(dir: &Path, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;

    let file = dir.join("program");
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    file
}

#[test]
fn a_pack_is_installed_only_when_it_was_looked_over_to_its_end() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    let slots = Slots::open(data.path(), None);
    install(&slots, &office, office.pack(&content(1)).as_slice()).unwrap();
    let before = files(data.path());
    let pack = office.pack(&content(2));
    let can_not: Expected = |error| matches!(error, InstallError::CanNotBeShown(_)) && error.is_for_good();
    let not_now: Expected = |error| matches!(error, InstallError::NotRehearsed(_)) && !error.is_for_good();
    let cases = [
        ("exit 101", can_not),      // a panic
        ("kill -ABRT $$", can_not), // no memory within its limit
        ("kill -XCPU $$", can_not), // too long at a screen
        ("exit 65", can_not),       // no end to its screens
        ("kill -KILL $$", not_now), // the system had no memory
        ("kill -TERM $$", not_now), // the machine is turned off
        ("exit 1", not_now),        // the disk, no thread, no screen in memory
        ("exit 2", not_now),        // a program that does not know the command
    ];
    for (script, expected) in cases {
        let dir = tempfile::tempdir().unwrap();
        let slots = slots.clone().rehearsed_by(program(dir.path(), script));
        let error = install(&slots, &office, pack.as_slice()).unwrap_err();
        assert!(expected(&error), "{script}: {error:?}");
        assert_eq!(files(data.path()), before, "{script}");
    }
    let nobody = slots.clone().rehearsed_by(data.path().join("no program"));
    let error = install(&nobody, &office, pack.as_slice()).unwrap_err();
    assert!(not_now(&error), "{error:?}");
    let dir = tempfile::tempdir().unwrap();
    // It gets the pack while that has no name yet.
    let looks = "test \"$1\" = rehearse && test -s \"$2\" && case $2 in */2.db.part) ;; *) exit 1;; esac";
    let slots = slots.rehearsed_by(program(dir.path(), looks));
    assert_eq!(install(&slots, &office, pack.as_slice()).unwrap(), 2);
}

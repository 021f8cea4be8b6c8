//! Files of earlier programs, as these wrote them (`tests/forms/`), are read by this one: docs/decisions/015. Whoever changes a form
//! adds the newest file of the one before, and never changes those that are there.

use std::fs;
use std::path::{Path, PathBuf};

use commune_kiosk::content::library::{self, Library};
use commune_kiosk::kiosk::slots::{FOLDER, Slots};
use commune_kiosk::usage::receipt::Receipt;
use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::statistics::Statistics;
use commune_kiosk::usage::store;

fn form(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(form(name)).expect("a stored form")
}

/// A text of JSON with one more field in its first object.
fn with_more(json: &str) -> String {
    json.replacen('{', "{\"of-a-newer-program\":[1,{\"x\":null}],", 1)
}

#[test]
fn statistics_of_every_format_say_the_same() {
    let read = |json: &str| Statistics::from_json(json.trim().as_bytes()).expect("statistics");
    let newest = read(&text("statistics-3.json"));
    assert_eq!(newest.table.total(Signal::PageOpened), 15);
    for older in ["statistics-1.json", "statistics-2.json"] {
        let older = read(&text(older));
        assert_eq!(older.table, newest.table);
        assert_eq!((older.health.edition, older.health.losses), (4, 0));
    }
    assert_eq!(read(&with_more(&text("statistics-3.json"))), newest);
}

#[test]
fn a_receipt_is_understood_also_from_an_office_that_says_more() {
    let receipt: Receipt = serde_json::from_str(&text("receipt-1.json")).expect("a receipt");
    assert_eq!((receipt.stored.len(), receipt.refused.len()), (1, 1));
    let newer = serde_json::from_str::<Receipt>(&with_more(&text("receipt-1.json")));
    assert_eq!(newer.expect("a receipt"), receipt);
}

#[test]
fn counts_of_the_first_form_go_on() {
    let data = tempfile::tempdir().expect("a folder");
    fs::copy(form("usage-1.db"), data.path().join(store::FILE)).expect("copied");
    let counts = store::Store::open(data.path()).expect("opened");
    assert_eq!((counts.boot(), counts.losses()), (2, 0), "it is not a new one");
    let counted = counts.read().expect("counts");
    assert_eq!(counted.total(Signal::PageOpened), 12);
    assert_eq!(counted.total(Signal::SearchFound), 3);
}

#[test]
fn a_library_of_the_second_form_is_shown_and_installed() {
    let library = Library::open(&form("library-2.db")).expect("a library");
    assert_eq!(library.catalogue().pack.edition, 1);
    for card in &library.catalogue().pages {
        assert!(library.page(&card.id).expect("read").is_some());
    }
    library::verify(&form("library-2.db")).expect("fit to be shown");
}

#[test]
fn a_record_of_packs_is_understood_also_if_it_says_more() {
    let data = tempfile::tempdir().expect("a folder");
    let slots = Slots::open(data.path(), None);
    fs::create_dir(data.path().join(FOLDER)).expect("a folder");
    for record in [text("current-1.json"), with_more(&text("current-1.json"))] {
        fs::write(data.path().join(FOLDER).join("current"), record).expect("written");
        let order: Vec<_> = slots
            .order()
            .iter()
            .map(commune_kiosk::kiosk::slots::Slot::sequence)
            .collect();
        assert_eq!(order, [Some(2), None]);
    }
}

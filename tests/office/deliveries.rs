//! Files that an officer brings on a stick, through the page: what was taken is said, whatever happens to the others.

use std::io::{Cursor, Read};
use std::thread::sleep;
use std::time::{Duration, Instant};

use commune_kiosk::bundle::{Kind, Reader};

use crate::answers::{Maker, Way};
use crate::common::office::Office;
use crate::desk::Desk;

fn brings(desk: &Desk, files: &[(&str, &[u8])]) -> String {
    let answer = desk.uploads("/deliveries", "files", files);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

#[test]
fn a_failure_half_way_is_not_said_to_have_changed_nothing() {
    let office = Office::open();
    let maker = Maker::accepted(&office, Way::Hand);
    let desk = Desk::at(&office);
    let database = rusqlite::Connection::open(&office.db).expect("the file");
    let fails =
        "CREATE TRIGGER fails BEFORE INSERT ON bundles WHEN NEW.sequence = 3 BEGIN SELECT RAISE(ABORT, 'a disk'); END";
    database.execute_batch(fails).expect("a trigger");
    let bundles = [2, 3, 4].map(|number| maker.counts(number, &[("2026-11-05", 7)]));
    let files = [
        ("2.kstat", &bundles[0][..]),
        ("3.kstat", &bundles[1]),
        ("4.kstat", &bundles[2]),
    ];
    let said = brings(&desk, &files);
    for words in [
        "Đã nhận, gói số 2.",
        "Chưa nhận: cơ sở dữ liệu chưa trả lời.",
        "Còn 1 tệp chưa được xem đến.",
        "tệp đã nhận không bị tính hai lần",
        "Biên nhận của Sảnh",
    ] {
        assert!(said.contains(words), "no “{words}” in {said}");
    }
    assert!(!said.contains("Chưa có gì thay đổi"), "{said}");
    assert_eq!(office.kiosk(&maker.id()).newest, 2);
    database.execute_batch("DROP TRIGGER fails").expect("gone");
    let said = brings(&desk, &files);
    assert!(
        !said.contains("Chưa nhận") && !said.contains("role=\"alert\""),
        "{said}"
    );
    assert_eq!(office.kiosk(&maker.id()).newest, 4);
    assert_eq!(
        office.counts().total(commune_kiosk::usage::signals::Signal::PageOpened),
        21
    );
}

#[test]
fn an_account_that_goes_while_files_come_in_takes_no_more_of_them() {
    let office = Office::open();
    let maker = Maker::accepted(&office, Way::Hand);
    let goes = || office.asks(async |store| store.remove_account("lan").await.expect("an answer"));
    let bundles = [2, 3].map(|number| maker.counts(number, &[("2026-11-05", 7)]));
    let [first, second] = [("2.kstat", &bundles[0][..]), ("3.kstat", &bundles[1][..])];
    let said = Desk::at(&office).uploads_while("/deliveries", "files", &[first], || {
        // Time to be let in; whoever is slower than that is told to sign in.
        sleep(Duration::from_millis(500));
        goes();
    });
    assert!([403, 303].contains(&said.status), "{}", said.text());
    assert_eq!(office.kiosk(&maker.id()).newest, 1);

    // What was taken before is said.
    let said = Desk::at(&office).uploads_while("/deliveries", "files", &[first, second], || {
        let since = Instant::now();
        while office.kiosk(&maker.id()).newest != 2 {
            assert!(since.elapsed() < Duration::from_secs(20), "the first file is not taken");
            sleep(Duration::from_millis(20));
        }
        goes();
    });
    assert_eq!(said.status, 200, "{}", said.text());
    for words in ["Đã nhận, gói số 2.", "không còn được nhận số liệu", "Chưa nhận."] {
        assert!(said.text().contains(words), "no “{words}” in {}", said.text());
    }
    assert_eq!(office.kiosk(&maker.id()).newest, 2);
}

#[test]
fn more_files_than_are_taken_at_a_time_are_said_to_be_left() {
    let office = Office::open();
    let maker = Maker::accepted(&office, Way::Hand);
    let desk = Desk::at(&office);
    let bundle = maker.counts(2, &[]);
    let mut files = vec![("x.kstat", &b"nothing"[..]); 1_999];
    files.extend([("2.kstat", &bundle[..]); 3]);
    let said = brings(&desk, &files);
    assert!(
        said.contains("Đã nhận, gói số 2.") && said.contains("Còn 2 tệp"),
        "{}",
        &said[..2_000]
    );
    assert!(said.contains("nhiều nhất 2.000 tệp"));
}

#[test]
fn receipts_of_many_kiosks_come_in_one_file() {
    let office = Office::open();
    let makers = [0; 3].map(|_| Maker::accepted(&office, Way::Hand));
    let desk = Desk::at(&office);
    let bundles = makers.each_ref().map(|maker| maker.counts(2, &[("2026-11-05", 7)]));
    let said = brings(&desk, &bundles.each_ref().map(|bundle| ("a.kstat", &bundle[..])));
    assert!(said.contains("Tải tất cả biên nhận"), "{said}");
    let (_, ids) = said.split_once("name=\"kiosks\" value=\"").expect("a form");
    let ids = ids.split('"').next().expect("ids");
    let file = desk.sends("/deliveries/receipts", &[("kiosks", ids)]);
    assert_eq!(
        (file.status, file.header("content-type")),
        (200, Some("application/zip"))
    );
    let mut zip = zip::ZipArchive::new(Cursor::new(file.bytes())).expect("a ZIP");
    assert_eq!(zip.len(), 3);
    for maker in &makers {
        let mut receipt = Vec::new();
        let mut entry = zip.by_name(&format!("{}.kack", maker.id())).expect("its receipt");
        entry.read_to_end(&mut receipt).expect("read");
        let reader = Reader::open(&receipt[..], Kind::Receipt, &office.trust()).expect("signed by the office");
        assert_eq!(reader.manifest().id, maker.id());
    }
    assert_eq!(desk.sends("/deliveries/receipts", &[("kiosks", "kiosk-0")]).status, 404);
    // Of one kiosk there is only one.
    let said = brings(&desk, &[("a.kstat", &bundles[0])]);
    assert!(!said.contains("Tải tất cả biên nhận"), "{said}");
}

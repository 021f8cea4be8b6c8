//! Files of earlier programs, as these wrote them (`tests/forms/`), are read by this one: docs/decisions/015. Whoever changes a form
//! adds the newest file of the one before, and never changes those that are there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use chrono::Utc;
use commune_kiosk::bundle::{Kind, Reader};
use commune_kiosk::content::library::{self, Library};
use commune_kiosk::content::source;
use commune_kiosk::kiosk::device::clock::{Clock, Source};
use commune_kiosk::kiosk::slots::{FOLDER, Slots};
use commune_kiosk::kiosk::sync::incoming;
use commune_kiosk::usage::log::Log;
use commune_kiosk::usage::receipt::Receipt;
use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::Statistics;
use commune_kiosk::usage::store;
use rusqlite::Connection;

use crate::common::machine::Machine;

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
    // Before answers came with whether they were right.
    let answers = read(&text("statistics-3-answers.json")).table;
    assert_eq!(answers.total(Signal::QuestionAnswered), 100);
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
    drop(counts);
    // It gets the tables of what is asked for most.
    let mut log = Log::open(Some(data.path()), Stamp::undated(Duration::ZERO));
    assert_eq!(log.take_often(), Some(Vec::new()));
    assert_eq!(log.health().trouble, None);
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

/// Written before cards had pictures, and before there were notices.
#[test]
fn a_library_of_the_third_form_is_shown_and_installed_without_pictures_and_notices() {
    let library = library::verify(&form("library-3.db")).expect("fit to be shown");
    let catalogue = library.catalogue();
    assert!(!catalogue.pages.is_empty() && catalogue.pages.iter().all(|card| card.picture.is_empty()));
    assert!(catalogue.sections.iter().all(|section| section.picture.is_empty()));
    assert!(catalogue.notices.is_empty());
}

/// Programs of the third form refuse other tables and columns, and a section with more keys than they know.
#[test]
fn a_library_of_today_is_one_for_all_programs_of_its_form() {
    let data = tempfile::tempdir().expect("a folder");
    let today = data.path().join("today.db");
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let content = source::read(&crate::common::content_folder(), day)
        .content
        .expect("content");
    library::write(&content, &today).expect("written");
    let told = |file: &Path, sql: &str| -> Vec<String> {
        let db = Connection::open(file).expect("a library");
        let mut rows = db.prepare(sql).expect("a question");
        let rows = rows.query_map([], |row| row.get(0)).expect("an answer");
        rows.collect::<Result<_, _>>().expect("words")
    };
    let tables = "SELECT type || name || ifnull(sql, '') FROM sqlite_schema ORDER BY type, name";
    assert_eq!(told(&today, tables), told(&form("library-3.db"), tables));
    let keys = "SELECT DISTINCT key FROM sections, json_each(data) WHERE key <> 'groups' ORDER BY key";
    assert_eq!(told(&today, keys), told(&form("library-3.db"), keys));
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

/// A text with a word and a line of a later program behind it.
fn with_more_behind(text: &str) -> String {
    format!("{} more\nof-a-newer-program 7\n", text.trim_end())
}

#[test]
fn the_last_known_time_is_understood_also_if_its_note_says_more() {
    let (root, data) = (
        tempfile::tempdir().expect("a root"),
        tempfile::tempdir().expect("a folder"),
    );
    let battery = root.path().join("sys/class/rtc/rtc0");
    fs::create_dir_all(&battery).expect("a folder");
    fs::write(battery.join("since_epoch"), Utc::now().timestamp().to_string()).expect("written");
    let source = || {
        let clock = Clock::of(root.path());
        clock.keep_in(data.path());
        clock.source()
    };
    assert_eq!(source(), Some(Source::Battery));
    for note in [text("notes-1/time"), with_more_behind(&text("notes-1/time"))] {
        fs::write(data.path().join("time"), &note).expect("written");
        assert_eq!(source(), None, "the battery is behind what is known: {note}");
    }
}

#[test]
fn what_staff_said_of_the_date_is_understood_also_if_its_note_says_more() {
    let (root, data) = (
        tempfile::tempdir().expect("a root"),
        tempfile::tempdir().expect("a folder"),
    );
    let kernel = root.path().join("proc/sys/kernel/random");
    fs::create_dir_all(&kernel).expect("a folder");
    fs::write(kernel.join("boot_id"), "monday\n").expect("written");
    fs::write(root.path().join("proc/uptime"), "1000.50 2000.00\n").expect("written");
    for note in [text("notes-1/time-of-staff"), with_more(&text("notes-1/time-of-staff"))] {
        fs::write(data.path().join("time-of-staff"), &note).expect("written");
        let clock = Clock::of(root.path());
        clock.keep_in(data.path());
        assert_eq!(clock.source(), Some(Source::Staff), "{note}");
    }
}

/// Two packs, the second of which is current.
fn two_packs(data: &Path) -> PathBuf {
    let packs = data.join(FOLDER);
    fs::create_dir(&packs).expect("a folder");
    fs::copy(form("library-2.db"), packs.join("1.db")).expect("copied");
    fs::copy(form("library-2.db"), packs.join("2.db")).expect("copied");
    let record = "{\"current\":{\"pack\":{\"file\":\"2.db\",\"id\":\"le-loi\",\"sequence\":2}},\
                  \"previous\":{\"pack\":{\"file\":\"1.db\",\"id\":\"le-loi\",\"sequence\":1}}}";
    fs::write(packs.join("current"), record).expect("written");
    packs
}

/// It failed twice, and this is the third time: the pack before is shown.
#[test]
fn how_a_new_pack_fared_is_understood_also_if_its_note_says_more() {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").expect("Linux");
    let trial = text("notes-1/trial").replace("monday", boot.trim());
    for note in [trial.clone(), with_more(&trial)] {
        let data = tempfile::tempdir().expect("a folder");
        fs::write(two_packs(data.path()).join("trial"), &note).expect("written");
        let slots = Slots::open(data.path(), None);
        let shown = slots.start(|_| Err::<Library, _>("none"));
        assert!(shown.library.is_some(), "{:?}", shown.not_opened);
        assert_eq!(slots.left(), Some(2), "{note}");
    }
}

#[test]
fn bundles_that_are_kept_are_found_also_beside_what_a_later_program_keeps_there() {
    let data = tempfile::tempdir().expect("a folder");
    let mut machine = Machine::start(data.path(), "2026-10-05T08:00:00");
    machine.closes("2026-10-05T08:00:00");
    let waiting = machine.outbox.waiting().expect("a folder").remove(0);
    let bytes = fs::read(&waiting.file).expect("a bundle");
    let (bundle, _) = Reader::introduced(bytes.as_slice(), Kind::Statistics).expect("a bundle");
    let stored = Receipt {
        kiosk: machine.outbox.kiosk().to_owned(),
        stored: [(waiting.sequence, bundle.manifest().unpacked.blake3.clone())].into(),
        ..Receipt::default()
    };
    machine.outbox.take(&stored).expect("taken");
    let sent = data.path().join("outbox/sent");
    for newer in ["later.d/1", "later", "000001.note"] {
        let file = sent.join(newer);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, "of a newer program").expect("written");
    }
    let before = kept(&sent);
    let machine = Machine::start(data.path(), "2026-12-05T08:00:00");
    assert_eq!(machine.outbox.sent().expect("a folder"), 1);
    let name = waiting.file.file_name().expect("a name").to_string_lossy();
    assert!(machine.outbox.is_over(&name).expect("read"));
    // The office has lost it: it is sent again, and the rest stays.
    let lacking = Receipt {
        kiosk: machine.outbox.kiosk().to_owned(),
        lacking: vec![(waiting.sequence, waiting.sequence)],
        ..Receipt::default()
    };
    assert_eq!(machine.outbox.take(&lacking).expect("taken").again, 1);
    let mut after = kept(&sent);
    after.insert(sent.join(&*name), bytes);
    assert_eq!(after, before);
}

/// Every file below a folder, by its name.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.clone(), fs::read(path).expect("a file"));
            }
        }
    }
    files
}

#[test]
fn what_a_newer_program_keeps_beside_it_is_left_alone() {
    let data = tempfile::tempdir().expect("a folder");
    let mut machine = Machine::start(data.path(), "2026-10-05T08:00:00");
    machine.closes("2026-10-05T08:00:00");
    machine.is_visited(6, "2026-10-05T09:00:00");
    machine.closes("2026-11-01T08:00:00");
    assert_eq!(machine.waiting(), 2);
    drop(machine);
    let incoming = data.path().join("incoming");
    let pack = incoming::place(&incoming, 3, "0123456789abcdef").expect("a place");
    fs::write(&pack, "a pack").expect("written");
    incoming::refuse(&pack).expect("refused");
    for newer in ["later", "outbox/wanted/1", "incoming/system.part", "later.d/1"] {
        let file = data.path().join(newer);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, "of a newer program").expect("written");
    }
    let acknowledged = data.path().join("outbox/acknowledged");
    fs::write(acknowledged, "0 lost 1,2\nsince 2026-11-01\n").expect("written");
    let before = kept(data.path());
    let mut machine = Machine::start(data.path(), "2026-12-05T08:00:00");
    assert_eq!((machine.waiting(), machine.outbox.acknowledged()), (2, 0));
    machine.is_visited(6, "2026-12-05T09:00:00");
    machine.closes("2027-01-01T07:00:00");
    let waiting = machine.outbox.waiting().expect("a folder");
    let numbers: Vec<u64> = waiting.iter().map(|waiting| waiting.sequence).collect();
    assert_eq!(numbers, [1, 2, 3], "no number is given twice");
    let place = incoming::place(&incoming, 3, "0123456789abcdef").expect("a place");
    assert!(incoming::is_refused(&place));
    let after = kept(data.path());
    for (file, bytes) in before {
        assert_eq!(after.get(&file), Some(&bytes), "{}", file.display());
    }
}

/// Every file but those of the counts, which go on.
fn kept(data: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files(data);
    files.retain(|file, _| !file.to_string_lossy().contains(store::FILE));
    files
}

#[test]
fn counts_with_more_than_this_program_knows_go_on_and_keep_it() {
    let data = tempfile::tempdir().expect("a folder");
    fs::copy(form("usage-1.db"), data.path().join(store::FILE)).expect("copied");
    // What a newer program may add without another number (decision 015), in each table; what earlier ones have not is made first.
    drop(store::Store::open(data.path()).expect("opened"));
    let newer = Connection::open(data.path().join(store::FILE)).expect("a database");
    let more = "
        ALTER TABLE counts ADD COLUMN more TEXT;
        ALTER TABLE signals ADD COLUMN more TEXT;
        ALTER TABLE meta ADD COLUMN more TEXT;
        ALTER TABLE sealed ADD COLUMN more TEXT;
        CREATE TABLE sent (sequence INTEGER PRIMARY KEY, payload BLOB) STRICT;
        INSERT INTO sent VALUES (1, x'00');
        INSERT INTO meta (name, value) VALUES ('run-of-the-newer', 7);
        INSERT INTO signals (code) VALUES ('film-shown');
        INSERT INTO counts (period, subject, signal, value, n)
            SELECT 20261005, 'bai', number, '', 3 FROM signals WHERE code = 'film-shown';";
    newer.execute_batch(more).expect("more");
    drop(newer);
    let mut machine = Machine::start(data.path(), "2026-12-05T08:00:00");
    machine.is_visited(6, "2026-12-05T09:00:00");
    machine.closes("2026-12-05T10:00:00");
    machine.is_visited(6, "2026-12-06T09:00:00");
    machine.closes("2027-01-01T07:00:00");
    let health = machine.log.health();
    assert_eq!((health.losses, health.newer, health.waiting), (0, false, 0));
    assert!(health.trouble.is_none() && machine.waiting() > 0, "{health:?}");
    drop(machine);
    let back = Connection::open(data.path().join(store::FILE)).expect("a database");
    let number = |sql: &str| back.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    assert_eq!(number("SELECT value FROM meta WHERE name = 'run-of-the-newer'"), 7);
    assert_eq!(number("SELECT count(*) FROM sent"), 1);
    assert_eq!(number("SELECT n FROM readable WHERE signal = 'film-shown'"), 3);
    let aside = fs::read_dir(data.path()).expect("a folder").filter_map(Result::ok);
    let aside: Vec<_> = aside
        .map(|entry| entry.file_name())
        .filter(|name| name.to_string_lossy().contains("damaged"))
        .collect();
    assert!(aside.is_empty(), "{aside:?}");
}

#[test]
fn a_library_of_a_newer_form_waits_for_its_program_while_the_one_before_is_shown() {
    let data = tempfile::tempdir().expect("a folder");
    let packs = two_packs(data.path());
    let form_of = |number: i64| {
        let pack = Connection::open(packs.join("2.db")).expect("a library");
        pack.pragma_update(None, "user_version", number).expect("another form");
    };
    let start = || Slots::open(data.path(), None).start(|_| Err::<Library, _>("none"));
    form_of(99);
    let newer = fs::read(packs.join("2.db")).expect("a file");
    let shown = start();
    assert!(shown.library.is_some(), "{:?}", shown.not_opened);
    assert_eq!(shown.not_opened.len(), 1);
    assert_eq!(fs::read(packs.join("2.db")).expect("it is there"), newer);
    let order = Slots::open(data.path(), None).order();
    assert_eq!(
        order.first().and_then(commune_kiosk::kiosk::slots::Slot::sequence),
        Some(2),
        "it is still the current one"
    );
    form_of(2);
    assert_eq!(start().not_opened, Vec::<String>::new(), "the newer program is back");
}

#[test]
fn settings_of_the_first_program_are_settings() {
    let status = Command::new(env!("CARGO_BIN_EXE_kiosk"))
        .arg("--data")
        .arg(form("kiosk-1"))
        .arg("status")
        .output();
    let said = String::from_utf8(status.expect("the kiosk program runs").stdout).expect("UTF-8");
    assert!(
        said.contains("settings\tfine\n") && said.contains("rotation\t90\n"),
        "{said}"
    );
}

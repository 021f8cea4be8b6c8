//! An office that was restored from an older copy of its database: its kiosks have kept what it acknowledged since, and it gets that
//! again, by network and by stick, and counts it once. And offices that are confused, or worse, and get no more than is kept.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use commune_kiosk::bundle::{self, Head, Key, Kind, Reader, Trust};
use commune_kiosk::kiosk::device::clock::{Clock, Source};
use commune_kiosk::kiosk::sync::network::{self, AGAIN, CallError};
use commune_kiosk::office::receive;
use commune_kiosk::usage::receipt::Receipt;
use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::stamp::Stamp;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::common::machine::Machine;
use crate::common::office::Office;
use crate::common::{postgres, program};

/// The kiosk closes a month in which so many came.
fn month_is_over(machine: &mut Machine, month: u32, visits: u64) {
    machine.is_visited(visits, &format!("2026-{month:02}-10T09:00:00"));
    machine.closes(&format!("2026-{:02}-01T07:00:00", month + 1));
}

/// A kiosk that the office has accepted and that has sent numbers 1 and 2; in number 2 are six visits.
fn kiosk(dir: &TempDir, office: &Office) -> Machine {
    let mut machine = Machine::start(&dir.path().join("kiosk"), "2026-01-01T07:00:00");
    machine.closes("2026-01-01T07:00:00");
    assert!(machine.calls(&office.url(), &office.trust()).0.is_err());
    office.accepts(machine.outbox.kiosk(), "Máy thử");
    month_is_over(&mut machine, 1, 6);
    machine.calls(&office.url(), &office.trust()).0.expect("a good call");
    assert_eq!((machine.waiting(), machine.outbox.sent().expect("a folder")), (0, 2));
    machine
}

fn copy_of_a_file(office: &Office) -> String {
    let copy = office.dir.path().join("night");
    fs::create_dir_all(&copy).expect("a folder");
    for name in ["office.db", "office.db-wal"] {
        let file = office.dir.path().join(name);
        if file.is_file() {
            fs::copy(file, copy.join(name)).expect("copied");
        }
    }
    copy.join("office.db").display().to_string()
}

fn gets_back_by_network_what_it_lost(mut office: Office, copy: impl Fn(&mut Office) -> String) {
    let dir = tempfile::tempdir().expect("a folder");
    let mut machine = kiosk(&dir, &office);
    let night = copy(&mut office);
    // After the nightly copy two more months arrive and are acknowledged. Then the disk fails.
    month_is_over(&mut machine, 2, 7);
    month_is_over(&mut machine, 3, 8);
    machine.calls(&office.url(), &office.trust()).0.expect("a good call");
    assert_eq!((machine.waiting(), office.total(Signal::VisitStarted)), (0, 21));
    let before = office.counts();
    office.crash();
    office.db = night;
    office.start();
    assert_eq!(office.total(Signal::VisitStarted), 6);

    // Nothing waits, and nobody does anything: the daily call is enough.
    machine.calls(&office.url(), &office.trust()).0.expect("a good call");
    assert_eq!(office.total(Signal::VisitStarted), 21);
    let known = office.kiosk(machine.outbox.kiosk());
    assert_eq!((known.newest, known.stored), (4, 4));
    assert_eq!((machine.waiting(), machine.outbox.sent().expect("a folder")), (0, 4));
    machine.calls(&office.url(), &office.trust()).0.expect("a good call");
    assert_eq!(office.total(Signal::VisitStarted), 21, "once");
    assert_eq!(office.counts().differences(&before), [], "every count is what it was");
    let faults = office.asks(async |store| store.verify(receive::counts).await.expect("an answer"));
    assert_eq!(faults, []);
    office.crash();
}

/// While nothing runs on it.
fn at_rest(office: &mut Office, copy: impl Fn(&Office) -> String) -> String {
    office.crash();
    let copy = copy(office);
    office.start();
    copy
}

#[test]
fn an_office_restored_from_a_copy_gets_by_network_what_it_lost() {
    gets_back_by_network_what_it_lost(Office::open(), |office| at_rest(office, copy_of_a_file));
}

#[test]
fn an_office_restored_from_its_backup_has_all_sums_again_when_its_kiosks_have_called() {
    gets_back_by_network_what_it_lost(Office::open(), |office| {
        // The server runs, as every night; and the night before there was a backup too.
        for _ in 0..2 {
            let backup = ["backup", "night.db", "--db", &office.db];
            let made = program::office(office.dir.path(), &backup).output().expect("it runs");
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        }
        let folder = fs::read_dir(office.dir.path()).expect("a folder");
        let names = folder.map(|file| file.expect("a file").file_name().display().to_string());
        let backups: Vec<String> = names
            .filter(|name| name.contains("night") || name.contains("backup"))
            .collect();
        assert_eq!(backups, ["night.db"], "nothing unfinished is left");
        let night = office.dir.path().join("night.db");
        let mode = fs::metadata(&night).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else may read passwords");
        night.display().to_string()
    });
}

#[test]
fn an_office_restored_from_a_copy_of_postgresql_gets_by_network_what_it_lost() {
    let mut office = Office::open();
    office.crash();
    let runtime = Runtime::new().expect("a runtime");
    office.db = runtime.block_on(postgres::fresh_database());
    office.start();
    gets_back_by_network_what_it_lost(office, |office| {
        at_rest(office, |office| runtime.block_on(postgres::copy_of(&office.db)))
    });
}

/// A stick with the folder that the office prepares.
fn stick(dir: &TempDir, name: &str) -> std::path::PathBuf {
    let sticks = dir.path().join(name);
    fs::create_dir_all(sticks.join("usb/KIOSK")).expect("a stick");
    sticks
}

#[test]
fn an_office_restored_from_a_copy_gets_by_stick_what_it_lost() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut office = Office::open();
    let mut machine = kiosk(&dir, &office);
    let (first, second) = (stick(&dir, "first"), stick(&dir, "second"));
    let (folder, other_folder) = (first.join("usb/KIOSK"), second.join("usb/KIOSK"));
    office.crash();
    let night = copy_of_a_file(&office);
    office.start();
    for (month, visits) in [(2, 7), (3, 8)] {
        month_is_over(&mut machine, month, visits);
    }
    // Two sticks go around, and both have the receipt.
    for sticks in [&first, &second] {
        machine.takes_stick(sticks, &office.trust());
        office.takes_files(&sticks.join("usb/KIOSK"));
    }
    machine.takes_stick(&first, &office.trust());
    assert_eq!((machine.waiting(), office.total(Signal::VisitStarted)), (0, 21));
    office.crash();
    office.db = night;
    office.now = || crate::common::office::today() + chrono::Days::new(1);
    office.start();

    // The next month comes, and with it the office sees what is missing in between.
    month_is_over(&mut machine, 4, 9);
    machine.takes_stick(&first, &office.trust());
    office.takes_files(&folder);
    assert_eq!(office.total(Signal::VisitStarted), 15);
    let asked = machine.takes_stick(&first, &office.trust());
    assert_eq!(
        asked.words,
        "Văn phòng đã nhận 1 gói số liệu. Văn phòng bị mất và xin lại 2 gói số liệu. \
         Đã chép 2 gói số liệu vào thư mục KIOSK của USB, mời mang về văn phòng."
    );
    // The other stick has a receipt of before the accident, which says what is not true any more.
    machine.takes_stick(&second, &office.trust());
    // Whatever that did: the first stick, with both, asks again.
    let receipt = format!("{}.kack", machine.outbox.kiosk());
    fs::copy(
        other_folder.join(&receipt),
        folder.join(format!("{} (1).kack", machine.outbox.kiosk())),
    )
    .expect("copied");
    machine.takes_stick(&first, &office.trust());
    assert_eq!(machine.waiting(), 2);
    office.takes_files(&folder);
    assert_eq!(office.total(Signal::VisitStarted), 30);
    let known = office.kiosk(machine.outbox.kiosk());
    assert_eq!((known.newest, known.stored), (5, 5));
    // And it is over, also with the old receipt beside the new one.
    for _ in 0..2 {
        machine.takes_stick(&first, &office.trust());
        assert_eq!((machine.waiting(), machine.outbox.sent().expect("a folder")), (0, 5));
    }
    office.takes_files(&folder);
    assert_eq!(office.total(Signal::VisitStarted), 30, "once");
    office.crash();
}

/// What an office of a test answers to the head and the body of a request: nothing is 404.
type Answer = Box<dyn Fn(&str, &[u8]) -> Option<Vec<u8>> + Send>;

/// Something that speaks HTTP, until the test is over; and the heads of what it was asked.
fn something_that_answers(answers: Answer) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let heads = Arc::new(Mutex::new(Vec::new()));
    let asked = heads.clone();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.expect("a connection");
            let mut reader = BufReader::new(connection.try_clone().expect("a socket"));
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
            let length = head.to_ascii_lowercase();
            let length = length.lines().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.trim().parse().expect("a number"))];
            reader.read_exact(&mut body).expect("a body");
            asked
                .lock()
                .expect("no panic")
                .push(head.lines().next().unwrap_or_default().to_owned());
            let (status, bytes) = match answers(&head, &body) {
                Some(bytes) => ("200 OK", bytes),
                None => ("404 Not Found", Vec::new()),
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                bytes.len()
            );
            // Whoever asked may have gone.
            let _ = connection.write_all(&[answer.as_bytes(), &bytes].concat());
        }
    });
    (address, heads)
}

fn signed(receipt: &Receipt, key: &Key) -> Vec<u8> {
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
    bytes
}

/// The receipt for a bundle.
fn stored(bundle: &[u8]) -> Receipt {
    let (reader, _) = Reader::introduced(bundle, Kind::Statistics).expect("a bundle");
    let manifest = reader.manifest();
    Receipt {
        kiosk: manifest.id.clone(),
        stored: BTreeMap::from([(manifest.sequence, manifest.unpacked.blake3.clone())]),
        ..Receipt::default()
    }
}

fn nonce(head: &str) -> String {
    let asked = head.split("nonce=").nth(1).expect("a nonce");
    asked.split([' ', '&']).next().expect("a nonce").to_owned()
}

/// A kiosk whose four bundles some office has, with this key.
fn kiosk_of(dir: &Path, key: &Key) -> Machine {
    let mut machine = Machine::start(&dir.join("kiosk"), "2026-01-01T07:00:00");
    machine.closes("2026-01-01T07:00:00");
    (1..=3).for_each(|month| month_is_over(&mut machine, month, 6));
    for waiting in machine.outbox.waiting().expect("a folder") {
        let receipt = stored(&fs::read(waiting.file).expect("a bundle"));
        let signed = signed(&receipt, key);
        let trust = Trust::of(key.public().expect("a key"));
        let receipt = machine
            .outbox
            .open_receipt(signed.as_slice(), &trust)
            .expect("a receipt");
        machine.outbox.take(&receipt).expect("taken");
    }
    assert_eq!((machine.waiting(), machine.outbox.sent().expect("a folder")), (0, 4));
    machine
}

#[test]
fn an_office_that_lacks_everything_for_ever_gets_what_is_kept_now_and_then() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key");
    let trust = Trust::of(key.public().expect("a key"));
    let machine = kiosk_of(dir.path(), &key);
    let id = machine.outbox.kiosk().to_owned();
    let (address, heads) = something_that_answers(Box::new(move |head, body| {
        let receipt = if head.starts_with("POST ") {
            stored(body)
        } else {
            Receipt {
                kiosk: id.clone(),
                lacking: vec![(0, u64::MAX); 10_000],
                nonce: nonce(head),
                ..Receipt::default()
            }
        };
        Some(signed(&receipt, &key))
    }));
    let office = network::Office::new(&format!("http://{address}"), None).expect("an address");
    let (mut courier, _packs) = machine.courier(office, &trust);
    let mut brought = |now: Duration| {
        heads.lock().expect("no panic").clear();
        courier.call(Stamp::undated(now)).expect("a good call");
        assert_eq!((machine.waiting(), machine.outbox.sent().expect("a folder")), (0, 4));
        let heads = heads.lock().expect("no panic");
        heads.iter().filter(|head| head.starts_with("POST ")).count()
    };
    let hour = Duration::from_hours(1);
    assert_eq!(brought(hour), 4);
    assert_eq!([brought(hour), brought(2 * hour), brought(AGAIN)], [0, 0, 0]);
    assert_eq!(brought(AGAIN + hour), 4, "it may have been restored once more");
    assert_eq!(brought(AGAIN + 2 * hour), 0);
}

#[test]
fn what_the_office_once_lacked_is_believed_in_the_answer_to_the_kiosks_own_question_only() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key");
    let trust = Trust::of(key.public().expect("a key"));
    let mut machine = kiosk_of(dir.path(), &key);
    let id = machine.outbox.kiosk().to_owned();
    // Somebody on the way has kept an answer of another day, and gives it to all that is asked.
    let (address, heads) = something_that_answers(Box::new(move |_, body| {
        let mut receipt = if body.is_empty() {
            Receipt::default()
        } else {
            stored(body)
        };
        receipt.kiosk.clone_from(&id);
        receipt.lacking = vec![(1, 9)];
        receipt.time = Some(1_800_000_000);
        receipt.nonce = "12345".to_owned();
        Some(signed(&receipt, &key))
    }));
    month_is_over(&mut machine, 4, 6);
    for _ in 0..3 {
        let (called, _) = machine.calls(&format!("http://{address}"), &trust);
        assert!(matches!(called, Err(CallError::NoReceipt(_))), "{called:?}");
        assert_eq!((machine.waiting(), machine.outbox.sent().expect("a folder")), (0, 5));
    }
    assert_eq!(machine.clock.source(), None, "nor what time it was then");
    let posted = heads.lock().expect("no panic");
    assert_eq!(posted.iter().filter(|head| head.starts_with("POST ")).count(), 1);
}

#[test]
fn what_time_it_is_is_believed_if_the_office_signed_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let (office, stranger) = (Key::generate().expect("a key"), Key::generate().expect("a key"));
    let trust = Trust::of(office.public().expect("a key"));
    for (key, source) in [(stranger, None), (office.clone(), Some(Source::Office))] {
        let machine = Machine::start(&dir.path().join("kiosk"), "2026-01-01T07:00:00");
        let id = machine.outbox.kiosk().to_owned();
        let (address, _) = something_that_answers(Box::new(move |head, _| {
            if !head.contains("nonce=") {
                return None;
            }
            let receipt = Receipt {
                kiosk: id.clone(),
                time: Some(1_800_000_000),
                nonce: nonce(head),
                ..Receipt::default()
            };
            Some(signed(&receipt, &key))
        }));
        let (called, _) = machine.calls(&format!("http://{address}"), &trust);
        assert_eq!(called.is_ok(), source.is_some(), "{called:?}");
        assert_eq!(machine.clock.source(), source);
    }
}

#[test]
fn a_receipt_on_a_stick_says_how_late_it_is_at_least() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key");
    let trust = Trust::of(key.public().expect("a key"));
    let mut machine = Machine::start(&dir.path().join("kiosk"), "2026-01-01T07:00:00");
    // A clock with a battery, which is behind.
    let now = chrono::Utc::now().timestamp();
    let battery = dir.path().join("machine/sys/class/rtc/rtc0");
    fs::create_dir_all(&battery).expect("a folder");
    fs::write(battery.join("since_epoch"), format!("{now}\n")).expect("written");
    machine.clock = Clock::of(&dir.path().join("machine"));
    assert_eq!(machine.clock.source(), Some(Source::Battery));
    let sticks = stick(&dir, "sticks");
    let id = machine.outbox.kiosk();
    for (name, time) in [("", now - 86_400), (" (1)", now + 3 * 86_400), (" (2)", i64::MAX)] {
        let receipt = Receipt {
            kiosk: id.to_owned(),
            time: Some(time),
            ..Receipt::default()
        };
        let file = sticks.join(format!("usb/KIOSK/{id}{name}.kack"));
        fs::write(file, signed(&receipt, &key)).expect("written");
    }
    machine.takes_stick(&sticks, &trust);
    assert_eq!(machine.clock.source(), None, "it is later than that");
    assert_eq!(machine.clock.now().wall, None);
}

#[test]
fn an_office_that_does_not_know_the_question_is_called_as_before() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key");
    let trust = Trust::of(key.public().expect("a key"));
    let mut machine = kiosk_of(dir.path(), &key);
    let (address, _) = something_that_answers(Box::new(move |head, body| {
        head.starts_with("POST ").then(|| signed(&stored(body), &key))
    }));
    month_is_over(&mut machine, 4, 6);
    machine
        .calls(&format!("http://{address}"), &trust)
        .0
        .expect("a good call");
    assert_eq!((machine.waiting(), machine.outbox.sent().expect("a folder")), (0, 5));
}

/// A kiosk of version 0.1.0 takes no receipt that says more than receipts did then (`tests/forms/receipt-1.json`).
#[test]
fn a_kiosk_with_an_old_program_gets_receipts_as_before() {
    let dir = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let machine = kiosk(&dir, &office);
    let receipt = || {
        let id = machine.outbox.kiosk();
        let now = (office.now)();
        let bytes = office.receives(async |receiver, store| receiver.receipt(store, id, now).await.expect("a receipt"));
        let mut payload = Vec::new();
        let reader = Reader::open(bytes.as_slice(), Kind::Receipt, &office.trust()).expect("a receipt");
        reader.unpack(&mut payload, |_| {}).expect("whole");
        let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&payload).expect("JSON");
        fields.keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(receipt(), "kiosk refused stored time");
    // It has not said which pack it shows: an old program doesn't.
    rusqlite::Connection::open(&office.db)
        .expect("the file")
        .execute("UPDATE kiosks SET pack_id = NULL", [])
        .expect("changed");
    assert_eq!(receipt(), "kiosk refused stored");
}

#[test]
fn an_office_that_lacks_everything_and_takes_nothing_gets_a_bundle_now_and_then() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key");
    let trust = Trust::of(key.public().expect("a key"));
    let machine = kiosk_of(dir.path(), &key);
    let id = machine.outbox.kiosk().to_owned();
    let (address, heads) = something_that_answers(Box::new(move |head, _| {
        if head.starts_with("POST ") {
            return Some(b"no".to_vec());
        }
        let receipt = Receipt {
            kiosk: id.clone(),
            lacking: vec![(0, 1000)],
            nonce: nonce(head),
            ..Receipt::default()
        };
        Some(signed(&receipt, &key))
    }));
    let office = network::Office::new(&format!("http://{address}"), None).expect("an address");
    let (mut courier, _packs) = machine.courier(office, &trust);
    let mut brought = |now: Duration| {
        heads.lock().expect("no panic").clear();
        let called = courier.call(Stamp::undated(now));
        let heads = heads.lock().expect("no panic");
        let brought = heads.iter().filter(|head| head.starts_with("POST ")).count();
        assert_eq!(called.is_err(), brought > 0, "{called:?}");
        brought
    };
    let hour = Duration::from_hours(1);
    assert_eq!([brought(hour), brought(2 * hour), brought(AGAIN)], [1, 0, 0]);
    assert_eq!([brought(AGAIN + hour), brought(AGAIN + 2 * hour)], [1, 0]);
    assert_eq!(machine.waiting(), 4, "nothing of it is forgotten");
}

/// Anybody may ask an office, with any number; what it signs then is for whoever asked.
#[test]
fn an_answer_to_somebody_is_no_receipt_of_a_stick() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key");
    let machine = kiosk_of(dir.path(), &key);
    let (sticks, id) = (stick(&dir, "sticks"), machine.outbox.kiosk());
    let receipt = Receipt {
        kiosk: id.to_owned(),
        lacking: vec![(1, 9)],
        nonce: "somebody".to_owned(),
        ..Receipt::default()
    };
    fs::write(sticks.join(format!("usb/KIOSK/{id}.kack")), signed(&receipt, &key)).expect("written");
    let outcome = machine.takes_stick(&sticks, &Trust::of(key.public().expect("a key")));
    assert_eq!((machine.waiting(), machine.outbox.sent().expect("a folder")), (0, 4));
    assert!(!outcome.words.contains("xin lại"), "{}", outcome.words);
    // And without a nonce, as a stick's receipt is, it signs none.
    let mut office = Office::open();
    let mut asked = std::net::TcpStream::connect(office.address()).expect("a connection");
    write!(
        asked,
        "GET /v1/receipts/{id}?given=4&nonce= HTTP/1.1\r\nHost: office\r\nConnection: close\r\n\r\n"
    )
    .expect("asked");
    let mut answer = Vec::new();
    asked.read_to_end(&mut answer).expect("an answer");
    assert!(
        answer.starts_with(b"HTTP/1.1 400 "),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    office.crash();
}

/// An older image of the card, or one on which only the key is left.
#[test]
fn a_card_that_lost_its_numbers_gives_none_again_that_the_office_has() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut office = Office::open();
    let before = kiosk(&dir, &office);
    let data = dir.path().join("new-card");
    fs::create_dir_all(&data).expect("a folder");
    fs::copy(before.data.join("identity.key"), data.join("identity.key")).expect("copied");
    let mut machine = Machine::start(&data, "2026-04-10T07:00:00");
    assert_eq!(machine.outbox.kiosk(), before.outbox.kiosk());
    machine.calls(&office.url(), &office.trust()).0.expect("a good call");
    month_is_over(&mut machine, 4, 9);
    let waiting = machine.outbox.waiting().expect("a folder");
    assert_eq!(waiting.iter().map(|bundle| bundle.sequence).collect::<Vec<_>>(), [3]);
    machine.calls(&office.url(), &office.trust()).0.expect("a good call");
    assert_eq!((machine.waiting(), office.total(Signal::VisitStarted)), (0, 15));
    // Nobody makes it run out of numbers.
    machine.outbox.was_given(u64::MAX).expect("a folder");
    assert_eq!(machine.outbox.highest().expect("a folder"), 3);
    office.crash();
}

#[test]
fn an_office_whose_clock_went_back_tells_nobody_the_time() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut office = Office::open();
    office.crash();
    office.now = || crate::common::office::today() + chrono::Days::new(40);
    office.start();
    let machine = kiosk(&dir, &office);
    assert_eq!(machine.clock.source(), Some(Source::Office));
    office.crash();
    office.now = crate::common::office::today;
    office.start();
    let machine = Machine::start(&machine.data, "2026-03-01T07:00:00");
    machine.calls(&office.url(), &office.trust()).0.expect("a good call");
    assert_eq!(machine.clock.source(), None, "it knows that it was later once");
    office.crash();
}

/// Hundreds of bundles lie on an old card for years.
#[test]
fn one_file_that_the_card_can_not_read_holds_up_no_stick() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key");
    let mut machine = kiosk_of(dir.path(), &key);
    month_is_over(&mut machine, 4, 6);
    let (sticks, id) = (stick(&dir, "sticks"), machine.outbox.kiosk());
    let name = format!("{id}-000003.kstat");
    let kept = machine.data.join("outbox/sent").join(&name);
    fs::remove_file(&kept).expect("a bundle");
    // A folder can't be read as a file either.
    fs::create_dir(&kept).expect("a folder");
    let copy = sticks.join("usb/KIOSK").join(&name);
    fs::write(&copy, "a bundle").expect("written");
    let outcome = machine.takes_stick(&sticks, &Trust::of(key.public().expect("a key")));
    assert!(outcome.words.contains("Đã chép 1 gói"), "{}", outcome.words);
    assert!(copy.exists(), "it may be the last");
}

//! Calls to the office, one at a time: what the kiosk does when something on the way is not as it should be.
//!
//! What happens on a network that is bad at random is in `tests/office/faults_on_the_way.rs`.

use crate::common::office;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use crate::common::machine::{Machine, at};
use crate::common::office::Office;
use crate::common::proxy::{Fault, Proxy};
use chrono::{DateTime, Days, Local, NaiveDate};
use commune_kiosk::bundle::{self, Head, Key, Kind, Reader, Trust};
use commune_kiosk::content::{library, source};
use commune_kiosk::files::Files;
use commune_kiosk::kiosk::device::clock::{Clock, Source};
use commune_kiosk::kiosk::slots::Slot;
use commune_kiosk::kiosk::sync::identity::Identity;
use commune_kiosk::kiosk::sync::network::{self, Call, CallError, Status};
use commune_kiosk::kiosk::sync::stick::{self, Order};
use commune_kiosk::office::packs::{self, PackError};
use commune_kiosk::usage::stamp::Stamp;
use tempfile::TempDir;

/// One piece of a pack, as the kiosk asks for it.
const PIECE: u64 = 1024 * 1024;

/// A kiosk that the office has accepted, with this many bundles that wait.
fn kiosk_with_bundles(dir: &TempDir, office: &Office, bundles: u32) -> Machine {
    let mut machine = Machine::start(&dir.path().join("kiosk"), "2026-01-01T07:00:00");
    machine.closes("2026-01-01T07:00:00");
    assert!(machine.calls(&office.url(), &office.trust()).0.is_err());
    office.accepts(machine.outbox.kiosk(), "Máy thử");
    machine
        .calls(&office.url(), &office.trust())
        .0
        .expect("the first bundle");
    for month in 2..2 + bundles {
        machine.is_visited(6, &format!("2026-{:02}-10T09:00:00", month - 1));
        machine.closes(&format!("2026-{month:02}-01T07:00:00"));
    }
    assert_eq!(machine.waiting(), usize::try_from(bundles).expect("few"));
    machine.clock = network_clock(dir);
    machine
}

/// The clock of a machine that knows the time from the network.
fn network_clock(dir: &TempDir) -> Clock {
    let root = dir.path().join("machine");
    let synchronised = root.join("run/systemd/timesync/synchronized");
    fs::create_dir_all(synchronised.parent().expect("a folder")).expect("made");
    fs::write(synchronised, "").expect("written");
    Clock::of(&root)
}

/// A signed pack of the good content, made larger by a recording of so many bytes.
fn pack(dir: &TempDir, edition: u64, larger: usize, key: &Key) -> PathBuf {
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let mut content = source::read(&good, today).content.expect("good content");
    "le-loi".clone_into(&mut content.pack.id);
    content.pack.edition = edition;
    let mut random = fastrand::Rng::with_seed(edition);
    let noise = std::iter::repeat_with(|| random.u8(..)).take(larger).collect();
    content.media.insert("ghi-am.opus".to_owned(), noise);
    let file = dir.path().join("content.db");
    library::write(&content, &file).expect("written");
    signed(dir, edition, &file, key)
}

fn signed(dir: &TempDir, edition: u64, payload: &Path, key: &Key) -> PathBuf {
    let head = Head {
        kind: Kind::Pack,
        id: "le-loi".to_owned(),
        sequence: edition,
        created: String::new(),
    };
    let target = dir.path().join(format!("{edition}.kpack"));
    let mut payload = File::open(payload).expect("a file");
    let mut out = File::create(&target).expect("a file");
    bundle::write(head, &mut payload, &mut Cursor::new(Vec::new()), key, &mut out).expect("a pack");
    target
}

/// Somebody uploads a pack and offers it, whatever it is: what the office looks over is tested there.
fn offers(office: &Office, pack: &Path, edition: u64) {
    let folder = office.dir.path().join("packs");
    fs::create_dir_all(&folder).expect("a folder");
    let bytes = fs::read(pack).expect("a pack");
    fs::write(packs::path(&folder, "le-loi", edition), &bytes).expect("written");
    let pack = commune_kiosk::office::store::Pack {
        id: "le-loi".to_owned(),
        sequence: edition,
        title: "Thử".to_owned(),
        bytes: bytes.len() as u64,
        blake3: blake3::hash(&bytes).to_hex().to_string(),
        uploaded_at: 0,
        offered: true,
    };
    let titles = commune_kiosk::office::titles::Titles::default();
    let added = office.asks(async |store| store.add_pack(&pack, &titles).await);
    assert!(added.expect("a database"));
}

/// A kiosk that shows edition 1 and knows nobody's counts.
fn kiosk_with_pack(dir: &TempDir, office: &Office) -> Machine {
    let mut machine = Machine::start(&dir.path().join("kiosk"), "2026-01-01T07:00:00");
    machine.clock = network_clock(dir);
    shows_edition_1(&machine, dir, office);
    machine
}

fn shows_edition_1(machine: &Machine, dir: &TempDir, office: &Office) {
    let first = File::open(pack(dir, 1, 0, office.content_key())).expect("a file");
    machine
        .slots()
        .install(first, &office.trust(), |_| {})
        .expect("installed");
}

/// The thread that keeps the packs does what the courier ordered; gives how many orders there were.
fn obeys(machine: &Machine, orders: &mpsc::Receiver<Order>, trust: &Trust) -> usize {
    let orders: Vec<Order> = orders.try_iter().collect();
    let number = orders.len();
    for order in orders {
        let clock = Clock::of(Path::new("/nowhere"));
        stick::obey(order, &machine.slots(), Some(trust), &clock, &mut |_| {});
    }
    number
}

fn edition(machine: &Machine) -> Option<u64> {
    machine.slots().order().first().and_then(Slot::sequence)
}

/// The ranges that the kiosk asked the office for.
fn ranges(proxy: &Proxy) -> Vec<u64> {
    let from = |head: String| {
        let range = head.to_ascii_lowercase();
        let range = range.lines().find_map(|line| line.strip_prefix("range: bytes="))?;
        range.split('-').next()?.parse().ok()
    };
    proxy.heads().into_iter().filter_map(from).collect()
}

fn incoming(machine: &Machine) -> BTreeMap<String, u64> {
    let entries = fs::read_dir(machine.data.join("incoming")).into_iter().flatten();
    let named = entries.map(|entry| {
        let entry = entry.expect("an entry");
        let size = entry.metadata().expect("a file").len();
        (entry.file_name().into_string().expect("UTF-8"), size)
    });
    named.collect()
}

#[test]
fn one_bundle_that_is_turned_away_holds_up_no_other() {
    for answer in [
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 4\r\n\r\nno!\n",
        "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 422 Unprocessable Entity\r\nContent-Length: 4\r\n\r\nno!\n",
    ] {
        let dir = tempfile::tempdir().expect("a folder");
        let office = Office::open();
        let machine = kiosk_with_bundles(&dir, &office, 3);
        let proxy = Proxy::planned(office.address(), &[Fault::Answer(answer)]);
        let (called, _) = machine.calls(&proxy.url(), &office.trust());
        assert!(called.is_err(), "staff hear of it: {answer}");
        let waiting = machine.outbox.waiting().expect("a folder");
        assert_eq!(
            waiting.iter().map(|waiting| waiting.sequence).collect::<Vec<_>>(),
            [2],
            "{answer}"
        );
        machine
            .calls(&proxy.url(), &office.trust())
            .0
            .expect("nothing is in its way now");
        assert_eq!(machine.waiting(), 0);
    }
}

#[test]
fn a_pack_comes_though_a_bundle_is_turned_away() {
    let dir = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let mut machine = kiosk_with_pack(&dir, &office);
    machine.closes("2026-01-01T07:00:00");
    offers(&office, &pack(&dir, 2, 0, &office.key), 2);
    let refused = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    let proxy = Proxy::planned(office.address(), &[Fault::Answer(refused)]);
    let (called, orders) = machine.calls(&proxy.url(), &office.trust());
    assert!(matches!(called, Err(CallError::Answer(_))), "{called:?}");
    assert_eq!(obeys(&machine, &orders, &office.trust()), 1);
    assert_eq!(edition(&machine), Some(2));
}

#[test]
fn a_bundle_that_the_card_damaged_is_put_aside_and_the_others_go() {
    let dir = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let machine = kiosk_with_bundles(&dir, &office, 3);
    let damaged = machine.outbox.waiting().expect("a folder").remove(1).file;
    let mut bytes = fs::read(&damaged).expect("a bundle");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&damaged, bytes).expect("written");
    machine
        .calls(&office.url(), &office.trust())
        .0
        .expect("the others are brought");
    assert_eq!((machine.waiting(), machine.outbox.damaged().expect("a folder")), (0, 1));
    let known = office.kiosk(machine.outbox.kiosk());
    assert_eq!((known.newest, known.stored), (4, 3), "the office sees the gap");
}

#[test]
fn a_pack_comes_over_a_line_that_breaks_and_nothing_is_fetched_twice() {
    let dir = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let machine = kiosk_with_pack(&dir, &office);
    offers(&office, &pack(&dir, 2, 3 * 1024 * 1024, &office.key), 2);
    let network = [
        // "What do you lack?", "which is the newest?", the first piece, and the second, which is cut off.
        Fault::None,
        Fault::None,
        Fault::None,
        Fault::TruncateAnswer,
        Fault::None,
        Fault::None,
        Fault::Drop,
    ];
    let proxy = Proxy::planned(office.address(), &network);
    let mut failures = 0;
    loop {
        let (called, orders) = machine.calls(&proxy.url(), &office.trust());
        if called.is_ok() {
            assert_eq!(obeys(&machine, &orders, &office.trust()), 1);
            break;
        }
        assert_eq!(obeys(&machine, &orders, &office.trust()), 0);
        failures += 1;
    }
    assert_eq!(failures, 2);
    assert_eq!(ranges(&proxy), [0, PIECE, PIECE, 2 * PIECE, 3 * PIECE]);
    assert_eq!(edition(&machine), Some(2));
    assert!(incoming(&machine).is_empty());
}

/// A large pack comes over a slow line when somebody at the staff page wants to send what there is.
#[test]
fn a_download_gives_way_to_staff_and_goes_on_after_what_they_sent() {
    let dir = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let mut machine = kiosk_with_bundles(&dir, &office, 0);
    shows_edition_1(&machine, &dir, &office);
    offers(&office, &pack(&dir, 2, 3 * 1024 * 1024, &office.key), 2);
    // "What do you lack?", "which is the newest?", the first piece, and the second, which takes its time.
    let network = [Fault::None, Fault::None, Fault::None, Fault::Hold];
    let proxy = Proxy::planned(office.address(), &network);
    let to = network::Office::new(&proxy.url(), None).expect("an address");
    let (mut courier, packs) = machine.courier(to, &office.trust());
    let status = courier.status.clone();
    let (told, heard) = mpsc::channel();
    let after_a_call = status.clone();
    courier.tell = Box::new(move || {
        let status = after_a_call.lock().expect("no panic").clone();
        told.send(status).expect("somebody listens");
    });
    let (orders, taken) = mpsc::channel();
    // As the staff page does it.
    let asks = || {
        status.lock().expect("no panic").call = Call::Wanted;
        orders.send(network::Order::CallNow).expect("taken");
    };
    asks();
    let calls = std::thread::spawn(move || {
        courier.run(&taken, fastrand::Rng::with_seed(1), || at("2026-12-01T12:00:00"));
    });
    proxy.holds_one();
    machine.is_visited(6, "2026-01-10T09:00:00");
    machine.closes("2026-02-01T07:00:00");
    assert_eq!(machine.waiting(), 1);
    asks();
    // The courier ends after what it was asked for.
    drop(orders);
    proxy.lets_go();
    calls.join().expect("no panic");
    let heads = proxy.heads();
    let place = |words: &str| heads.iter().position(|head| head.to_ascii_lowercase().contains(words));
    let (before, sent) = (place(&format!("bytes={PIECE}-")), place("post /v1/bundles"));
    let after = place(&format!("bytes={}-", 2 * PIECE));
    assert!(before < sent && sent < after, "{heads:?}");
    assert_eq!(machine.waiting(), 0);
    assert_eq!(
        ranges(&proxy),
        [0, PIECE, 2 * PIECE, 3 * PIECE],
        "nothing is fetched twice"
    );
    assert_eq!(obeys(&machine, &packs, &office.trust()), 1);
    assert_eq!(edition(&machine), Some(2));
    let heard: Vec<Status> = heard.iter().collect();
    let [first, second] = heard.as_slice() else {
        panic!("two calls: {heard:?}");
    };
    assert_eq!(
        first.call,
        Call::Wanted,
        "staff go on reading that the office is called"
    );
    assert!(
        first.trouble.is_some_and(|words| words.contains("chưa tải hết")),
        "{first:?}"
    );
    assert_eq!((second.call, second.trouble), (Call::NotWanted, None));
}

#[test]
fn a_strangers_pack_is_given_up_after_its_first_piece() {
    let dir = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let machine = kiosk_with_pack(&dir, &office);
    let stranger = Key::generate().expect("a key");
    offers(&office, &pack(&dir, 2, 3 * 1024 * 1024, &stranger), 2);
    let proxy = Proxy::planned(office.address(), &[]);
    let (called, orders) = machine.calls(&proxy.url(), &office.trust());
    assert!(matches!(called, Err(CallError::Pack(_))), "{called:?}");
    assert_eq!(obeys(&machine, &orders, &office.trust()), 0);
    assert_eq!(ranges(&proxy), [0]);
    assert!(incoming(&machine).is_empty());
}

/// Whoever breaks into the server gets a key that signs receipts: no kiosk shows what it signs.
#[test]
fn the_servers_key_signs_no_content_and_the_key_of_content_no_receipt() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut office = Office::open();
    office.crash();
    office.content = Some(Key::generate().expect("a key"));
    office.start();
    let mut machine = kiosk_with_bundles(&dir, &office, 2);
    machine.clock = network_clock(&dir);
    shows_edition_1(&machine, &dir, &office);

    // Receipts of the server are believed: nothing waits any longer. One that the other key signed is not.
    let (called, _) = machine.calls(&office.url(), &office.trust());
    called.expect("a good call");
    assert_eq!(machine.waiting(), 0);
    let [content, server] = [office.content_key(), &office.key].map(|key| key.public().expect("a key"));
    let receipt = signed_receipt(&machine, office.content_key());
    assert!(
        machine
            .outbox
            .open_receipt(Cursor::new(&receipt), &office.trust())
            .is_err()
    );
    assert!(
        machine
            .outbox
            .open_receipt(Cursor::new(&receipt), &Trust::of(content))
            .is_ok()
    );

    // A pack that the server's key signed is shown nowhere, and taken by no office.
    let [forged, good] =
        [(2, &office.key), (3, office.content_key())].map(|(edition, key)| pack(&dir, edition, 0, key));
    offers(&office, &forged, 2);
    // So small that it is all there before anybody looks: what installs it looks.
    let (_, orders) = machine.calls(&office.url(), &office.trust());
    obeys(&machine, &orders, &office.trust());
    assert_eq!(edition(&machine), Some(1));
    let folder = office.dir.path().join("packs");
    let trust = office.trust();
    let taken = office.asks(async |store| packs::bring(store, &forged, &folder, &trust, 0).await);
    assert!(matches!(taken, Err(PackError::Bundle(_))), "{taken:?}");
    // As before there were two keys: one for everything.
    assert!(Reader::open(File::open(&forged).expect("a file"), Kind::Pack, &Trust::of(server)).is_ok());

    offers(&office, &good, 3);
    let (called, orders) = machine.calls(&office.url(), &office.trust());
    called.expect("a good call");
    assert_eq!(obeys(&machine, &orders, &office.trust()), 1);
    assert_eq!(edition(&machine), Some(3));
}

/// A receipt for a kiosk that says nothing, signed by a key.
fn signed_receipt(machine: &Machine, key: &Key) -> Vec<u8> {
    let kiosk = Identity::open(&machine.data, &Files::default()).expect("a key").id;
    let head = Head {
        kind: Kind::Receipt,
        id: kiosk.clone(),
        sequence: 1,
        created: String::new(),
    };
    let payload = serde_json::json!({ "kiosk": kiosk, "stored": {}, "refused": {} });
    let mut out = Vec::new();
    let payload = payload.to_string();
    bundle::write(
        head,
        &mut payload.as_bytes(),
        &mut Cursor::new(Vec::new()),
        key,
        &mut out,
    )
    .expect("a receipt");
    out
}

#[test]
fn a_pack_that_was_refused_is_not_fetched_again_until_another_is_offered() {
    let dir = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let machine = kiosk_with_pack(&dir, &office);
    let no_library = dir.path().join("pictures");
    fs::write(&no_library, "holiday pictures").expect("written");
    offers(&office, &signed(&dir, 2, &no_library, &office.key), 2);
    let proxy = Proxy::planned(office.address(), &[]);
    let (called, orders) = machine.calls(&proxy.url(), &office.trust());
    called.expect("a good call");
    assert_eq!(obeys(&machine, &orders, &office.trust()), 1);
    assert_eq!((edition(&machine), ranges(&proxy)), (Some(1), vec![0]));
    for _ in 0..2 {
        let (called, orders) = machine.calls(&proxy.url(), &office.trust());
        assert!(
            matches!(called, Err(CallError::Pack(_))),
            "staff hear of it: {called:?}"
        );
        assert_eq!(obeys(&machine, &orders, &office.trust()), 0);
    }
    assert_eq!(ranges(&proxy), [0], "nothing more was fetched");
    offers(&office, &pack(&dir, 3, 0, &office.key), 3);
    let (called, orders) = machine.calls(&proxy.url(), &office.trust());
    called.expect("a good call");
    assert_eq!(obeys(&machine, &orders, &office.trust()), 1);
    assert_eq!(edition(&machine), Some(3));
    assert!(incoming(&machine).is_empty(), "what came of the other is removed");
}

/// A certificate for this machine, with its key, as files.
fn certificate(dir: &TempDir) -> (PathBuf, PathBuf) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("made");
    let (certificate, key) = (dir.path().join("office.pem"), dir.path().join("office.key"));
    fs::write(&certificate, made.cert.pem()).expect("written");
    fs::write(&key, made.signing_key.serialize_pem()).expect("written");
    (certificate, key)
}

#[test]
fn only_the_certificates_of_the_settings_are_believed() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut office = Office::open();
    let machine = kiosk_with_bundles(&dir, &office, 1);
    let (ours, key) = certificate(&dir);
    office.crash();
    office.start_with(Some((ours.clone(), key)), office::generous());
    let url = format!("https://{}", office.address());
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (others, _) = certificate(&elsewhere);
    let call = |ca: Option<&Path>| {
        let pem = ca.map(|file| fs::read(file).expect("a file"));
        let to = network::Office::new(&url, pem.as_deref()).expect("an address");
        machine.calls_at(to, &office.trust()).0
    };
    for stranger in [None, Some(others.as_path())] {
        let refused = call(stranger);
        assert!(matches!(refused, Err(CallError::NotSafe(_))), "{refused:?}");
        assert_eq!(machine.waiting(), 1);
    }
    call(Some(&ours)).expect("a good call");
    assert_eq!(machine.waiting(), 0);
    for nothing in ["", "no certificate"] {
        assert!(matches!(
            network::Office::new(&url, Some(nothing.as_bytes())),
            Err(CallError::NotSafe(_))
        ));
    }
}

/// The network lets nobody through before they have signed in on a page of its own.
#[test]
fn a_page_to_sign_in_on_is_no_office() {
    let dir = tempfile::tempdir().expect("a folder");
    let office = Office::open();
    let machine = kiosk_with_bundles(&dir, &office, 2);
    for answer in [
        "HTTP/1.1 302 Found\r\nLocation: http://wifi.example/login\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>\n",
        "HTTP/1.1 511 Network Authentication Required\r\nContent-Length: 0\r\n\r\n",
    ] {
        let network = Proxy::planned(office.address(), &[Fault::Answer(answer)]);
        let (called, _) = machine.calls(&network.url(), &office.trust());
        assert!(matches!(called, Err(CallError::SignIn)), "{answer}: {called:?}");
        assert!(CallError::SignIn.for_staff().contains("trang đăng nhập"));
        assert_eq!(machine.waiting(), 2, "nothing is believed, nothing is lost");
    }
    let none = Proxy::planned(office.address(), &[]);
    machine.calls(&none.url(), &office.trust()).0.expect("a good call");
}

/// A proxy as offices have one: it leads to whatever is asked for, but only for who has the password. Gives its address and, one for
/// each request, its head.
fn proxy_of_the_network() -> (SocketAddr, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (asked, heads) = mpsc::channel();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.expect("a connection");
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                client.read_exact(&mut byte).expect("a head");
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).expect("text");
            let to = head.split(' ').nth(1).expect("an address").to_owned();
            // "kiosk:mật" in base 64.
            let is_let_through = head.contains("Basic a2lvc2s6beG6rXQ=");
            if asked.send(head).is_err() {
                break;
            }
            if !is_let_through {
                let no = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
                client.write_all(no.as_bytes()).expect("answered");
                continue;
            }
            let mut office = TcpStream::connect(to).expect("the office");
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").expect("answered");
            let (mut from, mut back) = (client.try_clone().expect("a copy"), office.try_clone().expect("a copy"));
            // Whichever side hangs up first ends both.
            std::thread::spawn(move || std::io::copy(&mut from, &mut back).map(|_| back.shutdown(Shutdown::Write)));
            std::thread::spawn(move || {
                std::io::copy(&mut office, &mut client).map(|_| client.shutdown(Shutdown::Both))
            });
        }
    });
    (address, heads)
}

#[test]
fn the_office_is_called_through_a_proxy_and_in_no_other_way() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut office = Office::open();
    let machine = kiosk_with_bundles(&dir, &office, 1);
    let (ours, key) = certificate(&dir);
    office.crash();
    office.start_with(Some((ours.clone(), key)), office::generous());
    let (proxy, heads) = proxy_of_the_network();
    let through = |who: &str| {
        let pem = fs::read(&ours).expect("a file");
        let to = network::Office::new(&format!("https://{}", office.address()), Some(&pem)).expect("an address");
        let to = to.through(&format!("http://{who}{proxy}")).expect("a proxy");
        machine.calls_at(to, &office.trust()).0
    };
    let refused = through("");
    assert!(matches!(refused, Err(CallError::Proxy(_))), "{refused:?}");
    assert_eq!(machine.waiting(), 1);
    through("kiosk:m%E1%BA%ADt@").expect("a good call");
    assert_eq!(machine.waiting(), 0);
    // What listens at this address now is nothing: staff are not told that the office is out of reach.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    let to = network::Office::new(&format!("https://{}", office.address()), None).expect("an address");
    let to = to.through(&format!("http://{nobody}")).expect("a proxy");
    let off = machine.calls_at(to, &office.trust()).0;
    assert!(matches!(off, Err(CallError::Proxy(_))), "{off:?}");
    let heads: Vec<String> = heads.try_iter().collect();
    let connect = format!("CONNECT {} HTTP/1.1", office.address());
    assert!(
        heads.len() > 1 && heads.iter().all(|head| head.starts_with(&connect)),
        "{heads:?}"
    );
}

fn nine_days_on() -> DateTime<Local> {
    Local::now() + Days::new(9)
}

#[test]
fn a_kiosk_without_a_date_hears_it_from_the_office_whatever_the_road() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut office = Office::open();
    // Days away from this computer's calendar, whatever day the test runs on: so is that of a machine whose battery is flat.
    office.now = nine_days_on;
    office.crash();
    office.start();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let mut before = kiosk_with_bundles(&elsewhere, &office, 1);
    before.clock = Clock::of(Path::new("/nowhere"));
    before.calls(&office.url(), &office.trust()).0.expect("a good call");
    assert_eq!(before.clock.source(), Some(Source::Office), "over HTTP");
    let before = kiosk_with_bundles(&dir, &office, 1);
    let mut machine = Machine::start(&before.data, "2026-03-01T07:00:00");
    // Its certificate is nobody's that the kiosk knows.
    let (ours, key) = certificate(&dir);
    office.crash();
    office.start_with(Some((ours, key)), office::generous());
    let to = network::Office::new(&format!("https://{}", office.address()), None).expect("an address");
    let undated = std::mem::replace(&mut machine.clock, network_clock(&dir));
    let (mut courier, _packs) = machine.courier(to.clone(), &office.trust());
    let called = courier.call(at("2026-12-01T12:00:00"));
    assert!(matches!(called, Err(CallError::NotSafe(_))), "{called:?}");
    assert_eq!(
        (machine.clock.source(), machine.waiting()),
        (Some(Source::Network), 1),
        "who knows the date asks nobody whom they can't check"
    );
    machine.clock = undated;
    let (mut courier, _packs) = machine.courier(to, &office.trust());
    // What it sends is signed and no secret, and what it gets is signed.
    courier
        .call(Stamp::undated(Duration::from_mins(1)))
        .expect("a good call");
    assert_eq!(machine.waiting(), 0);
    assert_eq!(machine.clock.source(), Some(Source::Office));
    let told = machine.clock.now().wall.expect("a date");
    let off = told.signed_duration_since(nine_days_on().naive_local());
    assert!(off.num_minutes() == 0, "{told}");
}

#[test]
fn a_kiosk_without_a_date_blames_its_clock_and_not_the_certificate() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut office = Office::open();
    let machine = kiosk_with_bundles(&dir, &office, 1);
    let (ours, key) = certificate(&dir);
    office.crash();
    office.start_with(Some((ours, key)), office::generous());
    let url = format!("https://{}", office.address());
    let trouble = |now: Stamp| {
        let to = network::Office::new(&url, None).expect("an address");
        let (mut courier, _packs) = machine.courier(to, &office.trust());
        let (orders, taken) = mpsc::channel();
        let status = courier.status.clone();
        orders.send(network::Order::CallNow).expect("taken");
        let orders = std::sync::Mutex::new(Some(orders));
        // After the first call nobody gives orders any more.
        courier.tell = Box::new(move || drop(orders.lock().expect("no panic").take()));
        courier.run(&taken, fastrand::Rng::with_seed(1), || now);
        let Status { trouble, .. } = status.lock().expect("no panic").clone();
        trouble.expect("a trouble")
    };
    assert!(trouble(at("2026-02-02T08:00:00")).contains("Chứng chỉ của máy chủ"));
    let undated = Stamp::undated(std::time::Duration::from_hours(1));
    assert!(trouble(undated).contains("chưa biết ngày giờ"));
}

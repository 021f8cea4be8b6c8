//! The office's server as a program among others: what it answers over HTTP, whom it turns away, how it ends.

use crate::common::program;
use std::fs;
use std::io::{Cursor, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Output;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::common::office::{Office, generous};
use crate::common::program::{Program, write_key};
use commune_kiosk::bundle::{self, Head, Key, Kind};
use commune_kiosk::office::packs;
use commune_kiosk::office::serve::{Limits, Patience};
use commune_kiosk::office::store::Pack;
use commune_kiosk::office::titles::Titles;
use commune_kiosk::usage::statistics::{Health, Statistics, Table};
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long the tests wait for anything.
const PATIENCE: Duration = Duration::from_mins(1);

/// An answer, read to its end.
pub struct Answer {
    pub status: u16,
    headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn of(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Self {
        let (head, body) = answer.expect("an answer").into_parts();
        let mut bytes = Vec::new();
        body.into_reader().read_to_end(&mut bytes).expect("a body");
        Self {
            status: head.status.as_u16(),
            headers: head.headers,
            body: bytes,
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

pub fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_idle_connections(0);
    config.build().into()
}

pub fn get(url: &str, path: &str) -> Answer {
    Answer::of(agent().get(format!("{url}{path}")).call())
}

pub fn post(url: &str, bundle: &[u8]) -> Answer {
    Answer::of(agent().post(format!("{url}/v1/bundles")).send(bundle))
}

/// The status of the answer to something large; `None` if the server hung up on it. Whoever is still sending then may not hear why.
pub fn status_for_large(url: &str, bundle: &[u8]) -> Option<u16> {
    match agent().post(format!("{url}/v1/bundles")).send(bundle) {
        Ok(answer) => Some(answer.status().as_u16()),
        Err(ureq::Error::Io(error)) => {
            assert!(
                matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset),
                "{error}"
            );
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// The first bundle of a kiosk, with nothing in it.
pub fn introduction(key: &Key) -> Vec<u8> {
    numbered(key, 1)
}

pub fn numbered(key: &Key, sequence: u64) -> Vec<u8> {
    let health = Health {
        version: "0.1.0".to_owned(),
        ..Health::default()
    };
    let table = Table::default();
    let payload = Statistics { health, table }.to_json();
    bundle_of(key, sequence, &String::from_utf8(payload).expect("JSON"))
}

/// A bundle of statistics with this payload.
pub fn bundle_of(key: &Key, sequence: u64, payload: &str) -> Vec<u8> {
    let head = Head {
        kind: Kind::Statistics,
        id: key.public().expect("a key").kiosk_id(),
        sequence,
        created: String::new(),
    };
    let (mut bundle, mut scratch) = (Vec::new(), Cursor::new(Vec::new()));
    bundle::write(head, &mut payload.as_bytes(), &mut scratch, key, &mut bundle).expect("a bundle");
    bundle
}

/// A connection on which we say what we like.
pub fn connect(office: &Office) -> TcpStream {
    let connection = TcpStream::connect(office.address()).expect("a connection");
    connection.set_read_timeout(Some(PATIENCE)).expect("set");
    connection
}

/// The head of a bundle that never comes whole.
const BEGUN: &[u8] = b"POST /v1/bundles HTTP/1.1\r\nHost: office\r\nContent-Length: 100\r\n\r\n";

/// Says on a connection that a bundle of this length comes, and waits until the server listens.
pub fn begin(connection: &mut TcpStream, bytes: usize) {
    let head =
        format!("POST /v1/bundles HTTP/1.1\r\nHost: office\r\nContent-Length: {bytes}\r\nExpect: 100-continue\r\n\r\n");
    connection.write_all(head.as_bytes()).expect("sent");
    let mut goes_on = [0; 25];
    connection.read_exact(&mut goes_on).expect("an answer");
    assert_eq!(&goes_on, b"HTTP/1.1 100 Continue\r\n\r\n");
}

/// All that is said until the other side closes.
fn rest(mut connection: TcpStream) -> String {
    let mut said = Vec::new();
    // A connection may also be closed with a reset.
    let _ = connection.read_to_end(&mut said);
    String::from_utf8_lossy(&said).into_owned()
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    program::office(folder, arguments)
        .output()
        .expect("the office program runs")
}

pub fn words(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn the_program_takes_bundles_and_a_person_decides_about_kiosks() {
    let folder = tempfile::tempdir().expect("a folder");
    write_key(folder.path(), &Key::generate().expect("a key"));
    let program = Program::start(folder.path(), &[]);
    let health = get(&program.url, "/healthz");
    assert_eq!((health.status, health.text().as_str()), (200, "ok\n"));
    assert_eq!(get(&program.url, "/v1/nothing").status, 404);

    // A kiosk comes that nobody knows.
    let key = Key::generate().expect("a key");
    let public = key.public().expect("a key");
    let id = public.kiosk_id();
    let answer = post(&program.url, &introduction(&key));
    assert_eq!(answer.status, 202, "{}", answer.text());
    let metrics = get(&program.url, "/metrics");
    assert_eq!(metrics.header("content-type"), Some("text/plain; version=0.0.4"));
    let counted = metrics.text();
    assert!(counted.contains("# TYPE office_bundles_total counter"), "{counted}");
    assert!(
        counted.contains("office_bundles_total{answer=\"waiting\"} 1\n"),
        "{counted}"
    );
    assert!(counted.contains("office_receiving_seconds_count 1\n"), "{counted}");

    // Whoever stands at the kiosk reads its six words over the telephone.
    let list = words(&run(folder.path(), &["kiosks", "list"]));
    let six = public.words();
    assert_eq!(six.split(' ').count(), 6);
    assert!(
        list.starts_with(&format!("chờ duyệt\t{id}\t{six}\t")) && list.ends_with("\t1 gói\n"),
        "{list}"
    );
    let accepted = run(folder.path(), &["kiosks", "accept", &id, "--name", "Sảnh UBND xã"]);
    assert!(accepted.status.success());
    assert_eq!(words(&accepted), format!("Đã duyệt {id}: Sảnh UBND xã\n"));
    assert_eq!(post(&program.url, &introduction(&key)).status, 200);
    let list = words(&run(folder.path(), &["kiosks", "list"]));
    assert!(
        list.starts_with(&format!("đã duyệt\t{id}\tSảnh UBND xã\t")) && list.ends_with("\t1/1 gói\n"),
        "{list}"
    );

    let retired = run(folder.path(), &["kiosks", "retire", &id]);
    assert!(retired.status.success());
    assert!(words(&run(folder.path(), &["kiosks", "list"])).starts_with("đã ngừng\t"));
    assert_eq!(post(&program.url, &numbered(&key, 2)).status, 403);

    // Nobody has heard of this one.
    for arguments in [
        &["kiosks", "accept", "kiosk-0", "--name", "Không có"][..],
        &["kiosks", "retire", "kiosk-0"],
    ] {
        let refused = run(folder.path(), arguments);
        assert_eq!(refused.status.code(), Some(1));
        assert!(words(&refused).contains("kiosk-0"), "{}", words(&refused));
    }
}

#[test]
fn what_a_newer_kiosk_counts_is_kept_and_shown_by_its_code() {
    let folder = tempfile::tempdir().expect("a folder");
    write_key(folder.path(), &Key::generate().expect("a key"));
    let program = Program::start(folder.path(), &[]);
    let key = Key::generate().expect("a key");
    let id = key.public().expect("a key").kiosk_id();
    assert_eq!(post(&program.url, &introduction(&key)).status, 202);
    assert!(
        run(folder.path(), &["kiosks", "accept", &id, "--name", "Sảnh"])
            .status
            .success()
    );

    let newer = concat!(
        r#"{"format":3,"health":{"pack":"le-loi","edition":4,"version":"0.9.0","uptime_hours":7,"free_mb":1,"losses":0,"fans":2},"#,
        r#""spans":["2026-10-05"],"counts":{"page-opened":{"khai-sinh":{"":[12]}},"#,
        r#""poster-seen":{"ho-khau":{"list":[30],"search":[10]}}}}"#
    );
    assert_eq!(post(&program.url, &bundle_of(&key, 2, newer)).status, 200);
    let arguments = [
        "report",
        "--from",
        "2026-10-01",
        "--to",
        "2026-10-31",
        "--format",
        "csv",
        "-o",
        "report.csv",
    ];
    let made = run(folder.path(), &arguments);
    assert!(made.status.success(), "{}", words(&made));
    let report = fs::read_to_string(folder.path().join("report.csv")).expect("a report");
    let row = report.lines().find(|line| line.contains("poster-seen"));
    assert!(row.is_some_and(|row| row.contains("40")), "{report}");
    assert!(report.contains("chưa biết tên"), "{report}");
}

/// What a payload of statistics begins with.
const BEGIN: &str = r#"{"format":3,"health":{"edition":1,"version":"1","uptime_hours":1,"free_mb":null,"losses":0},"#;

/// A payload of so many cells of a name and so many spans: `"c7":[1,0,…],`.
fn cells(spans: &[String], cells: usize, numbers: &str) -> String {
    let cells: Vec<String> = (0..cells).map(|cell| format!("\"c{cell}\":[{numbers}]")).collect();
    let (spans, cells) = (spans.join(","), cells.join(","));
    format!("{BEGIN}\"spans\":[{spans}],\"counts\":{{\"rated\":{{\"a\":{{{cells}}}}}}}}}")
}

/// Payloads that a few kilobytes unpack to, and what a kiosk that was accepted is answered.
fn swollen() -> Vec<(String, u16)> {
    let days: Vec<String> = (1..=31).map(|day| format!("\"2026-10-{day:02}\"")).collect();
    let years: Vec<String> = (1..=1200).map(|year| format!("\"{year:04}\"")).collect();
    vec![
        // 4 MiB of cells without a number.
        (cells(&[], 320_000, ""), 409),
        // As many cells as may be: they are counted.
        (cells(&days, 4_999, "1"), 200),
        // Cells that would stand in a thousand sums.
        (cells(&years, 1_300, &vec!["1"; 1200].join(",")), 409),
        // One cell of two million numbers.
        (cells(&[], 1, &vec!["0"; 2_000_000].join(",")), 409),
    ]
}

/// Both kinds: from strangers, a key for each, and from somebody who has the key of an accepted kiosk.
#[test]
fn a_hundred_hostile_requests_take_little_memory_and_an_honest_kiosk_is_answered_beside_them() {
    let folder = tempfile::tempdir().expect("a folder");
    write_key(folder.path(), &Key::generate().expect("a key"));
    let program = Program::start(folder.path(), &[]);
    let [honest, stolen] = [0, 1].map(|_| Key::generate().expect("a key"));
    for key in [&honest, &stolen] {
        assert_eq!(post(&program.url, &introduction(key)).status, 202);
        let id = key.public().expect("a key").kiosk_id();
        let accepted = run(folder.path(), &["kiosks", "accept", &id, "--name", "Sảnh"]);
        assert!(accepted.status.success(), "{}", words(&accepted));
    }
    let payloads = swollen();
    let most = payloads
        .iter()
        .map(|(payload, _)| payload.len())
        .max()
        .expect("payloads");
    assert!(most > 4_000_000 && most <= 4 * 1024 * 1024, "{most}");
    let large = &payloads[0].0;
    let strangers = (0..100).map(|_| (bundle_of(&Key::generate().expect("a key"), 1, large), 507));
    let thieves = (2..102).map(|sequence: u64| {
        let (payload, status) = &payloads[usize::try_from(sequence % 4).expect("a place")];
        (bundle_of(&stolen, sequence, payload), *status)
    });
    for flood in [strangers.collect::<Vec<_>>(), thieves.collect()] {
        let (url, before) = (&program.url, program.most_resident());
        std::thread::scope(|scope| {
            for part in flood.chunks(5) {
                scope.spawn(move || {
                    for (bundle, status) in part {
                        let answer = post(url, bundle);
                        assert_eq!(answer.status, *status, "{}", answer.text());
                    }
                });
            }
            let mut longest = Duration::ZERO;
            for sequence in 1..=20 {
                let asked = Instant::now();
                assert_eq!(post(url, &numbered(&honest, sequence)).status, 200);
                longest = longest.max(asked.elapsed());
            }
            println!("an honest kiosk waited {longest:?} at most");
        });
        let most = program.most_resident();
        println!("{before} KiB before, {most} KiB at most");
        assert!(most < 256 * 1024, "{most} KiB");
    }
}

/// What packs badly is large on the way too. All come at once.
#[test]
fn a_hundred_large_bundles_at_once_take_little_memory_either() {
    let folder = tempfile::tempdir().expect("a folder");
    write_key(folder.path(), &Key::generate().expect("a key"));
    let program = Program::start(folder.path(), &[]);
    let (honest, url) = (Key::generate().expect("a key"), &program.url);
    assert_eq!(post(url, &introduction(&honest)).status, 202);
    let id = honest.public().expect("a key").kiosk_id();
    let accepted = run(folder.path(), &["kiosks", "accept", &id, "--name", "Sảnh"]);
    assert!(accepted.status.success(), "{}", words(&accepted));
    let mut random = fastrand::Rng::with_seed(1);
    let noise: String = std::iter::repeat_with(|| random.alphanumeric())
        .take(4_100_000)
        .collect();
    let signed = bundle_of(
        &Key::generate().expect("a key"),
        1,
        &format!("{{\"noise\":\"{noise}\"}}"),
    );
    assert!(signed.len() > 2_500_000, "{}", signed.len());
    let garbage = vec![b'x'; 4 * 1024 * 1024];
    std::thread::scope(|scope| {
        for place in 0..100 {
            let bundle = [&signed, &garbage][place % 2];
            scope.spawn(move || {
                for _ in 0..3 {
                    let status = status_for_large(url, bundle);
                    assert!(
                        status.is_none_or(|status| [400, 503, 507].contains(&status)),
                        "{status:?}"
                    );
                }
            });
        }
        let mut longest = Duration::ZERO;
        for sequence in 1..=20 {
            let asked = Instant::now();
            assert_eq!(post(url, &numbered(&honest, sequence)).status, 200);
            longest = longest.max(asked.elapsed());
        }
        println!("an honest kiosk waited {longest:?} at most");
    });
    let most = program.most_resident();
    println!("{most} KiB at most");
    assert!(most < 256 * 1024, "{most} KiB");
}

#[test]
fn a_running_request_is_finished_before_the_program_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    write_key(folder.path(), &Key::generate().expect("a key"));
    let program = Program::start(folder.path(), &[]);
    let bundle = introduction(&Key::generate().expect("a key"));
    let address = program.url.strip_prefix("http://").expect("an address").to_owned();
    let mut connection = TcpStream::connect(&address).expect("a connection");
    connection.set_read_timeout(Some(PATIENCE)).expect("set");
    begin(&mut connection, bundle.len());
    connection.write_all(&bundle[..100]).expect("sent");

    program.terminate();
    let begun = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(begun.elapsed() < PATIENCE, "it still listens");
        sleep(Duration::from_millis(20));
    }
    connection.write_all(&bundle[100..]).expect("sent");
    let said = rest(connection);
    assert!(said.starts_with("HTTP/1.1 202 Accepted\r\n"), "{said}");
    assert_eq!(program.ends().code(), Some(0));
}

#[test]
fn the_program_speaks_tls_with_its_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    write_key(folder.path(), &Key::generate().expect("a key"));
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    fs::write(folder.path().join("cert.pem"), made.cert.pem()).expect("written");
    fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).expect("written");
    let program = Program::start(folder.path(), &["--tls-cert", "cert.pem", "--tls-key", "key.pem"]);
    assert!(program.url.starts_with("https://"));
    let trusting = |certificate: &[u8]| -> Agent {
        let certificate = Certificate::from_pem(certificate).expect("a certificate");
        let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[certificate]));
        Agent::config_builder().tls_config(tls.build()).build().into()
    };
    let health = format!("{}/healthz", program.url);
    assert_eq!(
        Answer::of(trusting(made.cert.pem().as_bytes()).get(&health).call()).status,
        200
    );
    let other = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let renewed = trusting(other.cert.pem().as_bytes());
    assert!(renewed.get(&health).call().is_err());
    // Somebody renews it: first the one file, a while later the other, each by a rename.
    let put = |name: &str, text: String| {
        fs::write(folder.path().join("new"), text).expect("written");
        fs::rename(folder.path().join("new"), folder.path().join(name)).expect("renamed");
    };
    put("cert.pem", other.cert.pem());
    sleep(Duration::from_secs(6));
    let old = trusting(made.cert.pem().as_bytes());
    assert_eq!(
        Answer::of(old.get(&health).call()).status,
        200,
        "half of a pair is none"
    );
    put("key.pem", other.signing_key.serialize_pem());
    let begun = Instant::now();
    while renewed.get(&health).call().is_err() {
        assert!(begun.elapsed() < PATIENCE, "it is not read anew");
        sleep(Duration::from_millis(200));
    }
    let old = trusting(made.cert.pem().as_bytes());
    assert!(old.get(&health).call().is_err(), "on a connection of its own");
}

#[test]
fn what_is_too_large_is_refused() {
    let office = Office::open();
    let answer = post(&office.url(), &vec![b'x'; 4 * 1024 * 1024 + 1]);
    assert_eq!(answer.status, 413, "{}", answer.text());
    assert!(answer.text().contains("4 MiB"));
    // As large as it may be, it is read.
    assert_eq!(post(&office.url(), &vec![b'x'; 4 * 1024 * 1024]).status, 400);
}

#[test]
fn whoever_asks_too_often_is_told_when_to_come_back() {
    let mut office = Office::open();
    office.crash();
    office.start_with(None, Limits::new((1, 3), (1_000, 1_000)));
    for _ in 0..3 {
        assert_eq!(get(&office.url(), "/sign-in").status, 200);
    }
    let turned_away = get(&office.url(), "/sign-in");
    assert_eq!(
        (turned_away.status, turned_away.header("retry-after")),
        (429, Some("30"))
    );
    assert!(turned_away.text().contains("thử lại sau"));

    // A kiosk that repeats itself spoils nothing for the others of its address.
    office.crash();
    office.start_with(None, Limits::new((10_000, 10_000), (1, 2)));
    let [busy, quiet] = [0, 1].map(|_| Key::generate().expect("a key"));
    for _ in 0..2 {
        assert_eq!(post(&office.url(), &introduction(&busy)).status, 202);
    }
    let turned_away = post(&office.url(), &introduction(&busy));
    assert_eq!(
        (turned_away.status, turned_away.header("retry-after")),
        (429, Some("30"))
    );
    assert_eq!(post(&office.url(), &introduction(&quiet)).status, 202);
    let metrics = get(&office.url(), "/metrics").text();
    assert!(
        metrics.contains("office_turned_away_total{why=\"kiosk\"} 1\n"),
        "{metrics}"
    );
}

#[test]
fn when_all_places_are_taken_others_come_back_later() {
    let mut office = Office::open();
    office.crash();
    office.start_with(None, generous().at_once(1, 1));
    let mut first = connect(&office);
    begin(&mut first, 100);
    let turned_away = get(&office.url(), "/sign-in");
    assert_eq!(
        (turned_away.status, turned_away.header("retry-after")),
        (503, Some("30"))
    );
    drop(first);
    let begun = Instant::now();
    while get(&office.url(), "/sign-in").status != 200 {
        assert!(begun.elapsed() < PATIENCE, "the place stays taken");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn there_is_memory_for_so_many_bundles_at_once() {
    let mut office = Office::open();
    office.crash();
    office.start_with(None, generous());
    // 24 who say that they will send as much as they may, and send nothing.
    let waiting: Vec<TcpStream> = (0..24)
        .map(|_| {
            let mut connection = connect(&office);
            begin(&mut connection, 4 * 1024 * 1024);
            connection
        })
        .collect();
    let bundle = introduction(&Key::generate().expect("a key"));
    assert_eq!(post(&office.url(), &bundle).status, 503);
    // What needs no memory is answered.
    assert_eq!(get(&office.url(), "/sign-in").status, 200);
    drop(waiting);
    let begun = Instant::now();
    while post(&office.url(), &bundle).status != 202 {
        assert!(begun.elapsed() < PATIENCE, "it has forgotten nobody");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn nobody_holds_a_connection_by_being_slow() {
    let mut office = Office::open();
    office.crash();
    let patience = Patience {
        head: Duration::from_millis(500),
        silence: Duration::from_millis(400),
        answer: Duration::from_secs(2),
    };
    office.start_with(None, generous().patient(patience));

    // Says nothing; says half of what it wants.
    assert_eq!(rest(connect(&office)), "");
    let mut half = connect(&office);
    half.write_all(b"GET /healthz HT").expect("sent");
    assert!(!rest(half).contains("200"));

    // Asks once, and then no more.
    let mut idle = connect(&office);
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: office\r\n\r\n")
        .expect("sent");
    let said = rest(idle);
    assert!(
        said.starts_with("HTTP/1.1 200 OK\r\n") && said.ends_with("\r\n\r\nok\n"),
        "{said}"
    );

    // Begins a bundle and falls silent.
    let mut silent = connect(&office);
    silent.write_all(BEGUN).expect("sent");
    let said = rest(silent);
    assert!(said.starts_with("HTTP/1.1 408 ") && said.contains("quá chậm"), "{said}");

    // Is never silent for long, and never gets to the end.
    let mut slow = connect(&office);
    slow.write_all(BEGUN).expect("sent");
    let begun = Instant::now();
    while slow.write_all(b"x").is_ok() && begun.elapsed() < Duration::from_secs(5) {
        sleep(Duration::from_millis(100));
    }
    let said = rest(slow);
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 503 "), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert_eq!(get(&office.url(), "/healthz").status, 200);
}

#[test]
fn a_pack_is_fetched_in_parts() {
    let office = Office::open();
    let url = office.url();
    let latest = "/v1/packs/latest?id=ha-long";
    assert_eq!(get(&url, latest).status, 204, "there is none");
    let content: Vec<u8> = (0..100_000_u32).map(|place| place.to_le_bytes()[1]).collect();
    fs::write(packs::path(&office.dir.path().join("packs"), "ha-long", 3), &content).expect("written");
    let pack = Pack {
        id: "ha-long".to_owned(),
        sequence: 3,
        title: "Phường Hạ Long".to_owned(),
        bytes: content.len() as u64,
        blake3: blake3::hash(&content).to_hex().to_string(),
        uploaded_at: 0,
        offered: false,
    };
    let added = office.asks(async |store| store.add_pack(&pack, &Titles::default()).await.expect("an answer"));
    assert!(added);
    assert_eq!(get(&url, latest).status, 204, "nobody offers it");
    assert_eq!(get(&url, "/v1/packs/ha-long/3").status, 404);
    office.asks(async |store| store.offer("ha-long", 3, true).await.expect("an answer"));
    let said: serde_json::Value = serde_json::from_slice(&get(&url, latest).body).expect("JSON");
    assert_eq!(said["sequence"], 3);
    assert_eq!(
        (&said["bytes"], &said["blake3"]),
        (&pack.bytes.into(), &pack.blake3.into())
    );

    let whole = get(&url, "/v1/packs/ha-long/3");
    assert_eq!((whole.status, whole.header("accept-ranges")), (200, Some("bytes")));
    assert!(whole.body == content);
    let file = format!("{url}/v1/packs/ha-long/3");
    let part = Answer::of(agent().get(&file).header("range", "bytes=40000-").call());
    assert_eq!(
        (part.status, part.header("content-range")),
        (206, Some("bytes 40000-99999/100000"))
    );
    assert!(part.body == content[40_000..]);
    let beyond = Answer::of(agent().get(&file).header("range", "bytes=100000-").call());
    assert_eq!(beyond.status, 416);
    assert_eq!(get(&url, "/v1/packs/ha-long/2").status, 404, "an older edition");
}

#[test]
fn figures_about_the_server_are_for_this_machine_alone() {
    let mut office = Office::open();
    for behind_proxy in [false, true] {
        office.crash();
        office.behind_proxy = behind_proxy;
        office.start();
        assert!(
            get(&office.url(), "/metrics")
                .text()
                .contains("office_receiving_seconds")
        );
        let through_a_proxy = agent().get(format!("{}/metrics", office.url()));
        let through_a_proxy = Answer::of(through_a_proxy.header("x-forwarded-for", "203.0.113.9").call());
        assert_eq!(through_a_proxy.status, 404);
        assert_eq!(get(&office.url(), "/healthz").status, 200);
    }
}

#[test]
fn where_a_proxy_speaks_tls_browsers_are_told_to_use_nothing_else() {
    let mut office = Office::open();
    for (behind_proxy, told) in [(false, None), (true, Some("max-age=31536000"))] {
        office.crash();
        office.behind_proxy = behind_proxy;
        office.start();
        for path in ["/sign-in", "/style.css", "/no-such-page"] {
            let answer = get(&office.url(), path);
            assert_eq!(answer.header("strict-transport-security"), told, "{path}");
        }
    }
}

/// A proxy that has the office below a path takes that away, and what the office's pages name is then nowhere to be found: the page that
/// is found says so, and nothing hides it.
#[test]
fn below_a_path_the_first_page_says_that_it_does_not_work_there() {
    let office = Office::open();
    let agent: Agent = Agent::config_builder().max_redirects(0).build().into();
    let first = Answer::of(agent.get(office.url()).call());
    let to = first.header("location").expect("a way on");
    let path = url::Url::parse("https://xa.vn/van-phong/").and_then(|path| path.join(to));
    assert_eq!(path.expect("an address").as_str(), "https://xa.vn/van-phong/sign-in");
    let said = get(&office.url(), "/sign-in").text();
    assert!(
        said.contains("class=\"without-style\"") && said.contains("một tên miền riêng"),
        "{said}"
    );
    assert!(
        get(&office.url(), "/style.css")
            .text()
            .contains(".without-style { display: none; }")
    );
    // What needs more than a look is asked for from the root.
    for (path, to) in [
        ("/kiosks", "/sign-in?next=/kiosks"),
        ("/kiosks/x/receipt", "/sign-in?next=/kiosks/x/receipt"),
    ] {
        let answer = Answer::of(agent.get(format!("{}{path}", office.url())).call());
        assert_eq!(answer.header("location"), Some(to));
    }
}

#[test]
fn postgres_on_another_machine_is_not_spoken_to_in_the_clear() {
    let folder = tempfile::tempdir().expect("a folder");
    for address in [
        "postgres://office@db.example/office",
        "postgres://office@192.0.2.1,localhost/office",
        "postgresql://office@localhost/office?hostaddr=192.0.2.1",
    ] {
        let refused = run(folder.path(), &["kiosks", "list", "--db", address]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(words(&refused).contains("--db-ca"), "{}", words(&refused));
    }
    // Nobody listens there, but it is this machine.
    let here = run(
        folder.path(),
        &["kiosks", "list", "--db", "postgres://office@127.0.0.1:9/office"],
    );
    assert!(!words(&here).contains("--db-ca"), "{}", words(&here));
}

//! What the office answers to every kind of bundle, by network and by hand: a clear answer, what is in doubt kept, nothing
//! counted twice.

use std::io::{Cursor, Read};

use crate::common::office::{Office, today};
use commune_kiosk::bundle::{self, Head, Key, Kind, Reader};
use commune_kiosk::office::receive::{Answer, ReceiveError};
use commune_kiosk::usage::receipt::Receipt;
use commune_kiosk::usage::signals::{Cell, Label, Signal};
use commune_kiosk::usage::statistics::{Health, Span, Statistics, Table};
use ureq::Agent;

/// How a bundle comes to the office.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    Network,
    Hand,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// With a receipt of the office's key for exactly this bundle.
    Stored,
    /// With such a receipt that says why.
    Refused(String),
    /// Nothing is decided; why.
    Undecided(String),
    /// The kiosk must be accepted first.
    Waiting,
    Retired,
    /// It is no bundle, or not whose it says; why.
    NoBundle(String),
}

/// Tells a story once for each way.
pub fn on_both_ways(story: impl Fn(&mut Office, Way)) {
    for way in [Way::Network, Way::Hand] {
        println!("{way:?}");
        story(&mut Office::open(), way);
    }
}

/// A kiosk's key and the bundles that it makes.
pub struct Maker(Key);

impl Maker {
    fn new() -> Self {
        Self(Key::generate().expect("a key"))
    }

    /// One that the office has accepted after it sent its first bundle, with nothing in it.
    pub fn accepted(office: &Office, way: Way) -> Self {
        let maker = Self::new();
        assert_eq!(send(office, way, &maker.counts(1, &[])), Said::Waiting);
        office.accepts(&maker.id(), "Sảnh UBND xã Lê Lợi");
        maker
    }

    pub fn id(&self) -> String {
        self.0.public().expect("a key").kiosk_id()
    }

    /// A page was opened so often on these days.
    pub fn counts(&self, sequence: u64, counts: &[(&str, u64)]) -> Vec<u8> {
        self.payload(sequence, &statistics(counts).to_json())
    }

    pub fn payload(&self, sequence: u64, payload: &[u8]) -> Vec<u8> {
        write(&self.0, &self.id(), sequence, payload)
    }
}

fn statistics(counts: &[(&str, u64)]) -> Statistics {
    let cell = Cell {
        signal: Signal::PageOpened,
        subject: Label::new("khai-sinh"),
        value: Label::NONE,
    };
    let mut table = Table::default();
    for (span, n) in counts {
        table.add(span.parse::<Span>().expect("a span"), &cell, *n);
    }
    let health = Health {
        version: "0.1.0".to_owned(),
        ..Health::default()
    };
    Statistics { health, table }
}

fn write(key: &Key, id: &str, sequence: u64, mut payload: &[u8]) -> Vec<u8> {
    let head = Head {
        kind: Kind::Statistics,
        id: id.to_owned(),
        sequence,
        created: "2026-12-01".to_owned(),
    };
    let mut bundle = Vec::new();
    bundle::write(head, &mut payload, &mut Cursor::new(Vec::new()), key, &mut bundle).expect("a bundle");
    bundle
}

/// Brings a bundle to the office, and checks the receipt if there is one.
pub fn send(office: &Office, way: Way, bundle: &[u8]) -> Said {
    let (words, receipt, rule): (String, Vec<u8>, fn(String) -> Said) = match way {
        Way::Network => {
            let (status, body) = post(office, bundle);
            let words = String::from_utf8_lossy(&body).trim_end().to_owned();
            match status {
                200 => (String::new(), body, |_| Said::Stored),
                422 => (String::new(), body, Said::Refused),
                202 => return Said::Waiting,
                409 => return Said::Undecided(words),
                403 => return Said::Retired,
                400 => return Said::NoBundle(words),
                other => panic!("{other}: {words}"),
            }
        }
        Way::Hand => {
            let now = (office.now)();
            match office.receives(async |receiver, _| receiver.receive(bundle.to_owned(), now).await) {
                Ok(Answer::Stored(receipt)) => (String::new(), receipt, |_| Said::Stored),
                Ok(Answer::Refused(why, receipt)) => (why, receipt, Said::Refused),
                Ok(Answer::Undecided(why)) => return Said::Undecided(why),
                Ok(Answer::Waiting) => return Said::Waiting,
                Ok(Answer::NoRoom) => panic!("there is room"),
                Ok(Answer::Retired) => return Said::Retired,
                Err(ReceiveError::Bundle(error)) => return Said::NoBundle(error.for_staff()),
                Err(error) => panic!("{error}"),
            }
        }
    };
    let why = check_receipt(office, &receipt, bundle);
    if !words.is_empty() {
        assert_eq!(why, words, "the receipt says what the clerk is told");
    }
    rule(why)
}

/// Status and body of the answer to a bundle.
fn post(office: &Office, bundle: &[u8]) -> (u16, Vec<u8>) {
    let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
    let answer = agent.post(format!("{}/v1/bundles", office.url())).send(bundle);
    let answer = answer.expect("an answer");
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    answer.into_body().into_reader().read_to_end(&mut body).expect("a body");
    (status, body)
}

/// A receipt of the office's key that names this bundle and no other; gives why it is refused, if it is.
fn check_receipt(office: &Office, receipt: &[u8], bundle: &[u8]) -> String {
    let (reader, _) = Reader::introduced(bundle, Kind::Statistics).expect("a bundle");
    let manifest = reader.manifest().clone();
    let mut payload = Vec::new();
    let reader = Reader::open(receipt, Kind::Receipt, &office.trust()).expect("the office's receipt");
    let head = reader.unpack(&mut payload, |_| {}).expect("a receipt");
    let receipt: Receipt = serde_json::from_slice(&payload).expect("a receipt");
    assert_eq!((&head.id, &receipt.kiosk), (&manifest.id, &manifest.id));
    assert_eq!(receipt.stored.len() + receipt.refused.len(), 1);
    let hash = manifest.unpacked.blake3;
    if let Some(refused) = receipt.refused.get(&manifest.sequence) {
        assert_eq!(refused.blake3, hash);
        return refused.why.clone();
    }
    assert_eq!(receipt.stored.get(&manifest.sequence), Some(&hash));
    String::new()
}

pub fn pages(office: &Office) -> u64 {
    office.total(Signal::PageOpened)
}

/// Numbers and reasons of what is kept aside.
pub fn aside(office: &Office, kiosk: &str) -> Vec<(u64, String)> {
    let aside = office.asks(async |store| store.aside(Some(kiosk), 100).await.expect("an answer"));
    aside.into_iter().map(|aside| (aside.sequence, aside.why)).collect()
}

/// Numbers of what waits.
pub fn waiting(office: &Office, kiosk: &str) -> Vec<u64> {
    let waiting = office.asks(async |store| store.waiting(kiosk).await.expect("an answer"));
    waiting.into_iter().map(|(sequence, _)| sequence).collect()
}

#[test]
fn what_nobody_signed_is_no_bundle_and_leaves_nothing() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let good = maker.counts(2, &[("2026-10-05", 7)]);
        // A letter of the manifest is another one.
        let mut changed = good.clone();
        let place = changed
            .windows(10)
            .position(|part| part == b"2026-12-01")
            .expect("the day");
        changed[place] = b'3';
        let words = "Tệp này đã bị sửa hoặc bị hỏng nên máy không nhận.";
        assert!(matches!(send(office, way, &changed), Said::NoBundle(said) if said.starts_with(words)));
        for bytes in [&good[..good.len() / 2], b"", b"<html>", &vec![0; 5000]] {
            assert!(matches!(send(office, way, bytes), Said::NoBundle(said) if !said.is_empty()));
        }
        assert_eq!((pages(office), aside(office, &maker.id()).len()), (0, 0));
        assert_eq!(send(office, way, &good), Said::Stored);
        assert_eq!(pages(office), 7);
    });
}

#[test]
fn nobody_speaks_in_the_name_of_another_kiosk() {
    on_both_ways(|office, way| {
        let (maker, stranger) = (Maker::accepted(office, way), Maker::new());
        let forged = write(
            &stranger.0,
            &maker.id(),
            2,
            &statistics(&[("2026-10-05", 900)]).to_json(),
        );
        let words = "Tệp này không do văn phòng của máy làm ra";
        assert!(matches!(send(office, way, &forged), Said::NoBundle(said) if said.starts_with(words)));
        assert_eq!((pages(office), office.unknown().len()), (0, 0));
        // The number is still free.
        assert_eq!(send(office, way, &maker.counts(2, &[("2026-10-05", 7)])), Said::Stored);
        assert_eq!(pages(office), 7);
    });
}

#[test]
fn an_unknown_kiosk_waits_for_a_person() {
    on_both_ways(|office, way| {
        let maker = Maker::new();
        let bundles = [1, 2].map(|sequence| maker.counts(sequence, &[("2026-10-05", sequence)]));
        for bundle in bundles.iter().chain(&bundles) {
            assert_eq!(send(office, way, bundle), Said::Waiting);
        }
        assert_eq!((pages(office), waiting(office, &maker.id())), (0, vec![1, 2]));
        office.accepts(&maker.id(), "Sảnh UBND xã Lê Lợi");
        assert_eq!((pages(office), waiting(office, &maker.id())), (3, vec![]));
        // The receipts come when it sends again.
        for bundle in &bundles {
            assert_eq!(send(office, way, bundle), Said::Stored);
        }
        assert_eq!(pages(office), 3);
    });
}

#[test]
fn a_retired_kiosk_is_kept_aside_until_it_is_taken_back() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let id = maker.id();
        assert!(office.asks(async |store| store.retire(&id, 1_790_000_000).await.expect("an answer")));
        let bundle = maker.counts(2, &[("2026-10-05", 7)]);
        for _ in 0..2 {
            assert_eq!(send(office, way, &bundle), Said::Retired);
        }
        assert_eq!(aside(office, &id), [(2, "Máy này đã ngừng sử dụng.".to_owned())]);
        assert_eq!(pages(office), 0);
        office.accepts(&id, "Sảnh UBND xã Lê Lợi");
        assert_eq!(send(office, way, &bundle), Said::Stored);
        assert_eq!(pages(office), 7);
    });
}

#[test]
fn a_gap_in_the_numbers_is_seen_until_it_is_filled() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let id = maker.id();
        let gaps = |office: &Office| office.asks(async |store| store.gaps(&id).await.expect("an answer"));
        for sequence in [2, 7, 5] {
            assert_eq!(
                send(office, way, &maker.counts(sequence, &[("2026-10-05", 1)])),
                Said::Stored
            );
        }
        assert_eq!(gaps(office), [(3, 4), (6, 6)]);
        // A stick that was lost is found again.
        for sequence in [6, 3, 4] {
            assert_eq!(
                send(office, way, &maker.counts(sequence, &[("2026-10-05", 1)])),
                Said::Stored
            );
        }
        assert_eq!((gaps(office), pages(office)), (vec![], 6));
    });
}

#[test]
fn a_refusal_by_a_program_that_knew_less_is_taken_back_when_the_bundle_is_stored() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let bundle = maker.counts(2, &[("2026-10-05", 7)]);
        let hash = blake3::hash(&statistics(&[("2026-10-05", 7)]).to_json())
            .to_hex()
            .to_string();
        let database = rusqlite::Connection::open(&office.db).expect("the file");
        let row = "INSERT INTO aside VALUES (?1, 2, ?2, 'Số liệu này bị lỗi.', 0, x'00')";
        assert_eq!(database.execute(row, [&maker.id(), &hash]).expect("a row"), 1);
        drop(database);
        assert_eq!(send(office, way, &bundle), Said::Stored);
        assert_eq!((pages(office), aside(office, &maker.id())), (7, vec![]));
    });
}

#[test]
fn statistics_of_the_first_format_are_taken_from_kiosks_that_are_not_updated_yet() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let old = concat!(
            r#"{"format":1,"health":{"edition":4,"version":"0.1.0","uptime_hours":70,"free_mb":12000,"losses":0},"#,
            r#""spans":["2026-10-05"],"counts":{"page-opened":{"khai-sinh":{"":[12]}}}}"#
        );
        assert_eq!(send(office, way, &maker.payload(2, old.as_bytes())), Said::Stored);
        assert_eq!(pages(office), 12);
        let kiosk = office.kiosk(&maker.id());
        assert_eq!((kiosk.edition, kiosk.free_mb), (Some(4), Some(12_000)));
        assert_eq!((kiosk.card, kiosk.under_voltage), (None, None), "it never said so");
    });
}

#[test]
fn statistics_of_a_future_format_wait_for_the_offices_update() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let future = maker.payload(2, br#"{"format":4,"people":[7]}"#);
        for _ in 0..2 {
            let said = send(office, way, &future);
            assert!(
                matches!(&said, Said::Undecided(why) if why.contains("chương trình văn phòng mới hơn")),
                "{said:?}"
            );
        }
        assert_eq!(
            (waiting(office, &maker.id()), aside(office, &maker.id())),
            (vec![2], vec![])
        );
        // Accepting a kiosk anew decides nothing either.
        office.accepts(&maker.id(), "Sảnh UBND xã Lê Lợi");
        assert_eq!(waiting(office, &maker.id()), [2]);
        assert_eq!(send(office, way, &maker.counts(3, &[("2026-10-05", 1)])), Said::Stored);

        // The updated program understands the same bundle.
        let updated = office.receives(async |receiver, _| {
            let introduced = receiver.introduce(future.clone()).await.expect("a bundle");
            let mut received = receiver.check(introduced, true, today()).await.expect("a bundle");
            received.content = Ok(statistics(&[("2026-10-06", 7)]));
            receiver.keep(received, today()).await.expect("an answer")
        });
        let Answer::Stored(receipt) = updated else {
            panic!("not stored: {updated:?}")
        };
        check_receipt(office, &receipt, &future);
        assert_eq!((pages(office), waiting(office, &maker.id())), (8, vec![]));
        assert_eq!(office.kiosk(&maker.id()).stored, 3);
    });
}

#[test]
fn a_bundle_of_a_future_form_is_answered_in_words() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let future = in_a_future_form(&maker);
        let said = send(office, way, &future);
        assert!(
            matches!(&said, Said::NoBundle(words) if words.contains("chương trình mới hơn")),
            "{said:?}"
        );
        assert_eq!((pages(office), aside(office, &maker.id())), (0, vec![]));
    });
}

#[test]
fn a_number_used_for_two_contents_counts_once() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let (first, second) = (
            maker.counts(2, &[("2026-10-05", 7)]),
            maker.counts(2, &[("2026-10-05", 9)]),
        );
        assert_eq!(send(office, way, &first), Said::Stored);
        for _ in 0..2 {
            let said = send(office, way, &second);
            assert!(
                matches!(&said, Said::Refused(why) if why.contains("thẻ nhớ của máy đã được sao chép")),
                "{said:?}"
            );
            assert_eq!(send(office, way, &first), Said::Stored);
        }
        assert_eq!((pages(office), aside(office, &maker.id()).len()), (7, 1));
    });
}

#[test]
fn what_makes_no_sense_is_refused_and_kept_aside() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let said = send(office, way, &maker.payload(2, br#"{"format":1,"spans":"yesterday"}"#));
        assert!(
            matches!(&said, Said::Refused(why) if why.starts_with("Số liệu này bị lỗi")),
            "{said:?}"
        );
        assert_eq!((pages(office), aside(office, &maker.id()).len()), (0, 1));
    });
}

#[test]
fn however_often_and_whichever_way_a_bundle_comes_it_counts_once() {
    let office = Office::open();
    let makers = [0, 1, 2].map(|_| Maker::accepted(&office, Way::Hand));
    let mut random = fastrand::Rng::with_seed(7);
    let mut bundles: Vec<(u64, Vec<u8>)> = Vec::new();
    for maker in &makers {
        for sequence in 2..12 {
            let n = random.u64(5..100);
            bundles.push((n, maker.counts(sequence, &[("2026-10-05", n)])));
        }
    }
    let expected: u64 = bundles.iter().map(|(n, _)| n).sum();
    // Four carriers bring everything, each in an order of its own, at the same time.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let mut bundles = bundles.clone();
            random.shuffle(&mut bundles);
            let office = &office;
            scope.spawn(move || {
                for (_, bundle) in &bundles {
                    let (status, receipt) = post(office, bundle);
                    assert_eq!(status, 200);
                    assert_eq!(check_receipt(office, &receipt, bundle), "");
                }
            });
        }
    });
    for (_, bundle) in &bundles {
        assert_eq!(send(&office, Way::Hand, bundle), Said::Stored);
    }
    assert_eq!(pages(&office), expected);
    for maker in &makers {
        let kiosk = office.kiosk(&maker.id());
        assert_eq!((kiosk.newest, kiosk.stored), (11, 11));
        assert_eq!(aside(&office, &maker.id()), []);
    }
}

/// The row of sums of one kiosk is damaged; all that comes together with its bundles is kept all the same.
#[test]
fn one_kiosk_whose_bundles_cannot_be_kept_holds_up_no_other() {
    let office = Office::open();
    let makers: Vec<Maker> = (0..8).map(|_| Maker::accepted(&office, Way::Hand)).collect();
    let bad = &makers[0];
    assert_eq!(
        send(&office, Way::Hand, &bad.counts(2, &[("2026-10-05", 1)])),
        Said::Stored
    );
    let database = rusqlite::Connection::open(&office.db).expect("the file");
    let damage = "UPDATE figures SET counts = x'00' WHERE kiosk_id = ?";
    assert_eq!(database.execute(damage, [bad.id()]).expect("damaged"), 1);
    drop(database);
    let answers = office.receives(async |receiver, _| {
        let mut asked = Vec::new();
        for sequence in 3..11 {
            for maker in &makers {
                let (receiver, bundle) = (receiver.clone(), maker.counts(sequence, &[("2026-10-05", 1)]));
                let is_bad = maker.id() == bad.id();
                asked.push((
                    is_bad,
                    tokio::spawn(async move { receiver.receive(bundle, today()).await }),
                ));
            }
        }
        let mut answers = Vec::new();
        for (is_bad, answer) in asked {
            answers.push((is_bad, answer.await.expect("an answer")));
        }
        answers
    });
    for (is_bad, answer) in answers {
        match answer {
            Ok(Answer::Stored(_)) => assert!(!is_bad),
            other => assert!(is_bad, "{other:?}"),
        }
    }
}

#[test]
fn whoever_makes_keys_can_fill_no_disk() {
    let office = Office::open();
    // It packs to more than 256 KiB: what nobody needs, and nobody's kiosk sends before it is known.
    let noise = random_words(400_000);
    let large = Maker::new().payload(1, format!(r#"{{"format":3,"noise":"{noise}"}}"#).as_bytes());
    assert!(large.len() > 256 * 1024, "{}", large.len());
    let (status, words) = post(&office, &large);
    assert_eq!(status, 507, "{}", String::from_utf8_lossy(&words));
    assert_eq!(office.unknown().len(), 0);
}

/// A bundle whose manifest says that it is of format 2, rightly signed.
fn in_a_future_form(maker: &Maker) -> Vec<u8> {
    let good = maker.counts(2, &[("2026-10-05", 7)]);
    let mut archive = tar::Archive::new(good.as_slice());
    let read = |entry: std::io::Result<tar::Entry<'_, &[u8]>>| {
        let mut member = Vec::new();
        entry.expect("a member").read_to_end(&mut member).expect("bytes");
        member
    };
    let members: Vec<Vec<u8>> = archive.entries().expect("members").map(read).collect();
    let [manifest, signature, payload] = &members[..] else {
        panic!("{} members", members.len())
    };
    let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).expect("UTF-8");
    let manifest = text(manifest).replacen("\"format\": 1", "\"format\": 2", 1);
    let signature = text(signature);
    let comment = signature
        .lines()
        .nth(2)
        .and_then(|line| line.strip_prefix("trusted comment: "));
    let key = maker.0.to_text(None).expect("a text");
    let key = minisign::SecretKeyBox::from_string(&key).and_then(minisign::SecretKeyBox::into_unencrypted_secret_key);
    let signature = minisign::sign(
        None,
        &key.expect("a key"),
        manifest.as_bytes(),
        comment,
        Some("commune kiosk"),
    );
    let signature = signature.expect("a signature").into_string();
    let mut bundle = tar::Builder::new(Vec::new());
    for (name, content) in [
        ("manifest.json", manifest.as_bytes()),
        ("manifest.json.minisig", signature.as_bytes()),
        ("payload.zst", payload.as_slice()),
    ] {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        bundle.append_data(&mut header, name, content).expect("a member");
    }
    bundle.into_inner().expect("a bundle")
}

/// Letters that pack badly.
fn random_words(letters: usize) -> String {
    let mut random = fastrand::Rng::with_seed(1);
    std::iter::repeat_with(|| random.alphanumeric()).take(letters).collect()
}

//! From counts to a bundle to a receipt, with every step failing once.

use std::time::Duration;

use chrono::NaiveDateTime;

use super::*;
use crate::bundle::Key;
use crate::files::faults;
use crate::usage::receipt::Refused;
use crate::usage::signals::{Event, Signal};
use crate::usage::statistics::Statistics;

fn at(text: &str) -> Stamp {
    let wall: NaiveDateTime = text.parse().unwrap();
    Stamp::dated(Duration::from_secs(1000), wall)
}

fn visit(log: &mut Log, now: Stamp) {
    log.count(&Event::VisitStarted, now);
    log.count(&Event::page_opened("khai-sinh"), now);
}

/// A kiosk that counted ten visits in October.
fn kiosk(data: &Path, files: Files) -> (Log, Result<Outbox, OutboxError>) {
    let mut log = Log::open(Some(data), at("2026-10-05T08:00:00"));
    (0..10).for_each(|_| visit(&mut log, at("2026-10-05T08:00:00")));
    log.flush(at("2026-10-05T08:00:00"));
    let identity = Identity::open(data, &Files::default()).unwrap();
    (log, Outbox::open(data, identity, files))
}

fn collect(outbox: &Outbox, log: &mut Log, when: &str) -> Result<bool, OutboxError> {
    outbox.collect(log, Share::Month, at(when), Health::default)
}

fn opened(outbox: &Outbox, file: &Path) -> Statistics {
    let trust = Trust::of(outbox.identity.public.clone());
    let mut payload = Vec::new();
    let reader = Reader::open(fs::File::open(file).unwrap(), Kind::Statistics, &trust).unwrap();
    reader.unpack(&mut payload, |_| {}).unwrap();
    Statistics::from_json(&payload).unwrap()
}

fn receipt(office: &Key, receipt: &Receipt) -> Vec<u8> {
    let head = Head {
        kind: Kind::Receipt,
        id: "any".to_owned(),
        sequence: 1,
        created: String::new(),
    };
    let (mut bytes, payload) = (Vec::new(), serde_json::to_vec(receipt).unwrap());
    bundle::write(head, &mut &*payload, &mut Cursor::new(Vec::new()), office, &mut bytes).unwrap();
    bytes
}

fn taken(stored: usize, refused: usize, again: usize) -> Taken {
    Taken { stored, refused, again }
}

/// A receipt for everything that waits.
fn for_all(outbox: &Outbox) -> Receipt {
    let waiting = outbox.waiting().unwrap();
    let hashes = waiting
        .iter()
        .map(|waiting| (waiting.sequence, outbox.hash(&waiting.file).unwrap().unwrap()));
    Receipt {
        kiosk: outbox.kiosk().to_owned(),
        stored: hashes.collect(),
        ..Receipt::default()
    }
}

fn lacking(outbox: &Outbox, lacking: &[(u64, u64)]) -> Receipt {
    Receipt {
        kiosk: outbox.kiosk().to_owned(),
        lacking: lacking.to_vec(),
        ..Receipt::default()
    }
}

fn numbers_in(outbox: &Outbox, folder: &str) -> Vec<u64> {
    let found = numbered(&outbox.folder.join(folder), outbox.kiosk()).unwrap();
    found.iter().map(|found| found.sequence).collect()
}

fn visits_in(outbox: &Outbox) -> u64 {
    let waiting = outbox.waiting().unwrap();
    let opened = waiting.iter().map(|waiting| opened(outbox, &waiting.file));
    opened
        .map(|statistics| statistics.table.total(Signal::VisitStarted))
        .sum()
}

#[test]
fn a_month_becomes_a_numbered_bundle_and_leaves_the_counts() {
    let data = tempfile::tempdir().unwrap();
    let (mut log, outbox) = kiosk(data.path(), Files::default());
    let outbox = outbox.unwrap();
    assert!(
        collect(&outbox, &mut log, "2026-10-31T23:59:00").unwrap(),
        "it has never sent"
    );
    assert!(!collect(&outbox, &mut log, "2026-10-31T23:59:30").unwrap());
    assert_eq!(visits_in(&outbox), 0, "October is not over");
    assert!(collect(&outbox, &mut log, "2026-11-01T00:00:05").unwrap());
    let numbers: Vec<_> = outbox
        .waiting()
        .unwrap()
        .iter()
        .map(|waiting| waiting.sequence)
        .collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(visits_in(&outbox), 10);
    assert!(log.counters().unwrap().is_empty());
    assert!(
        !collect(&outbox, &mut log, "2026-11-02T08:00:00").unwrap(),
        "once a month"
    );
}

#[test]
fn a_receipt_of_the_office_clears_what_it_names_and_nothing_else() {
    let data = tempfile::tempdir().unwrap();
    let (mut log, outbox) = kiosk(data.path(), Files::default());
    let outbox = outbox.unwrap();
    let (office, stranger) = (Key::generate().unwrap(), Key::generate().unwrap());
    let trust = Trust::of(office.public().unwrap());
    for when in ["2026-10-31T00:00:00", "2026-11-01T00:00:00", "2026-12-01T00:00:00"] {
        collect(&outbox, &mut log, when).unwrap();
    }
    let hashes: Vec<String> = outbox
        .waiting()
        .unwrap()
        .iter()
        .map(|waiting| outbox.hash(&waiting.file).unwrap().unwrap())
        .collect();
    let stored = |numbers: &[(u64, &str)]| Receipt {
        kiosk: outbox.kiosk().to_owned(),
        stored: numbers.iter().map(|(n, hash)| (*n, (*hash).to_owned())).collect(),
        ..Receipt::default()
    };
    let take = |bytes: Vec<u8>| outbox.take(&outbox.open_receipt(bytes.as_slice(), &trust)?);
    let good = stored(&[(1, &hashes[0])]);
    assert!(take(receipt(&stranger, &good)).is_err());
    assert!(take(vec![7; 4000]).is_err());
    let foreign = Receipt {
        kiosk: "kiosk-0000000000000000".to_owned(),
        ..good.clone()
    };
    assert!(take(receipt(&office, &foreign)).is_err());
    let of_another = stored(&[(1, &hashes[1]), (9, &hashes[0])]);
    assert_eq!(take(receipt(&office, &of_another)).unwrap(), Taken::default());
    assert_eq!(outbox.waiting().unwrap().len(), 3);
    assert_eq!(take(receipt(&office, &good)).unwrap(), taken(1, 0, 0));
    assert_eq!(take(receipt(&office, &good)).unwrap(), Taken::default(), "replayed");
    let mut refusing = stored(&[]);
    refusing.refused.insert(
        3,
        Refused {
            blake3: hashes[2].clone(),
            why: "sai".to_owned(),
        },
    );
    assert_eq!(take(receipt(&office, &refusing)).unwrap(), taken(0, 1, 0));
    let left: Vec<_> = outbox
        .waiting()
        .unwrap()
        .iter()
        .map(|waiting| waiting.sequence)
        .collect();
    assert_eq!((left, outbox.refused().unwrap()), (vec![2], 1));
    assert_eq!(outbox.reasons().unwrap(), ["sai"]);
}

#[test]
fn a_bundle_that_another_carrier_took_is_nobodys_fault_and_a_damaged_one_is_put_aside() {
    let data = tempfile::tempdir().unwrap();
    let (mut log, outbox) = kiosk(data.path(), Files::default());
    let outbox = outbox.unwrap();
    for when in ["2026-10-31T00:00:00", "2026-11-01T00:00:00", "2026-12-01T00:00:00"] {
        collect(&outbox, &mut log, when).unwrap();
    }
    let waiting = outbox.waiting().unwrap();
    assert!(outbox.read(&waiting[0]).unwrap().is_some());
    fs::remove_file(&waiting[0].file).unwrap();
    assert_eq!(outbox.read(&waiting[0]).unwrap(), None);
    assert_eq!(outbox.damaged().unwrap(), 0);
    // The signature of the manifest still holds; the payload is damaged.
    let mut bytes = fs::read(&waiting[2].file).unwrap();
    let payload = bytes.len() - 1530;
    bytes[payload] ^= 1;
    fs::write(&waiting[2].file, bytes).unwrap();
    assert_eq!(outbox.read(&waiting[2]).unwrap(), None);
    assert_eq!((outbox.waiting().unwrap().len(), outbox.damaged().unwrap()), (1, 1));
    assert_eq!(outbox.highest().unwrap(), 3, "its number is not given again");
}

#[test]
fn a_copy_is_over_when_the_office_has_the_bundle_and_the_kiosk_too_and_not_when_it_is_merely_gone() {
    let data = tempfile::tempdir().unwrap();
    let (mut log, outbox) = kiosk(data.path(), Files::default());
    let outbox = outbox.unwrap();
    for when in ["2026-10-31T00:00:00", "2026-11-01T00:00:00", "2026-12-01T00:00:00"] {
        collect(&outbox, &mut log, when).unwrap();
    }
    let own = |number: u64| name(outbox.kiosk(), number);
    assert!(!outbox.is_over(&own(1)).unwrap(), "it waits");
    // The card has lost 1, and the office acknowledges what comes after it.
    fs::remove_file(outbox.waiting().unwrap().remove(0).file).unwrap();
    outbox.take(&for_all(&outbox)).unwrap();
    assert_eq!((outbox.acknowledged(), outbox.sent().unwrap()), (3, 2));
    assert!(!outbox.is_over(&own(1)).unwrap(), "a copy is all that is left of it");
    assert!(outbox.is_over(&own(2)).unwrap() && outbox.is_over(&own(3)).unwrap());
    assert!(!outbox.is_over(&own(4)).unwrap());
    assert!(!outbox.is_over("holiday.kstat").unwrap());
    // What is kept is of no use if the card has spoilt it.
    let kept = outbox.folder.join(SENT).join(own(3));
    let bytes = fs::read(&kept).unwrap();
    fs::write(&kept, &bytes[..bytes.len() / 2]).unwrap();
    assert!(!outbox.is_over(&own(3)).unwrap());
}

#[test]
fn what_the_office_has_is_kept_and_goes_again_when_the_office_has_lost_it() {
    let data = tempfile::tempdir().unwrap();
    let (mut log, outbox) = kiosk(data.path(), Files::default());
    let outbox = outbox.unwrap();
    for when in ["2026-10-31T00:00:00", "2026-11-01T00:00:00", "2026-12-01T00:00:00"] {
        collect(&outbox, &mut log, when).unwrap();
    }
    let receipt = for_all(&outbox);
    assert_eq!(outbox.take(&receipt).unwrap(), taken(3, 0, 0));
    assert_eq!(
        (numbers_in(&outbox, ""), numbers_in(&outbox, SENT)),
        (vec![], vec![1, 2, 3])
    );
    // It was restored from a copy of October, and asks for whatever there is.
    let all = lacking(&outbox, &[(2, u64::MAX)]);
    assert_eq!(outbox.take(&all).unwrap(), taken(0, 0, 2));
    assert_eq!(
        (numbers_in(&outbox, ""), numbers_in(&outbox, SENT)),
        (vec![2, 3], vec![1])
    );
    assert_eq!(visits_in(&outbox), 10, "the same bundles");
    assert_eq!(outbox.take(&all).unwrap(), taken(0, 0, 0), "they wait already");
    assert_eq!(outbox.take(&receipt).unwrap(), taken(2, 0, 0));
    assert_eq!(numbers_in(&outbox, SENT), [1, 2, 3]);
    // Ranges that make no sense, and more than anybody reads, ask for nothing.
    let mut senseless = vec![(9, 1); MOST_SENT + 10];
    senseless.push((1, 3));
    assert_eq!(outbox.take(&lacking(&outbox, &senseless)).unwrap(), taken(0, 0, 0));
}

/// The card has room for as many as there may be and never more, whatever stops the program in between.
#[test]
fn what_is_kept_is_bounded_by_number_and_bytes_whatever_step_fails() {
    for (there, bytes) in [(MOST_SENT, 10), (4, MOST_BYTES_SENT / 4)] {
        for dead in [false, true] {
            for n in 1.. {
                let data = tempfile::tempdir().unwrap();
                let (mut log, outbox) = kiosk(data.path(), Files::default());
                collect(&outbox.unwrap(), &mut log, "2026-11-01T00:00:00").unwrap();
                let (files, faults) = faults::failing_at(n, dead);
                let identity = Identity::open(data.path(), &Files::default()).unwrap();
                let plain = Outbox::open(data.path(), identity.clone(), Files::default()).unwrap();
                let new = plain.folder.join(name(plain.kiosk(), 1_000));
                fs::rename(plain.folder.join(name(plain.kiosk(), 1)), &new).unwrap();
                for number in 0..there as u64 {
                    let old = plain.folder.join(SENT).join(name(plain.kiosk(), 10 + number));
                    fs::File::create(old).unwrap().set_len(bytes).unwrap();
                }
                let bounded = || {
                    let kept = numbered(&plain.folder.join(SENT), plain.kiosk()).unwrap();
                    let sizes = kept.iter().map(|kept| fs::metadata(&kept.file).unwrap().len());
                    assert!(sizes.sum::<u64>() <= MOST_BYTES_SENT && kept.len() <= MOST_SENT);
                    kept.iter().map(|kept| kept.sequence).collect::<Vec<_>>()
                };
                let before = bounded();
                let receipt = for_all(&plain);
                let took = Outbox::open(data.path(), identity, files).and_then(|outbox| outbox.take(&receipt));
                let in_between = bounded();
                assert_eq!(new.is_file(), !in_between.contains(&1_000), "it is in one place");
                // The next run.
                plain.take(&receipt).unwrap();
                let after = bounded();
                assert_eq!(after.last(), Some(&1_000), "the newest is kept");
                assert_eq!(
                    after[..after.len() - 1],
                    before[before.len() + 1 - after.len()..],
                    "the oldest went"
                );
                assert!(after.len() == there, "and no more than had to");
                if !faults.hit() {
                    assert!(took.unwrap() == taken(1, 0, 0) && n > 8);
                    break;
                }
            }
        }
    }
}

#[test]
fn an_old_bundle_that_comes_back_does_not_push_out_newer_ones() {
    let data = tempfile::tempdir().unwrap();
    let (mut log, outbox) = kiosk(data.path(), Files::default());
    let outbox = outbox.unwrap();
    collect(&outbox, &mut log, "2026-11-01T00:00:00").unwrap();
    for number in 2..2 + MOST_SENT as u64 {
        fs::write(outbox.folder.join(SENT).join(name(outbox.kiosk(), number)), "").unwrap();
    }
    assert_eq!(outbox.take(&for_all(&outbox)).unwrap(), taken(1, 0, 0));
    assert_eq!((numbers_in(&outbox, ""), outbox.sent().unwrap()), (vec![], MOST_SENT));
    assert_eq!(numbers_in(&outbox, SENT)[0], 2);
}

#[test]
fn whatever_step_fails_while_the_office_takes_or_asks_each_bundle_is_in_one_place() {
    for dead in [false, true] {
        for n in 1.. {
            let data = tempfile::tempdir().unwrap();
            let (mut log, plain) = kiosk(data.path(), Files::default());
            let plain = plain.unwrap();
            for when in ["2026-10-31T00:00:00", "2026-11-01T00:00:00", "2026-12-01T00:00:00"] {
                collect(&plain, &mut log, when).unwrap();
            }
            let mut receipt = for_all(&plain);
            receipt.stored.remove(&3);
            let (files, faults) = faults::failing_at(n, dead);
            let outbox = Outbox::open(data.path(), plain.identity.clone(), files);
            let took = outbox.and_then(|outbox| {
                outbox.take(&receipt)?;
                outbox.take(&lacking(&outbox, &[(1, 1)]))
            });
            let all = || [numbers_in(&plain, ""), numbers_in(&plain, SENT)].concat();
            let mut places = all();
            places.sort_unstable();
            assert_eq!(places, [1, 2, 3]);
            // The next run.
            plain.take(&receipt).unwrap();
            plain.take(&lacking(&plain, &[(1, 1)])).unwrap();
            assert_eq!(all(), [1, 3, 2]);
            assert_eq!(plain.acknowledged(), 2);
            assert_eq!(plain.highest().unwrap(), 3);
            if !faults.hit() {
                assert!(took.unwrap() == taken(0, 0, 1) && n > 10);
                break;
            }
        }
    }
}

/// Somebody put an old copy of the database back, by hand, and not the outbox.
#[test]
fn what_an_old_database_has_sealed_gets_a_number_of_its_own() {
    let data = tempfile::tempdir().unwrap();
    let (mut log, outbox) = kiosk(data.path(), Files::default());
    let outbox = outbox.unwrap();
    log.seal(Share::Month, at("2026-11-01T00:00:00"), Health::default(), 0)
        .unwrap();
    let sealed = log.sealed().unwrap();
    assert_eq!(sealed.len(), 1);
    // Meanwhile its number was given to something else, which the office has.
    outbox.put(1, b"something else", String::new()).unwrap();
    outbox.take(&for_all(&outbox)).unwrap();
    assert!(collect(&outbox, &mut log, "2026-11-01T00:01:00").unwrap());
    assert_eq!((numbers_in(&outbox, ""), numbers_in(&outbox, SENT)), (vec![2], vec![1]));
    assert_eq!(visits_in(&outbox), 10);
    assert!(log.sealed().unwrap().is_empty());
    // And what was only not handed on is not sent twice, also if the office was faster.
    outbox.take(&for_all(&outbox)).unwrap();
    collect(&outbox, &mut log, "2026-12-01T00:00:00").unwrap();
    let third = outbox.waiting().unwrap().remove(0);
    assert_eq!(third.sequence, 3);
}

#[test]
fn numbers_go_on_when_the_database_is_lost() {
    let data = tempfile::tempdir().unwrap();
    let (mut log, outbox) = kiosk(data.path(), Files::default());
    let outbox = outbox.unwrap();
    collect(&outbox, &mut log, "2026-11-01T00:00:00").unwrap();
    let office = Key::generate().unwrap();
    let first = outbox.waiting().unwrap().remove(0);
    let mut acknowledged = Receipt {
        kiosk: outbox.kiosk().to_owned(),
        ..Receipt::default()
    };
    acknowledged
        .stored
        .insert(1, outbox.hash(&first.file).unwrap().unwrap());
    let bytes = receipt(&office, &acknowledged);
    let trust = Trust::of(office.public().unwrap());
    outbox
        .take(&outbox.open_receipt(bytes.as_slice(), &trust).unwrap())
        .unwrap();
    drop(log);
    for name in ["usage.db", "usage.db-wal", "usage.db-shm"] {
        let _ = fs::remove_file(data.path().join(name));
    }
    let mut log = Log::open(Some(data.path()), at("2026-11-02T08:00:00"));
    collect(&outbox, &mut log, "2026-11-02T08:00:00").unwrap();
    assert_eq!(outbox.waiting().unwrap()[0].sequence, 2);
}

#[test]
fn whatever_step_fails_every_visit_is_in_one_bundle_once() {
    for dead in [false, true] {
        for n in 1.. {
            let data = tempfile::tempdir().unwrap();
            let (files, faults) = faults::failing_at(n, dead);
            let (mut log, outbox) = kiosk(data.path(), files);
            let first = outbox.and_then(|outbox| collect(&outbox, &mut log, "2026-11-01T00:00:00"));
            drop(log);
            // The next run.
            let mut log = Log::open(Some(data.path()), at("2026-11-01T08:00:00"));
            let identity = Identity::open(data.path(), &Files::default()).unwrap();
            let outbox = Outbox::open(data.path(), identity, Files::default()).unwrap();
            collect(&outbox, &mut log, "2026-11-01T08:00:00").unwrap();
            let numbers: Vec<_> = outbox
                .waiting()
                .unwrap()
                .iter()
                .map(|waiting| waiting.sequence)
                .collect();
            assert_eq!(numbers, [1]);
            assert_eq!(visits_in(&outbox), 10);
            assert!(log.sealed().unwrap().is_empty());
            if !faults.hit() {
                assert!(first.unwrap() && n > 5);
                break;
            }
        }
    }
}

#[test]
fn a_kiosk_that_never_knows_the_date_sends_what_earlier_runs_counted() {
    let data = tempfile::tempdir().unwrap();
    let identity = Identity::open(data.path(), &Files::default()).unwrap();
    let outbox = Outbox::open(data.path(), identity, Files::default()).unwrap();
    let minute = |n: u64| Stamp::undated(Duration::from_secs(n * 60));
    for _ in 0..2 {
        let mut log = Log::open(Some(data.path()), minute(0));
        assert!(!log.is_due(Share::Month, minute(1)));
        (0..6).for_each(|_| visit(&mut log, minute(1)));
        outbox
            .collect(&mut log, Share::Month, minute(11), Health::default)
            .unwrap();
        assert!(!log.is_due(Share::Month, minute(12)), "once each run");
    }
    assert_eq!(
        visits_in(&outbox),
        6,
        "the first run's; this one may still learn its date"
    );
}

//! Whatever happens between kiosks and the office, every count arrives once: sums are equal to the last digit.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::sleep;
use std::time::Duration;

use crate::common::machine::{Machine, at};
use crate::common::office::Office;
use crate::common::program::{Program, write_key};
use crate::common::proxy::Proxy;
use chrono::{Days, NaiveDate};
use commune_kiosk::kiosk::sync::network::{self, CallError};
use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::signals::Signal;

const ROUNDS: u64 = 1_000;
const KIOSKS: usize = 3;

#[test]
fn a_thousand_days_on_a_bad_network_with_crashes_and_sticks_lose_and_double_nothing() {
    let seed = 20_261_124;
    let mut random = fastrand::Rng::with_seed(seed);
    let dir = tempfile::tempdir().expect("a folder");
    let mut office = Office::open();
    let proxy = Proxy::before(office.address(), seed);
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day");
    let data = |kiosk: usize| dir.path().join(format!("kiosk-{kiosk}"));
    let mut kiosks: Vec<Machine> = (0..KIOSKS)
        .map(|kiosk| Machine::start(&data(kiosk), "2024-01-01T07:00:00"))
        .collect();
    introduce(&mut kiosks, &office);
    let mut visits = [0; KIOSKS];
    let (mut calls, mut failures, mut crashes, mut sticks) = (0_u64, 0_u64, 0_u64, 0_u64);
    for round in 0..ROUNDS {
        let now = format!("{}T10:00:00", first + Days::new(round));
        let kiosk = random.usize(0..KIOSKS);
        let times = random.u64(0..9);
        kiosks[kiosk].is_visited(times, &now);
        kiosks[kiosk].closes_every(Share::Day, &now);
        visits[kiosk] += times;
        match random.u32(0..20) {
            0 => {
                office.crash();
                office.start();
                proxy.leads_to(office.address());
                crashes += 1;
            }
            1 => kiosks[kiosk] = Machine::start(&data(kiosk), &now),
            // The stick and the network carry the same bundles at the same time.
            2 => {
                let stick = dir.path().join(format!("stick-{round}"));
                let machine = &kiosks[kiosk];
                let network = network::Office::new(&proxy.url(), None).expect("an address");
                let (mut courier, _packs) = machine.courier(network, &office.trust());
                let at_noon = at(&now);
                std::thread::scope(|scope| {
                    let calling = scope.spawn(move || courier.call(at_noon));
                    carry(&stick, machine, &office);
                    // Well or not: that is the point.
                    let _ = calling.join().expect("no panic");
                });
                sticks += 1;
            }
            _ => {
                calls += 1;
                failures += u64::from(kiosks[kiosk].calls(&proxy.url(), &office.trust()).0.is_err());
            }
        }
    }
    println!(
        "{calls} calls, {failures} failed, {} faults, {crashes} crashes, {sticks} sticks",
        proxy.faults()
    );
    assert!(failures > calls / 10, "the network was not bad");
    let waiting: usize = kiosks.iter().map(Machine::waiting).sum();
    assert!(waiting < 100, "nothing went well: {waiting} bundles wait");
    // The network is mended. What is too little to leave stays on the kiosks.
    let mut left = 0;
    for machine in &mut kiosks {
        machine.calls(&office.url(), &office.trust()).0.expect("a good call");
        assert_eq!((machine.waiting(), machine.outbox.refused().expect("a folder")), (0, 0));
        left += machine.log.counters().expect("counts").total(Signal::VisitStarted);
    }
    for signal in [
        Signal::VisitStarted,
        Signal::PageOpened,
        Signal::StepReached,
        Signal::GuideFinished,
    ] {
        assert_eq!(office.total(signal) + left, visits.iter().sum::<u64>(), "{signal:?}");
    }
    for (machine, visits) in kiosks.iter_mut().zip(visits) {
        let id = machine.outbox.kiosk().to_owned();
        let counts = office.asks(async |store| store.counts(Some(&id), "0000-00", "9999-99").await.expect("counts"));
        let left = machine.log.counters().expect("counts").total(Signal::VisitStarted);
        assert_eq!(counts.total(Signal::VisitStarted) + left, visits);
        let known = office.kiosk(&id);
        assert_eq!(known.newest, known.stored, "no gaps");
    }
}

/// How often the office's program is killed.
const KILLS: u64 = 40;

/// The days that each kiosk has to bring at each time.
const DAYS: u64 = 6;

#[test]
fn an_office_killed_while_kiosks_call_loses_and_doubles_nothing() {
    let mut random = fastrand::Rng::with_seed(20_261_125);
    let dir = tempfile::tempdir().expect("a folder");
    let mut office = Office::open();
    let data = |kiosk: usize| dir.path().join(format!("kiosk-{kiosk}"));
    let mut kiosks: Vec<Machine> = (0..KIOSKS)
        .map(|kiosk| Machine::start(&data(kiosk), "2024-01-01T07:00:00"))
        .collect();
    introduce(&mut kiosks, &office);
    // From now on it is a process that can be killed.
    office.crash();
    let folder = office.dir.path();
    write_key(folder, &office.key);
    let trust = office.trust();
    let mut program = Program::start(folder, &[]);
    let (mut day, mut visits) = (NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day"), 0);
    let mut in_flight = 0;
    for _ in 0..KILLS {
        for machine in &mut kiosks {
            for later in 0..DAYS {
                let times = random.u64(5..9);
                machine.is_visited(times, &format!("{}T10:00:00", day + Days::new(later)));
                visits += times;
            }
            machine.closes_every(Share::Day, &format!("{}T07:00:00", day + Days::new(DAYS)));
        }
        day = day + Days::new(DAYS);
        let waiting = |kiosks: &[Machine]| kiosks.iter().map(Machine::waiting).sum::<usize>();
        // At any of the bundles, and anywhere in it.
        let (left, later) = (random.usize(3..=waiting(&kiosks)), random.u64(0..2_000));
        let (is_over, broken) = (AtomicBool::new(false), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for machine in &kiosks {
                let network = network::Office::new(&program.url, None).expect("an address");
                let (mut courier, _packs) = machine.courier(network, &trust);
                let (is_over, broken) = (&is_over, &broken);
                scope.spawn(move || {
                    while let Err(error) = courier.call(at("2024-01-01T07:00:00")) {
                        assert!(matches!(error, CallError::Unreachable(_)), "{error}");
                        broken.fetch_add(1, Ordering::SeqCst);
                        if is_over.load(Ordering::SeqCst) {
                            break;
                        }
                    }
                });
            }
            while waiting(&kiosks) > left {
                sleep(Duration::from_micros(100));
            }
            sleep(Duration::from_micros(later));
            program.kill();
            is_over.store(true, Ordering::SeqCst);
        });
        in_flight += u64::from(broken.into_inner() > 0);
        program = Program::start(folder, &[]);
    }
    println!("{KILLS} kills, {in_flight} of them in the middle of calls");
    assert!(in_flight > KILLS / 2, "it was killed while nobody called");
    let mut left = 0;
    for machine in &mut kiosks {
        machine.calls(&program.url, &trust).0.expect("a good call");
        assert_eq!((machine.waiting(), machine.outbox.refused().expect("a folder")), (0, 0));
        left += machine.log.counters().expect("counts").total(Signal::VisitStarted);
        let known = office.kiosk(machine.outbox.kiosk());
        assert_eq!(known.newest, known.stored, "no gaps");
        assert!(known.stored > KILLS);
    }
    for signal in [Signal::VisitStarted, Signal::PageOpened, Signal::GuideFinished] {
        assert_eq!(office.total(signal) + left, visits, "{signal:?}");
    }
    let database = rusqlite::Connection::open(&office.db).expect("the file");
    let sound: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("an answer");
    assert_eq!(sound, "ok");
}

/// Every kiosk is heard of and accepted.
fn introduce(kiosks: &mut [Machine], office: &Office) {
    for machine in kiosks {
        machine.closes_every(Share::Day, "2024-01-01T07:00:00");
        assert!(
            machine.calls(&office.url(), &office.trust()).0.is_err(),
            "nobody knows it"
        );
        office.accepts(machine.outbox.kiosk(), "Máy thử");
    }
}

/// A clerk takes a stick to the office and back.
fn carry(stick: &Path, machine: &Machine, office: &Office) {
    let folder = stick.join("usb/KIOSK");
    fs::create_dir_all(&folder).expect("a stick");
    machine.takes_stick(stick, &office.trust());
    office.takes_files(&folder);
    machine.takes_stick(stick, &office.trust());
}

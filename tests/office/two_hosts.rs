//! Two hosts of one office on one PostgreSQL: whatever is done at one of them is done, and one may be gone.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use commune_kiosk::bundle::{Key, Trust};
use commune_kiosk::office::packs;
use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::signals::Signal;
use tokio::runtime::Runtime;

use crate::common::forger::Forger;
use crate::common::machine::Machine;
use crate::common::office::Office;
use crate::common::postgres;
use crate::common::program::{self, Program, write_key};
use crate::desk::Desk;
use crate::server::get;

/// Two hosts, and what packs are signed with.
fn hosts() -> (Office, Office, Forger) {
    let runtime = Runtime::new().expect("a runtime");
    let first = Office::on_postgres(runtime.block_on(postgres::fresh_database()), None);
    let second = first.beside();
    let forger = Forger::with(first.key.clone());
    (first, second, forger)
}

fn file_of(office: &Office, edition: u64) -> PathBuf {
    packs::path(&office.dir.path().join("packs"), "le-loi", edition)
}

fn gives(office: &Office, edition: u64) -> Option<Vec<u8>> {
    let answer = get(&office.url(), &format!("/v1/packs/le-loi/{edition}"));
    (answer.status == 200).then_some(answer.body)
}

#[test]
fn a_pack_that_is_uploaded_to_one_host_is_given_out_by_both() {
    let (first, second, forger) = hosts();
    let mut desk = Desk::at(&first);
    // More than one piece in the database.
    let noise: String = std::iter::repeat_with(fastrand::alphanumeric).take(3 << 20).collect();
    let library = forger.changed_library(3, |db| {
        db.execute("INSERT INTO media VALUES ('tieng-on.txt', ?1)", [noise.as_bytes()])
            .expect("changed");
    });
    let pack = forger.signed(&library, 3);
    assert!(pack.len() > 2 << 20);
    assert_eq!(
        desk.uploads("/packs/upload", "pack", &[("le-loi.kpack", &pack)]).status,
        303
    );
    // The officer is signed in at both.
    desk.goes_to(&second);
    assert!(!file_of(&second, 3).exists());
    assert_eq!(desk.sends("/packs/le-loi/3/offer", &[("offered", "1")]).status, 303);
    assert!(gives(&first, 3).as_ref() == Some(&pack));
    // Many ask at once.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert!(gives(&second, 3).as_ref() == Some(&pack)));
        }
    });
    assert!(fs::read(file_of(&second, 3)).expect("a file") == pack);
    let left: Vec<_> = fs::read_dir(second.dir.path().join("packs"))
        .expect("a folder")
        .filter(|entry| {
            entry
                .as_ref()
                .is_ok_and(|entry| entry.file_name().to_string_lossy().contains("looking"))
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
    #[cfg(feature = "print")]
    assert!(desk.sees("/channels").contains("ấn bản 3"));

    // A disk that lost it, and one that damaged it before anybody asked.
    fs::remove_file(file_of(&second, 3)).expect("removed");
    assert!(gives(&second, 3).as_ref() == Some(&pack));
    second.asks(async |store| {
        let other = second.dir.path().join("other");
        fs::write(&other, "hỏng").expect("written");
        store.keep_file(("le-loi", 3), &other).await.expect("stored");
    });
    fs::remove_file(file_of(&second, 3)).expect("removed");
    assert_eq!(get(&second.url(), "/v1/packs/le-loi/3").status, 503);
    assert!(!file_of(&second, 3).exists());
    // It is not fetched again and again: staff see that it is gone.
    assert_eq!(get(&second.url(), "/v1/packs/le-loi/3").status, 404);
    assert!(desk.sees("/packs").contains("Đã xoá tệp"));
    fs::remove_file(file_of(&first, 3)).expect("removed");
    assert_eq!(
        desk.uploads("/packs/upload", "pack", &[("le-loi.kpack", &pack)]).status,
        303
    );
    assert!(gives(&first, 3).as_ref() == Some(&pack), "brought again, it is mended");
}

#[test]
fn what_is_removed_at_one_host_is_removed() {
    let (first, mut second, forger) = hosts();
    let mut desk = Desk::at(&first);
    let pack = forger.signed(&forger.library(3), 3);
    assert_eq!(
        desk.uploads("/packs/upload", "pack", &[("le-loi.kpack", &pack)]).status,
        303
    );
    desk.sends("/packs/le-loi/3/offer", &[("offered", "1")]);
    assert!(gives(&second, 3).is_some());
    desk.goes_to(&second);
    desk.sends("/packs/le-loi/3/offer", &[("offered", "0")]);
    desk.goes_to(&first);
    assert_eq!(desk.sends("/packs/le-loi/3/remove", &[]).status, 303);
    desk.goes_to(&second);
    assert!(desk.sees("/packs").contains("Đã xoá tệp"));
    assert_eq!(desk.sends("/packs/le-loi/3/offer", &[("offered", "1")]).status, 400);
    // What the other host had fetched is still in its folder, and does not come back with its next start.
    second.crash();
    second.start();
    desk.goes_to(&second);
    assert!(desk.sees("/packs").contains("Đã xoá tệp"));
    assert_eq!(desk.sends("/packs/le-loi/3/offer", &[("offered", "1")]).status, 400);
    assert_eq!(
        desk.uploads("/packs/upload", "pack", &[("le-loi.kpack", &pack)]).status,
        303
    );
    desk.sends("/packs/le-loi/3/offer", &[("offered", "1")]);
    assert!(gives(&first, 3) == Some(pack));
}

/// An office that had one host, and packs in its folder alone: an older program's, or one copied from a file. Whichever host starts first.
#[test]
fn packs_of_the_only_host_are_given_out_by_others_whoever_starts_first() {
    for first_starts_first in [true, false] {
        let (mut first, mut second, forger) = hosts();
        let desk = Desk::at(&first);
        let pack = forger.signed(&forger.library(3), 3);
        desk.uploads("/packs/upload", "pack", &[("le-loi.kpack", &pack)]);
        desk.sends("/packs/le-loi/3/offer", &[("offered", "1")]);
        for host in [&mut first, &mut second] {
            host.crash();
        }
        let runtime = Runtime::new().expect("a runtime");
        runtime.block_on(postgres::execute(&first.db, "DELETE FROM pack_pieces"));
        let order = if first_starts_first {
            [&mut first, &mut second]
        } else {
            [&mut second, &mut first]
        };
        for host in order {
            host.start();
        }
        assert!(gives(&first, 3).as_ref() == Some(&pack));
        assert!(gives(&second, 3) == Some(pack), "{first_starts_first}");
    }
}

/// Two hosts with the same files, which the database lacks, start at the same moment; a third has a damaged one.
#[test]
fn hosts_that_start_at_once_store_the_same_file_once_and_no_damaged_one() {
    let (mut first, mut second, forger) = hosts();
    let desk = Desk::at(&first);
    let pack = forger.signed(&forger.library(3), 3);
    desk.uploads("/packs/upload", "pack", &[("le-loi.kpack", &pack)]);
    desk.sends("/packs/le-loi/3/offer", &[("offered", "1")]);
    assert!(gives(&second, 3).is_some());
    let mut third = second.beside();
    for host in [&mut first, &mut second, &mut third] {
        host.crash();
    }
    fs::write(file_of(&third, 3), "hỏng").expect("written");
    let runtime = Runtime::new().expect("a runtime");
    for _ in 0..5 {
        runtime.block_on(postgres::execute(&first.db, "DELETE FROM pack_pieces"));
        third.start();
        std::thread::scope(|scope| {
            scope.spawn(|| first.start());
            scope.spawn(|| second.start());
        });
        fs::remove_file(file_of(&second, 3)).expect("removed");
        assert!(gives(&second, 3).as_ref() == Some(&pack));
        for host in [&mut first, &mut second, &mut third] {
            host.crash();
        }
    }
}

/// Eight kiosks send their days through a proxy that leads to one of two hosts. That one is killed in the middle.
#[test]
fn one_of_two_hosts_is_killed_while_kiosks_send() {
    const KIOSKS: usize = 8;
    const DAYS: u64 = 20;
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let runtime = Runtime::new().expect("a runtime");
    let db = runtime.block_on(postgres::fresh_database());
    let key = Key::generate().expect("a key");
    let start = |folder: &Path| {
        write_key(folder, &key);
        Program::start(folder, &["--db", &db])
    };
    let programs = [start(folders[0].path()), start(folders[1].path())];
    let urls = programs.each_ref().map(|program| program.url.clone());
    let [first, second] = programs;
    let first = Mutex::new(Some(first));
    let trust = Trust::of(key.public().expect("a key"));
    let (stored, answered) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for kiosk in 0..KIOSKS {
            let (folder, db, urls, trust) = (folders[0].path(), &db, &urls, &trust);
            let (first, stored, answered) = (&first, &stored, &answered);
            scope.spawn(move || {
                let mut machine = Machine::start(&folder.join(format!("kiosk-{kiosk}")), "2026-01-01T07:00:00");
                let accept = [
                    "kiosks",
                    "accept",
                    machine.outbox.kiosk(),
                    "--name",
                    "Máy thử",
                    "--db",
                    db,
                ];
                let accepted = program::office(folder, &accept).output().expect("the program");
                assert!(
                    accepted.status.success(),
                    "{}",
                    String::from_utf8_lossy(&accepted.stderr)
                );
                for day in 1..=DAYS {
                    machine.is_visited(6, &format!("2026-01-{day:02}T09:00:00"));
                    machine.closes_every(Share::Day, &format!("2026-01-{:02}T07:00:00", day + 1));
                    // In the middle of it all the first host is gone, as by a power cut.
                    if answered.fetch_add(1, Ordering::Relaxed) == KIOSKS as u64 * DAYS / 2
                        && let Some(program) = first.lock().expect("a lock").take()
                    {
                        program.kill();
                    }
                    // A load balancer leads to whoever answers.
                    if machine.calls(&urls[0], trust).0.is_err() {
                        machine.calls(&urls[1], trust).0.expect("the other host answers");
                    }
                    stored.fetch_add(6, Ordering::Relaxed);
                }
                assert_eq!(machine.waiting(), 0);
            });
        }
    });
    drop(second);
    let store = runtime
        .block_on(commune_kiosk::office::store::Store::open(&db))
        .expect("a database");
    let counts = runtime
        .block_on(store.counts(None, "0000-00", "9999-99"))
        .expect("counts");
    assert_eq!(counts.total(Signal::VisitStarted), stored.into_inner());
    let faults = runtime
        .block_on(store.verify(commune_kiosk::office::receive::counts))
        .expect("an answer");
    assert_eq!(faults, []);
}

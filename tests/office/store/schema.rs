//! The tables are made once, whoever comes first.

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use commune_kiosk::office::store::{DatabaseError, Store};
use commune_kiosk::usage::signals::Event;
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::{Card, Table};
use tokio::task::JoinSet;

use crate::store::place::{NOW, Place, bundle, bundle_of, flat, key_of, store_all, sums, table};

on_both! {
    opening_twice_is_harmless,
    programs_that_start_at_once_on_an_empty_database_all_work,
    a_database_of_the_first_program_gets_what_it_lacks_and_keeps_what_it_has,
    a_database_of_a_newer_program_is_refused_and_left_alone,
    the_store_answers_a_ping,
}

async fn opening_twice_is_harmless(place: &Place) {
    let store = place.open_for(&["a"]).await;
    store_all(&store, &[bundle("a", 1, &[("2026-10-05", 7)])]).await;
    let again = place.open().await;
    assert_eq!(sums(&again, None).await, flat(&table(&[("2026-10-05", 7)])));
    drop(store);
    assert_eq!(place.open().await.kiosks().await.expect("an answer").len(), 1);
}

async fn programs_that_start_at_once_on_an_empty_database_all_work(place: &Place) {
    let gate = Arc::new(tokio::sync::Barrier::new(4));
    let starts = (1..=4_u64).map(|n| {
        let (gate, address) = (gate.clone(), place.address.clone());
        tokio::spawn(async move {
            gate.wait().await;
            let store = Store::open(&address).await.expect("a store");
            store.accept("a", "key of a", "Xã A", 0).await.expect("accepted");
            store_all(&store, &[bundle("a", n, &[("2026-10-05", 1)])]).await;
        })
    });
    for start in starts.collect::<Vec<_>>() {
        start.await.expect("no panic");
    }
    assert_eq!(
        sums(&place.open().await, None).await,
        flat(&table(&[("2026-10-05", 4)]))
    );
}

async fn a_database_of_the_first_program_gets_what_it_lacks_and_keeps_what_it_has(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let mut visits = Table::default();
    let cell = Event::VisitStarted.cell(Stamp::undated(Duration::ZERO));
    visits.add("2026-10-05".parse().expect("a day"), &cell, 35);
    store_all(&store, &[bundle_of("a", 1, visits)]).await;
    let strangers = [bundle("b", 1, &[]), bundle("b", 2, &[])];
    store.keep(&strangers).await.expect("an answer");
    drop(store);
    for column in [
        "card",
        "card_errors",
        "under_voltage",
        "temperature",
        "pack_id",
        "left_edition",
        "faults",
    ] {
        place.meddle(&format!("ALTER TABLE kiosks DROP COLUMN {column}")).await;
    }
    place.meddle("UPDATE kiosks SET retired = 1").await;
    for column in ["retired_at", "called_at"] {
        place.meddle(&format!("ALTER TABLE kiosks DROP COLUMN {column}")).await;
    }
    for column in ["undated_after", "voided"] {
        place.meddle(&format!("ALTER TABLE bundles DROP COLUMN {column}")).await;
    }
    for table in ["strangers", "expected", "closed_gaps", "corrections", "activities"] {
        place.meddle(&format!("DROP TABLE {table}")).await;
    }
    place.meddle("DROP INDEX waiting_ahead").await;
    for column in ["why", "ahead"] {
        place.meddle(&format!("ALTER TABLE waiting DROP COLUMN {column}")).await;
    }
    for column in ["failures", "closed_until"] {
        let sql = format!("ALTER TABLE accounts ADD COLUMN {column} BIGINT NOT NULL DEFAULT 0");
        place.meddle(&sql).await;
    }
    place.meddle("DROP INDEX figures_by_month").await;
    place.meddle("ALTER TABLE figures DROP COLUMN visits_by_day").await;
    place
        .meddle("CREATE INDEX figures_by_month ON figures (month, kiosk_id, visits)")
        .await;
    place.meddle("DELETE FROM settings").await;
    place.meddle("ALTER TABLE accounts DROP COLUMN role").await;
    place.meddle("DROP TABLE deeds").await;
    place.meddle("DROP TABLE pack_pieces").await;
    place.meddle("UPDATE schema_version SET version = 1").await;
    let store = place.open().await;
    let day: NaiveDate = "2026-10-05".parse().expect("a day");
    let visits = store.visits(day, day).await.expect("visits");
    assert_eq!(visits.get("a"), Some(&35), "by day, of what was there before");
    store.rounding().await.expect("a secret, made with the new schema");
    let kiosk = store.kiosk("a").await.expect("an answer").expect("a kiosk");
    assert_eq!((kiosk.stored, kiosk.edition), (1, Some(1)));
    assert_eq!((kiosk.card, kiosk.under_voltage), (None, None), "it never said so");
    let unknown = store.unknown().await.expect("an answer");
    assert_eq!((unknown[0].id.as_str(), unknown[0].bundles), ("b", 2));
    assert!(kiosk.retired);
    store.accept("a", &key_of("a"), "a", NOW).await.expect("taken back");
    store_all(&store, &[bundle("a", 2, &[])]).await;
    let kiosk = store.kiosk("a").await.expect("an answer").expect("a kiosk");
    assert_eq!((kiosk.stored, kiosk.card), (2, Some(Card::Failing)));
}

async fn a_database_of_a_newer_program_is_refused_and_left_alone(place: &Place) {
    drop(place.open_for(&["a"]).await);
    place.meddle("UPDATE schema_version SET version = 999").await;
    let refused = Store::open(&place.address).await;
    assert!(
        matches!(refused, Err(DatabaseError::Newer { found: 999, .. })),
        "{refused:?}"
    );
    place.meddle("UPDATE schema_version SET version = 12").await;
    assert_eq!(place.open().await.kiosks().await.expect("an answer").len(), 1);
}

async fn the_store_answers_a_ping(place: &Place) {
    let store = place.open().await;
    store.ping().await.expect("an answer");
    place.meddle("ALTER TABLE schema_version RENAME TO lost").await;
    store.ping().await.expect_err("there is no such table");
}

/// `SQLite` alone: a new file is switched to a write-ahead log, which one may do and others of the same moment may not.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_new_file_that_many_open_at_the_same_moment_is_opened_by_all() {
    for round in 0..50 {
        let place = Place::in_a_file();
        let gate = Arc::new(std::sync::Barrier::new(8));
        let starts = (0..8).map(|_| {
            let (gate, address) = (gate.clone(), place.address.clone());
            async move {
                tokio::task::block_in_place(|| gate.wait());
                Store::open(&address).await
            }
        });
        for opened in starts.collect::<JoinSet<_>>().join_all().await {
            assert!(opened.is_ok(), "round {round}: {opened:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_is_there_is_opened_without_a_change() {
    let place = Place::in_a_file();
    let none = Store::open_existing(&place.address).await;
    assert!(matches!(none, Err(DatabaseError::NoOffice)), "{none:?}");
    drop(place.open_for(&["a"]).await);
    let before = std::fs::read(&place.address).expect("a file");
    let store = Store::open_existing(&place.address).await.expect("a store");
    assert_eq!(store.kiosks().await.expect("an answer").len(), 1);
    drop(store);
    assert!(before == std::fs::read(&place.address).expect("a file"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_database_is_said_to_be_none() {
    let nobody = "postgres://postgres@%2Fnowhere/office?connect_timeout=1";
    assert!(matches!(Store::open(nobody).await, Err(DatabaseError::Pool(_))));
    let nonsense = Store::open("postgres://postgres@localhost:port/office").await;
    assert!(matches!(nonsense, Err(DatabaseError::Address)));
    let no_folder = Store::open("/nowhere/office.db").await;
    assert!(matches!(no_folder, Err(DatabaseError::Sqlite(_))));
}

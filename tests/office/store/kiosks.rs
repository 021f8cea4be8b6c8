//! Kiosks: accepted, retired; what is known of them.

use std::slice::from_ref;
use std::time::{Duration, Instant};

use commune_kiosk::office::store::{Kept, Received};
use commune_kiosk::usage::statistics::Card;

use crate::store::place::{NOW, Place, bundle, bundle_of, flat, key_of, store_all, sums, table};

on_both! {
    a_retired_kiosk_is_refused_until_it_is_taken_back,
    accepting_again_never_changes_the_key,
    gaps_are_named,
    the_newest_number_tells_how_the_machine_is,
    a_kiosk_was_there_when_it_says_so_and_not_before,
    kiosks_stand_by_name,
    three_thousand_kiosks_are_listed_at_once,
}

async fn a_retired_kiosk_is_refused_until_it_is_taken_back(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let late = bundle("a", 1, &[("2026-10-05", 1)]);
    assert!(store.retire("a", NOW).await.expect("an answer"));
    assert!(!store.retire("nobody", NOW).await.expect("an answer"));
    assert_eq!(store.keep(from_ref(&late)).await.expect("an answer"), [Kept::Retired]);
    assert_eq!(sums(&store, None).await, []);
    assert_eq!(store.aside(None, 10).await.expect("an answer").len(), 1);
    let kiosk = store.kiosk("a").await.expect("an answer").expect("a kiosk");
    assert!(kiosk.retired);
    assert_eq!((kiosk.stored, kiosk.last_contact), (0, None));

    store.accept("a", &key_of("a"), "Xã A", NOW).await.expect("accepted");
    store_all(&store, &[late]).await;
    assert!(!store.kiosk("a").await.expect("an answer").expect("a kiosk").retired);
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 1)])));
}

async fn accepting_again_never_changes_the_key(place: &Place) {
    let store = place.open_for(&["a"]).await;
    store
        .accept("a", "another key", "Xã A mới", NOW)
        .await
        .expect("accepted");
    let kiosk = store.kiosk("a").await.expect("an answer").expect("a kiosk");
    assert_eq!((kiosk.public_key, kiosk.name), (key_of("a"), "Xã A mới".to_owned()));
}

async fn gaps_are_named(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    assert_eq!(store.gaps("a").await.expect("an answer"), []);
    store_all(&store, &[9, 2, 4, 5].map(|sequence| bundle("a", sequence, &[]))).await;
    store_all(&store, &[1, 2, 3].map(|sequence| bundle("b", sequence, &[]))).await;
    assert_eq!(store.gaps("a").await.expect("an answer"), [(1, 1), (3, 3), (6, 8)]);
    assert_eq!(store.gaps("b").await.expect("an answer"), []);
    let kiosk = store.kiosk("a").await.expect("an answer").expect("a kiosk");
    assert_eq!((kiosk.newest, kiosk.stored), (9, 4));
}

async fn the_newest_number_tells_how_the_machine_is(place: &Place) {
    let store = place.open_for(&["a"]).await;
    // A stick with old bundles arrives after the network brought newer ones.
    for (sequence, at) in [
        (2, NOW + 20),
        (5, NOW + 50),
        (3, NOW + 60),
        (5, NOW + 70),
        (1, NOW + 30),
        (3, NOW + 80),
    ] {
        store_all(
            &store,
            &[Received {
                at,
                ..bundle("a", sequence, &[])
            }],
        )
        .await;
    }
    let kiosk = store.kiosk("a").await.expect("an answer").expect("a kiosk");
    assert_eq!((kiosk.newest, kiosk.stored), (5, 4));
    assert_eq!((kiosk.edition, kiosk.version.as_deref()), (Some(5), Some("1.0.5")));
    assert_eq!(
        (kiosk.uptime_hours, kiosk.free_mb, kiosk.losses),
        (Some(120), None, Some(0))
    );
    assert_eq!((kiosk.card, kiosk.card_errors), (Some(Card::Failing), Some(5)));
    assert_eq!((kiosk.under_voltage, kiosk.temperature), (Some(true), None));
    assert_eq!((kiosk.left, kiosk.faults), (Some(6), Some(2)));
    // What the office had already says nothing of when it was heard of.
    assert_eq!(kiosk.last_contact, Some(NOW + 60));
}

async fn a_kiosk_was_there_when_it_says_so_and_not_before(place: &Place) {
    let store = place.open_for(&["a", "retired"]).await;
    store.retire("retired", NOW).await.expect("retired");
    let called = async |kiosk: &str| store.kiosk(kiosk).await.expect("an answer").expect("a kiosk").called_at;
    assert_eq!(called("a").await, None);
    for (time, noted) in [(100, 100), (50, 100), (100, 100), (101, 101)] {
        store.heard_of("a", NOW + time, NOW + 200).await.expect("noted");
        assert_eq!(called("a").await, Some(NOW + noted));
    }
    store.heard_of("retired", NOW, NOW).await.expect("passed over");
    store.heard_of("nobody", NOW, NOW).await.expect("passed over");
    assert_eq!(called("retired").await, None);
    // What the office noted while its clock was ahead doesn't last until then.
    store.heard_of("a", NOW + 105, NOW + 90).await.expect("noted");
    store.heard_of("a", NOW + 80, NOW + 90).await.expect("noted");
    assert_eq!(called("a").await, Some(NOW + 80));
}

async fn kiosks_stand_by_name(place: &Place) {
    let store = place.open().await;
    for (id, name) in [("1", "Xã B"), ("3", "Xã A"), ("2", "Xã A")] {
        store.accept(id, &key_of(id), name, NOW).await.expect("accepted");
    }
    let ids = store
        .kiosks()
        .await
        .expect("an answer")
        .into_iter()
        .map(|kiosk| kiosk.id);
    assert_eq!(ids.collect::<Vec<_>>(), ["2", "3", "1"]);
    assert_eq!(store.kiosk("4").await.expect("an answer"), None);
}

/// Two years of monthly bundles of every commune in the country. They come at once here, so PostgreSQL is told to look at them, as it does
/// by itself when they come over years.
async fn three_thousand_kiosks_are_listed_at_once(place: &Place) {
    let store = place.open().await;
    place
        .meddle(if place.is_postgres() {
            "INSERT INTO kiosks (kiosk_id, public_key, name, retired, accepted_at, newest)
                SELECT 'kiosk' || n, 'key', 'Xã ' || n, 0, 0, 24 FROM generate_series(1, 3000) AS n;
             INSERT INTO bundles (kiosk_id, sequence, blake3, received_at, bundle)
                SELECT 'kiosk' || n, s, 'hash', 0, decode(repeat('00', 800), 'hex')
                FROM generate_series(1, 3000) AS n, generate_series(1, 24) AS s;
             ANALYZE;"
        } else {
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3000)
             INSERT INTO kiosks (kiosk_id, public_key, name, retired, accepted_at, newest)
                SELECT 'kiosk' || n, 'key', 'Xã ' || n, 0, 0, 24 FROM n;
             WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3000),
                s(s) AS (SELECT 1 UNION ALL SELECT s + 1 FROM s WHERE s < 24)
             INSERT INTO bundles (kiosk_id, sequence, blake3, received_at, bundle)
                SELECT 'kiosk' || n, s, 'hash', 0, zeroblob(800) FROM n, s;
             ANALYZE;"
        })
        .await;
    let mut kiosks = Vec::new();
    let mut took = Duration::MAX;
    // The shortest of several: what else the machine does meanwhile only adds.
    for _ in 0..5 {
        let begun = Instant::now();
        kiosks = store.kiosks().await.expect("an answer");
        took = took.min(begun.elapsed());
    }
    println!("{} kiosks took {took:?}", kiosks.len());
    assert_eq!(kiosks.len(), 3_000);
    assert!(kiosks.iter().all(|kiosk| kiosk.stored == 24));
    // The reference: a query for each of them, which reads as many bundles. Which is quicker depends on the machine; a plan that reads all
    // bundles for each kiosk takes hundreds of times as long.
    let begun = Instant::now();
    for kiosk in &kiosks {
        store.kiosk(&kiosk.id).await.expect("an answer").expect("a kiosk");
    }
    let one_by_one = begun.elapsed();
    assert!(took < 4 * one_by_one, "{took:?}, one by one {one_by_one:?}");
    store.accept("kiosk1", "key", "Xã 1", NOW).await.expect("accepted");
    let another = Received {
        public_key: "key".to_owned(),
        ..bundle_of("kiosk1", 25, table(&[]))
    };
    store_all(&store, &[another]).await;
}

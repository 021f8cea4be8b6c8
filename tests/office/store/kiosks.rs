//! Kiosks: unknown, accepted, retired; what is known of them.

use std::slice::from_ref;
use std::time::{Duration, Instant};

use commune_kiosk::office::store::{Kept, Objection, Received};
use commune_kiosk::usage::statistics::Card;

use crate::store::place::{NOW, Place, bundle, bundle_of, flat, key_of, store_all, sums, table};

on_both! {
    an_unknown_kiosk_waits_until_it_is_accepted,
    an_accepted_kiosk_is_unknown_no_longer_whatever_still_waits,
    there_is_room_for_so_many_bundles_of_an_unknown_kiosk,
    there_is_room_for_so_many_unknown_kiosks,
    there_is_room_for_so_many_bytes_of_unknown_kiosks,
    a_retired_kiosk_is_refused_until_it_is_taken_back,
    accepting_again_never_changes_the_key,
    gaps_are_named,
    the_newest_number_tells_how_the_machine_is,
    kiosks_stand_by_name,
    three_thousand_kiosks_are_listed_at_once,
}

async fn an_unknown_kiosk_waits_until_it_is_accepted(place: &Place) {
    let store = place.open().await;
    let later = Received {
        at: NOW + 60,
        ..bundle("a", 2, &[("2026-10-05", 2)])
    };
    let first = bundle("a", 1, &[("2026-10-05", 1)]);
    for batch in [[later.clone(), first.clone()], [first.clone(), later.clone()]] {
        assert_eq!(
            store.keep(&batch).await.expect("an answer"),
            [Kept::Waiting, Kept::Waiting]
        );
    }
    assert_eq!(sums(&store, None).await, []);
    assert_eq!(store.kiosks().await.expect("an answer"), []);
    let unknown = store.unknown().await.expect("an answer");
    let [unknown] = &unknown[..] else {
        panic!("not one: {unknown:?}")
    };
    assert_eq!((unknown.id.as_str(), unknown.bundles, unknown.since), ("a", 2, NOW));
    assert_eq!(unknown.public_key, key_of("a"));
    let waiting = store.waiting("a").await.expect("an answer");
    assert_eq!(waiting, [(1, first.bundle.to_vec()), (2, later.bundle.to_vec())]);

    store
        .accept("a", &unknown.public_key, "Xã A", NOW + 90)
        .await
        .expect("accepted");
    for waited in [first, later] {
        store_all(&store, from_ref(&waited)).await;
        store.stop_waiting("a", waited.sequence).await.expect("forgotten");
    }
    assert_eq!(store.waiting("a").await.expect("an answer"), []);
    assert_eq!(store.unknown().await.expect("an answer"), []);
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 3)])));
}

/// A bundle may arrive in the very moment in which its kiosk is accepted, and wait although it need not.
async fn an_accepted_kiosk_is_unknown_no_longer_whatever_still_waits(place: &Place) {
    let store = place.open().await;
    let late = bundle("a", 1, &[("2026-10-05", 1)]);
    store.keep(from_ref(&late)).await.expect("an answer");
    store.accept("a", &key_of("a"), "Xã A", NOW).await.expect("accepted");
    assert_eq!(store.unknown().await.expect("an answer"), []);
    store_all(&store, &[late]).await;
    assert_eq!(store.waiting("a").await.expect("an answer"), []);
}

async fn there_is_room_for_so_many_bundles_of_an_unknown_kiosk(place: &Place) {
    let store = place.open().await;
    let flood: Vec<_> = (1..=401).map(|sequence| bundle("a", sequence, &[])).collect();
    let kept = store.keep(&flood).await.expect("an answer");
    assert!(kept[..400].iter().all(|kept| *kept == Kept::Waiting));
    assert_eq!(kept[400], Kept::NoRoom);
    // What waits here already is not sent away.
    assert_eq!(store.keep(&flood[..1]).await.expect("an answer"), [Kept::Waiting]);
    assert_eq!(store.unknown().await.expect("an answer")[0].bundles, 400);
    assert_eq!(
        store.keep(&[bundle("b", 1, &[])]).await.expect("an answer"),
        [Kept::Waiting]
    );
}

async fn there_is_room_for_so_many_unknown_kiosks(place: &Place) {
    let store = place.open().await;
    let flood: Vec<_> = (1..=501).map(|kiosk| bundle(&format!("{kiosk:04}"), 1, &[])).collect();
    let kept = store.keep(&flood).await.expect("an answer");
    assert_eq!(kept.iter().filter(|kept| **kept == Kept::NoRoom).count(), 1);
    let again = store.keep(&[bundle("0001", 2, &[]), bundle("9999", 1, &[])]).await;
    assert_eq!(again.expect("an answer"), [Kept::Waiting, Kept::NoRoom]);
    // Kiosks that somebody has accepted notice nothing.
    store.accept("a", &key_of("a"), "Xã A", NOW).await.expect("accepted");
    store_all(&store, &[bundle("a", 1, &[])]).await;
}

/// Anybody can make keys, and bundles as large as they may be.
async fn there_is_room_for_so_many_bytes_of_unknown_kiosks(place: &Place) {
    let store = place.open_for(&["known"]).await;
    let large = |kiosk: u64, bytes: usize| Received {
        bundle: vec![0; bytes].into(),
        ..bundle(&format!("{kiosk:04}"), 1, &[])
    };
    let too_large = store.keep(&[large(0, 256 * 1024 + 1)]).await;
    assert_eq!(too_large.expect("an answer"), [Kept::NoRoom]);
    // What waits of accepted kiosks takes no room from the others.
    let undecided = |sequence| Received {
        content: Err(Objection::ForNow("mới quá".to_owned())),
        bundle: vec![0; 256 * 1024].into(),
        ..bundle("known", sequence, &[])
    };
    let kept = store.keep(&[1, 2, 3].map(undecided)).await.expect("an answer");
    assert!(kept.iter().all(|kept| matches!(kept, Kept::Undecided(_))), "{kept:?}");
    assert_eq!(store.waiting("known").await.expect("an answer").len(), 3);
    // 64 MiB, then nothing more.
    for flood in 0..8 {
        let flood: Vec<_> = (1..=32).map(|kiosk| large(flood * 32 + kiosk, 256 * 1024)).collect();
        let kept = store.keep(&flood).await.expect("an answer");
        assert!(kept.iter().all(|kept| *kept == Kept::Waiting));
    }
    let more = store.keep(&[large(1, 256 * 1024), large(257, 1)]).await;
    assert_eq!(more.expect("an answer"), [Kept::Waiting, Kept::NoRoom]);
    // A person makes room.
    store.dismiss("0007").await.expect("dismissed");
    assert_eq!(store.keep(&[large(257, 1)]).await.expect("an answer"), [Kept::Waiting]);
}

async fn a_retired_kiosk_is_refused_until_it_is_taken_back(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let late = bundle("a", 1, &[("2026-10-05", 1)]);
    assert!(store.retire("a").await.expect("an answer"));
    assert!(!store.retire("nobody").await.expect("an answer"));
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
    // Whatever it sends, it was heard of.
    assert_eq!(kiosk.last_contact, Some(NOW + 70));
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

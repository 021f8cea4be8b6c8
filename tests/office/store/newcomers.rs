//! Kiosks that nobody has accepted: how many wait and for how long, who is dismissed, who is expected.

use std::slice::from_ref;

use commune_kiosk::office::store::{Kept, Objection, Received, Store};

use crate::store::place::{NOW, Place, bundle, flat, key_of, store_all, sums, table};

on_both! {
    an_unknown_kiosk_waits_until_it_is_accepted,
    an_accepted_kiosk_is_unknown_no_longer_whatever_still_waits,
    there_is_room_for_so_many_bundles_of_an_unknown_kiosk,
    there_is_room_for_so_many_unknown_kiosks,
    there_is_room_for_so_many_bytes_of_unknown_kiosks,
    whoever_waits_too_long_makes_room,
    dismissed_kiosks_stay_dismissed_and_take_no_room,
    whoever_came_later_is_not_dismissed_with_the_others,
    who_is_expected_is_remembered_by_id_or_words,
}

/// A bundle that arrives at another moment.
fn at(at: i64, kiosk: &str) -> Received {
    Received {
        at,
        ..bundle(kiosk, 1, &[])
    }
}

async fn keep_one(store: &Store, bundle: &Received) -> Kept {
    store.keep(from_ref(bundle)).await.expect("an answer").remove(0)
}

async fn unknown(store: &Store) -> Vec<String> {
    let unknown = store.unknown().await.expect("an answer");
    unknown.into_iter().map(|unknown| unknown.id).collect()
}

const DAY: i64 = 24 * 60 * 60;

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
    assert!(store.dismiss("0007").await.expect("an answer"));
    assert_eq!(store.keep(&[large(257, 1)]).await.expect("an answer"), [Kept::Waiting]);
}

async fn whoever_waits_too_long_makes_room(place: &Place) {
    let store = place.open_for(&["known"]).await;
    let flood: Vec<_> = (1..=500).map(|kiosk| at(NOW, &format!("{kiosk:04}"))).collect();
    store.keep(&flood).await.expect("an answer");
    let undecided = Received {
        content: Err(Objection::ForNow("mới quá".to_owned())),
        ..at(NOW, "known")
    };
    store.keep(&[undecided]).await.expect("an answer");
    assert_eq!(keep_one(&store, &at(NOW + 14 * DAY, "real")).await, Kept::NoRoom);
    assert_eq!(keep_one(&store, &at(NOW + 14 * DAY + 1, "real")).await, Kept::Waiting);
    assert_eq!(unknown(&store).await, ["real"]);
    assert_eq!(store.waiting("0001").await.expect("an answer").len(), 0);
    // An accepted kiosk's waits for something else.
    assert_eq!(store.waiting("known").await.expect("an answer").len(), 1);
    // Whoever comes again is as new.
    assert_eq!(keep_one(&store, &at(NOW + 15 * DAY, "0001")).await, Kept::Waiting);
    // Whoever came while the office's clock was years ahead doesn't wait for those years.
    assert_eq!(keep_one(&store, &at(NOW + 4_000 * DAY, "ahead")).await, Kept::Waiting);
    assert_eq!(keep_one(&store, &at(NOW + 16 * DAY, "now")).await, Kept::Waiting);
    assert_eq!(unknown(&store).await, ["now"]);
}

async fn dismissed_kiosks_stay_dismissed_and_take_no_room(place: &Place) {
    let store = place.open_for(&["known"]).await;
    let flood: Vec<_> = (1..=500).map(|kiosk| at(NOW, &format!("{kiosk:04}"))).collect();
    store.keep(&flood).await.expect("an answer");
    assert_eq!(store.dismiss_all(NOW).await.expect("an answer"), 500);
    assert_eq!(store.dismiss_all(NOW).await.expect("an answer"), 0);
    assert!(!store.dismiss("0001").await.expect("an answer"), "it is gone");
    assert!(!store.dismiss("known").await.expect("an answer"), "it is ours");
    assert_eq!(keep_one(&store, &flood[0]).await, Kept::NoRoom);
    assert_eq!(keep_one(&store, &at(NOW + 400 * DAY, "0001")).await, Kept::NoRoom);
    assert_eq!(keep_one(&store, &at(NOW, "real")).await, Kept::Waiting);
    assert_eq!(unknown(&store).await, ["real"]);
    // A person takes one back.
    store
        .accept("0001", &key_of("0001"), "Xã A", NOW)
        .await
        .expect("accepted");
    store_all(&store, &flood[..1]).await;
    let keys = store.keys().await.expect("an answer");
    assert_eq!(keys.len(), 502, "each is known once: {}", keys.len());
}

async fn whoever_came_later_is_not_dismissed_with_the_others(place: &Place) {
    let store = place.open().await;
    for (moment, kiosk) in [(NOW, "a"), (NOW + 5, "b"), (NOW + 6, "c")] {
        assert_eq!(keep_one(&store, &at(moment, kiosk)).await, Kept::Waiting);
    }
    assert_eq!(store.dismiss_all(NOW + 5).await.expect("an answer"), 2);
    assert_eq!(unknown(&store).await, ["c"]);
    assert_eq!(store.waiting("a").await.expect("an answer"), []);
    assert_eq!(store.waiting("c").await.expect("an answer").len(), 1);
}

async fn who_is_expected_is_remembered_by_id_or_words(place: &Place) {
    let store = place.open().await;
    store.expect("kiosk-1", "Xã A", NOW).await.expect("expected");
    store.expect("sáu chữ", "Xã B", NOW + 1).await.expect("expected");
    store.expect("kiosk-1", "Xã A mới", NOW + 2).await.expect("expected");
    let name = async |id: &str, words: &str| store.expected_name(id, words).await.expect("an answer");
    assert_eq!(name("kiosk-1", "chữ khác").await.as_deref(), Some("Xã A mới"));
    assert_eq!(name("kiosk-2", "sáu chữ").await.as_deref(), Some("Xã B"));
    assert_eq!(name("kiosk-2", "chữ khác").await, None);
    let expected = store.expected().await.expect("an answer");
    let names: Vec<_> = expected.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Xã B", "Xã A mới"]);
    assert!(store.stop_expecting("sáu chữ").await.expect("an answer"));
    assert!(!store.stop_expecting("sáu chữ").await.expect("an answer"));
    assert_eq!(store.expected().await.expect("an answer").len(), 1);
}

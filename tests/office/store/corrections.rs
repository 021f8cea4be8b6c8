//! What a person puts right: bundles leave the sums and come back, gaps are closed, kiosks forgotten; and it is written down.

use std::sync::Arc;

use commune_kiosk::office::store::{By, DatabaseError, Kept, Objection, Received, Store, What};

use crate::store::place::{NOW, Place, bundle, flat, key_of, read, store_all, sums, table, verify};

on_both! {
    a_voided_bundle_leaves_the_sums_and_comes_back,
    what_was_put_right_is_written_down,
    a_bundle_that_cannot_be_read_can_be_taken_out,
    nothing_is_taken_from_sums_that_are_wrong,
    a_forgotten_kiosk_takes_its_counts_along,
    a_refused_number_is_no_gap_and_a_gap_can_be_closed,
    bundles_are_taken_out_while_others_come,
}

const BY: By<'_> = By {
    whom: "lan",
    why: "kỹ thuật viên thử máy",
    at: NOW,
};

async fn missing(store: &Store, kiosk: &str) -> u64 {
    store.kiosk(kiosk).await.expect("an answer").expect("a kiosk").missing
}

async fn a_voided_bundle_leaves_the_sums_and_comes_back(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    let test_taps = bundle("a", 2, &[("2026-10-05", 100), ("2027-01-01", 9), ("2025", 1)]);
    let others = [
        bundle("a", 1, &[("2026-10-05", 7)]),
        bundle("b", 1, &[("2026-10-05", 5)]),
    ];
    store_all(&store, &others).await;
    let without = (sums(&store, None).await, sums(&store, Some("a")).await);
    store_all(&store, std::slice::from_ref(&test_taps)).await;
    let with = (sums(&store, None).await, sums(&store, Some("a")).await);

    for _ in 0..2 {
        assert!(store.void("a", 2, BY, read).await.expect("an answer"));
        assert!(!store.void("a", 2, BY, read).await.expect("an answer"), "once");
        assert_eq!((sums(&store, None).await, sums(&store, Some("a")).await), without);
        assert_eq!(store.voided("a").await.expect("an answer"), [2]);
        // It is here, and nobody asks for it; sent once more it is not counted either.
        assert_eq!(store.lacking("a", 2).await.expect("an answer"), []);
        assert_eq!(
            (store.gaps("a").await.expect("an answer"), missing(&store, "a").await),
            (vec![], 0)
        );
        store_all(&store, std::slice::from_ref(&test_taps)).await;
        assert_eq!(sums(&store, None).await, without.0);
        verify(&store).await;
        assert_eq!(store.rebuild(read).await.expect("an answer").rows, 0);

        assert!(store.restore("a", 2, BY, read).await.expect("an answer"));
        assert!(!store.restore("a", 2, BY, read).await.expect("an answer"), "once");
        assert_eq!((sums(&store, None).await, sums(&store, Some("a")).await), with);
        assert_eq!(store.voided("a").await.expect("an answer"), [0_u64; 0]);
        verify(&store).await;
    }
    for (kiosk, sequence) in [("a", 3), ("c", 1)] {
        assert!(!store.void(kiosk, sequence, BY, read).await.expect("an answer"));
        assert!(!store.restore(kiosk, sequence, BY, read).await.expect("an answer"));
    }
}

async fn what_was_put_right_is_written_down(place: &Place) {
    let store = place.open_for(&["a"]).await;
    store_all(&store, &[bundle("a", 1, &[]), bundle("a", 4, &[])]).await;
    assert!(store.void("a", 4, BY, read).await.expect("an answer"));
    let back = By {
        why: "",
        whom: "mai",
        at: NOW + 1,
    };
    assert!(store.restore("a", 4, back, read).await.expect("an answer"));
    assert!(store.close_gap("a", (2, 3), BY).await.expect("an answer"));
    let corrections = store.corrections("a").await.expect("an answer");
    let lines: Vec<_> = corrections
        .iter()
        .map(|one| {
            (
                one.what,
                one.first,
                one.last,
                one.whom.as_str(),
                one.why.as_str(),
                one.at,
            )
        })
        .collect();
    let expected = [
        (What::Close, 2, 3, "lan", BY.why, NOW),
        (What::Restore, 4, 4, "mai", "", NOW + 1),
        (What::Void, 4, 4, "lan", BY.why, NOW),
    ];
    assert_eq!(lines, expected);
    assert_eq!(store.corrections("b").await.expect("an answer"), []);
}

async fn a_bundle_that_cannot_be_read_can_be_taken_out(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let spoilt = Received {
        bundle: b"not what it was".as_slice().into(),
        ..bundle("a", 2, &[("2026-10-05", 100)])
    };
    store_all(&store, &[bundle("a", 1, &[("2026-10-05", 7)]), spoilt]).await;
    let refused = store.void("a", 1, BY, read).await;
    assert!(matches!(refused, Err(DatabaseError::Sums(_))), "{refused:?}");
    assert!(store.void("a", 2, BY, read).await.expect("an answer"));
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 7)])));
    verify(&store).await;
}

async fn nothing_is_taken_from_sums_that_are_wrong(place: &Place) {
    let store = place.open_for(&["a"]).await;
    store_all(&store, &[bundle("a", 1, &[("2026-10-05", 7)])]).await;
    place.meddle("DELETE FROM figures WHERE kiosk_id = '*'").await;
    for refused in [store.void("a", 1, BY, read).await, store.forget("a", BY).await] {
        assert!(matches!(refused, Err(DatabaseError::Sums(_))), "{refused:?}");
    }
    assert_eq!(store.voided("a").await.expect("an answer"), [0_u64; 0]);
    assert_eq!(store.corrections("a").await.expect("an answer"), []);
    store.rebuild(read).await.expect("an answer");
    assert!(store.void("a", 1, BY, read).await.expect("an answer"));
    assert_eq!(sums(&store, None).await, []);
    // What is wrong of a kiosk is not carried over into the sums of all, which are right.
    store_all(
        &store,
        &[
            bundle("a", 2, &[("2026-10-05", 7)]),
            bundle("a", 3, &[("2026-11-05", 4)]),
        ],
    )
    .await;
    let right = sums(&store, None).await;
    place
        .meddle("UPDATE figures SET visits = 9 WHERE kiosk_id = 'a' AND month = '2026-10'")
        .await;
    let refused = store.void("a", 3, BY, read).await;
    assert!(matches!(refused, Err(DatabaseError::Sums(_))), "{refused:?}");
    assert_eq!(sums(&store, None).await, right);
    store.rebuild(read).await.expect("an answer");
    assert!(store.void("a", 3, BY, read).await.expect("an answer"));
}

async fn a_forgotten_kiosk_takes_its_counts_along(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    let of_a = [
        bundle("a", 1, &[("2026-10-05", 7), ("undated", 3)]),
        bundle("a", 3, &[("2026-11-05", 2)]),
    ];
    store_all(&store, &of_a).await;
    store_all(&store, &[bundle("b", 1, &[("2026-10-05", 5)])]).await;
    let refused = Received {
        content: Err(Objection::ForGood("lỗi".to_owned())),
        ..bundle("a", 2, &[])
    };
    store.keep(&[refused]).await.expect("an answer");
    assert!(store.forget("a", BY).await.expect("an answer"));
    assert!(!store.forget("a", BY).await.expect("an answer"));
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 5)])));
    assert_eq!(sums(&store, Some("a")).await, []);
    assert_eq!(store.kiosk("a").await.expect("an answer"), None);
    assert_eq!(store.aside(Some("a"), 10).await.expect("an answer"), []);
    verify(&store).await;
    let forgotten = store.forgotten().await.expect("an answer");
    let [one] = &forgotten[..] else { panic!("{forgotten:?}") };
    assert_eq!((one.kiosk.as_str(), one.last, one.why.as_str()), ("a", 3, BY.why));

    // It goes on sending; nobody is asked about it, and nothing of it is counted.
    assert_eq!(
        store.keep(&of_a).await.expect("an answer"),
        [Kept::NoRoom, Kept::NoRoom]
    );
    assert_eq!(store.unknown().await.expect("an answer"), []);
    // If that was the mistake: the kiosk has kept its bundles.
    store.accept("a", &key_of("a"), "Xã A", NOW).await.expect("taken back");
    assert_eq!(store.lacking("a", 3).await.expect("an answer"), [(1, 3)]);
    store_all(&store, &of_a).await;
    let expected = table(&[("2026-10-05", 12), ("undated", 3), ("2026-11-05", 2)]);
    assert_eq!(sums(&store, None).await, flat(&expected));
    verify(&store).await;
}

async fn a_refused_number_is_no_gap_and_a_gap_can_be_closed(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let refused = |sequence| Received {
        content: Err(Objection::ForGood("lỗi".to_owned())),
        ..bundle("a", sequence, &[])
    };
    store_all(&store, &[1, 3, 9].map(|sequence| bundle("a", sequence, &[]))).await;
    assert_eq!(missing(&store, "a").await, 6);
    store.keep(&[refused(2), refused(12)]).await.expect("an answer");
    assert_eq!(store.gaps("a").await.expect("an answer"), [(4, 8)]);
    assert_eq!(missing(&store, "a").await, 5);
    assert_eq!(store.lacking("a", 11).await.expect("an answer"), [(4, 8), (10, 11)]);

    for nothing in [(1, 3), (9, 9), (8, 4), (8, 10)] {
        assert!(
            !store.close_gap("a", nothing, BY).await.expect("an answer"),
            "{nothing:?}"
        );
    }
    assert!(store.close_gap("a", (5, 6), BY).await.expect("an answer"));
    assert_eq!(store.gaps("a").await.expect("an answer"), [(4, 4), (7, 8)]);
    assert_eq!(missing(&store, "a").await, 3);
    assert_eq!(
        store.lacking("a", 11).await.expect("an answer"),
        [(4, 4), (7, 8), (10, 11)],
        "nor is the kiosk asked for them"
    );
    // One of them turns up all the same.
    store_all(&store, &[bundle("a", 5, &[("2026-10-05", 7)])]).await;
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 7)])));
    assert!(store.close_gap("a", (1, 9), BY).await.expect("an answer"));
    assert_eq!(
        (store.gaps("a").await.expect("an answer"), missing(&store, "a").await),
        (vec![], 0)
    );
}

async fn bundles_are_taken_out_while_others_come(place: &Place) {
    let programs = [
        Arc::new(place.open_for(&["a", "b"]).await),
        Arc::new(place.open().await),
    ];
    store_all(
        &programs[0],
        &[bundle("a", 1, &[("2026-10-05", 100), ("2026-11", 100)])],
    )
    .await;
    let others = programs[0].clone();
    let sending = tokio::spawn(async move {
        for n in 2..=30 {
            let both = ["a", "b"].map(|kiosk| bundle(kiosk, n, &[("2026-10-05", 1), ("2026-11", n)]));
            store_all(&others, &both).await;
        }
    });
    for _ in 0..8 {
        assert!(programs[1].void("a", 1, BY, read).await.expect("an answer"));
        assert!(programs[1].restore("a", 1, BY, read).await.expect("an answer"));
    }
    sending.await.expect("no panic");
    verify(&programs[0]).await;
    let of_both: u64 = 2 * (2..=30).sum::<u64>();
    let expected = flat(&table(&[("2026-10-05", 158), ("2026-11", 100 + of_both)]));
    assert_eq!(sums(&programs[0], None).await, expected);
}

//! Transactions that fail or are given up half-way: nothing of them is left, and the store goes on.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use commune_kiosk::office::store::{Objection, Received, Store};

use crate::common::postgres::connect;
use crate::store::place::{Place, bundle, flat, store_all, sums, sums_of, table};

on_both! {
    a_batch_with_one_bundle_that_cannot_be_stored_leaves_nothing,
    sums_that_cannot_be_stored_leave_no_bundle,
    damaged_sums_are_never_overwritten,
    given_up_at_any_moment_nothing_is_counted_twice_or_lost,
    given_up_while_another_program_writes_nothing_is_kept,
}

/// Nothing is stored of a kiosk.
async fn assert_untouched(store: &Store, kiosk: &str) {
    assert_eq!(sums(store, None).await, []);
    assert_eq!(store.stored(kiosk, 10).await.expect("an answer"), []);
    let kiosk = store.kiosk(kiosk).await.expect("an answer").expect("a kiosk");
    assert_eq!((kiosk.newest, kiosk.last_contact, kiosk.version), (0, None, None));
}

async fn a_batch_with_one_bundle_that_cannot_be_stored_leaves_nothing(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    let batch = [
        bundle("a", 1, &[("2026-10-05", 7)]),
        Received {
            content: Err(Objection::ForGood("lỗi".to_owned())),
            ..bundle("b", 1, &[])
        },
        bundle("a", 2, &[("2026-10-05", 7)]),
    ];
    // Refused bundles have nowhere to go.
    place.meddle("ALTER TABLE aside RENAME TO lost").await;
    store.keep(&batch).await.expect_err("there is no such table");
    place.meddle("ALTER TABLE lost RENAME TO aside").await;
    assert_untouched(&store, "a").await;
    store.keep(&batch).await.expect("an answer");
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 14)])));
}

async fn sums_that_cannot_be_stored_leave_no_bundle(place: &Place) {
    let store = place.open_for(&["a"]).await;
    place.meddle("ALTER TABLE figures RENAME TO lost").await;
    store
        .keep(&[bundle("a", 1, &[("2026-10-05", 7)])])
        .await
        .expect_err("there is no such table");
    place.meddle("ALTER TABLE lost RENAME TO figures").await;
    assert_untouched(&store, "a").await;
    store_all(&store, &[bundle("a", 1, &[("2026-10-05", 7)])]).await;
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 7)])));
}

async fn damaged_sums_are_never_overwritten(place: &Place) {
    let store = place.open_for(&["a"]).await;
    store_all(&store, &[bundle("a", 1, &[("2026-10-05", 7)])]).await;
    place
        .meddle("UPDATE figures SET counts = 'not JSON' WHERE kiosk_id = 'a'")
        .await;
    store
        .keep(&[bundle("a", 2, &[("2026-10-05", 7)])])
        .await
        .expect_err("nothing can be added to that");
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 7)])));
    store
        .counts(Some("a"), "2026-10", "2026-10")
        .await
        .expect_err("it can't be read");
    // Other months go on.
    store_all(&store, &[bundle("a", 3, &[("2026-11-05", 1)])]).await;
}

/// Whoever asked hangs up after so many steps, for each number of steps until there are none left.
async fn given_up_at_any_moment_nothing_is_counted_twice_or_lost(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let mut bundles = Vec::new();
    for steps in 0.. {
        let number = bundles.len() as u64 + 1;
        let batch = vec![bundle("a", number, &[("2026-10-05", 1), ("2026-11-05", number)])];
        let finished = in_steps(steps, store.keep(&batch)).await;
        bundles.extend(batch);
        if let Some(kept) = finished {
            kept.expect("an answer");
            break;
        }
    }
    println!("kept after {} steps", bundles.len() - 1);
    // The kiosk got no receipt, so it sends everything again.
    let numbers: u64 = (1..=bundles.len() as u64).sum();
    let expected = flat(&table(&[("2026-10-05", bundles.len() as u64), ("2026-11-05", numbers)]));
    for _ in 0..2 {
        store_all(&store, &bundles).await;
        assert_eq!(sums(&store, None).await, expected);
        assert_eq!(sums(&store, Some("a")).await, expected);
    }
}

/// Does at most so many steps of something, and gives it up if it is not done then.
async fn in_steps<T>(most: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut steps = 0;
    std::future::poll_fn(|context: &mut Context<'_>| {
        if steps == most {
            return Poll::Ready(None);
        }
        steps += 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

async fn given_up_while_another_program_writes_nothing_is_kept(place: &Place) {
    let store = Arc::new(place.open_for(&["a"]).await);
    let batch = [bundle("a", 1, &[("2026-10-05", 7)])];
    let keep = async || tokio::time::timeout(Duration::from_millis(300), store.keep(&batch)).await;
    if place.is_postgres() {
        let mut other = connect(&place.address).await;
        let busy = other.transaction().await.expect("a transaction");
        busy.execute("LOCK TABLE figures", &[]).await.expect("a lock");
        // More often than the store has connections.
        for _ in 0..10 {
            keep().await.expect_err("it waits for the other");
        }
        busy.rollback().await.expect("the end");
    } else {
        // A file is waited for without a pause in which anybody could give up, so it is the second in line who does.
        let mut other = rusqlite::Connection::open(&place.address).expect("the file");
        let busy = other
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .expect("a transaction");
        let first = tokio::spawn({
            let store = store.clone();
            async move { store.keep(&[bundle("a", 2, &[("2026-12-05", 1)])]).await }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        // Should it be the first in line after all, it waits until it is refused.
        assert!(!matches!(keep().await, Ok(Ok(_))), "it waits for the first");
        busy.rollback().expect("the end");
        first.await.expect("no panic").expect("an answer");
    }
    let stored = store.stored("a", 10).await.expect("an answer");
    assert!(stored.iter().all(|(number, _)| *number == 2), "{stored:?}");
    store_all(&store, &batch).await;
    assert_eq!(
        sums_of(&store, None, ("2026-10", "2026-10")).await,
        flat(&table(&[("2026-10-05", 7)]))
    );
}

/// PostgreSQL alone: for a file this is the driver's own promise.
#[tokio::test(flavor = "multi_thread")]
async fn another_program_that_never_ends_is_not_waited_for_forever() {
    let place = Place::in_postgres().await;
    let store = place.open_for(&["a"]).await;
    let mut other = connect(&place.address).await;
    let busy = other.transaction().await.expect("a transaction");
    busy.execute("LOCK TABLE figures", &[]).await.expect("a lock");
    let begun = std::time::Instant::now();
    store
        .keep(&[bundle("a", 1, &[("2026-10-05", 7)])])
        .await
        .expect_err("it waits for the other");
    assert!((8..20).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    busy.rollback().await.expect("the end");
    assert_untouched(&store, "a").await;
    store_all(&store, &[bundle("a", 1, &[("2026-10-05", 7)])]).await;
}

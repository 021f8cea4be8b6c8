//! Many at the same moment: bundles meet in one database, from several tasks and several programs.

use std::sync::Arc;

use commune_kiosk::office::store::{Kept, Received, Store};
use tokio::task::JoinSet;

use crate::store::place::{NOW, Place, bundle, flat, store_all, sums, table};

on_both! {
    one_bundle_from_everywhere_is_counted_once,
    batches_that_cross_each_other_are_all_kept,
    of_two_contents_at_the_same_moment_one_is_stored,
    a_kiosk_may_be_retired_while_it_sends,
}

const KIOSKS: [&str; 3] = ["a", "b", "c"];

/// Each batch to its store, all at the same moment; gives what became of them.
async fn keep_at_once(batches: Vec<(Arc<Store>, Vec<Received>)>) -> Vec<Kept> {
    let gate = Arc::new(tokio::sync::Barrier::new(batches.len()));
    let mut tasks = JoinSet::new();
    for (store, batch) in batches {
        let gate = gate.clone();
        tasks.spawn(async move {
            gate.wait().await;
            store.keep(&batch).await.expect("an answer")
        });
    }
    tasks.join_all().await.concat()
}

/// Two programs on one database.
async fn two_programs(place: &Place, kiosks: &[&str]) -> [Arc<Store>; 2] {
    [Arc::new(place.open_for(kiosks).await), Arc::new(place.open().await)]
}

async fn one_bundle_from_everywhere_is_counted_once(place: &Place) {
    let stores = two_programs(place, &["a"]).await;
    let same = bundle("a", 1, &[("2026-10-05", 7), ("2026-11", 3), ("undated", 1)]);
    let batches = (0..40).map(|n: usize| (stores[n % 2].clone(), vec![same.clone(), same.clone()]));
    let kept = keep_at_once(batches.collect()).await;
    assert!(kept.iter().all(|kept| *kept == Kept::Stored), "{kept:?}");
    let once = flat(&table(&[("2026-10-05", 7), ("2026-11", 3), ("undated", 1)]));
    assert_eq!(sums(&stores[0], None).await, once);
    assert_eq!(sums(&stores[1], Some("a")).await, once);
}

/// Every batch has bundles of every kiosk, in an order of its own, and others have them too.
async fn batches_that_cross_each_other_are_all_kept(place: &Place) {
    let stores = two_programs(place, &KIOSKS).await;
    let months = ["2026-09-01", "2026-10-01", "2026-11-01", "undated"];
    let all: Vec<Received> = KIOSKS
        .iter()
        .flat_map(|kiosk| (1..=12).map(move |sequence| (*kiosk, sequence)))
        .map(|(kiosk, sequence)| bundle(kiosk, sequence, &months.map(|month| (month, sequence))))
        .collect();
    let mut random = fastrand::Rng::with_seed(7);
    let batches = (0..32).map(|n: usize| {
        let mut batch = all.clone();
        random.shuffle(&mut batch);
        batch.truncate(18);
        (stores[n % 2].clone(), batch)
    });
    let batches: Vec<_> = batches.collect();
    let kept = keep_at_once(batches).await;
    assert!(kept.iter().all(|kept| *kept == Kept::Stored), "{kept:?}");
    store_all(&stores[0], &all).await;
    let of_one: u64 = (1..=12).sum();
    assert_eq!(
        sums(&stores[0], Some("b")).await,
        flat(&table(&months.map(|month| (month, of_one))))
    );
    assert_eq!(
        sums(&stores[1], None).await,
        flat(&table(&months.map(|month| (month, of_one * 3))))
    );
}

async fn of_two_contents_at_the_same_moment_one_is_stored(place: &Place) {
    let stores = two_programs(place, &["a"]).await;
    let contents = [("2026-10-05", 1), ("2026-10-05", 100)].map(|counts| bundle("a", 1, &[counts]));
    let batches = (0..20).map(|n: usize| (stores[n % 2].clone(), vec![contents[n / 2 % 2].clone()]));
    let kept = keep_at_once(batches.collect()).await;
    assert_eq!(kept.iter().filter(|kept| **kept == Kept::Stored).count(), 10);
    let sums = sums(&stores[0], None).await;
    assert!([1, 100].contains(&sums[0].1), "{sums:?}");
    assert_eq!(stores[0].aside(None, 10).await.expect("an answer").len(), 1);
}

async fn a_kiosk_may_be_retired_while_it_sends(place: &Place) {
    let programs = two_programs(place, &["a"]).await;
    let batches = (1..=20).map(|n| (programs[0].clone(), vec![bundle("a", n, &[("2026-10-05", 1)])]));
    let (kept, retired) = tokio::join!(keep_at_once(batches.collect()), programs[1].retire("a", NOW));
    assert!(retired.expect("an answer"));
    let stored = kept.iter().filter(|kept| **kept == Kept::Stored).count();
    let aside = kept.iter().filter(|kept| **kept == Kept::Retired).count();
    assert_eq!(stored + aside, 20);
    let counted: u64 = sums(&programs[0], None).await.iter().map(|(_, n)| n).sum();
    assert_eq!(counted, stored as u64);
    assert_eq!(programs[0].aside(None, 100).await.expect("an answer").len(), aside);
}

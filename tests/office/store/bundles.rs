//! A bundle is stored once, and what it says is added up once.

use std::slice::from_ref;

use commune_kiosk::office::store::{Kept, Objection, REFUSED_BY_A_PERSON, Received};
use commune_kiosk::usage::statistics::{Statistics, Table};

use crate::common::postgres::connect;
use crate::store::place::{NOW, Place, bundle, bundle_of, flat, page, store_all, sums, sums_of, table};

on_both! {
    days_ahead_wait_for_a_person_and_stay_decided,
    a_bundle_is_stored_once_however_often_it_arrives,
    sums_are_by_kiosk_and_of_all,
    a_month_of_one_bundle_is_kept_as_it_came_and_read_as_any_other,
    a_range_of_months_has_its_months_and_what_has_none,
    a_range_over_two_years_leaves_out_the_months_before_it,
    a_number_used_twice_is_refused_and_put_aside,
    of_two_contents_of_one_number_in_a_batch_the_first_is_stored,
    another_key_is_refused,
    what_makes_no_sense_is_refused_and_put_aside,
    what_is_not_decided_waits_until_it_is,
    a_reason_with_a_zero_byte_spoils_no_batch,
    only_a_hundred_refused_bundles_of_a_kiosk_are_kept,
    what_is_stored_is_named_newest_first,
    what_is_lacking_is_named_and_what_was_refused_is_not,
    an_office_restored_from_a_copy_names_what_it_lost_and_counts_it_once,
    numbers_as_large_as_they_get_are_kept,
    an_empty_batch_and_an_empty_bundle_change_no_sum,
    one_kiosk_can_not_make_the_sums_grow_without_end,
    one_kiosk_has_no_more_than_some_twenty_years,
}

async fn a_bundle_is_stored_once_however_often_it_arrives(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let first = bundle("a", 1, &[("2026-10-05", 7)]);
    store_all(&store, from_ref(&first)).await;
    store_all(&store, from_ref(&first)).await;
    let second = bundle("a", 2, &[("2026-10-05", 1), ("2026-10-06", 2)]);
    store_all(&store, &[first.clone(), second.clone(), second, first.clone()]).await;
    // Also by a program that was started anew.
    store_all(&place.open().await, &[first]).await;
    let expected = flat(&table(&[("2026-10-05", 8), ("2026-10-06", 2)]));
    assert_eq!(sums(&store, None).await, expected);
    assert_eq!(sums(&store, Some("a")).await, expected);
    assert_eq!(store.kiosk("a").await.expect("an answer").expect("a kiosk").stored, 2);
    assert_eq!(store.aside(None, 10).await.expect("an answer"), []);
}

async fn sums_are_by_kiosk_and_of_all(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    let bundles = [
        bundle("a", 1, &[("2026-10-05", 7)]),
        bundle("b", 1, &[("2026-10-05", 5)]),
    ];
    store_all(&store, &bundles).await;
    assert_eq!(sums(&store, Some("a")).await, flat(&table(&[("2026-10-05", 7)])));
    assert_eq!(sums(&store, Some("b")).await, flat(&table(&[("2026-10-05", 5)])));
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 12)])));
    assert_eq!(sums(&store, Some("c")).await, []);
}

/// What the sums of a kiosk's month begin with: a frame of zstd, or JSON.
async fn first_bytes(place: &Place, kiosk: &str, month: &str) -> Vec<u8> {
    let sql = format!("SELECT counts FROM figures WHERE kiosk_id = '{kiosk}' AND month = '{month}'");
    let counts: Vec<u8> = if place.is_postgres() {
        let client = connect(&place.address).await;
        client.query_one(&sql, &[]).await.expect("a row").get(0)
    } else {
        let file = rusqlite::Connection::open(&place.address).expect("the file");
        file.query_row(&sql, [], |row| row.get(0)).expect("a row")
    };
    counts[..4].to_vec()
}

async fn a_month_of_one_bundle_is_kept_as_it_came_and_read_as_any_other(place: &Place) {
    const PACKED: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
    let store = place.open_for(&["a", "b", "c", "d"]).await;
    let undated = Received {
        undated_after: "2026-10-05".parse().ok(),
        ..bundle("d", 1, &[("undated", 7)])
    };
    let bundles = [
        bundle("a", 1, &[("2026-10-05", 7)]),
        bundle("b", 1, &[("2026-10-05", 7), ("2026-11-05", 1)]),
        bundle("c", 1, &[("2026-10-05", 3)]),
        bundle("c", 2, &[("2026-10-06", 4)]),
        undated,
    ];
    store_all(&store, &bundles).await;
    assert_eq!(first_bytes(place, "a", "2026-10").await, PACKED);
    // Of two months, of two bundles, of days that a person has decided about: none of these is what a bundle says.
    for (kiosk, month) in [
        ("b", "2026-10"),
        ("b", "2026-11"),
        ("c", "2026-10"),
        ("d", "undated"),
        ("*", "2026-10"),
    ] {
        assert!(
            first_bytes(place, kiosk, month).await.starts_with(b"{"),
            "{kiosk} {month}"
        );
    }
    assert_eq!(sums(&store, Some("a")).await, flat(&table(&[("2026-10-05", 7)])));
    store_all(&store, &[bundle("a", 2, &[("2026-10-05", 1)])]).await;
    assert!(first_bytes(place, "a", "2026-10").await.starts_with(b"{"));
    assert_eq!(sums(&store, Some("a")).await, flat(&table(&[("2026-10-05", 8)])));
    let all = table(&[("2026-10-05", 18), ("2026-10-06", 4), ("undated", 7)]);
    assert_eq!(sums_of(&store, None, ("2026-10", "2026-10")).await, flat(&all));
}

async fn a_range_of_months_has_its_months_and_what_has_none(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let counts = [
        ("2026-09-30", 1),
        ("2026-10-01", 2),
        ("2026-10", 4),
        ("2026-11-30", 8),
        ("2026-12", 16),
        ("2026", 32),
        ("2025", 64),
        ("undated", 128),
    ];
    store_all(&store, &[bundle("a", 1, &counts)]).await;
    let autumn = [
        ("2026-10-01", 2),
        ("2026-10", 4),
        ("2026-11-30", 8),
        ("2026", 32),
        ("undated", 128),
    ];
    for kiosk in [None, Some("a")] {
        assert_eq!(
            sums_of(&store, kiosk, ("2026-10", "2026-11")).await,
            flat(&table(&autumn))
        );
        assert_eq!(sums(&store, kiosk).await, flat(&table(&counts)));
        let nothing = [("undated", 128)];
        assert_eq!(
            sums_of(&store, kiosk, ("2031-01", "2031-12")).await,
            flat(&table(&nothing))
        );
    }
}

async fn a_range_over_two_years_leaves_out_the_months_before_it(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let inside = [
        ("2025-11-20", 1),
        ("2025-12", 2),
        ("2026-01-01", 4),
        ("2025", 8),
        ("2026", 16),
    ];
    let outside = [
        ("2025-01-01", 100),
        ("2025-10-31", 100),
        ("2026-02-01", 100),
        ("2024", 100),
        ("2027", 100),
    ];
    store_all(&store, &[bundle("a", 1, &[inside, outside].concat())]).await;
    assert_eq!(
        sums_of(&store, None, ("2025-11", "2026-01")).await,
        flat(&table(&inside))
    );
}

async fn a_number_used_twice_is_refused_and_put_aside(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let first = bundle("a", 1, &[("2026-10-05", 7)]);
    let other = Received {
        at: NOW + 60,
        ..bundle("a", 1, &[("2026-10-05", 9)])
    };
    store_all(&store, from_ref(&first)).await;
    for _ in 0..2 {
        let kept = store.keep(&[other.clone(), first.clone()]).await.expect("an answer");
        assert!(matches!(kept[..], [Kept::Refused(_), Kept::Stored]), "{kept:?}");
    }
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 7)])));
    let aside = store.aside(None, 10).await.expect("an answer");
    let [aside] = &aside[..] else {
        panic!("not one: {aside:?}")
    };
    assert_eq!((aside.kiosk.as_str(), aside.sequence, aside.at), ("a", 1, NOW + 60));
    assert_eq!(aside.blake3, other.blake3);
    assert!(aside.why.contains("thẻ nhớ"), "{}", aside.why);
}

async fn of_two_contents_of_one_number_in_a_batch_the_first_is_stored(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    let batch = [
        bundle("b", 2, &[("2026-10-05", 1)]),
        bundle("a", 1, &[("2026-10-05", 2)]),
        bundle("b", 2, &[("2026-10-05", 4)]),
        bundle("a", 1, &[("2026-10-05", 8)]),
        bundle("b", 1, &[("2026-10-05", 16)]),
    ];
    let kept = store.keep(&batch).await.expect("an answer");
    // The answers stand in the order of the questions.
    assert!(
        matches!(
            kept[..],
            [
                Kept::Stored,
                Kept::Stored,
                Kept::Refused(_),
                Kept::Refused(_),
                Kept::Stored
            ]
        ),
        "{kept:?}"
    );
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 19)])));
}

async fn another_key_is_refused(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let forged = Received {
        public_key: "another key".to_owned(),
        ..bundle("a", 1, &[("2026-10-05", 7)])
    };
    let kept = store.keep(&[forged]).await.expect("an answer");
    assert!(
        matches!(&kept[..], [Kept::Refused(why)] if why.contains("Khoá")),
        "{kept:?}"
    );
    assert_eq!(sums(&store, None).await, []);
    assert_eq!(store.aside(None, 10).await.expect("an answer").len(), 1);
    let kiosk = store.kiosk("a").await.expect("an answer").expect("a kiosk");
    assert_eq!((kiosk.stored, kiosk.last_contact), (0, None));
    // The number is still free for the kiosk itself.
    store_all(&store, &[bundle("a", 1, &[("2026-10-05", 7)])]).await;
}

async fn what_makes_no_sense_is_refused_and_put_aside(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let senseless = Received {
        content: Err(Objection::ForGood("Số liệu bị lỗi".to_owned())),
        ..bundle("a", 1, &[])
    };
    let kept = store.keep(&[senseless, bundle("a", 2, &[("2026-10-05", 7)])]).await;
    assert_eq!(
        kept.expect("an answer"),
        [Kept::Refused("Số liệu bị lỗi".to_owned()), Kept::Stored]
    );
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 7)])));
    assert_eq!(store.aside(None, 10).await.expect("an answer")[0].why, "Số liệu bị lỗi");
}

async fn what_is_not_decided_waits_until_it_is(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let undecided = |sequence| Received {
        content: Err(Objection::ForNow("mới quá".to_owned())),
        ..bundle("a", sequence, &[("2026-10-05", 7)])
    };
    let batch: Vec<_> = (1..=3).map(undecided).collect();
    for _ in 0..2 {
        let kept = store.keep(&batch).await.expect("an answer");
        assert!(kept.iter().all(|kept| *kept == Kept::Undecided("mới quá".to_owned())));
    }
    let numbers = async || -> Vec<u64> {
        let waiting = store.waiting("a").await.expect("an answer");
        waiting.into_iter().map(|(sequence, _)| sequence).collect()
    };
    assert_eq!(numbers().await, [1, 2, 3]);
    assert_eq!(store.unknown().await.expect("an answer"), []);
    assert_eq!(sums(&store, None).await, []);
    // Good after all, senseless after all, and still undecided.
    store_all(&store, &[bundle("a", 1, &[("2026-10-05", 7)])]).await;
    let senseless = Received {
        content: Err(Objection::ForGood("lỗi".to_owned())),
        ..bundle("a", 2, &[])
    };
    store.keep(&[senseless]).await.expect("an answer");
    assert_eq!(numbers().await, [3]);
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 7)])));
    // There is no end of it for anybody: what finds no room stays where it is.
    let flood: Vec<_> = (4..=500).map(undecided).collect();
    let kept = store.keep(&flood).await.expect("an answer");
    assert!(kept.iter().all(|kept| matches!(kept, Kept::Undecided(_))));
    assert_eq!(numbers().await.len(), 400);
}

/// The reason quotes what the kiosk wrote, and PostgreSQL has no zero bytes in texts.
async fn a_reason_with_a_zero_byte_spoils_no_batch(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let senseless = Received {
        content: Err(Objection::ForGood("unknown field `a\0b`".to_owned())),
        ..bundle("a", 1, &[])
    };
    let kept = store
        .keep(&[senseless, bundle("a", 2, &[("2026-10-05", 7)])])
        .await
        .expect("an answer");
    assert!(matches!(kept[..], [Kept::Refused(_), Kept::Stored]), "{kept:?}");
    assert_eq!(
        store.aside(None, 10).await.expect("an answer")[0].why,
        "unknown field `a\u{fffd}b`"
    );
    // Nor do names that people type.
    store.accept("b", "key", "Xã\0Ví dụ", NOW).await.expect("accepted");
    store.expect("b\0", "Xã\0Ví dụ", NOW).await.expect("expected");
}

async fn only_a_hundred_refused_bundles_of_a_kiosk_are_kept(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    let senseless = |kiosk, sequence| Received {
        content: Err(Objection::ForGood("lỗi".to_owned())),
        ..bundle(kiosk, sequence, &[])
    };
    let flood: Vec<_> = (1..=120).map(|sequence| senseless("a", sequence)).collect();
    let kept = store.keep(&flood).await.expect("an answer");
    assert!(kept.iter().all(|kept| *kept == Kept::Refused("lỗi".to_owned())));
    store.keep(&[senseless("b", 1)]).await.expect("an answer");
    let aside = store.aside(None, 1_000).await.expect("an answer");
    assert_eq!(aside.iter().filter(|aside| aside.kiosk == "a").count(), 100);
    assert_eq!(aside.iter().filter(|aside| aside.kiosk == "b").count(), 1);
    assert_eq!(store.aside(None, 3).await.expect("an answer").len(), 3);
}

async fn what_is_stored_is_named_newest_first(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    let bundles = [3, 1, 2].map(|sequence| bundle("a", sequence, &[("2026-10-05", sequence)]));
    store_all(&store, &bundles).await;
    store_all(&store, &[bundle("b", 9, &[])]).await;
    let [third, first, second] = bundles.map(|bundle| (bundle.sequence, bundle.blake3));
    assert_eq!(
        store.stored("a", 10).await.expect("an answer"),
        [third.clone(), second.clone(), first]
    );
    assert_eq!(store.stored("a", 2).await.expect("an answer"), [third, second]);
}

async fn what_is_lacking_is_named_and_what_was_refused_is_not(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    let lacking = async |given| store.lacking("a", given).await.expect("an answer");
    assert_eq!(lacking(0).await, []);
    assert_eq!(lacking(3).await, [(1, 3)]);
    store_all(&store, &[2, 5, 6].map(|sequence| bundle("a", sequence, &[]))).await;
    store_all(&store, &[bundle("b", 1, &[])]).await;
    let refused = |sequence| Received {
        content: Err(Objection::ForGood("lỗi".to_owned())),
        ..bundle("a", sequence, &[])
    };
    store.keep(&[refused(3), refused(8)]).await.expect("an answer");
    assert_eq!(lacking(10).await, [(1, 1), (4, 4), (7, 7), (9, 10)]);
    assert_eq!(lacking(5).await, [(1, 1), (4, 4)]);
    // What was put aside because somebody had retired the kiosk is not decided.
    assert!(store.retire("a", NOW).await.expect("an answer"));
    store.keep(&[bundle("a", 9, &[])]).await.expect("an answer");
    store.accept("a", "key of a", "a", NOW).await.expect("accepted");
    assert_eq!(lacking(9).await, [(1, 1), (4, 4), (7, 7), (9, 9)]);
    // Whoever asks may say any number.
    assert_eq!(lacking(u64::MAX).await, [(u64::MAX - 3_999, u64::MAX)]);
}

async fn an_office_restored_from_a_copy_names_what_it_lost_and_counts_it_once(place: &Place) {
    let days = ["2026-09-05", "2026-10-05", "2026-10-06", "2026-11-05"];
    let bundles: Vec<Received> = (1..)
        .zip(days)
        .map(|(number, day)| bundle("a", number, &[(day, number)]))
        .collect();
    let store = place.open_for(&["a"]).await;
    store_all(&store, &bundles[..2]).await;
    drop(store);
    let night = place.copy().await;
    let store = place.open().await;
    store_all(&store, &bundles[2..]).await;
    let expected = sums(&store, None).await;
    drop(store);

    let restored = night.open().await;
    assert_eq!(restored.lacking("a", 4).await.expect("an answer"), [(3, 4)]);
    // They come by both carriers, with one that was never lost.
    store_all(&restored, &[&bundles[1..], &bundles[2..]].concat()).await;
    store_all(&restored, &bundles).await;
    assert_eq!(restored.lacking("a", 4).await.expect("an answer"), []);
    assert_eq!(sums(&restored, None).await, expected);
    assert_eq!(sums(&restored, Some("a")).await, expected);
}

/// Everything that a bundle may say is believed to be smaller, and still nothing may break.
async fn numbers_as_large_as_they_get_are_kept(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let mut largest = bundle("a", 1, &[("2026-10-05", u64::MAX)]);
    largest.sequence = u64::MAX;
    let statistics = largest.content.as_mut().expect("statistics");
    statistics.health.uptime_hours = u64::MAX;
    statistics.health.free_mb = Some(u64::MAX);
    store_all(&store, &[largest.clone(), bundle("a", 1, &[("2026-10-05", 1)])]).await;
    store_all(&store, &[largest]).await;
    let kiosk = store.kiosk("a").await.expect("an answer").expect("a kiosk");
    assert_eq!((kiosk.uptime_hours, kiosk.free_mb), (Some(i64::MAX), Some(i64::MAX)));
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", u64::MAX)])));
    assert_eq!(store.gaps("a").await.expect("an answer").len(), 1);
}

async fn an_empty_batch_and_an_empty_bundle_change_no_sum(place: &Place) {
    let store = place.open_for(&["a"]).await;
    assert_eq!(store.keep(&[]).await.expect("an answer"), []);
    store_all(&store, &[bundle("a", 1, &[])]).await;
    assert_eq!(sums(&store, None).await, []);
    assert_eq!(store.kiosk("a").await.expect("an answer").expect("a kiosk").stored, 1);
}

/// An accepted kiosk sends bundles of ever new cells, each within the bounds of one bundle. On the day it was found 26 of them took 918
/// MB of the office and made an honest kiosk wait for 14 s.
async fn one_kiosk_can_not_make_the_sums_grow_without_end(place: &Place) {
    let store = place.open_for(&["a", "honest"]).await;
    let many = |sequence: u64| {
        let mut table = Table::default();
        for number in 0..4_000 {
            let day = format!("2026-10-{:02}", 1 + number % 30).parse().expect("a day");
            table.add(day, &page(&format!("page-{sequence}-{number}")), 1);
        }
        bundle_of("a", sequence, table)
    };
    let mut stored = Vec::new();
    for batch in (1..=24).collect::<Vec<u64>>().chunks(8) {
        let bundles: Vec<Received> = batch.iter().copied().map(many).collect();
        let kept = store.keep(&bundles).await.expect("an answer");
        stored.extend(kept.into_iter().zip(&bundles).filter_map(|(kept, bundle)| {
            assert!(matches!(kept, Kept::Stored | Kept::Undecided(_)), "{kept:?}");
            (kept == Kept::Stored).then_some(bundle.sequence)
        }));
    }
    assert!((1..=12).contains(&stored.len()), "{stored:?}");
    let sum = store.counts(Some("a"), "2026-10", "2026-10").await.expect("sums");
    assert_eq!(
        sum.size(),
        4_000 * stored.len(),
        "what is stored is added up, and nothing else"
    );
    // What was stored stays so; what was not waits, and nothing of it is lost.
    let again = store.keep(&[many(stored[0])]).await.expect("an answer");
    assert_eq!(again, [Kept::Stored]);
    assert_eq!(store.waiting("a").await.expect("an answer").len(), 24 - stored.len());
    store_all(&store, &[bundle("honest", 1, &[("2026-10-05", 7)])]).await;
    assert_eq!(sums(&store, Some("honest")).await, flat(&table(&[("2026-10-05", 7)])));
    // Its other months are taken: one that went wrong stops no kiosk for ever.
    store_all(&store, &[bundle("a", 25, &[("2026-11-05", 7)])]).await;
}

/// A clock may say any year, and a kiosk may mean no good: each month is a row of sums. Whether its bundles come one by one or at once.
async fn one_kiosk_has_no_more_than_some_twenty_years(place: &Place) {
    let store = place.open_for(&["a", "b", "c"]).await;
    let fifty = |kiosk: &str, sequence: u64| {
        let mut table = Table::default();
        for month in 1..=50 {
            let span = format!("{:04}-{:02}", 1000 + 10 * sequence + month / 12, 1 + month % 12);
            table.add(span.parse().expect("a month"), &page("khai-sinh"), 1);
        }
        bundle_of(kiosk, sequence, table)
    };
    let stored = |kept: Vec<Kept>| kept.into_iter().filter(|kept| *kept == Kept::Stored).count();
    let mut one_by_one = 0;
    for sequence in 1..=12 {
        one_by_one += stored(store.keep(&[fifty("a", sequence)]).await.expect("an answer"));
    }
    assert_eq!(one_by_one, 5, "with the fifth it has 250 months");
    let at_once: Vec<Received> = (1..=12).map(|sequence| fifty("b", sequence)).collect();
    assert_eq!(stored(store.keep(&at_once).await.expect("an answer")), 5);
    // As many months as a bundle may have, more than are asked for by name.
    let thousand = |sequence: u64| {
        let mut table = Table::default();
        for month in 0..1_000 {
            let span = format!("{:04}-{:02}", 2000 + 100 * sequence + month / 12, 1 + month % 12);
            for number in 0..10 {
                table.add(span.parse().expect("a month"), &page(&format!("page-{number}")), 1);
            }
        }
        bundle_of("c", sequence, table)
    };
    let at_once: Vec<Received> = (1..=8).map(thousand).collect();
    assert_eq!(stored(store.keep(&at_once).await.expect("an answer")), 1);
}

/// Whoever decided need not decide each time the kiosk sends it again.
async fn days_ahead_wait_for_a_person_and_stay_decided(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let ahead = |sequence| Received {
        content: Err(Objection::Ahead("ngày chưa đến".to_owned())),
        ..bundle("a", sequence, &[("2027-10-05", 7)])
    };
    let newer = Received {
        content: Err(Objection::ForNow("mới quá".to_owned())),
        ..bundle("a", 3, &[])
    };
    let kept = store.keep(&[ahead(1), ahead(2), newer]).await.expect("an answer");
    assert!(kept.iter().all(|kept| matches!(kept, Kept::Undecided(_))), "{kept:?}");
    let undecided = store.undecided("a").await.expect("an answer");
    let shown: Vec<_> = undecided
        .iter()
        .map(|one| (one.sequence, one.why.as_deref(), one.ahead))
        .collect();
    let expected = [
        (1, "ngày chưa đến", true),
        (2, "ngày chưa đến", true),
        (3, "mới quá", false),
    ];
    assert_eq!(
        shown,
        expected.map(|(sequence, why, ahead)| (sequence, Some(why), ahead))
    );
    assert_eq!(store.ahead().await.expect("an answer").len(), 1);
    // A person takes the one, and not the other.
    let taken = Received {
        content: Ok(Statistics {
            table: table(&[("undated", 7)]),
            ..Statistics::default()
        }),
        ..ahead(1)
    };
    let refused = Received {
        content: Err(Objection::ForGood(REFUSED_BY_A_PERSON.to_owned())),
        ..ahead(2)
    };
    let decided = [Kept::Stored, Kept::Refused(REFUSED_BY_A_PERSON.to_owned())];
    assert_eq!(store.keep(&[taken, refused]).await.expect("an answer"), decided);
    assert_eq!(store.ahead().await.expect("an answer").len(), 0);
    assert_eq!(store.keep(&[ahead(1), ahead(2)]).await.expect("an answer"), decided);
    // The days come, or a second person decides otherwise: what was decided first holds.
    let come = bundle("a", 2, &[("2027-10-05", 7)]);
    let late = Received {
        content: Err(Objection::ForGood(REFUSED_BY_A_PERSON.to_owned())),
        ..ahead(1)
    };
    assert_eq!(store.keep(&[late, come]).await.expect("an answer"), decided);
    assert_eq!(sums(&store, None).await, flat(&table(&[("undated", 7)])));
    assert_eq!(store.undecided("a").await.expect("an answer").len(), 1);
}

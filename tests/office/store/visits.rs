//! How many visits each kiosk had: by whole months from a column, by cut months from the counts themselves.

use std::collections::BTreeMap;

use commune_kiosk::usage::signals::{Cell, Label, Signal};
use commune_kiosk::usage::statistics::{Span, Table};

use crate::store::place::{Place, bundle_of, store_all};

on_both! {
    visits_of_each_kiosk_in_months_years_and_parts_of_them,
    what_the_office_says_of_itself_is_kept,
}

fn visits(counts: &[(&str, u64)]) -> Table {
    let mut table = Table::default();
    let cell = Cell {
        signal: Signal::VisitStarted,
        subject: Label::NONE,
        value: Label::new("8"),
    };
    for (span, n) in counts {
        table.add(span.parse::<Span>().expect("a span"), &cell, *n);
    }
    table
}

async fn visits_of_each_kiosk_in_months_years_and_parts_of_them(place: &Place) {
    let store = place.open_for(&["a", "b", "c"]).await;
    let of_a = [
        ("2025-12-31", 10),
        ("2026-01-01", 20),
        ("2026-01-31", 30),
        ("2026-01", 5),
        ("2026-02-10", 40),
    ];
    let of_b = [("2026-02-01", 7), ("2026", 9), ("undated", 11)];
    store_all(
        &store,
        &[bundle_of("a", 1, visits(&of_a)), bundle_of("b", 1, visits(&of_b))],
    )
    .await;
    // Added to, not replaced.
    store_all(&store, &[bundle_of("a", 2, visits(&[("2026-02-11", 2)]))]).await;
    for (from, to, a, b) in [
        ("2026-01-01", "2026-01-31", 55, 0),
        ("2026-01-01", "2026-12-31", 97, 16),
        ("2025-12-31", "2026-02-10", 105, 7),
        ("2026-01-02", "2026-01-31", 30, 0),
        ("2026-02-10", "2026-02-10", 40, 0),
        ("2027-01-01", "2027-12-31", 0, 0),
    ] {
        let day = |text: &str| text.parse().expect("a day");
        let found: BTreeMap<String, u64> = store.visits(day(from), day(to)).await.expect("visits");
        let of = |kiosk: &str| found.get(kiosk).copied().unwrap_or(0);
        assert_eq!((of("a"), of("b"), of("c")), (a, b, 0), "{from} to {to}");
        assert!(!found.contains_key("*"), "the sum of all is no kiosk");
    }
}

async fn what_the_office_says_of_itself_is_kept(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.setting("issuer").await.expect("an answer"), None);
    store.set("issuer", "UBND xã").await.expect("said");
    store.set("issuer", "UBND xã Lê Lợi").await.expect("said");
    assert_eq!(
        store.setting("issuer").await.expect("an answer").as_deref(),
        Some("UBND xã Lê Lợi")
    );
}

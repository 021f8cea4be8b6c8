//! How many visits each kiosk had: by whole months from a column, by cut months from that of their days; in fives, as its own report says.

use std::collections::BTreeMap;

use commune_kiosk::office::report::Period;
use commune_kiosk::office::reporting;
use commune_kiosk::usage::signals::{Cell, Label, Signal};
use commune_kiosk::usage::statistics::{Span, Table};

use crate::store::place::{Place, bundle_of, store_all};

on_both! {
    a_list_says_of_a_kiosk_what_its_report_says,
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
    let of_b = [("2026-02-01", 10), ("2026", 15), ("undated", 20)];
    store_all(
        &store,
        &[bundle_of("a", 1, visits(&of_a)), bundle_of("b", 1, visits(&of_b))],
    )
    .await;
    // Added to, not replaced.
    store_all(&store, &[bundle_of("a", 2, visits(&[("2026-02-11", 5)]))]).await;
    for (from, to, a, b) in [
        ("2026-01-01", "2026-01-31", 55, 0),
        ("2026-01-01", "2026-12-31", 100, 25),
        ("2025-12-31", "2026-02-10", 105, 10),
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

/// Also where the days are no fives, and whichever days are asked for.
async fn a_list_says_of_a_kiosk_what_its_report_says(place: &Place) {
    let store = place.open_for(&["a"]).await;
    let of_a = [
        ("2025-12-30", 6),
        ("2026-01-01", 8),
        ("2026-01-02", 7),
        ("2026-01-31", 11),
        ("2026-01", 3),
        ("2026-02-10", 6),
        ("2026-02-28", 9),
        ("2026", 4),
    ];
    store_all(&store, &[bundle_of("a", 1, visits(&of_a))]).await;
    for (from, to) in [
        ("2026-01-01", "2026-01-31"),
        ("2026-01-02", "2026-01-31"),
        ("2026-01-01", "2026-01-30"),
        ("2025-12-15", "2026-01-14"),
        ("2026-01-02", "2026-02-10"),
        ("2026-02-10", "2026-02-28"),
        ("2026-01-01", "2026-12-31"),
        ("2025-12-31", "2027-01-01"),
    ] {
        let (from, to) = (from.parse().expect("a day"), to.parse().expect("a day"));
        let period = Period::spanning(from, to).expect("a period");
        let figures = reporting::figures(&store, period, Some("a")).await.expect("figures");
        // It is the only one: the first page shows the same, rounded once.
        let of_all = reporting::figures(&store, period, None).await.expect("figures");
        assert_eq!(of_all, figures, "{from} to {to}");
        let listed = store.visits(from, to).await.expect("visits");
        let listed = listed.get("a").copied().unwrap_or(0);
        assert_eq!(listed, figures.visits.total, "{from} to {to}");
        assert!(listed.is_multiple_of(5), "{listed}");
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

//! Which kiosks a report speaks of, and what it says is lacking of them.

use commune_kiosk::office::report::{Period, Report};
use commune_kiosk::office::reporting;
use commune_kiosk::office::store::{Received, Seconds, Store};
use commune_kiosk::office::titles::Titles;

use crate::store::place::{Place, bundle, key_of, store_all};

on_both! {
    a_report_speaks_of_the_kiosks_of_its_time,
}

/// Noon of a day, in seconds since 1970.
fn noon(day: &str) -> Seconds {
    format!("{day}T12:00:00Z")
        .parse::<chrono::DateTime<chrono::Utc>>()
        .expect("a time")
        .timestamp()
}

async fn report(store: &Store, month: u32) -> Report {
    let period = Period::month(2026, month).expect("a month");
    let made = "2027-01-05".parse().expect("a day");
    let report = reporting::report(store, &Titles::default(), period, None, made).await;
    report.expect("an answer").expect("a report")
}

fn says(report: &Report, words: &str) -> bool {
    report.html().into_string().contains(words)
}

async fn a_report_speaks_of_the_kiosks_of_its_time(place: &Place) {
    let store = place.open().await;
    for (kiosk, since) in [("cũ", "2026-01-01"), ("mới", "2026-11-05"), ("không giờ", "2026-01-01")] {
        store
            .accept(kiosk, &key_of(kiosk), kiosk, noon(since))
            .await
            .expect("accepted");
    }
    let arrived = |kiosk, day, made: &str, counts| Received {
        at: noon(day),
        made: made.to_owned(),
        ..bundle(kiosk, 1, counts)
    };
    store_all(
        &store,
        &[
            arrived("cũ", "2026-10-01", "2026-10-01", &[("2026-09-10", 7)]),
            arrived("mới", "2026-12-01", "2026-12-01", &[("2026-11-10", 7)]),
            // It has no clock, and sent all the same.
            arrived("không giờ", "2026-12-02", "", &[("undated", 40)]),
        ],
    )
    .await;
    // Its card was replaced, which makes a new kiosk of it.
    assert!(store.retire("cũ", noon("2026-10-20")).await.expect("an answer"));

    let september = report(&store, 9).await;
    assert!(says(&september, "Phạm vi: 2 máy"), "one did not exist yet");
    assert!(!says(&september, "Máy mới") && !says(&september, "đã ngừng"));
    let october = report(&store, 10).await;
    assert!(says(&october, "Phạm vi: 2 máy"));
    assert!(says(&october, "Máy cũ đã ngừng sử dụng từ ngày 20/10/2026."));
    assert!(!says(&october, "gửi số liệu lần cuối vào ngày"));
    let november = report(&store, 11).await;
    assert!(says(&november, "Phạm vi: 2 máy"));
    assert!(!says(&november, "Máy cũ") && says(&november, "Máy mới"));
    for report in [&september, &october, &november] {
        assert!(!says(report, "chưa gửi số liệu lần nào"));
    }
    let december = report(&store, 12).await;
    assert!(says(&december, "Máy không giờ gửi số liệu lần cuối vào ngày 2/12/2026"));
}

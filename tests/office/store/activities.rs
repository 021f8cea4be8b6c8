//! What was done for the plan is written down once, found by its days, and removed when it was a mistake.

use commune_kiosk::office::plan::{Activity, Goals, Row};
use commune_kiosk::office::reporting;
use commune_kiosk::office::store::{MOST_A_YEAR, Note, Store};

use crate::store::place::{NOW, Place};

on_both! {
    a_form_that_comes_twice_is_written_down_once,
    what_was_done_is_found_by_its_days_the_newest_first,
    a_year_holds_only_so_many,
    each_year_keeps_what_was_planned_for_it,
    contests_that_were_written_down_as_meetings_become_contests,
}

fn class(id: &str, day: &str) -> Activity {
    Activity {
        id: id.to_owned(),
        row: Row::Residents,
        day: day.parse().expect("a day"),
        subject: "lop-phu-nu-90-phut".to_owned(),
        title: "Lớp kỹ năng số cho phụ nữ".to_owned(),
        times: 1,
        people: 75,
        by: "lan".to_owned(),
        at: NOW,
    }
}

async fn note(store: &Store, activity: &Activity) -> Note {
    store.note_activity(activity).await.expect("an answer")
}

async fn found(store: &Store, from: &str, to: &str) -> Vec<Activity> {
    let day = |text: &str| text.parse().expect("a day");
    store.activities(day(from), day(to)).await.expect("activities")
}

async fn a_form_that_comes_twice_is_written_down_once(place: &Place) {
    let store = place.open().await;
    let first = class("a", "2026-10-05");
    assert_eq!(note(&store, &first).await, Note::New);
    let again = Activity {
        at: NOW + 2,
        ..first.clone()
    };
    assert_eq!(note(&store, &again).await, Note::Known);
    let other = Activity { people: 80, ..again };
    assert_eq!(note(&store, &other).await, Note::Other);
    assert_eq!(found(&store, "2026-01-01", "2026-12-31").await, [first]);
}

async fn what_was_done_is_found_by_its_days_the_newest_first(place: &Place) {
    let store = place.open().await;
    let days = [
        ("a", "2026-09-30"),
        ("b", "2026-10-01"),
        ("c", "2026-10-31"),
        ("d", "2026-11-01"),
    ];
    for (id, day) in days {
        assert_eq!(note(&store, &class(id, day)).await, Note::New);
    }
    let october = found(&store, "2026-10-01", "2026-10-31").await;
    assert_eq!(october, [class("c", "2026-10-31"), class("b", "2026-10-01")]);
    let days = async |after, most| {
        let listed = store.newest_activities(after, most).await.expect("activities");
        listed.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    assert_eq!(
        (days(0, 2).await, days(2, 2).await),
        (vec!["d".into(), "c".into()], vec!["b".into(), "a".into()])
    );
    let removed = store.remove_activity("c").await.expect("an answer");
    assert_eq!(removed, Some(class("c", "2026-10-31")));
    assert_eq!(store.remove_activity("c").await.expect("an answer"), None);
    assert_eq!(found(&store, "2026-10-01", "2026-10-31").await.len(), 1);
}

async fn a_year_holds_only_so_many(place: &Place) {
    let store = place.open().await;
    let many = format!(
        "INSERT INTO activities (activity_id, plan_row, day, subject, title, times, people, by_whom, noted_at)
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MOST_A_YEAR})
         SELECT 'n' || n, '2.4', '2026-05-05', '', 'Bài đăng', 1, 0, 'lan', 0 FROM numbers"
    );
    place.meddle(&many).await;
    assert_eq!(note(&store, &class("a", "2026-10-05")).await, Note::TooMany);
    assert_eq!(note(&store, &class("b", "2027-01-01")).await, Note::New);
}

async fn each_year_keeps_what_was_planned_for_it(place: &Place) {
    let store = place.open().await;
    // As it was kept before years had their own.
    store.set("plan", r#"{"2.4":52}"#).await.expect("said");
    let planned = async |year| {
        let plans = reporting::plans(&store).await.expect("plans");
        plans.of(year).in_year(Row::Social)
    };
    assert_eq!((planned(2025).await, planned(2026).await), (52, 52));
    let mut goals = Goals::default();
    goals.set(Row::Social, 12);
    reporting::set_goals(&store, 2026, &goals).await.expect("said");
    assert_eq!(
        (planned(2025).await, planned(2026).await, planned(2027).await),
        (52, 12, 12)
    );
}

/// Until version 11 of the schema meetings and contests stood under one number.
async fn contests_that_were_written_down_as_meetings_become_contests(place: &Place) {
    let store = place.open().await;
    let of = |id: &str, row, title: &str| Activity {
        row,
        title: title.to_owned(),
        ..class(id, "2026-10-05")
    };
    for (id, title) in [
        ("a", "Cuộc thi tìm hiểu chuyển đổi số"),
        ("b", "Chung kết cuộc thi của thanh niên"),
        ("c", "Hội nghị hỏi đáp"),
    ] {
        assert_eq!(note(&store, &of(id, Row::Questions, title)).await, Note::New);
    }
    let other = of("d", Row::Social, "Cuộc thi tìm hiểu chuyển đổi số");
    assert_eq!(note(&store, &other).await, Note::New);
    drop(store);
    place.meddle("UPDATE schema_version SET version = 11").await;
    let found = found(&place.open().await, "2026-01-01", "2026-12-31").await;
    let mut rows: Vec<(String, Row)> = found.into_iter().map(|it| (it.id, it.row)).collect();
    rows.sort();
    let expected = [
        ("a", Row::Contest),
        ("b", Row::Contest),
        ("c", Row::Questions),
        ("d", Row::Social),
    ];
    assert_eq!(rows, expected.map(|(id, row)| (id.to_owned(), row)));
}

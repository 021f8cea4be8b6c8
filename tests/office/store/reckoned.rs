//! The sums can be reckoned again from the bundles: what is wrong is found, and put right.

use std::sync::Arc;

use commune_kiosk::office::store::{Fault, Received};

use crate::store::place::{Place, bundle, flat, read, store_all, sums, table, verify};

on_both! {
    sums_that_are_right_are_found_right_and_left_alone,
    sums_that_are_wrong_are_named_and_made_right,
    a_row_that_cannot_be_read_is_named_and_made_anew,
    a_bundle_that_cannot_be_read_leaves_the_sums_of_its_kiosk_alone,
    days_that_were_taken_as_undated_are_reckoned_so,
    bundles_come_in_while_the_sums_are_made_anew,
}

fn some() -> [Received; 3] {
    [
        bundle("a", 1, &[("2026-10-05", 7), ("2026-11", 3), ("undated", 1)]),
        bundle("a", 2, &[("2026-11-01", 4), ("2025", 2)]),
        bundle("b", 1, &[("2026-10-05", 5)]),
    ]
}

fn all() -> Vec<(String, u64)> {
    flat(&table(&[
        ("2026-10-05", 12),
        ("2026-11", 3),
        ("2026-11-01", 4),
        ("2025", 2),
        ("undated", 1),
    ]))
}

async fn sums_that_are_right_are_found_right_and_left_alone(place: &Place) {
    let store = place.open_for(&["a", "b", "c"]).await;
    verify(&store).await;
    store_all(&store, &some()).await;
    verify(&store).await;
    let rebuilt = store.rebuild(read).await.expect("an answer");
    assert_eq!((rebuilt.rows, rebuilt.faults), (0, vec![]));
    assert_eq!(sums(&store, None).await, all());
}

async fn sums_that_are_wrong_are_named_and_made_right(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    store_all(&store, &some()).await;
    // Those of kiosk b are gone, and somebody else's stand in the place of one of a.
    place.meddle("DELETE FROM figures WHERE kiosk_id = 'b'").await;
    let other = "(SELECT counts FROM figures WHERE kiosk_id = 'a' AND month = 'undated')";
    place
        .meddle(&format!(
            "UPDATE figures SET counts = {other} WHERE kiosk_id = 'a' AND month = '2025'"
        ))
        .await;
    place
        .meddle("UPDATE figures SET visits = 9 WHERE kiosk_id = '*' AND month = '2026-11'")
        .await;
    place
        .meddle("UPDATE figures SET visits_by_day = '9' WHERE kiosk_id = '*' AND month = '2026-10'")
        .await;
    let faults = store.verify(read).await.expect("an answer");
    let lines: Vec<String> = faults
        .iter()
        .map(|fault| match fault {
            Fault::Count(kiosk, one) => format!("{kiosk} {} {} {}", one.span, one.mine, one.other),
            Fault::Visits { kiosk, month } => format!("{kiosk} {month} visits"),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        lines,
        [
            "a undated 1 0",
            "a 2025 0 2",
            "b 2026-10-05 0 5",
            "* 2026-10 visits",
            "* 2026-11 visits"
        ]
    );

    let rebuilt = store.rebuild(read).await.expect("an answer");
    assert_eq!((rebuilt.rows, rebuilt.faults), (4, vec![]));
    verify(&store).await;
    assert_eq!(sums(&store, None).await, all());
    assert_eq!(sums(&store, Some("b")).await, flat(&table(&[("2026-10-05", 5)])));
}

async fn a_row_that_cannot_be_read_is_named_and_made_anew(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    store_all(&store, &some()).await;
    for kiosk in ["*", "a"] {
        let nonsense = if place.is_postgres() { "'\\x00'" } else { "x'00'" };
        place
            .meddle(&format!(
                "UPDATE figures SET counts = {nonsense} WHERE kiosk_id = '{kiosk}' AND month = '2026-10'"
            ))
            .await;
    }
    let next = bundle("b", 2, &[("2026-10-06", 2)]);
    store
        .keep(std::slice::from_ref(&next))
        .await
        .expect_err("there is no adding to it");
    let faults = store.verify(read).await.expect("an answer");
    let damaged = ["a", "*"].map(|kiosk| Fault::Damaged {
        kiosk: kiosk.to_owned(),
        month: "2026-10".to_owned(),
    });
    assert_eq!(faults, damaged);
    assert_eq!(store.rebuild(read).await.expect("an answer").rows, 2);
    verify(&store).await;
    assert_eq!(sums(&store, None).await, all());
    store_all(&store, &[next]).await;
    verify(&store).await;
}

async fn a_bundle_that_cannot_be_read_leaves_the_sums_of_its_kiosk_alone(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    let spoilt = Received {
        bundle: b"not what it was".as_slice().into(),
        ..bundle("a", 3, &[("2026-10-05", 100)])
    };
    store_all(&store, &some()).await;
    store_all(&store, &[spoilt]).await;
    place.meddle("DELETE FROM figures WHERE kiosk_id = 'b'").await;
    let rebuilt = store.rebuild(read).await.expect("an answer");
    let [Fault::Unreadable { kiosk, sequence: 3, .. }] = &rebuilt.faults[..] else {
        panic!("{:?}", rebuilt.faults)
    };
    assert_eq!((kiosk.as_str(), rebuilt.rows), ("a", 1));
    let counted: u64 = sums(&store, None).await.iter().map(|(_, n)| n).sum();
    assert_eq!(counted, 122, "what it had counted stays, until a person takes it out");
    assert_eq!(store.verify(read).await.expect("an answer").len(), 1);
}

async fn days_that_were_taken_as_undated_are_reckoned_so(place: &Place) {
    let store = place.open_for(&["a"]).await;
    // The test's moment is the 21st of September; a person said so of the whole of number 1, and of number 2 an older program did.
    let whole = bundle("a", 1, &[("2026-10-05", 7), ("2026-09-22", 1), ("2027", 2)]);
    let statistics = whole.content.clone().expect("statistics");
    let taken = commune_kiosk::usage::statistics::Statistics {
        table: statistics.table.undated_after("2026-09-30".parse().expect("a day")),
        ..statistics
    };
    let decided = Received {
        content: Ok(taken.clone()),
        undated_after: "2026-09-30".parse().ok(),
        ..whole
    };
    // Its office had seen October already, so nothing of this is undated.
    let seen = bundle("a", 2, &[("2026-10-05", 1)]);
    store_all(&store, &[decided, seen]).await;
    let expected = flat(&table(&[("undated", 9), ("2026-09-22", 1), ("2026-10-05", 1)]));
    assert_eq!(sums(&store, None).await, expected);
    verify(&store).await;

    place
        .meddle("UPDATE bundles SET undated_after = NULL WHERE sequence = 1")
        .await;
    verify(&store).await;
    place.meddle("DELETE FROM figures").await;
    store.rebuild(read).await.expect("an answer");
    assert_eq!(sums(&store, None).await, expected);
}

async fn bundles_come_in_while_the_sums_are_made_anew(place: &Place) {
    let programs = [
        Arc::new(place.open_for(&["a", "b"]).await),
        Arc::new(place.open().await),
    ];
    let others = programs[0].clone();
    let sending = tokio::spawn(async move {
        for n in 1..=30 {
            let both = ["a", "b"].map(|kiosk| bundle(kiosk, n, &[("2026-10-05", n), ("2026-11", 1)]));
            store_all(&others, &both).await;
        }
    });
    for _ in 0..10 {
        // Also where something was wrong.
        place
            .meddle("UPDATE figures SET visits = visits + 1 WHERE kiosk_id = 'a' AND month = '2026-11'")
            .await;
        let rebuilt = programs[1].rebuild(read).await.expect("an answer");
        assert_eq!(rebuilt.faults, []);
        assert!(programs[1].verify(read).await.is_ok());
    }
    sending.await.expect("no panic");
    programs[1].rebuild(read).await.expect("an answer");
    verify(&programs[0]).await;
    let of_all: u64 = (1..=30).sum();
    let expected = flat(&table(&[("2026-10-05", 2 * of_all), ("2026-11", 60)]));
    assert_eq!(sums(&programs[0], None).await, expected);
}

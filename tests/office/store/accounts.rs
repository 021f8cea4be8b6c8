//! Accounts: sessions begin with the right password, and end.

use commune_kiosk::office::store::{Deed, Role, SignIn, Store};

use crate::store::place::{NOW, Place};

on_both! {
    whoever_changes_a_password_makes_no_account,
    an_account_is_for_what_was_said_last,
    what_people_did_is_told_newest_first_and_the_oldest_of_very_many_is_forgotten,
    a_session_is_good_until_it_expires_or_is_left,
    another_password_ends_the_sessions_of_that_account,
    a_removed_account_has_no_session_left_nor_gets_one,
    everything_at_once_about_one_account_comes_to_an_end,
}

async fn sign_in(store: &Store, account: &str, token: &str) {
    let session = SignIn {
        token: token.to_owned(),
        account: account.to_owned(),
        expires_at: NOW + 3_600,
    };
    store.sign_in(&session, NOW).await.expect("signed in");
}

async fn who(store: &Store, token: &str, now: i64) -> Option<String> {
    let who = store.signed_in(token, now).await.expect("an answer");
    who.map(|(account, _)| account)
}

async fn a_session_is_good_until_it_expires_or_is_left(place: &Place) {
    let store = place.open().await;
    store.set_password("hoa", "hash", None).await.expect("an account");
    sign_in(&store, "hoa", "one").await;
    sign_in(&store, "hoa", "two").await;
    assert_eq!(who(&store, "one", NOW + 3_600).await.as_deref(), Some("hoa"));
    assert_eq!(who(&store, "one", NOW + 3_601).await, None);
    assert_eq!(who(&store, "three", NOW).await, None);
    // A server that starts knows who is signed in.
    for (now, all) in [(NOW, 2), (NOW + 3_600, 2), (NOW + 3_601, 0)] {
        assert_eq!(store.sessions(now).await.expect("an answer").len(), all);
    }
    store.sign_out("one").await.expect("signed out");
    assert_eq!(who(&store, "one", NOW).await, None);
    assert_eq!(who(&store, "two", NOW).await.as_deref(), Some("hoa"));
}

async fn an_account_is_for_what_was_said_last(place: &Place) {
    let store = place.open().await;
    store
        .set_password("hoa", "hash", Some(Role::Reads))
        .await
        .expect("an account");
    sign_in(&store, "hoa", "one").await;
    let role = async |token: &str| {
        store
            .signed_in(token, NOW)
            .await
            .expect("an answer")
            .map(|(_, role)| role)
    };
    assert_eq!(role("one").await, Some(Role::Reads));
    store.set_password("hoa", "another", None).await.expect("changed");
    sign_in(&store, "hoa", "two").await;
    assert_eq!(role("two").await, Some(Role::Reads));
    store
        .set_password("hoa", "another", Some(Role::Runs))
        .await
        .expect("changed");
    sign_in(&store, "hoa", "three").await;
    assert_eq!(role("three").await, Some(Role::Runs));
    // A newer program knows a role more.
    place.meddle("UPDATE accounts SET role = 'reigns'").await;
    assert_eq!(role("three").await, Some(Role::Reads));
    store.set_password("lan", "hash", None).await.expect("an account");
    let lan = store.account("lan").await.expect("an answer").expect("an account");
    assert_eq!(lan.role, Role::Administers);
}

async fn what_people_did_is_told_newest_first_and_the_oldest_of_very_many_is_forgotten(place: &Place) {
    let store = place.open().await;
    let deed = |at: i64| Deed {
        at,
        by: "hoa".to_owned(),
        what: "Duyệt máy".to_owned(),
        about: format!("kiosk-{at}"),
    };
    for at in [3, 1, 2, 2] {
        store.note_deed(&deed(at)).await.expect("noted");
    }
    assert_eq!(store.deeds(0, 2).await.expect("deeds"), [deed(3), deed(2)]);
    assert_eq!(store.deeds(2, 2).await.expect("deeds"), [deed(1)]);
    let many = if place.is_postgres() {
        "INSERT INTO deeds SELECT n, 'lan', 'Tải báo cáo', '' FROM generate_series(10, 2009) AS n"
    } else {
        "WITH RECURSIVE some(n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM some WHERE n < 2009)
            INSERT INTO deeds SELECT n, 'lan', 'Tải báo cáo', '' FROM some"
    };
    place.meddle(many).await;
    let one_more = Deed {
        what: "Tải báo cáo".to_owned(),
        ..deed(20_000)
    };
    store.note_deed(&one_more).await.expect("noted");
    let left = store.deeds(0, 20_000).await.expect("deeds");
    let (of_kind, others) = left.split_at(2_000);
    assert_eq!((of_kind[0].at, of_kind[1_999].at), (20_000, 11));
    assert_eq!(
        others,
        [deed(3), deed(2), deed(1)],
        "whoever reads a thousand reports has nothing else forgotten"
    );
}

async fn whoever_changes_a_password_makes_no_account(place: &Place) {
    let store = place.open().await;
    store
        .set_password("hoa", "hash", Some(Role::Reads))
        .await
        .expect("an account");
    sign_in(&store, "hoa", "one").await;
    assert!(store.change_password("hoa", "another").await.expect("an answer"));
    assert_eq!(who(&store, "one", NOW).await, None);
    let hoa = store.account("hoa").await.expect("an answer").expect("an account");
    assert_eq!((hoa.password.as_str(), hoa.role), ("another", Role::Reads));
    // Somebody has removed the account meanwhile.
    store.remove_account("hoa").await.expect("removed");
    assert!(!store.change_password("hoa", "a third").await.expect("an answer"));
    assert_eq!(store.account("hoa").await.expect("an answer"), None);
}

async fn another_password_ends_the_sessions_of_that_account(place: &Place) {
    let store = place.open().await;
    for account in ["hoa", "lan"] {
        store.set_password(account, "hash", None).await.expect("an account");
        sign_in(&store, account, account).await;
    }
    store.set_password("hoa", "another hash", None).await.expect("changed");
    assert_eq!(who(&store, "hoa", NOW).await, None);
    assert_eq!(who(&store, "lan", NOW).await.as_deref(), Some("lan"));
    let hoa = store.account("hoa").await.expect("an answer").expect("an account");
    assert_eq!(hoa.password, "another hash");
}

async fn a_removed_account_has_no_session_left_nor_gets_one(place: &Place) {
    let store = place.open().await;
    store.set_password("hoa", "hash", None).await.expect("an account");
    sign_in(&store, "hoa", "before").await;
    store.remove_account("hoa").await.expect("removed");
    // The password was found right a moment before.
    sign_in(&store, "hoa", "after").await;
    assert_eq!(who(&store, "before", NOW).await, None);
    assert_eq!(who(&store, "after", NOW).await, None);
    assert_eq!(store.accounts().await.expect("an answer"), []);
}

async fn everything_at_once_about_one_account_comes_to_an_end(place: &Place) {
    let store = place.open().await;
    store.set_password("hoa", "hash", None).await.expect("an account");
    let round = async |n: usize| {
        let late = NOW + 4_000 * i64::try_from(n).expect("a small number");
        let session = SignIn {
            token: format!("token {n}"),
            account: "hoa".to_owned(),
            expires_at: late + 10,
        };
        store.sign_in(&session, late).await.expect("signed in");
        if n.is_multiple_of(3) {
            store.remove_account("hoa").await.expect("removed");
        }
        store.set_password("hoa", "hash", None).await.expect("changed");
    };
    futures_util::future::join_all((0..40).map(round)).await;
    assert_eq!(store.accounts().await.expect("an answer").len(), 1);
}
